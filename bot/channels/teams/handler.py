"""What each kind of activity comes to. Everything else is let pass in silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Protocol

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext

from bot.channels.teams import activities, outgoing
from bot.channels.teams.adapter import TeamsAdapter, conversation, raw, service_url
from bot.channels.teams.errors import ConnectorError
from bot.core.reply import Event, Incoming, Reply, Say, Sender
from bot.core.turn import Turned
from bot.i18n.text import Texts

log = logging.getLogger(__name__)

TYPING_AFTER = 1.0
"""Seconds after which the sender sees that an answer is under way."""
REMEMBERED = 20_000
"""People who are not looked up again."""


@contextmanager
def _logged(what: str, error: type[Exception] = ConnectorError) -> Iterator[None]:
    """Log what goes wrong and go on; a message's text stands in no error."""
    try:
        yield
    except error as wrong:
        log.warning("%s: %s", what, type(wrong).__name__ if error is Exception else wrong)


class Bot(Protocol):
    """What answers: handed in by `app`."""

    async def on_turn(self, incoming: Incoming) -> Turned: ...

    async def on_sent(self, incoming: Incoming) -> None: ...


class Handler(ActivityHandler):  # type: ignore[misc] # botbuilder ships no types
    """Turns activities into turns of the bot, and its replies into activities."""

    def __init__(self, adapter: TeamsAdapter, bot: Bot, texts: Texts) -> None:
        super().__init__()
        self.adapter, self.bot, self.texts = adapter, bot, texts
        self._senders: dict[str, Sender] = {}
        self._underway: dict[str, asyncio.Lock] = {}

    async def on_message_activity(self, context: TurnContext) -> None:
        await self._converse(context, Event.MESSAGE)

    async def on_message_update_activity(self, context: TurnContext) -> None:
        """Answer an edited message anew; Teams also sends updates that are no edits."""
        if activities.text_at(raw(context), "channelData", "eventType") == "editMessage":
            await self._converse(context, Event.MESSAGE)

    async def on_installation_update_add(self, context: TurnContext) -> None:
        """Welcome who installs; a new package (`add-upgrade`) is no reason to say hello again."""
        if raw(context).get("action") == "add":
            await self._converse(context, Event.INSTALLED)

    async def on_invoke_activity(self, context: TurnContext) -> InvokeResponse:
        """Answer a pressed button in the response itself: Teams puts the card in its place."""
        came = raw(context)
        if came.get("name") != "adaptiveCard/action":
            # A null body would show 'unable to reach app'.
            return InvokeResponse(status=200, body={})
        incoming = activities.incoming_of(came, await self._sender(came))
        async with self._one_at_a_time(incoming):
            turned = await self.bot.on_turn(incoming)
            if not turned.sent:
                # The press is answered whatever becomes of this: what is stored is not undone.
                with _logged("a reply to a press did not reach Teams"):
                    await self._send(came, incoming, turned.replies)
        first = turned.replies[0]
        apart = first.personal and not incoming.personal
        shown = first if first.replaces and not apart else None
        said = Say("note.group_sent" if apart else "note.pressed")
        return InvokeResponse(status=200, body=outgoing.invoke_of(self.texts, first, shown, said))

    async def _converse(self, context: TurnContext, event: Event) -> None:
        came = raw(context)
        incoming = activities.incoming_of(came, await self._sender(came), event)
        async with self._one_at_a_time(incoming):
            async with self._typing(came):
                turned = await self.bot.on_turn(incoming)
            if not turned.sent:
                await self._send(came, incoming, turned.replies)

    async def _send(
        self, came: Mapping[str, Any], incoming: Incoming, replies: Sequence[Reply]
    ) -> None:
        card = activities.text_at(came, "replyToId") if incoming.button is not None else ""
        for reply in replies:
            body = outgoing.activity_of(self.texts, reply)
            if reply.personal and not incoming.personal:
                await self._send_apart(came, reply, body)
            elif reply.replaces and card:
                # Also when the response to a press bears the card: that shows to who pressed, and
                # only until they look again.
                await self.adapter.change(came, card, body)
            elif not (reply.replaces and came.get("type") == "invoke"):
                await self.adapter.say(came, body)
        # What arrived has arrived: a database that is away now must not make Teams send it again.
        with _logged("a reply was not marked as sent", Exception):
            await self.bot.on_sent(incoming)

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

    async def _send_apart(
        self, came: Mapping[str, Any], reply: Reply, body: Mapping[str, Any]
    ) -> None:
        """Answer in the 1:1 chat what is nobody else's business; say in the thread that we did."""
        key = "note.group_sent"
        try:
            await self.adapter.whisper(came, body)
        except ConnectorError as error:
            log.warning("no 1:1 chat could be opened: %s", error)
            key = "note.group_ask"
        await self.adapter.say(came, outgoing.line(self.texts, reply, key))

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
    async def _typing(self, came: Mapping[str, Any]) -> AsyncIterator[None]:
        """Show that an answer is under way, if it takes longer."""
        task = asyncio.create_task(self._show_typing(came))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _show_typing(self, came: Mapping[str, Any]) -> None:
        await asyncio.sleep(TYPING_AFTER)
        with suppress(ConnectorError):
            await self.adapter.say(came, {"type": "typing"})
