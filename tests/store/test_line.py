"""Writing units on SQLite stand in line and share commits: each is stored whole, or told it is not.

Whatever fails or is cancelled, nobody waits for ever, and nobody is told that something is stored
that is not.
"""

import asyncio
import math
import resource
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from bot.core.errors import ConflictError
from bot.core.ids import PersonId
from bot.core.turn import Handled, Pending
from bot.store.sqlite import MOST, Line, NotStoredError
from bot.store.work import Store, Work
from tests.factories import NOW, sender

ANN, NOBODY = PersonId(1), PersonId(99)
PATIENCE = 10
"""Seconds after which somebody hangs."""


@pytest.fixture
async def lined(sqlite_url: str) -> AsyncIterator[Store]:
    store = Store.open(sqlite_url)
    async with store.begin() as work:
        assert (await work.people.register(sender(), "nl")).id == ANN
    yield store
    async with asyncio.timeout(PATIENCE):
        await store.close()


async def add(work: Work, name: str, person: PersonId = ANN) -> None:
    assert await work.inbox.add(Handled("teams", name, person, NOW))


async def handle(store: Store, name: str) -> None:
    async with store.begin() as work:
        await add(work, name)


def stored(url: str) -> list[str]:
    """Return what somebody else sees now."""
    with closing(elsewhere(url)) as other:
        found = other.execute("SELECT message_id FROM handled_message ORDER BY message_id")
        return [name for (name,) in found]


def elsewhere(url: str) -> sqlite3.Connection:
    return sqlite3.connect(str(make_url(url).database), isolation_level=None)


def log_of(url: str) -> Path:
    return Path(f"{make_url(url).database}-wal")


def is_there(path: Path) -> bool:
    return path.exists()


def line_of(store: Store) -> Line:
    assert isinstance(store._writer, Line)
    return store._writer


@contextmanager
def traced(store: Store) -> Iterator[list[tuple[str, int]]]:
    """Give what SQLite is told meanwhile, and in which thread."""
    told: list[tuple[str, int]] = []
    raw = line_of(store)._raw
    raw.set_trace_callback(lambda statement: told.append((statement, threading.get_ident())))
    yield told
    raw.set_trace_callback(None)


def commits(told: list[tuple[str, int]]) -> int:
    return [statement for statement, _ in told].count("COMMIT")


