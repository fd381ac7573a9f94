"""What this feature needs of a store."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.ids import BookingId, HourId, PersonId, TicketId
from bot.walkin.model import Change, Hour, SlotKey
from bot.walkin.seats import Booking, Count, Numbers, Ticket, Waiting


class WalkIns(Protocol):
    """Walk-in hours, who has a seat, who waits for one, and who walked in."""

    async def lock(self, *hours: HourId) -> None:
        """Let nobody else book, wait or walk in at these hours until this unit of work ends."""
        ...

    async def add_hour(self, hour: Hour) -> Hour: ...

    async def save_hour(self, hour: Hour) -> None: ...

    async def hour(self, which: HourId) -> Hour | None: ...

    async def hours(self, since: date) -> Sequence[Hour]:
        """Return the hours that have not ended by then, in order of id."""
        ...

    async def change_date(self, change: Change) -> None:
        """Store what becomes of a date, in the place of what was said of it before."""
        ...

    async def changes(self, since: date) -> Sequence[Change]:
        """Return what becomes of dates whose day by the rule is from then on."""
        ...

    async def book(self, booking: Booking) -> Booking:
        """Store a new booking; the unit of work ends in ConflictError when its seat is taken."""
        ...

    async def save(self, booking: Booking, *, seen: int) -> bool:
        """Store it as it has become, if it is still at version `seen`; else False, and nothing."""
        ...

    async def remind_at(self, which: BookingId, due: datetime | None) -> None:
        """Store when time does something to it next: no change that a calendar shows."""
        ...

    async def booking(self, which: BookingId) -> Booking | None: ...

    async def bookings(self, hour: HourId, day: date) -> Sequence[Booking]:
        """Return the bookings of a session that have a seat, in order of slot and seat."""
        ...

    async def upcoming(self, hour: HourId, after: datetime) -> Sequence[Booking]:
        """Return the open bookings of an hour that start after then, in order of time."""
        ...

    async def of_person(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        """Return someone's open bookings that end after then, in order of time."""
        ...

    async def history(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        """Return all bookings of someone that end after then, also those that are over."""
        ...

    async def wait(self, waiting: Waiting) -> Waiting:
        """Store somebody in the line; ConflictError when the number is taken."""
        ...

    async def save_waiting(self, waiting: Waiting) -> None: ...

    async def line(self, key: SlotKey) -> Sequence[Waiting]:
        """Return who waits for a slot, in order of number."""
        ...

    async def lines(self, hour: HourId, after: datetime) -> Sequence[Waiting]:
        """Return who waits for a slot of an hour that starts after then."""
        ...

    async def waits_of(self, person: PersonId, after: datetime) -> Sequence[Waiting]:
        """Return what someone waits for that starts after then, in order of time."""
        ...

    async def unseated(self, now: datetime) -> Sequence[Waiting]:
        """Return who still waits for a slot that has begun, in order of time."""
        ...

    async def numbers(self, key: SlotKey, person: PersonId) -> Numbers:
        """Return how long the line for a slot is, the last number given, and if someone is in it.

        Numbers of who waits no longer were given as well.
        """
        ...

    async def counts(self, since: datetime, until: datetime) -> Mapping[SlotKey, Count]:
        """Return how full the slots are that start in a span; one that is empty is not there."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[BookingId]:
        """Return what time has something to do with, what starts soonest first."""
        ...

    async def next_due(self, after: datetime) -> datetime | None:
        """Return when a booking is due next, or a slot begins that somebody waits for."""
        ...

    async def of_gone(self, after: datetime) -> Sequence[BookingId]:
        """Return the open bookings that start after then, of people who left the college."""
        ...

    async def open_after(self, now: datetime) -> Sequence[Booking]:
        """Return all open bookings that start after then."""
        ...

    async def take_ticket(self, ticket: Ticket) -> Ticket: ...

    async def save_ticket(self, ticket: Ticket) -> None: ...

    async def ticket(self, which: TicketId) -> Ticket | None: ...

    async def tickets(self, hour: HourId, day: date) -> Sequence[Ticket]:
        """Return all numbers of a session, in order."""
        ...

    async def queued(self) -> Sequence[Ticket]:
        """Return all numbers that wait to be called, in order of id."""
        ...

    async def forget_texts(self, before: datetime) -> int:
        """Empty what people said they came for before then; figures stay."""
        ...


class Feeds(Protocol):
    """Under which random word each person's calendar can be read; there is one a person."""

    async def key_of(self, person: PersonId) -> str | None: ...

    async def keep(self, person: PersonId, key: str, at: datetime) -> None:
        """Store it in the place of the one before, which is nobody's from then on."""
        ...

    async def drop(self, person: PersonId) -> bool:
        """Forget it; False when there was none."""
        ...

    async def owner(self, key: str) -> PersonId | None: ...


class WalkInWork(Protocol):
    """A unit of work that reaches walk-in hours."""

    @property
    def walkin(self) -> WalkIns: ...

    @property
    def feeds(self) -> Feeds: ...
