"""What this feature needs of a store."""

from datetime import datetime
from typing import Protocol


class Forgetful(Protocol):
    """Something that holds texts."""

    async def forget_texts(self, before: datetime) -> int:
        """Drop the texts from before then; returns how many."""
        ...


class RetentionWork(Protocol):
    """A unit of work that reaches everything that holds texts."""

    @property
    def knowledge(self) -> Forgetful: ...

    @property
    def inbox(self) -> Forgetful: ...

    @property
    def outbox(self) -> Forgetful: ...

    @property
    def pending(self) -> Forgetful: ...
