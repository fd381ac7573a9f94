"""Time for tests: it stands still until it is moved, so no test depends on when it runs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.core.clock import SystemClock

ZONE = ZoneInfo("Europe/Amsterdam")
WORKDAY = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday morning, half past ten in Amsterdam."""


@dataclass
class Still:
    """A clock that stands still until it is moved."""

    moment: datetime = WORKDAY

    def now(self) -> datetime:
        return self.moment


def today() -> date:
    """Return the real date at the college: for what a command looks up by itself."""
    return SystemClock().now().astimezone(ZONE).date()
