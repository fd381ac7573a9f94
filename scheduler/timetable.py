"""What ticks, and how often. When a thing is due its own rules say: this only lets them look."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.app import App
from bot.core.jobs import Job

RELAY_EVERY = 0.5
"""Seconds between two looks of the relay at the outbox. It watches by itself, and ticks not."""
OFTEN = 30.0
"""Seconds: what has a local time to the minute is not late by more than this."""


SOON = 5.0
"""Seconds: a class that waits has three minutes in each ring."""


@dataclass(frozen=True)
class Tick:
    """A use case that looks every so many seconds whether it is due, told what time it is."""

    thing: str
    every: float
    look: Callable[[datetime], Awaitable[object]]


def timetable(app: App, meeting: Job) -> tuple[Tick, ...]:
    """Return a line for each job; `meeting` is what strangers are answered by."""
    return (
        Tick("strangers", SOON, meeting.run),
        Tick("retention", OFTEN, app.jobs.retention.run),
        Tick("questions", SOON, app.jobs.questions.run),
        Tick("walkin", OFTEN, app.jobs.walkin.run),
        Tick("polls", OFTEN, app.jobs.polls.run),
        Tick("summary", OFTEN, app.jobs.summary.run),
    )
