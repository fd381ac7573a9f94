"""What a turn needs of a store, beside what the features need."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.core.ids import PersonId
from bot.core.turn import Handled, Heard, Pending
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


class SummaryWork(TurnWork, Protocol):
    """A unit of work that counts as well."""

    @property
    def figures(self) -> Counting: ...


class Begin(Protocol):
    """Opens a unit of work: it commits when the block ends well, else it stores nothing."""

    def __call__(self) -> AbstractAsyncContextManager[TurnWork]: ...