@contextmanager
def a_log_that_cannot_grow(url: str) -> Iterator[None]:
    """Let the system refuse what would make a file longer than the log is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log_of(url).stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Open:
    """A unit that stays open until it is let go; `fail` is what it ends with."""

    def __init__(self, store: Store, name: str, fail: Exception | None = None) -> None:
        self.inside, self.may_end = asyncio.Event(), asyncio.Event()
        self.store, self.name, self.fail = store, name, fail
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self.store.begin() as work:
            await add(work, self.name)
            self.inside.set()
            await self.may_end.wait()
            if self.fail:
                raise self.fail


async def in_line(*units: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    """Start units that come while another is open."""
    tasks = [asyncio.create_task(unit) for unit in units]
    await asyncio.sleep(0)
    return tasks


async def all_of(*tasks: asyncio.Task[None]) -> list[BaseException | None]:
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*tasks, return_exceptions=True)


async def test_units_that_come_while_another_is_open_share_its_commit(
    lined: Store, sqlite_url: str
) -> None:
    with traced(lined) as told:
        first = Open(lined, "a")
        await first.inside.wait()
        others = await in_line(*(handle(lined, name) for name in "bcdef"))
        first.may_end.set()
        assert await all_of(first.task, *others) == [None] * 6
    assert commits(told) == 1
    assert stored(sqlite_url) == [*"abcdef"]


async def test_only_who_comes_to_others_needs_a_savepoint(lined: Store, sqlite_url: str) -> None:
    with traced(lined) as told:
        first = Open(lined, "a", ZeroDivisionError())
        await first.inside.wait()
        others = await in_line(*(handle(lined, name) for name in "bcd"))
        first.may_end.set()
        await all_of(first.task, *others)
    # Who failed was undone with its transaction; who came next began another.
    kinds = ("BEGIN", "ROLLBACK", "SAVEPOINT", "COMMIT")
    assert [one for one, _ in told if one.startswith(kinds)] == [
        *("BEGIN IMMEDIATE", "ROLLBACK"),
        *("BEGIN IMMEDIATE", "SAVEPOINT unit", "SAVEPOINT unit", "COMMIT"),
    ]
    assert stored(sqlite_url) == [*"bcd"]


async def test_a_unit_that_is_alone_is_committed_at_its_end(lined: Store) -> None:
    with traced(lined) as told:
        for number, name in enumerate("abc"):
            await handle(lined, name)
            assert commits(told) == number + 1


async def test_so_many_share_a_commit_and_no_more(lined: Store, sqlite_url: str) -> None:
    with traced(lined) as told:
        await all_of(*await in_line(*(handle(lined, f"m{number}") for number in range(100))))
    assert commits(told) == math.ceil(100 / MOST)
    assert len(stored(sqlite_url)) == 100


async def test_a_unit_ends_when_what_it_stored_is_seen_by_others(
    lined: Store, sqlite_url: str
) -> None:
    async def unit(name: str) -> None:
        await handle(lined, name)
        assert name in stored(sqlite_url)

    assert await all_of(*await in_line(*map(unit, "abcdefghij"))) == [None] * 10


async def test_a_unit_does_not_end_before_the_commit_that_it_shares(
    lined: Store, sqlite_url: str
) -> None:
    first, second = Open(lined, "a"), Open(lined, "b")
    await first.inside.wait()
    first.may_end.set()
    await second.inside.wait()
    done, _ = await asyncio.wait([first.task], timeout=0.1)
    assert not done
    assert stored(sqlite_url) == []
    second.may_end.set()
    assert await all_of(first.task, second.task) == [None, None]
    assert stored(sqlite_url) == ["a", "b"]


async def test_only_waiting_for_the_disk_leaves_the_loop(lined: Store) -> None:
    with traced(lined) as told:
        await handle(lined, "a")
    here = threading.get_ident()
    away = [statement for statement, thread in told if thread != here]
    assert away == ["COMMIT"]
    assert any("INSERT" in statement for statement, thread in told if thread == here)


async def test_the_loop_goes_on_while_another_process_writes(lined: Store, sqlite_url: str) -> None:
    with closing(elsewhere(sqlite_url)) as other:
        other.execute("BEGIN IMMEDIATE")
        (unit,) = await in_line(handle(lined, "a"))
        ticks = 0
        for _ in range(30):
            await asyncio.sleep(0.01)
            ticks += 1
        assert not unit.done()
        other.execute("ROLLBACK")
    assert ticks == 30
    assert await all_of(unit) == [None]


async def test_the_loop_begins_itself_again_once_another_process_is_done(
    lined: Store, sqlite_url: str
) -> None:
    with closing(elsewhere(sqlite_url)) as other:
        other.execute("BEGIN IMMEDIATE")
        (unit,) = await in_line(handle(lined, "a"))
        await asyncio.sleep(0.05)
        other.execute("ROLLBACK")
    assert await all_of(unit) == [None]
    with traced(lined) as told:
        await handle(lined, "b")
    assert ("BEGIN IMMEDIATE", threading.get_ident()) in told


async def test_a_unit_that_fails_undoes_only_itself(lined: Store, sqlite_url: str) -> None:
    async def break_a_rule() -> None:
        async with lined.begin() as work:
            await add(work, "broken")
            await add(work, "of nobody", NOBODY)

    async def conflict() -> None:
        async with lined.begin() as work:
            await add(work, "conflict")
            await work.people.register(sender(), "nl")

    async def session() -> None:
        async with lined.begin() as work:
            await work.pending.put(Pending(ANN, "teams", "first", "vraag", NOW))
            await work.people.settle(ANN, None, None)
            raise ZeroDivisionError

    with traced(lined) as told:
        first = Open(lined, "a", ZeroDivisionError())
        await first.inside.wait()
        others = await in_line(
            handle(lined, "b"),
            break_a_rule(),
            handle(lined, "c"),
            conflict(),
            session(),
            handle(lined, "d"),
        )
        first.may_end.set()
        ended = await all_of(first.task, *others)
    assert [type(one) for one in ended] == [
        ZeroDivisionError,
        type(None),
        sqlite3.IntegrityError,
        type(None),
        ConflictError,
        ZeroDivisionError,
        type(None),
    ]
    assert commits(told) == 1
    assert stored(sqlite_url) == ["b", "c", "d"]
    async with lined.reading() as work:
        assert await work.pending.find(ANN, "teams", "first") is None
        ann = await work.people.by_id(ANN)
        assert ann is not None
        assert not ann.settled


async def test_the_last_in_line_that_fails_leaves_the_others_stored(
    lined: Store, sqlite_url: str
) -> None:
    first, last = Open(lined, "a"), Open(lined, "b", ZeroDivisionError())
    first.may_end.set()
    last.may_end.set()
    ended = await all_of(first.task, last.task)
    assert [type(one) for one in ended] == [type(None), ZeroDivisionError]
    assert stored(sqlite_url) == ["a"]


async def test_a_unit_that_is_cancelled_leaves_the_others_stored(
    lined: Store, sqlite_url: str
) -> None:
    first, middle = Open(lined, "a"), Open(lined, "b")
    first.may_end.set()
    await middle.inside.wait()
    (last,) = await in_line(handle(lined, "c"))
    middle.task.cancel()
    ended = await all_of(first.task, middle.task, last)
    assert [type(one) for one in ended] == [type(None), asyncio.CancelledError, type(None)]
    assert stored(sqlite_url) == ["a", "c"]


@pytest.mark.parametrize("steps", range(12))
async def test_whenever_those_in_line_are_cancelled_the_first_is_stored(
    lined: Store, sqlite_url: str, steps: int
) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(handle(lined, "b"), handle(lined, "c"))
    first.may_end.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    for one in others:
        one.cancel()
    ended = await all_of(first.task, *others)
    assert ended[0] is None
    seen = stored(sqlite_url)
    assert "a" in seen
    for name, error in zip("bc", ended[1:], strict=True):
        # Who was cancelled while their commit was on its way may be stored all the same.
        assert name in seen or isinstance(error, asyncio.CancelledError)
    async with asyncio.timeout(PATIENCE):
        await handle(lined, "next")
    assert stored(sqlite_url) == [*seen, "next"]


async def test_who_is_cancelled_in_line_stores_nothing(lined: Store, sqlite_url: str) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    waiting, last = await in_line(handle(lined, "b"), handle(lined, "c"))
    waiting.cancel()
    first.may_end.set()
    ended = await all_of(first.task, waiting, last)
    assert [type(one) for one in ended] == [type(None), asyncio.CancelledError, type(None)]
    assert stored(sqlite_url) == ["a", "c"]


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_unit_cancelled_while_another_process_writes_leaves_the_line_in_order(
    lined: Store, sqlite_url: str, times: int
) -> None:
    with closing(elsewhere(sqlite_url)) as other:
        other.execute("BEGIN IMMEDIATE")
        first, second = await in_line(handle(lined, "a"), handle(lined, "b"))
        for _ in range(times):
            await asyncio.sleep(0.02)
            first.cancel()
        await asyncio.sleep(0.02)
        other.execute("ROLLBACK")
    ended = await all_of(first, second)
    assert [type(one) for one in ended] == [asyncio.CancelledError, type(None)]
    assert stored(sqlite_url) == ["b"]
    with closing(elsewhere(sqlite_url)) as other:
        # Nobody holds the lock: another process may write at once.
        other.execute("PRAGMA busy_timeout=0")
        other.execute("BEGIN IMMEDIATE")


async def test_a_commit_that_fails_fails_all_of_its_units(lined: Store, sqlite_url: str) -> None:
    async def owe() -> None:
        async with lined.begin() as work:
            await work.people._db.run(text("PRAGMA defer_foreign_keys=ON"))
            await add(work, "b", NOBODY)

    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(owe(), handle(lined, "c"))
    first.may_end.set()
    ended = await all_of(first.task, *others)
    assert [type(one) for one in ended] == [NotStoredError, NotStoredError, sqlite3.IntegrityError]
    assert stored(sqlite_url) == []
    async with asyncio.timeout(PATIENCE):
        await handle(lined, "next")
    assert stored(sqlite_url) == ["next"]


async def test_a_statement_that_finds_the_disk_full_fails_who_shared_its_transaction(
    lined: Store, sqlite_url: str
) -> None:
    # SQLite undoes the whole transaction then, also what ended before.
    raw = line_of(lined)._raw
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count={pages}").fetchall()
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(handle(lined, "b" * 100_000), handle(lined, "c"))
    first.may_end.set()
    ended = await all_of(first.task, *others)
    assert [type(one) for one in ended] == [NotStoredError, sqlite3.OperationalError, type(None)]
    assert "full" in str(ended[1])
    assert stored(sqlite_url) == ["c"]
    raw.execute(f"PRAGMA max_page_count={pages * 100}").fetchall()
    async with asyncio.timeout(PATIENCE):
        await handle(lined, "next")
    assert stored(sqlite_url) == ["c", "next"]


async def test_a_unit_that_overlooks_a_full_disk_is_told(lined: Store, sqlite_url: str) -> None:
    raw = line_of(lined)._raw
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count={pages}").fetchall()

    async def overlook() -> None:
        async with lined.begin() as work:
            await add(work, "a")
            with suppress(sqlite3.OperationalError):
                await add(work, "b" * 100_000)

    with pytest.raises(NotStoredError):
        await overlook()
    async with asyncio.timeout(PATIENCE):
        await handle(lined, "next")
    assert stored(sqlite_url) == ["next"]


async def test_a_commit_that_finds_the_disk_full_fails_all_of_its_units(
    lined: Store, sqlite_url: str
) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(handle(lined, "b"), handle(lined, "c"))
    with a_log_that_cannot_grow(sqlite_url):
        first.may_end.set()
        ended = await all_of(first.task, *others)
    assert [type(one) for one in ended] == [NotStoredError] * 2 + [sqlite3.OperationalError]
    assert stored(sqlite_url) == []
    async with asyncio.timeout(PATIENCE):
        await handle(lined, "next")
    assert stored(sqlite_url) == ["next"]


@pytest.fixture
def spoilt_url(sqlite_url: str, tmp_path: Path) -> str:
    """What is no database yet; `mended` makes it one."""
    file = Path(str(make_url(sqlite_url).database))
    shutil.copy(file, tmp_path / "aside.db")
    file.write_bytes(b"no database at all" * 100)
    return sqlite_url


def mended(url: str, folder: Path) -> None:
    shutil.copy(folder / "aside.db", str(make_url(url).database))


async def test_a_database_that_could_not_be_opened_is_opened_right_later(
    spoilt_url: str, tmp_path: Path
) -> None:
    store = Store.open(spoilt_url)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        await handle(store, "a")
    mended(spoilt_url, tmp_path)
    # All of its settings hold, such as that what is referred to must be there.
    with pytest.raises(sqlite3.IntegrityError):
        await handle(store, "of nobody")
    await store.close()


async def test_a_store_can_be_closed_twice_and_without_any_use(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    async with asyncio.timeout(PATIENCE):
        await store.close()
        async with store.begin() as work:
            await work.people.register(sender(), "nl")
        await store.close()
        await store.close()
    assert not is_there(log_of(sqlite_url))


async def test_closing_waits_for_who_is_in_line(lined: Store, sqlite_url: str) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(handle(lined, "b"))
    closes = asyncio.create_task(lined.close())
    await asyncio.sleep(0)
    first.may_end.set()
    assert await all_of(first.task, *others, closes) == [None] * 3
    assert stored(sqlite_url) == ["a", "b"]


@pytest.mark.parametrize("steps", range(4))
async def test_closing_forgets_nobody_whose_commit_is_due(
    lined: Store, sqlite_url: str, steps: int
) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(handle(lined, "b"))
    first.may_end.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    others[0].cancel()
    closes = asyncio.create_task(lined.close())
    ended = await all_of(first.task, closes, *others)
    assert ended[:2] == [None, None]
    assert "a" in stored(sqlite_url)


async def test_what_is_done_alone_comes_in_turn_outside_of_any_transaction(
    lined: Store, sqlite_url: str
) -> None:
    first, seen = Open(lined, "a"), list[tuple[list[str], bool]]()
    await first.inside.wait()

    def look(raw: sqlite3.Connection) -> None:
        seen.append((stored(sqlite_url), raw.in_transaction))

    others = await in_line(
        handle(lined, "b"), line_of(lined).alone(look, patience=0), handle(lined, "c")
    )
    first.may_end.set()
    assert await all_of(first.task, *others) == [None] * 4
    assert seen == [(["a", "b"], False)]
    assert stored(sqlite_url) == ["a", "b", "c"]


@pytest.mark.parametrize("steps", range(4))
async def test_who_wanted_to_be_alone_and_is_cancelled_holds_up_nobody(
    lined: Store, sqlite_url: str, steps: int
) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    alone, other = await in_line(
        line_of(lined).alone(lambda raw: raw.execute("VACUUM"), patience=0), handle(lined, "b")
    )
    first.may_end.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    alone.cancel()
    assert await all_of(first.task, other) == [None] * 2
    assert stored(sqlite_url) == ["a", "b"]


async def test_what_fails_alone_fails_for_nobody_else(lined: Store, sqlite_url: str) -> None:
    first = Open(lined, "a")
    await first.inside.wait()
    others = await in_line(
        line_of(lined).alone(lambda raw: raw.execute("nonsense"), patience=0), handle(lined, "b")
    )
    first.may_end.set()
    failed, *fine = await all_of(*others, first.task)
    assert isinstance(failed, sqlite3.OperationalError)
    assert fine == [None] * 2
    assert stored(sqlite_url) == ["a", "b"]
