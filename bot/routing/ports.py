"""What this feature needs of a store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import PersonId, QuestionId
from bot.routing.model import Away, Draft, Event, Offer, Question, Standings, State


class Questions(Protocol):
    """Questions on their way, what happened to them, and who was asked."""

    async def add(self, draft: Draft, now: datetime) -> tuple[Question, bool]:
        """Store a new question, due now; or return the one of the same key, and False."""
        ...

    async def get(self, which: QuestionId) -> Question | None: ...

    async def save(self, question: Question, *, seen: int) -> bool:
        """Store it as it has become, if it is still at version `seen`; else False, and nothing."""
        ...

    async def record(self, event: Event) -> None: ...

    async def events(self, which: QuestionId) -> Sequence[Event]:
        """Return what happened, in order."""
        ...

    async def forget_contacts(self, which: QuestionId) -> None:
        """Take telephone numbers and e-mail addresses out of all that was said of a question."""
        ...

    async def offer(self, offers: Sequence[Offer]) -> None:
        """Store who is asked; who was asked before in the same round, stays so."""
        ...

    async def offers(self, which: QuestionId) -> Sequence[Offer]:
        """Return who was asked, of all rounds, the earliest first."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[QuestionId]:
        """Return what time has something to do with, the oldest question first."""
        ...

    async def next_due(self, after: datetime) -> datetime | None: ...

    async def of_asker(self, person: PersonId, limit: int) -> Sequence[Question]:
        """Return someone's questions, the newest first."""
        ...

    async def of_holder(self, person: PersonId) -> Sequence[Question]:
        """Return what a coach holds, the oldest first."""
        ...

    async def offered_to(self, person: PersonId) -> Sequence[Question]:
        """Return what a coach is asked and nobody picked up, the oldest first."""
        ...

    async def in_states(self, states: Collection[State], limit: int) -> Sequence[Question]:
        """Return the questions in these states, the oldest first."""
        ...

    async def standings(self, asker: PersonId, since: datetime) -> Standings:
        """Return what stored events say of each coach, where they say something.

        All that they hold or are asked now counts; what they did and were asked, from `since` on.
        """
        ...

    async def urgent_since(self, person: PersonId, since: datetime) -> int:
        """Return how often someone said that it cannot wait."""
        ...

    async def leave(self, away: Away) -> None:
        """Remember that somebody cannot be asked for a while."""
        ...

    async def come_back(self, person: PersonId, now: datetime) -> bool:
        """Forget from now on that somebody cannot be asked; False when they could.

        Who is there now forgets what was planned for later: leave that begins another day stays,
        when they come back from one that began.
        """
        ...

    async def planned(self, person: PersonId, now: datetime) -> Away | None:
        """Return the next leave of somebody who is there now."""
        ...

    async def away(self, now: datetime) -> Sequence[Away]:
        """Return who cannot be asked now."""
        ...

    async def leaves(self, now: datetime) -> Sequence[Away]:
        """Return who cannot be asked now or from some later moment on, the shortest first."""
        ...

    async def forget_texts(self, before: datetime) -> int:
        """Empty the texts of questions that ended before then; figures stay, but no leave does."""
        ...


class RoutingWork(Protocol):
    """A unit of work that reaches questions."""

    @property
    def questions(self) -> Questions: ...
