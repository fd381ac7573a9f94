"""A backup holds every row that it may hold, and is taken back whole or not at all."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.errors import NewDatabaseError
from bot.store import schema
from bot.store.backup import LEFT_OUT, backup, restore
from bot.store.backup_file import BackupError
from bot.store.tables import metadata
from bot.store.work import Store
from tests.attacker import Disk
from tests.factories import sender
from tests.said import refused
from tests.store.kept import FIRST, fill, make_first_tables, register, rows, step_after


@dataclass(frozen=True)
class Place:
    """A database at the head of the migrations and an empty one, of the same kind."""

    url: str
    empty: str
    pg_bin: Path | None

    def backup(self, file: Path, *left_out: str, url: str = "", force: bool = False) -> str:
        return asyncio.run(backup(url or self.url, file, left_out, force=force, pg_bin=self.pg_bin))

    def restore(self, file: Path, url: str = "", *, force: bool = False) -> str:
        return asyncio.run(restore(url or self.empty, file, force=force, pg_bin=self.pg_bin))


@pytest.fixture
def place(database_url: str, empty_database_url: str, disk: Disk) -> Place:
    return Place(database_url, empty_database_url, disk.tools)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "met spatie's"
    folder.mkdir()
    return folder / "vraagbaak.backup"


def test_every_row_comes_back_as_it_was(place: Place, file: Path) -> None:
    fill(place.url)
    before = rows(place.url)
    assert all(before[name] for name in ("person", "rating", "faq_proposal", "faq_suggestion"))
    assert place.backup(file) == schema.head()
    assert rows(place.url) == before
    assert place.restore(file) == schema.head()
    assert rows(place.empty) == before


def test_a_restored_database_goes_on_where_the_other_stopped(place: Place, file: Path) -> None:
    fill(place.url)
    place.backup(file)
    place.restore(file)
    assert asyncio.run(schema.check(place.empty)) == []
    register(place.empty, "29:bob")
    assert len((rows(place.empty))["person"]) == len((rows(place.url))["person"]) + 1


def test_rows_that_are_left_out_do_not_come_back_and_all_others_do(
    place: Place, file: Path
) -> None:
    fill(place.url)
    before = rows(place.url)
    place.backup(file, "pending")
    assert rows(place.url) == before
    place.restore(file)
    assert before["pending"]
    assert rows(place.empty) == {**before, "pending": []}


async def test_what_is_asked_while_a_backup_is_made_is_answered(place: Place, file: Path) -> None:
    store = Store.open(place.url)
    made = asyncio.create_task(backup(place.url, file, (), pg_bin=place.pg_bin))
    asked = 0
    while not made.done() or not asked:
        async with store.begin() as work:
            await work.people.register(sender(f"29:{asked}"), "nl")
        asked += 1
    assert await made == schema.head()
    await store.close()


def test_only_the_owner_can_read_a_backup(place: Place, file: Path) -> None:
    place.backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_there_is_written_over_only_when_forced(place: Place, file: Path) -> None:
    file.write_text("iets anders", "utf-8")
    with refused(BackupError, "--force"):
        place.backup(file)
    assert file.read_text("utf-8") == "iets anders"
    place.backup(file, force=True)
    assert place.restore(file) == schema.head()


def test_a_folder_that_is_not_there_is_named(place: Place, file: Path) -> None:
    with refused(BackupError, "there is no folder"):
        place.backup(file.parent / "nergens" / "b")


def test_an_empty_database_is_not_backed_up(place: Place, file: Path) -> None:
    assert asyncio.run(schema.current(place.empty)) is None
    with refused(BackupError, "nothing to back up"):
        place.backup(file, url=place.empty)
    assert not file.exists()


def test_a_database_of_a_newer_program_is_not_backed_up(place: Place, file: Path) -> None:
    (file.parent / "step.py").write_text(step_after(schema.head()))
    asyncio.run(schema.upgrade(place.url, file.parent))
    with refused(NewDatabaseError, "future"):
        place.backup(file)
    assert not file.exists()


def test_a_database_that_holds_something_is_lost_only_when_forced(place: Place, file: Path) -> None:
    fill(place.url)
    before = rows(place.url)
    place.backup(file)
    register(place.url, "29:bob")
    after = rows(place.url)
    with refused(BackupError, "--force"):
        place.restore(file, place.url)
    assert rows(place.url) == after != before
    place.restore(file, place.url, force=True)
    assert rows(place.url) == before


async def test_a_database_that_a_program_uses_is_not_replaced(place: Place, file: Path) -> None:
    await backup(place.url, file, (), pg_bin=place.pg_bin)
    store = Store.open(place.url)
    async with store.begin() as work:
        await work.people.units()
    with refused(BackupError, "stop the program first"):
        await restore(place.url, file, force=True, pg_bin=place.pg_bin)
    await store.close()
    assert await restore(place.url, file, force=True, pg_bin=place.pg_bin) == schema.head()


def test_a_backup_of_an_older_program_comes_back_and_can_be_upgraded(
    place: Place, file: Path
) -> None:
    make_first_tables(place.empty)
    assert place.backup(file, url=place.empty) == FIRST
    assert place.restore(file, force=True) == FIRST
    asyncio.run(schema.upgrade(place.empty))
    assert asyncio.run(schema.check(place.empty)) == []


@pytest.mark.parametrize("content", [b"", b"geen database", b"SQLite format", b"PGD"])
def test_what_is_not_a_backup_is_not_restored(place: Place, file: Path, content: bytes) -> None:
    fill(place.url)
    before = rows(place.url)
    file.write_bytes(content)
    with refused(BackupError, "is not a backup of a"):
        place.restore(file, place.url, force=True)
    assert rows(place.url) == before


def test_a_backup_that_is_not_there_is_not_restored(place: Place, file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        place.restore(file)


def test_half_a_backup_is_not_restored(place: Place, file: Path) -> None:
    fill(place.url)
    place.backup(file)
    before = rows(place.url)
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])
    with pytest.raises(BackupError):
        place.restore(file, place.url, force=True)
    assert rows(place.url) == before


def test_a_table_that_others_refer_to_cannot_be_left_out_alone(place: Place, file: Path) -> None:
    with pytest.raises(ValueError, match=r"stays in the backup, and refers to faq_entry\.id"):
        place.backup(file, "faq_entry")
    with pytest.raises(ValueError, match="there is no table pendng"):
        place.backup(file, "pendng")
    assert not file.exists()


def test_what_every_backup_leaves_out_are_tables_of_today() -> None:
    assert set(LEFT_OUT) <= set(metadata.tables)
