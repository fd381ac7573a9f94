"""Somebody with full access to a database: its rows, its files, and its log."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any, Protocol

from sqlalchemy import Connection, make_url, text

from bot.core.ids import PersonId
from bot.polls.model import Vote
from bot.store.sealing import Seal
from bot.store.work import Store
from tests.ballots import Booth

Rows = Sequence[tuple[Any, ...]]
Guess = Mapping[PersonId, str]
"""Who the attacker says wrote what."""
PIECE = 48


class Disk(Protocol):
    """Where a database keeps its bytes; `tools` is the folder of what copies it, if any does."""

    @property
    def tools(self) -> Path | None: ...

    def files(self) -> bytes: ...

    def log(self) -> bytes: ...


@dataclass(frozen=True)
class SqliteDisk:
    url: str
    tools: None = None

    def files(self) -> bytes:
        return self._path.read_bytes()

    def log(self) -> bytes:
        log = Path(f"{self._path}-wal")
        return log.read_bytes() if log.exists() else b""

    @property
    def _path(self) -> Path:
        return Path(str(make_url(self.url).database))


@dataclass(frozen=True)
class PostgresDisk:
    """`since` is from when on its log is read: a server of many tests has written a lot."""

    server: Any
    url: str
    since: float = field(default_factory=time)

    @property
    def tools(self) -> Path:
        return Path(self.server.bin_path)

    def files(self) -> bytes:
        self.server.psql("CHECKPOINT;")
        name = make_url(self.url).database
        asked = f"SELECT 'oid:' || oid FROM pg_database WHERE datname = '{name}';"  # noqa: S608 (our own database)
        said = self.server.psql(asked)
        number = said.split("oid:")[1].split()[0]
        return _all_of(Path(self.server.pgdata) / "base" / number)

    def log(self) -> bytes:
        return _all_of(Path(self.server.pgdata) / "pg_wal", self.since)


def _all_of(folder: Path, since: float = 0) -> bytes:
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    return b"".join(file.read_bytes() for file in files if file.stat().st_mtime >= since - 1)


@dataclass(frozen=True)
class Attacker:
    """Knows the program, and reads everything; has no secret unless it is said."""

    store: Store
    disk: Disk

    async def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        def look(connection: Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(text(statement), values)]

        return await self.store.look(look)

    @property
    def everything(self) -> bytes:
        return self.disk.files() + self.disk.log()


def found(what: Collection[str], where: bytes) -> set[str]:
    """Return those of some texts of which a piece stands there, or the whole of a short one."""
    least = min([PIECE, *map(len, what)])
    readable = b"\n".join(re.findall(rb"[\x20-\x7e]{%d,}" % least, where))
    return {one for one in what if any(piece.encode() in readable for piece in _pieces(one))}


def _pieces(whole: str) -> Iterable[str]:
    last = max(len(whole) - PIECE, 0)
    return (whole[start : start + PIECE] for start in range(0, last + 1, PIECE))


def opened(
    seal: Seal,
    booth: Booth[Store],
    keys: Sequence[tuple[Any, ...]],
    ballots: Sequence[tuple[Any, ...]],
) -> Mapping[PersonId, Vote]:
    """Open ballots with a secret, as the server does; `keys` and `ballots` are what was found."""
    votes: dict[PersonId, Vote] = {}
    for (kept,) in keys:
        key = seal.key(booth.round, kept)
        whose = {key.voter(person): person for person in booth.invited}
        votes |= {whose[voter]: key.open(voter, sealed)[1] for voter, sealed in ballots}
    return votes


def in_order(people: Collection[PersonId], texts: Sequence[str]) -> Guess:
    """Say that who comes first in one order wrote what comes first in the other."""
    return dict(zip(people, texts, strict=True))
