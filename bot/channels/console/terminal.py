"""The chat in a terminal: one line a message, a number presses what bears it.

A button that takes a form along asks its fields in turn. `/als PERSON` speaks as someone else,
`/wie [NAME]` lists people, `/kaart` shows the card above once more, so that numbers press what is
on that one, `/stop` ends; what else begins with a slash is for the backstage. Each of these ends a
form unsent. Lines may be piped in, so that a whole story can be scripted.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TextIO
from uuid import uuid4

from rich.console import Console as Screen
from rich.text import Text

from bot.channels.cards.plain import Line, PlainCard
from bot.channels.console.form import Form
from bot.channels.console.mailbox import Mailbox
from bot.channels.console.ports import Backstage, Bot
from bot.channels.console.shown import Shown
from bot.core.delivery import Sender as Out
from bot.core.reply import Channel, Incoming, Language, Place, Sender, Value
from bot.i18n.text import Texts

EVERY = 1.0
"""Seconds between two looks at what is due, while someone sits at the terminal."""
_NOTHING: Mapping[str, Value] = {}
STYLES = {"title": "bold", "subtle": "dim", "body": ""}


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
    language: Language = "nl"
    keyboard: TextIO = field(default_factory=lambda: sys.stdin)
    _shown: defaultdict[str, Shown] = field(default_factory=lambda: defaultdict(Shown))
    _form: Form | None = None

    async def run(self) -> None:
        """Read lines until the end of the input or `/stop`; show what arrives meanwhile."""
        watch = asyncio.create_task(self._watch()) if self.keyboard.isatty() else None
        try:
            while await self._line():
                pass
        finally:
            if watch:
                watch.cancel()

    async def _line(self) -> bool:
        self._prompt()
        line = await asyncio.to_thread(self.keyboard.readline)
        if not line or line.strip() == "/stop":
            self.screen.print()
            self._drop_form()
            return False
        if not self.keyboard.isatty():
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
            if news := self._news():
                self.screen.print()
                self._show(news)
                self._prompt()

    async def enter(self, line: str) -> None:
        """Handle one line, then show all that arrived by it."""
        if self._form is None:
            if not await self._command(line):
                await self._say(line)
        elif line.strip().startswith("/"):
            self._drop_form()
            await self._command(line)
        else:
            await self._fill(self._form, line)
        await self.backstage.deliver()
        self._show(self._news())

    async def _command(self, line: str) -> bool:
        """Do what a line asks for; returns False when it is no command."""
        command, _, rest = line.strip().partition(" ")
        match command:
            case "/als":
                await self._become(rest.strip())
            case "/wie":
                await self._list(rest.strip())
            case "/kaart":
                self._show_older()
            case _:
                told = await self.backstage.command(self.sender, self._place, line)
                if told is None:
                    return False
                self.screen.print(Text(told))
        return True

    def _show_older(self) -> None:
        older = self._shown[self.sender.address].older(self.texts)
        if older is None:
            self._tell(self.language, "console.no_older")
        else:
            self._print(older.lines)

    @property
    def _place(self) -> Place:
        return Place(Channel.CONSOLE, self.sender.address, self.sender.address)

    async def _say(self, line: str) -> None:
        pressed = self._shown[self.sender.address].find(line)
        if pressed is None:
            await self._send(line)
        elif pressed.press.fields:
            self._form = Form(self.texts, pressed)
            self._tell(pressed.press.language, "console.form.start")
        else:
            await self._send("", pressed.press.payload, pressed.card)

    async def _fill(self, form: Form, line: str) -> None:
        wrong = form.answer(line)
        if wrong:
            self._tell(form.pressed.press.language, wrong)
        if form.payload is not None:
            self._form = None
            await self._send("", form.payload, form.pressed.card)

    def _drop_form(self) -> None:
        if self._form:
            self._tell(self._form.pressed.press.language, "console.form.dropped")
        self._form = None

    async def _send(
        self, text: str, payload: Mapping[str, Any] | None = None, card: str = ""
    ) -> None:
        incoming = Incoming(self.sender, str(uuid4()), text, payload, self._place, card=card)
        turned = await self.bot.on_turn(incoming)
        if turned.ahead:
            # What waited until they could be reached goes first. It comes in at this terminal as
            # well: nobody need wait for the relay to take the reply over.
            await self.backstage.deliver()
            turned = replace(turned, ahead=())
        await self.bot.send(turned, self.out)

    def _news(self) -> list[PlainCard]:
        arrived = self.mailbox.take(self.sender.address)
        return self._shown[self.sender.address].show(self.texts, arrived)

    def _show(self, news: Sequence[PlainCard]) -> None:
        """Print what arrived, of what arrived for others only that it did, and what is asked."""
        for card in news:
            self._print(card.lines)
            self.screen.print()
        for address, waiting in self.mailbox.arrived.items():
            self._tell(self.language, "console.arrived", {"who": address, "count": len(waiting)})
        if self._form:
            self._print(self._form.question())

    def _tell(self, language: Language, key: str, data: Mapping[str, Value] = _NOTHING) -> None:
        self.screen.print(Text(self.texts.write(language, key, data), "dim"))

    def _print(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.screen.print(Text(line.text, STYLES[line.style]))

    async def _become(self, name: str) -> None:
        found = await self.backstage.find(name) if name else ()
        exact = [one for one in found if name.lower() in (one.name.lower(), one.email.lower())]
        if len(exact or found) == 1:
            self.sender = (exact or found)[0]
        elif not found and name:
            self.sender = Sender(Channel.CONSOLE, name.lower(), name)
        else:
            await self._list(name)

    async def _list(self, name: str) -> None:
        for one in await self.backstage.find(name):
            self.screen.print(Text(f"  {one.name}  {one.email}"))
