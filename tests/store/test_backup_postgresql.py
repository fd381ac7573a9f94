"""PostgreSQL's own tools are told no secret, and what they refuse is said in a sentence."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.store import schema
from bot.store.backup import backup, restore
from bot.store.backup_file import BackupError
from bot.store.backup_postgresql import PostgresqlTools, connection_string
from bot.store.work import Store, database_url
from tests.said import refused, told
from tests.store.kept import fill, register, rows, step_after

MISMATCH = "pg_dump: error: aborting because of server version mismatch"
DETAIL = "pg_dump: detail: server version: 16.14; pg_dump version: 15.18"


@pytest.fixture
def pg_bin(postgres: Any) -> Path:
    return Path(postgres.server.bin_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept.pg"


def tool(folder: Path, name: str, script: str) -> Path:
    """Make a program that stands in for one of PostgreSQL's."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o700)
    return folder


def dump(pg_bin: Path, url: str, file: Path) -> None:
    where = connection_string(database_url(url))
    subprocess.run(  # noqa: S603 (the tests' own server)
        [pg_bin / "pg_dump", "--format=custom", f"--file={file}", f"--dbname={where}"], check=True
    )


async def execute(url: str, statement: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        connection = await work.people._session.connection()
        await connection.exec_driver_sql(statement)
    await store.close()


def test_what_is_left_out_cannot_be_read_in_the_file(
    postgres_url: str, pg_bin: Path, file: Path
) -> None:
    fill(postgres_url, "zeer geheim")
    seen = {}
    for left_out in ((), ("pending",)):
        asyncio.run(backup(postgres_url, file, left_out, force=True, pg_bin=pg_bin))
        script = subprocess.check_output([pg_bin / "pg_restore", "--file=-", file])  # noqa: S603
        seen[left_out] = b"zeer geheim" in script
    assert seen == {(): True, ("pending",): False}


def test_a_password_is_in_the_environment_and_nowhere_else(tmp_path: Path) -> None:
    folder = tool(tmp_path / "bin", "pg_dump", 'cd "${0%/*}"; echo "$@" >words; env >env')
    url = "postgresql://bot:s3cret%21@db.example:5433/vraagbaak?sslmode=require"
    PostgresqlTools(url, folder).dump(tmp_path / "part", ("pending",))
    words = (folder / "words").read_text()
    assert "s3cret" not in words
    assert "--no-password" in words
    assert "host='db.example' port='5433' user='bot' dbname='vraagbaak' sslmode='require'" in words
    assert "PGPASSWORD=s3cret!" in (folder / "env").read_text().splitlines()


def test_a_password_of_the_query_is_no_word_either(tmp_path: Path) -> None:
    folder = tool(tmp_path / "bin", "pg_dump", 'cd "${0%/*}"; echo "$@" >words; env >env')
    PostgresqlTools("postgresql://h/db?user=u&password=s3cret", folder).dump(tmp_path / "part", ())
    assert "s3cret" not in (folder / "words").read_text()
    assert "PGPASSWORD=s3cret" in (folder / "env").read_text().splitlines()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql:///db", "dbname='db'"),
        ("postgresql://u:p@/db?host=/run/pg", "user='u' dbname='db' host='/run/pg'"),
        ("postgresql://h/it%27s%5C", r"host='h' dbname='it\'s\\'"),
        ("postgresql://h/db?ssl=verify-full", "host='h' dbname='db' sslmode='verify-full'"),
        ("postgresql://u@/db?host=a&host=b", "user='u' dbname='db' host='a,b'"),
        ("postgresql://h/db?statement_cache_size=0", "host='h' dbname='db'"),
    ],
)
def test_a_url_becomes_what_the_tools_understand(url: str, wanted: str) -> None:
    told = connection_string(database_url(url)).split(" connect_timeout=")
    assert sorted(told[0].split(" ")) == sorted(wanted.split(" "))
    assert told[1] == "10"


