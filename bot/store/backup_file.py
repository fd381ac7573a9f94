"""Writes a backup's file whole or not at all: half a backup is found out when it is needed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.core.errors import ProblemsError
from bot.core.reply import Say

_BESIDE = ("-wal", "-journal")


class BackupError(ProblemsError):
    """A backup cannot be made or restored; the sentence says why, and what to do."""


def backup_error(key: str, **data: object) -> BackupError:
    """Return the error that says `backup.…`."""
    shown = {name: str(value) for name, value in data.items()}
    return BackupError([Say(f"backup.{key}", shown)])


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
        raise backup_error("no_folder", folder=file.parent)
    if file.exists() and not force:
        raise backup_error("taken", file=file)
    for beside in (file.with_name(file.name + ending) for ending in _BESIDE):
        # SQLite would apply what stands there to whatever database has the name.
        if beside.exists():
            raise backup_error("beside", file=file, beside=beside)


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
            raise backup_error("other_kind", file=file, kind=kind)
