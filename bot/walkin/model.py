"""The values of this feature: hours by rule, their dates and their slots."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.core.ids import HourId, PersonId


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


@dataclass(frozen=True)
class Terms:
    """What the college set: bookings that somebody may have open, and minutes to confirm in."""

    most_open: int = 3
    confirm_minutes: int = 120
