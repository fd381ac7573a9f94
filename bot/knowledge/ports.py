"""What this feature needs of a store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import AskedId, EntryId, PersonId, ProposalId, QuestionId
from bot.knowledge.model import Asked, Entry, Proposal, SeedPlan, StoredEntry


class Knowledge(Protocol):
    """The entries, their history, and what was asked."""

    async def version(self) -> int:
        """Return a number that grows with every change of an entry; 0 when there is none."""
        ...

    async def entries(self) -> list[Entry]:
        """Return all entries that are not retired, in order of id."""
        ...

    async def entry(self, entry: EntryId) -> Entry | None:
        """Return an entry that is not retired."""
        ...

    async def stored(self) -> Sequence[StoredEntry]:
        """Return every entry, retired ones as well, in order of id."""
        ...

    async def seed(self, plan: SeedPlan, at: datetime) -> None:
        """Store what shipping a newer FAQ changes, each with a revision or a proposal."""
        ...

    async def take_turn(self) -> None:
        """Let others who change entries wait until this unit ends: what it reads now, stays so."""
        ...

    async def edit(self, entry: Entry, *, who: PersonId | None, why: str, at: datetime) -> None:
        """Store the college's own version of an entry, new or changed, with a revision."""
        ...

    async def record(  # noqa: PLR0913, PLR0917 (six plain values of one row)
        self,
        person: PersonId,
        text: str,
        outcome: str,
        entry: EntryId | None,
        score: float,
        at: datetime,
    ) -> AskedId:
        """Store a question; `text` is redacted already, `outcome` is a key such as `answer`."""
        ...

    async def asked(self, asked: AskedId) -> Asked | None: ...

    async def forget_contacts(self, asked: AskedId) -> None:
        """Take telephone numbers and e-mail addresses out of a question."""
        ...

    async def choose(self, asked: AskedId, entry: EntryId | None) -> None:
        """Remember which of the choices the asker picked; None is 'geen van deze'."""
        ...

    async def rate(
        self, person: PersonId, entry: EntryId, asked: AskedId, *, helped: bool, at: datetime
    ) -> None:
        """Store a rating; a person's later rating of the same entry takes the place of theirs."""
        ...

    async def ratings(self, entry: EntryId) -> tuple[int, int]:
        """Return how many people the entry helped, and how many it did not."""
        ...

    async def not_helped(self, person: PersonId) -> Collection[EntryId]:
        """Return the entries that somebody says did not help them."""
        ...

    async def forget_texts(self, before: datetime) -> int:
        """Empty the text of questions asked before then; returns how many. Figures stay."""
        ...


class KnowledgeWork(Protocol):
    """A unit of work that reaches the FAQ."""

    @property
    def knowledge(self) -> Knowledge: ...


class Proposals(Protocol):
    """What coaches would add to the FAQ."""

    async def add(self, key: str, proposal: Proposal) -> tuple[Proposal, bool]:
        """Store a proposal, which gets its id; or return the one of the same key, and False."""
        ...

    async def get(self, which: ProposalId) -> Proposal | None: ...

    async def about(self, question: QuestionId) -> Sequence[Proposal]:
        """Return what was proposed for a question, in order."""
        ...

    async def open(self, limit: int) -> Sequence[Proposal]:
        """Return what nobody decided on and can still be read, the oldest first."""
        ...

    async def decide(self, proposal: Proposal) -> bool:
        """Store what became of it, if it is still open; else False, and nothing."""
        ...

    async def forget_texts(self, before: datetime) -> int:
        """Empty the texts of proposals from before then; returns how many."""
        ...


class CurationWork(KnowledgeWork, Protocol):
    """A unit of work that reaches the FAQ and what is proposed for it."""

    @property
    def proposals(self) -> Proposals: ...
