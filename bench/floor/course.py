"""What every race has: a college on a new database, processes that start at once, and its times."""

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from bench.floor.databases import POSTGRESQL, SQLITE, New, databases
from bench.floor.guards import START
from bench.floor.lanes import Lane, Ran, lane, together
from bench.floor.racer import opened
from bot.app import App
from bot.people.generate import KERN, generate
from bot.store.work import Store

PROCESSES = {SQLITE: 2, POSTGRESQL: 3}
AnyPlan = TypeVar("AnyPlan")
Found = TypeVar("Found")
Made = TypeVar("Made")
Run = Callable[[New, Path, str, int], Awaitable[Found]]
"""Races in a folder of its own, on a database of a kind, with so many processes."""


@dataclass
class Races(Generic[AnyPlan]):
    """What came of all rounds of a plan. `floor` are the races of nothing but what decides."""

    plan: AnyPlan
    races: list[Ran] = field(default_factory=list)
    floor: list[Ran] = field(default_factory=list)

    @property
    def presses(self) -> int:
        return sum(len(one.presses) for one in self.races)

    @property
    def milliseconds(self) -> tuple[float, float]:
        """How long a press waited for its reply: the median, and the slowest but one percent."""
        took = [seconds * 1000 for one in self.races for seconds in one.took]
        half, nearly_all = np.percentile(took, (50, 99))
        return float(half), float(nearly_all)

    @property
    def seconds(self) -> float:
        """How long a round lasted, the median."""
        return statistics.median(one.seconds for one in self.races)

    @property
    def of_the_floor(self) -> str:
        """The rate over that of the floor; a dash when none was raced for."""
        if not self.floor:
            return "–"
        return f"{statistics.median(one.seconds for one in self.floor) / self.seconds:.2f} ×"


@dataclass(frozen=True)
class Course(Generic[Made]):
    """A college, what was `made` in it, and the processes that race there."""

    app: App
    made: Made
    lanes: Sequence[Lane]
    random: random.Random

    async def race(self, order: Mapping[str, Any], pressed: Sequence[Any]) -> Ran:
        """Let all processes press at the same moment, each its share."""
        return await together(self.lanes, order, pressed)


@dataclass(frozen=True)
class Racers:
    """So many processes, each of this program; `settings` are the bot's own."""

    many: int
    program: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@contextlib.asynccontextmanager
async def course(
    database: str, folder: Path, make: Callable[[Store], Awaitable[Made]], racers: Racers
) -> AsyncIterator[Course[Made]]:
    """Make what is raced for on a new database, and start the processes."""
    for name, text in generate(KERN).items():
        (folder / name).write_text(text, "utf-8")
    order = {
        "database": database,
        "college": str(folder / "college.yaml"),
        "ahead": (START - datetime.now(UTC)).total_seconds(),
        "settings": racers.settings,
    }
    store = Store.open(database)
    made = await make(store)
    await store.close()
    async with contextlib.AsyncExitStack() as stack:
        lanes = [
            await stack.enter_async_context(lane(order, racers.program)) for _ in range(racers.many)
        ]
        app = await stack.enter_async_context(opened(order))
        for one in lanes:
            await one.hear(b"ready")
        yield Course(app, made, lanes, random.Random(100))


async def on_each(run: Run[Found], *, quick: bool) -> list[Found]:
    """Race on each database: in turn, or at once when only counts decide."""
    turn = asyncio.Semaphore(len(PROCESSES) if quick else 1)

    async def one(new: New, folder: Path, database: str, processes: int) -> Found:
        own = folder / database
        own.mkdir()
        async with turn:
            return await run(new, own, database, processes)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with databases(folder) as new:
            each = (one(new, folder, *kind) for kind in PROCESSES.items())
            return list(await asyncio.gather(*each))


def run_bench(bench: Callable[..., Awaitable[int]], doc: str | None) -> None:
    """Read the options and run a bench; ends with its exit code."""
    options = argparse.ArgumentParser(description=doc)
    options.add_argument("--quick", action="store_true")

    async def run() -> int:
        return await bench(quick=options.parse_args().quick)

    sys.exit(asyncio.run(run()))
