"""Who gets a seat, who waits, and what becomes of a booking. Pure: time is an argument."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from bot.core.ids import BookingId, PersonId, WaitingId
from bot.walkin.model import Session, Slot, SlotKey, Terms
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.reminders import next_reminder
from bot.walkin.seats import Booking, Line, Numbers, State, Ticket, Turn, Waiting, Why
from bot.worktime.worktime import WorkTime

LONGEST_TOPIC = 200
"""Signs of what somebody comes for."""
MARKED = timedelta(days=14)
"""How long after a slot it can be said who came."""


@dataclass(frozen=True)
class Seat:
    """There is a seat, by its number from 1."""

    number: int


@dataclass(frozen=True)
class Full:
    """There is none: so many wait already."""

    waiting: int


@dataclass(frozen=True)
class Wish:
    """Who wants a seat: whether the hour is open to them, and what they have open already.

    `moving` is the booking that they would give up for it.
    """

    person: PersonId
    allowed: bool
    open: int
    topic: str = ""
    moving: BookingId | None = None


@dataclass(frozen=True)
class Crowd:
    """Who has a seat in a slot, and how many wait for one."""

    taken: Sequence[Booking]
    line: Numbers


def decide(  # noqa: PLR0911 (a reason a line)
    slot: Slot | None, wish: Wish, crowd: Crowd, terms: Terms, now: datetime
) -> Seat | Full | Refused:
    """Return whether there is a seat for somebody. Who waits already goes before who comes new."""
    taken, line = crowd.taken, crowd.line
    if slot is None:
        return Refused(Refusal.GONE)
    if slot.starts <= now:
        return Refused(Refusal.TOO_LATE)
    if slot.session.hour.coach == wish.person:
        return Refused(Refusal.OWN)
    if not wish.allowed:
        return Refused(Refusal.NOT_FOR_YOU)
    if any(one.person == wish.person for one in taken):
        return Refused(Refusal.HAVE_IT)
    if line.mine:
        return Refused(Refusal.IN_LINE)
    if wish.open - (wish.moving is not None) >= terms.most_open:
        return Refused(Refusal.TOO_MANY)
    free = free_seats(slot, taken)
    return Seat(free[0]) if free and not line.waiting else Full(line.waiting)


def free_seats(slot: Slot, taken: Collection[Booking]) -> list[int]:
    """Return the numbers of the seats that nobody has.

    Of an hour that got fewer seats more can be taken than there are: who had one, keeps it.
    """
    seats = {one.seat for one in taken}
    free = [seat for seat in range(1, slot.seats + 1) if seat not in seats]
    return free[: max(slot.seats - len(taken), 0)]


def promotions(
    slot: Slot, taken: Collection[Booking], line: Sequence[Waiting], now: datetime
) -> list[tuple[Waiting, int]]:
    """Return who is offered which seat: in order of number, and nobody once it has begun."""
    if slot.starts <= now:
        return []
    first = sorted(line, key=lambda one: one.number)
    return list(zip(first, free_seats(slot, taken), strict=False))


def confirm_by(starts: datetime, college: WorkTime, terms: Terms, now: datetime) -> datetime:
    """Return until when an offered seat can be confirmed: in working minutes, so not at night.

    It never lasts beyond the start.
    """
    return min(college.after(now, terms.confirm_minutes) or starts, starts)


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


def waiting(slot: Slot, wish: Wish, number: int, now: datetime) -> Waiting:
    """Return a new place in the line."""
    return Waiting(WaitingId(0), slot.key, wish.person, number, slot.starts, now, wish.topic)


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


def place_of(one: Waiting, line: Sequence[Waiting]) -> int:
    """Return how manyth somebody is in the line, from 1."""
    return sum(other.number <= one.number for other in line)


def left(one: Waiting, state: Line = Line.LEFT) -> Waiting:
    """Return somebody who waits no longer."""
    return replace(one, state=state)


IN_QUEUE = (Turn.WAITING, Turn.CALLED)
"""A number that still counts."""
STEP = 5
"""Minutes that an expected wait is rounded up to: it is an estimate, and must look like one."""
QUEUE: dict[Turn, frozenset[Turn]] = {
    Turn.CALLED: frozenset({Turn.WAITING}),
    Turn.HELPED: frozenset({Turn.CALLED, Turn.WAITING}),
    Turn.NO_SHOW: frozenset({Turn.CALLED}),
    Turn.LEFT: frozenset({Turn.WAITING, Turn.CALLED}),
    Turn.CLOSED: frozenset({Turn.WAITING}),
}
"""From which state a number can go where."""


def turned(ticket: Ticket, to: Turn, now: datetime) -> Ticket | None:
    """Return a number that goes on; None when it cannot go there."""
    if ticket.state not in QUEUE[to]:
        return None
    if to is Turn.CALLED:
        return replace(ticket, state=to, called=now)
    return replace(ticket, state=to, ended=now)


def next_in_queue(queue: Sequence[Ticket]) -> Ticket | None:
    """Return who is called next: the lowest number that waits."""
    waits = [one for one in queue if one.state is Turn.WAITING]
    return min(waits, key=lambda one: one.number, default=None)


@dataclass(frozen=True)
class Wait:
    """How many are called before somebody, and about how many minutes that takes."""

    ahead: int
    minutes: int


def number_of(person: PersonId, queue: Sequence[Ticket]) -> Ticket | None:
    """Return the number that somebody has and that still counts."""
    mine = (one for one in queue if one.person == person and one.state in IN_QUEUE)
    return next(mine, None)


def wait_of(
    person: PersonId,
    session: Session,
    queue: Sequence[Ticket],
    bookings: Sequence[Booking],
    now: datetime,
) -> Wait:
    """Return how long somebody waits by the number that they have, or by the one they would get.

    That is a slot for each who comes before them: by number, or by a seat of now. Seats in the
    same slot are helped together.
    """
    mine = number_of(person, queue)
    counts = (one for one in queue if one.state in IN_QUEUE)
    ahead = sum(mine is None or one.number < mine.number for one in counts)
    others = (one for one in bookings if one.person != person and one.open)
    turns = ahead + sum(one.starts <= now < one.ends for one in others)
    minutes = turns / session.hour.seats * session.hour.minutes
    return Wait(ahead, ceil(minutes / STEP) * STEP)


def news_until(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return until when it is news what became of a moment: to the end of its day."""
    after = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(after, time(), zone).astimezone(UTC)
