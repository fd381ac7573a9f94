"""Use cases of walking in: take a number, be called, leave. Each in the caller's unit of work."""

from datetime import date, datetime

from bot.core.ids import HourId, PersonId, TicketId
from bot.walkin import turns
from bot.walkin.frame import Frame, Guest, session
from bot.walkin.model import Session
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.ports import WalkInWork
from bot.walkin.seats import Ticket, Turn


async def take_number(
    work: WalkInWork, hour: HourId, day: date, guest: Guest, frame: Frame
) -> Ticket | Refused:
    """Give somebody a number once the hour began; who has one that still counts, keeps it."""
    await work.walkin.lock(hour)
    there = await session(work, hour, day, frame)
    if there is None or there.ends <= frame.now:
        return Refused(Refusal.GONE)
    if there.starts > frame.now:
        return Refused(Refusal.NOT_YET)
    if there.hour.coach == guest.person:
        return Refused(Refusal.OWN)
    if not guest.may(there.hour):
        return Refused(Refusal.NOT_FOR_YOU)
    queue = await work.walkin.tickets(hour, day)
    if mine := turns.number_of(guest.person, queue):
        return mine
    number = max((one.number for one in queue), default=0) + 1
    ticket = Ticket(TicketId(0), hour, day, number, guest.person, frame.now)
    return await work.walkin.take_ticket(ticket)


async def leave(
    work: WalkInWork, which: TicketId, person: PersonId, frame: Frame
) -> Ticket | Refused:
    """Give a number back."""
    ticket = await _locked(work, which)
    if ticket is None:
        return Refused(Refusal.GONE)
    if ticket.person != person:
        return Refused(Refusal.NOT_YOURS)
    return await _turn(work, ticket, Turn.LEFT, frame)


async def call_next(
    work: WalkInWork, hour: HourId, day: date, coach: PersonId, frame: Frame
) -> Ticket | Refused | None:
    """Call the lowest number that waits; None when nobody does."""
    await work.walkin.lock(hour)
    known = await work.walkin.hour(hour)
    if known is None or known.coach != coach:
        return Refused(Refusal.NOT_YOURS)
    ticket = turns.next_in_queue(await work.walkin.tickets(hour, day))
    return await _turn(work, ticket, Turn.CALLED, frame) if ticket else None


async def finish(
    work: WalkInWork, which: TicketId, coach: PersonId, to: Turn, frame: Frame
) -> Ticket | Refused:
    """Let the coach say what became of a visit."""
    ticket = await _locked(work, which)
    known = await work.walkin.hour(ticket.hour) if ticket else None
    if ticket is None or known is None:
        return Refused(Refusal.GONE)
    if known.coach != coach:
        return Refused(Refusal.NOT_YOURS)
    return await _turn(work, ticket, to, frame)


async def close(work: WalkInWork, which: TicketId, frame: Frame) -> Ticket | None:
    """Let a number that was not called be over with its hour; None when it still counts."""
    ticket = await _locked(work, which)
    if ticket is None:
        return None
    if not is_over(await session(work, ticket.hour, ticket.day, frame), frame.now):
        return None
    closed = await _turn(work, ticket, Turn.CLOSED, frame)
    return None if isinstance(closed, Refused) else closed


def is_over(there: Session | None, now: datetime) -> bool:
    """Tell whether an hour is over: at its end, and when it does not take place."""
    return there is None or there.ends <= now


async def _locked(work: WalkInWork, which: TicketId) -> Ticket | None:
    known = await work.walkin.ticket(which)
    if known is None:
        return None
    await work.walkin.lock(known.hour)
    return await work.walkin.ticket(which)


async def _turn(work: WalkInWork, ticket: Ticket, to: Turn, frame: Frame) -> Ticket | Refused:
    turned = turns.turned(ticket, to, frame.now)
    if turned is None:
        return Refused(Refusal.GONE)
    await work.walkin.save_ticket(turned)
    return turned
