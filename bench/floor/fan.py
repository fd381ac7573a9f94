"""One fan-out: notices for many, worker processes that send them, and what a connector saw."""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

from bench.floor.databases import New
from bench.floor.servers import FLOOR, started
from bot.core.reply import Channel, Place, Reply, Sender, Words
from bot.outbox.model import TEAMS_LIMITS, Notice
from bot.store.work import Store

PATIENCE = 300.0  # seconds
MEASURED = 0.98  # the share of people whose arrival is timed: who was stalled comes later
TENANT = "00000000-0000-0000-0000-000000000001"


@dataclass(frozen=True)
class Plan:
    """What is sent, by how many, and how the connector behaves. Shares are of all notices."""

    database: str
    workers: int = 1
    people: int = 950
    each: int = 1
    strict: bool = True  # the connector, and we ourselves
    paced: bool = True  # we ourselves, where the connector is strict
    fails: float = 0.0
    stalls: float = 0.0
    delay: float = 0.02  # seconds before the connector answers

    @property
    def notices(self) -> list[tuple[int, str]]:
        """Who is told what, in its order."""
        return [(one, f"fan-{one}-{n}") for n in range(self.each) for one in range(self.people)]

    @property
    def faults(self) -> dict[str, str]:
        """Return what goes wrong with whose first copy."""
        texts = [text for _, text in self.notices]
        fails, stalls = (ceil(len(texts) * share) for share in (self.fails, self.stalls))
        drawn = random.Random(950).sample(texts, fails + stalls)
        kinds = ["fail"] * fails + ["stall"] * stalls
        return dict(zip(drawn, kinds, strict=True))


@dataclass(frozen=True)
class Seen:
    """What came of it; times in seconds. `settled` is until nothing waited any more."""

    plan: Plan
    start: float
    arrived: list[tuple[float, str, str]]
    throttled: int
    ambiguous: int
    held_up: float
    worked: float
    settled: float

    @property
    def firsts(self) -> list[float]:
        """When each notice arrived first, in order."""
        first: dict[str, float] = {}
        for at, _, text in self.arrived:
            first.setdefault(text, at - self.start)
        return sorted(first.values())

    @property
    def repeats(self) -> int:
        return len(self.arrived) - len({text for _, _, text in self.arrived})

    @property
    def twice(self) -> int:
        """Notices that arrived more than once."""
        counts = Counter(text for _, _, text in self.arrived)
        return sum(count > 1 for count in counts.values())

    @property
    def lost(self) -> int:
        return len({text for _, text in self.plan.notices} - {one[2] for one in self.arrived})

    @property
    def disordered(self) -> int:
        """Conversations in which something came after what should follow it."""
        talks: dict[str, list[int]] = defaultdict(list)
        for _, where, text in self.arrived:
            talks[where].append(int(text.rpartition("-")[2]))
        return sum(any(one > two for one, two in pairwise(talk)) for talk in talks.values())

    def seconds(self, share: float = 1.0) -> float:
        """Return when this share of the notices had arrived."""
        return self.firsts[ceil(len(self.firsts) * share) - 1]

    def rate(self, share: float = 1.0) -> float:
        """Return how many arrived a second, from when all were stored until this share had."""
        return ceil(len(self.firsts) * share) / self.seconds(share)

    def of_pace(self, share: float = 1.0) -> float:
        """Return the rate over the one that our limits allow."""
        return self.rate(share) / (TEAMS_LIMITS.rate or 1)

    @property
    def most(self) -> int:
        """The most that arrived within a second, repeats as well."""
        moments = [at for at, _, _ in self.arrived]
        return most_in_a_second(moments)

    @property
    def wrong(self) -> bool:
        return bool(self.lost or self.disordered or self.repeats > self.ambiguous)


def most_in_a_second(moments: list[float]) -> int:
    """Return how many of these moments, in order, lie within one second at most."""
    first = most = 0
    for number, at in enumerate(moments, 1):
        while moments[first] <= at - 1:
            first += 1
        most = max(most, number - first)
    return most


async def fan_out(plan: Plan, new: New, folder: Path) -> Seen:
    """Carry a plan out, on a database of its own."""
    database = new(plan.database)
    order = {"strict": plan.strict, "delay": plan.delay, "faults": plan.faults}
    settings = {"ORDER": json.dumps(order)}
    strict = [str(FLOOR / "strict_connector.py")]
    async with contextlib.AsyncExitStack() as stack:
        connector = await stack.enter_async_context(started(strict, folder, settings))
        workers = [
            await stack.enter_async_context(worker(plan, database, f"worker-{number}"))
            for number in range(plan.workers)
        ]
        store = Store.open(database)
        stack.push_async_callback(store.close)
        await connector.ready("/told")
        ids = await _known(store, plan.people, connector.port)
        for one in workers:
            await one.ready()
        start = await _add(store, plan, ids)
        await _empty(store)
        settled = time.monotonic() - start
        ends = await asyncio.gather(*(one.end() for one in workers))
        told = await connector.told("/told")
    held_up, worked = (max(one) for one in zip(*ends, strict=True))
    return Seen(plan, start, **told, held_up=held_up, worked=worked, settled=settled)


async def _known(store: Store, people: int, port: int) -> list[Any]:
    """Let them have been met in Teams, each in their own chat; returns their ids."""
    ids = []
    async with store.begin() as work:
        for number in range(people):
            who = Sender(Channel.TEAMS, f"29:{number}", f"Docent {number}")
            place = Place(
                Channel.TEAMS,
                f"a:{number}",
                who.address,
                service=f"http://127.0.0.1:{port}/",
                tenant=TENANT,
                bot="28:bot",
            )
            ids.append((await work.people.register(who, "nl")).id)
            await work.addresses.reach(who.channel, who.address, place)
    return ids


async def _add(store: Store, plan: Plan, ids: list[Any]) -> float:
    """Add every notice twice, as a use case that runs twice does: all in one transaction.

    Returns the last moment before they are stored.
    """
    now = datetime.now(UTC)
    async with store.begin() as work:
        for _ in range(2):
            for who, text in plan.notices:
                said = Reply("notice", (Words(text),))
                await work.outbox.add(Notice(text, said, now, person=ids[who]), now)
        return time.monotonic()


async def _empty(store: Store) -> None:
    """Wait until nothing is to be sent any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with store.reading() as work:
                if not (await work.outbox.tally(datetime.now(UTC))).waiting:
                    return
            await asyncio.sleep(0.2)


@dataclass(frozen=True)
class _Worker:
    process: asyncio.subprocess.Process

    async def ready(self) -> None:
        assert self.process.stdout  # noqa: S101 (it is piped)
        async with asyncio.timeout(PATIENCE):
            if await self.process.stdout.readline() != b"ready\n":
                raise SystemExit("a worker of the bench did not start: see above")

    async def end(self) -> tuple[float, float]:
        """Let it stop; returns what it saw of its loop."""
        async with asyncio.timeout(PATIENCE):
            said, _ = await self.process.communicate(b"")  # which ends its stdin
        held_up, worked = json.loads(said)
        return held_up, worked


@contextlib.asynccontextmanager
async def worker(plan: Plan, database: str, holder: str) -> AsyncIterator[_Worker]:
    """Start a worker process on a database, and end it again."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(FLOOR / "worker.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin  # noqa: S101 (it is piped)
    order = {
        "database": database,
        "limits": plan.strict and plan.paced,
        "holder": holder,
    }
    process.stdin.write(json.dumps(order).encode() + b"\n")
    await process.stdin.drain()
    try:
        yield _Worker(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
