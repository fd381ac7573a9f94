"""What this feature needs of a store, and of what others hold."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.summary.model import Counted, Counts, Rating, Span, Stale


class Counting(Protocol):
    """Counts what happened. A location is that of who asked, as it is known now."""

    async def counted(self, span: Span) -> Counted:
        """Return all that was counted from `span.start` until `span.end`."""
        ...

    async def levels(self, span: Span) -> Counts:
        """Return the levels of the questions that were sent to coaches."""
        ...

    async def ratings(self, until: datetime) -> Sequence[Rating]:
        """Return how near the help felt, by each question's last rating, the oldest first."""
        ...

    async def stale(self, day: date) -> Sequence[Stale]:
        """Return the entries that should have been looked at again before a day."""
        ...

    async def first(self) -> datetime | None:
        """Return when the first message of all was counted; None before that."""
        ...
