"""What each kind of activity comes to. Everything else is let pass in silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext

from bot.channels.teams import activities, outgoing
from bot.channels.teams.adapter import TeamsAdapter, conversation, raw, service_url
from bot.channels.teams.errors import ConnectorError
from bot.channels.teams.sender import TeamsSender
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.reply import Event, Incoming, Place, Say, Sender
from bot.core.turn import Turned

log = logging.getLogger(__name__)

TYPING_AFTER = 1.0
"""Seconds after which the sender sees that an answer is under way."""
REMEMBERED = 20_000
"""People who are not looked up again."""


class Bot(Protocol):
    """What answers: handed in by `app`."""

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

    def __init__(self, adapter: TeamsAdapter, sender: TeamsSender, bot: Bot) -> None:
        super().__init__()
        self.adapter, self.sender, self.bot, self.texts = adapter, sender, bot, sender.texts
        self._shown: set[asyncio.Task[None]] = set()
        self._senders: dict[str, Sender] = {}
        self._underway: dict[str, asyncio.Lock] = {}

    async def on_message_activity(self, context: TurnContext) -> None:
        await self._converse(context, Event.MESSAGE)

    async def on_message_update_activity(self, context: TurnContext) -> None:
        """Answer an edited message anew; Teams also sends updates that are no edits."""
        if activities.text_at(raw(context), "channelData", "eventType") == "editMessage":
            await self._converse(context, Event.MESSAGE)

    async def on_members_added_activity(self, members: object, context: TurnContext) -> None:
        """Learn where who came can be reached; the installation is what says hello to them."""
        del members
        came = raw(context)
        for account in activities.added(came) if activities.is_personal(came) else ():
            theirs = {**came, "from": account}
            sender = await self._sender(theirs)
            await self.bot.on_turn(activities.incoming_of(theirs, sender, Event.ADDED))

    async def on_installation_update_add(self, context: TurnContext) -> None:
        """Welcome who installs; a new package (`add-upgrade`) is no reason to say hello again."""
        if raw(context).get("action") == "add":
            await self._converse(context, Event.INSTALLED)

    async def on_installation_update_remove(self, context: TurnContext) -> None:
        """Remember that the sender is reached no more; nothing can be said to them."""
        if raw(context).get("action") == "remove":
            await self._converse(context, Event.REMOVED)

    async def on_invoke_activity(self, context: TurnContext) -> InvokeResponse:
        """Answer a pressed button in the response itself: Teams puts the card in its place.

        The card itself is changed as well: the response shows to who pressed, and only until they
        look again.
        """
        came = raw(context)
        if came.get("name") != "adaptiveCard/action":
            # A null body would show 'unable to reach app'.
            return InvokeResponse(status=200, body={})
        incoming = activities.incoming_of(came, await self._sender(came))
        async with self._one_at_a_time(incoming):
            turned = await self.bot.on_turn(incoming)
            await self.bot.send(turned, _BesideResponse(self.sender))
        first = turned.replies[0]
        apart = first.personal and not incoming.personal
        shown = first if first.replaces and not apart else None
        said = Say("note.group_sent" if apart else "note.pressed")
        return InvokeResponse(status=200, body=outgoing.invoke_of(self.texts, first, shown, said))

    async def _converse(self, context: TurnContext, event: Event) -> None:
        came = raw(context)
        incoming = activities.incoming_of(came, await self._sender(came), event)
        async with self._one_at_a_time(incoming):
            async with self._typing(incoming.where):
                turned = await self.bot.on_turn(incoming)
            await self.bot.send(turned, self.sender)

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

    async def _sender(self, came: Mapping[str, Any]) -> Sender:
        """Look up the sender once a process: activities bear no address, and not always a name."""
        person = activities.text_at(came, "from", "id")
        if person not in self._senders:
            try:
                member = await self.adapter.connector.member(
                    service_url(came), conversation(came), person
                )
            except ConnectorError as error:
                log.warning("a sender could not be looked up: %s", error)
                return activities.sender_of(came, {})
            if len(self._senders) >= REMEMBERED:
                self._senders.clear()
            self._senders[person] = activities.sender_of(came, member)
        return self._senders[person]

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

        task = asyncio.create_task(show())
        self._shown.add(task)
        task.add_done_callback(self._shown.discard)
