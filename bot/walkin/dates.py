"""Use cases of who holds the hours: a new one, its end, and dates that are off or move.

Each runs inside the caller's unit of work.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.core.ids import HourId
from bot.walkin import rules
from bot.walkin.model import (
    Added,
    AddOutcome,
    Booking,
    Change,
    Clash,
    Emptied,
    Hour,
    Line,
    Session,
    SlotKey,
    TakenOver,
    Waiting,
    Why,
)
from bot.walkin.ports import WalkInWork
from bot.walkin.service import Frame, session
from bot.walkin.slots import FURTHEST, clash, clash_of_change, slot_of, slots
from bot.walkin.takeover import plan


async def add_hour(work: WalkInWork, hour: Hour, frame: Frame) -> AddOutcome:
    """Store a new hour, unless its coach has another at the same time."""
    others = await work.walkin.hours(frame.today)
    changes = await work.walkin.changes(frame.today - FURTHEST)
    found = clash(hour, others, changes, frame.today)
    return found or Added(await work.walkin.add_hour(hour))


async def take_over(work: WalkInWork, listed: Sequence[Hour], today: date) -> TakenOver:
    """Let the hours of the college file be as it lists them.

    Bookings of hours that are over are dealt with as time passes, and who had one is told then.
    """
    known = await work.walkin.hours(today)
    found = plan(listed, known, await work.walkin.changes(today - FURTHEST), today)
    for one in found.added:
        await work.walkin.add_hour(one)
    for one in (*found.changed, *found.ended):
        await work.walkin.save_hour(one)
    return found


async def cancel_date(work: WalkInWork, hour: HourId, day: date, why: Why, frame: Frame) -> Emptied:
    """Let one date not take place; who had a seat has none any more."""
    await work.walkin.lock(hour)
    await work.walkin.change_date(Change(hour, day))
    return await _emptied(work, hour, why, frame, lambda key: key.day == day)


async def call_off(work: WalkInWork, hour: HourId, day: date, why: Why, frame: Frame) -> Emptied:
    """Free the seats of a date that does not take place, by a closing or since its coach left.

    Of one that its coach leaves before the end, that is of what would have come after.
    """
    await work.walkin.lock(hour)
    there = await session(work, hour, day, frame)
    held = {one.key for one in slots(there)} if there else ()
    return await _emptied(work, hour, why, frame, lambda key: key.day == day and key not in held)


async def end_hour(work: WalkInWork, hour: Hour, last: date, why: Why, frame: Frame) -> Emptied:
    """Let an hour end after a date; bookings of later are over."""
    await work.walkin.lock(hour.id)
    await work.walkin.save_hour(replace(hour, last=last))
    return await _emptied(work, hour.id, why, frame, lambda key: key.day > last)


async def _emptied(
    work: WalkInWork, hour: HourId, why: Why, frame: Frame, meant: Callable[[SlotKey], bool]
) -> Emptied:
    over = []
    for one in await work.walkin.upcoming(hour, frame.now):
        if meant(one.key):
            ended = rules.cancelled(one, why)
            await work.walkin.save(ended, seen=one.version)
            over.append(ended)
    waiting = [one for one in await work.walkin.lines(hour, frame.now) if meant(one.key)]
    for waits in waiting:
        await work.walkin.save_waiting(rules.left(waits, Line.CLOSED))
    return Emptied(tuple(over), tuple(waiting))


async def move_date(work: WalkInWork, change: Change, frame: Frame) -> Emptied | Clash:
    """Let one date take place at another time; bookings go along, and keep their seats.

    Returned are those, and who waits for a seat at another moment than before.
    """
    await work.walkin.lock(change.hour)
    hours = await work.walkin.hours(frame.today)
    found = clash_of_change(change, hours, await work.walkin.changes(frame.today - FURTHEST))
    if found:
        return found
    await work.walkin.change_date(change)
    there = await session(work, change.hour, change.day, frame)
    moved = await _moved(work, change, there, frame)
    waiting = await _line_moved(work, change, there, frame)
    return Emptied(tuple(moved), tuple(waiting))


async def _moved(
    work: WalkInWork, change: Change, there: Session | None, frame: Frame
) -> list[Booking]:
    moved = []
    for one in await work.walkin.bookings(change.hour, change.day):
        slot = slot_of(there, one.key.number)
        if slot and one.open:
            where = frame.grounds.of(slot.session.hour.coach)
            new = rules.moved(one, slot, where, frame.now)
            await work.walkin.save(new, seen=one.version)
            moved.append(new)
    return moved


async def _line_moved(
    work: WalkInWork, change: Change, there: Session | None, frame: Frame
) -> list[Waiting]:
    """Let who waits for a date wait for its new moment, and return those for whom it is another."""
    moved = []
    for one in await work.walkin.lines(change.hour, frame.now):
        slot = slot_of(there, one.key.number) if one.key.day == change.day else None
        if slot and slot.starts != one.starts:
            new = replace(one, starts=slot.starts)
            await work.walkin.save_waiting(new)
            moved.append(new)
    return moved
