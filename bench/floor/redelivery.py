"""Sends messages as Teams does: again, until they are taken; only sooner."""

import asyncio
import time
from dataclasses import dataclass

from bench.floor.load import Line, Load

AGAIN = 0.1  # seconds


@dataclass
class Redelivery(Load):
    """A load on a server that comes and goes. Without `again` each message is sent once."""

    again: bool = True
    ended: bool = False
    under_way: int = 0
    redelivered: int = 0
    taken: int = 0

    async def say(self, text: str) -> None:
        """Send one message more, and wait until it is taken."""
        number, self.sent = self.sent, self.sent + 1
        texts, self.texts = self.texts, [text]
        request, self.texts = self._request(number), texts
        line = await self._reach()
        while not await self._is_taken(line, request):
            line = await self._reach()

    async def _talk(self, until: float) -> None:
        line = await self._reach()
        while not self.ended and time.perf_counter() < until:
            request = self._request(self.sent)
            self.sent += 1
            while not await self._is_taken(line, request) and self.again:
                self.redelivered += 1
                await asyncio.sleep(AGAIN)
                line = await self._reach()
            if not self.again:
                line = await self._reach()
        line.close()

    async def _watch(self) -> None:
        """Look at nothing: how long it was gone is no stall."""

    async def _is_taken(self, line: Line, request: bytes) -> bool:
        self.under_way += 1
        try:
            taken = 200 <= await line.ask(request) < 300  # noqa: PLR2004 (it means: taken)
            self.taken += taken
            return taken
        finally:
            self.under_way -= 1
            if not self.again:
                line.close()

    async def _reach(self) -> Line:
        """Return a new connection as soon as there is somebody to connect with."""
        while True:
            try:
                return await self._line()
            except OSError:
                await asyncio.sleep(AGAIN)
