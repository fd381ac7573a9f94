"""`vraagbaak serve`: the web server for Teams."""

import asyncio
import gc
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated

import typer
from aiohttp import web

from bot.app import App, build
from bot.channels.calendar import CalendarPages
from bot.channels.charts import ChartPages
from bot.channels.teams.callers import Callers
from bot.channels.teams.sender import TeamsSender
from bot.channels.teams.wiring import PATH, Credentials, open_sender, open_teams
from bot.channels.web import Handler, make_web
from bot.cli.ending import start_logging, told_to_end
from bot.cli.output import finish, screen, tell
from bot.cli.ready import Readiness
from bot.cli.stage import Faulty, Stage
from bot.core.clock import MovableClock
from bot.core.delivery import Message, Sender
from bot.core.errors import SettingsError
from bot.core.reply import Channel, Incoming, Reply, Say, Words
from bot.core.reply import Sender as From
from bot.core.turn import Known, Turned
from bot.dialogs.meeting import Meeting
from bot.dialogs.root import NOT_STORED
from bot.i18n.text import Texts
from bot.settings import PREFIX, Settings, read_settings
from scheduler.run import working
from scheduler.timetable import timetable

LOOPBACK = ("127.0.0.1", "::1", "localhost")
YOUNG = 5_000
"""New objects, after which Python looks which of them are garbage. A turn keeps hardly any."""


def serve(
    dev: Annotated[bool, typer.Option("--dev")] = False,
    no_worker: Annotated[bool, typer.Option("--no-worker")] = False,
) -> None:
    """Start the server for Teams."""
    settings = read_settings()
    credentials = None if dev else credentials_of(settings)
    if dev and settings.host not in LOOPBACK:
        raise SettingsError([Say("cli.serve.dev_host")])
    if no_worker and (said := beside_sqlite(settings)):
        screen(stderr=True).print(said)
    finish(_serve(settings, credentials, worker=not no_worker))


def beside_sqlite(settings: Settings) -> str:
    """Return why serving without a worker is not for this database, or nothing."""
    if not settings.database.startswith("sqlite"):
        return ""
    return Texts(settings.coach_title).write(settings.language, "serve.no_worker", {})


def credentials_of(settings: Settings, command: str = "serve") -> Credentials:
    """Return how to log in; raises SettingsError naming what is missing, before anything starts."""
    needed = {"TEAMS_APP_ID": settings.teams_app_id, "TEAMS_TENANT_ID": settings.teams_tenant_id}
    if settings.teams_app_type == "SingleTenant":
        needed["TEAMS_APP_PASSWORD"] = settings.teams_app_password.get_secret_value()
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(
            [Say("setting.no_login", {"name": f"{PREFIX}{name}"}) for name in missing]
            + [Say("setting.try_dev", {"command": f"vraagbaak {command} --dev"})]
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
    """The bot, and in chat the commands that the demo's terminal knows."""

    app: App
    stage: Stage

    async def known(self, sender: From) -> Known:
        return await self.app.bot.known(sender)

    async def on_turn(self, incoming: Incoming) -> Turned:
        told = await self.stage.command(incoming.sender, incoming.where, incoming.text)
        if told is None:
            return await self.app.bot.on_turn(incoming)
        reply = Reply("clock", (Words(told),))
        return Turned((Message(NOT_STORED, incoming.where, reply),))

    async def wait(self, incoming: Incoming) -> Turned:
        return await self.app.bot.wait(incoming)

    async def meet(self, sender: From, channel: Sender) -> bool:
        return await self.app.bot.meet(sender, channel)

    async def leave(self, incoming: Incoming) -> None:
        await self.app.bot.leave(incoming)

    async def send(self, turned: Turned, channel: Sender) -> bool:
        # What was not stored is an answer to one of those commands: it arrives also in an outage.
        out = self.stage.outs[Channel.TEAMS]
        stored = all(message.id for message in turned.messages)
        # A command that came again would move the clock again.
        return await self.app.bot.send(turned, out if stored else channel) or not stored


async def _serve(settings: Settings, credentials: Credentials | None, *, worker: bool) -> None:
    start_logging()
    clock = MovableClock()
    async with (
        build(settings, clock) as app,
        open_sender(credentials, clock, app.texts) as sender,
    ):
        if credentials is None:
            tell("serve.dev")
        index = app.bot.root.index
        await index.refresh(app.store.reading, clock.now())
        keep_what_is_loaded()
        ready = Readiness.of(app.store, lambda: index.loaded)
        out = Faulty(sender)
        stage = Stage(app, {Channel.TEAMS: out}, clock)
        bot = app.bot if credentials else DevBot(app, stage)
        async with open_teams(credentials, clock, bot, sender) as teams:
            application = make_web({PATH: teams.post}, ready.lacking, pages_of(app))
            ticks = timetable(app, meeting_of(app, sender, out))
            beside = working(clock, stage.relay, ticks) if worker else nullcontext()
            ended = told_to_end()
            async with beside:
                await _run(settings, application, ended)


def meeting_of(app: App, sender: TeamsSender, out: Sender) -> Meeting:
    """Return what answers strangers once Teams can say who they are."""
    callers = Callers(sender, app.bot)
    return app.meeting({Channel.TEAMS: callers}, {Channel.TEAMS: out})


def calendars_of(app: App) -> Mapping[str, Handler]:
    """Return the pages of calendars, if the college set them up."""
    return CalendarPages(app.calendars, app.texts).handlers() if app.calendars else {}


def pictures_of(app: App) -> Mapping[str, Handler]:
    """Return the pictures of charts, if the college set addresses up."""
    return ChartPages(app.pictures, app.texts).handlers() if app.pictures else {}


def pages_of(app: App) -> Mapping[str, Handler]:
    """Return all pages that are read over HTTP."""
    return {**calendars_of(app), **pictures_of(app)}


def keep_what_is_loaded() -> None:
    """Spare the garbage collector the modules, models and index, which are many and stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


async def _run(settings: Settings, application: web.Application, ended: asyncio.Event) -> None:
    """Serve until the process is told to end; requests under way are finished first."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        tell("serve.listening", url=f"http://{settings.host}:{settings.port}{PATH}")
        await ended.wait()
    finally:
        await runner.cleanup()
