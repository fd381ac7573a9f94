"""What the terminal needs of the bot, and of the demo around it: handed in by the command line."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.delivery import Sender as Out
from bot.core.reply import Incoming, Place, Sender
from bot.core.turn import Turned


class Bot(Protocol):
    """What answers."""

    async def on_turn(self, incoming: Incoming) -> Turned: ...

    async def send(self, turned: Turned, channel: Out) -> object: ...


class Backstage(Protocol):
    """What the terminal can do beside chatting."""

    async def find(self, name: str) -> Sequence[Sender]:
        """Return who is known by a name, an e-mail address or a role."""
        ...

    async def command(self, sender: Sender, place: Place, line: str) -> str | None:
        """Do what a line asks for; returns what to print, or None when it is no command."""
        ...

    async def deliver(self) -> None:
        """Let what is due now go out."""
        ...
