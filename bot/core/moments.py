"""Reads a step in time such as `+2d`, `+90m` or `+1d12u`."""

import re
from datetime import timedelta

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "u": timedelta(hours=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_STEP = re.compile(r"\+((?:\d{1,5}[wduhms])+)")
_PART = re.compile(r"(\d+)([wduhms])")
LONGEST = timedelta(days=3660)


def parse_step(text: str) -> timedelta:
    """Return the step; raises ValueError for what is none, or is over ten years."""
    match = _STEP.fullmatch(text.replace(" ", "").lower())
    parts = _PART.findall(match[1]) if match else []
    step = sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())
    if not parts or step > LONGEST:
        raise ValueError("/tijd +30m, +2u, +1d, +1w")
    return step
