"""A use case happens at each of its local times once, or the skip is recorded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import ConflictError
from bot.core.reply import Channel
from bot.occasions.model import Rule, State
from bot.occasions.service import Timed
from bot.store.work import Store
from tests import factories
from tests.fake_shelves import Shelves
from tests.fakes import AnyStore, MemoryOccasions

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
NIGHT = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)  # 03:30 in Amsterdam


@dataclass
class Work:
    """A use case that writes, and may be slow or fail after that."""

    ran: list[datetime] = field(default_factory=list)
    seconds: float = 0.0
    failing: bool = False

    async def __call__(self, work: Any, now: datetime) -> None:
        await work.people.register(factories.sender(f"29:{now:%d%H%M}"), "nl")
        await asyncio.sleep(self.seconds)
        if self.failing:
            raise ConflictError
        self.ran.append(now)


def timed(store: AnyStore, work: Work, late: timedelta = 12 * HOUR) -> Timed[Any]:
    return Timed(store.begin, AMSTERDAM, "night", Rule(time(3, 30)), work, late)


async def run(store: AnyStore, work: Work, *moments: datetime) -> list[tuple[str, State]]:
    recorded = [one for now in moments for one in await timed(store, work).run(now)]
    return [(f"{one.local:%d-%m %H:%M}", state) for one, state in recorded]


async def test_nothing_from_before_the_installation_happens(store: AnyStore) -> None:
    work = Work()
    assert await run(store, work, MONDAY, MONDAY + HOUR, NIGHT - MINUTE) == []
    assert work.ran == []


async def test_it_is_due_from_its_time_until_it_is_done(store: AnyStore) -> None:
    work, looks = Work(), (MONDAY, MONDAY, NIGHT - MINUTE, NIGHT, NIGHT + MINUTE)
    found = []
    for now in looks:
        async with store.reading() as reading:
            found.append(await timed(store, work).is_due(reading, now))
        if now != NIGHT:
            await run(store, work, now)
    async with store.reading() as reading:
        found.append(await timed(store, work).is_due(reading, NIGHT + HOUR))
    assert found == [True, False, False, True, True, False]


async def test_it_happens_once_however_often_somebody_looks(store: AnyStore) -> None:
    work = Work()
    looks = [MONDAY, *(NIGHT + number * MINUTE for number in range(4)), NIGHT + DAY]
    assert await run(store, work, *looks) == [
        ("02-06 03:30", State.DONE),
        ("03-06 03:30", State.DONE),
    ]
    assert work.ran == [NIGHT, NIGHT + DAY]


async def test_of_two_at_once_one_does_it(store: AnyStore) -> None:
    work = Work(seconds=0.05)
    await run(store, work, MONDAY)
    recorded = await asyncio.gather(run(store, work, NIGHT), run(store, work, NIGHT))
    assert sorted(map(len, recorded)) == [0, 1]
    assert work.ran == [NIGHT]


@pytest.fixture
async def two_stores(database_url: str) -> AsyncIterator[tuple[Store, Store]]:
    async with AsyncExitStack() as opened:
        stores = Store.open(database_url), Store.open(database_url)
        for one in stores:
            opened.push_async_callback(one.close)
        yield stores


async def test_of_two_processes_at_once_one_does_it(two_stores: tuple[Store, Store]) -> None:
    one, other = two_stores
    work = Work(seconds=0.05)
    await asyncio.gather(run(one, work, MONDAY), run(other, work, MONDAY))
    for night in (NIGHT, NIGHT + DAY, NIGHT + 5 * DAY):
        recorded = await asyncio.gather(run(one, work, night), run(other, work, night + MINUTE))
        assert [bool(some) for some in recorded].count(True) == 1
    assert len(work.ran) == 3


class BehindOccasions(MemoryOccasions):
    """Saw what was recorded before another process recorded more."""

    async def last(self, thing: str) -> datetime:
        del thing
        return MONDAY


@dataclass(frozen=True)
class BehindWork:
    occasions: BehindOccasions


async def test_who_looked_before_the_other_recorded_does_nothing() -> None:
    shelves, work = Shelves(), Work()

    @asynccontextmanager
    async def begin() -> AsyncIterator[BehindWork]:
        yield BehindWork(BehindOccasions(shelves))

    async def note(_: BehindWork, now: datetime) -> None:
        work.ran.append(now)

    one = Timed(begin, AMSTERDAM, "night", Rule(time(3, 30)), note, 12 * HOUR)
    recorded = [len(await one.run(now)) for now in (NIGHT, NIGHT, NIGHT + DAY, NIGHT + DAY)]
    assert recorded == [1, 0, 1, 0]
    assert work.ran == [NIGHT, NIGHT + DAY]


async def test_when_one_of_two_fails_the_other_does_it(two_stores: tuple[Store, Store]) -> None:
    one, other = two_stores
    work, failing = Work(), Work(seconds=0.1, failing=True)
    await run(one, work, MONDAY)

    async def after() -> list[tuple[str, State]]:
        await asyncio.sleep(0.03)
        return await run(other, work, NIGHT)

    failed, recorded = await asyncio.gather(
        run(one, failing, NIGHT), after(), return_exceptions=True
    )
    assert isinstance(failed, ConflictError)
    assert recorded == [("02-06 03:30", State.DONE)]
    assert work.ran == [NIGHT]


async def test_what_fails_leaves_nothing_and_is_done_at_the_next_look(store: AnyStore) -> None:
    work = Work(failing=True)
    await run(store, work, MONDAY)
    with pytest.raises(ConflictError):
        await run(store, work, NIGHT)
    async with store.begin() as unit:
        assert await unit.people.by_address(Channel.TEAMS, f"29:{NIGHT:%d%H%M}") is None
    work.failing = False
    assert await run(store, work, NIGHT + MINUTE) == [("02-06 03:30", State.DONE)]
    assert work.ran == [NIGHT + MINUTE]


async def test_what_a_restart_broke_off_is_done_after_it(store: AnyStore) -> None:
    slow, work = Work(seconds=60), Work()
    await run(store, slow, MONDAY)
    task = asyncio.create_task(timed(store, slow).run(NIGHT))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await run(store, work, NIGHT + MINUTE) == [("02-06 03:30", State.DONE)]


async def test_after_a_day_of_downtime_it_happens_late(store: AnyStore) -> None:
    work = Work()
    await run(store, work, MONDAY)
    back = NIGHT + 11 * HOUR
    assert await run(store, work, back) == [("02-06 03:30", State.DONE)]
    assert work.ran == [back]


async def test_after_longer_downtime_only_the_newest_happens(store: AnyStore) -> None:
    work = Work()
    await run(store, work, MONDAY)
    assert await run(store, work, NIGHT + 2 * DAY + HOUR) == [
        ("02-06 03:30", State.SKIPPED),
        ("03-06 03:30", State.SKIPPED),
        ("04-06 03:30", State.DONE),
    ]


async def test_what_makes_no_sense_any_more_is_recorded_as_skipped(store: AnyStore) -> None:
    work = Work()
    await run(store, work, MONDAY)
    assert await run(store, work, NIGHT + 13 * HOUR) == [("02-06 03:30", State.SKIPPED)]
    assert await run(store, work, NIGHT + 14 * HOUR) == []
    assert work.ran == []


async def test_a_clock_that_is_set_back_does_nothing_twice(store: AnyStore) -> None:
    work = Work()
    await run(store, work, MONDAY, NIGHT, NIGHT - HOUR, NIGHT, NIGHT + MINUTE)
    assert work.ran == [NIGHT]


async def test_it_says_when_it_is_due_next(store: AnyStore) -> None:
    assert await timed(store, Work()).next_due(MONDAY) == NIGHT
    assert await timed(store, Work()).next_due(NIGHT) == NIGHT + DAY
