"""Use cases of what was sent. Each runs inside the caller's unit of work."""

from dataclasses import replace
from datetime import datetime

from bot.summary import corrections
from bot.summary.ports import SentWork
from bot.summary.report import Figures, Sent
from bot.summary.week import Week


async def send(
    work: SentWork, week: Week, audience: str, figures: Figures, now: datetime
) -> Sent | None:
    """Record what is sent of a week; None when it was sent to this audience before."""
    sent = Sent(week, audience, now, figures)
    return sent if await work.summaries.add(sent) else None


async def correct(
    work: SentWork, week: Week, audience: str, figures: Figures, now: datetime
) -> Sent | None:
    """Record that a week that was sent has other figures by now; None when it has not."""
    sent = await work.summaries.get(week, audience)
    if sent is None or not corrections.changed(sent.current, figures):
        return None
    # The polls of a week and the week before it are told once.
    figures = replace(
        corrections.as_felt(sent.figures, figures),
        before=sent.figures.before,
        polls=sent.figures.polls,
    )
    await work.summaries.correct(week, audience, figures, now)
    return replace(sent, corrected=figures, corrected_at=now)
