"""What comes of a use case: done, or refused and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.walkin.model import Hour
from bot.walkin.seats import Booking, Waiting


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


BookOutcome = Booked | Waitlisted | Refused
FreeOutcome = Freed | Refused
AddOutcome = Added | Clash
ChangeOutcome = Changed | Clash | Ahead | Unsure | Refused
