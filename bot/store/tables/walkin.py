"""Rows: walk-in hours: what differs from the weekly rule, and who comes."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from bot.store.tables.base import Moment, Row


class WalkInHourRow(Row, table=True):
    """A weekly hour of a coach, in local time; `last` NULL: without an end."""

    __tablename__ = "walkin_hour"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    coach: int = Field(foreign_key="person.id", index=True)
    weekday: int
    start: str
    end: str
    minutes: int
    seats: int
    first: date
    last: date | None = None
    place: str
    link: str
    open_to: str
    origin: str


class WalkInExceptionRow(Row, table=True):
    """What becomes of one date of an hour; `moved_to` NULL: it is off."""

    __tablename__ = "walkin_exception"
    hour: int = Field(primary_key=True, foreign_key="walkin_hour.id")
    day: date = Field(primary_key=True)
    moved_to: date | None = None
    start: str | None = None
    place: str


_WAITING = text("state = 'waiting'")
_SEATED = text("state != 'cancelled'")


class BookingRow(Row, table=True):
    """Somebody's seat in a slot. The unique seat makes overbooking impossible in any database.

    `version` is the condition of every write, and what a calendar counts changes by; `due` is when
    time does something to it. `topic` is NULL once forgotten.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index(
            "uq_booking_seat",
            *("hour", "day", "slot", "seat"),
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index(
            "uq_booking_guest",
            *("hour", "day", "slot", "person"),
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index(
            "ix_booking_due",
            "due",
            sqlite_where=text("due IS NOT NULL"),
            postgresql_where=text("due IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    slot: int
    seat: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    starts: datetime = Field(sa_type=Moment, index=True)
    ends: datetime = Field(sa_type=Moment)
    made: datetime = Field(sa_type=Moment)
    topic: str | None
    version: int
    due: datetime | None = Field(default=None, sa_type=Moment)
    why: str


class WaitlistRow(Row, table=True):
    """Somebody in the line for a slot; a number is given once."""

    __tablename__ = "waitlist"
    __table_args__ = (
        UniqueConstraint("hour", "day", "slot", "number"),
        Index("ix_waitlist_waiting", "starts", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    slot: int
    number: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    starts: datetime = Field(sa_type=Moment, index=True)
    at: datetime = Field(sa_type=Moment)
    topic: str | None


class QueueTicketRow(Row, table=True):
    """A number of who walks in, once a session."""

    __tablename__ = "queue_ticket"
    __table_args__ = (
        UniqueConstraint("hour", "day", "number"),
        Index("ix_queue_ticket_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    number: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    taken: datetime = Field(sa_type=Moment, index=True)
    called: datetime | None = Field(default=None, sa_type=Moment)
    ended: datetime | None = Field(default=None, sa_type=Moment)


class CalendarFeedRow(Row, table=True):
    """Under which random word someone's calendar can be read. Its address is not stored."""

    __tablename__ = "calendar_feed"
    person: int = Field(primary_key=True, foreign_key="person.id")
    key: str = Field(unique=True)
    made: datetime = Field(sa_type=Moment)
