"""Keeps who waits: in the line for a slot, and with a number at the door."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, case, func, insert, select, update

from bot.core.ids import HourId, PersonId, TicketId
from bot.store.db import Repository
from bot.store.tables import (
    QueueTicketRow,
    WaitlistRow,
    table_of,
)
from bot.store.walkin_rows import ticket_of, ticket_values, waiting_of, waiting_values
from bot.walkin.model import SlotKey
from bot.walkin.seats import Line, Numbers, Ticket, Turn, Waiting

WAIT = table_of(WaitlistRow)
_TICKET = table_of(QueueTicketRow)
WAITS = WAIT.c.state == Line.WAITING.value


class SqlLine(Repository):
    """Fulfils the part of `bot.walkin.ports.WalkIns` that is about who waits."""

    async def wait(self, waiting: Waiting) -> Waiting:
        return waiting_of(await self._added(WAIT, waiting_values(waiting)))

    async def save_waiting(self, waiting: Waiting) -> None:
        this = update(WAIT).where(WAIT.c.id == waiting.id)
        await self._db.run(this.values(waiting_values(waiting)))

    async def line(self, key: SlotKey) -> Sequence[Waiting]:
        return await self._waits(select(WAIT).where(*_at(WAIT, key), WAITS), WAIT.c.number)

    async def lines(self, hour: HourId, after: datetime) -> Sequence[Waiting]:
        later = select(WAIT).where(WAIT.c.hour == hour, WAITS, WAIT.c.starts > after)
        return await self._waits(later, WAIT.c.starts, WAIT.c.number)

    async def waits_of(self, person: PersonId, after: datetime) -> Sequence[Waiting]:
        mine = select(WAIT).where(WAIT.c.person == person, WAITS, WAIT.c.starts > after)
        return await self._waits(mine, WAIT.c.starts, WAIT.c.id)

    async def unseated(self, now: datetime) -> Sequence[Waiting]:
        begun = select(WAIT).where(WAITS, WAIT.c.starts <= now)
        return await self._waits(begun, WAIT.c.starts, WAIT.c.id)

    async def numbers(self, key: SlotKey, person: PersonId) -> Numbers:
        mine = and_(WAITS, WAIT.c.person == person)
        found = select(
            func.sum(case((WAITS, 1), else_=0)),
            func.max(WAIT.c.number),
            func.sum(case((mine, 1), else_=0)),
        ).where(*_at(WAIT, key))
        waiting, last, there = (await self._db.run(found)).one()
        return Numbers(int(waiting or 0), int(last or 0), bool(there))

    async def _waits(self, found: Select[Any], *order: Any) -> Sequence[Waiting]:
        return [waiting_of(row) for row in await self._rows(found, *order)]

    async def take_ticket(self, ticket: Ticket) -> Ticket:
        return ticket_of(await self._added(_TICKET, ticket_values(ticket)))

    async def save_ticket(self, ticket: Ticket) -> None:
        this = update(_TICKET).where(_TICKET.c.id == ticket.id)
        await self._db.run(this.values(ticket_values(ticket)))

    async def ticket(self, which: TicketId) -> Ticket | None:
        found = await self._rows(select(_TICKET).where(_TICKET.c.id == which))
        return ticket_of(found[0]) if found else None

    async def tickets(self, hour: HourId, day: date) -> Sequence[Ticket]:
        theirs = select(_TICKET).where(_TICKET.c.hour == hour, _TICKET.c.day == day)
        return [ticket_of(row) for row in await self._rows(theirs, _TICKET.c.number)]

    async def queued(self) -> Sequence[Ticket]:
        waits = select(_TICKET).where(_TICKET.c.state == Turn.WAITING.value)
        return [ticket_of(row) for row in await self._rows(waits, _TICKET.c.id)]

    async def _added(self, table: Table, values: Mapping[str, Any]) -> Mapping[str, Any]:
        made = await self._db.run(insert(table).values(values).returning(table))
        row: Mapping[str, Any] = made.mappings().one()
        return row

    async def _rows(self, found: Select[Any], *order: Any) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = (
            (await self._db.run(found.order_by(*order) if order else found)).mappings().all()
        )
        return rows


def _at(table: Table, key: SlotKey) -> tuple[Any, ...]:
    return table.c.hour == key.hour, table.c.day == key.day, table.c.slot == key.number
