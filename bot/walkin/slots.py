"""When walk-in hours take place: dates and slots are derived from the weekly rule, never stored.

A rule is in local time, so that 10:00 is 10:00 before and after the clock changes; a slot lasts as
long as really passes. An hour that the clock skips or repeats is read as in `bot.worktime`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from bot.walkin.grounds import Grounds
from bot.walkin.model import Change, Hour, Occurs, Session, Slot, SlotKey
from bot.walkin.outcomes import Clash

WEEK = timedelta(weeks=1)
FURTHEST = timedelta(weeks=4)
"""How far a date can be moved: so far outside a span its dates are looked for."""
YEAR = timedelta(days=366)
"""How far ahead hours are compared with each other."""


def occurrences(hour: Hour, changes: Sequence[Change], first: date, last: date) -> Iterator[Occurs]:
    """Yield the dates of an hour that lie in a span, the last one included, as they were changed.

    Closed days are among them: whether the college is open is not known here.
    """
    changed = {one.day: one for one in changes if one.hour == hour.id}
    for day in _days(hour, first - FURTHEST, last + FURTHEST):
        occurs = _occurs(hour, day, changed.get(day))
        if occurs and first <= occurs.on <= last:
            yield occurs


def sessions(
    hours: Sequence[Hour], changes: Sequence[Change], grounds: Grounds, first: date, last: date
) -> list[Session]:
    """Return when hours take place in a span of dates, in order of time.

    One during which its coach goes away ends there.
    """
    there = (
        (one, grounds.held(one.hour.coach, one.starts, one.ends))
        for one in _sessions(hours, changes, grounds.zone, first, last)
    )
    return [replace(one, ends=until) for one, until in there if until > one.starts]


def lapsed(
    hours: Sequence[Hour], changes: Sequence[Change], grounds: Grounds, first: date, last: date
) -> list[Session]:
    """Return when hours would take place, were it not for a closed day or their coach's leave."""
    found = _sessions(hours, changes, grounds.zone, first, last)
    return [
        one for one in found if grounds.held(one.hour.coach, one.starts, one.ends) <= one.starts
    ]


def _sessions(
    hours: Sequence[Hour], changes: Sequence[Change], zone: ZoneInfo, first: date, last: date
) -> list[Session]:
    """Return when hours would take place by their rules alone."""
    found = (
        _session(one, zone) for hour in hours for one in occurrences(hour, changes, first, last)
    )
    # On the day of a clock change a short hour can have no length at all.
    lasting = [one for one in found if one.starts < one.ends]
    return sorted(lasting, key=lambda one: (one.starts, one.hour.id))


def session_of(
    hour: Hour, changes: Sequence[Change], grounds: Grounds, day: date
) -> Session | None:
    """Return the session of a date by its rule; None when it does not take place."""
    around = sessions([hour], changes, grounds, day - FURTHEST, day + FURTHEST)
    return next((one for one in around if one.day == day), None)


def first_session(hour: Hour, changes: Sequence[Change], grounds: Grounds) -> Session | None:
    """Return when an hour takes place first; None when not within a year of its beginning."""
    found = sessions([hour], changes, grounds, hour.first, hour.first + YEAR)
    return next(iter(found), None)


def next_session(
    hours: Sequence[Hour], changes: Sequence[Change], grounds: Grounds, after: date
) -> Session | None:
    """Return what takes place first after a date; None when nothing does within a year."""
    first, last = after + timedelta(days=1), after + YEAR
    while hours and first <= last:
        # Some weeks at a time: of many hours a whole year is much to derive.
        until = min(first + FURTHEST, last)
        if found := sessions(hours, changes, grounds, first, until):
            return found[0]
        first = until + timedelta(days=1)
    return None


def slots(session: Session) -> list[Slot]:
    """Return the slots of a session; what is left at its end and is no whole slot, is none."""
    length = timedelta(minutes=session.hour.minutes)
    return [
        Slot(
            session,
            SlotKey(session.hour.id, session.day, number),
            session.starts + number * length,
            session.starts + (number + 1) * length,
        )
        for number in range((session.ends - session.starts) // length)
    ]


def slot_of(session: Session | None, number: int) -> Slot | None:
    """Return one slot of a session."""
    found = slots(session) if session else []
    return next((one for one in found if one.key.number == number), None)


def clash(
    new: Hour, others: Sequence[Hour], changes: Sequence[Change], today: date
) -> Clash | None:
    """Return the first other hour of the same coach at the same time, up to a year ahead."""
    for other in others:
        if other.coach != new.coach or other.id == new.id:
            continue
        # A moved date can lie before the first one of its rule.
        first = max(max(new.first, other.first) - FURTHEST, today)
        dates = {one.on: one for one in occurrences(new, changes, first, first + YEAR)}
        for one in occurrences(other, changes, first, first + YEAR):
            if one.on in dates and _overlap(one, dates[one.on]):
                return Clash(other, one.on)
    return None


def clash_of_change(
    change: Change, hours: Sequence[Hour], changes: Sequence[Change]
) -> Clash | None:
    """Return what a date that is moved would be at the same time as."""
    own = next(one for one in hours if one.id == change.hour)
    moved = _occurs(own, change.day, change)
    if moved is None:
        return None
    there = chain.from_iterable(
        occurrences(one, changes, moved.on, moved.on) for one in hours if one.coach == own.coach
    )
    for one in there:
        itself = one.hour.id == own.id and one.day == change.day
        if not itself and _overlap(one, moved):
            return Clash(one.hour, one.on)
    return None


def is_date_of(hour: Hour, day: date) -> bool:
    """Tell whether an hour has a date on this day by its rule."""
    return day in _days(hour, day, day)


def ends_at(hour: Hour, start: time) -> time | None:
    """Return when a date of an hour ends that starts then; None when that is another day."""
    long = datetime.combine(date.min, hour.end) - datetime.combine(date.min, hour.start)
    end = datetime.combine(date.min, start) + long
    return end.time() if end.date() == date.min else None


def _days(hour: Hour, first: date, last: date) -> Iterator[date]:
    since = max(hour.first, first)
    day = since + timedelta(days=(hour.weekday - since.weekday()) % 7)
    until = min(hour.last, last) if hour.last else last
    while day <= until:
        yield day
        day += WEEK


def _occurs(hour: Hour, day: date, change: Change | None) -> Occurs | None:
    if change is None:
        return Occurs(hour, day, day, hour.start, hour.end, hour.place)
    if change.to is None:
        return None
    start = change.start or hour.start
    end = ends_at(hour, start) or hour.end
    return Occurs(hour, day, change.to, start, end, change.place or hour.place)


def _session(one: Occurs, zone: ZoneInfo) -> Session:
    starts, ends = (
        datetime.combine(one.on, at, zone).astimezone(UTC) for at in (one.start, one.end)
    )
    return Session(one.hour, one.day, starts, ends, one.place)


def _overlap(one: Occurs, other: Occurs) -> bool:
    return one.start < other.end and other.start < one.end
