"""Takes over the hours of the college file: what differs is decided here. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core.ids import HourId
from bot.walkin.model import Change, Clash, Hour, Origin, TakenOver
from bot.walkin.slots import clash


def plan(
    listed: Sequence[Hour], known: Sequence[Hour], changes: Sequence[Change], today: date
) -> TakenOver:
    """Return which hours are new, changed and over. Those that were made in chat are left alone.

    An hour is the same when its coach, its day, when it starts and how long a slot is are, unless
    it ends sooner: then its bookings stay. One that clashes with another of its coach is left out.
    """
    file = [one for one in known if one.origin is Origin.FILE]
    wanted = {_named(one): one for one in listed}
    stored = {
        name: one for one in file if (name := _named(one)) in wanted and wanted[name].end >= one.end
    }
    yesterday = today - timedelta(days=1)
    ended = tuple(replace(one, last=yesterday) for one in file if one not in stored.values())
    over = {one.id for one in ended}
    there = [one for one in known if one.id not in over]
    added, changed, clashes = list[Hour](), list[Hour](), list[tuple[Hour, Clash]]()
    for name, one in wanted.items():
        before = stored.get(name)
        new = _as_stored(one, before, today)
        found = clash(new, [*there, *added], changes, today)
        if found:
            clashes.append((one, found))
        elif before is None:
            added.append(new)
        elif new != before:
            changed.append(new)
    return TakenOver(tuple(added), tuple(changed), ended, tuple(clashes))


def _named(one: Hour) -> tuple[object, ...]:
    return one.coach, one.weekday, one.start, one.minutes


def _as_stored(one: Hour, before: Hour | None, today: date) -> Hour:
    """Return an hour as it is stored: one that is listed without a beginning has begun already."""
    if before is None:
        return replace(one, id=HourId(0))
    first = before.first if one.first == today else one.first
    return replace(one, id=before.id, first=first)
