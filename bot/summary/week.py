"""A week as people count them: from Monday, in local time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = 7


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week (ISO 8601), Monday to Sunday in local time; `year` is the week's own."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        found = day.isocalendar()
        return cls(found.year, found.week)

    @classmethod
    def read(cls, text: str) -> "Week":
        """Read `2026-W47`; raises ValueError for what is no week."""
        year, _, number = text.strip().upper().partition("-W")
        if not (len(year) == len("2026") and year.isdecimal() and number.isdecimal()):
            raise ValueError("a week is written as 2026-W47")
        return cls.of(date.fromisocalendar(int(year), int(number), 1))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    def back(self, weeks: int = 1) -> "Week":
        return Week.of(self.monday - timedelta(weeks=weeks))

    def span(self, zone: ZoneInfo) -> "Span":
        """Return from when until when it lasts: an hour more or less when the clock changes."""
        first, next_one = self.monday, self.monday + timedelta(days=DAYS)
        return Span(_midnight(first, zone), _midnight(next_one, zone))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Span:
    """From a moment until another, which is not in it any more."""

    start: datetime
    end: datetime
