"""Lets time pass over polls: rounds that open, remind and close."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import PersonId, PollId, RoundId
from bot.dialogs import poll_cards as cards
from bot.dialogs.poll_news import PollNews
from bot.dialogs.poll_opening import PollOpening
from bot.dialogs.poll_telling import PollTelling
from bot.dialogs.ports import Begin, TurnWork
from bot.dialogs.safely import safely
from bot.polls import planning
from bot.polls import service as polls
from bot.polls.frame import Frame, Secrecy
from bot.polls.model import Poll, PollState, Round
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class PollClock:
    """Deals with what is due. What goes wrong is left for the next time, and holds up no other."""

    begin: Begin
    college: WorkTime
    secrecy: Secrecy | None
    news: PollNews

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.begin() as work:
            polls_, rounds = await work.polls.polls(), await work.polls.open_rounds()
        plans = [
            planning.next_round(one.schedule, after, self.college)
            for one in polls_
            if one.state is not PollState.DRAFT
        ]
        moments = [plan.opens for plan in plans if plan]
        moments += [one.closes for one in rounds if not self._waits(one)]
        moments += [one.reminds for one in rounds if one.reminds]
        return min((one for one in moments if one > after), default=None)

    async def run(self, now: datetime) -> int:
        """Deal with all that is due; returns how many rounds something happened to."""
        closing = await self._pass(now)
        due = await self._due(now)
        for which in due:
            await safely(f"poll {which}", self._opening.open(which, now))
        if due:
            await self._pass(now)
        async with self.begin() as work:
            left = [one.id for one in await work.polls.counted()]
        if left and self.secrecy:
            await safely(f"rounds {left}", self._erase(self.secrecy, left, now))
        return len(due) + len({*closing, *left})

    async def _due(self, now: datetime) -> Sequence[PollId]:
        """Return the polls of which a round is due."""
        due = []

        async def look(work: TurnWork, one: Poll) -> None:
            if await self._opening.due(work, one, now):
                due.append(one.id)

        async with self.begin() as work:
            for one in await work.polls.polls():
                await safely(f"poll {one.id}", look(work, one))
        return due

    async def _pass(self, now: datetime) -> Sequence[RoundId]:
        """Let time pass over the rounds that are open; returns those whose time is over."""
        async with self.begin() as work:
            rounds = await work.polls.open_rounds()
        for one in rounds:
            await safely(f"round {one.id}", self._telling.follow(one, now))
        closing = [one.id for one in rounds if one.closes <= now and not self._waits(one)]
        for done in closing:
            await safely(f"round {done}", self._close(done, now))
        return closing

    @property
    def _opening(self) -> PollOpening:
        return PollOpening(self.begin, self.college, self.secrecy, self.news)

    @property
    def _telling(self) -> PollTelling:
        return PollTelling(self.begin, self.college, self.secrecy, self.news)

    def _waits(self, one: Round) -> bool:
        """Tell whether a round waits for the secret with which alone it can be counted."""
        return one.form.anonymous and self.secrecy is None

    async def _close(self, which: RoundId, now: datetime) -> None:
        async with self.begin() as work:
            missed: Collection[PersonId] = await work.outbox.missed(cards.subject_of(which))
            closed = await polls.close(work, which, missed, Frame(self.college, self.secrecy, now))
            if closed and not closed.form.anonymous:
                await self.news.results(work, closed, now)

    async def _erase(self, secrecy: Secrecy, counted: Sequence[RoundId], now: datetime) -> None:
        """Let the traces of rounds go, all at once; only then tell what came of them."""
        await secrecy.eraser.erase()
        for which in counted:
            await safely(f"round {which}", self._erased(which, now))

    async def _erased(self, which: RoundId, now: datetime) -> None:
        async with self.begin() as work:
            if closed := await polls.erased(work, which):
                await self.news.results(work, closed, now)
