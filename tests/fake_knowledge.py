"""The FAQ in memory, what was asked of it, and proposals for it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.errors import ConflictError
from bot.core.ids import AskedId, EntryId, PersonId, ProposalId, QuestionId
from bot.core.redaction import without_contacts
from bot.knowledge.model import (
    Asked,
    Changes,
    Entry,
    Proposal,
    ProposalState,
    SeedPlan,
    Shipped,
    StoredEntry,
)
from tests.fake_shelves import Shelves


class MemoryKnowledge:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def version(self) -> int:
        return self._on.version

    async def entries(self) -> list[Entry]:
        return [one.entry for one in await self.stored() if not one.retired]

    async def changed_since(self, version: int) -> Changes:
        changed = (one for one, at in self._on.changed.items() if at > version)
        known = {one: self._on.entries[one] for one in changed}
        return {one: None if now.retired else now.entry for one, now in known.items()}

    async def entry(self, entry: EntryId) -> Entry | None:
        known = self._on.entries.get(entry)
        return known.entry if known and not known.retired else None

    async def stored(self) -> Sequence[StoredEntry]:
        return [self._on.entries[entry] for entry in sorted(self._on.entries)]

    async def seed(self, plan: SeedPlan, at: datetime) -> None:
        del at
        for shipped in plan.new:
            if shipped.entry.id in self._on.entries:
                raise ConflictError
            self._change(StoredEntry(shipped.entry, shipped.digest, edited=False, retired=False))
        for shipped in plan.changed:
            self._change(self._changed(shipped))
        for entry in plan.retired:
            self._change(replace(self._on.entries[entry], retired=True))
        for shipped in plan.proposed:
            known = self._on.entries[shipped.entry.id]
            self._on.entries[shipped.entry.id] = replace(known, proposed=shipped.digest)

    async def take_turn(self) -> None:
        """Units never run at once here."""

    async def edit(self, entry: Entry, *, who: PersonId | None, why: str, at: datetime) -> None:
        del who, why, at
        known = self._on.entries.get(entry.id)
        origin, proposed = (known.origin, known.proposed) if known else ("", "")
        self._change(StoredEntry(entry, origin, edited=True, retired=False, proposed=proposed))

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
        asked = AskedId(self._on.next_id())
        self._on.asked[asked] = Asked(asked, person, text, outcome, entry, score, at)
        self._on.asked_in[asked] = conversation
        return asked

    async def last_asked(
        self, person: PersonId, conversation: str, since: datetime
    ) -> Asked | None:
        return next(
            (
                one
                for one in reversed(self._on.asked.values())
                if one.person == person and one.at >= since
                if conversation and self._on.asked_in.get(one.id) == conversation
            ),
            None,
        )

    async def asked(self, asked: AskedId) -> Asked | None:
        return self._on.asked.get(asked)

    async def forget_contacts(self, asked: AskedId) -> None:
        if known := self._on.asked.get(asked):
            self._on.asked[asked] = replace(known, text=without_contacts(known.text))

    async def choose(self, asked: AskedId, entry: EntryId | None) -> None:
        if asked in self._on.asked:
            self._on.choices[asked] = entry

    async def rate(
        self, person: PersonId, entry: EntryId, asked: AskedId, *, helped: bool, at: datetime
    ) -> None:
        del asked, at
        # The last one stands last.
        self._on.ratings.pop((entry, person), None)
        self._on.ratings[entry, person] = helped

    async def ratings(self, entry: EntryId) -> tuple[int, int]:
        given = [helped for (rated, _), helped in self._on.ratings.items() if rated == entry]
        return given.count(True), given.count(False)

    async def not_helped(self, person: PersonId) -> Collection[EntryId]:
        given = self._on.ratings.items()
        return {entry for (entry, who), helped in given if who == person and not helped}

    async def forget_texts(self, before: datetime) -> int:
        old = [one for one in self._on.asked.values() if one.at < before and one.text]
        self._on.asked.update({one.id: replace(one, text="") for one in old})
        for one in old:
            self._on.asked_in.pop(one.id, None)
        return len(old)

    def _changed(self, shipped: Shipped) -> StoredEntry:
        known = self._on.entries[shipped.entry.id]
        return replace(known, entry=shipped.entry, origin=shipped.digest, retired=False)

    def _change(self, stored: StoredEntry) -> None:
        self._on.entries[stored.entry.id] = stored
        self._on.version += 1
        self._on.changed[stored.entry.id] = self._on.version


class MemoryProposals:
    def __init__(self, shelves: Shelves) -> None:
        self._on, self._proposals = shelves, shelves.proposals

    async def add(self, key: str, proposal: Proposal) -> tuple[Proposal, bool]:
        known = self._proposals.get(key)
        if known is None:
            self._proposals[key] = replace(proposal, id=ProposalId(self._on.next_id()))
        return self._proposals[key], known is None

    async def get(self, which: ProposalId) -> Proposal | None:
        return next((one for one in self._proposals.values() if one.id == which), None)

    async def about(self, question: QuestionId) -> Sequence[Proposal]:
        return [one for one in self._proposals.values() if one.question == question]

    async def open(self, limit: int) -> Sequence[Proposal]:
        waits = [
            one for one in self._proposals.values() if one.state is ProposalState.OPEN and one.title
        ]
        return sorted(waits, key=lambda one: one.id)[:limit]

    async def decide(self, proposal: Proposal) -> bool:
        for key, known in self._proposals.items():
            if known.id == proposal.id and known.state is ProposalState.OPEN:
                self._proposals[key] = proposal
                return True
        return False

    async def forget_texts(self, before: datetime) -> int:
        empty: dict[str, Any] = {"title": "", "answer": "", "wording": "", "reason": ""}
        old = {
            key: replace(one, **empty)
            for key, one in self._proposals.items()
            if one.at < before and (one.title or one.answer or one.wording or one.reason)
        }
        self._proposals.update(old)
        return len(old)
