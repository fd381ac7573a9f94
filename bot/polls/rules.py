"""Decides about polls: what can be asked, of whom, when a round opens, reminds and closes. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count, dropwhile, takewhile
from typing import assert_never

from bot.core.ids import PersonId
from bot.polls.disclosure import merged
from bot.polls.model import (
    Asks,
    Audience,
    Breakdown,
    Candidate,
    ClosedDay,
    Form,
    Goal,
    Kind,
    Planned,
    Round,
    Schedule,
)
from bot.worktime.local import moment
from bot.worktime.worktime import WorkTime

FEWEST_PEOPLE = 5
"""Fewer are never asked: everybody would know who said what."""
MOST_QUESTIONS = 10
OPTIONS = range(2, 11)
DAYS = range(1, 29)
WEEKS = range(53)
SCALE = range(1, 6)
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_OPTION, LONGEST_ANSWER = 80, 300, 80, 1_000
LARGEST_NUMBER = 9_999
FARTHEST_FIRST = timedelta(days=731)
FURTHEST = timedelta(weeks=10)
"""A round that would move further, over more closed days than these, is skipped."""
ON_TIME = timedelta(minutes=15)
"""So much later what is told at its time may be told still, at night too when that was chosen."""
OTHER = "*"
"""The name under which groups that are too small count together."""
DAY = timedelta(days=1)


class Problem(StrEnum):
    """Why a poll cannot be as it is; the sentences stand under `poll.problem` in the catalogues."""

    TITLE = "title"
    QUESTIONS = "questions"
    TEXT = "text"
    OPTIONS = "options"
    GOAL = "goal"
    DAYS = "days"
    WEEKS = "weeks"
    OVERLAP = "overlap"
    TIME = "time"
    PAST = "past"
    FAR = "far"
    PEOPLE = "people"


def problems(form: Form, schedule: Schedule, asked: int, now: datetime) -> list[Problem]:
    """Return all that is wrong with a poll, of which so many people would be asked.

    `now` is local and without a zone.
    """
    wrong = {
        Problem.TITLE: not 0 < len(form.title.strip()) <= LONGEST_TITLE,
        Problem.QUESTIONS: not 0 < len(form.questions) <= MOST_QUESTIONS,
        Problem.DAYS: form.days not in DAYS,
        Problem.WEEKS: schedule.every not in WEEKS,
        Problem.OVERLAP: 0 < schedule.every * 7 < form.days,
        Problem.TIME: schedule.at != schedule.at.replace(second=0, microsecond=0),
        Problem.PAST: datetime.combine(schedule.first, schedule.at) <= now,
        Problem.FAR: schedule.first > now.date() + FARTHEST_FIRST,
        Problem.PEOPLE: asked < FEWEST_PEOPLE,
    }
    found = {one for one, is_so in wrong.items() if is_so}
    found.update(problem for one in form.questions for problem in _wrong(one))
    return [one for one in Problem if one in found]


def _wrong(asks: Asks) -> Iterator[Problem]:
    if not 0 < len(asks.text.strip()) <= LONGEST_QUESTION:
        yield Problem.TEXT
    chosen = asks.kind in (Kind.CHOICE, Kind.CHOICES)
    if chosen is not bool(asks.options) or (chosen and not _fit(asks.options)):
        yield Problem.OPTIONS
    if asks.goal and not _reachable(asks.goal, asks):
        yield Problem.GOAL


def _fit(options: Sequence[str]) -> bool:
    lengths = all(0 < len(one.strip()) <= LONGEST_OPTION for one in options)
    return lengths and len(options) in OPTIONS and len(set(options)) == len(options)


def _reachable(goal: Goal, asks: Asks) -> bool:
    most = {
        Kind.SCALE: max(SCALE),
        Kind.CHOICES: len(asks.options),
        Kind.NUMBER: LARGEST_NUMBER,
    }.get(asks.kind, 0)
    # A share of 0 aims at a mean, which options have not.
    aims = 0 < goal.share <= 1 or (goal.share == 0 and asks.kind is not Kind.CHOICES)
    return aims and 1 <= goal.least <= most


def in_audience(
    candidates: Collection[Candidate], audience: Audience, declined: Collection[PersonId]
) -> list[Candidate]:
    """Return who is asked, in order of person: not who declined."""
    found = [one for one in candidates if one.person not in declined and _belongs(one, audience)]
    return sorted(found, key=lambda one: one.person)


def _belongs(one: Candidate, audience: Audience) -> bool:
    return bool(
        one.roles & audience.roles
        and (not audience.locations or one.location in audience.locations)
        and (not audience.sectors or one.sectors & audience.sectors)
        and (not audience.teams or one.teams & audience.teams)
    )


def groups(asked: Collection[Candidate], breakdown: Breakdown) -> Mapping[PersonId, str]:
    """Return the group under which each counts; an empty name for all is no breakdown."""
    if breakdown is Breakdown.NONE:
        return {one.person: "" for one in asked}
    own = {one.person: one.groups.get(breakdown, "") or OTHER for one in asked}
    under = merged(sorted(Counter(own.values()).items()), OTHER)
    return {person: under[name] for person, name in own.items()}


def planned(schedule: Schedule, after: datetime, college: WorkTime) -> Iterator[Planned]:
    """Yield the rounds that open after `after` (aware), in order; several can be at one moment.

    That is so when closed days move them to the same open day: the last one counts.
    """
    found = (_planned(schedule, local, college) for local in _locals(schedule, after, college))
    return dropwhile(lambda one: one.opens <= after, filter(None, found))


def due(schedule: Schedule, after: datetime, until: datetime, college: WorkTime) -> list[Planned]:
    """Return the rounds that open after `after` up to and with `until`."""
    return list(takewhile(lambda one: one.opens <= until, planned(schedule, after, college)))


def next_round(
    schedule: Schedule, after: datetime, college: WorkTime, days: int = 0
) -> Planned | None:
    """Return the next round to open after then; the last of those of the same moment.

    Of rounds that are open for so many `days`, not one that makes way for the next.
    """
    rounds = planned(schedule, after, college)
    kept = (one for one in rounds if not makes_way(one, schedule, college, days))
    first = next(kept, None)
    same = takewhile(lambda one: first is not None and one.opens == first.opens, kept)
    return next(iter(reversed([*same])), first)


def makes_way(plan: Planned, schedule: Schedule, college: WorkTime, days: int) -> bool:
    """Tell whether a round that closed days moved is one with the next, which opens soon after it.

    Soon is within half of its days: people would be asked the same twice in a few days.
    """
    if plan.opens == moment(plan.local, college.zone):
        return False
    half = timedelta(days=min(days, schedule.every * 7)) / 2
    soon = due(schedule, plan.opens, plan.opens + half, college)
    return any(not makes_way(one, schedule, college, days) for one in soon)


def _locals(schedule: Schedule, after: datetime, college: WorkTime) -> Iterator[datetime]:
    start = datetime.combine(schedule.first, schedule.at)
    if schedule.every < 1:
        return iter((start,))
    since = after.astimezone(college.zone).replace(tzinfo=None) - FURTHEST - DAY
    step = timedelta(weeks=schedule.every)
    passed = max(0, (since - start) // step)
    # A year of which no round takes place, as in a college that is closed for good, ends it.
    last = max(since, start) + FURTHEST + timedelta(days=731)
    return takewhile(lambda one: one <= last, (start + step * number for number in count(passed)))


def _planned(schedule: Schedule, local: datetime, college: WorkTime) -> Planned | None:
    day = _open_day(schedule, local.date(), college)
    if day is None:
        return None
    return Planned(local, moment(datetime.combine(day, local.time()), college.zone))


def _open_day(schedule: Schedule, day: date, college: WorkTime) -> date | None:
    if schedule.closed_day is ClosedDay.SKIP:
        return day if college.open_on(day) else None
    return _first_open(day, college)


def _first_open(day: date, college: WorkTime) -> date | None:
    ahead = (day + DAY * number for number in range(FURTHEST // DAY + 1))
    return next(filter(college.open_on, ahead), None)


def lateness(form: Form, plan: Planned, schedule: Schedule, college: WorkTime) -> timedelta:
    """Return how long after its time a round still makes sense: half of when it is open."""
    return (_closing(plan.opens, form.days, form.days, schedule, college) - plan.opens) / 2


def may_tell(planned_at: datetime, now: datetime, college: WorkTime) -> datetime:
    """Return when people may be told what was to be told at a moment: when late, at work only."""
    return now if now - planned_at <= ON_TIME else college.next_open(now) or now


def planned_at(poll_round: Round, college: WorkTime) -> datetime:
    """Return when a round was to open: its time, on its day or the first open one after it."""
    day = _first_open(poll_round.local.date(), college) or poll_round.local.date()
    return moment(datetime.combine(day, poll_round.local.time()), college.zone)


def opening(poll_round: Round, plan: Planned, schedule: Schedule, college: WorkTime) -> Round:
    """Return a round with the moments at which it reminds and closes.

    It closes at its time of day, `days` after it was to open or on the first open day after that,
    and at the latest when the next one opens. The reminder is halfway from when people are told,
    at a working moment.
    """
    form = poll_round.form
    closes = _closing(plan.opens, form.days, form.days, schedule, college)
    begins = may_tell(plan.opens, poll_round.opened, college)
    half = begins + (closes - begins) / 2
    halfway = (college.next_open(half) or half).replace(second=0, microsecond=0).astimezone(UTC)
    reminds = halfway if form.remind and begins < halfway < closes else None
    return replace(poll_round, closes=closes, reminds=reminds)


def begun_anew(poll_round: Round, schedule: Schedule, now: datetime, college: WorkTime) -> Round:
    """Return an open round of which the votes are lost: all are told again, and have time.

    That is half of its days from now, at least; the next one does not wait for it.
    """
    days = poll_round.form.days
    closes = _closing(now, days / 2, days, schedule, college)
    closes = max(poll_round.closes, closes)
    return replace(poll_round, lost=True, told=False, reminds=None, closes=closes)


def _closing(
    since: datetime, after: float, days: int, schedule: Schedule, college: WorkTime
) -> datetime:
    """Return when a round closes that is open from `since` on, for `after` days of its `days`."""
    ends = since.astimezone(college.zone).replace(tzinfo=None) + after * DAY
    day = _first_open(ends.date(), college) or ends.date()
    closes = moment(datetime.combine(day, ends.time()), college.zone)
    following = next_round(schedule, since, college, days)
    return min(closes, following.opens) if following else closes


def tidy(kind: Kind, value: str) -> str:
    """Return what was filled in as it is stored: no blanks around it, choices in order."""
    text = value.strip()
    parts = [one.strip() for one in text.split(",") if one.strip()]
    if kind is Kind.NUMBER and text.isdecimal():
        return str(int(text))
    if kind is Kind.CHOICES and all(one.isdecimal() for one in parts):
        return ",".join(str(one) for one in sorted({int(one) for one in parts}))
    return text


def answers(form: Form, question: int, value: str) -> bool:
    """Tell whether a form has the question, and what came back is an answer to it."""
    return question in range(len(form.questions)) and fits(form.questions[question], value)


def fits(asks: Asks, value: str) -> bool:
    """Tell whether what came back answers a question; an empty text answers choices alone."""
    match asks.kind:
        case Kind.SCALE:
            return value in {str(one) for one in SCALE}
        case Kind.CHOICE:
            return value in {str(one) for one in range(len(asks.options))}
        case Kind.CHOICES:
            known = [str(one) for one in range(len(asks.options))]
            chosen = value.split(",") if value else []
            return chosen == [one for one in known if one in chosen]
        case Kind.NUMBER:
            whole = value.isascii() and value.isdigit()
            return whole and str(int(value)) == value and int(value) <= LARGEST_NUMBER
        case Kind.OPEN:
            return 0 < len(value) <= LONGEST_ANSWER
        case _:
            assert_never(asks.kind)
