"""One transaction, for statements of SQLAlchemy's core and for rows as objects."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.off_loop import off_loop
from bot.store.prepared import Prepared
from bot.store.sealing import Seal

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Db:
    """A connection that is in a transaction. With `raw`, its statements never wait."""

    def __init__(
        self, connection: AsyncConnection, *, raw: sqlite3.Connection | None = None
    ) -> None:
        self.connection, self.raw = connection, raw

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    async def run(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """Run a statement and return its CursorResult.

        One that is made once, with parameters by name, costs least.
        """
        if self.raw is not None and self.connection.sync_connection is not None:
            return self.connection.sync_connection.execute(statement, parameters)
        return await self.connection.execute(statement, parameters)

    async def rows(self, prepared: Prepared, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Run a prepared statement; returns its rows as named tuples."""
        if self.raw is not None:
            return prepared.run(self.raw, parameters)[0]
        found = await self.connection.execute(prepared.statement, parameters)
        return [prepared.row(row) for row in found]

    async def change(self, prepared: Prepared, parameters: Mapping[str, Any]) -> int:
        """Run a prepared statement; returns how many rows it changed."""
        if self.raw is not None:
            return prepared.run(self.raw, parameters)[1]
        return int((await self.connection.execute(prepared.statement, parameters)).rowcount)

    async def add(self, prepared: Prepared, parameters: Mapping[str, Any]) -> int:
        """Run a prepared insert of one row; returns its id."""
        if self.raw is not None:
            # SQLite knows it anyhow: to have it returned costs as much again.
            return prepared.run_insert(self.raw, parameters)
        found = await self.connection.execute(prepared.statement, parameters)
        key: Any = found.inserted_primary_key
        return int(key[0])

    async def sweep(self, prepared: Prepared, parameters: Mapping[str, Any]) -> int:
        """Run a statement that goes through a whole table, so not on the loop; as `change`."""
        if self.raw is not None:
            return (await off_loop(prepared.run, self.raw, parameters))[1]
        return await self.change(prepared, parameters)

    async def change_each(self, prepared: Prepared, parameters: Sequence[Mapping[str, Any]]) -> int:
        """Run a prepared statement once for each; returns how many rows changed, -1 if unknown."""
        if not parameters:
            return 0
        if self.raw is not None:
            return prepared.run_many(self.raw, parameters)
        return int((await self.connection.execute(prepared.statement, parameters)).rowcount)

    @cached_property
    def session(self) -> AsyncSession:
        """Rows as objects: convenient, and several times the price of a statement."""
        return AsyncSession(self.connection, expire_on_commit=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "session" in self.__dict__:
            if kind is None:
                await self.session.flush()
            await self.session.close()


class Repository:
    """What the parts of the store have in common; few of them need the seal."""

    def __init__(self, db: Db, seal: Seal | None = None) -> None:
        self._db, self._given_seal = db, seal

    @property
    def _session(self) -> AsyncSession:
        return self._db.session
