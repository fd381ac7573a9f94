"""Takes over the hours of the college file: what differs is decided here. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.core.ids import HourId
from bot.walkin.model import Change, Hour, Origin
from bot.walkin.outcomes import Clash, TakenOver
from bot.walkin.slots import FURTHEST, clash, is_date_of, occurrences

DAY = timedelta(days=1)


def plan(
    listed: Sequence[Hour], known: Sequence[Hour], changes: Sequence[Change], now: datetime
) -> TakenOver:
    """Return which hours are new, changed and over. Those that were made in chat are left alone.

    An hour is the same when its `rule_of` is and both can be held on a date. One that was held and
    differs in what was (its seats, its room), ends sooner, or begins later by now, is another: what
    was held by it stays as it was. One that clashes with another of its coach is left out, and is
    then as it was. `now` is local.
    """
    today = now.date()
    file = [one for one in known if one.origin is Origin.FILE and _goes_on(one, today)]
    since = {one.id: _to_come(one, changes, now) for one in file}
    pairs = _paired([one for one in listed if _goes_on(one, today)], file, since, today)
    same = [before.id for _, before in pairs if before]
    over = [one for one in file if one.id not in same]
    ended = {one.id: replace(one, last=_last(one, since[one.id])) for one in over}
    # A date that was moved can be still to come when its hour is over.
    there = {one.id: one for one in known if one not in file} | ended
    found = _Found(over, there)
    for number, (one, before) in enumerate(pairs, 1):
        floor = max([today, *(since[old.id] for old in over if _same_day(old, one))])
        new = _as_stored(one, before, HourId(-number), floor)
        apart = inherited(new, file, changes, today)
        found.settle(one, new, before, clash(new, [*there.values()], [*changes, *apart], today))
    less = tuple(there[one.id] for one in over if there[one.id] != one)
    return TakenOver(tuple(found.added), tuple(found.changed), less, tuple(found.clashes))


@dataclass
class _Found:
    """What was decided so far: `over` are hours that end, `there` is what each coach has then."""

    over: Sequence[Hour]
    there: dict[HourId, Hour]
    added: list[Hour] = field(default_factory=list)
    changed: list[Hour] = field(default_factory=list)
    clashes: list[tuple[Hour, Clash]] = field(default_factory=list)

    def settle(self, one: Hour, new: Hour, before: Hour | None, found: Clash | None) -> None:
        """Take an hour over, or leave it out; what it would have taken the place of, stays."""
        if found:
            self.clashes.append((one, found))
            stay = [before] if before else self._before(one)
            self.there |= {old.id: old for old in stay}
            return
        self.there[new.id] = new
        if before is None:
            self.added.append(replace(new, id=HourId(0)))
        elif new != before:
            self.changed.append(new)

    def _before(self, one: Hour) -> list[Hour]:
        """Return the hours that end for this one alone."""
        if rule_of(one) in map(rule_of, self.added):
            return []
        return [old for old in self.over if rule_of(old) == rule_of(one) and _meet(one, old)]


def counts(found: TakenOver) -> tuple[int, int, int]:
    """Return how many hours are new, changed and over to who reads it: one that goes on changed."""
    over = [rule_of(one) for one in found.ended]
    goes_on = sum(rule_of(one) in over for one in found.added)
    return len(found.added) - goes_on, len(found.changed) + goes_on, len(over) - goes_on


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


def _to_come(one: Hour, changes: Sequence[Change], now: datetime) -> date:
    """Return the first date, by its rule, from which all of an hour is still to come.

    That is after today's when that has begun, and after one that was moved forward and was held.
    """
    today = now.date()
    begun = [
        at.day
        for at in occurrences(one, changes, today - FURTHEST, today)
        if at.on < today or at.start <= now.time()
    ]
    return max([today, *(day + DAY for day in begun)])


def _last(one: Hour, since: date) -> date:
    """Return until when an hour is that goes on no longer."""
    return min(one.last or date.max, since - DAY)


def _same_day(one: Hour, other: Hour) -> bool:
    return (one.coach, one.weekday) == (other.coach, other.weekday)


def _paired(
    listed: Sequence[Hour], file: Sequence[Hour], since: Mapping[HourId, date], today: date
) -> list[tuple[Hour, Hour | None]]:
    """Return each listed hour, in order of when it begins, with the one that is stored of it."""
    left, pairs = list(file), list[tuple[Hour, Hour | None]]()
    for one in sorted(listed, key=lambda one: one.first):
        alike = (known for known in left if _is(one, known, since[known.id], today))
        before = next(alike, None)
        if before:
            left.remove(before)
        pairs.append((one, before))
    return pairs


def _is(one: Hour, known: Hour, since: date, today: date) -> bool:
    later = known.first <= today < one.first
    kept = known.first >= since or _held(one) == _held(known)
    alike = rule_of(one) == rule_of(known) and _meet(one, known)
    return alike and kept and one.end >= known.end and not later


def _meet(one: Hour, other: Hour) -> bool:
    """Tell whether there are dates on which both can be held."""
    return _goes_on(one, other.first) and _goes_on(other, one.first)


def _held(one: Hour) -> tuple[object, ...]:
    """Return what is remembered of an hour that was held, and counted."""
    return one.end, one.seats, one.place, one.link


def _goes_on(one: Hour, day: date) -> bool:
    return one.last is None or one.last >= day


def _as_stored(one: Hour, before: Hour | None, new: HourId, floor: date) -> Hour:
    """Return an hour as it is stored: the file says nothing of the past, when it began neither.

    `floor` is the first day that is not another's of the same coach that ends now.
    """
    if before is None:
        return replace(one, id=new, first=max(one.first, floor))
    first = one.first if one.first > floor else min(before.first, floor)
    return replace(one, id=before.id, first=first)
