"""Working time: whether it is now, how much of it passed, and when it is again.

Hours are local, so that 09:00 is 09:00 before and after the clock changes; a day on which it does
has as many working minutes as really pass between its first and last hour. An hour that the clock
skips or repeats is read as Python does (PEP 495): the skipped one as if the clock had not changed,
of the repeated one the first. All moments that are returned are in UTC.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.core.moments import WEEK
from bot.worktime.closures import Closed, Closures
from bot.worktime.week import OFFICE, Week, read_week

LOOK_AHEAD = timedelta(days=731)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class WorkTime:
    """The working time of a college, or of one coach in it."""

    zone: ZoneInfo
    week: Week = field(default_factory=lambda: read_week(OFFICE))
    closures: Closures = field(default_factory=Closures)
    closed_at: Mapping[str, tuple[Closed, ...]] = field(default_factory=dict)
    """What is closed at one location alone, such as the school holidays of its region."""

    def of(self, pattern: Mapping[str, str], location: str = "") -> "WorkTime":
        """Return that of a coach with a weekly pattern of their own, at their location.

        It may reach outside the hours of the college; an empty pattern means those hours.
        """
        own = replace(self, week=read_week(pattern)) if pattern else self
        closed = self.closed_at.get(location, ())
        if not closed:
            return own
        closures = replace(self.closures, own=(*self.closures.own, *closed))
        return replace(own, closures=closures)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether a moment is working time; the last moment of an hour is not in it."""
        span = self._span(self._day(moment))
        return span is not None and span[0] <= moment.astimezone(UTC) < span[1]

    def open_on(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return self._span(day) is not None

    def until(self, moment: datetime) -> datetime | None:
        """Return when the working hours of that day end; None when there are none left in it."""
        span = self._span(self._day(moment))
        return span[1] if span and moment.astimezone(UTC) < span[1] else None

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Return how many working minutes lie between two moments; 0 when `end` is the first."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        worked = timedelta()
        for opens, closes in self._spans(self._day(start), self._day(end)):
            worked += max(min(closes, last) - max(opens, first), timedelta())
        return worked / MINUTE

    def after(self, start: datetime, minutes: float) -> datetime | None:
        """Return the first working moment by which so many working minutes have passed.

        At closing time that is the next opening. None when there is none within two years, as in
        a college that is always closed.
        """
        begin, left = start.astimezone(UTC), max(minutes, 0) * MINUTE
        day = self._day(start)
        for opens, closes in self._spans(day, day + LOOK_AHEAD):
            begin = max(begin, opens)
            if begin + left < closes:
                return begin + left
            left -= max(closes - begin, timedelta())
        return None

    def days_after(self, start: datetime, days: int) -> datetime | None:
        """Return the same time of day so many open days later, or the next opening after it.

        What starts at night, on a closed day or in a holiday counts from the next open day on.
        None when there is no such day within two years.
        """
        day = self._day(start)
        later = self._spans(day + timedelta(days=1), day + LOOK_AHEAD)
        found = next(islice(later, max(days - 1, 0), None), None)
        if found is None:
            return None
        hour = start.astimezone(self.zone).time()
        same = datetime.combine(self._day(found[0]), hour, self.zone)
        return self.next_open(max(found[0], same))

    def next_open(self, moment: datetime) -> datetime | None:
        """Return the first working moment from then on: `moment` itself when it is one."""
        return self.after(moment, 0)

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield when work begins and ends on each day that holds a moment between two, in UTC."""
        return self._spans(self._day(start), self._day(end))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _spans(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        for number in range((last - first).days + 1):
            span = self._span(first + timedelta(days=number))
            if span:
                yield span

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when work begins and ends on a day. In UTC: only there is the clock even."""
        hours = self.week.get(WEEK[day.weekday()])
        if hours is None or self.closures.on(day):
            return None
        opens = datetime.combine(day, hours.start, self.zone).astimezone(UTC)
        closes = datetime.combine(day, hours.end, self.zone).astimezone(UTC)
        return (opens, closes) if opens < closes else None