def test_a_tool_that_is_missing_is_named_with_what_to_install(
    postgres_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refused(BackupError, r"no pg_dump in .*postgresql-client.*--pg-bin"):
        asyncio.run(backup(postgres_url, file, (), pg_bin=file.parent))
    monkeypatch.setenv("PATH", str(file.parent))
    with refused(BackupError, "no pg_dump in PATH"):
        asyncio.run(backup(postgres_url, file, ()))
    assert list(file.parent.iterdir()) == []


def test_the_tools_are_found_on_path(
    postgres_url: str, pg_bin: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{pg_bin}{os.pathsep}{os.environ['PATH']}")
    assert asyncio.run(backup(postgres_url, file, ())) == schema.head()


def test_a_tool_of_another_version_than_the_server_says_so(
    postgres_url: str, tmp_path: Path, file: Path
) -> None:
    script = f"echo '{MISMATCH}' >&2; echo '{DETAIL}' >&2; exit 1"
    with pytest.raises(BackupError) as wrong:
        asyncio.run(
            backup(postgres_url, file, (), pg_bin=tool(tmp_path / "bin", "pg_dump", script))
        )
    assert told(wrong.value).splitlines()[1:] == [MISMATCH, DETAIL]
    assert not file.exists()


def test_what_the_server_adds_to_a_refusal_is_not_shown(
    postgres_url: str, tmp_path: Path, file: Path
) -> None:
    script = "echo 'pg_dump: error: no' >&2; echo 'CONTEXT: COPY person: Ann' >&2; exit 1"
    with pytest.raises(BackupError) as wrong:
        asyncio.run(
            backup(postgres_url, file, (), pg_bin=tool(tmp_path / "bin", "pg_dump", script))
        )
    assert told(wrong.value).endswith("pg_dump: error: no")
    tool(tmp_path / "bin", "pg_dump", "echo 'it cannot start' >&2; exit 127")
    with refused(BackupError, "it cannot start"):
        asyncio.run(backup(postgres_url, file, (), pg_bin=tmp_path / "bin"))


def test_a_dump_of_something_else_is_not_restored(
    empty_postgres_url: str, pg_bin: Path, file: Path
) -> None:
    asyncio.run(execute(empty_postgres_url, "CREATE TABLE recipe (name TEXT)"))
    dump(pg_bin, empty_postgres_url, file)
    with refused(BackupError, "is not a backup of Vraagbaak"):
        asyncio.run(restore(empty_postgres_url, file, force=True, pg_bin=pg_bin))


def test_a_dump_of_a_newer_program_is_not_restored(
    postgres_url: str, empty_postgres_url: str, pg_bin: Path, file: Path
) -> None:
    asyncio.run(execute(postgres_url, "UPDATE alembic_version SET version_num = 'ffff'"))
    dump(pg_bin, postgres_url, file)
    with refused(BackupError, "migration ffff, which this program does not know"):
        asyncio.run(restore(empty_postgres_url, file, pg_bin=pg_bin))
    assert asyncio.run(schema.current(empty_postgres_url)) is None


def test_a_database_that_is_newer_than_the_backup_is_not_mixed_with_it(
    postgres_url: str, pg_bin: Path, file: Path, tmp_path: Path
) -> None:
    fill(postgres_url)
    asyncio.run(backup(postgres_url, file, (), pg_bin=pg_bin))
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "step.py").write_text(step_after(schema.head()))
    asyncio.run(schema.upgrade(postgres_url, tmp_path / "steps"))
    with refused(BackupError, "Make an empty database"):
        asyncio.run(restore(postgres_url, file, force=True, pg_bin=pg_bin))
    assert asyncio.run(schema.current(postgres_url)) == "future"


def test_a_restore_that_fails_half_way_changes_nothing(
    postgres_url: str, pg_bin: Path, file: Path
) -> None:
    fill(postgres_url)
    asyncio.run(backup(postgres_url, file, (), pg_bin=pg_bin))
    register(postgres_url, "29:bob")
    # What the backup does not know stands in the way of dropping a table.
    asyncio.run(execute(postgres_url, "CREATE VIEW names AS SELECT name FROM person"))
    before = rows(postgres_url)
    with refused(BackupError, "pg_restore refused, and nothing was changed"):
        asyncio.run(restore(postgres_url, file, force=True, pg_bin=pg_bin))
    assert rows(postgres_url) == before
