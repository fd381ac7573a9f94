"""Keeps the whole database in one file, and puts it back: a server can be lost, what it knew not.

Both are coroutines that leave the event loop to others while a database is copied.
"""

import asyncio
from collections.abc import Collection
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from bot.core.errors import NewDatabaseError
from bot.store import backup_sqlite, schema
from bot.store.backup_file import backup_error, whole
from bot.store.backup_postgresql import PostgresqlTools, require_restorable
from bot.store.tables import metadata
from bot.store.work import database_url

LEFT_OUT: tuple[str, ...] = ("poll_key", "poll_ballot")
"""Tables whose rows stand in no backup, because their promise is that they can be lost for good.

A restored database has them, empty. No table whose rows are kept may refer to one of them.
"""


async def backup(
    url: str,
    file: Path,
    left_out: Collection[str],
    *,
    force: bool = False,
    pg_bin: Path | None = None,
) -> str:
    """Copy a database, which may be in use, into a file; returns the migration it is at.

    With `force` the file may be there already. `pg_bin` is the folder of PostgreSQL's tools, when
    they are not on PATH. Raises BackupError, or NewDatabaseError: what a newer program would leave
    out is not known here.
    """
    _refuse_referred(left_out)
    path = _sqlite_path(url)
    if path:
        found = await asyncio.to_thread(backup_sqlite.stored_revision, path, file)
    else:
        found = await schema.current(url)
    revision = _require_ours(found)
    with whole(file, force=force) as part:
        if path:
            await asyncio.to_thread(backup_sqlite.copy, path, part, left_out)
        else:
            await asyncio.to_thread(PostgresqlTools(url, pg_bin).dump, part, left_out)
    return revision


async def restore(url: str, file: Path, *, force: bool = False, pg_bin: Path | None = None) -> str:
    """Put a backup in the place of a database that nobody uses; returns the migration it is at.

    All of it or, after an exception, nothing. With `force` the database may hold something, which
    is lost. Raises BackupError, also when a newer program made the backup; one of an older program
    is restored as it is, and then needs an upgrade.
    """
    path, tools = _sqlite_path(url), PostgresqlTools(url, pg_bin)
    look = backup_sqlite.checked_revision if path else tools.checked_revision
    revision = _require_backup(file, await asyncio.to_thread(look, file))
    if path:
        await asyncio.to_thread(backup_sqlite.load, file, path, force=force)
    else:
        clean = await require_restorable(url, _until(revision), force=force)
        await asyncio.to_thread(tools.load, file, clean=clean)
    return revision


def _sqlite_path(url: str) -> Path | None:
    where = database_url(url)
    return Path(where.database or "") if where.get_backend_name() == "sqlite" else None


def _require_ours(revision: str | None) -> str:
    if revision is None:
        raise backup_error("nothing")
    if not _until(revision):
        raise NewDatabaseError(revision)
    return revision


def _require_backup(file: Path, revision: str | None) -> str:
    if revision is None:
        raise backup_error("no_backup", file=file)
    if not _until(revision):
        raise backup_error("newer", file=file, revision=revision)
    return revision


def _until(revision: str) -> set[str]:
    """Return a migration and those before it; nothing when it is not known."""
    steps = ScriptDirectory(Path(__file__).parent / "migrations")
    try:
        known = {step.revision for step in steps.walk_revisions(head=revision)}
    except CommandError:
        return set()
    return known if revision in known else set()  # it also finds what a name begins with


def _refuse_referred(left_out: Collection[str]) -> None:
    """Raise ValueError for a table that is not there, or whose rows others would look for."""
    for name in left_out:
        if name not in metadata.tables:
            raise ValueError(f"there is no table {name} to leave out of a backup")
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if table.name not in left_out and key.column.table.name in left_out:
                raise ValueError(f"{table.name} stays in the backup, and refers to {key.column}")
