"""Reads what a coach filled in for an hour: it comes as text, and may be anything. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bot.core.ids import HourId, PersonId
from bot.core.moments import WEEK
from bot.walkin.model import Hour, OpenTo

MINUTES = (5, 10, 15, 20, 30, 45, 60)
"""How long a slot can be."""
MOST_SEATS = 100
LONGEST_PLACE, LONGEST_LINK = 100, 400
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.u]\s*(\d{2})|\s*u(?:ur)?)?")
_DATE = re.compile(r"(\d{1,2})[-/ .](\d{1,2})(?:[-/ .](\d{4}))?")

Problem = Literal[
    "day", "time", "order", "minutes", "seats", "where", "link", "dates", "last", "past"
]


@dataclass(frozen=True)
class Form:
    """An hour as it was typed."""

    weekday: str = "ma"
    start: str = ""
    end: str = ""
    minutes: str = "15"
    seats: str = "1"
    place: str = ""
    link: str = ""
    open_to: str = OpenTo.EVERYONE.value
    first: str = ""
    last: str = ""


def form_of(hour: Hour, first: date) -> Form:
    """Return the form that describes an hour from a date on."""
    return Form(
        weekday=WEEK[hour.weekday],
        start=f"{hour.start:%H:%M}",
        end=f"{hour.end:%H:%M}",
        minutes=str(hour.minutes),
        seats=str(hour.seats),
        place=hour.place,
        link=hour.link,
        open_to=hour.open_to.value,
        first=_typed(first),
        last=_typed(hour.last) if hour.last else "",
    )


def _typed(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


def read_time(text: str) -> time | None:
    """Read a time of day such as `12:00`, `12.00`, `12u30` or `9 uur`; None when it is none."""
    found = _TIME.fullmatch(text.strip().lower())
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        return None


def read_date(text: str, today: date) -> date | None:
    """Read a date such as `1-9-2026`, `1-9` (the next one) or `2026-09-01`; None when none."""
    found = _DATE.fullmatch(text.strip())
    try:
        if found is None:
            return date.fromisoformat(text.strip())
        day, month = int(found[1]), int(found[2])
        if found[3]:
            return date(int(found[3]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def problems(form: Form, today: date, *, once: bool) -> Iterator[Problem]:
    """Yield what is wrong with what was typed."""
    start, end = read_time(form.start), read_time(form.end)
    if form.weekday not in WEEK and not once:
        yield "day"
    if start is None or end is None:
        yield "time"
    elif start >= end:
        yield "order"
    elif _whole(form.minutes, MINUTES[-1]) > _minutes(start, end):
        yield "minutes"
    if _whole(form.minutes, MINUTES[-1]) not in MINUTES:
        yield "minutes"
    if not 1 <= _whole(form.seats, MOST_SEATS) <= MOST_SEATS:
        yield "seats"
    if not form.place.strip() and not form.link.strip():
        yield "where"
    if form.link.strip() and not _is_link(form.link.strip()):
        yield "link"
    yield from _wrong_dates(form, today, once=once)


def _wrong_dates(form: Form, today: date, *, once: bool) -> Iterator[Problem]:
    first = read_date(form.first, today) if form.first.strip() or once else today
    last = read_date(form.last, today) if form.last.strip() and not once else None
    if first is None or (form.last.strip() and not once and last is None):
        yield "dates"
    elif first < today:
        yield "past"
    elif last and last < first:
        yield "last"


def hour_of(form: Form, coach: PersonId, today: date, *, once: bool) -> Hour:
    """Return the hour that a form without problems describes."""
    first = read_date(form.first, today) or today
    last = first if once else read_date(form.last, today)
    return Hour(
        id=HourId(0),
        coach=coach,
        weekday=first.weekday() if once else WEEK.index(form.weekday),
        start=read_time(form.start) or time.min,
        end=read_time(form.end) or time.max,
        minutes=int(form.minutes),
        seats=int(form.seats),
        first=first,
        last=last,
        place=form.place.strip()[:LONGEST_PLACE],
        link=form.link.strip(),
        open_to=OpenTo(form.open_to) if form.open_to in set(OpenTo) else OpenTo.EVERYONE,
    )


def _whole(text: str, most: int) -> int:
    """Return a number that was typed; 0 when it is none, or over."""
    number = int(text) if text.strip().isdecimal() and len(text) <= len(str(most)) + 1 else 0
    return number if number <= most else 0


def _minutes(start: time, end: time) -> int:
    day = date.min
    long = datetime.combine(day, end) - datetime.combine(day, start)
    return int(long.total_seconds() // 60)


def _is_link(text: str) -> bool:
    plain = text.isprintable() and " " not in text
    return text.startswith("https://") and plain and len(text) <= LONGEST_LINK
