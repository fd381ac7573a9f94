"""A SQLite backup is one file without a trace of what it leaves out, whoever writes meanwhile."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.core.ids import PersonId
from bot.core.turn import Pending
from bot.store import schema
from bot.store.backup import backup, restore
from bot.store.backup_file import BackupError
from bot.store.work import Store
from tests.factories import NOW
from tests.said import refused
from tests.store.kept import ODD, fill, rows

MARKER = "zeer-geheim-en-nergens-anders"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "100% kept.db"


def execute(file: Path, *statements: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as opened, opened:
        return [row for statement in statements for row in opened.execute(statement)]


async def waits(url: str, number: int, person: PersonId, text: str) -> None:
    """Store a pair of rows, in one unit of work."""
    store = Store.open(url)
    async with store.begin() as work:
        for half in ("left", "right"):
            kind = f"{half} {number}"
            await work.pending.put(Pending(person, "teams", kind, text, NOW, version=number))
    await store.close()


def test_no_byte_of_what_is_left_out_stands_in_the_file(sqlite_url: str, file: Path) -> None:
    fill(sqlite_url, MARKER * 1000)
    asyncio.run(backup(sqlite_url, file, ()))
    assert MARKER.encode() in file.read_bytes()
    asyncio.run(backup(sqlite_url, file, ("pending",), force=True))
    assert MARKER.encode() not in file.read_bytes()
    assert ODD.splitlines()[-1].encode() in file.read_bytes()


def test_no_byte_of_what_was_forgotten_before_stands_in_the_file(
    sqlite_url: str, file: Path
) -> None:
    person = fill(sqlite_url)
    for number in range(20):
        asyncio.run(waits(sqlite_url, number, person, MARKER * 100))
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    execute(database, "PRAGMA secure_delete=OFF", "DELETE FROM pending")
    assert MARKER.encode() in database.read_bytes()
    asyncio.run(backup(sqlite_url, file, ()))
    assert MARKER.encode() not in file.read_bytes()


def test_a_backup_is_one_file_that_needs_no_journal(sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url)
    folder = tmp_path / "kept"
    folder.mkdir()
    asyncio.run(backup(sqlite_url, folder / "b.db", ()))
    asyncio.run(restore(f"sqlite:///{tmp_path / 'new.db'}", folder / "b.db"))
    assert [one.name for one in folder.iterdir()] == ["b.db"]
    assert execute(folder / "b.db", "PRAGMA journal_mode") == [("delete",)]


async def test_a_copy_made_during_writes_never_holds_half_a_pair(
    sqlite_url: str, tmp_path: Path
) -> None:
    person = await asyncio.to_thread(fill, sqlite_url)
    counts = [0]
    for number in range(8):
        copy = tmp_path / f"copy {number}"
        made = asyncio.create_task(backup(sqlite_url, copy, ()))
        pair = 0
        while not made.done() or pair < 5:
            await waits(sqlite_url, 1000 * number + pair, person, "x" * 20_000)
            pair += 1
        await made
        halves = "SELECT count(*), sum(kind LIKE 'left%') FROM pending WHERE kind LIKE '%t %'"
        [(both, left)] = execute(copy, halves)
        assert both == 2 * (left or 0)
        counts.append(both)
    assert counts == sorted(counts)
    assert counts[-1] >= 2 * 5 * 7


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, file: Path) -> None:
    with refused(BackupError, "there is no database"):
        asyncio.run(backup(f"sqlite:///{tmp_path / 'none.db'}", file, ()))
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_not_its_own_backup(sqlite_url: str) -> None:
    fill(sqlite_url)
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    before = rows(sqlite_url)
    with refused(BackupError, "is the database itself"):
        asyncio.run(backup(sqlite_url, database, (), force=True))
    with refused(BackupError, "is the database itself"):
        asyncio.run(restore(sqlite_url, database, force=True))
    assert rows(sqlite_url) == before


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_name_that_another_database_left_a_journal_of_is_refused(
    sqlite_url: str, file: Path, ending: str
) -> None:
    file.with_name(file.name + ending).write_bytes(b"of another database")
    with refused(BackupError, "choose another name"):
        asyncio.run(backup(sqlite_url, file, (), force=True))


def test_a_database_of_something_else_is_not_restored(empty_sqlite_url: str, file: Path) -> None:
    execute(file, "CREATE TABLE recipe (name TEXT)")
    with refused(BackupError, "is not a backup of Vraagbaak"):
        asyncio.run(restore(empty_sqlite_url, file))
    execute(file, "CREATE TABLE alembic_version (version_num TEXT)")
    with refused(BackupError, "is not a backup of Vraagbaak"):
        asyncio.run(restore(empty_sqlite_url, file))


@pytest.mark.parametrize("newer", ["ffff", "0", "head"])
def test_a_backup_of_a_newer_program_is_not_restored(
    sqlite_url: str, empty_sqlite_url: str, file: Path, newer: str
) -> None:
    asyncio.run(backup(sqlite_url, file, ()))
    execute(file, f"UPDATE alembic_version SET version_num = '{newer}'")  # noqa: S608 (a test's own)
    with refused(BackupError, f"migration {newer}, which this program does not know"):
        asyncio.run(restore(empty_sqlite_url, file))
    assert not Path(empty_sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_damaged_backup_is_not_restored(
    sqlite_url: str, empty_sqlite_url: str, file: Path
) -> None:
    fill(sqlite_url)
    asyncio.run(backup(sqlite_url, file, ()))
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 20] = b"\xff" * (4096 * 17)
    file.write_bytes(content)
    with refused(BackupError, "damaged"):
        asyncio.run(restore(empty_sqlite_url, file))


def test_in_the_place_of_a_damaged_database_a_backup_comes_when_it_is_moved_away(
    sqlite_url: str, file: Path
) -> None:
    asyncio.run(backup(sqlite_url, file, ()))
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    database.write_bytes(b"no database at all, but long enough to look at" * 1000)
    with refused(BackupError, "move it away first"):
        asyncio.run(restore(sqlite_url, file, force=True))
    with refused(BackupError, "is damaged"):
        asyncio.run(backup(sqlite_url, file, (), force=True))
    database.rename(database.with_name("damaged.db"))
    assert asyncio.run(restore(sqlite_url, file)) == schema.head()


def test_a_place_that_cannot_be_written_is_named(sqlite_url: str, file: Path) -> None:
    asyncio.run(backup(sqlite_url, file, ()))
    with refused(BackupError, "unable to open"):
        asyncio.run(restore(f"sqlite:///{file.parent / 'nowhere' / 'v.db'}", file))
