"""What each kind of activity comes to. Everything else is let pass in silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import uniform
from typing import Any, Protocol

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext

from bot.channels.teams import activities, outgoing
from bot.channels.teams.adapter import TeamsAdapter, raw
from bot.channels.teams.callers import Callers, Patience
from bot.channels.teams.errors import ConnectorError
from bot.channels.teams.sender import TeamsSender
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.ids import MessageId
from bot.core.reply import Event, Incoming, Place, Reply, Say, Sender
from bot.core.turn import Known, Turned

log = logging.getLogger(__name__)

TYPING_AFTER = 1.0
"""Seconds after which the sender sees that an answer is under way."""
NOT_STORED = MessageId(0)


class Bot(Protocol):
    """What answers: handed in by `app`."""

    async def known(self, sender: Sender) -> Known: ...

    async def on_turn(self, incoming: Incoming) -> Turned: ...

    async def send(self, turned: Turned, channel: Out) -> None:
        """Say what is ours to say now; raises nothing: what does not arrive is tried again."""
        ...


@dataclass(frozen=True)
class _BesideResponse:
    """The way out while a press is answered: the response itself bears what takes the card's place.

    So it is only sent where we know which card that is.
    """

    channel: Out

    async def deliver(self, message: Message) -> str:
        apart = message.reply.personal and not message.place.personal
        if message.reply.replaces and not message.changes and not apart:
            return ""
        return await self.channel.deliver(message)


class Handler(ActivityHandler):  # type: ignore[misc] # botbuilder ships no types
    """Turns activities into turns of the bot, and its replies into activities."""

    def __init__(
        self, adapter: TeamsAdapter, sender: TeamsSender, bot: Bot, patience: Patience
    ) -> None:
        super().__init__()
        self.adapter, self.sender, self.bot, self.texts = adapter, sender, bot, sender.texts
        self.callers = Callers(adapter.connector, bot, patience)
        self._beside: set[asyncio.Task[None]] = set()
        self._underway: dict[str, asyncio.Lock] = {}

    async def on_message_activity(self, context: TurnContext) -> None:
        await self._converse(context)

    async def on_message_update_activity(self, context: TurnContext) -> None:
        """Answer an edited message anew; Teams also sends updates that are no edits."""
        if activities.text_at(raw(context), "channelData", "eventType") == "editMessage":
            await self._converse(context)

    async def on_members_added_activity(self, members: object, context: TurnContext) -> None:
        """Learn where who came can be reached; the installation is what says hello to them."""
        del members
        came = raw(context)
        for account in activities.added(came) if activities.is_personal(came) else ():
            await self._noticed({**came, "from": account}, Event.ADDED)

    async def on_installation_update_add(self, context: TurnContext) -> None:
        """Welcome who installs; a new package (`add-upgrade`) is no reason to say hello again."""
        if raw(context).get("action") == "add":
            await self._noticed(raw(context), Event.INSTALLED)

    async def on_installation_update_remove(self, context: TurnContext) -> None:
        """Remember that the sender is reached no more; nothing can be said to them."""
        came = raw(context)
        sender = activities.sender_of(came, {})
        if came.get("action") == "remove" and await self.bot.known(sender) is not Known.NOT:
            await self.bot.on_turn(activities.incoming_of(came, sender, Event.REMOVED))

    async def on_invoke_activity(self, context: TurnContext) -> InvokeResponse:
        """Answer a pressed button in the response itself: Teams puts the card in its place.

        The card itself is changed as well: the response shows to who pressed, and only until they
        look again.
        """
        came = raw(context)
        if came.get("name") != "adaptiveCard/action":
            # A null body would show 'unable to reach app'.
            return InvokeResponse(status=200, body={})
        incoming = activities.incoming_of(came, activities.sender_of(came, {}))
        async with self._one_at_a_time(incoming):
            turned = await self._turned(came)
            await self.bot.send(turned, _BesideResponse(self.sender))
        first = turned.replies[0]
        apart = first.personal and not incoming.personal
        shown = first if first.replaces and not apart else None
        said = Say("note.group_sent" if apart else "note.pressed")
        return InvokeResponse(status=200, body=outgoing.invoke_of(self.texts, first, shown, said))

    async def _converse(self, context: TurnContext) -> None:
        came = raw(context)
        incoming = activities.incoming_of(came, activities.sender_of(came, {}))
        async with self._one_at_a_time(incoming):
            async with self._typing(incoming.where):
                turned = await self._turned(came)
            await self.bot.send(turned, self.sender)

    async def _turned(self, came: Mapping[str, Any]) -> Turned:
        """Answer a message; a stranger of whom we cannot know now who it is hears so, and later."""
        if sender := await self.callers.sender(came):
            return await self.bot.on_turn(activities.incoming_of(came, sender))
        self._start(self._later(came, Event.MESSAGE))
        sorry = Reply("error", (Say("error.who"),))
        return Turned((Message(NOT_STORED, activities.place_of(came), sorry),))

    async def _noticed(self, came: Mapping[str, Any], event: Event) -> None:
        """Let in who came without a word; who cannot be looked up now, later.

        The app comes to a whole college at once, which is when Teams lets us look up but a few.
        """
        if not await self._let_in(came, event):
            self._start(self._later(came, event))

    async def _later(self, came: Mapping[str, Any], event: Event) -> None:
        for seconds in self.callers.patience.again:
            # Not all of them at once again.
            await asyncio.sleep(seconds * uniform(0.5, 1.5))  # noqa: S311 (no secret hangs on it)
            if await self._let_in(came, event):
                return
        log.warning("a sender could not be looked up for long: what came is left")

    async def _let_in(self, came: Mapping[str, Any], event: Event) -> bool:
        sender = await self.callers.sender(came)
        if sender is not None:
            incoming = activities.incoming_of(came, sender, event)
            async with self._one_at_a_time(incoming):
                await self.bot.send(await self.bot.on_turn(incoming), self.sender)
        return sender is not None

    @asynccontextmanager
    async def _one_at_a_time(self, incoming: Incoming) -> AsyncIterator[None]:
        """Let a message that is redelivered wait for its first delivery to be done."""
        lock = self._underway.setdefault(incoming.message_id, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked():
                self._underway.pop(incoming.message_id, None)

    @asynccontextmanager
    async def _typing(self, place: Place) -> AsyncIterator[None]:
        """Show that an answer is under way, if it takes longer."""
        loop = asyncio.get_running_loop()
        later = loop.call_later(TYPING_AFTER, lambda: self._show_typing(place))
        try:
            yield
        finally:
            later.cancel()

    def _show_typing(self, place: Place) -> None:
        async def show() -> None:
            with suppress(ConnectorError):
                await self.sender.typing(place)

        self._start(show())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
