"""Time as something that is handed in, so that a test or the demo can move it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; always aware, always UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class MovableClock:
    """Real time plus an offset that only grows: the demo's `/tijd +2d`, and a test's clock."""

    base: Clock = field(default_factory=SystemClock)
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return self.base.now() + self.offset

    def move_to(self, moment: datetime) -> None:
        """Move forward to `moment`; a moment in the past changes nothing."""
        self.offset += max(moment - self.now(), timedelta())
