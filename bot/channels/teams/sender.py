"""Says what is in the outbox, in Teams."""

import logging

from bot.channels.teams import outgoing
from bot.channels.teams.connector import Connector
from bot.channels.teams.errors import ConnectorError
from bot.core.delivery import Message, Outcome
from bot.core.reply import Place
from bot.i18n.text import Texts

log = logging.getLogger(__name__)


class TeamsSender:
    """Fulfils `bot.core.delivery.Sender`."""

    def __init__(self, connector: Connector, texts: Texts) -> None:
        self.connector, self.texts = connector, texts

    async def deliver(self, message: Message) -> str:
        """Send, change, or say apart what is personal; returns the message's id at Teams."""
        place, reply = message.place, message.reply
        body = outgoing.activity_of(self.texts, reply)
        if reply.personal and not place.personal:
            return await self._apart(message, body)
        chat = place.conversation or await self._open(place)
        if message.changes:
            card = {**body, "id": message.changes}
            return await self.connector.update(place.service, chat, message.changes, card)
        return await self.connector.send(place.service, chat, body)

    async def typing(self, place: Place) -> None:
        """Show that an answer is under way."""
        await self.connector.send(place.service, place.conversation, {"type": "typing"})

    async def _apart(self, message: Message, body: dict[str, object]) -> str:
        """Answer in the 1:1 chat what is nobody else's business; say in the thread that we did."""
        place, key, remote = message.place, "note.group_sent", ""
        try:
            remote = await self.connector.send(place.service, await self._open(place), body)
        except ConnectorError as error:
            if error.outcome not in (Outcome.GONE, Outcome.INVALID):
                raise
            log.warning("no 1:1 chat could be opened: %s", error)
            key = "note.group_ask"
        said = outgoing.line(self.texts, message.reply, key)
        try:
            await self.connector.send(place.service, place.conversation, said)
        except ConnectorError as error:
            if not remote:
                raise
            # The answer arrived: it is not sent again for the sake of this line.
            log.warning("the line in the thread did not arrive: %s", error)
        return remote

    async def _open(self, place: Place) -> str:
        """Open the 1:1 chat with a person; it is the same one each time."""
        return await self.connector.create_conversation(
            place.service, place.tenant, {"id": place.bot}, {"id": place.person}
        )
