"""What this feature needs of a store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import AskedId, EntryId, PersonId
from bot.knowledge.model import Asked, Entry, SeedPlan, StoredEntry


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

    async def forget_texts(self, before: datetime) -> int:
        """Empty the text of questions asked before then; returns how many. Figures stay."""
        ...


class KnowledgeWork(Protocol):
    """A unit of work that reaches the FAQ."""

    @property
    def knowledge(self) -> Knowledge: ...
