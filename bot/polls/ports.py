"""What this feature needs of a store, and of who seals what is answered in secret."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import PersonId, PollId, RoundId
from bot.polls.model import Answer, Invitation, Key, Poll, Round, Vote


class Polls(Protocol):
    """Polls, their rounds, who is asked in them, and what is answered."""

    async def add(self, poll: Poll) -> Poll: ...

    async def save(self, poll: Poll, *, seen: int) -> bool:
        """Store it as it has become, if it is still at version `seen`; else False, and nothing."""
        ...

    async def poll(self, which: PollId) -> Poll | None: ...

    async def polls(self) -> Sequence[Poll]:
        """Return those that are not stopped, in order of id."""
        ...

    async def stopped(self, most: int) -> Sequence[Poll]:
        """Return those that are stopped and had a round, the newest first."""
        ...

    async def open_round(self, opened: Round, invitations: Collection[Invitation]) -> Round:
        """Store a new round and who is asked; ConflictError when that poll has had it."""
        ...

    async def round(self, which: RoundId) -> Round | None: ...

    async def save_round(self, changed: Round) -> None: ...

    async def open_rounds(self) -> Sequence[Round]:
        """Return the rounds that are open, the one that closes first before the others."""
        ...

    async def counted(self) -> Sequence[Round]:
        """Return the rounds that are counted, and whose traces are still to go."""
        ...

    async def rounds(self, since: datetime, until: datetime) -> Sequence[Round]:
        """Return the rounds that closed from `since` up to and without `until`, in order."""
        ...

    async def rounds_of(self, poll: PollId, most: int) -> Sequence[Round]:
        """Return the newest rounds of a poll that are not open, the oldest first."""
        ...

    async def lock_round(self, which: RoundId) -> Round | None:
        """Return it, and let nobody else answer in it or close it until this unit of work ends."""
        ...

    async def share_round(self, which: RoundId) -> Round | None:
        """Return it, and let nobody close or change it until this unit ends; others share it."""
        ...

    async def lock_invitation(self, which: RoundId, person: PersonId) -> Invitation | None:
        """Return it, and let nobody else answer for this person until this unit of work ends."""
        ...

    async def invitations(self, which: RoundId) -> Sequence[Invitation]:
        """Return who was asked, in order of person."""
        ...

    async def mark_answered(self, which: RoundId, person: PersonId) -> None: ...

    async def mark_unanswered(self, which: RoundId) -> None:
        """Remember of everybody who was asked that they answered nothing."""
        ...

    async def answers(self, which: RoundId) -> Sequence[Answer]:
        """Return what was answered, in order of question and number."""
        ...

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        """Return what someone answered so far in a round that is not anonymous."""
        ...

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        """Store what someone answers in a round that is not anonymous, instead of before."""
        ...

    async def decline(self, person: PersonId, *, asked: bool) -> None:
        """Remember whether someone wants to be asked in polls; who said nothing is."""
        ...

    async def declined(self) -> Collection[PersonId]:
        """Return who does not want to be asked."""
        ...


class Ballots(Protocol):
    """What is answered in anonymous rounds that are open. See ADR 20."""

    async def key(self, which: RoundId) -> Key:
        """Tell whether the round has its key, and the server's secret is the one it was made with.

        A round has none after a backup was put back.
        """
        ...

    async def prepare(self, which: RoundId) -> None:
        """Make the round's key. Of a round that had one, votes and messages are gone."""
        ...

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        """Return what someone answered so far."""
        ...

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        """Store what someone answers, instead of what they answered before."""
        ...

    async def count(self, which: RoundId) -> None:
        """Turn all ballots into answers of nobody, and destroy the key.

        Answers stand in random order, apart for each question; the invitations are written anew;
        what is stored of the round's messages goes. To be called once, at closing, in its own
        unit of work; `erase` follows.
        """
        ...


class Eraser(Protocol):
    """Removes what a database keeps of rows that are gone: free pages, old versions, its log."""

    async def erase(self) -> None:
        """Do so, outside any unit of work. May be repeated without harm."""
        ...


class PollWork(Protocol):
    """A unit of work that reaches polls."""

    @property
    def polls(self) -> Polls: ...

    @property
    def ballots(self) -> Ballots: ...
