"""Opens units of work: what one use case reads and writes, stored whole or not at all.

Two units that want the same unique key at once (such as the same address registered twice) are
well defined: the first to commit wins, the other waits for it and ends in ConflictError with
nothing stored. Do the whole unit again: it then finds what the first stored.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Self, TypeVar, get_type_hints

from sqlalchemy import URL, Connection, Dialect, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import ConflictError, SettingsError
from bot.core.reply import Say
from bot.store.addresses import SqlAddresses
from bot.store.ballots import SqlBallots
from bot.store.db import Db, Repository
from bot.store.erasing import erase_postgresql, erase_sqlite
from bot.store.feeds import SqlFeeds
from bot.store.knowledge import SqlKnowledge
from bot.store.occasions import SqlOccasions
from bot.store.outbox.sql import SqlOutbox
from bot.store.people import SqlPeople
from bot.store.polls import SqlPolls
from bot.store.questions import SqlQuestions
from bot.store.sealing import Seal
from bot.store.sqlite import Line
from bot.store.strangers import SqlStrangers
from bot.store.suggestions import SqlProposals
from bot.store.summaries import SqlSummaries
from bot.store.summary import SqlFigures
from bot.store.turn import SqlInbox, SqlPending
from bot.store.walkin import SqlWalkIns

T = TypeVar("T")

# The order matters: who waits for the switch to WAL must already know how long.
_PRAGMAS = {
    "busy_timeout": "30000",
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "cache_size": "-32768",  # 32 MB: random keys are looked up, and 2 MB of pages are few
    # What a unit may have to undo is kept aside, some pages a unit: not in a file, it is soon gone.
    "temp_store": "MEMORY",
}
# 40P01: two units waited for each other, such as two coaches who write to one another at once.
_CONFLICTS = {"23505", "40P01", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_READ_ONLY = {"25006", "SQLITE_READONLY"}
_FAILED = (DBAPIError, sqlite3.Error)


class ReadOnlyError(Exception):
    """A unit that only reads was asked to write; it stored nothing."""


class Work:
    """Everything one unit of work reaches. A part is made when it is first reached for."""

    people: SqlPeople
    addresses: SqlAddresses
    knowledge: SqlKnowledge
    proposals: SqlProposals
    inbox: SqlInbox
    pending: SqlPending
    strangers: SqlStrangers
    outbox: SqlOutbox
    occasions: SqlOccasions
    questions: SqlQuestions
    walkin: SqlWalkIns
    feeds: SqlFeeds
    polls: SqlPolls
    ballots: SqlBallots
    figures: SqlFigures
    summaries: SqlSummaries

    def __init__(self, db: Db, seal: Seal | None = None) -> None:
        self._db, self._seal = db, seal

    def __getattr__(self, name: str) -> object:
        if name not in _PARTS:
            raise AttributeError(name)
        self.__dict__[name] = part = _PARTS[name](self._db, self._seal)
        return part


_PARTS: Mapping[str, type[Repository]] = get_type_hints(Work)


class Store:
    """A database. On SQLite the writing units of one process stand in line, first come first."""

    def __init__(
        self, writer: AsyncEngine | Line, reader: AsyncEngine, seal: Seal | None = None
    ) -> None:
        self._writer, self._reader, self._seal = writer, reader, seal

    @classmethod
    def open(cls, url: str, seal: Seal | None = None) -> Self:
        """Open `sqlite:///PATH` or `postgresql://...`; raises SettingsError for anything else.

        Connects at the first unit of work, not here. Without a seal there are no anonymous rounds.
        """
        where = database_url(url)
        if where.get_backend_name() == "sqlite":
            return cls(Line(where, _PRAGMAS | {"foreign_keys": "ON"}), _sqlite_reader(where), seal)
        engine = postgresql_engine(where)
        return cls(engine, engine.execution_options(postgresql_readonly=True), seal)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a unit that writes: commits at its end, or rolls back on any exception.

        Not to be opened inside another: on SQLite that one would wait for itself.
        """
        try:
            async with self._unit() as db, db:
                yield Work(db, self._seal)
        except _FAILED as error:
            if meant := _meaning(error):
                raise meant from error
            raise

    def _unit(self) -> AbstractAsyncContextManager[Db]:
        return self._writer.unit() if isinstance(self._writer, Line) else _transaction(self._writer)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """Open a unit that reads; ReadOnlyError when it writes."""
        try:
            async with self._reader.connect() as connection, Db(connection) as db:
                yield Work(db, self._seal)
        except _FAILED as error:
            if meant := _meaning(error):
                raise meant from error
            raise

    async def erase(self) -> None:
        """Fulfil `bot.polls.ports.Eraser`; NotErasedError when the database is too busy."""
        if self._seal and not self._seal.protection.erased:
            return
        if isinstance(self._writer, Line):
            await erase_sqlite(self._writer)
        else:
            await erase_postgresql(self._writer)

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Let a function that knows no await look at the database itself."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(question)

    async def close(self) -> None:
        if isinstance(self._writer, Line):
            await self._writer.close()
        else:
            await self._writer.dispose()
        await self._reader.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[Db]:
    async with engine.begin() as connection:
        yield Db(connection)


def _meaning(error: DBAPIError | sqlite3.Error) -> Exception | None:
    """Return what a failure of the database means to a use case, if anything."""
    came = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(came, "sqlstate", "") or getattr(came, "sqlite_errorname", "")
    if code in _CONFLICTS:
        return ConflictError("another unit of work was first")
    if code in _READ_ONLY:
        return ReadOnlyError("a unit of work that only reads was asked to write")
    return None


def database_url(url: str) -> URL:
    """Return the URL with the driver that we use; the error never repeats it: it may hold secrets.

    Raises SettingsError.
    """
    try:
        where = make_url(url)
    except ArgumentError:
        raise SettingsError([Say("setting.url")]) from None
    match where.get_backend_name():
        case "sqlite" if where.database and where.database != ":memory:":
            return where.set(drivername="sqlite+aiosqlite")
        case "sqlite":
            raise SettingsError([Say("setting.sqlite_file")])
        case "postgresql" | "postgres":
            return _for_asyncpg(where.set(drivername="postgresql+asyncpg"))
        case _:
            raise SettingsError([Say("setting.url")])


def _for_asyncpg(where: URL) -> URL:
    mode = where.query.get("sslmode")
    if mode is None:
        return where
    return where.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def sqlite_writer(where: URL, *, foreign_keys: str = "ON") -> AsyncEngine:
    """Return an engine of one connection, each transaction of which may write from its start."""
    pragmas = _PRAGMAS | {"foreign_keys": foreign_keys}
    return _sqlite(where, "BEGIN IMMEDIATE", pragmas, connections=1)


def _sqlite_reader(where: URL) -> AsyncEngine:
    return _sqlite(where, "BEGIN", _PRAGMAS | {"query_only": "ON"}, connections=8)


def _sqlite(where: URL, begin: str, pragmas: Mapping[str, str], connections: int) -> AsyncEngine:
    engine = create_async_engine(
        where,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        # The driver's own BEGIN would be a deferred one, and late: we say it ourselves.
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def opened(_: Dialect, _entry: object, where: list[str], _options: object) -> None:
        # The driver leaves a thread behind that cannot open a file, and it ends in an error later.
        sqlite3.connect(where[0]).close()

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgresql_engine(where: URL) -> AsyncEngine:
    """Return an engine whose statements wait at most 10 s for a lock."""
    return create_async_engine(
        where,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": {"application_name": "vraagbaak", "lock_timeout": "10s"}},
    )
