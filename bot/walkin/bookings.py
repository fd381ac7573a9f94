"""Use cases of a booking that keeps its seat: for what it is, and whether they came.

Each runs inside the caller's unit of work.
"""

from dataclasses import replace

from bot.core.ids import BookingId
from bot.walkin import rules, steps
from bot.walkin.frame import Frame, Guest, locked, works_there
from bot.walkin.outcomes import Booked, Refusal, Refused
from bot.walkin.ports import WalkInWork
from bot.walkin.reminders import Reminder, next_reminder
from bot.walkin.reminders import which as which_reminder
from bot.walkin.seats import Booking, State


async def name_topic(
    work: WalkInWork, which: BookingId, guest: Guest, frame: Frame
) -> Booked | Refused:
    """Say what one comes for."""
    known = await locked(work, which)
    if (why := steps.refusal(known, guest.person, frame.now)) or known is None:
        return Refused(why or Refusal.GONE)
    topic = guest.topic[: rules.LONGEST_TOPIC]
    new = replace(known, topic=topic, version=known.version + 1)
    await work.walkin.save(new, seen=known.version)
    return Booked(new)


async def elsewhere(work: WalkInWork, booking: Booking) -> Booking:
    """Note that a booking takes place somewhere else: a calendar must show that."""
    new = replace(booking, version=booking.version + 1)
    await work.walkin.save(new, seen=booking.version)
    return new


async def mark(work: WalkInWork, which: BookingId, frame: Frame, *, came: bool) -> Booked | Refused:
    """Say whether somebody came; the last word counts."""
    known = await locked(work, which)
    if (why := steps.mark_refusal(known, frame.now)) or known is None:
        return Refused(why or Refusal.GONE)
    state = State.HELPED if came else State.NO_SHOW
    new = replace(known, state=state, due=None, version=known.version + 1)
    await work.walkin.save(new, seen=known.version)
    return Booked(new)


async def remind(
    work: WalkInWork, which: BookingId, frame: Frame
) -> tuple[Booking, Reminder] | None:
    """Return which reminder is due now, and note when the next one is; None for none."""
    known = await locked(work, which)
    if known is None or known.state is not State.BOOKED or not steps.is_due(known, frame.now):
        return None
    following = next_reminder(known.starts, frame.now, await works_there(work, known, frame))
    await work.walkin.remind_at(which, following)
    says = which_reminder(known.starts, frame.now)
    return (known, says) if says else None
