"""What this feature needs of a store."""

from datetime import datetime
from typing import Protocol

from bot.occasions.model import Occasion, State


class Occasions(Protocol):
    """What became of the occasions of things. A thing is named, for example `retention`."""

    async def start(self, thing: str, at: datetime) -> None:
        """Note since when a thing happens; nothing when that was noted before."""
        ...

    async def last(self, thing: str) -> datetime | None:
        """Return when its latest recorded occasion was due, or else its start; None before."""
        ...

    async def record(self, thing: str, occasion: Occasion, state: State, at: datetime) -> bool:
        """Record what becomes of an occasion; False, and nothing, when somebody did before.

        While another unit of work records the same one it waits for what comes of that.
        """
        ...


class OccasionWork(Protocol):
    """A unit of work that reaches the occasions."""

    @property
    def occasions(self) -> Occasions: ...
