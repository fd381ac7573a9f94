"""The conversations as lanes: who holds one and until when, and what was sent there lately."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.reply import Place
from bot.outbox import rules
from bot.outbox.model import Result, State
from bot.store.db import Db, Repository
from bot.store.outbox.rows import LANE, log_of, moments_of
from bot.store.prepared import Prepared

_THIS_LANE = and_(LANE.c.channel == bindparam("in_channel"), LANE.c.lane == bindparam("in_lane"))
_LOG = Prepared(update(LANE).where(_THIS_LANE).values(sent=bindparam("log")))
_FREE = Prepared(
    update(LANE)
    .where(_THIS_LANE, LANE.c.holder == bindparam("of_holder"))
    .values(holder="", until=None)
)


class Lanes(Repository):
    """Gives back what a worker holds."""

    async def release(self, holder: str) -> None:
        mine = update(LANE).where(LANE.c.holder == holder)
        await self._db.run(mine.values(holder="", until=None))

    async def give_back(self, holder: str, place: Place) -> None:
        await let_go(self._db, place.channel.value, rules.lane(place), holder)


async def hold(db: Db, row: Mapping[str, Any], holder: str, until: datetime, now: datetime) -> bool:
    """Hold a conversation until then, unless another worker does; returns whether it is ours."""
    values = {
        "channel": row["channel"],
        "lane": row["lane"],
        "holder": holder,
        "until": until,
        "sent": log_of(moments_of(row["sent"])),
    }
    return bool((await db.run(_take_over(db.dialect), {**values, "now": now})).rowcount)


async def let_go(db: Db, channel: str, lane: str, holder: str) -> None:
    """Give back a conversation, if the worker still holds it."""
    which = {"in_channel": channel, "in_lane": lane}
    await db.change(_FREE, {**which, "of_holder": holder})


async def free(db: Db, results: Sequence[Result]) -> None:
    """Write down what was sent to the conversations, and free those that are still held."""
    if not results:
        return
    names = {rules.lane(one.message.place) for one in results}
    channels = {one.message.place.channel.value for one in results}
    here = select(LANE).where(LANE.c.channel.in_(channels), LANE.c.lane.in_(names))
    sent = {(row.channel, row.lane): moments_of(row.sent) for row in await db.run(here)}
    freed = []
    for one in results:
        key = one.message.place.channel.value, rules.lane(one.message.place)
        if one.state is State.SENT:
            sent[key] = rules.kept((*sent.get(key, ()), one.at), one.at)
        log = log_of(sent.get(key, ()))
        lane = {"in_channel": key[0], "in_lane": key[1]}
        freed.append({**lane, "log": log, "of_holder": one.holder})
    await db.change_each(_LOG, freed)
    await db.change_each(_FREE, freed)


@cache
def _take_over(dialect: str) -> Insert:
    """Return an insert of a lane that takes over one that nobody holds, and no other."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = new(LANE).values({name: bindparam(name) for name in ("channel", "lane", "holder")})
    row = row.values(until=bindparam("until"), sent=bindparam("sent"))
    return row.on_conflict_do_update(
        index_elements=["channel", "lane"],
        set_={"holder": row.excluded.holder, "until": row.excluded.until},
        where=or_(
            LANE.c.until.is_(None), LANE.c.until <= bindparam("now", type_=LANE.c.until.type)
        ),
    )
