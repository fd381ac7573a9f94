"""Whether messages may be sent to this process: what `/readyz` asks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.store import schema
from bot.store.work import Store

PATIENCE = 1.5
"""Seconds that the database may take: who asks gives up soon."""


@dataclass
class Readiness:
    """Looks at the database, its migration (`wanted`), and the FAQ index.

    `current` returns the database's migration; it is asked once at a time, however many look.
    """

    current: Callable[[], Awaitable[str | None]]
    wanted: str
    loaded: Callable[[], bool]
    patience: float = PATIENCE
    _asked: asyncio.Future[str | None] | None = field(default=None, init=False)

    @classmethod
    def of(cls, store: Store, loaded: Callable[[], bool]) -> "Readiness":
        return cls(lambda: schema.current(store), schema.head(), loaded)

    async def lacking(self) -> Sequence[str]:
        """Return `database`, `migrations` and `index`, those that are not as they should be.

        Returns within its patience, also when the database never answers.
        """
        lacking = await self._database()
        return lacking if self.loaded() else (*lacking, "index")

    async def _database(self) -> tuple[str, ...]:
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self.current())
            # Who cancelled it no longer asks how it ended.
            self._asked.add_done_callback(lambda one: one.cancelled() or one.exception())
        asked = self._asked
        await asyncio.wait([asked], timeout=self.patience)
        if not asked.done():
            asked.cancel()  # and not waited for: what hangs may hang in its end as well
            return ("database",)
        if asked.cancelled() or asked.exception() is not None:
            return ("database",)
        return () if asked.result() == self.wanted else ("migrations",)
