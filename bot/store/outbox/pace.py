"""The pace of a tenant, kept in one row that workers reserve from, and its pause."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from bot.outbox import rules
from bot.outbox.model import Leased, Limits, Result
from bot.store.db import Db
from bot.store.outbox.rows import PACE, once
from bot.store.tables import PaceRow

HORIZON = timedelta(seconds=1)
"""How far ahead turns in the tenant's pace are given out: a lease is not spent on waiting."""
_OF_TENANT = and_(
    PACE.c.channel == bindparam("in_channel"), PACE.c.tenant == bindparam("in_tenant")
)
_PACED = select(PACE.c.free_at).where(_OF_TENANT).with_for_update()
_NEXT_TURN = update(PACE).where(_OF_TENANT).values(free_at=bindparam("after"))
_UNTIL = bindparam("until", type_=PACE.c.paused_until.type)
_PAUSE = (
    update(PACE)
    .where(_OF_TENANT, or_(PACE.c.paused_until.is_(None), PACE.c.paused_until < _UNTIL))
    .values(paused_until=_UNTIL)
)


async def free_turns(
    db: Db, key: tuple[str, str], limits: Limits, count: int, now: datetime
) -> Sequence[datetime]:
    """Return the next turns in the tenant's pace, which nobody else can take meanwhile."""
    if limits.rate is None:
        return [now] * count
    which = {"channel": key[0], "tenant": key[1]}
    await db.run(once(db.dialect, PaceRow), which)
    free = (await db.run(_PACED, _named(which))).scalar_one()
    return rules.turns(free, limits.rate, count, now, HORIZON)


async def use_turns(db: Db, key: tuple[str, str], limits: Limits, leased: Sequence[Leased]) -> None:
    """Keep the turns that were used: the next one comes a step after the last."""
    if limits.rate is not None and leased:
        after = leased[-1].start + rules.step(limits.rate)
        which = {"in_channel": key[0], "in_tenant": key[1]}
        await db.run(_NEXT_TURN, {**which, "after": after})


async def pause(db: Db, result: Result) -> None:
    """Let all workers wait for the tenant that asked for it, unless they already wait longer."""
    which = {"channel": result.message.place.channel, "tenant": result.message.place.tenant}
    await db.run(once(db.dialect, PaceRow), which)
    await db.run(_PAUSE, {**_named(which), "until": result.paused})


def _named(which: Mapping[str, Any]) -> dict[str, Any]:
    return {f"in_{name}": value for name, value in which.items()}
