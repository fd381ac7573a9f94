"""Gives back the space of rows that are gone, so that no file holds them any more (ADR 20)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import BotError
from bot.store.sqlite import Line
from bot.store.tables import PollBallotRow, PollKeyRow, table_of

_SECRET = (table_of(PollKeyRow), table_of(PollBallotRow))
"""In the order in which a vote reaches them, so that two never wait for each other."""
_VACUUMED = ("(FULL) poll_invitation", "handled_message", "outbox")
"""What was said holds no answers: its space is only given free, and nobody has to wait for it."""
PATIENCE = 2_000
"""Milliseconds to wait for others: as long do those wait who come after us."""
_BUSY, _NOT_PERMITTED = "55P03", "42501"


class NotErasedError(BotError):
    """Somebody kept the database in use for too long: to be tried again."""

    text_key = "error.not_erased"


async def erase_sqlite(line: Line) -> None:
    """Rebuild the file from its rows, and empty its log; who writes in this process waits."""
    await line.alone(_rebuild, PATIENCE)


def _rebuild(raw: sqlite3.Connection) -> None:
    try:
        _vacuum(raw)
        [(busy, *_)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise NotErasedError("the database is in use") from error
        raise
    if busy:
        raise NotErasedError("the database is still read as it was before")


def _vacuum(raw: sqlite3.Connection) -> None:
    """Rebuild the file beside a copy in another: in memory that may be more than there is."""
    ((kept_in,),) = raw.execute("PRAGMA temp_store").fetchall()
    raw.execute("PRAGMA temp_store=FILE").fetchall()
    try:
        raw.execute("VACUUM").fetchall()
    finally:
        raw.execute(f"PRAGMA temp_store={kept_in}").fetchall()


async def erase_postgresql(engine: AsyncEngine) -> None:
    """Write the tables that hold secrets anew, each in a new file, and vacuum what is beside them.

    VACUUM FULL would take along what an old transaction of anybody could still see: a report that
    somebody left open would keep every ballot.
    """
    with _in_use():
        async with engine.begin() as connection:
            await connection.run_sync(_write_anew)
        async with engine.connect() as connection:
            apart = await connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                await apart.exec_driver_sql(f"SET lock_timeout = {PATIENCE}")
                for what in _VACUUMED:
                    await apart.exec_driver_sql(f"VACUUM {what}")
                with _where_permitted():
                    await apart.exec_driver_sql("CHECKPOINT")
            finally:
                await apart.exec_driver_sql("RESET lock_timeout")


def _write_anew(connection: Connection) -> None:
    names = ", ".join(table.name for table in _SECRET)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
    connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    kept = [
        [dict(row) for row in connection.execute(select(table)).mappings()] for table in _SECRET
    ]
    connection.exec_driver_sql(f"TRUNCATE {names}")
    for table, rows in zip(_SECRET, kept, strict=True):
        if rows:
            connection.execute(insert(table), rows)


@contextmanager
def _in_use() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == _BUSY:
            raise NotErasedError("a table is in use") from error
        raise


@contextmanager
def _where_permitted() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != _NOT_PERMITTED:
            raise
