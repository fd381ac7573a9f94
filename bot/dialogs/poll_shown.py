"""All that is told of a poll to who makes it: whom it reaches, when, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.core.ids import RoundId
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.ports import TurnWork
from bot.people.model import Units
from bot.polls import planning, problems, rules
from bot.polls.model import Candidate, Planned, Poll, PollState, Round
from bot.polls.problems import Problem
from bot.worktime.worktime import WorkTime

YEAR = timedelta(days=366)
FAR = 70
"""So many days ahead there is an open one, unless a college is closed for good."""


@dataclass(frozen=True)
class Shown:
    """A poll with all that is told of it. `groups` are those it is split by, after merging.

    `moved` is the next round that a closed day moves, if there is one within a year; `instead` is
    the one that comes instead of it, when that is soon after.
    """

    poll: Poll
    asked: int = 0
    reached: int = 0
    groups: tuple[str, ...] = ()
    following: Planned | None = None
    closes: datetime | None = None
    moved: Planned | None = None
    instead: Planned | None = None
    open: Round | None = None
    answered: int = 0
    problems: tuple[Problem, ...] = ()
    units: Units = field(default_factory=Units)


async def load_row(work: TurnWork, poll: Poll, college: WorkTime, now: datetime) -> Shown:
    """Return what a list tells of a poll."""
    running = await load_open(work, poll)
    invited = await work.polls.invitations(running.id) if running else ()
    answered = sum(one.answered for one in invited)
    return Shown(poll, following=following(poll, college, now), open=running, answered=answered)


async def load_open(work: TurnWork, poll: Poll) -> Round | None:
    """Return the round of a poll that is open."""
    return next((one for one in await work.polls.open_rounds() if one.poll == poll.id), None)


async def load_shown(work: TurnWork, poll: Poll, college: WorkTime, now: datetime) -> Shown:
    """Return all that is told of a poll; what is wrong is told of a draft."""
    row, asked = await load_row(work, poll, college, now), await load_asked(work, poll)
    reached = await work.addresses.can_be_told([one.person for one in asked])
    draft, moved = poll.state is PollState.DRAFT, _moved(poll, college, now)
    return replace(
        row,
        asked=len(asked),
        reached=len(reached),
        groups=tuple(sorted({*rules.groups(asked, poll.form.breakdown).values()})),
        closes=_closes(poll, row.following, college),
        moved=moved,
        instead=moved and planning.instead(moved, poll.schedule, college, poll.form.days),
        problems=tuple(wrong_with(poll, asked, college, now)) if draft else (),
        units=await work.people.units(),
    )


async def load_asked(work: TurnWork, poll: Poll) -> list[Candidate]:
    """Return who would be asked now."""
    found = await load_candidates(work, poll.audience)
    return rules.in_audience(found, poll.audience, await work.polls.declined())


def wrong_with(
    poll: Poll, asked: Sequence[Candidate], college: WorkTime, now: datetime
) -> list[Problem]:
    """Return why a poll cannot be as it is."""
    local = now.astimezone(college.zone).replace(tzinfo=None)
    return problems.problems(poll.form, poll.schedule, len(asked), local)


def following(poll: Poll, college: WorkTime, now: datetime) -> Planned | None:
    """Return the round to come, if the poll goes on."""
    if poll.state is PollState.STOPPED:
        return None
    return planning.next_round(poll.schedule, now, college, poll.form.days)


def first_day(poll: Poll, running: Round | None, college: WorkTime, now: datetime) -> date:
    """Return the day of the round to come, as the form of a poll names it: never a past one.

    It is that of the schedule, or the one to which a holiday moves it. When there is no round to
    come it is the next open day, after the round that is open.
    """
    plan, zone = following(poll, college, now), college.zone
    if plan:
        passed = plan.local <= now.astimezone(zone).replace(tzinfo=None)
        return plan.opens.astimezone(zone).date() if passed else plan.local.date()
    since = max(now, running.closes) if running else now
    ahead = [since.astimezone(zone).date() + timedelta(number + 1) for number in range(FAR)]
    return next(filter(college.open_on, ahead), ahead[0])


def _closes(poll: Poll, plan: Planned | None, college: WorkTime) -> datetime | None:
    if plan is None:
        return None
    said = Round(RoundId(0), poll.id, plan.local, poll.form, plan.opens, plan.opens)
    return planning.opening(said, plan, poll.schedule, college).closes


def _moved(poll: Poll, college: WorkTime, now: datetime) -> Planned | None:
    """Return the next round within a year that a closed day moves."""
    rounds = planning.planned(poll.schedule, now, college)
    year = takewhile(lambda one: one.opens < now + YEAR, rounds)
    zone = college.zone
    moves = (one for one in year if one.local.date() != one.opens.astimezone(zone).date())
    return next(moves, None)
