"""`vraagbaak serve`: the web server for Teams."""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

import typer
from aiohttp import web

from bot.app import App, build
from bot.channels.teams.wiring import PATH, Credentials, open_teams
from bot.channels.web import make_web
from bot.cli.chat import Stage
from bot.cli.output import finish, screen
from bot.core.clock import MovableClock
from bot.core.errors import SettingsError
from bot.core.reply import Incoming, Reply, Words
from bot.core.turn import Turned
from bot.settings import Settings, read_settings

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    dev: Annotated[
        bool, typer.Option("--dev", help="Zonder aanmelden, alleen op deze computer.")
    ] = False,
) -> None:
    """Start de server voor Teams. / Start the server for Teams."""
    settings = read_settings()
    credentials = None if dev else credentials_of(settings)
    if dev and settings.host not in LOOPBACK:
        raise SettingsError(
            ["VRAAGBAAK_HOST: with --dev anyone may speak as anyone, so it must be 127.0.0.1"]
        )
    finish(_serve(settings, credentials))


def credentials_of(settings: Settings) -> Credentials:
    """Return how to log in; raises SettingsError naming what is missing, before anything starts."""
    needed = {"TEAMS_APP_ID": settings.teams_app_id, "TEAMS_TENANT_ID": settings.teams_tenant_id}
    if settings.teams_app_type == "SingleTenant":
        needed["TEAMS_APP_PASSWORD"] = settings.teams_app_password.get_secret_value()
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(
            [f"VRAAGBAAK_{name} is not set, and without it anyone could speak" for name in missing]
            + ["To try it on this computer alone: vraagbaak serve --dev"]
        )
    return Credentials(
        app_id=settings.teams_app_id,
        app_type=settings.teams_app_type,
        password=settings.teams_app_password.get_secret_value(),
        tenant_id=settings.teams_tenant_id,
        service_hosts=settings.teams_service_hosts,
    )


@dataclass(frozen=True)
class DevBot:
    """The bot, and `/tijd +2d` in chat: the same that the demo's terminal does."""

    app: App
    stage: Stage

    async def on_turn(self, incoming: Incoming) -> Turned:
        command, _, step = incoming.text.partition(" ")
        if command != "/tijd":
            return await self.app.bot.on_turn(incoming)
        try:
            told = await self.stage.move(step)
        except ValueError as wrong:
            told = str(wrong)
        return Turned((Reply("clock", (Words(told),)),))

    async def on_sent(self, incoming: Incoming) -> None:
        await self.app.bot.on_sent(incoming)


async def _serve(settings: Settings, credentials: Credentials | None) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    clock = MovableClock()
    async with build(settings, clock) as app:
        if credentials is None:
            screen().print("Dev mode: whoever is on this computer speaks as anyone. Use a copy.")
        await app.bot.index.refresh(app.store.reading, clock.now())
        bot = app.bot if credentials else DevBot(app, Stage(app, clock))
        async with open_teams(credentials, clock, bot, app.texts) as teams:
            jobs = asyncio.create_task(run_jobs(app))
            try:
                await _run(settings, make_web({PATH: teams.post}))
            finally:
                jobs.cancel()


async def run_jobs(app: App, every: float = 60.0) -> None:
    """Run the jobs when they are due, looking every so many seconds; what fails is tried again."""
    since = app.clock.now()
    while True:
        await asyncio.sleep(every)
        now = app.clock.now()
        try:
            async for moment in app.run_due(since, now):
                log.info("jobs that were due at %s ran", moment)
        except Exception:
            log.exception("a job failed; it is tried again")
        else:
            since = now


async def _run(settings: Settings, application: web.Application) -> None:
    """Serve until the process is told to end; requests under way are finished first."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no handlers on its loop
            asyncio.get_running_loop().add_signal_handler(name, ended.set)
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        screen().print(f"Listening on http://{settings.host}:{settings.port}{PATH}")
        await ended.wait()
    finally:
        await runner.cleanup()
