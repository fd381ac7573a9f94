"""Opens the rounds of polls that are due, each once, and tells who made them when one is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ids import PollId
from bot.dialogs import poll_cards as cards
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.poll_news import PollNews
from bot.dialogs.ports import Begin, TurnWork
from bot.occasions import rules as occasions
from bot.occasions.model import Occasion, State
from bot.polls import planning
from bot.polls import service as polls
from bot.polls.frame import Frame, NoSecret, Secrecy
from bot.polls.model import Planned, Poll, PollState, Round
from bot.polls.service import TooFew
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class PollOpening:
    """Decides of each time that is due whether a round opens."""

    begin: Begin
    college: WorkTime
    secrecy: Secrecy | None
    news: PollNews

    async def due(self, work: TurnWork, poll: Poll, now: datetime) -> list[Planned]:
        """Return the rounds of a poll that are due, and need not wait for the one before them."""
        since = await work.occasions.last(cards.thing_of(poll.id))
        if since is None or poll.state is PollState.DRAFT:
            return []
        plans = planning.due(poll.schedule, since, now, self.college)
        # A day that is not closed any more lets it come sooner than the one before was told to end.
        waits = plans and any(
            one.poll == poll.id and one.closes > now for one in await work.polls.open_rounds()
        )
        return [] if waits else plans

    async def open(self, which: PollId, now: datetime) -> None:
        """Record what becomes of the times that are due, and open the newest if it is not too late.

        In one transaction: of several processes one opens it, and what is broken off is due again.
        """
        async with self.begin() as work:
            poll = await work.polls.poll(which)
            if poll is None:
                return
            plans = {plan.local: plan for plan in await self.due(work, poll, now)}
            missed = [Occasion(plan.local, plan.opens) for plan in plans.values()]
            late = self._late(poll, [*plans.values()])
            for occasion, decided in occasions.decide(missed, now, late):
                silent = self._silent(poll, plans[occasion.local])
                state = State.SKIPPED if silent else decided
                recorded = await work.occasions.record(cards.thing_of(which), occasion, state, now)
                if not recorded or silent:
                    continue
                if state is State.DONE:
                    await self._opened(work, poll, plans[occasion.local], now)
                elif occasion == missed[-1]:
                    why = await self._why_late(work, poll, occasion.due)
                    await self.news.skipped(work, poll, occasion.due, why, now)

    async def _why_late(self, work: TurnWork, poll: Poll, due: datetime) -> str:
        """Return why a round was not sent in time: nobody was there, or it had to wait."""
        before = await work.polls.rounds_of(poll.id, 1)
        return "waited" if any(one.opened < due < one.closes for one in before) else "late"

    def _late(self, poll: Poll, plans: Sequence[Planned]) -> timedelta:
        if not plans:
            return timedelta()
        return planning.lateness(poll.form, plans[-1], poll.schedule, self.college)

    def _silent(self, poll: Poll, plan: Planned) -> bool:
        """Tell whether a time passes without a word: it is paused, or the next one is near."""
        paused = poll.state is not PollState.ACTIVE
        return paused or planning.makes_way(plan, poll.schedule, self.college, poll.form.days)

    async def _opened(self, work: TurnWork, poll: Poll, plan: Planned, now: datetime) -> None:
        found = await load_candidates(work, poll.audience)
        frame = Frame(self.college, self.secrecy, now)
        opened = await polls.open_round(work, poll, plan, found, frame)
        match opened:
            case TooFew():
                await self.news.skipped(work, poll, plan.opens, "few", now)
            case NoSecret():
                await self.news.skipped(work, poll, plan.opens, "no_secret", now)
            case Round():
                pass
