"""Who gets a seat, who waits, and what becomes of a booking. Pure: time is an argument."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import BookingId, PersonId, WaitingId
from bot.walkin.model import Slot, Terms
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.seats import Booking, Line, Numbers, Waiting
from bot.worktime.worktime import WorkTime

LONGEST_TOPIC = 200
"""Signs of what somebody comes for."""


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


def waiting(slot: Slot, wish: Wish, number: int, now: datetime) -> Waiting:
    """Return a new place in the line."""
    return Waiting(WaitingId(0), slot.key, wish.person, number, slot.starts, now, wish.topic)


def place_of(one: Waiting, line: Sequence[Waiting]) -> int:
    """Return how manyth somebody is in the line, from 1."""
    return sum(other.number <= one.number for other in line)


def left(one: Waiting, state: Line = Line.LEFT) -> Waiting:
    """Return somebody who waits no longer."""
    return replace(one, state=state)


def news_until(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return until when it is news what became of a moment: to the end of its day."""
    after = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(after, time(), zone).astimezone(UTC)
