"""Sends with a guard and without it: what is counted must be nothing, and then something."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.core.clock import SystemClock
from bot.core.delivery import Message, Sender
from bot.core.reply import Channel, Place, Reply, Words
from bot.outbox.model import NO_LIMITS, Leased, Notice, Result
from bot.outbox.relay import Relay
from bot.outbox.service import Ledger
from bot.store.work import Store

Begin = Callable[[], AbstractAsyncContextManager[Any]]
PEOPLE = 100
START = datetime(2026, 1, 20, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Unit:
    """A unit of work that reaches nothing but this outbox."""

    outbox: Any


@dataclass(frozen=True)
class Outbox:
    """Passes everything on."""

    outbox: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outbox, name)


class Unheld(Outbox):
    """Leases without holding: who else looks gets the same."""

    async def lease(self, holder: str, *given: Any, **named: Any) -> Sequence[Leased]:
        leased: Sequence[Leased] = await self.outbox.lease(holder, *given, **named)
        await self.outbox.release(holder)
        return leased


class Unconditional(Outbox):
    """Settles what was changed meanwhile, once, as if what was sent were what it says now."""

    async def settle(self, results: Sequence[Result]) -> None:
        newer = [
            replace(one, message=replace(one.message, version=one.message.version + 1))
            for one in results
        ]
        await self.outbox.settle([*results, *newer])


def _without(guard: type[Outbox], begin: Begin) -> Begin:
    @asynccontextmanager
    async def unguarded() -> AsyncIterator[Unit]:
        async with begin() as work:
            yield Unit(guard(work.outbox))

    return unguarded


def notice(who: int, text: str, key: str) -> Notice:
    """Return a notice to somebody who was met."""
    place = Place(Channel.TEAMS, f"a:{who}", f"29:{who}", tenant="t1")
    return Notice(key, _reply(text), START, place=place)


def said(message: Message) -> str:
    """Return the words of a notice."""
    return next(one.text for one in message.reply.blocks if isinstance(one, Words))


def _reply(text: str) -> Reply:
    return Reply("notice", (Words(text),))


@dataclass
class Taking:
    """A service that takes everything, after a moment."""

    taken: list[tuple[str, str]] = field(default_factory=list)

    async def deliver(self, message: Message) -> str:
        self.taken.append((message.place.conversation, said(message)))
        await asyncio.sleep(0.02)
        return message.changes or f"remote-{message.id}"

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in Counter(self.taken).values())


@dataclass
class Changing(Taking):
    """A service during each call to which the notice that it sends is changed."""

    begin: Begin | None = None

    async def deliver(self, message: Message) -> str:
        remote = await super().deliver(message)
        if message.version == 1 and self.begin:
            async with self.begin() as work:
                await work.outbox.change(message.place.conversation, _reply("new"), START)
        return remote

    @property
    def unchanged(self) -> int:
        return sum(text == "old" for text in dict(self.taken).values())


def _relay(begin: Begin, channel: Sender, holder: str = "w1") -> Relay:
    senders, limits = {Channel.TEAMS: channel}, {Channel.TEAMS: NO_LIMITS}
    return Relay(begin, SystemClock(), Ledger(begin), senders, limits, holder)


async def without_lease(store: Store, *, guarded: bool) -> int:
    """Let two send at once; returns how many notices arrived twice."""
    begin = store.begin if guarded else _without(Unheld, store.begin)
    service = Taking()
    async with store.begin() as work:
        for who in range(PEOPLE):
            await work.outbox.add(notice(who, "said", f"{who}"), START)
    await asyncio.gather(*(_relay(begin, service, one).run(START) for one in ("w1", "w2")))
    return service.twice


async def without_key(store: Store, *, guarded: bool) -> int:
    """Add each notice twice, as a job that runs twice; returns how many arrived twice."""
    service = Taking()
    for run in range(2):
        async with store.begin() as work:
            for who in range(PEOPLE):
                key = f"{who}" if guarded else f"{who}|{run}"
                await work.outbox.add(notice(who, "said", key), START)
    await _relay(store.begin, service).run(START)
    return service.twice


async def without_condition(store: Store, *, guarded: bool) -> int:
    """Change each notice while it is sent; returns how many show what they said before."""
    service = Changing(begin=store.begin)
    async with store.begin() as work:
        for who in range(PEOPLE):
            await work.outbox.add(notice(who, "old", f"a:{who}"), START)
    begin = store.begin if guarded else _without(Unconditional, store.begin)
    await _relay(begin, service).run(START)
    return service.unchanged


Count = Callable[..., Any]
GUARDS: dict[str, Count] = {
    "without the lease: {} of {} twice": without_lease,
    "without the dedupe key: {} of {} twice": without_key,
    "without the conditional write: {} of {} changes lost": without_condition,
}


@dataclass(frozen=True)
class Guard:
    """What was counted with a guard, and without it."""

    what: str
    kept: int
    removed: int

    @property
    def wrong(self) -> bool:
        return bool(self.kept) or not self.removed

    def __str__(self) -> str:
        how = "NOT AS IT MUST BE" if self.wrong else "red as it must be"
        return f"{self.what.format(self.removed, PEOPLE)}, {self.kept} with it ({how})"


async def looked_at(new: Callable[[], str]) -> list[Guard]:
    """Count with each guard and without it, on databases of their own."""
    found = []
    for what, count in GUARDS.items():
        counts = []
        for guarded in (True, False):
            store = Store.open(new())
            counts.append(await count(store, guarded=guarded))
            await store.close()
        found.append(Guard(what, *counts))
    return found
