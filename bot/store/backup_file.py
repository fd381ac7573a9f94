"""Writes a backup's file whole or not at all: half a backup is found out when it is needed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.core.errors import BotError

_BESIDE = ("-wal", "-journal")


class BackupError(BotError):
    """A backup cannot be made or restored; the sentence says why, and what to do."""


@contextmanager
def whole(file: Path, *, force: bool) -> Iterator[Path]:
    """Give a file to write in, which only its owner can read; it becomes `file` at the end.

    After an exception there is nothing new, and `file` is what it was. Raises BackupError when
    there is a `file` already, unless `force`.
    """
    _refuse_taken(file, force=force)
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(number)
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    _keep_name(file.parent)


def _refuse_taken(file: Path, *, force: bool) -> None:
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}: make it first")
    if file.exists() and not force:
        raise BackupError(f"{file} exists already: choose another name, or add --force")
    for beside in (file.with_name(file.name + ending) for ending in _BESIDE):
        # SQLite would apply what stands there to whatever database has the name.
        if beside.exists():
            raise BackupError(f"{file} is in use as a database, {beside} says: choose another name")


def _keep_name(folder: Path) -> None:
    # Not every system and network disk can do this; the file's content is safe without it.
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def require_magic(file: Path, magic: bytes, kind: str) -> None:
    """Raise BackupError unless the file begins as a backup of that kind of database does."""
    with file.open("rb") as opened:
        if opened.read(len(magic)) != magic:
            raise BackupError(f"{file} is not a backup of a {kind} database")
