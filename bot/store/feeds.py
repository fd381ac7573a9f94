"""Keeps under which word each person's calendar can be read."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from bot.core.ids import PersonId
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import CalendarFeedRow, table_of

_FEED = table_of(CalendarFeedRow)


class SqlFeeds(Repository):
    """Fulfils `bot.walkin.ports.Feeds`."""

    async def key_of(self, person: PersonId) -> str | None:
        found = await self._db.rows(_KEY, {"wanted": person})
        return str(found[0][0]) if found else None

    async def keep(self, person: PersonId, key: str, at: datetime) -> None:
        await self.drop(person)
        await self._db.change(_KEEP, {"person": person, "key": key, "made": at})

    async def drop(self, person: PersonId) -> bool:
        return bool(await self._db.change(_DROP, {"wanted": person}))

    async def owner(self, key: str) -> PersonId | None:
        found = await self._db.rows(_OWNER, {"wanted": key})
        return PersonId(found[0][0]) if found else None


_KEY = Prepared(select(_FEED.c.key).where(_FEED.c.person == bindparam("wanted")))
_OWNER = Prepared(select(_FEED.c.person).where(_FEED.c.key == bindparam("wanted")))
_DROP = Prepared(delete(_FEED).where(_FEED.c.person == bindparam("wanted")))
_KEEP = Prepared(
    insert(_FEED).values({name: bindparam(name) for name in ("person", "key", "made")})
)
