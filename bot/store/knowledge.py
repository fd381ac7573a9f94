"""Keeps the FAQ, its history, and what was asked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, text
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

from bot.core.ids import AskedId, EntryId, PersonId
from bot.core.redaction import without_contacts
from bot.knowledge.load import EntryFile
from bot.knowledge.model import Asked, Changes, Entry, SeedPlan, Shipped, StoredEntry
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import (
    AskedRow,
    EntryRow,
    ProposalRow,
    RatingRow,
    RevisionRow,
    replace_row,
    table_of,
)

NONE_OF_THESE = ""
# What this unit read before it took its turn may have changed since.
_AS_IT_IS_NOW = {"populate_existing": True}
_ASKED = table_of(AskedRow)
_VERSION = Prepared(select_columns(func.max(table_of(RevisionRow).c.id).label("version")))
_FORGET = Prepared(
    update(_ASKED)
    .where(_ASKED.c.at < bindparam("before"), _ASKED.c.text.is_not(None))
    .values(text=None, conversation=None)
)
_RECORD = Prepared(
    insert(_ASKED).values(
        {
            name: bindparam(name)
            for name in ("person", "text", "outcome", "entry", "score", "at", "conversation")
        }
    )
)
_LAST = Prepared(
    select_columns(*_ASKED.c)
    .where(
        _ASKED.c.person == bindparam("person"),
        _ASKED.c.conversation == bindparam("conversation"),
        _ASKED.c.at >= bindparam("since"),
    )
    .order_by(_ASKED.c.id.desc())
    .limit(1)
)

_ASKED_ONE = Prepared(select_columns(*_ASKED.c).where(_ASKED.c.id == bindparam("of")))


class SqlKnowledge(Repository):
    """Fulfils `bot.knowledge.ports.Knowledge` and `bot.retention.ports.Forgetful`."""

    async def version(self) -> int:
        ((newest,),) = await self._db.rows(_VERSION, {})
        return newest or 0

    async def entries(self) -> list[Entry]:
        return [one.entry for one in await self.stored() if not one.retired]

    async def changed_since(self, version: int) -> Changes:
        changed = select(RevisionRow.entry).where(col(RevisionRow.id) > version)
        rows = await self._session.exec(
            select(EntryRow).where(col(EntryRow.id).in_(changed)), execution_options=_AS_IT_IS_NOW
        )
        return {EntryId(row.id): None if row.retired else _entry(row) for row in rows}

    async def entry(self, entry: EntryId) -> Entry | None:
        row = await self._session.get(EntryRow, entry, populate_existing=True)
        return _entry(row) if row and not row.retired else None

    async def stored(self) -> list[StoredEntry]:
        rows = await self._session.exec(
            select(EntryRow).order_by(col(EntryRow.id)), execution_options=_AS_IT_IS_NOW
        )
        return [
            StoredEntry(_entry(row), row.origin, row.edited, row.retired, row.proposed)
            for row in rows
        ]

    async def seed(self, plan: SeedPlan, at: datetime) -> None:
        """Store the plan; ends in ConflictError when someone else seeded the same entry first."""
        await self.take_turn()
        rows = await self._rows(plan)
        for shipped in plan.new:
            self._change(_ship(_new_row(shipped.entry), shipped), why="shipped", at=at)
        for shipped in plan.changed:
            self._change(_ship(rows[shipped.entry.id], shipped), why="shipped", at=at)
        for entry in plan.retired:
            rows[entry].retired = True
            self._change(rows[entry], why="retired", at=at)
        for shipped in plan.proposed:
            rows[shipped.entry.id].proposed = shipped.digest
            self._session.add(_proposal(shipped, at))
        await self._session.flush()

    async def take_turn(self) -> None:
        # Ids of revisions must become visible in their order, or a reader that saw a higher one
        # would never notice the lower. Sequences of PostgreSQL do not promise that by themselves.
        if self._db.dialect == "postgresql":
            await self._db.run(text("LOCK TABLE faq_revision IN SHARE ROW EXCLUSIVE MODE"))

    async def edit(self, entry: Entry, *, who: PersonId | None, why: str, at: datetime) -> None:
        await self.take_turn()
        row = await self._session.get(EntryRow, entry.id) or _new_row(entry)
        row.domain, row.body = entry.domain, _body(entry)
        row.edited, row.retired = True, False
        self._change(row, who=who, why=why, at=at)
        await self._session.flush()

    async def record(  # noqa: PLR0913, PLR0917 (the port's own signature)
        self,
        person: PersonId,
        text: str,
        outcome: str,
        entry: EntryId | None,
        score: float,
        at: datetime,
        conversation: str = "",
    ) -> AskedId:
        row = {"person": person, "text": text, "outcome": outcome, "entry": entry, "score": score}
        where = {"at": at, "conversation": conversation or None}
        return AskedId(await self._db.add(_RECORD, {**row, **where}))

    async def last_asked(
        self, person: PersonId, conversation: str, since: datetime
    ) -> Asked | None:
        where = {"person": person, "conversation": conversation, "since": since}
        return next(map(_asked, await self._db.rows(_LAST, where)), None)

    async def asked(self, asked: AskedId) -> Asked | None:
        return next(map(_asked, await self._db.rows(_ASKED_ONE, {"of": asked})), None)

    async def forget_contacts(self, asked: AskedId) -> None:
        row = await self._session.get(AskedRow, asked)
        if row and row.text:
            row.text = without_contacts(row.text)
            await self._session.flush()

    async def choose(self, asked: AskedId, entry: EntryId | None) -> None:
        await self._session.exec(
            update(AskedRow)
            .where(col(AskedRow.id) == asked)
            .values(choice=NONE_OF_THESE if entry is None else entry)
        )

    async def rate(
        self, person: PersonId, entry: EntryId, asked: AskedId, *, helped: bool, at: datetime
    ) -> None:
        # An entry that was shown without a question is rated for question 0, which does not exist.
        values = {"asked": asked or None, "helped": helped, "at": at}
        await replace_row(self._session, RatingRow, {"person": person, "entry": entry}, values)

    async def ratings(self, entry: EntryId) -> tuple[int, int]:
        counted = await self._session.exec(
            select(RatingRow.helped, func.count())
            .where(col(RatingRow.entry) == entry)
            .group_by(col(RatingRow.helped))
        )
        count = dict(counted.all())
        return count.get(True, 0), count.get(False, 0)

    async def not_helped(self, person: PersonId) -> Collection[EntryId]:
        said_no = select(RatingRow.entry).where(
            col(RatingRow.person) == person, col(RatingRow.helped).is_(False)
        )
        return {EntryId(entry) for entry in await self._session.exec(said_no)}

    async def forget_texts(self, before: datetime) -> int:
        return await self._db.sweep(_FORGET, {"before": before})

    async def _rows(self, plan: SeedPlan) -> dict[str, EntryRow]:
        known = [one.entry.id for one in (*plan.changed, *plan.proposed)]
        wanted = col(EntryRow.id).in_([*known, *plan.retired])
        return {row.id: row for row in await self._session.exec(select(EntryRow).where(wanted))}

    def _change(
        self, row: EntryRow, *, why: str, at: datetime, who: PersonId | None = None
    ) -> None:
        revision = RevisionRow(entry=row.id, body=row.body, who=who, why=why, at=at)
        self._session.add_all([row, revision])


def _new_row(entry: Entry) -> EntryRow:
    return EntryRow(id=entry.id, domain=entry.domain, body=_body(entry))


def _ship(row: EntryRow, shipped: Shipped) -> EntryRow:
    row.domain, row.body = shipped.entry.domain, _body(shipped.entry)
    row.origin, row.retired = shipped.digest, False
    return row


def _proposal(shipped: Shipped, at: datetime) -> ProposalRow:
    body = _body(shipped.entry)
    return ProposalRow(entry=shipped.entry.id, body=body, digest=shipped.digest, at=at)


def _body(entry: Entry) -> dict[str, Any]:
    return EntryFile.of(entry).model_dump(mode="json")


def _entry(row: EntryRow) -> Entry:
    return EntryFile.model_validate(row.body).entry(row.domain)


def _asked(row: Any) -> Asked:
    """Make the question of its row."""
    return Asked(
        id=AskedId(row.id),
        person=PersonId(row.person),
        text=row.text or "",
        outcome=row.outcome,
        entry=None if row.entry is None else EntryId(row.entry),
        score=row.score,
        at=row.at,
    )
