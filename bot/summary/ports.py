"""What this feature needs of a store, and of what others hold."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.summary.model import Counted, Counts, Figures, PollRound, Rating, Sent, Span, Stale, Week


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

    async def said(self, until: datetime) -> Sequence[Rating]:
        """Return every rating as it was given, the oldest first: of the team and coach of then.

        Nothing takes one away or changes one: neither a later rating nor opening a question again.
        """
        ...

    async def stale(self, day: date) -> Sequence[Stale]:
        """Return the entries that should have been looked at again before a day."""
        ...

    async def first(self) -> datetime | None:
        """Return when the first message of all was counted; None before that."""
        ...


class Summaries(Protocol):
    """What was sent, a row a week and audience."""

    async def add(self, sent: Sent) -> bool:
        """Store what is sent; False, and nothing, when that week was sent to them before."""
        ...

    async def get(self, week: Week, audience: str) -> Sent | None: ...

    async def last(self, audience: str) -> Sent | None:
        """Return the newest week that was sent to an audience."""
        ...

    async def newest(self, audience: str, most: int) -> Sequence[Sent]:
        """Return the newest weeks that were sent to an audience, the newest first."""
        ...

    async def correct(self, week: Week, audience: str, figures: Figures, at: datetime) -> None:
        """Store how the figures of a week are since they changed; what was sent stays."""
        ...


class PollRounds(Protocol):
    """What the polls hold."""

    async def closed_in(self, span: Span) -> Sequence[PollRound]:
        """Return the rounds that closed in a week, in order of closing."""
        ...


class SentWork(Protocol):
    """A unit of work that reaches what was sent."""

    @property
    def summaries(self) -> Summaries: ...
