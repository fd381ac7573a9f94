"""Keeps what coaches would add to the FAQ. The state in the condition of a write decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import EntryId, PersonId, ProposalId, QuestionId
from bot.knowledge.model import CoachRole, Level, Proposal, ProposalState
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import SuggestionRow, table_of

_ROW = table_of(SuggestionRow)
_TEXTS = ("title", "answer", "wording", "reason")
_FORGET = Prepared(
    update(_ROW)
    .where(_ROW.c.at < bindparam("before"), or_(*(_ROW.c[name].is_not(None) for name in _TEXTS)))
    .values(dict.fromkeys(_TEXTS))
)


class SqlProposals(Repository):
    """Fulfils `bot.knowledge.ports.Proposals` and `bot.retention.ports.Forgetful`."""

    async def add(self, key: str, proposal: Proposal) -> tuple[Proposal, bool]:
        new = sqlite.insert if self._db.dialect == "sqlite" else postgresql.insert
        once = new(_ROW).on_conflict_do_nothing()
        row = {"key": key, "proposer": proposal.proposer, "question": proposal.question}
        added = await self._db.run(once, {**row, "at": proposal.at, **_values(proposal)})
        found = await self._db.run(select(_ROW).where(_ROW.c.key == key))
        return _proposal(found.mappings().one()), bool(added.rowcount)

    async def get(self, which: ProposalId) -> Proposal | None:
        found = await self._db.run(select(_ROW).where(_ROW.c.id == which))
        row = found.mappings().one_or_none()
        return _proposal(row) if row else None

    async def about(self, question: QuestionId) -> Sequence[Proposal]:
        mine = select(_ROW).where(_ROW.c.question == question).order_by(_ROW.c.id)
        return [_proposal(row) for row in (await self._db.run(mine)).mappings()]

    async def open(self, limit: int) -> Sequence[Proposal]:
        waits = (_ROW.c.state == ProposalState.OPEN.value, _ROW.c.title.is_not(None))
        oldest = select(_ROW).where(*waits).order_by(_ROW.c.id).limit(limit)
        return [_proposal(row) for row in (await self._db.run(oldest)).mappings()]

    async def decide(self, proposal: Proposal) -> bool:
        still_open = _ROW.c.state == ProposalState.OPEN.value
        this = update(_ROW).where(_ROW.c.id == proposal.id, still_open)
        return bool((await self._db.run(this.values(_values(proposal)))).rowcount)

    async def forget_texts(self, before: datetime) -> int:
        return await self._db.sweep(_FORGET, {"before": before})


def _values(proposal: Proposal) -> dict[str, Any]:
    """Return what deciding may change."""
    return {
        "entry": proposal.entry,
        "domain": proposal.domain,
        "level": proposal.level.value,
        "role": proposal.role.value,
        "state": proposal.state.value,
        "decided_by": proposal.decided_by,
        "decided": proposal.decided,
        **{name: getattr(proposal, name) or None for name in _TEXTS},
    }


def _proposal(row: Mapping[str, Any]) -> Proposal:
    return Proposal(
        id=ProposalId(row["id"]),
        proposer=PersonId(row["proposer"]),
        domain=row["domain"],
        level=Level(row["level"]),
        role=CoachRole(row["role"]),
        at=row["at"],
        question=None if row["question"] is None else QuestionId(row["question"]),
        entry=None if row["entry"] is None else EntryId(row["entry"]),
        state=ProposalState(row["state"]),
        decided_by=None if row["decided_by"] is None else PersonId(row["decided_by"]),
        decided=row["decided"],
        **{name: row[name] or "" for name in _TEXTS},
    )
