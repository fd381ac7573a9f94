"""Reads what a coordinator filled in for a poll, and fills the form in. Pure."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Literal

from bot.core.ids import LocationId, SectorId, TeamId
from bot.core.poll_buttons import SavePoll
from bot.i18n.text import poll_words
from bot.polls.lines import read_lines, write_lines
from bot.polls.model import Audience, Breakdown, ClosedDay, Form, Poll, Schedule
from bot.walkin.hours import read_date, read_time

EVERY = (0, 1, 2, 4, 13, 26, 52)
OPEN_DAYS = (1, 2, 4, 7, 14, 21, 28)
ROLES = ("teacher", "coach", "teacher,coach")
KEEP, EVERYBODY = "keep", "all"
SECRET, NAMED = "secret", "named"
YES, NO = "yes", "no"
LONG_AGO = date(1970, 1, 1)
"""A first day that cannot be read: it is refused, as it lies in the past."""
NO_TIME = time.max
"""A time that cannot be read: it is refused, as it is no whole minute."""


@dataclass(frozen=True)
class Filled:
    """A poll as it was typed: each field as text."""

    title: str
    questions: str
    roles: str
    part: str
    first: str
    at: str
    every: str
    closed_day: str
    days: str
    secrecy: str
    remind: str
    breakdown: str


def filled(poll: Poll, first: date, language: Literal["nl", "en"]) -> Filled:
    """Return a poll as it stands in the form; `first` is the day of the round to come."""
    form, schedule = poll.form, poll.schedule
    return Filled(
        title=form.title,
        questions=write_lines(form.questions, poll_words(), language),
        roles=",".join(sorted(poll.audience.roles, reverse=True)),
        part=_part(poll.audience),
        first=first.isoformat(),
        at=f"{schedule.at:%H:%M}",
        every=str(schedule.every),
        closed_day=schedule.closed_day.value,
        days=str(form.days),
        secrecy=SECRET if form.anonymous else NAMED,
        remind=YES if form.remind else NO,
        breakdown=form.breakdown.value or NO,
    )


def typed(pressed: SavePoll) -> Filled:
    """Return what came back."""
    return Filled(**pressed.model_dump(exclude={"poll", "seen"}))


def read(said: Filled, before: Poll, today: date, *, secret: bool) -> Poll:
    """Return the poll as it was filled in; what cannot be read gets a value that is refused.

    Without `secret` there are no anonymous polls here.
    """
    form = Form(
        title=said.title.strip(),
        questions=read_lines(said.questions, poll_words()),
        anonymous=secret and said.secrecy != NAMED,
        days=_whole(said.days),
        remind=said.remind != NO,
        breakdown=_breakdown(said.breakdown),
    )
    schedule = Schedule(
        first=read_date(said.first, today) or LONG_AGO,
        at=_time(said.at),
        every=_whole(said.every),
        closed_day=ClosedDay.SKIP if said.closed_day == ClosedDay.SKIP else ClosedDay.MOVE,
    )
    return replace(before, form=form, schedule=schedule, audience=_audience(said, before.audience))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else -1


def _time(text: str) -> time:
    """Read a time of day, with or without the word for it behind."""
    return read_time(text) or read_time(text.strip().lower().removesuffix("uur")) or NO_TIME


def _breakdown(text: str) -> Breakdown:
    return Breakdown(text) if text in {*Breakdown} else Breakdown.NONE


def _part(audience: Audience) -> str:
    """Return the one unit that is asked, as the list of the form names it."""
    units = [
        *(f"l:{one}" for one in audience.locations),
        *(f"s:{one}" for one in audience.sectors),
        *(f"t:{one}" for one in audience.teams),
    ]
    return units[0] if len(units) == 1 else KEEP if units else EVERYBODY


def _audience(said: Filled, before: Audience) -> Audience:
    roles = frozenset(said.roles.split(",")) if said.roles in ROLES else before.roles
    if said.part == EVERYBODY:
        return Audience(roles)
    kind, _, number = said.part.partition(":")
    which = _whole(number)
    match kind:
        case "l":
            return Audience(roles, locations=frozenset({LocationId(which)}))
        case "s":
            return Audience(roles, sectors=frozenset({SectorId(which)}))
        case "t":
            return Audience(roles, teams=frozenset({TeamId(which)}))
        case _:  # also what a list leaves empty: never more people than there were
            return replace(before, roles=roles)
