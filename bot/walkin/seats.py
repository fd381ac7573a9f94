"""Who has a seat in a slot, who waits for one, and who has a number: as it is stored."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.core.ids import BookingId, HourId, PersonId, TicketId, WaitingId
from bot.walkin.model import SlotKey


class State(StrEnum):
    """How far a booking is. All but CANCELLED have their seat."""

    OFFERED = "offered"
    BOOKED = "booked"
    HELPED = "helped"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Why(StrEnum):
    """Why a booking was cancelled; kept, since the figures count it."""

    NONE = ""
    BY_ASKER = "by_asker"
    BY_COACH = "by_coach"
    CHANGED = "changed"  # the hour goes on by another rule
    CLOSED = "closed"  # a holiday or a closing that came after the booking
    COACH_LEFT = "coach_left"
    LEFT = "left"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Booking:
    """Somebody's seat in a slot. Id 0 is not stored yet; the id never changes, whatever moves.

    `version` grows with every change that a calendar must show, and is the condition of a write.
    `due` is when time does something to it: until when an offered seat can be confirmed, or when a
    reminder is next.
    """

    id: BookingId
    key: SlotKey
    person: PersonId
    seat: int
    state: State
    starts: datetime
    ends: datetime
    made: datetime
    topic: str = ""
    version: int = 1
    due: datetime | None = None
    why: Why = Why.NONE

    @property
    def open(self) -> bool:
        return self.state in (State.OFFERED, State.BOOKED)


class Line(StrEnum):
    """What became of somebody in the line for a slot."""

    WAITING = "waiting"
    OFFERED = "offered"
    LEFT = "left"
    CLOSED = "closed"


@dataclass(frozen=True)
class Waiting:
    """Somebody in the line for a slot; numbers are given in order and never again."""

    id: WaitingId
    key: SlotKey
    person: PersonId
    number: int
    starts: datetime
    at: datetime
    topic: str = ""
    state: Line = Line.WAITING


@dataclass(frozen=True)
class Numbers:
    """The line for a slot, to one person: how many wait, the last number given, are they in it."""

    waiting: int = 0
    last: int = 0
    mine: bool = False


@dataclass(frozen=True)
class Count:
    """How many seats of a slot are taken, and how many wait for one."""

    taken: int = 0
    waiting: int = 0


class Turn(StrEnum):
    """How far somebody is who walked in."""

    WAITING = "waiting"
    CALLED = "called"
    HELPED = "helped"
    NO_SHOW = "no_show"
    LEFT = "left"
    CLOSED = "closed"


@dataclass(frozen=True)
class Ticket:
    """A number that somebody took who walks in; `number` is that of the session, from 1."""

    id: TicketId
    hour: HourId
    day: date
    number: int
    person: PersonId
    taken: datetime
    state: Turn = Turn.WAITING
    called: datetime | None = None
    ended: datetime | None = None
