"""The chat in a terminal: one line a message, a number presses what bears it.

`/als PERSON` speaks as someone else, `/wie [NAME]` lists people, `/stop` ends; what else begins
with a slash is for the backstage. Lines may be piped in, so that a whole story can be scripted.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol
from uuid import uuid4

from rich.console import Console as Screen
from rich.text import Text

from bot.channels.cards.plain import PlainCard, Press, render
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.reply import Block, Channel, Incoming, Place, Sender
from bot.core.turn import Turned
from bot.i18n.text import Texts

EVERY = 1.0
"""Seconds between two looks at what is due, while someone sits at the terminal."""
STYLES = {"title": "bold", "subtle": "dim", "body": ""}


class Bot(Protocol):
    """What answers."""

    async def on_turn(self, incoming: Incoming) -> Turned: ...

    async def send(self, turned: Turned, channel: Out) -> None: ...


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


class Mailbox:
    """Where messages to people at this terminal arrive: the far end of the console's channel."""

    def __init__(self) -> None:
        self.arrived: dict[str, list[Message]] = {}
        self._numbers = count(1)

    async def deliver(self, message: Message) -> str:
        self.arrived.setdefault(message.place.conversation, []).append(message)
        return message.changes or f"console-{next(self._numbers)}"

    def take(self, address: str) -> list[Message]:
        """Return what arrived for someone since they looked."""
        return self.arrived.pop(address, [])


@dataclass
class Console:
    """One terminal, in which one person at a time speaks."""

    texts: Texts
    bot: Bot
    backstage: Backstage
    sender: Sender
    mailbox: Mailbox
    out: Out
    screen: Screen = field(default_factory=lambda: Screen(highlight=False, soft_wrap=True))
    _pressable: tuple[Press, ...] = ()
    _shown: list[Block] = field(default_factory=list)
    _before: list[Block] = field(default_factory=list)

    async def run(self) -> None:
        """Read lines until the end of the input or `/stop`; show what arrives meanwhile."""
        watch = asyncio.create_task(self._watch()) if sys.stdin.isatty() else None
        try:
            while await self._line():
                pass
        finally:
            if watch:
                watch.cancel()

    async def _line(self) -> bool:
        self._prompt()
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line or line.strip() == "/stop":
            self.screen.print()
            return False
        if not sys.stdin.isatty():
            self.screen.print(Text(line.rstrip("\n")))
        await self.enter(line.rstrip("\n"))
        return True

    def _prompt(self) -> None:
        self.screen.print(Text(f"{self.sender.name}> ", "cyan"), end="")
        self.screen.file.flush()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.backstage.deliver()
            if self.mailbox.arrived.get(self.sender.address):
                self.screen.print()
                self._look()
                self._prompt()

    async def enter(self, line: str) -> None:
        """Handle one line, then show all that arrived by it."""
        command, _, rest = line.strip().partition(" ")
        match command:
            case "/als":
                await self._become(rest.strip())
            case "/wie":
                await self._list(rest.strip())
            case _:
                told = await self.backstage.command(self.sender, self._place, line)
                if told is None:
                    await self._say(line)
                else:
                    self.screen.print(Text(told))
        await self.backstage.deliver()
        self._look()

    @property
    def _place(self) -> Place:
        return Place(Channel.CONSOLE, self.sender.address, self.sender.address)

    async def _say(self, line: str) -> None:
        number = int(line) if line.strip().isdecimal() and len(line.strip()) < 4 else 0  # noqa: PLR2004 (no card has a thousand things to press)
        press = self._pressable[number - 1] if 0 < number <= len(self._pressable) else None
        incoming = Incoming(
            self.sender,
            str(uuid4()),
            "" if press else line,
            press.payload if press else None,
            self._place,
        )
        self._before = self._shown if press else []
        turned = await self.bot.on_turn(incoming)
        await self.bot.send(turned, self.out)

    def _look(self) -> None:
        """Show what arrived; of what arrived for others only that it did."""
        messages = self.mailbox.take(self.sender.address)
        if messages:
            self._show(messages)
        for address, waiting in self.mailbox.arrived.items():
            line = self.texts.write(
                "nl", "console.arrived", {"who": address, "count": len(waiting)}
            )
            self.screen.print(Text(line, "dim"))

    def _show(self, messages: Sequence[Message]) -> None:
        """Print them; of a card that takes the place of the one pressed only what is new."""
        pressable: list[Press] = []
        for message in messages:
            shown = self._before if message.reply.replaces else ()
            card = render(self.texts, message.reply, shown, len(pressable) + 1)
            self._print(card)
            pressable += card.pressed
        self._pressable = tuple(pressable)
        self._shown = [block for message in messages for block in message.reply.blocks]

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
