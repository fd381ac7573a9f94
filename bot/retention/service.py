"""The use case that forgets. It may run twice without harm."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.retention import rules
from bot.retention.ports import RetentionWork


class Begin(Protocol):
    """Opens a unit of work."""

    def __call__(self) -> AbstractAsyncContextManager[RetentionWork]: ...


@dataclass(frozen=True)
class Forgotten:
    """How many texts, handled messages and waiting conversations were dropped."""

    texts: int
    messages: int
    pending: int


@dataclass(frozen=True)
class Retention:
    """Drops texts after `texts`, and handled messages after `messages`."""

    begin: Begin
    zone: ZoneInfo
    texts: timedelta
    messages: timedelta

    def next_due(self, after: datetime) -> datetime:
        return rules.next_due(after, self.zone)

    async def run(self, now: datetime) -> Forgotten:
        """Forget what is over its time at `now`, in one transaction."""
        async with self.begin() as work:
            return Forgotten(
                texts=await work.knowledge.forget_texts(now - self.texts),
                messages=await work.inbox.forget_texts(now - self.messages),
                pending=await work.pending.forget_texts(now),
            )
