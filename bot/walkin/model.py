"""The values of this feature: hours by rule, their dates and slots, who comes and who waits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.core.ids import BookingId, HourId, PersonId, TicketId, WaitingId


class OpenTo(StrEnum):
    """Who may come."""

    TEAM = "team"
    LOCATION = "location"
    EVERYONE = "everyone"


class Origin(StrEnum):
    """Where an hour came from: the college file may only end what it brought."""

    CHAT = "chat"
    FILE = "file"


@dataclass(frozen=True)
class Hour:
    """A weekly hour, in local time; `weekday` 0 is Monday, `minutes` is how long a slot is.

    An extra date is an hour whose `first` and `last` are the same day. `last` is None when no end
    is known. `seats` are those of one slot. Id 0 is not stored yet.
    """

    id: HourId
    coach: PersonId
    weekday: int
    start: time
    end: time
    minutes: int
    seats: int
    first: date
    last: date | None = None
    place: str = ""
    link: str = ""
    open_to: OpenTo = OpenTo.EVERYONE
    origin: Origin = Origin.CHAT

    @property
    def once(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class Change:
    """What becomes of one date of an hour: it moves to another time, or without `to` it is off.

    `place` is where it is then; empty: where it always is.
    """

    hour: HourId
    day: date
    to: date | None = None
    start: time | None = None
    place: str = ""


@dataclass(frozen=True)
class Occurs:
    """A date of an hour by the clock on the wall. `day` names it, also when it is on another."""

    hour: Hour
    day: date
    on: date
    start: time
    end: time
    place: str


@dataclass(frozen=True)
class SlotKey:
    """Names a slot: of which hour, the date by its rule, and the how manyth it is, from 0."""

    hour: HourId
    day: date
    number: int


@dataclass(frozen=True)
class Session:
    """A date of an hour on which it takes place. Moments are in UTC: only there time is even."""

    hour: Hour
    day: date
    starts: datetime
    ends: datetime
    place: str


@dataclass(frozen=True)
class Slot:
    """A part of a session that can be booked."""

    session: Session
    key: SlotKey
    starts: datetime
    ends: datetime

    @property
    def seats(self) -> int:
        return self.session.hour.seats


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


class Refusal(StrEnum):
    """Why something was not done: the last word of a key in the catalogues."""

    GONE = "gone"
    TOO_LATE = "too_late"
    NOT_FOR_YOU = "not_for_you"
    OWN = "own"
    HAVE_IT = "have_it"
    IN_LINE = "in_line"
    TOO_MANY = "too_many"
    NOT_YOURS = "not_yours"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    FULL = "full"
    IN_FILE = "in_file"


@dataclass(frozen=True)
class Refused:
    """Something was not done."""

    why: Refusal


@dataclass(frozen=True)
class Booked:
    """Somebody has a seat. `promoted` were offered the seats that came free by it."""

    booking: Booking
    promoted: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Waitlisted:
    """Somebody waits for a seat; `place` counts who still waits, from 1."""

    waiting: Waiting
    place: int


@dataclass(frozen=True)
class Freed:
    """A booking is over, and who is offered the seats that came free."""

    booking: Booking
    promoted: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Clash:
    """An hour of the same coach that is at the same time, and the first date of it."""

    hour: Hour
    on: date


@dataclass(frozen=True)
class Ahead:
    """A date that was moved forward, to before the day from which its hour would change."""

    day: date
    to: date


@dataclass(frozen=True)
class Added:
    """There is one more hour."""

    hour: Hour


@dataclass(frozen=True)
class Changed:
    """An hour goes on by another rule. `kept` have the same moment; of `lost` it is not there."""

    hour: Hour
    kept: tuple[Booking, ...]
    lost: "Emptied"


@dataclass(frozen=True)
class Unsure:
    """So many bookings and places in the line have no moment by the new rule: nothing was done."""

    lost: int


@dataclass(frozen=True)
class TakenOver:
    """What became of the hours of the college file: clashes are those that were left out."""

    added: tuple[Hour, ...] = ()
    changed: tuple[Hour, ...] = ()
    ended: tuple[Hour, ...] = ()
    clashes: tuple[tuple[Hour, Clash], ...] = ()


@dataclass(frozen=True)
class Emptied:
    """Dates do not take place as they did: whose bookings that touches, and who waited for one."""

    bookings: tuple[Booking, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Terms:
    """What the college set: bookings that somebody may have open, and minutes to confirm in."""

    most_open: int = 3
    confirm_minutes: int = 120


BookOutcome = Booked | Waitlisted | Refused
FreeOutcome = Freed | Refused
AddOutcome = Added | Clash
ChangeOutcome = Changed | Clash | Ahead | Unsure | Refused
