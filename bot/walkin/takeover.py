"""Takes over the hours of the college file: what differs is decided here. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.ids import HourId
from bot.walkin.model import Change, Clash, Hour, Origin, TakenOver
from bot.walkin.slots import clash, is_date_of


def plan(
    listed: Sequence[Hour], known: Sequence[Hour], changes: Sequence[Change], today: date
) -> TakenOver:
    """Return which hours are new, changed and over. Those that were made in chat are left alone.

    An hour is the same when its `rule_of` is and both can be held on a date. One that ends sooner,
    or has begun but begins later by now, is another: what was held by it stays as it was.
    One that clashes with another of its coach is left out, and is then as it was.
    """
    file = [one for one in known if one.origin is Origin.FILE and _goes_on(one, today)]
    pairs = _paired([one for one in listed if _goes_on(one, today)], file, today)
    same = [before.id for _, before in pairs if before]
    yesterday = today - timedelta(days=1)
    ended = tuple(replace(one, last=yesterday) for one in file if one.id not in same)
    # A date that was moved can be still to come when its hour is over.
    there = [*(one for one in known if one not in file), *ended]
    added, changed, clashes = list[Hour](), list[Hour](), list[tuple[Hour, Clash]]()
    for number, (one, before) in enumerate(pairs, 1):
        new = _as_stored(one, before, HourId(-number), today)
        apart = inherited(new, file, changes, today)
        found = clash(new, there, [*changes, *apart], today)
        if found:
            clashes.append((one, found))
            there += [before] if before else []
            continue
        there.append(new)
        if before is None:
            added.append(replace(new, id=HourId(0)))
        elif new != before:
            changed.append(new)
    return TakenOver(tuple(added), tuple(changed), ended, tuple(clashes))


def rule_of(one: Hour) -> tuple[object, ...]:
    """Return what names the moments of an hour: with the same of these a slot is the same one."""
    return one.coach, one.weekday, one.start, one.minutes


def inherited(
    new: Hour, before: Sequence[Hour], changes: Sequence[Change], today: date
) -> Iterator[Change]:
    """Yield what was said apart of dates to come that another hour had, and this one has now."""
    others = [one.id for one in before if rule_of(one) == rule_of(new) and one.id != new.id]
    for change in changes:
        if change.hour in others and change.day >= today and is_date_of(new, change.day):
            yield replace(change, hour=new.id)


def heir(day: date, number: int, hours: Sequence[Hour]) -> Hour | None:
    """Return which of the hours with the same rule has a slot."""
    return next(
        (one for one in hours if is_date_of(one, day) and number < _how_many(one)),
        None,
    )


def _how_many(one: Hour) -> int:
    long = datetime.combine(date.min, one.end) - datetime.combine(date.min, one.start)
    return long // timedelta(minutes=one.minutes)


def _paired(
    listed: Sequence[Hour], file: Sequence[Hour], today: date
) -> list[tuple[Hour, Hour | None]]:
    """Return each listed hour, in order of when it begins, with the one that is stored of it."""
    left, pairs = list(file), list[tuple[Hour, Hour | None]]()
    for one in sorted(listed, key=lambda one: one.first):
        before = next((known for known in left if _is(one, known, today)), None)
        if before:
            left.remove(before)
        pairs.append((one, before))
    return pairs


def _is(one: Hour, known: Hour, today: date) -> bool:
    later = known.first <= today < one.first
    meet = _goes_on(one, known.first) and _goes_on(known, one.first)
    return rule_of(one) == rule_of(known) and meet and one.end >= known.end and not later


def _goes_on(one: Hour, day: date) -> bool:
    return one.last is None or one.last >= day


def _as_stored(one: Hour, before: Hour | None, new: HourId, today: date) -> Hour:
    """Return an hour as it is stored: the file says nothing of the past, when it began neither."""
    if before is None:
        return replace(one, id=new, first=max(one.first, today))
    first = one.first if one.first > today else min(before.first, today)
    return replace(one, id=before.id, first=first)
