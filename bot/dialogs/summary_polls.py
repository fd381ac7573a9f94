"""The rounds of polls that closed in a week, as the weekly summary tells them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.ids import RoundId
from bot.dialogs.ports import TurnWork
from bot.polls.figures import Figures, figures
from bot.polls.model import Round, RoundState
from bot.summary.report import Asked, PollRound
from bot.summary.week import Span

TREND = 8
"""Rounds that a trend goes back."""


@dataclass(frozen=True)
class Rounds:
    """Fulfils `bot.summary.ports.PollRounds` for one unit of work."""

    work: TurnWork
    zone: ZoneInfo

    async def closed_in(
        self, span: Span, told: Collection[RoundId | None] = ()
    ) -> Sequence[PollRound]:
        found = await self.work.polls.rounds(span.start, span.end)
        closed = [one for one in found if one.state is RoundState.CLOSED]
        return [await self._round(one) for one in closed if one.id not in told]

    async def _round(self, closed: Round) -> PollRound:
        known = await self.work.polls.rounds_of(closed.poll, TREND * 2)
        done = [one for one in known if one.state is RoundState.CLOSED]
        until = [one for one in done if one.closes <= closed.closes][-TREND:]
        past = [(one, await self._figures(one)) for one in until]
        now = await self._figures(closed)
        return PollRound(
            closed.form.title,
            invited=closed.asked,
            unreachable=closed.unreachable,
            answered=closed.answered,
            questions=tuple(self._asked(one, past) for one in now),
            poll=closed.poll,
            round=closed.id,
        )

    async def _figures(self, closed: Round) -> Sequence[Figures]:
        answers = await self.work.polls.answers(closed.id)
        return figures(closed, answers, await self.work.polls.invitations(closed.id))

    def _asked(self, one: Figures, past: Sequence[tuple[Round, Sequence[Figures]]]) -> Asked:
        """Return one question: it is the same one as before while its words are."""
        goal = one.asks.goal
        if not one.enough:
            return Asked(one.asks.text)
        trend = [
            (closed.closes.astimezone(self.zone).date(), each.mean)
            for closed, found in past
            for each in found
            if each.asks.text == one.asks.text and each.mean is not None
        ]
        return Asked(
            one.asks.text,
            counts=tuple((bar.label, bar.count) for bar in one.bars),
            mean=one.mean,
            trend=tuple(trend),
            target=goal.share if goal and goal.share else None,
            reached=one.share,
            least=goal.least if goal and not goal.share else None,
        )
