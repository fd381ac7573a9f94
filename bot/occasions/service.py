"""Lets a use case happen at its local times, each once, whoever else looks at the same time."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.occasions import rules
from bot.occasions.model import Occasion, Rule, State
from bot.occasions.ports import OccasionWork

log = logging.getLogger(__name__)
Work = TypeVar("Work", bound=OccasionWork)
Recorded = tuple[Occasion, State]


@dataclass(frozen=True)
class Timed(Generic[Work]):
    """A use case with its local times. `late`: how long after one of them it still makes sense.

    An occasion is recorded in the transaction in which the use case works: of several processes
    one does it, and what fails, or is broken off, is due again. Fulfils `bot.core.jobs.Job`.
    """

    begin: Callable[[], AbstractAsyncContextManager[Work]]
    zone: ZoneInfo
    thing: str
    rule: Rule
    use_case: Callable[[Work, datetime], Awaitable[object]]
    late: timedelta

    async def next_due(self, after: datetime) -> datetime:
        return rules.next_due(self.rule, after, self.zone)

    async def is_due(self, work: OccasionWork, now: datetime) -> bool:
        """Tell whether `run` would record something now, for what is long to prepare for that.

        The first time of all that is when it begins.
        """
        since = await work.occasions.last(self.thing)
        return since is None or bool(rules.due(self.rule, since, now, self.zone))

    async def run(self, now: datetime) -> list[Recorded]:
        """Do what is due at `now`, and return what was recorded.

        The first time of all nothing is due: what lies before the installation never happens.
        """
        async with self.begin() as work:
            recorded = await self._run(work, now)
        for occasion, state in recorded:
            log.info("%s of %s is %s", self.thing, occasion.local, state)
        return recorded

    async def _run(self, work: Work, now: datetime) -> list[Recorded]:
        since = await work.occasions.last(self.thing)
        if since is None:
            await work.occasions.start(self.thing, now)
            return []
        missed = rules.due(self.rule, since, now, self.zone)
        recorded = []
        for occasion, state in rules.decide(missed, now, self.late):
            if await work.occasions.record(self.thing, occasion, state, now):
                recorded.append((occasion, state))
                if state is State.DONE:
                    await self.use_case(work, now)
        return recorded
