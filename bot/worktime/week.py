"""Hours by day of the week, by the clock on the wall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache


@dataclass(frozen=True)
class Hours:
    """From `start` up to `end`, on one day."""

    start: time
    end: time


Week = Mapping[str, Hours]
"""Weekday (`ma` to `zo`) to its hours; a day that is not there is a day off."""

OFFICE = dict.fromkeys(("ma", "di", "wo", "do", "vr"), "08:00-17:00")


@lru_cache(maxsize=1_000)  # coaches have the same hours, and are ranked often
def read_hours(text: str) -> Hours:
    """Read hours such as `09:00-16:30`; raises ValueError when they end before they start."""
    start, end = (time.fromisoformat(part) for part in text.split("-"))
    if start >= end:
        raise ValueError(f"{text} ends before it starts")
    return Hours(start, end)


def read_week(pattern: Mapping[str, str]) -> Week:
    """Read a pattern such as `{"ma": "09:00-16:30"}`."""
    return {day: read_hours(hours) for day, hours in pattern.items()}
