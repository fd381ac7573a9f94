"""Decides when a round of a poll opens, reminds and closes, through closed days. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, dropwhile, takewhile

from bot.polls.model import ClosedDay, Form, Planned, Round, Schedule
from bot.worktime.local import moment
from bot.worktime.worktime import WorkTime

FURTHEST = timedelta(weeks=10)
"""A round that would move further, over more closed days than these, is skipped."""
ON_TIME = timedelta(minutes=15)
"""So much later what is told at its time may be told still, at night too when that was chosen."""
DAY = timedelta(days=1)


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


def instead(plan: Planned, schedule: Schedule, college: WorkTime, days: int) -> Planned | None:
    """Return the round that comes instead of one that makes way, or nothing: it comes itself."""
    if not makes_way(plan, schedule, college, days):
        return None
    return next_round(schedule, plan.opens, college, days)


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
