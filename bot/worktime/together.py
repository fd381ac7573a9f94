"""The working time of several people together: it passes while one of them is at work. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge

from bot.worktime.worktime import LOOK_AHEAD, MINUTE, WorkTime

Span = tuple[datetime, datetime]
Leave = tuple[datetime, datetime | None]
"""From and until when somebody is away; None: until further notice."""


@dataclass(frozen=True)
class Hours:
    """When somebody works from `since` on, but for their leave."""

    work: WorkTime
    since: datetime
    leave: Sequence[Leave] = ()

    def spans(self) -> Iterator[Span]:
        """Yield when they work, in UTC and in order, for two years."""
        since = self.since.astimezone(UTC)
        for opens, closes in self.work.spans(since, since + LOOK_AHEAD):
            yield from _without(self.leave, (max(opens, since), closes))


def after_together(people: Iterable[Hours], minutes: float) -> datetime | None:
    """Return by when one of them at least was at work for so many minutes in all.

    None when that is not within two years.
    """
    left, past = minutes * MINUTE, datetime.min.replace(tzinfo=UTC)
    for opens, closes in merge(*(one.spans() for one in people)):
        # What somebody else worked already counts once.
        begin = max(opens, past)
        if closes <= begin:
            continue
        if left <= closes - begin:
            return begin + left
        left -= closes - begin
        past = closes
    return None


def _without(leave: Sequence[Leave], span: Span) -> Iterator[Span]:
    """Yield what is left of a span of work."""
    begin, end = span
    for start, until in sorted(leave, key=lambda one: one[0]):
        if start > begin:
            yield from _if_any(begin, min(start, end))
        if until is None:
            end = min(end, start)
        elif until > begin and start < end:
            begin = until
    yield from _if_any(begin, end)


def _if_any(begin: datetime, end: datetime) -> Iterator[Span]:
    if timedelta() < end - begin:
        yield begin, end
