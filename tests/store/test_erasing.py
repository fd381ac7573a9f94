"""Erasing waits for nobody for long, says when it could not, and disturbs nobody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from bot.store import schema
from bot.store.erasing import PATIENCE, NotErasedError
from bot.store.sqlite import Line
from bot.store.work import Store
from tests.ballots import SEAL, Booth
from tests.conftest import Postgres
from tests.factories import sender
from tests.said import refused


async def erased(store: Store) -> None:
    """Erase, and try again while others are in the way, as the clock of polls does."""
    while True:
        with suppress(NotErasedError):
            return await store.erase()


@pytest.fixture
async def booth(database_url: str) -> AsyncIterator[Booth[Store]]:
    store = Store.open(database_url, SEAL)
    yield Booth(store)
    await store.close()


async def test_it_can_be_done_again_and_when_there_is_nothing(booth: Booth[Store]) -> None:
    await booth.store.erase()
    for person in await booth.open(*[""] * 5):
        await booth.vote(person, {0: "4"})
    await booth.close()
    await booth.store.erase()
    assert len(await booth.answers()) == 5


async def test_who_reads_for_long_keeps_it_from_its_work_and_it_says_so(
    booth: Booth[Store], database_url: str
) -> None:
    (ann,) = await booth.open("")
    await booth.vote(ann, {0: "4"})
    report = Store.open(database_url)
    async with report._reader.connect() as reading:
        await reading.execute(text("SELECT count(*) FROM poll_ballot"))
        await booth.count()
        with refused(NotErasedError, "It is tried again by itself"):
            await booth.store.erase()
    await booth.store.erase()
    await report.close()
    async with booth.store.begin() as work:  # and nobody waits less for a lock than before
        await work.ballots.prepare(booth.round)


async def test_who_votes_in_another_round_meanwhile_notices_nothing(
    booth: Booth[Store], database_url: str
) -> None:
    another_process = Store.open(database_url, SEAL)
    going_on = [Booth(booth.store), Booth(another_process)]
    for one in going_on:
        await one.open(*[""] * 8)
    ended = asyncio.Event()

    async def vote_on(one: Booth[Store]) -> int:
        votes = 0
        while not ended.is_set() or votes < 8:
            person = [*one.invited][votes % 8]
            await one.vote(person, {votes % 3: str(votes)})
            votes += 1
            await asyncio.sleep(0)
        return votes

    async def close_rounds() -> None:
        for _ in range(4):
            closing = Booth(booth.store)
            for person in await closing.open(*[""] * 6):
                await closing.vote(person, {0: "5"})
            await closing.count()
            await erased(booth.store)
        ended.set()

    voters = [asyncio.create_task(vote_on(one)) for one in going_on]
    await close_rounds()
    assert min(await asyncio.gather(*voters)) >= 8
    for one in going_on:
        async with one.store.reading() as work:
            found = {person: await work.ballots.vote(one.round, person) for person in one.invited}
        assert found == one.votes
    await another_process.close()


async def test_two_that_erase_at_once_do_not_break_each_other(
    booth: Booth[Store], database_url: str
) -> None:
    other = Store.open(database_url, SEAL)
    for person in await booth.open(*[""] * 6):
        await booth.vote(person, {0: "5"})
    await booth.count()
    ended = await asyncio.gather(booth.store.erase(), other.erase(), return_exceptions=True)
    assert None in ended
    assert all(one is None or isinstance(one, NotErasedError) for one in ended)
    assert len(await booth.answers()) == 6
    await other.close()


async def test_rounds_that_go_on_keep_their_votes_when_another_is_erased(
    booth: Booth[Store],
) -> None:
    (ann,) = await booth.open("")
    await booth.vote(ann, {0: "3"})
    other = Booth(booth.store, round=booth.round)
    for person in await other.open(*[""] * 5):
        await other.vote(person, {0: "4"})
    await other.close()
    async with booth.store.reading() as work:
        assert await work.ballots.vote(booth.round, ann) == {0: "3"}
    await booth.vote(ann, {1: "2"})
    assert len(await other.answers()) == 5


async def test_who_writes_for_long_keeps_a_file_from_being_rebuilt(sqlite_url: str) -> None:
    store, other = Store.open(sqlite_url, SEAL), Store.open(sqlite_url)
    async with other.begin() as work:
        await work.people.register(sender(), "nl")
        with pytest.raises(NotErasedError):
            await store.erase()
    await store.erase()
    await other.close()
    await store.close()


async def test_a_file_is_rebuilt_beside_a_copy_in_a_file_and_not_in_memory(sqlite_url: str) -> None:
    store, told = Store.open(sqlite_url, SEAL), list[str]()
    line = store._writer
    assert isinstance(line, Line)
    await line.alone(lambda raw: raw.set_trace_callback(told.append), PATIENCE)
    for _ in range(2):
        await store.erase()
    kept = list[tuple[int]]()
    await line.alone(lambda raw: kept.extend(raw.execute("PRAGMA temp_store")), PATIENCE)
    await store.close()
    place = [one for one in told if one.startswith(("PRAGMA temp_store=", "VACUUM"))]
    assert place == ["PRAGMA temp_store=FILE", "VACUUM", "PRAGMA temp_store=2"] * 2
    assert kept == [(2,)]  # in memory


async def test_a_file_that_cannot_be_written_is_no_matter_of_waiting(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, SEAL)
    async with store.begin() as work:
        await work.people.register(sender(), "nl")
    line = store._writer
    assert isinstance(line, Line)
    line._raw.execute("PRAGMA query_only=ON").fetchall()
    with pytest.raises(sqlite3.OperationalError):
        await store.erase()
    await store.close()


async def test_on_postgresql_it_takes_no_more_rights_than_those_of_an_owner(
    postgres: Postgres,
) -> None:
    postgres.server.psql("CREATE ROLE bot LOGIN;")
    postgres.server.psql("CREATE DATABASE plain OWNER bot;")
    url = make_url(postgres.url("plain")).set(username="bot").render_as_string(hide_password=False)
    await schema.upgrade(url)
    booth = Booth(Store.open(url, SEAL))
    for person in await booth.open(*[""] * 5):
        await booth.vote(person, {0: "4"})
    await booth.close()
    assert len(await booth.answers()) == 5
    await booth.store.close()
    postgres.drop("plain")
    postgres.server.psql("DROP ROLE bot;")


async def test_a_table_that_is_gone_is_no_matter_of_waiting(postgres_url: str) -> None:
    store = Store.open(postgres_url, SEAL)
    async with store.begin() as work:
        await work.ballots._db.run(text("ALTER TABLE outbox RENAME TO elsewhere"))
    with pytest.raises(ProgrammingError):
        await store.erase()
    await store.close()
