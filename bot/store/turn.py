"""Keeps what a turn needs: messages that were handled, and what conversations wait for."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select

from bot.core.ids import PersonId
from bot.core.turn import Handled, Heard, Pending
from bot.store.db import Repository
from bot.store.message_counts import before_counted
from bot.store.prepared import Prepared
from bot.store.tables import (
    HandledRow,
    PendingRow,
    replace_row,
    table_of,
)


class SqlInbox(Repository):
    """Fulfils `bot.dialogs.ports.Inbox` and `bot.retention.ports.Forgetful`."""

    async def add(self, handled: Handled) -> bool:
        row = {
            "channel": handled.channel,
            "message_id": handled.message_id,
            "person": handled.person,
            "at": handled.at,
            "kind": handled.heard.kind.value,
            "many": handled.heard.many,
        }
        return bool(await self._db.change(_once(self._db.dialect), row))

    async def was(self, channel: str, message_id: str, heard: Heard) -> None:
        key = {"in_channel": channel, "which": message_id}
        await self._db.change(_WAS, {**key, "is_kind": heard.kind.value, "is_many": heard.many})

    async def forget_texts(self, before: datetime) -> int:
        """Drop the messages handled before then: they are not known again. Their counts stay."""
        await self._db.sweep(before_counted(self._db.dialect), {"before": before})
        return await self._db.sweep(_FORGET, {"before": before})


_HANDLED = table_of(HandledRow)
_WAS = Prepared(
    update(_HANDLED)
    .where(
        _HANDLED.c.channel == bindparam("in_channel"), _HANDLED.c.message_id == bindparam("which")
    )
    .values(kind=bindparam("is_kind"), many=bindparam("is_many"))
)
_COLUMNS = ("channel", "message_id", "person", "at", "kind", "many")
_FORGET = Prepared(delete(_HANDLED).where(_HANDLED.c.at < bindparam("before")))


@cache
def _once(dialect: str) -> Prepared:
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return Prepared(
        new(table_of(HandledRow))
        .values({name: bindparam(name) for name in _COLUMNS})
        .on_conflict_do_nothing()
    )


class SqlPending(Repository):
    """Fulfils `bot.dialogs.ports.PendingStore` and `bot.retention.ports.Forgetful`."""

    async def put(self, pending: Pending) -> None:
        values = asdict(pending)
        key = {name: values.pop(name) for name in ("person", "channel", "kind")}
        await replace_row(self._session, PendingRow, key, values)

    async def find(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        key = self._key(person, channel, kind)
        found = await self._session.exec(
            select(PendingRow).where(*key),
            # `put` writes past the rows that the session remembers.
            execution_options={"populate_existing": True},
        )
        row = found.one_or_none()
        return _pending(row) if row else None

    async def take(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        # One statement: of two that take at once, one gets it.
        key = self._key(person, channel, kind)
        taken = await self._session.exec(delete(PendingRow).where(*key).returning(PendingRow))
        row = taken.scalar_one_or_none()
        return _pending(row) if row else None

    async def forget_texts(self, before: datetime) -> int:
        """Drop what expired before then."""
        old = delete(PendingRow).where(col(PendingRow.expires) < before)
        return (await self._session.exec(old)).rowcount

    def _key(self, person: PersonId, channel: str, kind: str) -> list[Any]:
        return [
            col(PendingRow.person) == person,
            col(PendingRow.channel) == channel,
            col(PendingRow.kind) == kind,
        ]


def _pending(row: PendingRow) -> Pending:
    return Pending(
        person=PersonId(row.person),
        channel=row.channel,
        kind=row.kind,
        object=row.object,
        expires=row.expires,
        version=row.version,
    )
