"""One transaction, for statements of SQLAlchemy's core and for rows as objects."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Executable, Result
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Db:
    """A connection that is in a transaction. `on_loop` says that its statements never wait."""

    def __init__(self, connection: AsyncConnection, *, on_loop: bool = False) -> None:
        self.connection, self._on_loop = connection, on_loop

    async def run(self, statement: Executable, parameters: Parameters | None = None) -> Result[Any]:
        """Run a statement; one that is made once, with parameters by name, costs least."""
        if self._on_loop and self.connection.sync_connection is not None:
            return self.connection.sync_connection.execute(statement, parameters)
        return await self.connection.execute(statement, parameters)

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
    """What the parts of the store have in common."""

    def __init__(self, db: Db) -> None:
        self._db = db

    @property
    def _session(self) -> AsyncSession:
        return self._db.session
