"""What becomes of a booking, step by step, and who may take one. Pure: time is an argument."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.ids import BookingId, PersonId
from bot.walkin.model import Slot, SlotKey
from bot.walkin.outcomes import Refusal
from bot.walkin.reminders import next_reminder
from bot.walkin.rules import Wish
from bot.walkin.seats import Booking, State, Waiting, Why
from bot.worktime.worktime import WorkTime

MARKED = timedelta(days=14)
"""How long after a slot it can be said who came."""


def booked(slot: Slot, wish: Wish, seat: int, due: datetime | None, now: datetime) -> Booking:
    """Return a new booking."""
    return Booking(
        BookingId(0),
        slot.key,
        wish.person,
        seat,
        State.BOOKED,
        slot.starts,
        slot.ends,
        now,
        wish.topic,
        due=due,
    )


def offered(slot: Slot, waiting: Waiting, seat: int, until: datetime, now: datetime) -> Booking:
    """Return the booking that keeps a seat for somebody until they confirm."""
    return Booking(
        BookingId(0),
        slot.key,
        waiting.person,
        seat,
        State.OFFERED,
        slot.starts,
        slot.ends,
        now,
        waiting.topic,
        due=until,
    )


def rebooked(booking: Booking, slot: Slot, seat: int, college: WorkTime, now: datetime) -> Booking:
    """Return a booking that goes to another slot: it stays the same booking, of a new version."""
    return replace(
        booking,
        key=slot.key,
        state=State.BOOKED,
        seat=seat,
        starts=slot.starts,
        ends=slot.ends,
        version=booking.version + 1,
        due=next_reminder(slot.starts, now, college),
    )


def moved(booking: Booking, slot: Slot, college: WorkTime, now: datetime) -> Booking:
    """Return a booking whose slot takes place at another time."""
    due = booking.due and min(booking.due, slot.starts)
    if booking.state is State.BOOKED:
        due = next_reminder(slot.starts, now, college)
    return replace(
        booking, starts=slot.starts, ends=slot.ends, version=booking.version + 1, due=due
    )


def carried(booking: Booking, key: SlotKey, ends: datetime) -> Booking:
    """Return a booking that goes along to the same moment of another hour."""
    return replace(booking, key=key, ends=ends, version=booking.version + 1)


def cancelled(booking: Booking, why: Why) -> Booking:
    """Return a booking that is over; its seat is free."""
    state = State.CANCELLED
    return replace(booking, state=state, why=why, due=None, version=booking.version + 1)


def confirmed(booking: Booking, college: WorkTime, now: datetime) -> Booking:
    """Return an offered booking whose seat is taken."""
    due = next_reminder(booking.starts, now, college)
    return replace(booking, state=State.BOOKED, due=due, version=booking.version + 1)


def refusal(booking: Booking | None, person: PersonId, now: datetime) -> Refusal | None:
    """Return why somebody cannot change a booking; None when they can."""
    if booking is None or not booking.open:
        return Refusal.GONE
    if booking.person != person:
        return Refusal.NOT_YOURS
    return Refusal.TOO_LATE if booking.starts <= now else None


def confirm_refusal(booking: Booking | None, person: PersonId, now: datetime) -> Refusal | None:
    """Return why somebody cannot confirm a seat; None when they can."""
    if booking and booking.person == person and booking.why is Why.EXPIRED:
        return Refusal.EXPIRED
    why = refusal(booking, person, now)
    if why or booking is None:
        return why
    if booking.state is State.BOOKED:
        return Refusal.HAVE_IT
    return Refusal.EXPIRED if expired(booking, now) else None


def expired(booking: Booking, now: datetime) -> bool:
    """Tell whether an offered seat can be confirmed no longer."""
    return booking.state is State.OFFERED and is_due(booking, now)


def is_due(booking: Booking, now: datetime) -> bool:
    """Tell whether time has something to do with a booking now."""
    return booking.due is not None and booking.due <= now


def mark_refusal(booking: Booking | None, now: datetime) -> Refusal | None:
    """Return why it cannot be said now whether somebody came; None when it can."""
    if booking is None or booking.state in (State.CANCELLED, State.OFFERED):
        return Refusal.GONE
    if now < booking.starts:
        return Refusal.NOT_YET
    return Refusal.TOO_LATE if now - booking.ends > MARKED else None
