"""What each kind of activity comes to. Everything else is let pass in silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext

from bot.channels.teams import activities, outgoing
from bot.channels.teams.adapter import UNHEARD, raw
from bot.channels.teams.callers import Callers
from bot.channels.teams.errors import ConnectorError
from bot.channels.teams.sender import TeamsSender
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.reply import Event, Incoming, Place, Reply, Say, Sender
from bot.core.turn import Known, Turned

log = logging.getLogger(__name__)

TYPING_AFTER = 1.0
"""Seconds after which the sender sees that an answer is under way."""


class Bot(Protocol):
    """What answers: handed in by `app`."""

    async def known(self, sender: Sender) -> Known: ...

    async def on_turn(self, incoming: Incoming) -> Turned: ...

    async def wait(self, incoming: Incoming) -> Turned:
        """Keep what somebody says of whom nobody can say now who it is; raises nothing."""
        ...

    async def meet(self, sender: Sender, channel: Out) -> bool:
        """Answer what they said before it was known who they are; raises nothing."""
        ...

    async def leave(self, incoming: Incoming) -> None:
        """Forget what somebody said there and waits; raises nothing."""
        ...

    async def send(self, turned: Turned, channel: Out) -> bool:
        """Say what is ours to say now; raises nothing: what does not arrive is tried again.

        False when it is not, as nothing of it could be stored.
        """
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

    def __init__(self, sender: TeamsSender, bot: Bot, callers: Callers) -> None:
        super().__init__()
        self.sender, self.bot, self.callers, self.texts = sender, bot, callers, sender.texts
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
            noticed = activities.incoming_of({**came, "from": account}, Event.ADDED)
            await self._noticed(noticed, context)

    async def on_installation_update_add(self, context: TurnContext) -> None:
        """Welcome who installs; a new package (`add-upgrade`) is no reason to say hello again."""
        if raw(context).get("action") == "add":
            await self._noticed(activities.incoming_of(raw(context), Event.INSTALLED), context)

    async def on_installation_update_remove(self, context: TurnContext) -> None:
        """Remember that the sender is reached no more; nothing can be said to them."""
        came = raw(context)
        gone = activities.incoming_of(came, Event.REMOVED)
        if came.get("action") != "remove":
            return
        # Answered after this, what still waits would make them somebody who is there.
        await self.bot.leave(gone)
        if await self.bot.known(gone.sender) is not Known.NOT:
            await self.bot.on_turn(gone)

    async def on_invoke_activity(self, context: TurnContext) -> InvokeResponse:
        """Answer a pressed button in the response itself: Teams puts the card in its place.

        The card itself is changed as well: the response shows to who pressed, and only until they
        look again.
        """
        came = raw(context)
        if came.get("name") != "adaptiveCard/action":
            # A null body would show 'unable to reach app'.
            return InvokeResponse(status=200, body={})
        incoming = activities.incoming_of(came)
        async with self._one_at_a_time(incoming):
            turned = await self._turned(incoming)
            first = turned.replies[0]
            if not turned.messages[0].id:
                # Only the response can bear it for sure: it is stored nowhere.
                said = next(one for one in first.blocks if isinstance(one, Say))
                return self._answered(first, None, said)
            await self.bot.send(turned, _BesideResponse(self.sender))
        apart = first.personal and not incoming.personal
        shown = first if first.replaces and not apart else None
        said = Say("note.group_sent" if apart else "note.pressed")
        return self._answered(first, shown, said)

    def _answered(self, first: Reply, shown: Reply | None, said: Say) -> InvokeResponse:
        return InvokeResponse(status=200, body=outgoing.invoke_of(self.texts, first, shown, said))

    async def _converse(self, context: TurnContext) -> None:
        incoming = activities.incoming_of(raw(context))
        async with self._one_at_a_time(incoming):
            async with self._typing(incoming.where):
                turned = await self._turned(incoming)
            await self._say(turned, context)

    async def _noticed(self, incoming: Incoming, context: TurnContext) -> None:
        """Let in who came without a word."""
        async with self._one_at_a_time(incoming):
            await self._say(await self._turned(incoming), context)

    async def _say(self, turned: Turned, context: TurnContext) -> None:
        if not await self.bot.send(turned, self.sender):
            context.turn_state[UNHEARD] = True

    async def _turned(self, incoming: Incoming) -> Turned:
        """Answer a message; one of a stranger of whom we cannot know now who it is waits."""
        known = await self.callers.known(incoming)
        return await (self.bot.on_turn(known) if known else self.bot.wait(incoming))

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
