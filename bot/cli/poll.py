"""`vraagbaak poll`: which polls there are, starting one from a file, and what came of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.channels.cards.plain import render
from bot.cli.output import AS_JSON, finish, screen, written
from bot.cli.words import Command, group
from bot.core.clock import SystemClock
from bot.core.errors import ProblemsError
from bot.core.ids import PersonId, PollId
from bot.core.reply import Say, Value
from bot.core.shape import listed
from bot.core.sheet import safe, sheet
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.poll_cards import thing_of
from bot.dialogs.poll_results import results
from bot.i18n.text import Texts
from bot.people.college_file import read_college
from bot.people.model import Person, Role, Units
from bot.polls import planning, problems, rules
from bot.polls.disclosure import FEWEST
from bot.polls.figures import figures
from bot.polls.model import Answer, Audience, Kind, Planned, Poll, PollState, Round, RoundState
from bot.polls.templates import AudienceFile, FiledPoll, PollFileError, read_poll
from bot.settings import Settings, read_settings
from bot.store import schema
from bot.store.work import Store, Work
from bot.worktime.local import moment
from bot.worktime.worktime import WorkTime

app = group()
EVERY_ROUND = EVERY_POLL = 10_000
COLUMNS = ("round", "closed", "question", "group", "answer", "person")


@app.command(cls=Command)
def start(
    file: Annotated[Path, typer.Argument()],
    owner: Annotated[str, typer.Option("--as")],
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
) -> None:
    """Start a poll from a file."""
    settings = read_settings()
    filed = read_poll(file)
    college = read_college(settings.college_file).worktime(settings.zone)
    poll, asked = finish(_start(settings, filed, owner, college, store_it=not dry_run))
    plan = planning.next_round(poll.schedule, SystemClock().now(), college, poll.form.days)
    first = f"{plan.opens.astimezone(settings.zone):%Y-%m-%d %H:%M}" if plan else "-"
    said: dict[str, Value] = {
        "title": poll.form.title,
        "id": poll.id,
        "count": asked,
        "first": first,
    }
    key = "poll_command.checked" if dry_run else "poll_command.started"
    screen().print(Texts(settings.coach_title).write(settings.language, key, said))


async def _start(
    settings: Settings, filed: FiledPoll, owner: str, college: WorkTime, *, store_it: bool
) -> tuple[Poll, int]:
    now = SystemClock().now()
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        maker = await work.people.by_identity("", owner)
        audience, strange = _audience(filed.audience, await work.people.units())
        candidates = await load_candidates(work, audience)
        declined = await work.polls.declined()
        asked = len(rules.in_audience(candidates, audience, declined))
        wrong = [*strange, *_wrong(settings, filed, maker, asked, now.astimezone(college.zone))]
        if maker is None or wrong:
            raise PollFileError(wrong)
        poll = Poll(PollId(0), maker.id, filed.form, audience, filed.schedule)
        if store_it:
            poll = await work.polls.add(poll)
            await work.occasions.start(thing_of(poll.id), now)
        return poll, asked


def _wrong(
    settings: Settings, filed: FiledPoll, maker: Person | None, asked: int, local: datetime
) -> Iterable[Say]:
    if maker is None or not maker.acts_as(Role.COORDINATOR):
        yield Say("poll_command.no_coordinator")
    if filed.form.anonymous and not settings.poll_secret.get_secret_value():
        yield Say("poll.form.no_secret")
    found = problems.problems(filed.form, filed.schedule, asked, local.replace(tzinfo=None))
    yield from (Say(f"poll.problem.{one}") for one in found)


def _audience(filed: AudienceFile, units: Units) -> tuple[Audience, list[Say]]:
    """Return who is asked, and the names that the college does not know."""
    places = {one.name: one.id for one in units.locations}
    sectors = {one.name: one.id for one in units.sectors}
    teams = {one.name: one.id for one in units.teams}
    unknown = [
        Say(
            "poll_file.unknown",
            {"where": f"audience.{kind}", "name": name, "known": listed(known)},
        )
        for kind, named, known in (
            ("locations", filed.locations, places),
            ("sectors", filed.sectors, sectors),
            ("teams", filed.teams, teams),
        )
        for name in named
        if name not in known
    ]
    audience = Audience(
        frozenset(filed.roles),
        frozenset(places[name] for name in filed.locations if name in places),
        frozenset(sectors[name] for name in filed.sectors if name in sectors),
        frozenset(teams[name] for name in filed.teams if name in teams),
    )
    return audience, unknown


@app.command("list", cls=Command)
def list_(as_json: bool = AS_JSON) -> None:
    """List the polls and their next round."""
    settings = read_settings()
    college = read_college(settings.college_file).worktime(settings.zone)
    found = finish(_listed(settings, college))
    if as_json:
        screen().print(json.dumps(found))
        return
    texts = Texts(settings.coach_title)
    if not found:
        screen().print(texts.write(settings.language, "poll.list.none", {}))
    for one in found:
        shown = {name: "-" if value is None else value for name, value in one.items()}
        shown["state"] = written(f"poll.state.{one['state']}")
        screen().print(written("poll.row", **shown))


async def _listed(settings: Settings, college: WorkTime) -> list[dict[str, Any]]:
    await schema.require_current(settings.database)
    now = SystemClock().now()
    async with Store.open(settings.database) as store, store.reading() as work:
        going = {one.poll: one for one in await work.polls.open_rounds()}
        return [
            {
                "id": one.id,
                "title": one.form.title,
                "state": "open" if one.id in going else one.state.value,
                "next": plan.opens.astimezone(settings.zone).isoformat() if plan else None,
                "answered": await _answered(work, going.get(one.id)),
            }
            for one in [*await work.polls.polls(), *await work.polls.stopped(EVERY_POLL)]
            for plan in [_next(one, now, college)]
        ]


def _next(one: Poll, now: datetime, college: WorkTime) -> Planned | None:
    if one.state is PollState.STOPPED:
        return None
    return planning.next_round(one.schedule, now, college, one.form.days)


async def _answered(work: Work, one: Round | None) -> int | None:
    if one is None:
        return None
    return sum(each.answered for each in await work.polls.invitations(one.id))


@app.command(cls=Command)
def show(
    which: Annotated[int, typer.Argument(metavar="ID")],
    as_csv: Annotated[bool, typer.Option("--csv")] = False,
    as_json: bool = AS_JSON,
) -> None:
    """Show what came of the rounds that are closed."""
    settings = read_settings()
    finish(_show(settings, PollId(which), as_csv=as_csv, as_json=as_json))


async def _show(settings: Settings, which: PollId, *, as_csv: bool, as_json: bool) -> None:
    await schema.require_current(settings.database)
    texts = Texts(settings.coach_title)
    async with Store.open(settings.database) as store, store.reading() as work:
        if await work.polls.poll(which) is None:
            raise ProblemsError([Say("poll_command.unknown", {"id": which})])
        rounds = await work.polls.rounds_of(which, EVERY_ROUND)
        closed = [one for one in rounds if one.state is RoundState.CLOSED]
        if as_csv:
            await _write(work, closed, settings.zone)
            return
        if as_json:
            screen().print(json.dumps([await _plain(work, one, settings.zone) for one in closed]))
            return
        if not closed:
            said = texts.write(settings.language, "poll.result.nothing_yet", {})
            screen().print(said)
        for one in closed:
            card = await results(work, one, settings.zone, closed)
            for line in render(texts, card).lines[: len(card.blocks)]:
                screen().print(line.text)


async def _plain(work: Work, one: Round, zone: ZoneInfo) -> dict[str, Any]:
    """Return what may be told of a round, as plain values; of a few only how many they are."""
    answers, invited = await work.polls.answers(one.id), await work.polls.invitations(one.id)
    enough = one.answered >= FEWEST
    return {
        "round": _written(moment(one.local, zone), zone),
        "closed": _written(one.closes, zone),
        "asked": one.asked,
        "unreachable": one.unreachable,
        "answered": one.answered,
        "lost": one.lost,
        "questions": [asdict(each) for each in figures(one, answers, invited)] if enough else [],
    }


def _written(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes")


async def _write(work: Work, closed: Sequence[Round], zone: ZoneInfo) -> None:
    rows = list[Sequence[str]]()
    for one in closed:
        answers = await work.polls.answers(one.id)
        who = {each.person for each in answers if each.person}
        names = {person.id: person.name for person in await work.people.by_ids(who)}
        rows += [[safe(part) for part in _row(one, answer, names, zone)] for answer in answers]
    # Not through the terminal, which would break lines its own way.
    typer.echo(sheet(COLUMNS, rows).encode(), nl=False)


def _row(one: Round, answer: Answer, names: dict[PersonId, str], zone: ZoneInfo) -> Sequence[str]:
    asks = one.form.questions[answer.question]
    value = answer.value
    if asks.kind in (Kind.CHOICE, Kind.CHOICES):
        value = " / ".join(asks.options[int(part)] for part in value.split(",") if part)
    name = names.get(answer.person, "") if answer.person else ""
    began, ended = _written(moment(one.local, zone), zone), _written(one.closes, zone)
    # What each group answered, one by one, is more than may be told of it.
    group = "" if one.form.anonymous else answer.group
    return (began, ended, asks.text, group, value, name)
