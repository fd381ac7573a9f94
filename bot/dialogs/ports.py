"""What a turn needs of a store, beside what the features need."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.core.ids import PersonId
from bot.core.reply import Channel
from bot.core.turn import Handled, Heard, Pending, Unmet
from bot.knowledge.ports import CurationWork
from bot.occasions.ports import OccasionWork
from bot.outbox.ports import OutboxWork
from bot.people.ports import PeopleWork
from bot.polls.ports import PollWork
from bot.routing.ports import RoutingWork
from bot.summary.ports import Counting, SentWork
from bot.walkin.ports import WalkInWork


class Inbox(Protocol):
    """Messages that were handled."""

    async def add(self, handled: Handled) -> bool:
        """Store it; False when it was handled before, by anybody."""
        ...

    async def was(self, channel: str, message_id: str, heard: Heard) -> None:
        """Store what a message was after all."""
        ...


class PendingStore(Protocol):
    """What conversations wait for."""

    async def put(self, pending: Pending) -> None:
        """Store it in the place of an earlier one of the same person, channel and kind."""
        ...

    async def find(self, person: PersonId, channel: str, kind: str) -> Pending | None: ...

    async def take(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        """Return it and forget it."""
        ...


class Strangers(Protocol):
    """What people said of whom it could not be found out who they are."""

    async def add(self, said: Unmet) -> bool:
        """Store it; False when that message waits already.

        What the same person said before, and waits, is not tried later than this.
        """
        ...

    async def of(self, channel: Channel, address: str) -> Sequence[Unmet]:
        """Return what somebody said that waits, in order."""
        ...

    async def take(
        self, channels: Collection[Channel], *, now: datetime, until: datetime, most: int
    ) -> Sequence[Unmet]:
        """Return the first that each of so many people said, where it is due at `now`.

        It is due again at `until`: so of several processes one tries it, unless that one stops.
        What only a newer program can read is put off, and what they said after it is the first.
        """
        ...

    async def postpone(self, said: Unmet, due: datetime) -> None:
        """Count a try that came to nothing, and store when to try again: not what was taken.

        Who spoke meanwhile is tried when that says.
        """
        ...

    async def drop(self, which: int) -> bool:
        """Forget it; False when it was forgotten before."""
        ...

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None: ...


class TurnWork(
    PeopleWork,
    CurationWork,
    OutboxWork,
    RoutingWork,
    WalkInWork,
    PollWork,
    OccasionWork,
    SentWork,
    Protocol,
):
    """All that one turn reaches, in one transaction."""

    @property
    def inbox(self) -> Inbox: ...

    @property
    def pending(self) -> PendingStore: ...

    @property
    def strangers(self) -> Strangers: ...


class SummaryWork(TurnWork, Protocol):
    """A unit of work that counts as well."""

    @property
    def figures(self) -> Counting: ...


class Begin(Protocol):
    """Opens a unit of work: it commits when the block ends well, else it stores nothing."""

    def __call__(self) -> AbstractAsyncContextManager[TurnWork]: ...
