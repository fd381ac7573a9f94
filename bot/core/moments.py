"""Reads a step in time such as `+2d` or `+1d12u`, and a moment such as `morgen 09:00`."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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


WEEK = ("ma", "di", "wo", "do", "vr", "za", "zo")
_MOMENT = re.compile(r"(?:(?P<day>\S+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s+(?P<rest>.+))?")
_AHEAD = {"vandaag": 0, "morgen": 1, "overmorgen": 2, "today": 0, "tomorrow": 1}


def parse_moment(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """Return a moment, in UTC, and the text after it.

    `morgen 09:00`, `ma 09:00`, `2026-12-01 09:00`, or `09:00` alone: the next time that it is so
    late. Raises ValueError for what is none, or lies behind us.
    """
    match = _MOMENT.match(text.strip())
    if not match:
        raise ValueError(f"no moment to come: {text}")
    local = now.astimezone(zone)
    try:
        at = time(int(match["hour"]), int(match["minute"]))
        day = _day(match["day"], local.date(), later=at <= local.time().replace(tzinfo=None))
    except ValueError:
        raise ValueError(f"no moment: {text}") from None
    moment = datetime.combine(day, at, zone).astimezone(now.tzinfo)
    if moment <= now:
        raise ValueError(f"no moment to come: {text}")
    return moment, match["rest"] or ""


def _day(named: str | None, today: date, *, later: bool) -> date:
    if named is None:
        return today + timedelta(days=int(later))
    if named.lower() in _AHEAD:
        return today + timedelta(days=_AHEAD[named.lower()])
    if named.lower()[:2] in WEEK and named.isalpha():
        ahead = (WEEK.index(named.lower()[:2]) - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if later else 0))
    return date.fromisoformat(named)
