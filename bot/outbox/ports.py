"""What this feature needs of a store."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place, Reply
from bot.outbox.model import Copy, Leased, Limits, Line, Notice, Result, Tally


class Outbox(Protocol):
    """Everything that was said, or waits to be."""

    async def answer(  # noqa: PLR0913 (one row's plain values)
        self,
        person: PersonId | None,
        place: Place,
        message_id: str,
        replies: Sequence[Reply],
        *,
        card: str,
        at: datetime,
        takeover: datetime,
    ) -> tuple[tuple[Message, ...], tuple[MessageId, ...]]:
        """Store the replies to a message; the relay takes over from `takeover` on.

        `card` is the message whose button was pressed: what replaces takes its place. Without a
        person it is not known yet who said it. Returns them, and what is in their way there, in
        order (see `lease`).
        """
        ...

    async def answers(self, channel: Channel, message_id: str) -> tuple[Message, ...]:
        """Return the replies to a message that was handled before."""
        ...

    async def add(self, notice: Notice, at: datetime) -> bool:
        """Store a notice; False when its key was known.

        One to somebody without any address is stored as dead, with the reason `no_address`, and
        stays so until they can be reached: neither `change` nor `retry` revives it.
        """
        ...

    async def revive(self, person: PersonId, place: Place, now: datetime) -> int:
        """Let what could not be told to someone be told at this place; returns how many.

        That is what had no address, or met that nobody was there; not what is over, no change of a
        card, and no answer to what was said before.
        """
        ...

    async def change(self, key: str, reply: Reply, at: datetime) -> bool:
        """Let a notice say something else: not sent yet, it is sent so; sent, its card changes.

        Several changes before it is sent are one, still not before its moment. It is tried as if
        it were new, also where it was dead. False for an unknown key.
        """
        ...

    async def copies(self, subject: str) -> Sequence[Copy]:
        """Return the messages about a subject that are there, or on their way, in their order.

        What only a newer program can read is left out, as it is wherever messages are changed.
        """
        ...

    async def missed(self, subject: str) -> Collection[PersonId]:
        """Return who was not told of a subject though they were to be: nothing arrived so far."""
        ...

    async def rewrite(
        self, which: MessageId, reply: Reply, at: datetime, *, needed: bool = False
    ) -> None:
        """Let a message say something else, as `change` does; one not sent yet is not sent at all.

        Whoever would read only then that something is over is spared that. `needed`: it is not.
        One that perhaps arrived is changed, and one that did so late is changed when that is known.
        """
        ...

    async def reword(self, subjects: Collection[str], clean: Callable[[Reply], Reply]) -> None:
        """Change what is stored of all messages about these subjects; nothing is sent for that."""
        ...

    async def lease(
        self,
        holder: str,
        limits: Mapping[Channel, Limits],
        *,
        now: datetime,
        until: datetime,
        most: int,
    ) -> Sequence[Leased]:
        """Take the first due message of conversations that nobody else holds, the oldest first.

        They are ours until then. Only channels with limits given are looked at. In the way of later
        ones is what waits and is due, was tried, or answers a message: a notice for tomorrow is
        not, nor the change of a card that is there, nor what only a newer program can read: that is
        put off, and its conversation is free at once. `Leased.at` is since when it is to be said:
        given up is counted from there.
        """
        ...

    async def settle(self, results: Sequence[Result]) -> None:
        """Store what became of tries, in their order, and give the conversations back.

        Where a try showed that a person is not there any more, their address is lost.

        A result of an older version leaves the newer text waiting, but its remote id is kept. A
        failure undoes no arrival; a shorter pause ends no longer one; what is gone is passed over.
        """
        ...

    async def release(self, holder: str) -> None:
        """Give back what a worker holds."""
        ...

    async def give_back(self, holder: str, place: Place) -> None:
        """Give back one conversation, if the worker still holds it."""
        ...

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        """Return when the next message becomes due after then; None when nothing waits."""
        ...

    async def lines(self, limit: int) -> Sequence[Line]:
        """Return what waits or cannot arrive, the oldest first."""
        ...

    async def tally(self, now: datetime) -> Tally: ...

    async def retry(self, which: Collection[MessageId] | None, now: datetime) -> int:
        """Let failed messages be tried now, dead ones as well: all or those with these ids.

        What was not tried yet keeps its moment. Returns how many.
        """
        ...

    async def forget_texts(self, before: datetime) -> int:
        """Drop the replies to messages from before then that are sent or dead."""
        ...

    async def forget_notices(self, before: datetime) -> int:
        """Drop the notices from before then that are sent or dead: they can change no more."""
        ...


class OutboxWork(Protocol):
    """A unit of work that reaches the outbox."""

    @property
    def outbox(self) -> Outbox: ...


class Begin(Protocol):
    """Opens a unit of work."""

    def __call__(self) -> AbstractAsyncContextManager[OutboxWork]: ...
