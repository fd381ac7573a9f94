"""Puts coaches in order of how near they are to who asks. The order they come in never matters."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.proximity import score
from bot.proximity.model import Asker, Candidate, Passed, Ranked, Ranking, Weights
from bot.proximity.reasons import passed_over, reasons

NEVER = datetime.min.replace(tzinfo=UTC)
DIGITS = 6
"""Scores that are equal so far are a tie: rounding of their sums must not decide."""


def rank(
    asker: Asker, coaches: Iterable[Candidate], now: datetime, weights: Weights | None = None
) -> Ranking:
    """Rank the coaches; a tie goes to who was given a question least recently, or never.

    Who asks, who is absent, who cannot be told anything and who has as many open questions as they
    take, is passed over.
    """
    ranked, passed = [], []
    for coach in coaches:
        why = passed_over(asker, coach)
        if why:
            passed.append(Passed(coach, why))
        else:
            ranked.append(_ranked(asker, coach, now, weights or Weights()))
    return Ranking(
        tuple(sorted(ranked, key=_order)),
        tuple(sorted(passed, key=lambda one: one.coach.person)),
    )


def _ranked(asker: Asker, coach: Candidate, now: datetime, weights: Weights) -> Ranked:
    found = score.parts(asker, coach, now, weights)
    return Ranked(
        coach,
        round(score.score(found, weights), DIGITS),
        round(score.proximity(found, weights), DIGITS),
        found,
        reasons(asker, coach, found, weights, now),
    )


def _order(one: Ranked) -> tuple[float, datetime, int]:
    return -one.score, one.coach.assigned or NEVER, one.coach.person
