"""The writing units of one process on SQLite: in line, on the loop's own thread, sharing commits.

A statement inside a transaction that may write waits for nobody and takes some microseconds; a hop
to another thread and back takes ten times that, and aiosqlite makes four of them a statement. What
does wait is the commit (for the disk), and the begin while another process writes. Those go to a
thread, once for all units that stand in line: each has a savepoint of its own, and ends only when
the commit of all of them is done (ADR 8).
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.store.db import Db
from bot.store.off_loop import off_loop

MOST = 32
"""Units that share a commit at most: who is in line behind a long one should not wait for more."""

_ALONE, _BESIDE = ((), ("ROLLBACK",)), (("RELEASE unit",), ("ROLLBACK TO unit", "RELEASE unit"))
"""How to keep, and how to undo, a unit that began its transaction, and one that came to others."""


class _Cursor(sqlite3.Cursor):
    """Reads all rows at once: a statement that is still read from would keep a savepoint out."""

    def execute(self, *arguments: Any) -> Any:
        found = super().execute(*arguments)
        self._rows = deque(super().fetchall() if self.description else ())
        return found

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> Any:
        return [self._rows.popleft() for _ in range(min(size or 1, len(self._rows)))]

    def fetchall(self) -> Any:
        rows, self._rows = list(self._rows), deque()
        return rows

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy asks this of the cursors of drivers that await."""


class _Connection(sqlite3.Connection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(_Cursor)


class OnLoopDialect(SQLiteDialect_pysqlite):
    """The driver of the standard library, called on the loop. The line begins and ends it all."""

    driver = "onloop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        del url
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        places, options = super().create_connect_args(url)
        return places, {
            **options,
            "check_same_thread": False,
            "isolation_level": None,
            "factory": _Connection,
        }

    def do_commit(self, dbapi_connection: DBAPIConnection) -> None:
        """Leave it to the line."""

    def do_rollback(self, dbapi_connection: DBAPIConnection) -> None:
        """Leave it to the line: a session that fails must not undo what others did before it."""


registry.register("sqlite.onloop", __name__, OnLoopDialect.__name__)


class NotStoredError(Exception):
    """The commit that a unit shared with others failed: nothing of it is stored."""


class Line:
    """The one writing connection of a process; units get it first come, first served."""

    def __init__(self, where: URL, pragmas: Mapping[str, str]) -> None:
        self._engine = create_async_engine(
            where.set(drivername="sqlite+onloop"), pool_size=1, max_overflow=0, hide_parameters=True
        )
        self._pragmas = pragmas
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._connection: AsyncConnection | None = None
        self._raw: Any = None
        self._group: _Group | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Db]:
        """Give the connection for a while: what happens is stored whole, or not at all."""
        await self._turn()
        try:
            connection = await self._connected()
            group = self._group = self._group or await self._begin()
            # The first needs no savepoint, which costs a copy of each page that it writes.
            keep, undo = _BESIDE if group.units else _ALONE
            if group.units:
                self._raw.execute("SAVEPOINT unit")
            group.units += 1
            try:
                yield Db(connection, raw=self._raw)
            except BaseException:
                self._end_unit(undo)
                raise
            self._end_unit(keep)
        finally:
            try:
                if self._group and (not self._waiting or self._group.units >= MOST):
                    await self._commit(self._group)
            finally:
                self._lock.release()
        await group.known()

    async def alone(self, call: Callable[[sqlite3.Connection], object], patience: int) -> None:
        """Let a thread do what cannot be done inside a transaction; those in line wait for it.

        It waits so many milliseconds for other processes, and for who reads.
        """
        await self._turn()
        try:
            await self._connected()
            await self._commit_what_is_left()
            await off_loop(self._patiently, call, patience)
        finally:
            self._lock.release()

    async def close(self) -> None:
        async with self._lock:
            await self._commit_what_is_left()
            if self._connection is not None:
                await self._connection.close()
                self._connection = None
        await self._engine.dispose()

    async def _turn(self) -> None:
        self._waiting += 1
        try:
            await self._lock.acquire()
        except BaseException:
            # Who is before us in line counted on us to commit.
            task = asyncio.create_task(self._end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
            raise
        finally:
            self._waiting -= 1

    async def _end(self) -> None:
        async with self._lock:
            if not self._waiting:
                await self._commit_what_is_left()

    async def _commit_what_is_left(self) -> None:
        if self._group:
            # What goes wrong is told to its units.
            with suppress(sqlite3.Error):
                await self._commit(self._group)

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            connection = await self._engine.connect()
            try:
                self._raw = (await connection.get_raw_connection()).driver_connection
                await off_loop(self._prepare)
            except BaseException:
                # Not one without foreign keys, say, because a pragma before them failed.
                await connection.invalidate()
                await connection.close()
                raise
            self._connection = connection
        return self._connection

    def _prepare(self) -> None:
        for name, value in self._pragmas.items():
            # Read to its end: a statement that is not done would keep each commit out.
            self._raw.execute(f"PRAGMA {name}={value}").fetchall()
        self._raw.execute("PRAGMA busy_timeout=0").fetchall()

    async def _begin(self) -> "_Group":
        await asyncio.sleep(0)  # who is ready to write as well gets in line, and shares the commit
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            await self._begin_in_turn()
        return _Group()

    async def _begin_in_turn(self) -> None:
        try:
            await off_loop(self._wait_and_begin)
        except BaseException:
            # Cancelled meanwhile, it holds the lock all the same.
            self._raw.rollback()
            raise

    def _wait_and_begin(self) -> None:
        """Begin once the other process is done."""
        self._patiently(
            lambda raw: raw.execute("BEGIN IMMEDIATE"), int(self._pragmas["busy_timeout"])
        )

    def _patiently(self, call: Callable[[sqlite3.Connection], object], patience: int) -> None:
        """Do it once others are done; only here does this connection wait for them."""
        self._raw.execute(f"PRAGMA busy_timeout={patience}").fetchall()
        try:
            call(self._raw)
        finally:
            self._raw.execute("PRAGMA busy_timeout=0").fetchall()

    def _end_unit(self, statements: Sequence[str]) -> None:
        if self._raw.in_transaction:
            for statement in statements:
                self._raw.execute(statement)
        if self._group and not self._raw.in_transaction:
            # It was the first and failed; or a full disk let SQLite undo those before it as well.
            group, self._group = self._group, None
            group.end()

    async def _commit(self, group: "_Group") -> None:
        self._group = None
        try:
            await off_loop(group.commit, self._raw)
        finally:
            # Also when this unit was cancelled meanwhile: the others only ask what became of it.
            group.end()


class _Group:
    """Units that are stored by the same commit."""

    def __init__(self) -> None:
        self.units = 0
        self.stored: bool | None = None
        """None until it is known."""
        self._committed = False
        self._waiting: list[asyncio.Future[None]] = []

    def commit(self, raw: sqlite3.Connection) -> None:
        """Commit, or undo what cannot be. SQLite itself ends some transactions that fail."""
        try:
            raw.commit()
        except BaseException:
            raw.rollback()
            raise
        self._committed = True

    async def known(self) -> None:
        """Wait until it is known what became of it; raises NotStoredError."""
        if self.stored is None:
            # Each unit waits by itself: one that is cancelled is no business of the others.
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        if not self.stored:
            raise NotStoredError("the commit of several units failed")

    def end(self) -> None:
        """Tell them all; a unit that was undone does not ask."""
        self.stored = self._committed
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
