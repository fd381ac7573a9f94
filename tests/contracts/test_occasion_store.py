"""What every store promises about occasions."""

import asyncio
from datetime import datetime, timedelta

from bot.occasions.model import Occasion, State
from tests.factories import NOW
from tests.fakes import AnyStore

DAY = timedelta(days=1)


def occasion(days: int = 0) -> Occasion:
    due = NOW + days * DAY
    return Occasion(due.replace(tzinfo=None, second=0, microsecond=0), due)


async def start(store: AnyStore, at: datetime, thing: str = "poll") -> None:
    async with store.begin() as work:
        await work.occasions.start(thing, at)


async def last(store: AnyStore, thing: str = "poll") -> datetime | None:
    async with store.begin() as work:
        return await work.occasions.last(thing)


async def record(
    store: AnyStore, one: Occasion, state: State = State.DONE, thing: str = "poll"
) -> bool:
    async with store.begin() as work:
        return await work.occasions.record(thing, one, state, NOW)


async def test_a_thing_starts_once(store: AnyStore) -> None:
    assert await last(store) is None
    await start(store, NOW)
    await start(store, NOW + DAY)
    assert await last(store) == NOW


async def test_the_latest_occasion_is_known_whatever_became_of_it(store: AnyStore) -> None:
    await start(store, NOW - DAY)
    for days, state in ((2, State.SKIPPED), (1, State.DONE)):
        assert await record(store, occasion(days), state)
    assert await last(store) == NOW + 2 * DAY


async def test_an_occasion_is_recorded_once(store: AnyStore) -> None:
    assert await record(store, occasion(), State.SKIPPED)
    assert not await record(store, occasion(), State.DONE)
    assert await record(store, occasion(1))


async def test_things_do_not_know_each_other(store: AnyStore) -> None:
    assert await record(store, occasion())
    assert await last(store, "summary") is None
    assert await record(store, occasion(), thing="summary")


async def test_of_several_that_record_at_once_one_does(store: AnyStore) -> None:
    done = await asyncio.gather(*(record(store, occasion()) for _ in range(8)))
    assert sorted(done) == [False] * 7 + [True]


async def test_who_waits_for_one_that_is_undone_records_it(store: AnyStore) -> None:
    recorded = asyncio.Event()

    async def fail() -> None:
        async with store.begin() as work:
            assert await work.occasions.record("poll", occasion(), State.DONE, NOW)
            recorded.set()
            await asyncio.sleep(0.05)
            raise ZeroDivisionError

    async def wait() -> bool:
        await recorded.wait()
        return await record(store, occasion())

    failed, waited = await asyncio.gather(fail(), wait(), return_exceptions=True)
    assert isinstance(failed, ZeroDivisionError)
    assert waited is True
