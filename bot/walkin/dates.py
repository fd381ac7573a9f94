"""Use cases of who holds the hours: a new one, its end, and dates that are off or move.

Each runs inside the caller's unit of work.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.core.ids import HourId
from bot.walkin import rules, steps
from bot.walkin.ending import Ending, ending
from bot.walkin.frame import Frame, session
from bot.walkin.model import Change, Hour, Origin, Session, SlotKey
from bot.walkin.outcomes import Added, AddOutcome, Clash, Emptied, TakenOver
from bot.walkin.ports import WalkInWork
from bot.walkin.seats import Booking, Line, Waiting, Why
from bot.walkin.slots import FURTHEST, clash, clash_of_change, slot_of, slots
from bot.walkin.takeover import heir, inherited, plan, rule_of


async def add_hour(work: WalkInWork, hour: Hour, frame: Frame) -> AddOutcome:
    """Store a new hour, unless its coach has another at the same time."""
    # A date that was moved can be still to come when its hour is over.
    others = await work.walkin.hours(frame.today - FURTHEST)
    changes = await work.walkin.changes(frame.today - FURTHEST)
    found = clash(hour, others, changes, frame.today)
    return found or Added(await work.walkin.add_hour(hour))


async def take_over(work: WalkInWork, listed: Sequence[Hour], now: datetime) -> TakenOver:
    """Let the hours of the college file be as it lists them.

    Who has a seat at a moment that the file has still, keeps it. The others are dealt with as time
    passes, and are told then. `now` is local.
    """
    today = now.date()
    known = await work.walkin.hours(today - FURTHEST)
    changes = await work.walkin.changes(today - FURTHEST)
    found = plan(listed, known, changes, now)
    less = (*found.changed, *found.ended)
    await work.walkin.lock(*(one.id for one in less))
    for one in found.added:
        await work.walkin.add_hour(one)
    for one in less:
        await work.walkin.save_hour(one)
    file = [one for one in await work.walkin.hours(today) if one.origin is Origin.FILE]
    for new in file:
        for change in inherited(new, less, changes, today):
            await work.walkin.change_date(change)
    for old in less:
        there = [one for one in file if rule_of(one) == rule_of(old)]
        await _go_along(work, old, there, today)
    return found


async def _go_along(work: WalkInWork, old: Hour, there: Sequence[Hour], today: date) -> None:
    """Let who comes or waits, also today, go along to the hour that has their slot now."""

    def known_as(key: SlotKey) -> SlotKey | None:
        new = heir(key.day, key.number, there) if key.day >= today else None
        return replace(key, hour=new.id) if new and new.id != old.id else None

    since = datetime.combine(today - FURTHEST, time.min, UTC)
    todays = await work.walkin.bookings(old.id, today)
    coming = {one.id: one for one in (*todays, *await work.walkin.upcoming(old.id, since))}
    for one in coming.values():
        if key := known_as(one.key):
            await work.walkin.save(steps.carried(one, key, one.ends), seen=one.version)
    for waits in await work.walkin.lines(old.id, since):
        if key := known_as(waits.key):
            await work.walkin.save_waiting(replace(waits, key=key))
    for ticket in await work.walkin.tickets(old.id, today):
        if key := known_as(SlotKey(old.id, today, 0)):
            await work.walkin.save_ticket(replace(ticket, hour=key.hour))


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


async def end_hour(work: WalkInWork, hour: Hour, why: Why, frame: Frame) -> Emptied:
    """Let an hour end: bookings of what is to come are over."""
    await work.walkin.lock(hour.id)
    end = await _ending(work, hour, frame)
    await work.walkin.save_hour(replace(hour, last=end.last))
    for day in end.off:
        await work.walkin.change_date(Change(hour.id, day))
    return await _emptied(work, hour.id, why, frame, lambda key: end.over(key.day))


async def would_be_over(work: WalkInWork, hour: Hour, frame: Frame) -> Sequence[Booking]:
    """Return the bookings that end with an hour, when it ends now."""
    end = await _ending(work, hour, frame)
    coming = await work.walkin.upcoming(hour.id, frame.now)
    return [one for one in coming if end.over(one.key.day)]


async def _ending(work: WalkInWork, hour: Hour, frame: Frame) -> Ending:
    changes = await work.walkin.changes(frame.today - 2 * FURTHEST)
    return ending(hour, changes, frame.grounds, frame.now)


async def _emptied(
    work: WalkInWork, hour: HourId, why: Why, frame: Frame, meant: Callable[[SlotKey], bool]
) -> Emptied:
    over = []
    for one in await work.walkin.upcoming(hour, frame.now):
        if meant(one.key):
            ended = steps.cancelled(one, why)
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
    hours = await work.walkin.hours(frame.today - FURTHEST)
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
        if slot and one.open and one.starts > frame.now:
            where = frame.grounds.of(slot.session.hour.coach)
            new = steps.moved(one, slot, where, frame.now)
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
