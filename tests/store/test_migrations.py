"""The migrations lead from nothing, and from any database with rows, to today's tables."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.core.errors import NewDatabaseError, OldDatabaseError
from bot.core.reply import Channel
from bot.people.service import plan_import
from bot.store import schema
from bot.store.tables import metadata
from bot.store.work import Store
from tests.factories import listed_coach, organisation, sender

# Rebuilds a table that others refer to: on SQLite it is dropped and made again.
FUTURE = """
import sqlalchemy as sa
from alembic import op

revision = "future"
down_revision = "0001"


def upgrade():
    with op.batch_alter_table("person", recreate="auto") as person:
        person.add_column(sa.Column("nickname", sa.String(), nullable=False, server_default="-"))
        person.alter_column("language", existing_type=sa.String(), type_=sa.Text())
"""

BROKEN = """
from alembic import op

revision = "broken"
down_revision = "0001"


def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""

ORPHANS = """
from alembic import op

revision = "orphans"
down_revision = "0001"


def upgrade():
    op.execute("DELETE FROM person")
"""


def folder_with(path: Path, step: str) -> Path:
    (path / "step.py").write_text(step)
    return path


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "100% steps"
    folder.mkdir()
    return folder


async def fill(url: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        await work.people.apply(await plan_import(work, organisation(listed_coach())))
        await work.people.register(sender("29:ann"), "nl")
    await store.close()


def nicknames(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT nickname FROM person")).scalars())


def meant_to_be_collated(connection: Connection) -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if getattr(column.type.dialect_impl(connection.dialect), "collation", None) == "C"
    }


def collated(connection: Connection) -> set[tuple[str, str]]:
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE collation_name = 'C' AND table_schema = 'public'"
        )
    )
    return {(table, column) for table, column in found}


async def mark(url: str, revision: str) -> None:
    async def write(store: Store) -> None:
        async with store.begin() as work:
            step = text("UPDATE alembic_version SET version_num = :revision")
            await work.people._db.run(step, {"revision": revision})

    store = Store.open(url)
    await write(store)
    await store.close()


async def test_from_nothing_to_head_gives_the_tables(empty_database_url: str) -> None:
    assert await schema.current(empty_database_url) is None
    await schema.upgrade(empty_database_url)
    assert await schema.current(empty_database_url) == schema.head()
    assert await schema.check(empty_database_url) == []


async def test_postgresql_sorts_by_code_point_as_sqlite_does(postgres_url: str) -> None:
    # `differences` does not look at collations, and the tests' own server happens to sort so.
    store = Store.open(postgres_url)
    sorted_so = await store.look(meant_to_be_collated)
    assert await store.look(collated) == sorted_so
    await store.close()
    assert ("faq_entry", "id") in sorted_so
    assert ("person", "findable") in sorted_so


async def test_an_empty_database_differs_from_the_tables(empty_database_url: str) -> None:
    assert await schema.differences(empty_database_url) != []


async def test_an_open_store_can_be_checked(sql_store: Store) -> None:
    await schema.require_current(sql_store)
    assert await schema.check(sql_store) == []


async def test_upgrading_twice_keeps_all_rows(database_url: str) -> None:
    await fill(database_url)
    await schema.upgrade(database_url)
    store = Store.open(database_url)
    async with store.reading() as work:
        assert len(await work.people.find("", 10)) == 2
    await store.close()


async def test_a_step_that_rebuilds_a_table_keeps_what_refers_to_it(
    database_url: str, steps: Path
) -> None:
    await fill(database_url)
    await schema.upgrade(database_url, folder_with(steps, FUTURE))
    assert await schema.current(database_url) == "future"
    store = Store.open(database_url)
    assert await store.look(nicknames) == ["-", "-"]
    async with store.begin() as work:
        [coach] = await work.people.coaches()
        ann = await work.people.by_address(Channel.TEAMS, "29:ann")
    await store.close()
    assert coach.profile == listed_coach().coach
    assert len(coach.person.teams) == 1
    assert ann is not None


async def test_a_step_that_fails_changes_nothing(database_url: str, steps: Path) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await schema.upgrade(database_url, folder_with(steps, BROKEN))
    assert await schema.check(database_url) == []


async def test_a_step_that_leaves_orphans_changes_nothing(database_url: str, steps: Path) -> None:
    await fill(database_url)
    with pytest.raises(Exception, match=r"membership|channel_address"):
        await schema.upgrade(database_url, folder_with(steps, ORPHANS))
    store = Store.open(database_url)
    async with store.reading() as work:
        assert len(await work.people.find("", 10)) == 2
    await store.close()


async def test_an_empty_database_is_too_old(empty_database_url: str) -> None:
    with pytest.raises(OldDatabaseError):
        await schema.require_current(empty_database_url)


async def test_a_database_of_a_newer_program_is_refused(database_url: str, steps: Path) -> None:
    await schema.upgrade(database_url, folder_with(steps, FUTURE))
    for refused in (schema.require_current, schema.upgrade, schema.check):
        with pytest.raises(NewDatabaseError, match="future"):
            await refused(database_url)


async def test_an_unknown_revision_is_a_newer_program(database_url: str) -> None:
    await mark(database_url, "ffff")
    with pytest.raises(NewDatabaseError, match="ffff"):
        await schema.require_current(database_url)


async def test_several_upgrades_at_once_do_it_once(empty_database_url: str) -> None:
    await asyncio.gather(*(schema.upgrade(empty_database_url) for _ in range(3)))
    assert await schema.check(empty_database_url) == []


def test_a_caller_without_an_event_loop_can_upgrade(empty_database_url: str) -> None:
    asyncio.run(schema.upgrade(empty_database_url))
    assert asyncio.run(schema.check(empty_database_url)) == []
