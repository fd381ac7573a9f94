"""Copies a SQLite database by SQLite's own online backup: right while others read and write."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.store.backup_file import backup_error, require_magic

_MAGIC = b"SQLite format 3\0"
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_PATIENCE = 2  # seconds: who has just stopped the program need not be refused


def stored_revision(database: Path, file: Path) -> str | None:
    """Return the migration that a database is at, None when it has none.

    Raises BackupError; also when the file that a backup goes to is the database itself.
    """
    if not database.exists():
        raise backup_error("no_database", file=database)
    _require_another(file, database)
    with _meaning(database), _opened(database, "rw") as live:
        return _revision(live)


def copy(database: Path, part: Path, left_out: Iterable[str]) -> None:
    """Copy a database into an empty file, without the rows of some tables; raises BackupError.

    The copy is rebuilt from its rows, so it holds nothing either of what was deleted before.
    """
    with _meaning(database), _opened(database, "rw") as live, _opened(part, "rw") as kept:
        # All pages in one step: a snapshot, and in WAL mode no writer waits for it.
        live.backup(kept)
        # Off WAL, so that the copy is one file; and no journal, which would keep what is deleted.
        kept.execute("PRAGMA journal_mode=OFF")
        kept.execute("PRAGMA secure_delete=ON")
        for table in sorted(_tables(kept) & set(left_out)):
            kept.execute(f'DELETE FROM "{table}"')  # noqa: S608 (a name of our own tables)
        kept.execute("VACUUM")
        _require_sound(kept, database)


def checked_revision(file: Path) -> str | None:
    """Return the migration that a sound backup is at, None when it is not ours."""
    require_magic(file, _MAGIC, "SQLite")
    with _meaning(file), _opened(file, "ro") as kept:
        _require_sound(kept, file)
        return _revision(kept)


def load(file: Path, database: Path, *, force: bool) -> None:
    """Put a backup in the place of a database that nobody uses, whole or not at all.

    Raises BackupError; also when the database holds anything, unless `force`.
    """
    _require_another(file, database)
    with _meaning(database), _opened(file, "ro") as kept, _opened(database, "rwc") as live:
        _require_alone(live)
        if _tables(live) and not force:
            raise backup_error("holds", file=database)
        kept.backup(live)


def _require_another(file: Path, database: Path) -> None:
    if file.exists() and database.exists() and file.samefile(database):
        raise backup_error("itself", file=file)


def _require_alone(live: sqlite3.Connection) -> None:
    # Said before the first look into the file, it is refused while anyone else has it open.
    live.execute("PRAGMA locking_mode=EXCLUSIVE")
    live.execute("BEGIN EXCLUSIVE")
    live.execute("COMMIT")


def _require_sound(database: sqlite3.Connection, file: Path) -> None:
    [said] = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise backup_error("damaged", file=file, why=said)


def _revision(database: sqlite3.Connection) -> str | None:
    if "alembic_version" not in _tables(database):
        return None
    row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _tables(database: sqlite3.Connection) -> set[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name) for (name,) in rows}


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    where = f"{file.resolve().as_uri()}?mode={mode}"
    with closing(
        sqlite3.connect(where, uri=True, timeout=_PATIENCE, isolation_level=None)
    ) as database:
        yield database


@contextmanager
def _meaning(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_BUSY"):
            raise backup_error("in_use", file=file) from error
        if name.startswith(_DAMAGED):
            raise backup_error("away", file=file, why=error, name=file.name) from error
        raise backup_error("refused", what=file, why=error) from error
