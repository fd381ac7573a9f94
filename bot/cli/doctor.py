"""`vraagbaak doctor`: looks at everything that must be right, and says what to do where it is not.

It prints no secret and no text of a message.
"""

import json
from datetime import datetime
from pathlib import Path

import typer

from bot.cli import checkup
from bot.cli.checkup import Check, Health, attention, broken, ok
from bot.cli.output import AS_JSON, finish, screen, sentences, spoken
from bot.cli.serve import credentials_of
from bot.core.clock import SystemClock
from bot.core.errors import BotError, NewDatabaseError, OldDatabaseError, SettingsError
from bot.core.reply import Channel, Language, Say
from bot.i18n.text import Texts
from bot.people.college_file import read_college
from bot.settings import PREFIX, Settings, read_settings, spoken_language
from bot.setup import seal_of
from bot.store import schema
from bot.store.work import Store, database_url

STYLES = {Health.OK: "green", Health.ATTENTION: "yellow", Health.BROKEN: "red"}


def doctor(as_json: bool = AS_JSON) -> None:
    """Check everything and say what to do."""
    try:
        settings = read_settings()
    except SettingsError as wrong:
        data = {"problems": " ".join(spoken(wrong.problems))}
        said, todo = Say("doctor.settings.wrong", data), Say("doctor.settings.todo")
        _end([broken("settings", said, todo)], Texts(""), spoken_language(), as_json=as_json)
        return
    checks = finish(_examine(settings, SystemClock().now()))
    _end(checks, Texts(settings.coach_title), settings.language, as_json=as_json)


async def _examine(settings: Settings, now: datetime) -> list[Check]:
    database = await _database(settings.database)
    return [
        ok("settings", Say("doctor.settings.fine")),
        database,
        _college(settings.college_file),
        _teams(settings),
        *(await _stored(settings, now) if database.health is Health.OK else ()),
    ]


async def _database(url: str) -> Check:
    try:
        if _is_missing(url):
            return broken("database", Say("doctor.database.none"), Say("doctor.database.upgrade"))
        await schema.require_current(url)
    except OldDatabaseError:
        said = Say("doctor.database.old", {"wanted": schema.head()})
        return broken("database", said, Say("doctor.database.upgrade"))
    except NewDatabaseError:
        return broken("database", Say("doctor.database.new"), Say("doctor.database.new_todo"))
    except Exception as wrong:  # noqa: BLE001 (drivers raise errors of their own, and of no kin)
        # By its kind alone: what a driver says may name who logs in, and where.
        kind = type(getattr(wrong, "orig", None) or wrong).__name__
        said = Say("doctor.database.away", {"kind": kind})
        return broken("database", said, Say("doctor.database.away_todo"))
    return ok("database", Say("doctor.database.fine", {"found": schema.head()}))


def _is_missing(url: str) -> bool:
    """Tell whether it is a file that is not there: opening it would make it."""
    where = database_url(url)
    return where.get_backend_name() == "sqlite" and not Path(where.database or "").exists()


def _college(file: Path) -> Check:
    try:
        college = read_college(file)
    except BotError as wrong:
        said = Say("doctor.college.wrong", {"problems": " ".join(sentences(wrong))})
        return broken("college", said, Say("doctor.college.todo"))
    return ok("college", Say("doctor.college.fine", {"name": college.name}))


def _teams(settings: Settings) -> Check:
    try:
        credentials_of(settings)
    except SettingsError as wrong:
        if not settings.teams_app_id and not settings.teams_tenant_id:
            return attention("teams", Say("doctor.teams.none"), Say("doctor.teams.todo"))
        lacking = spoken(one for one in wrong.problems if one.key == "setting.no_login")
        said = Say("doctor.teams.wrong", {"problems": " ".join(lacking)})
        return broken("teams", said, Say("doctor.teams.todo"))
    return ok("teams", Say("doctor.teams.fine"))


def _no_calendar(settings: Settings) -> list[str]:
    """Return which settings calendars need and lack."""
    needed = {
        "PUBLIC_URL": settings.public_url,
        "LINK_SECRET": settings.link_secret.get_secret_value(),
    }
    return [f"{PREFIX}{name}" for name, value in needed.items() if not value]


async def _stored(settings: Settings, now: datetime) -> list[Check]:
    seal, today = seal_of(settings), now.astimezone(settings.zone).date()
    async with Store.open(settings.database, seal) as store, store.reading() as work:
        unreadable = await work.ballots.unreadable()
        counted = await work.polls.counted()
        entries = await work.knowledge.entries()
        tally = await work.outbox.tally(now)
        reach = await work.addresses.reached(Channel.TEAMS)
        unreached = await work.addresses.unreached(Channel.TEAMS)
        named = await work.addresses.named_channels()
        hours = await work.walkin.hours(today)
    return [
        checkup.of_faq(entries, today),
        *checkup.of_outbox(tally, now, settings.zone),
        *checkup.of_reach(reach, unreached),
        *checkup.of_channels(named),
        checkup.of_polls(unreadable, secret=seal is not None),
        *checkup.of_erasing(counted, now),
        *checkup.of_walkin(len(hours), _no_calendar(settings)),
    ]


def _end(checks: list[Check], texts: Texts, language: Language, *, as_json: bool) -> None:
    """Print the checks; ends with exit code 1 when something is broken."""

    def write(said: Say | None) -> str:
        return texts.write(language, said.key, said.data) if said else ""

    if as_json:
        plain = [
            {
                "check": one.name,
                "health": one.health,
                "said": write(one.said),
                "todo": write(one.todo),
            }
            for one in checks
        ]
        screen().print(json.dumps(plain))
    else:
        for one in checks:
            label = write(Say(f"doctor.health.{one.health}"))
            screen().print(f"{label:>8}", style=STYLES[one.health], end="  ")
            screen().print(write(one.said))
            if one.todo:
                screen().print(f"{'':>8}  → {write(one.todo)}")
    if any(one.health is Health.BROKEN for one in checks):
        raise typer.Exit(1)
