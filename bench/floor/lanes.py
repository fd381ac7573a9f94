"""The processes of a race: they get ready, start at the same moment, and say what came of it."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.floor.board import SEND
from bench.floor.crowd import name_of
from bench.floor.servers import FLOOR

PATIENCE = 300.0  # seconds
AHEAD = 0.2  # seconds from saying when they start to when they do
LONGEST = 2**22  # bytes of a line


@dataclass(frozen=True)
class Ran:
    """All presses of one race; times in seconds."""

    presses: Sequence[Any]

    @property
    def took(self) -> list[float]:
        return [one["ended"] - one["begun"] for one in self.presses]

    @property
    def seconds(self) -> float:
        """How long it lasted, from the first press to the last answer."""
        begun, ended = ([one[key] for one in self.presses] for key in ("begun", "ended"))
        return float(max(ended) - min(begun))

    @property
    def firsts(self) -> list[Any]:
        """The presses after which somebody has the question."""
        return [one for one in self.presses if SEND in one["buttons"]]

    def told(self, winner: int) -> int:
        """Return how many were told that this one was first."""
        was_first = ["refused.taken", name_of(winner)]
        return sum(was_first in one["said"] for one in self.presses)


@dataclass(frozen=True)
class Lane:
    """One process that races."""

    process: asyncio.subprocess.Process

    async def tell(self, what: Any) -> None:
        assert self.process.stdin  # noqa: S101 (it is piped)
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        await self.process.stdin.drain()

    async def hear(self, word: bytes = b"") -> bytes:
        """Return its next line; ends the bench when that is not the word, if there is one."""
        assert self.process.stdout  # noqa: S101 (it is piped)
        async with asyncio.timeout(PATIENCE):
            line = await self.process.stdout.readline()
        if not line or (word and line.strip() != word):
            raise SystemExit("a process of the race broke off: see above")
        return line


@contextlib.asynccontextmanager
async def lane(order: Any, program: str = "racer.py") -> AsyncIterator[Lane]:
    """Start a process that races; it need not be ready yet."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(FLOOR / program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST,
    )
    one = Lane(process)
    try:
        await one.tell(order)
        yield one
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def together(lanes: Sequence[Lane], order: Any, pressed: Sequence[Any]) -> Ran:
    """Let all processes press at the same moment, each its share."""
    for number, one in enumerate(lanes):
        await one.tell({**order, "pressed": pressed[number :: len(lanes)]})
    for one in lanes:
        await one.hear(b"set")
    moment = time.monotonic() + AHEAD
    for one in lanes:
        await one.tell(moment)
    return Ran([press for one in lanes for press in json.loads(await one.hear())])
