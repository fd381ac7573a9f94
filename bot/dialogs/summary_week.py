"""All that a weekly summary is made of: what was counted, and what is known beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.dialogs.ports import SummaryWork
from bot.dialogs.walkin_grounds import load_grounds, load_sessions
from bot.people.model import Coach, Units
from bot.summary import rules
from bot.summary.model import EVERYONE, NOWHERE, Audience, Background, Counted, Counts, Helper
from bot.summary.ports import PollRounds
from bot.summary.report import Figures, PollRound
from bot.summary.week import Span, Week
from bot.walkin.slots import slots
from bot.worktime.worktime import WorkTime

SEASON = 4
"""Weeks that are compared with the first so many, for how the role of coaches shifts."""


@dataclass(frozen=True)
class Loaded:
    """A week, with all that its figures follow from; they are worked out for all who read them."""

    week: Week
    span: Span
    counted: Counted
    background: Background
    college: WorkTime
    polls: tuple[PollRound, ...] = ()

    def figures(self, audience: Audience = EVERYONE) -> Figures:
        return self.figures_of([audience])[audience]

    def figures_of(self, audiences: Iterable[Audience]) -> Mapping[Audience, Figures]:
        found = rules.figures(self.counted, self.background, self.college, self.span, audiences)
        # The polls are of all the college.
        return {
            one: each if one.coach else replace(each, polls=self.polls)
            for one, each in found.items()
        }


PollsOf = Callable[[SummaryWork], PollRounds]
"""Returns the rounds of polls that a unit of work reaches."""


@dataclass(frozen=True)
class Weeks:
    """Loads weeks as they are known now, in one unit of work; what they share is read once."""

    work: SummaryWork
    college: WorkTime
    coaches: Sequence[Coach]
    units: Units
    begun: datetime | None
    """When the first message of all was counted."""

    @classmethod
    async def of(cls, work: SummaryWork, college: WorkTime) -> "Weeks":
        coaches, units = await work.people.coaches(), await work.people.units()
        return cls(work, college, coaches, units, await work.figures.first())

    async def load(self, week: Week, polls: Sequence[PollRound] = ()) -> Loaded:
        """Return a week with how help felt in it, and the polls that it is to tell of."""
        found, until = await self.load_counts(week), week.span(self.college.zone).end
        figures = self.work.figures
        rated = replace(
            found.background,
            ratings=tuple(await figures.ratings(found.span)),
            compared=tuple(await figures.compared(until)),
            said=tuple(await figures.said(until)),
        )
        return replace(found, background=rated, polls=tuple(polls))

    async def load_counts(self, week: Week) -> Loaded:
        """Return a week without how help felt, which in a week that was sent stays as it was."""
        span, figures = week.span(self.college.zone), self.work.figures
        first, last = await self._seasons(week)
        background = Background(
            helpers=tuple(map(_helper, self.coaches)),
            locations={one.id: one.name for one in self.units.locations},
            teams={one.id: one.name for one in self.units.teams},
            first_levels=first,
            last_levels=last,
            stale=tuple(await figures.stale(week.sunday + timedelta(days=1))),
            seats=await self._seats(week),
        )
        return Loaded(week, span, await figures.counted(span), background, self.college)

    async def _seasons(self, week: Week) -> tuple[Counts, Counts]:
        """Return the levels of the first weeks and of the last, if they do not overlap."""
        zone, figures = self.college.zone, self.work.figures
        start = Week.of(self.begun.astimezone(zone).date()) if self.begun else week
        early, late = start.back(1 - SEASON), week.back(SEASON - 1)
        if late <= early:
            return {}, {}

        def season(first: Week, last: Week) -> Span:
            return Span(first.span(zone).start, last.span(zone).end)

        first = await figures.levels(season(start, early))
        return first, await figures.levels(season(late, week))

    async def _seats(self, week: Week) -> Mapping[PersonId, int]:
        """Return the seats that each coach offered in walk-in hours."""
        since = week.span(self.college.zone).start
        grounds = await load_grounds(self.work, self.coaches, self.college, since)
        seats = Counter[PersonId]()
        for one in await load_sessions(self.work, grounds, week.monday, week.sunday):
            seats[one.hour.coach] += sum(slot.seats for slot in slots(one))
        return seats


async def load_week(work: SummaryWork, college: WorkTime, week: Week) -> Loaded:
    """Return one week as it is known now, without its polls."""
    return await (await Weeks.of(work, college)).load(week)


def _helper(coach: Coach) -> Helper:
    person = coach.person
    return Helper(person.id, person.name, person.location or NOWHERE, coach.profile.fte)
