"""Where messages to people at this terminal arrive: the far end of the console's channel."""

from collections.abc import Mapping
from uuid import uuid4

from bot.core.delivery import Message


class Mailbox:
    """Keeps what arrives for each person, by the id that it gives each message.

    One that changes takes the place of what still waits: who looks later sees it as it is now.
    """

    def __init__(self) -> None:
        self.arrived: dict[str, dict[str, Message]] = {}

    async def deliver(self, message: Message) -> str:
        # Ids are like no other, also after a restart: what is stored of a card names it by its id.
        card = message.changes or f"console-{uuid4().hex}"
        self.arrived.setdefault(message.place.conversation, {})[card] = message
        return card

    def take(self, address: str) -> Mapping[str, Message]:
        """Return what arrived for someone since they looked, by its id."""
        return self.arrived.pop(address, {})
