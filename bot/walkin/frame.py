"""What use cases of walk-in hours share: where, for whom and when they are decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.ids import BookingId, HourId, PersonId
from bot.walkin.grounds import Grounds
from bot.walkin.model import Hour, Session, Slot, SlotKey, Terms
from bot.walkin.ports import WalkInWork
from bot.walkin.seats import Booking
from bot.walkin.slots import session_of, slot_of
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class Guest:
    """Who wants to come, for what, and to which hours they may."""

    person: PersonId
    may: Callable[[Hour], bool]
    topic: str = ""


@dataclass(frozen=True)
class Frame:
    """What every use case is decided in: where hours take place, on what terms, and when it is."""

    grounds: Grounds
    terms: Terms
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.grounds.zone).date()


async def session(work: WalkInWork, hour: HourId, day: date, frame: Frame) -> Session | None:
    """Return the session of a date; None when it does not take place."""
    known = await work.walkin.hour(hour)
    if known is None:
        return None
    return session_of(known, await work.walkin.changes(day), frame.grounds, day)


async def find_slot(work: WalkInWork, key: SlotKey, frame: Frame) -> Slot | None:
    """Return a slot; None when it does not take place."""
    return slot_of(await session(work, key.hour, key.day, frame), key.number)


async def locked(work: WalkInWork, which: BookingId) -> Booking | None:
    """Return a booking as it is once nobody else can change it."""
    known = await work.walkin.booking(which)
    if known is None:
        return None
    await work.walkin.lock(known.key.hour)
    now = await work.walkin.booking(which)
    if now and now.key.hour != known.key.hour:
        # Its hour went on by another rule meanwhile: later hours have higher numbers.
        await work.walkin.lock(now.key.hour)
        now = await work.walkin.booking(which)
    return now


async def works_there(work: WalkInWork, booking: Booking, frame: Frame) -> WorkTime:
    """Return the working time at the location of a booking."""
    hour = await work.walkin.hour(booking.key.hour)
    return frame.grounds.of(hour.coach) if hour else frame.grounds.college
