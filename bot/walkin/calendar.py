"""What a calendar shows of walk-in hours. Of who else comes it says no more than how many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.ids import HourId
from bot.core.reply import Say
from bot.walkin.model import Change, Hour, Session, SlotKey
from bot.walkin.seats import Booking, Count, State
from bot.walkin.slots import is_date_of, slots

AT = "vraagbaak"
"""What follows the @ of each UID: an address of the server could change, and a UID never may."""


class Status(StrEnum):
    """How sure an event is: the words of RFC 5545, 3.8.1.11."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class When:
    """Which event it is, which version of it, from when to when, and how sure."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    status: Status = Status.CONFIRMED


@dataclass(frozen=True)
class Event:
    """One event; `url` opens the meeting when it is online."""

    when: When
    title: Say
    place: Say | None = None
    about: Say | None = None
    url: str = ""


@dataclass(frozen=True)
class Calendar:
    """What is handed out: one event, or with a name all of somebody's, to be read again."""

    zone: ZoneInfo
    at: datetime
    events: tuple[Event, ...]
    name: Say | None = None


def of_booking(booking: Booking, session: Session | None, now: datetime) -> When:
    """Return when a booking is. Without a session it does not take place, whatever it says itself.

    The id never changes, and the version rises with whatever a calendar must show.
    """
    lost = booking.open and session is None and booking.starts > now
    match booking.state:
        case State.CANCELLED:
            status = Status.CANCELLED
        case State.OFFERED:
            status = Status.TENTATIVE
        case _:
            status = Status.CONFIRMED
    status = Status.CANCELLED if lost else status
    uid = f"booking-{booking.id}@{AT}"
    return When(uid, booking.version, booking.starts, booking.ends, status)


def of_session(
    session: Session, changes: Sequence[Change], status: Status = Status.CONFIRMED
) -> When:
    """Return when a date of an hour is; one that moved is the same event.

    So is one that lapses, by a closed day or leave. It can come back when the leave is shorter:
    therefore its version stays, and the newest reading counts.
    """
    changed = any((one.hour, one.day) == (session.hour.id, session.day) for one in changes)
    uid = _session_uid(session.hour.id, session.day)
    return When(uid, int(changed), session.starts, session.ends, status)


def called_off(
    hours: Sequence[Hour], changes: Sequence[Change], zone: ZoneInfo, first: date, last: date
) -> Iterator[When]:
    """Yield the dates in a span that their coach called off, when they would have been."""
    known = {one.id: one for one in hours}
    for one in changes:
        hour = known.get(one.hour)
        if hour and one.to is None and first <= one.day <= last and is_date_of(hour, one.day):
            starts, ends = (
                datetime.combine(one.day, at, zone).astimezone(UTC) for at in (hour.start, hour.end)
            )
            uid = _session_uid(hour.id, one.day)
            yield When(uid, 1, starts, max(starts, ends), Status.CANCELLED)


def taken(session: Session, counts: Mapping[SlotKey, Count]) -> tuple[int, int]:
    """Return how many seats of a session are taken, and how many there are."""
    there = slots(session)
    known = (counts[one.key].taken for one in there if one.key in counts)
    return sum(known), len(there) * session.hour.seats


def _session_uid(hour: HourId, day: date) -> str:
    return f"hour-{hour}-{day}@{AT}"
