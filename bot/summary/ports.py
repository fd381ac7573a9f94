"""What this feature needs of a store, and of what others hold."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.ids import RoundId
from bot.summary.model import Counted, Counts, Rating, Said, Stale
from bot.summary.report import Figures, PollRound, Sent
from bot.summary.week import Span, Week


class Counting(Protocol):
    """Counts what happened. A location is that of who asked, as it is known now."""

    async def counted(self, span: Span) -> Counted:
        """Return all that was counted from `span.start` until `span.end`."""
        ...

    async def levels(self, span: Span) -> Counts:
        """Return the levels of the questions that were sent to coaches."""
        ...

    async def ratings(self, span: Span) -> Sequence[Rating]:
        """Return how near the help felt, of each question whose last rating was given then."""
        ...

    async def compared(self, until: datetime) -> Sequence[Rating]:
        """Return the last rating of each question of whose help it was worked out how near it was.

        Not of a question that was rated again since.
        """
        ...

    async def said(self, until: datetime) -> Sequence[Said]:
        """Return every rating as it was given, the oldest first.

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

    async def closed_in(
        self, span: Span, told: Collection[RoundId | None] = ()
    ) -> Sequence[PollRound]:
        """Return the rounds that closed then and were not told before, in order of closing."""
        ...


class SentWork(Protocol):
    """A unit of work that reaches what was sent."""

    @property
    def summaries(self) -> Summaries: ...
