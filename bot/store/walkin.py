"""Keeps walk-in hours and seats. A unique index decides who has a seat."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import BookingId, HourId, PersonId
from bot.store.prepared import Prepared
from bot.store.tables import (
    BookingRow,
    PersonRow,
    WalkInExceptionRow,
    WalkInHourRow,
    table_of,
)
from bot.store.walkin_line import WAIT, WAITS, SqlLine
from bot.store.walkin_rows import booking_of, booking_values, change_of, hour_of, hour_values
from bot.walkin.model import Change, Hour, SlotKey
from bot.walkin.seats import Booking, Count, State

_HOUR, _CHANGE = table_of(WalkInHourRow), table_of(WalkInExceptionRow)
_BOOKING, _PERSON = table_of(BookingRow), table_of(PersonRow)
_OPEN = _BOOKING.c.state.in_([State.OFFERED.value, State.BOOKED.value])
_SEATED = _BOOKING.c.state != State.CANCELLED.value
_SINCE = bindparam("since", type_=_CHANGE.c.day.type)
_HOURS = Prepared(
    select(_HOUR).where(or_(_HOUR.c.last.is_(None), _HOUR.c.last >= _SINCE)).order_by(_HOUR.c.id)
)
_CHANGES = Prepared(
    select(_CHANGE).where(_CHANGE.c.day >= _SINCE).order_by(_CHANGE.c.day, _CHANGE.c.hour)
)


class SqlWalkIns(SqlLine):
    """Fulfils `bot.walkin.ports.WalkIns` and `bot.retention.ports.Forgetful`."""

    async def lock(self, *hours: HourId) -> None:
        # On SQLite whoever writes is alone. Always in the same order: none waits for another.
        if self._db.dialect == "postgresql":
            these = select(_HOUR.c.id).where(_HOUR.c.id.in_(hours)).order_by(_HOUR.c.id)
            await self._db.run(these.with_for_update(key_share=True))

    async def add_hour(self, hour: Hour) -> Hour:
        return hour_of(await self._added(_HOUR, hour_values(hour)))

    async def save_hour(self, hour: Hour) -> None:
        await self._db.run(update(_HOUR).where(_HOUR.c.id == hour.id).values(hour_values(hour)))

    async def hour(self, which: HourId) -> Hour | None:
        found = await self._rows(select(_HOUR).where(_HOUR.c.id == which))
        return hour_of(found[0]) if found else None

    async def hours(self, since: date) -> Sequence[Hour]:
        return [hour_of(row._asdict()) for row in await self._db.rows(_HOURS, {"since": since})]

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
        return [change_of(row._asdict()) for row in await self._db.rows(_CHANGES, {"since": since})]

    async def book(self, booking: Booking) -> Booking:
        return booking_of(await self._added(_BOOKING, booking_values(booking)))

    async def save(self, booking: Booking, *, seen: int) -> bool:
        unchanged = update(_BOOKING).where(_BOOKING.c.id == booking.id, _BOOKING.c.version == seen)
        return bool((await self._db.run(unchanged.values(booking_values(booking)))).rowcount)

    async def remind_at(self, which: BookingId, due: datetime | None) -> None:
        await self._db.run(update(_BOOKING).where(_BOOKING.c.id == which).values(due=due))

    async def booking(self, which: BookingId) -> Booking | None:
        found = await self._rows(select(_BOOKING).where(_BOOKING.c.id == which))
        return booking_of(found[0]) if found else None

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

    async def counts(self, since: datetime, until: datetime) -> Mapping[SlotKey, Count]:
        taken = await self._counted(_BOOKING, _SEATED, since, until)
        waiting = await self._counted(WAIT, WAITS, since, until)
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
            select(func.min(WAIT.c.starts)).where(WAITS, WAIT.c.starts > after),
        )
        found = [(await self._db.run(one)).scalar_one() for one in later]
        return min(filter(None, found), default=None)

    async def forget_texts(self, before: datetime) -> int:
        forgotten = 0
        for table in (_BOOKING, WAIT):
            old = update(table).where(table.c.starts < before, table.c.topic.is_not(None))
            forgotten += int((await self._db.run(old.values(topic=None))).rowcount)
        return forgotten

    async def _bookings(self, found: Select[Any], *order: Any) -> Sequence[Booking]:
        return [booking_of(row) for row in await self._rows(found, *order)]

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
