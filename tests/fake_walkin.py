"""Walk-in hours in memory, which pass the same contract tests as the real ones."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core.errors import ConflictError
from bot.core.ids import BookingId, HourId, PersonId, TicketId, WaitingId
from bot.walkin.model import Change, Hour, SlotKey
from bot.walkin.seats import Booking, Count, Line, Numbers, State, Ticket, Turn, Waiting


@dataclass
class WalkInShelf:
    """All that is kept of walk-in hours. Values are frozen: a copy of the shelf is a snapshot."""

    last_id: int = 0
    hours: dict[HourId, Hour] = field(default_factory=dict)
    changes: dict[tuple[HourId, date], Change] = field(default_factory=dict)
    bookings: dict[BookingId, Booking] = field(default_factory=dict)
    waits: dict[WaitingId, Waiting] = field(default_factory=dict)
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    feeds: dict[PersonId, str] = field(default_factory=dict)

    def snapshot(self) -> "WalkInShelf":
        return WalkInShelf(
            self.last_id,
            {**self.hours},
            {**self.changes},
            {**self.bookings},
            {**self.waits},
            {**self.tickets},
            {**self.feeds},
        )

    def merge(self, who: PersonId, is_now: PersonId) -> None:
        if who in self.feeds and is_now not in self.feeds:
            self.feeds[is_now] = self.feeds.pop(who)
        seats = {one.key for one in self.bookings.values() if one.person == is_now}
        for seat, booking in self.bookings.items():
            if booking.person == who and booking.key not in seats:
                self.bookings[seat] = replace(booking, person=is_now)
        lines = {one.key for one in self.waits.values() if one.person == is_now}
        for place, waits in self.waits.items():
            if waits.person == who and waits.key not in lines:
                self.waits[place] = replace(waits, person=is_now)
        days = {(one.hour, one.day) for one in self.tickets.values() if one.person == is_now}
        for which, one in self.tickets.items():
            if one.person == who and (one.hour, one.day) not in days:
                self.tickets[which] = replace(one, person=is_now)

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


class MemoryWalkIns:
    """Fulfils `bot.walkin.ports.WalkIns` and `bot.retention.ports.Forgetful`."""

    def __init__(self, shelf: WalkInShelf, active: Callable[[PersonId], bool]) -> None:
        self._on, self._active = shelf, active

    async def lock(self, *hours: HourId) -> None:
        """Units never run at once here."""

    async def add_hour(self, hour: Hour) -> Hour:
        new = replace(hour, id=HourId(self._on.next_id()))
        self._on.hours[new.id] = new
        return new

    async def save_hour(self, hour: Hour) -> None:
        self._on.hours[hour.id] = hour

    async def hour(self, which: HourId) -> Hour | None:
        return self._on.hours.get(which)

    async def hours(self, since: date) -> Sequence[Hour]:
        known = self._on.hours
        found = [known[one] for one in sorted(known)]
        return [one for one in found if one.last is None or one.last >= since]

    async def change_date(self, change: Change) -> None:
        self._on.changes[change.hour, change.day] = change

    async def changes(self, since: date) -> Sequence[Change]:
        found = [one for one in self._on.changes.values() if one.day >= since]
        return sorted(found, key=lambda one: (one.day, one.hour))

    async def book(self, booking: Booking) -> Booking:
        new = replace(booking, id=BookingId(self._on.next_id()))
        self._put(new)
        return new

    async def save(self, booking: Booking, *, seen: int) -> bool:
        known = self._on.bookings.get(booking.id)
        if known is None or known.version != seen:
            return False
        self._put(booking)
        return True

    async def remind_at(self, which: BookingId, due: datetime | None) -> None:
        self._on.bookings[which] = replace(self._on.bookings[which], due=due)

    async def booking(self, which: BookingId) -> Booking | None:
        return self._on.bookings.get(which)

    async def bookings(self, hour: HourId, day: date) -> Sequence[Booking]:
        found = self._find(lambda one: (one.key.hour, one.key.day) == (hour, day) and _seated(one))
        return sorted(found, key=lambda one: (one.key.number, one.seat))

    async def upcoming(self, hour: HourId, after: datetime) -> Sequence[Booking]:
        return [one for one in await self.open_after(after) if one.key.hour == hour]

    async def of_person(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        return self._find(lambda one: one.person == person and one.open and one.ends > after)

    async def of_gone(self, after: datetime) -> Sequence[BookingId]:
        later = await self.open_after(after)
        return [one.id for one in later if not self._active(one.person)]

    async def history(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        found = [
            one for one in self._on.bookings.values() if one.person == person and one.ends > after
        ]
        return sorted(found, key=lambda one: (one.starts, one.id))

    async def open_after(self, now: datetime) -> Sequence[Booking]:
        return self._find(lambda one: one.open and one.starts > now)

    async def wait(self, waiting: Waiting) -> Waiting:
        if any(_number(one) == _number(waiting) for one in self._on.waits.values()):
            raise ConflictError
        new = replace(waiting, id=WaitingId(self._on.next_id()))
        self._on.waits[new.id] = new
        return new

    async def save_waiting(self, waiting: Waiting) -> None:
        self._on.waits[waiting.id] = waiting

    async def line(self, key: SlotKey) -> Sequence[Waiting]:
        return self._waits(lambda one: one.key == key)

    async def lines(self, hour: HourId, after: datetime) -> Sequence[Waiting]:
        return self._waits(lambda one: one.key.hour == hour and one.starts > after)

    async def waits_of(self, person: PersonId, after: datetime) -> Sequence[Waiting]:
        return self._waits(lambda one: one.person == person and one.starts > after)

    async def unseated(self, now: datetime) -> Sequence[Waiting]:
        return self._waits(lambda one: one.starts <= now)

    async def numbers(self, key: SlotKey, person: PersonId) -> Numbers:
        given = [one.number for one in self._on.waits.values() if one.key == key]
        line = await self.line(key)
        mine = any(one.person == person for one in line)
        return Numbers(len(line), max(given, default=0), mine)

    async def counts(self, since: datetime, until: datetime) -> Mapping[SlotKey, Count]:
        taken = Counter(
            one.key for one in self._find(lambda one: _seated(one) and since <= one.starts < until)
        )
        waiting = Counter(one.key for one in self._waits(lambda one: since <= one.starts < until))
        return {key: Count(taken[key], waiting[key]) for key in {*taken, *waiting}}

    async def due(self, now: datetime, limit: int) -> Sequence[BookingId]:
        late = self._find(lambda one: one.due is not None and one.due <= now)
        return [one.id for one in late[:limit]]

    async def next_due(self, after: datetime) -> datetime | None:
        later = [one.due for one in self._on.bookings.values() if one.due and one.due > after]
        begins = [one.starts for one in self._waits(lambda one: one.starts > after)]
        return min([*later, *begins], default=None)

    async def take_ticket(self, ticket: Ticket) -> Ticket:
        there = await self.tickets(ticket.hour, ticket.day)
        if any(one.number == ticket.number for one in there):
            raise ConflictError
        new = replace(ticket, id=TicketId(self._on.next_id()))
        self._on.tickets[new.id] = new
        return new

    async def save_ticket(self, ticket: Ticket) -> None:
        self._on.tickets[ticket.id] = ticket

    async def ticket(self, which: TicketId) -> Ticket | None:
        return self._on.tickets.get(which)

    async def tickets(self, hour: HourId, day: date) -> Sequence[Ticket]:
        found = [one for one in self._on.tickets.values() if (one.hour, one.day) == (hour, day)]
        return sorted(found, key=lambda one: one.number)

    async def queued(self) -> Sequence[Ticket]:
        return [one for one in self._on.tickets.values() if one.state is Turn.WAITING]

    async def forget_texts(self, before: datetime) -> int:
        booked = [one for one in self._on.bookings.values() if one.starts < before and one.topic]
        waits = [one for one in self._on.waits.values() if one.starts < before and one.topic]
        self._on.bookings.update({one.id: replace(one, topic="") for one in booked})
        self._on.waits.update({one.id: replace(one, topic="") for one in waits})
        return len(booked) + len(waits)

    def _put(self, booking: Booking) -> None:
        """Store it; two seats, or two of the same guest in a slot, are a conflict."""
        for one in self._on.bookings.values():
            same = one.key == booking.key and one.id != booking.id
            twice = one.seat == booking.seat or one.person == booking.person
            if same and twice and _seated(one) and _seated(booking):
                raise ConflictError
        self._on.bookings[booking.id] = booking

    def _find(self, meant: Callable[[Booking], bool]) -> list[Booking]:
        found = [one for one in self._on.bookings.values() if meant(one)]
        return sorted(found, key=lambda one: (one.starts, one.id))

    def _waits(self, meant: Callable[[Waiting], bool]) -> list[Waiting]:
        found = [one for one in self._on.waits.values() if one.state is Line.WAITING and meant(one)]
        return sorted(found, key=lambda one: (one.starts, one.number))


def _seated(one: Booking) -> bool:
    return one.state is not State.CANCELLED


def _number(one: Waiting) -> tuple[SlotKey, int]:
    return one.key, one.number


class MemoryFeeds:
    """Fulfils `bot.walkin.ports.Feeds`."""

    def __init__(self, shelf: WalkInShelf) -> None:
        self._on = shelf

    async def key_of(self, person: PersonId) -> str | None:
        return self._on.feeds.get(person)

    async def keep(self, person: PersonId, key: str, at: datetime) -> None:
        del at
        if any(one == key for who, one in self._on.feeds.items() if who != person):
            raise ConflictError
        self._on.feeds[person] = key

    async def drop(self, person: PersonId) -> bool:
        return self._on.feeds.pop(person, None) is not None

    async def owner(self, key: str) -> PersonId | None:
        return next((who for who, one in self._on.feeds.items() if one == key), None)
