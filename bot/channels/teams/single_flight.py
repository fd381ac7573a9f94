"""Work that many may wait for and that runs once: a fetch of keys, a fetch of a token."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class SingleFlight:
    """Runs `work` at most once at a time; who comes while it runs waits for that one.

    `work` keeps its own result and handles its own expected failures, so that it may also run
    with nobody waiting.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> asyncio.Task[None]:
        """Start the work in the background, unless it is running already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return self._task

    async def join(self) -> None:
        """Wait until the work is done. One waiter that gives up does not stop it for the others."""
        await asyncio.shield(self.start())

    async def close(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
