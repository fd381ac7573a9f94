"""Kills the bot again and again while messages come in, and counts what became of them."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bench.floor.redelivery import Redelivery
from bench.floor.servers import FLOOR, PATIENCE, Server, free_port, start, started
from bot.core.reply import Channel, Place, Reply, Words
from bot.outbox.model import Notice, State
from bot.store.tables import OutboxRow, table_of
from bot.store.work import Store

CONNECTIONS, AT_ONCE = 32, 16
TEACHERS = 100
DELAY = 0.05  # seconds that the connector takes to answer what it took
DRAIN = 300.0  # seconds
_OUT = table_of(OutboxRow)


@dataclass(frozen=True)
class Plan:
    """What is killed, and how often."""

    database: str
    kills: int
    moment: tuple[float, float] = (0.3, 1.2)  # seconds after it answered a message
    apart: bool = False  # the worker is a process of its own
    relay: bool = True  # the guard: what was stored and not sent is sent later
    again: bool = True  # the guard: what was not taken is sent again
    clock: bool = False  # the leases of who was killed end by the clock, which is moved

    @property
    def notices(self) -> int:
        """How many wait in the outbox from the start: what a worker of its own is killed with."""
        return (20 if self.apart else 8) * self.kills


@dataclass
class Told:
    """What became of it. `unmarked` is by conversation: accepted, and killed before that was kept.

    That many repeats it may have, and no more.
    """

    plan: Plan
    hits: int = 0
    under_way: list[int] = field(default_factory=list)
    unmarked: dict[str, int] = field(default_factory=dict)
    took: Mapping[str, int] = field(default_factory=dict)
    expected: frozenset[str] = frozenset()
    redelivered: int = 0

    @property
    def lost(self) -> int:
        return sum(not self.took.get(where) for where in self.expected)

    @property
    def repeats(self) -> int:
        return sum(max(0, self.took.get(where, 0) - 1) for where in self.expected)

    @property
    def allowed(self) -> int:
        return sum(self.unmarked.values())

    @property
    def beyond(self) -> int:
        """Repeats that no kill explains."""
        return sum(
            max(0, self.took.get(where, 0) - 1 - self.unmarked.get(where, 0))
            for where in self.expected
        )

    def note(self, cut: Mapping[str, int], waiting: set[str]) -> None:
        """Keep what a kill left: accepted over a connection that died, and not marked as sent."""
        left = {where: cut[where] for where in waiting if where in cut}
        self.hits += any(count > self.unmarked.get(where, 0) for where, count in left.items())
        self.unmarked |= left


@dataclass
class Processes:
    """The bot's own processes, by name."""

    plan: Plan
    folder: Path
    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    running: dict[str, Server] = field(default_factory=dict)

    async def start(self) -> None:
        """Start what does not run, and wait until messages are taken."""
        inside = self.plan.relay and not self.plan.apart
        words = {"web": ["serve", "--dev", *([] if inside else ["--no-worker"])]}
        if self.plan.apart:
            words["worker"] = ["worker", "--dev"]
        for name in words.keys() - self.running.keys():
            self.running[name] = await start(
                ["-m", "bot", *words[name]], self.folder, self.settings, self.port, self._log
            )
        await self.running["web"].ready()

    async def kill(self, *names: str) -> None:
        """End these at once, by SIGKILL; waits until they are gone."""
        gone = [self.running.pop(name).process for name in names if name in self.running]
        for process in gone:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        for process in gone:
            await process.wait()

    @property
    def _log(self) -> Path:
        return self.folder / "bot.log"


@contextlib.asynccontextmanager
async def _running(
    plan: Plan, folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[Processes]:
    bot = Processes(plan, folder, settings)
    try:
        await bot.start()
        yield bot
    finally:
        await bot.kill(*bot.running)


async def killed(plan: Plan, folder: Path, settings: Mapping[str, str], texts: list[str]) -> Told:
    """Carry a plan out, in the folder of an example college that these settings name."""
    told, drawn = Told(plan), random.Random(50)
    async with contextlib.AsyncExitStack() as stack:
        words, delay = [str(FLOOR / "connector.py")], {"DELAY": str(DELAY)}
        connector = await stack.enter_async_context(started(words, folder, delay))
        await connector.ready("/took")
        store = Store.open(settings["VRAAGBAAK_DATABASE_URL"])
        stack.push_async_callback(store.close)
        notices = await _add(store, plan.notices if plan.relay else 0, connector.port)
        bot = await stack.enter_async_context(_running(plan, folder, settings))
        load = Redelivery(
            port=bot.port,
            connector=connector.port,
            prefix="kill-",
            connections=CONNECTIONS,
            seconds=10**6,
            messages=10**9,
            teachers=TEACHERS,
            texts=texts,
            again=plan.again,
        )
        sending = asyncio.create_task(load.run())
        for _ in range(plan.kills):
            await _at_work(load)
            await asyncio.sleep(drawn.uniform(*plan.moment))
            told.under_way.append(load.under_way)
            names = drawn.choice([("web",), ("worker",), ("web", "worker")])
            await bot.kill(*(names if plan.apart else ("web",)))
            # What was on its way to the connector arrives there all the same.
            await asyncio.sleep(0.2)
            told.note(await connector.told("/cut"), await _waiting(store))
            await bot.start()
        load.ended = True
        async with asyncio.timeout(PATIENCE):
            await sending
        if plan.relay:
            await _drained(store, load if plan.clock else None)
        told.took = await connector.told("/took")
    sent = (f"{load.prefix}{number}" for number in range(load.sent))
    told.expected, told.redelivered = frozenset([*sent, *notices]), load.redelivered
    return told


async def _at_work(load: Redelivery) -> None:
    """Wait until many turns are under way, and one was answered, where it is sent again if not."""
    before = load.taken
    async with asyncio.timeout(PATIENCE):
        while True:
            if load.under_way >= AT_ONCE and (load.taken > before or not load.again):
                return
            await asyncio.sleep(0.01)


async def _add(store: Store, count: int, port: int) -> list[str]:
    """Add notices, so that the relay has something to send as well; returns where."""
    now, where = datetime.now(UTC), [f"notice-{number}" for number in range(count)]
    service, tenant = f"http://127.0.0.1:{port}/", "00000000-0000-0000-0000-000000000001"
    async with store.begin() as work:
        for one in where:
            place = Place(Channel.TEAMS, one, service=service, tenant=tenant)
            said = Reply("notice", (Words(one),))
            await work.outbox.add(Notice(one, said, now, place=place), now)
    return where


async def _waiting(store: Store) -> set[str]:
    """Return the conversations with something that is not marked as sent."""

    def ask(database: Connection) -> Any:
        waits = _OUT.c.state == State.WAITING.value
        return database.execute(select(_OUT.c.lane).where(waits)).scalars().all()

    return set(await store.look(ask))


async def _drained(store: Store, load: Redelivery | None) -> None:
    """Wait until nothing waits. With a load, the clock is moved past the leases of the killed."""
    async with asyncio.timeout(DRAIN):
        for look in range(10**6):
            waiting = await _waiting(store)
            if not waiting:
                return
            if load and look % 10 == 5:  # noqa: PLR2004 (a second is given to who still sends)
                await load.say("/tijd +90s")
            await asyncio.sleep(0.2)
