"""A connector that is down for ten minutes, on a clock that nobody waits for."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.floor.fan import most_in_a_second
from bench.floor.guards import START, notice, said
from bot.core.clock import MovableClock
from bot.core.delivery import DeliveryError, Message, Outcome
from bot.core.reply import Channel
from bot.outbox.model import TEAMS_LIMITS
from bot.outbox.relay import Relay
from bot.outbox.service import Ledger
from bot.store.work import Store

DOWN = timedelta(minutes=10)
LOOK = timedelta(seconds=0.5)
EACH = 2


class Still:
    """Time that stands still but for who moves it."""

    def now(self) -> datetime:
        return START


@dataclass
class Time:
    """A clock that is moved by who sleeps: to the first who wakes, when all have fallen asleep."""

    clock: MovableClock = field(default_factory=lambda: MovableClock(Still()))
    _sleeping: list[datetime] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        due = self.clock.now() + timedelta(seconds=seconds)
        self._sleeping.append(due)
        await asyncio.sleep(0)
        while due != min(self._sleeping):  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0)
        self.clock.move_to(due)
        self._sleeping.remove(due)


@dataclass
class Service:
    """Refuses everything until it is up; keeps what was tried, and what shows in which chat."""

    clock: MovableClock
    up: datetime = START + DOWN
    tried: list[float] = field(default_factory=list)
    arrived: list[tuple[datetime, str, str]] = field(default_factory=list)

    async def deliver(self, message: Message) -> str:
        now, place = self.clock.now(), message.place.conversation
        self.tried.append(now.timestamp())
        if now < self.up:
            raise DeliveryError(Outcome.REFUSED)
        self.arrived.append((now, place, said(message)))
        return message.changes or f"remote-{message.id}"


@dataclass(frozen=True)
class Survived:
    """What came of it. `last` is how long after it came up the last one arrived."""

    people: int
    tried: int
    lost: int
    repeats: int
    disordered: int
    most: int
    last: timedelta

    @property
    def wrong(self) -> bool:
        too_many = self.most > (TEAMS_LIMITS.rate or 0)
        return bool(self.lost or self.repeats or self.disordered or too_many)


async def outage(database: str, people: int) -> Survived:
    """Send for ten minutes to a service that is down, and then until all of it arrived."""
    store, time = Store.open(database), Time()
    service = Service(time.clock)
    expected = {f"a:{who}": [str(n) for n in range(EACH)] for who in range(people)}
    async with store.begin() as work:
        for n in range(EACH):
            for who in range(people):
                await work.outbox.add(notice(who, str(n), f"{who}|{n}"), START)
    relay = Relay(
        store.begin,
        time.clock,
        Ledger(store.begin, time.sleep),
        {Channel.TEAMS: service},
        {Channel.TEAMS: TEAMS_LIMITS},
        "w1",
        sleep=time.sleep,
    )
    while time.clock.now() < service.up + timedelta(hours=1):
        sent = await relay.run(time.clock.now())
        if len(service.arrived) >= EACH * people and await _nothing_waits(store):
            break
        later = time.clock.now() + LOOK
        due = None if sent else await relay.next_due(later)
        time.clock.move_to(due or later)
    await store.close()
    return survived(service, expected)


async def _nothing_waits(store: Store) -> bool:
    async with store.reading() as work:
        return not (await work.outbox.tally(START)).waiting


def survived(service: Service, expected: dict[str, list[str]]) -> Survived:
    """Return what came of it."""
    talks: dict[str, list[str]] = defaultdict(list)
    for _, where, text in service.arrived:
        talks[where].append(text)
    whole, told = sum(map(len, expected.values())), {one[1:] for one in service.arrived}
    return Survived(
        people=len(expected),
        tried=len(service.tried),
        lost=whole - len(told),
        repeats=len(service.arrived) - len(told),
        disordered=sum(talk != sorted(talk) for talk in talks.values()),
        most=most_in_a_second(service.tried),
        last=max((at for at, _, _ in service.arrived), default=START) - service.up,
    )
