"""Copies a PostgreSQL database by its own tools: they alone know all that it may hold."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text

from bot.store.backup_file import backup_error, require_magic
from bot.store.work import Store, database_url

_MAGIC = b"PGDMP"
_VERSION_ROW = re.compile(
    r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n([^\\\s]+)$", re.MULTILINE
)
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'vraagbaak' AND pid <> pg_backend_pid()"
)
_PATIENCE = 20  # tenths of a second: who has just stopped the program need not be refused


@dataclass(frozen=True)
class PostgresqlTools:
    """Runs pg_dump and pg_restore, from `folder` or from PATH. Blocks; raises BackupError.

    They may take as long as they need: that depends on how much there is, and on the disk. A
    server that does not answer is given up after 10 seconds.
    """

    url: str
    folder: Path | None = None

    def dump(self, part: Path, left_out: Iterable[str]) -> None:
        """Write a snapshot of the database into a file, without the rows of some tables."""
        without = [f'--exclude-table-data=*."{table}"' for table in left_out]
        custom = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s"]
        self._run("pg_dump", *custom, *without, f"--file={part}", *self._where())

    def checked_revision(self, file: Path) -> str | None:
        """Return the migration that a backup is at, None when it is not ours."""
        require_magic(file, _MAGIC, "PostgreSQL")
        only = ("--data-only", "--table=alembic_version", "--file=-")
        found = _VERSION_ROW.search(self._run("pg_restore", *only, str(file.resolve())))
        return found and found[1]

    def load(self, file: Path, *, clean: bool) -> None:
        """Put a backup into the database, all or nothing.

        With `clean` what the backup holds is dropped first; else it must not be there yet.
        """
        drop = ("--clean", "--if-exists") if clean else ()
        safe = ("--single-transaction", "--no-owner", "--no-privileges")
        self._run("pg_restore", *drop, *safe, *self._where(), str(file.resolve()))

    def _where(self) -> tuple[str, str]:
        return "--no-password", f"--dbname={connection_string(database_url(self.url))}"

    def _run(self, tool: str, *words: str) -> str:
        found = shutil.which(tool, path=str(self.folder) if self.folder else None)
        if found is None:
            raise backup_error("no_tool", tool=tool, place=self.folder or "PATH")
        ended = subprocess.run(  # noqa: S603 (no shell; the words are ours)
            [found, *words],
            env={**os.environ, **_secret(database_url(self.url))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if ended.returncode:
            said = _complaint(tool, ended.stderr)
            raise backup_error("tool", tool=tool, why=said)
        return ended.stdout


async def require_restorable(url: str, known: Collection[str], *, force: bool) -> bool:
    """Return whether the database holds tables; raises BackupError when it must not be replaced.

    `known` are the backup's migration and those before it. Of a newer database tables would stay
    behind: pg_restore drops what is in the backup, and nothing else.
    """
    async with Store.open(url) as store:
        await _wait_until_alone(store)
        tables, revision = await store.look(_contents)
    if tables and not force:
        raise backup_error("tables")
    if revision is not None and revision not in known:
        raise backup_error("behind", revision=revision)
    return bool(tables)


async def _wait_until_alone(store: Store) -> None:
    for _ in range(_PATIENCE):
        if not await store.look(_others):
            return
        await asyncio.sleep(0.1)
    raise backup_error("database_in_use")


def _others(connection: Connection) -> int:
    return int(connection.execute(_OTHERS).scalar_one())


def _contents(connection: Connection) -> tuple[list[str], str | None]:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return tables, None
    found = connection.execute(text("SELECT version_num FROM alembic_version"))
    return tables, found.scalar_one_or_none()


def connection_string(where: URL) -> str:
    """Return how libpq reaches a database: all but the password, which anyone could see there."""
    given = {**where.translate_connect_args(username="user", database="dbname"), **where.query}
    given["sslmode"] = given.get("ssl")
    names = ("host", "port", "user", "dbname", "sslmode")
    parts = {name: given[name] for name in names if given.get(name)}
    told = (f"{name}={_quoted(value)}" for name, value in parts.items())
    return " ".join([*told, "connect_timeout=10"])


def _quoted(value: object) -> str:
    text_ = ",".join(value) if isinstance(value, tuple) else str(value)
    return "'" + text_.replace("\\", r"\\").replace("'", r"\'") + "'"


def _secret(where: URL) -> dict[str, str]:
    password = where.password or where.query.get("password")
    return {"PGPASSWORD": str(password)} if password else {}


def _complaint(tool: str, stderr: str) -> str:
    """Return what a tool says itself; what the server adds to it may quote rows."""
    lines = stderr.strip().splitlines()
    return "\n".join([line for line in lines if line.startswith(f"{tool}:")] or lines)
