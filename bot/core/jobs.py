"""What is due now and then, and how time passes over it: from due moment to due moment."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol


class Job(Protocol):
    """Something that is due now and then. It may run twice without harm."""

    async def next_due(self, after: datetime) -> datetime | None:
        """Return when it is due next after then; None when nothing is in sight."""
        ...

    async def run(self, now: datetime) -> Any: ...


async def run_due(jobs: Sequence[Job], since: datetime, until: datetime) -> AsyncIterator[datetime]:
    """Run jobs at `since`, and at each moment up to `until` that one is due, in order.

    Yields each such moment before they run, so that the caller can move the clock there.
    """
    moment = since
    while True:
        for job in jobs:
            await job.run(moment)
        found = [due for job in jobs if (due := await job.next_due(moment)) is not None]
        if not found or min(found) > until:
            return
        moment = min(found)
        yield moment
