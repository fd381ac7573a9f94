"""Lets time pass over questions: their rings widen, people are reminded, answers grow old."""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import QuestionId
from bot.dialogs.desk import Desk
from bot.dialogs.overdue import Overdue
from bot.dialogs.ports import TurnWork
from bot.dialogs.safely import safely

AT_ONCE = 50
"""Questions that are looked at in one go when many are due."""


@dataclass(frozen=True)
class Clockwork:
    """Lets time pass over questions: the oldest first, each in a transaction of its own."""

    begin: Callable[[], AbstractAsyncContextManager[TurnWork]]
    desk: Desk

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.begin() as work:
            return await work.questions.next_due(after)

    async def run(self, now: datetime) -> int:
        """Deal with all that is due; returns how many questions that was.

        One that goes wrong is left for the next time, and holds up no other.
        """
        done: set[int] = set()
        while due := await self._due(now, done):
            for which in due:
                done.add(which)
                await safely(f"question {which}", self._deal_with(which, now))
        return len(done)

    async def _due(self, now: datetime, done: Collection[int]) -> list[QuestionId]:
        async with self.begin() as work:
            found = await work.questions.due(now, AT_ONCE + len(done))
        return [one for one in found if one not in done]

    async def _deal_with(self, which: QuestionId, now: datetime) -> None:
        async with self.begin() as work:
            question = await work.questions.get(which)
            # Another process may have dealt with it meanwhile.
            if question is None or question.due is None or question.due > now:
                return
            await Overdue(self.desk).time_passes(work, question, now)
