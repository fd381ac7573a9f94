"""Many writing units at once on one SQLite file: none fails as locked, and none is lost."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

from bot.core.errors import ConflictError
from bot.core.ids import PersonId
from bot.core.reply import Channel, Place
from bot.core.turn import Pending
from bot.outbox.model import Notice
from bot.store.work import Store
from tests.factories import NOW, reply, sender

UNITS = 100


async def start_counting(url: str) -> PersonId:
    store = Store.open(url)
    async with store.begin() as work:
        person = await work.people.register(sender(), "nl")
        await work.pending.put(Pending(person.id, "teams", "count", "", NOW, version=0))
    await store.close()
    return person.id


async def add_one(store: Store, person: PersonId) -> None:
    """Read and write back: of two that read the same number, one would be lost."""
    async with store.begin() as work:
        found = await work.pending.find(person, "teams", "count")
        assert found is not None
        await asyncio.sleep(0)
        later = found.expires + timedelta(seconds=1)
        await work.pending.put(
            Pending(person, "teams", "count", "", later, version=found.version + 1)
        )


async def add_many(url: str, person: PersonId, units: int) -> None:
    store = Store.open(url)
    try:
        await asyncio.gather(*(add_one(store, person) for _ in range(units)))
    finally:
        await store.close()


def add_many_in_a_process(url: str, person: PersonId, units: int) -> None:
    asyncio.run(add_many(url, person, units))


async def counted(url: str, person: PersonId) -> Pending | None:
    store = Store.open(url)
    async with store.reading() as work:
        found = await work.pending.find(person, "teams", "count")
    await store.close()
    return found


async def test_a_hundred_units_of_one_process_all_count(sqlite_url: str) -> None:
    person = await start_counting(sqlite_url)
    await add_many(sqlite_url, person, UNITS)
    found = await counted(sqlite_url, person)
    assert found is not None
    assert found.version == UNITS
    assert found.expires == NOW + timedelta(seconds=UNITS)


async def test_a_hundred_units_of_two_processes_all_count(sqlite_url: str) -> None:
    person = await start_counting(sqlite_url)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        await asyncio.gather(
            *(
                loop.run_in_executor(
                    processes, add_many_in_a_process, sqlite_url, person, UNITS // 2
                )
                for _ in range(2)
            )
        )
    found = await counted(sqlite_url, person)
    assert found is not None
    assert found.version == UNITS


async def test_two_who_wait_for_each_other_are_one_who_does_and_one_who_tries_again(
    postgres_url: str,
) -> None:
    store = Store.open(postgres_url)
    both = asyncio.Barrier(2)

    async def tell(first: str, then: str) -> None:
        async with store.begin() as work:
            for name in (first, then):
                place = Place(Channel.TEAMS, f"a:{name}", f"29:{name}")
                await work.outbox.add(Notice(f"{first}|{name}", reply(), NOW, place=place), NOW)
                if name == first:
                    await both.wait()

    tries = (tell("ann", "bob"), tell("bob", "ann"))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    await store.close()
    assert [type(one) for one in outcomes if one] == [ConflictError]


async def test_readers_do_not_wait_for_a_writer(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    async with store.begin() as work:
        await work.people.register(sender(), "nl")

        async def read() -> int:
            async with store.reading() as other:
                return len(await other.people.find("", 10))

        async with asyncio.timeout(10):
            assert await asyncio.gather(*(read() for _ in range(50))) == [0] * 50
    await store.close()


async def test_units_of_one_process_come_in_order_of_asking(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    served: list[int] = []

    async def serve(number: int) -> None:
        async with store.begin():
            served.append(number)

    await asyncio.gather(*(serve(number) for number in range(20)))
    await store.close()
    assert served == list(range(20))
