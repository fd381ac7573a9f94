"""`vraagbaak worker`: what `serve` does beside the web, in a process of its own."""

from typing import Annotated

import typer

from bot.app import build
from bot.channels.teams.wiring import Credentials, open_sender
from bot.cli.ending import start_logging, told_to_end
from bot.cli.output import finish, tell
from bot.cli.serve import credentials_of, keep_what_is_loaded, meeting_of
from bot.core.clock import SystemClock
from bot.core.reply import Channel
from bot.settings import Settings, read_settings
from scheduler.run import working
from scheduler.timetable import timetable


def worker(
    dev: Annotated[bool, typer.Option("--dev")] = False,
) -> None:
    """Deliver, and do what is due."""
    settings = read_settings()
    finish(_work(settings, None if dev else credentials_of(settings, "worker")))


async def _work(settings: Settings, credentials: Credentials | None) -> None:
    start_logging()
    clock = SystemClock()
    async with (
        build(settings, clock) as app,
        open_sender(credentials, clock, app.texts) as sender,
    ):
        if credentials is None:
            tell("worker.dev")
        keep_what_is_loaded()
        ended = told_to_end()
        relay, ticks = (
            app.relay({Channel.TEAMS: sender}),
            timetable(app, meeting_of(app, sender, sender)),
        )
        async with working(clock, relay, ticks):
            tell("worker.working")
            await ended.wait()
