"""Keeps walk-in hours, seats, lines and numbers. A unique index decides who has a seat."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, Table, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import BookingId, HourId, PersonId, TicketId, WaitingId
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import (
    BookingRow,
    PersonRow,
    QueueTicketRow,
    WaitlistRow,
    WalkInExceptionRow,
    WalkInHourRow,
    table_of,
)
from bot.walkin.model import Change, Hour, OpenTo, Origin, SlotKey
from bot.walkin.seats import Booking, Count, Line, Numbers, State, Ticket, Turn, Waiting, Why

_HOUR, _CHANGE = table_of(WalkInHourRow), table_of(WalkInExceptionRow)
_BOOKING, _WAIT = table_of(BookingRow), table_of(WaitlistRow)
_TICKET, _PERSON = table_of(QueueTicketRow), table_of(PersonRow)
_OPEN = _BOOKING.c.state.in_([State.OFFERED.value, State.BOOKED.value])
_SEATED = _BOOKING.c.state != State.CANCELLED.value
_WAITS = _WAIT.c.state == Line.WAITING.value
_SINCE = bindparam("since", type_=_CHANGE.c.day.type)
_HOURS = Prepared(
    select(_HOUR).where(or_(_HOUR.c.last.is_(None), _HOUR.c.last >= _SINCE)).order_by(_HOUR.c.id)
)
_CHANGES = Prepared(
    select(_CHANGE).where(_CHANGE.c.day >= _SINCE).order_by(_CHANGE.c.day, _CHANGE.c.hour)
)


class SqlWalkIns(Repository):
    """Fulfils `bot.walkin.ports.WalkIns` and `bot.retention.ports.Forgetful`."""

    async def lock(self, *hours: HourId) -> None:
        # On SQLite whoever writes is alone. Always in the same order: none waits for another.
        if self._db.dialect == "postgresql":
            these = select(_HOUR.c.id).where(_HOUR.c.id.in_(hours)).order_by(_HOUR.c.id)
            await self._db.run(these.with_for_update(key_share=True))

    async def add_hour(self, hour: Hour) -> Hour:
        return _hour(await self._added(_HOUR, _hour_values(hour)))

    async def save_hour(self, hour: Hour) -> None:
        await self._db.run(update(_HOUR).where(_HOUR.c.id == hour.id).values(_hour_values(hour)))

    async def hour(self, which: HourId) -> Hour | None:
        found = await self._rows(select(_HOUR).where(_HOUR.c.id == which))
        return _hour(found[0]) if found else None

    async def hours(self, since: date) -> Sequence[Hour]:
        return [_hour(row._asdict()) for row in await self._db.rows(_HOURS, {"since": since})]

    async def change_date(self, change: Change) -> None:
        new = sqlite.insert if self._db.dialect == "sqlite" else postgresql.insert
        said = {
            "moved_to": change.to,
            "start": change.start and change.start.isoformat("minutes"),
            "place": change.place,
        }
        row = new(_CHANGE).values(hour=change.hour, day=change.day, **said)
        await self._db.run(row.on_conflict_do_update(index_elements=["hour", "day"], set_=said))

    async def changes(self, since: date) -> Sequence[Change]:
        return [_change(row._asdict()) for row in await self._db.rows(_CHANGES, {"since": since})]

    async def book(self, booking: Booking) -> Booking:
        return _booking(await self._added(_BOOKING, _booking_values(booking)))

    async def save(self, booking: Booking, *, seen: int) -> bool:
        unchanged = update(_BOOKING).where(_BOOKING.c.id == booking.id, _BOOKING.c.version == seen)
        return bool((await self._db.run(unchanged.values(_booking_values(booking)))).rowcount)

    async def remind_at(self, which: BookingId, due: datetime | None) -> None:
        await self._db.run(update(_BOOKING).where(_BOOKING.c.id == which).values(due=due))

    async def booking(self, which: BookingId) -> Booking | None:
        found = await self._rows(select(_BOOKING).where(_BOOKING.c.id == which))
        return _booking(found[0]) if found else None

    async def bookings(self, hour: HourId, day: date) -> Sequence[Booking]:
        there = select(_BOOKING).where(_BOOKING.c.hour == hour, _BOOKING.c.day == day, _SEATED)
        return await self._bookings(there, _BOOKING.c.slot, _BOOKING.c.seat)

    async def upcoming(self, hour: HourId, after: datetime) -> Sequence[Booking]:
        later = select(_BOOKING).where(_BOOKING.c.hour == hour, _OPEN, _BOOKING.c.starts > after)
        return await self._bookings(later, _BOOKING.c.starts, _BOOKING.c.seat)

    async def of_person(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        mine = select(_BOOKING).where(_BOOKING.c.person == person, _OPEN, _BOOKING.c.ends > after)
        return await self._bookings(mine, _BOOKING.c.starts, _BOOKING.c.id)

    async def history(self, person: PersonId, after: datetime) -> Sequence[Booking]:
        theirs = select(_BOOKING).where(_BOOKING.c.person == person, _BOOKING.c.ends > after)
        return await self._bookings(theirs, _BOOKING.c.starts, _BOOKING.c.id)

    async def open_after(self, now: datetime) -> Sequence[Booking]:
        later = select(_BOOKING).where(_OPEN, _BOOKING.c.starts > now)
        return await self._bookings(later, _BOOKING.c.starts, _BOOKING.c.id)

    async def of_gone(self, after: datetime) -> Sequence[BookingId]:
        gone = select(_PERSON.c.id).where(_PERSON.c.active.is_(False)).scalar_subquery()
        theirs = _BOOKING.c.person.in_(gone)
        found = select(_BOOKING.c.id).where(_OPEN, _BOOKING.c.starts > after, theirs)
        rows = await self._rows(found, _BOOKING.c.starts, _BOOKING.c.id)
        return [BookingId(row["id"]) for row in rows]

    async def wait(self, waiting: Waiting) -> Waiting:
        return _waiting(await self._added(_WAIT, _waiting_values(waiting)))

    async def save_waiting(self, waiting: Waiting) -> None:
        this = update(_WAIT).where(_WAIT.c.id == waiting.id)
        await self._db.run(this.values(_waiting_values(waiting)))

    async def line(self, key: SlotKey) -> Sequence[Waiting]:
        return await self._waits(select(_WAIT).where(*_at(_WAIT, key), _WAITS), _WAIT.c.number)

    async def lines(self, hour: HourId, after: datetime) -> Sequence[Waiting]:
        later = select(_WAIT).where(_WAIT.c.hour == hour, _WAITS, _WAIT.c.starts > after)
        return await self._waits(later, _WAIT.c.starts, _WAIT.c.number)

    async def waits_of(self, person: PersonId, after: datetime) -> Sequence[Waiting]:
        mine = select(_WAIT).where(_WAIT.c.person == person, _WAITS, _WAIT.c.starts > after)
        return await self._waits(mine, _WAIT.c.starts, _WAIT.c.id)

    async def unseated(self, now: datetime) -> Sequence[Waiting]:
        begun = select(_WAIT).where(_WAITS, _WAIT.c.starts <= now)
        return await self._waits(begun, _WAIT.c.starts, _WAIT.c.id)

    async def numbers(self, key: SlotKey, person: PersonId) -> Numbers:
        mine = and_(_WAITS, _WAIT.c.person == person)
        found = select(
            func.sum(case((_WAITS, 1), else_=0)),
            func.max(_WAIT.c.number),
            func.sum(case((mine, 1), else_=0)),
        ).where(*_at(_WAIT, key))
        waiting, last, there = (await self._db.run(found)).one()
        return Numbers(int(waiting or 0), int(last or 0), bool(there))

    async def counts(self, since: datetime, until: datetime) -> Mapping[SlotKey, Count]:
        taken = await self._counted(_BOOKING, _SEATED, since, until)
        waiting = await self._counted(_WAIT, _WAITS, since, until)
        return {key: Count(taken.get(key, 0), waiting.get(key, 0)) for key in {*taken, *waiting}}

    async def due(self, now: datetime, limit: int) -> Sequence[BookingId]:
        late = select(_BOOKING.c.id).where(_BOOKING.c.due.is_not(None), _BOOKING.c.due <= now)
        soonest = late.order_by(_BOOKING.c.starts, _BOOKING.c.id).limit(limit)
        return [BookingId(one) for one in (await self._db.run(soonest)).scalars()]

    async def next_due(self, after: datetime) -> datetime | None:
        later = (
            select(func.min(_BOOKING.c.due)).where(
                _BOOKING.c.due.is_not(None), _BOOKING.c.due > after
            ),
            select(func.min(_WAIT.c.starts)).where(_WAITS, _WAIT.c.starts > after),
        )
        found = [(await self._db.run(one)).scalar_one() for one in later]
        return min(filter(None, found), default=None)

    async def take_ticket(self, ticket: Ticket) -> Ticket:
        return _ticket(await self._added(_TICKET, _ticket_values(ticket)))

    async def save_ticket(self, ticket: Ticket) -> None:
        this = update(_TICKET).where(_TICKET.c.id == ticket.id)
        await self._db.run(this.values(_ticket_values(ticket)))

    async def ticket(self, which: TicketId) -> Ticket | None:
        found = await self._rows(select(_TICKET).where(_TICKET.c.id == which))
        return _ticket(found[0]) if found else None

    async def tickets(self, hour: HourId, day: date) -> Sequence[Ticket]:
        theirs = select(_TICKET).where(_TICKET.c.hour == hour, _TICKET.c.day == day)
        return [_ticket(row) for row in await self._rows(theirs, _TICKET.c.number)]

    async def queued(self) -> Sequence[Ticket]:
        waits = select(_TICKET).where(_TICKET.c.state == Turn.WAITING.value)
        return [_ticket(row) for row in await self._rows(waits, _TICKET.c.id)]

    async def forget_texts(self, before: datetime) -> int:
        forgotten = 0
        for table in (_BOOKING, _WAIT):
            old = update(table).where(table.c.starts < before, table.c.topic.is_not(None))
            forgotten += int((await self._db.run(old.values(topic=None))).rowcount)
        return forgotten

    async def _added(self, table: Table, values: Mapping[str, Any]) -> Mapping[str, Any]:
        made = await self._db.run(insert(table).values(values).returning(table))
        row: Mapping[str, Any] = made.mappings().one()
        return row

    async def _rows(self, found: Select[Any], *order: Any) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = (
            (await self._db.run(found.order_by(*order) if order else found)).mappings().all()
        )
        return rows

    async def _bookings(self, found: Select[Any], *order: Any) -> Sequence[Booking]:
        return [_booking(row) for row in await self._rows(found, *order)]

    async def _waits(self, found: Select[Any], *order: Any) -> Sequence[Waiting]:
        return [_waiting(row) for row in await self._rows(found, *order)]

    async def _counted(
        self, table: Table, which: Any, since: datetime, until: datetime
    ) -> dict[SlotKey, int]:
        slot = (table.c.hour, table.c.day, table.c.slot)
        there = (which, table.c.starts >= since, table.c.starts < until)
        found = select(*slot, func.count().label("many")).where(*there).group_by(*slot)
        return {
            SlotKey(HourId(row["hour"]), row["day"], row["slot"]): row["many"]
            for row in await self._rows(found)
        }


def _at(table: Table, key: SlotKey) -> tuple[Any, ...]:
    return table.c.hour == key.hour, table.c.day == key.day, table.c.slot == key.number


def _key(row: Mapping[str, Any]) -> SlotKey:
    return SlotKey(HourId(row["hour"]), row["day"], row["slot"])


def _key_values(key: SlotKey) -> dict[str, Any]:
    return {"hour": key.hour, "day": key.day, "slot": key.number}


_SAME = ("weekday", "minutes", "seats", "first", "last", "place", "link")


def _hour_values(hour: Hour) -> dict[str, Any]:
    return {
        "coach": hour.coach,
        "start": hour.start.isoformat("minutes"),
        "end": hour.end.isoformat("minutes"),
        "open_to": hour.open_to.value,
        "origin": hour.origin.value,
        **{name: getattr(hour, name) for name in _SAME},
    }


def _hour(row: Mapping[str, Any]) -> Hour:
    return Hour(
        id=HourId(row["id"]),
        coach=PersonId(row["coach"]),
        start=time.fromisoformat(row["start"]),
        end=time.fromisoformat(row["end"]),
        open_to=OpenTo(row["open_to"]),
        origin=Origin(row["origin"]),
        **{name: row[name] for name in _SAME},
    )


def _change(row: Mapping[str, Any]) -> Change:
    start = time.fromisoformat(row["start"]) if row["start"] else None
    return Change(HourId(row["hour"]), row["day"], row["moved_to"], start, row["place"])


def _booking_values(booking: Booking) -> dict[str, Any]:
    same = ("person", "seat", "starts", "ends", "made", "version", "due")
    return {
        **_key_values(booking.key),
        **{name: getattr(booking, name) for name in same},
        "topic": booking.topic or None,
        "state": booking.state.value,
        "why": booking.why.value,
    }


def _booking(row: Mapping[str, Any]) -> Booking:
    return Booking(
        id=BookingId(row["id"]),
        key=_key(row),
        person=PersonId(row["person"]),
        state=State(row["state"]),
        why=Why(row["why"]),
        topic=row["topic"] or "",
        **{name: row[name] for name in ("seat", "starts", "ends", "made", "version", "due")},
    )


def _waiting_values(waiting: Waiting) -> dict[str, Any]:
    return {
        **_key_values(waiting.key),
        **{name: getattr(waiting, name) for name in ("person", "number", "starts", "at")},
        "topic": waiting.topic or None,
        "state": waiting.state.value,
    }


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(
        id=WaitingId(row["id"]),
        key=_key(row),
        person=PersonId(row["person"]),
        topic=row["topic"] or "",
        state=Line(row["state"]),
        **{name: row[name] for name in ("number", "starts", "at")},
    )


def _ticket_values(ticket: Ticket) -> dict[str, Any]:
    same = ("hour", "day", "number", "person", "taken", "called", "ended")
    return {**{name: getattr(ticket, name) for name in same}, "state": ticket.state.value}


def _ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        id=TicketId(row["id"]),
        hour=HourId(row["hour"]),
        person=PersonId(row["person"]),
        state=Turn(row["state"]),
        **{name: row[name] for name in ("day", "number", "taken", "called", "ended")},
    )
