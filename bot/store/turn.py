"""Keeps what a turn needs: messages that were handled, and what conversations wait for."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select, update

from bot.core.ids import PersonId
from bot.core.reply import replies_json
from bot.core.turn import Handled, Pending
from bot.store.db import Repository
from bot.store.tables import HandledRow, PendingRow, replace_row


class SqlInbox(Repository):
    """Fulfils `bot.dialogs.ports.Inbox` and `bot.retention.ports.Forgetful`."""

    async def find(self, channel: str, message_id: str) -> Handled | None:
        row = await self._session.get(HandledRow, (channel, message_id))
        return _handled(row) if row else None

    async def add(self, handled: Handled) -> None:
        """Store it; the unit of work ends in ConflictError when another one did so before."""
        row = HandledRow(
            channel=handled.channel,
            message_id=handled.message_id,
            person=handled.person,
            replies=replies_json.dump_python(handled.replies, mode="json"),
            at=handled.at,
            sent=handled.sent,
        )
        self._session.add(row)
        await self._session.flush()

    async def mark_sent(self, channel: str, message_id: str) -> None:
        key = col(HandledRow.channel) == channel, col(HandledRow.message_id) == message_id
        await self._session.exec(update(HandledRow).where(*key).values(sent=True))

    async def forget_texts(self, before: datetime) -> int:
        """Drop the messages handled before then, whole: a reply may quote what was asked."""
        old = delete(HandledRow).where(col(HandledRow.at) < before)
        return (await self._session.exec(old)).rowcount


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


def _handled(row: HandledRow) -> Handled:
    return Handled(
        channel=row.channel,
        message_id=row.message_id,
        person=PersonId(row.person),
        replies=replies_json.validate_python(row.replies),
        at=row.at,
        sent=row.sent,
    )


def _pending(row: PendingRow) -> Pending:
    return Pending(
        person=PersonId(row.person),
        channel=row.channel,
        kind=row.kind,
        object=row.object,
        expires=row.expires,
        version=row.version,
    )
