"""What this feature needs of a store."""

from datetime import datetime
from typing import Protocol


class Forgetful(Protocol):
    """Something that holds texts."""

    async def forget_texts(self, before: datetime) -> int:
        """Drop the texts from before then; returns how many."""
        ...


class Said(Forgetful, Protocol):
    """What was said: answers, which are known again for a while, and notices."""

    async def forget_notices(self, before: datetime) -> int:
        """Drop the notices from before then; returns how many."""
        ...


class RetentionWork(Protocol):
    """A unit of work that reaches everything that holds texts."""

    @property
    def knowledge(self) -> Forgetful: ...

    @property
    def proposals(self) -> Forgetful: ...

    @property
    def inbox(self) -> Forgetful: ...

    @property
    def outbox(self) -> Said: ...

    @property
    def questions(self) -> Forgetful: ...

    @property
    def walkin(self) -> Forgetful: ...

    @property
    def polls(self) -> Forgetful: ...

    @property
    def pending(self) -> Forgetful: ...

    @property
    def strangers(self) -> Forgetful: ...
