"""Which conversations a worker holds, so that it alone says what is due there, in order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.core.reply import Channel
from bot.outbox import rules
from bot.outbox.model import Leased, Limits
from bot.store.db import Repository
from bot.store.outbox import lanes, pace
from bot.store.outbox.rows import (
    EARLIER,
    LANE,
    OUT,
    PACE,
    UNREADABLE,
    WAITING,
    in_the_way,
    message_of,
    moments_of,
)

UNREADABLE_WAIT = timedelta(minutes=5)


class Leasing(Repository):
    """Finds what is due, and holds its conversations."""

    async def lease(
        self,
        holder: str,
        limits: Mapping[Channel, Limits],
        *,
        now: datetime,
        until: datetime,
        most: int,
    ) -> Sequence[Leased]:
        found = await self._db.run(_due(limits, now, most, self._db.dialect))
        leased: list[Leased] = []
        for key, group in _by_tenant([dict(row) for row in found.mappings()]).items():
            within = limits[Channel(key[0])]
            starts = await pace.free_turns(self._db, key, within, len(group), now)
            taken: list[Leased] = []
            for row in group:
                if len(taken) == len(starts):
                    break
                # A turn that one cannot use is for the next one.
                start = starts[len(taken)]
                if not await self._take(row, holder, within, now=now, start=start, until=until):
                    continue
                if one := _leased(row, start, until):
                    taken.append(one)
                else:
                    await self._leave(row, holder, now)
            await pace.use_turns(self._db, key, within, taken)
            leased += taken
        return leased

    async def _take(  # noqa: PLR0913 (three moments)
        self,
        row: Mapping[str, Any],
        holder: str,
        limits: Limits,
        *,
        now: datetime,
        start: datetime,
        until: datetime,
    ) -> bool:
        """Hold a conversation, unless others do; one whose window is full until it is not."""
        free = rules.free_at(limits, moments_of(row["sent"]), now)
        if free > start:
            await lanes.hold(self._db, row, "", free, now)
            return False
        return await lanes.hold(self._db, row, holder, until, now)

    async def _leave(self, row: Mapping[str, Any], holder: str, now: datetime) -> None:
        """Leave a message that a newer program wrote to that program, and go on without it."""
        later = update(OUT).where(OUT.c.id == row["id"])
        await self._db.run(later.values(not_before=now + UNREADABLE_WAIT, reason=UNREADABLE))
        await lanes.let_go(self._db, row["channel"], row["lane"], holder)

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        when = select(func.min(OUT.c.not_before)).where(
            OUT.c.state == WAITING,
            _of(channels, self._db.dialect),
            OUT.c.not_before > after,
        )
        found: datetime | None = (await self._db.run(when)).scalar_one()
        return found


def _of(channels: Collection[Channel], dialect: str) -> ColumnElement[bool]:
    """Return a condition that leaves a planner no choice but the order in which they are due.

    SQLite would take the index of the lanes, and sort all that wait. PostgreSQL, told of one
    channel and knowing no figures yet, would look for what is earlier by that channel alone.
    """
    names = [one.value for one in channels]
    if dialect == "postgresql":
        return OUT.c.channel.in_([*names, ""])
    return OUT.c.channel.concat("").in_(names)


def _due(channels: Collection[Channel], now: datetime, most: int, dialect: str) -> Select[Any]:
    """Select the first waiting message of each free conversation, where it is due."""
    earlier = exists().where(
        EARLIER.c.channel == OUT.c.channel,
        EARLIER.c.lane == OUT.c.lane,
        in_the_way(now),
        EARLIER.c.id < OUT.c.id,
    )
    lane = and_(LANE.c.channel == OUT.c.channel, LANE.c.lane == OUT.c.lane)
    paced = and_(PACE.c.channel == OUT.c.channel, PACE.c.tenant == OUT.c.tenant)
    return (
        select(OUT, LANE.c.sent)
        .join(LANE, lane, isouter=True)
        .join(PACE, paced, isouter=True)
        .where(
            OUT.c.state == WAITING,
            OUT.c.not_before <= now,
            _of(channels, dialect),
            or_(LANE.c.until.is_(None), LANE.c.until <= now),
            or_(PACE.c.paused_until.is_(None), PACE.c.paused_until <= now),
            ~earlier,
        )
        # As the index has it, so that it reads no further than `most`; ties are as they were added.
        .order_by(OUT.c.not_before)
        .limit(most)
        .with_for_update(of=OUT, skip_locked=True)
    )


def _by_tenant(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["channel"], row["tenant"]), []).append(row)
    return groups


def _leased(row: Mapping[str, Any], start: datetime, until: datetime) -> Leased | None:
    """Return None for what only a newer program can read."""
    try:
        message = message_of(row)
    except ValidationError:
        return None
    return Leased(message, row["at"], start, moments_of(row["sent"]), row["expires"], until)
