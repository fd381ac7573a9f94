"""Where walk-in hours take place, and until when their coach is there. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import PersonId
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class Leave:
    """Somebody is away from `start` until `until`; None: until further notice."""

    start: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Grounds:
    """The college, the working time `at` the location of each coach, and when who is away.

    A coach who left has no location.
    """

    college: WorkTime
    at: Callable[[PersonId], WorkTime | None]
    leaves: Mapping[PersonId, Sequence[Leave]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return self.college.zone

    def of(self, coach: PersonId) -> WorkTime:
        """Return the working time at the location of a coach; the college's when they left."""
        return self.at(coach) or self.college

    def held(self, coach: PersonId, starts: datetime, ends: datetime) -> datetime:
        """Return until when a coach holds an hour of that day; `starts`: not at all.

        That is on no closed day, and until they go away. Leave that is over before the hour is,
        stops nothing: who is back holds what is left of it.
        """
        there = self.at(coach)
        if there is None or there.closures.on(starts.astimezone(self.zone).date()):
            return starts
        away = (
            max(one.start, starts)
            for one in self.leaves.get(coach, ())
            if one.until is None or one.until >= ends
        )
        return min((ends, *away))

    def off(self, coach: PersonId, day: date) -> bool:
        """Tell whether a coach holds no more hours on a day: who comes back during it, does."""
        begins, ends = (
            datetime.combine(one, time(), self.zone) for one in (day, day + timedelta(days=1))
        )
        return self.held(coach, begins, ends) < ends
