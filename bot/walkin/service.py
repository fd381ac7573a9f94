"""Use cases of seats in walk-in hours: who has one, and who waits for one.

Each runs inside the caller's unit of work. Who changes who has a seat holds the hour's lock; that
no seat goes twice, a unique index promises.
"""

from dataclasses import replace

from bot.core.ids import BookingId, PersonId
from bot.walkin import rules, steps
from bot.walkin.frame import Frame, Guest, find_slot, locked, works_there
from bot.walkin.model import Slot, SlotKey
from bot.walkin.outcomes import (
    Booked,
    BookOutcome,
    Freed,
    FreeOutcome,
    Refusal,
    Refused,
    Waitlisted,
)
from bot.walkin.ports import WalkInWork
from bot.walkin.reminders import next_reminder
from bot.walkin.seats import Booking, Line, State, Waiting, Why


async def book(work: WalkInWork, key: SlotKey, guest: Guest, frame: Frame) -> BookOutcome:
    """Give somebody a seat, or a place in the line when there is none."""
    has = await _open(work, guest, frame)
    await work.walkin.lock(key.hour)
    slot = await find_slot(work, key, frame)
    wish, crowd = _wish(slot, guest, has), await _crowd(work, key, guest)
    decided = rules.decide(slot, wish, crowd, frame.terms, frame.now)
    if isinstance(decided, Refused):
        return decided
    if isinstance(decided, rules.Full):
        waits = rules.waiting(_known(slot), wish, crowd.line.last + 1, frame.now)
        return Waitlisted(await work.walkin.wait(waits), decided.waiting + 1)
    there = frame.grounds.of(_known(slot).session.hour.coach)
    due = next_reminder(_known(slot).starts, frame.now, there)
    booking = steps.booked(_known(slot), wish, decided.number, due, frame.now)
    return Booked(await work.walkin.book(booking))


async def rebook(
    work: WalkInWork, which: BookingId, key: SlotKey, guest: Guest, frame: Frame
) -> BookOutcome:
    """Let a booking go to another slot, if there is a seat; it keeps its own until then."""
    old = await work.walkin.booking(which)
    await work.walkin.lock(key.hour, *([old.key.hour] if old else []))
    old = await work.walkin.booking(which)
    if (why := steps.refusal(old, guest.person, frame.now)) or old is None:
        return Refused(why or Refusal.GONE)
    slot = await find_slot(work, key, frame)
    wish = replace(_wish(slot, guest, await _open(work, guest, frame)), moving=which)
    decided = rules.decide(slot, wish, await _crowd(work, key, guest), frame.terms, frame.now)
    if isinstance(decided, Refused):
        return decided
    if isinstance(decided, rules.Full):
        return Refused(Refusal.FULL)
    there = frame.grounds.of(_known(slot).session.hour.coach)
    new = steps.rebooked(old, _known(slot), decided.number, there, frame.now)
    await work.walkin.save(new, seen=old.version)
    return Booked(new, await promote(work, old.key, frame))


async def _open(work: WalkInWork, guest: Guest, frame: Frame) -> int:
    """Return how many slots somebody has, or waits for."""
    mine = await work.walkin.of_person(guest.person, frame.now)
    return len(mine) + len(await work.walkin.waits_of(guest.person, frame.now))


def _wish(slot: Slot | None, guest: Guest, has: int) -> rules.Wish:
    allowed = slot is not None and guest.may(slot.session.hour)
    return rules.Wish(guest.person, allowed, has, guest.topic[: rules.LONGEST_TOPIC])


async def _crowd(work: WalkInWork, key: SlotKey, guest: Guest) -> rules.Crowd:
    return rules.Crowd(await _taken(work, key), await work.walkin.numbers(key, guest.person))


async def _taken(work: WalkInWork, key: SlotKey) -> list[Booking]:
    there = await work.walkin.bookings(key.hour, key.day)
    return [one for one in there if one.key == key]


def _known(slot: Slot | None) -> Slot:
    assert slot is not None  # noqa: S101 (a slot that is not there was refused before)
    return slot


async def promote(work: WalkInWork, key: SlotKey, frame: Frame) -> tuple[Booking, ...]:
    """Offer the free seats of a slot to who waits, in order of number."""
    slot = await find_slot(work, key, frame)
    if slot is None:
        return ()
    there = frame.grounds.of(slot.session.hour.coach)
    until = rules.confirm_by(slot.starts, there, frame.terms, frame.now)
    made = []
    taken, line = await _taken(work, key), await work.walkin.line(key)
    for waits, seat in rules.promotions(slot, taken, line, frame.now):
        await work.walkin.save_waiting(rules.left(waits, Line.OFFERED))
        made.append(await work.walkin.book(steps.offered(slot, waits, seat, until, frame.now)))
    return tuple(made)


async def fill(work: WalkInWork, key: SlotKey, frame: Frame) -> tuple[Booking, ...]:
    """Offer seats that are free while somebody waits: of an hour that got more of them."""
    await work.walkin.lock(key.hour)
    return await promote(work, key, frame)


async def cancel(work: WalkInWork, which: BookingId, person: PersonId, frame: Frame) -> FreeOutcome:
    """Give up a booking, or a seat that was offered; who waits first is offered it."""
    known = await locked(work, which)
    if (why := steps.refusal(known, person, frame.now)) or known is None:
        return Refused(why or Refusal.GONE)
    reason = Why.DECLINED if known.state is State.OFFERED else Why.BY_ASKER
    return await _free(work, known, reason, frame)


async def free(work: WalkInWork, which: BookingId, why: Why, frame: Frame) -> Freed | None:
    """Free a seat that nobody will sit on: of who left, or who did not confirm in time.

    None when it is over already, or was confirmed meanwhile.
    """
    known = await locked(work, which)
    if known is None or not known.open:
        return None
    if why is Why.EXPIRED and not steps.expired(known, frame.now):
        return None
    return await _free(work, known, why, frame)


async def _free(work: WalkInWork, known: Booking, why: Why, frame: Frame) -> Freed:
    over = steps.cancelled(known, why)
    await work.walkin.save(over, seen=known.version)
    return Freed(over, await promote(work, known.key, frame))


async def confirm(
    work: WalkInWork, which: BookingId, person: PersonId, frame: Frame
) -> Booked | Refused:
    """Take the seat that was offered."""
    known = await locked(work, which)
    if (why := steps.confirm_refusal(known, person, frame.now)) or known is None:
        return Refused(why or Refusal.GONE)
    new = steps.confirmed(known, await works_there(work, known, frame), frame.now)
    await work.walkin.save(new, seen=known.version)
    return Booked(new)


async def leave_line(work: WalkInWork, key: SlotKey, person: PersonId) -> Waiting | Refused:
    """Wait for a slot no longer."""
    await work.walkin.lock(key.hour)
    mine = next((one for one in await work.walkin.line(key) if one.person == person), None)
    if mine is None:
        return Refused(Refusal.GONE)
    await work.walkin.save_waiting(rules.left(mine))
    return mine


async def give_up(work: WalkInWork, waits: Waiting, frame: Frame) -> bool:
    """Let who still waits at the start of a slot wait no longer; False when they do not."""
    await work.walkin.lock(waits.key.hour)
    known = [one for one in await work.walkin.line(waits.key) if one.id == waits.id]
    late = [one for one in known if one.starts <= frame.now]
    for one in late:
        await work.walkin.save_waiting(rules.left(one, Line.CLOSED))
    return bool(late)
