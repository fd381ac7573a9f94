"""The chat in a terminal: one line a message, a number presses what bears it.

`/als PERSON` speaks as someone else, `/wie [NAME]` lists people, `/tijd +2d` moves the clock,
`/stop` ends. Lines may be piped in, so that a whole story can be scripted.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from rich.console import Console as Screen
from rich.text import Text

from bot.channels.cards.plain import PlainCard, render
from bot.core.reply import Block, Channel, Incoming, Reply, Sender
from bot.core.turn import Turned
from bot.i18n.text import Texts

OnTurn = Callable[[Incoming], Awaitable[Turned]]
STYLES = {"title": "bold", "subtle": "dim", "body": ""}


class Backstage(Protocol):
    """What the terminal can do beside chatting."""

    async def find(self, name: str) -> Sequence[Sender]:
        """Return who is known by a name, an e-mail address or a role."""
        ...

    async def move(self, step: str) -> str:
        """Move the clock by a step such as `+2d`; returns what to print. Raises ValueError."""
        ...


@dataclass
class Console:
    """One terminal, in which one person at a time speaks."""

    texts: Texts
    on_turn: OnTurn
    backstage: Backstage
    sender: Sender
    screen: Screen = field(default_factory=lambda: Screen(highlight=False, soft_wrap=True))
    _pressable: tuple[Mapping[str, Any], ...] = ()
    _shown: list[Block] = field(default_factory=list)

    async def run(self) -> None:
        """Read lines until the end of the input or `/stop`."""
        while True:
            self.screen.print(Text(f"{self.sender.name}> ", "cyan"), end="")
            self.screen.file.flush()
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line or line.strip() == "/stop":
                self.screen.print()
                return
            if not sys.stdin.isatty():
                self.screen.print(Text(line.rstrip("\n")))
            await self.enter(line.rstrip("\n"))

    async def enter(self, line: str) -> None:
        """Handle one line."""
        command, _, rest = line.strip().partition(" ")
        match command:
            case "/als":
                await self._become(rest.strip())
            case "/wie":
                await self._list(rest.strip())
            case "/tijd":
                await self._move(rest.strip())
            case _:
                await self._say(line)

    async def _say(self, line: str) -> None:
        number = int(line) if line.strip().isdecimal() and len(line.strip()) < 4 else 0  # noqa: PLR2004 (no card has a thousand things to press)
        button = self._pressable[number - 1] if 0 < number <= len(self._pressable) else None
        incoming = Incoming(
            self.sender, str(uuid4()), "" if button else line, button, self.sender.address
        )
        shown = self._shown if button else []
        self.show((await self.on_turn(incoming)).replies, shown)

    def show(self, replies: Sequence[Reply], before: Sequence[Block] = ()) -> None:
        """Print replies; of a card that takes the place of `before` only what is new."""
        pressable: list[Mapping[str, Any]] = []
        for reply in replies:
            shown = before if reply.replaces else ()
            card = render(self.texts, reply, shown, len(pressable) + 1)
            self._print(card)
            pressable += card.pressed
        self._pressable = tuple(pressable)
        self._shown = [block for reply in replies for block in reply.blocks]

    def _print(self, card: PlainCard) -> None:
        for line in card.lines:
            self.screen.print(Text(line.text, STYLES[line.style]))
        self.screen.print()

    async def _become(self, name: str) -> None:
        found = await self.backstage.find(name) if name else ()
        exact = [one for one in found if name.lower() in (one.name.lower(), one.email.lower())]
        if len(exact or found) == 1:
            self.sender = (exact or found)[0]
        elif not found and name:
            self.sender = Sender(Channel.CONSOLE, name.lower(), name)
        else:
            await self._list(name)
        self._pressable, self._shown = (), []

    async def _list(self, name: str) -> None:
        for one in await self.backstage.find(name):
            self.screen.print(Text(f"  {one.name}  {one.email}"))

    async def _move(self, step: str) -> None:
        try:
            self.screen.print(Text(await self.backstage.move(step)))
        except ValueError as wrong:
            self.screen.print(Text(str(wrong)))
