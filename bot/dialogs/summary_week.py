"""All that a weekly summary is made of: what was counted, and what is known beside it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.ids import LocationId, PersonId
from bot.dialogs.ports import SummaryWork
from bot.dialogs.walkin_grounds import load_grounds, load_sessions
from bot.people.model import Coach
from bot.summary import rules
from bot.summary.model import (
    EVERYONE,
    NOWHERE,
    Audience,
    Background,
    Counted,
    Figures,
    Helper,
    PollRound,
    Rating,
    Span,
    Week,
)
from bot.summary.ports import PollRounds
from bot.walkin.slots import slots
from bot.worktime.worktime import WorkTime

SEASON = 4
"""Weeks that are compared with the first so many, for how the role of coaches shifts."""


@dataclass(frozen=True)
class Loaded:
    """A week, with all that its figures follow from; they are worked out for each audience."""

    week: Week
    span: Span
    counted: Counted
    background: Background
    college: WorkTime
    polls: tuple[PollRound, ...] = ()

    def figures(self, audience: Audience = EVERYONE) -> Figures:
        found = rules.figures(self.counted, self.background, self.college, self.span, audience)
        # The polls are of all the college.
        return found if audience.coach else replace(found, polls=self.polls)


PollsOf = Callable[[SummaryWork], PollRounds]
"""Returns the rounds of polls that a unit of work reaches."""


async def load_week(
    work: SummaryWork,
    college: WorkTime,
    week: Week,
    polls: PollsOf | None = None,
    later: Loaded | None = None,
) -> Loaded:
    """Return a week as it is known now; ratings are many, and a `later` week knows them already."""
    span = week.span(college.zone)
    coaches, units = await work.people.coaches(), await work.people.units()
    first, last = await _seasons(work, college, week)
    background = Background(
        helpers=tuple(_helper(one) for one in coaches),
        locations={one.id: one.name for one in units.locations},
        teams={one.id: one.name for one in units.teams},
        ratings=await _ratings(work, span, later),
        said=await _said(work, span, later),
        first_levels=first,
        last_levels=last,
        stale=tuple(await work.figures.stale(week.sunday + timedelta(days=1))),
        seats=await _seats(work, coaches, college, week),
    )
    rounds = tuple(await polls(work).closed_in(span)) if polls else ()
    return Loaded(week, span, await work.figures.counted(span), background, college, rounds)


async def _ratings(work: SummaryWork, span: Span, later: Loaded | None) -> tuple[Rating, ...]:
    if later is None:
        return tuple(await work.figures.ratings(span.end))
    return tuple(one for one in later.background.ratings if one.at < span.end)


async def _said(work: SummaryWork, span: Span, later: Loaded | None) -> tuple[Rating, ...]:
    if later is None:
        return tuple(await work.figures.said(span.end))
    return tuple(one for one in later.background.said if one.at < span.end)


def _helper(coach: Coach) -> Helper:
    person = coach.person
    return Helper(person.id, person.name, person.location or NOWHERE, coach.profile.fte)


Levels = Mapping[LocationId, Counter[str]]


async def _seasons(work: SummaryWork, college: WorkTime, week: Week) -> tuple[Levels, Levels]:
    """Return the levels of the first weeks and of the last, if they do not overlap."""
    begun = await work.figures.first()
    start = Week.of(begun.astimezone(college.zone).date()) if begun else week
    early, late = start.back(1 - SEASON), week.back(SEASON - 1)
    if late <= early:
        return {}, {}

    def season(first: Week, last: Week) -> Span:
        return Span(first.span(college.zone).start, last.span(college.zone).end)

    first = await work.figures.levels(season(start, early))
    return first, await work.figures.levels(season(late, week))


async def _seats(
    work: SummaryWork, coaches: Sequence[Coach], college: WorkTime, week: Week
) -> Mapping[PersonId, int]:
    """Return the seats that each coach offered in walk-in hours."""
    grounds = await load_grounds(work, coaches, college, week.span(college.zone).start)
    seats = Counter[PersonId]()
    for one in await load_sessions(work, grounds, week.monday, week.sunday):
        seats[one.hour.coach] += sum(slot.seats for slot in slots(one))
    return seats
