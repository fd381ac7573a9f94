"""An hour that goes on by another rule from a date on. What was before, stays as it was.

The old hour ends the day before, and a new one begins. Who has a seat at a moment that both know,
or waits for one, goes along; the others lose it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.ids import HourId
from bot.walkin import rules, steps
from bot.walkin.frame import Frame
from bot.walkin.model import Change, Hour, Origin, Slot, SlotKey
from bot.walkin.outcomes import (
    Ahead,
    Changed,
    ChangeOutcome,
    Clash,
    Emptied,
    Refusal,
    Refused,
    Unsure,
)
from bot.walkin.ports import WalkInWork
from bot.walkin.seats import Booking, Line, Waiting, Why
from bot.walkin.slots import FURTHEST, clash, is_date_of, sessions, slot_of, slots
from bot.walkin.slots import session_of as date_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Switch:
    """The hour as it ends, the one that goes on, and the dates that were changed apart."""

    ended: Hour
    new: Hour
    apart: tuple[Change, ...]
    bookings: Sequence[Booking]
    line: Sequence[Waiting]
    there: Mapping[datetime, Slot]


async def change_hour(
    work: WalkInWork, which: HourId, new: Hour, frame: Frame, *, sure: bool
) -> ChangeOutcome:
    """Let an hour go on by another rule from its `first` on, which lies after today.

    Unless `sure`, nothing is done when somebody would lose their seat or their place in the line.
    """
    await work.walkin.lock(which)
    old = await work.walkin.hour(which)
    if refusal := _refusal(old, new):
        return Refused(refusal)
    assert old is not None  # noqa: S101 (an hour that is not there was refused)
    plan = await _plan(work, old, new, frame)
    if isinstance(plan, Clash | Ahead):
        return plan
    lost = sum(moment not in plan.there for moment in _moments(plan.bookings, plan.line))
    return Unsure(lost) if lost and not sure else await _switch(work, plan)


def _refusal(old: Hour | None, new: Hour) -> Refusal | None:
    if old is None or (old.last and old.last < new.first):
        return Refusal.GONE
    if old.coach != new.coach:
        return Refusal.NOT_YOURS
    # The next import would bring it back.
    return Refusal.IN_FILE if old.origin is Origin.FILE else None


async def _plan(work: WalkInWork, old: Hour, new: Hour, frame: Frame) -> _Switch | Clash | Ahead:
    changes = await work.walkin.changes(frame.today - FURTHEST)
    if ahead := _ahead(old, new, changes, frame):
        return ahead
    ended = replace(old, last=new.first - DAY)
    known = await work.walkin.hours(frame.today - FURTHEST)
    others = [one for one in known if one.id != old.id]
    apart = tuple(
        replace(one, hour=new.id)
        for one in changes
        if one.hour == old.id and one.day >= new.first and is_date_of(new, one.day)
    )
    found = clash(new, [*others, ended], [*changes, *apart], frame.today)
    if found:
        return found
    bookings = await work.walkin.upcoming(old.id, frame.now)
    line = await work.walkin.lines(old.id, frame.now)
    bookings = [one for one in bookings if one.key.day >= new.first]
    line = [one for one in line if one.key.day >= new.first]
    last = max(_moments(bookings, line), default=frame.now)
    until = last.astimezone(frame.grounds.zone).date()
    held = sessions([new], apart, frame.grounds, frame.today, until)
    there = {slot.starts: slot for one in held for slot in slots(one)}
    return _Switch(ended, new, apart, bookings, line, there)


def _ahead(old: Hour, new: Hour, changes: Sequence[Change], frame: Frame) -> Ahead | None:
    """Return a date that takes place by the old rule, but would end with it, or go by the new."""
    found = (
        Ahead(one.day, one.to)
        for one in changes
        if one.hour == old.id
        and one.to is not None
        and frame.today <= one.to < new.first <= one.day
        and is_date_of(old, one.day)
    )
    return max(found, key=lambda one: one.day, default=None)


def _moments(bookings: Sequence[Booking], line: Sequence[Waiting]) -> list[datetime]:
    return [*(one.starts for one in bookings), *(one.starts for one in line)]


async def _switch(work: WalkInWork, plan: _Switch) -> Changed:
    await work.walkin.save_hour(plan.ended)
    hour = await work.walkin.add_hour(plan.new)
    for change in plan.apart:
        await work.walkin.change_date(replace(change, hour=hour.id))
    kept, over = list[Booking](), list[Booking]()
    for one in plan.bookings:
        slot = plan.there.get(one.starts)
        new = steps.cancelled(one, Why.CHANGED)
        if slot:
            new = steps.carried(one, replace(slot.key, hour=hour.id), slot.ends)
        await work.walkin.save(new, seen=one.version)
        (kept if slot else over).append(new)
    waiting = []
    for waits in plan.line:
        slot = plan.there.get(waits.starts)
        if slot:
            await work.walkin.save_waiting(replace(waits, key=replace(slot.key, hour=hour.id)))
        else:
            waiting.append(waits)
            await work.walkin.save_waiting(rules.left(waits, Line.CLOSED))
    return Changed(hour, tuple(kept), Emptied(tuple(over), tuple(waiting)))


async def goes_on_as(work: WalkInWork, hour: Hour) -> Hour | None:
    """Return the weekly hour that its coach has from the day after one ends: by the new rule."""
    if hour.last is None:
        return None
    begins = hour.last + DAY
    same = (hour.coach, begins, hour.origin)
    later = await work.walkin.hours(begins)
    follows = (one for one in later if (one.coach, one.first, one.origin) == same)
    return next((one for one in follows if not one.once), None)


async def known_as(work: WalkInWork, key: SlotKey, frame: Frame) -> SlotKey:
    """Return what a slot is called now: of an hour that changed, it is the one at its moment.

    So what was shown before still works.
    """
    old = await work.walkin.hour(key.hour)
    if old is None or old.last is None or key.day <= old.last:
        return key
    changes = await work.walkin.changes(key.day - FURTHEST)
    went_on = replace(old, last=None)
    before = slot_of(date_of(went_on, changes, frame.grounds, key.day), key.number)
    if before is None:
        return key
    later = await work.walkin.hours(key.day)
    mine = [one for one in later if one.coach == old.coach and one.id != old.id]
    found = _at(before, mine, changes, frame)
    return next(found, key)


def _at(
    slot: Slot, hours: Sequence[Hour], changes: Sequence[Change], frame: Frame
) -> Iterator[SlotKey]:
    on = slot.starts.astimezone(frame.grounds.zone).date()
    for session in sessions(hours, changes, frame.grounds, on, on):
        yield from (one.key for one in slots(session) if one.starts == slot.starts)
