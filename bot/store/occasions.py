"""Keeps what became of occasions. The primary key decides who does one."""

from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from bot.occasions.model import Occasion, State
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import OccasionRow, table_of

START = ""
"""The local time under which stands since when a thing happens: less than any other."""
STARTED = "started"


class SqlOccasions(Repository):
    """Fulfils `bot.occasions.ports.Occasions`."""

    async def start(self, thing: str, at: datetime) -> None:
        await self._add(thing, START, STARTED, due=at, at=at)

    async def last(self, thing: str) -> datetime | None:
        (found,) = await self._db.rows(_LAST, {"wanted": thing})
        latest: datetime | None = found[0]
        return latest

    async def record(self, thing: str, occasion: Occasion, state: State, at: datetime) -> bool:
        local = occasion.local.isoformat(timespec="minutes")
        return await self._add(thing, local, state.value, due=occasion.due, at=at)

    async def _add(
        self, thing: str, local: str, state: str, *, due: datetime, at: datetime
    ) -> bool:
        row = {"thing": thing, "local": local, "state": state, "due": due, "at": at}
        return bool(await self._db.change(_once(self._db.dialect), row))


_LAST = Prepared(
    select(func.max(col(OccasionRow.due))).where(col(OccasionRow.thing) == bindparam("wanted"))
)


@cache
def _once(dialect: str) -> Prepared:
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return Prepared(
        new(table_of(OccasionRow))
        .values({name: bindparam(name) for name in ("thing", "local", "state", "due", "at")})
        .on_conflict_do_nothing()
    )
