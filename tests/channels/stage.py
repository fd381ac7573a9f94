"""The console as a stage for stories, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console as Screen

from bot.app import App, build
from bot.channels.console.mailbox import Mailbox
from bot.channels.console.terminal import Console
from bot.cli.stage import Faulty, staff_is_here
from bot.cli.stage import Stage as Backstage
from bot.cli.start import prepare
from bot.core.clock import MovableClock
from bot.core.reply import Channel, Sender
from bot.people.generate import KERN, generate
from bot.settings import Settings
from tests.typist import Typist

POLL_SECRET = "a long and random text that only the stories know"


class ConsoleStage(Typist):
    """Types lines, as someone at the terminal would, and reads what is printed."""

    def __init__(self, console: Console, screen: StringIO) -> None:
        super().__init__(self._enter)
        self.console, self.screen = console, screen

    async def _enter(self, line: str) -> str:
        before = self.screen.tell()
        await self.console.enter(line)
        return self.screen.getvalue()[before:]


@asynccontextmanager
async def example_app(folder: Path, clock: MovableClock, **more: Any) -> AsyncIterator[App]:
    """Open the demo's college on SQLite in a folder."""
    for name, text in generate(KERN).items():
        (folder / name).write_text(text, "utf-8")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'vraagbaak.db'}",
        college_file=folder / "college.yaml",
        **more,
    )
    await prepare(settings, folder, clock.now())
    async with build(settings, clock) as app:
        yield app


@asynccontextmanager
async def console_stage(folder: Path) -> AsyncIterator[ConsoleStage]:
    """Open a terminal on it."""
    clock, screen = MovableClock(), StringIO()
    async with example_app(folder, clock, poll_secret=POLL_SECRET) as app:
        await staff_is_here(app)
        mailbox = Mailbox()
        out = Faulty(mailbox)
        console = Console(
            app.texts,
            app.bot,
            Backstage(app, {Channel.CONSOLE: out}, clock),
            Sender(Channel.CONSOLE, "niemand", "Niemand"),
            mailbox,
            out,
            Screen(file=screen, highlight=False, soft_wrap=True),
        )
        yield ConsoleStage(console, screen)
