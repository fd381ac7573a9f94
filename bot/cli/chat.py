"""`vraagbaak demo` and `vraagbaak chat`: the console, on an example college or on your own."""

import json
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.app import App, build
from bot.channels.console.mailbox import Mailbox
from bot.channels.console.terminal import Console
from bot.cli.output import finish, screen
from bot.cli.stage import Faulty, Stage, staff_is_here
from bot.cli.start import prepare
from bot.cli.words import WrongUseError
from bot.core.clock import MovableClock, SystemClock
from bot.core.reply import Channel, Sender
from bot.people.generate import SHAPES, generate
from bot.settings import Settings, read_settings

CLOCK, POLL_SECRET = "clock.json", "poll_secret"


def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--dir"),
    ] = None,
    college: Annotated[str, typer.Option()] = "kerncollege",
) -> None:
    """Chat with an example college."""
    if college not in SHAPES:
        raise WrongUseError("--college", "one_of", known=", ".join(SHAPES))
    if folder:
        finish(_demo(folder, college))
        return
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as scratch:
        finish(_demo(Path(scratch), college))


async def _demo(folder: Path, college: str) -> None:
    settings = _demo_settings(folder)
    files = settings.college_file.parent
    if not settings.college_file.exists():
        files.mkdir(parents=True, exist_ok=True)
        for name, text in generate(SHAPES[college]).items():
            (files / name).write_text(text, "utf-8")
    clock = MovableClock(SystemClock())
    kept = folder / CLOCK
    if kept.exists():
        clock.offset = timedelta(seconds=json.loads(kept.read_text())["offset"])
    await prepare(settings, files, clock.now())
    async with build(settings, clock) as app:
        await staff_is_here(app)
        await _talk(app, "Docent 001", clock, kept)


def _demo_settings(folder: Path) -> Settings:
    return read_settings(
        database_url=f"sqlite:///{folder / 'vraagbaak.db'}",
        college_file=folder / "college" / "college.yaml",
        poll_secret=_poll_secret(folder / POLL_SECRET),
    )


def _poll_secret(kept: Path) -> str:
    """Return the secret of the demo in a folder, which is made once and kept beside it."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(), "utf-8")
    return kept.read_text("utf-8")


def chat(
    person: Annotated[str, typer.Option("--as")],
) -> None:
    """Chat in the terminal on your own database."""
    finish(_chat(read_settings(), person))


async def _chat(settings: Settings, person: str) -> None:
    async with build(settings, SystemClock()) as app:
        await _talk(app, person)


async def _talk(
    app: App, person: str, clock: MovableClock | None = None, clock_file: Path | None = None
) -> None:
    nobody, mailbox = Sender(Channel.CONSOLE, person.lower(), person), Mailbox()
    out = Faulty(mailbox)
    stage = Stage(app, {Channel.CONSOLE: out}, clock, clock_file)
    language = app.settings.language
    console = Console(app.texts, app.bot, stage, nobody, mailbox, out, screen(), language)
    intro = "console.intro" if clock else "console.intro_own"
    for line in app.texts.write(language, intro, {}).splitlines():
        console.screen.print(line)
    console.screen.print()
    await console.enter(f"/als {person}")
    await console.run()
    await stage.relay.stop()
