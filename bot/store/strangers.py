"""Keeps what people said of whom it could not be found out who they are."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Select, and_, bindparam, case, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.reply import Channel, Incoming
from bot.core.turn import Unmet
from bot.store.db import Repository
from bot.store.outbox.leasing import UNREADABLE_WAIT
from bot.store.prepared import Prepared
from bot.store.tables import StrangerRow, table_of

_SAID = table_of(StrangerRow)
_EARLIER = _SAID.alias("earlier")
_COLUMNS = [one.name for one in _SAID.c if one.name != "id"]
_json: TypeAdapter[Incoming] = TypeAdapter(Incoming)
_THEIRS = and_(
    _SAID.c.channel == bindparam("in_channel"), _SAID.c.address == bindparam("at_address")
)
_OF = Prepared(select(_SAID).where(_THEIRS).order_by(_SAID.c.id))
UNREAD = -1
"""Tries of what only a newer program can read: put off, and in nobody's way."""
_FIRST = ~exists().where(
    _EARLIER.c.channel == _SAID.c.channel,
    _EARLIER.c.address == _SAID.c.address,
    _EARLIER.c.id < _SAID.c.id,
    _EARLIER.c.tries != UNREAD,
)
_DUE = bindparam("is_due", type_=_SAID.c.due.type)
# Locked in order of their ids, as they are forgotten: so units that do both cannot lock up.
_IN_ORDER = select(_SAID.c.id).where(_THEIRS, _SAID.c.due > _DUE).order_by(_SAID.c.id)
_SOONER = Prepared(
    update(_SAID).where(_SAID.c.id.in_(_IN_ORDER.with_for_update())).values(due=_DUE)
)
_THIS = _SAID.c.id == bindparam("of")
_HOLD = Prepared(update(_SAID).where(_THIS).values(due=_DUE))
_LEAVE = Prepared(update(_SAID).where(_THIS).values(due=_DUE, tries=UNREAD))
# Who speaks meanwhile is looked up as soon as that says, and who takes it over meanwhile holds it.
_HELD = _SAID.c.due == bindparam("held", type_=_SAID.c.due.type)
_POSTPONE = Prepared(
    update(_SAID)
    .where(_THIS)
    .values(due=case((_HELD, _DUE), else_=_SAID.c.due), tries=_SAID.c.tries + 1)
)
_DROP = Prepared(delete(_SAID).where(_THIS))
_FORGET = Prepared(delete(_SAID).where(_SAID.c.at < bindparam("before")))


class SqlStrangers(Repository):
    """Fulfils `bot.dialogs.ports.Strangers` and `bot.retention.ports.Forgetful`."""

    async def add(self, said: Unmet) -> bool:
        who = said.incoming.sender
        row = {
            "channel": who.channel.value,
            "message_id": said.incoming.message_id,
            "address": who.address,
            "incoming": _json.dump_json(said.incoming).decode(),
            "at": said.at,
            "due": said.due,
            "tries": said.tries,
        }
        added = bool(await self._db.change(_once(self._db.dialect), row))
        if added:
            await self._db.change(
                _SOONER, {**_theirs(who.channel, who.address), "is_due": said.due}
            )
        return added

    async def of(self, channel: Channel, address: str) -> Sequence[Unmet]:
        return _read(await self._db.rows(_OF, _theirs(channel, address)))

    async def take(
        self, channels: Collection[Channel], *, now: datetime, until: datetime, most: int
    ) -> Sequence[Unmet]:
        taken: list[Unmet] = []
        while rows := (await self._db.run(_due(channels, now, most - len(taken)))).all():
            found = _read(rows)
            held = {one.id for one in found}
            unread = [row.id for row in rows if row.id not in held]
            later = now + UNREADABLE_WAIT
            await self._db.change_each(_HOLD, [{"of": which, "is_due": until} for which in held])
            await self._db.change_each(_LEAVE, [{"of": which, "is_due": later} for which in unread])
            taken += [replace(one, due=until) for one in found]
        return taken

    async def postpone(self, said: Unmet, due: datetime) -> None:
        await self._db.change(_POSTPONE, {"of": said.id, "held": said.due, "is_due": due})

    async def drop(self, which: int) -> bool:
        return bool(await self._db.change(_DROP, {"of": which}))

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        when = select(func.min(_SAID.c.due)).where(
            _SAID.c.channel.in_([*channels]), _SAID.c.due > after, _FIRST
        )
        found: datetime | None = (await self._db.run(when)).scalar_one()
        return found

    async def forget_texts(self, before: datetime) -> int:
        """Drop what was said before then: it can be read by no program that runs."""
        return await self._db.sweep(_FORGET, {"before": before})


@cache
def _once(dialect: str) -> Prepared:
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
    return Prepared(new(_SAID).values(values).on_conflict_do_nothing())


def _due(channels: Collection[Channel], now: datetime, most: int) -> Select[Any]:
    return (
        select(_SAID)
        .where(_SAID.c.due <= now, _SAID.c.channel.in_([*channels]), _FIRST)
        .order_by(_SAID.c.due, _SAID.c.id)
        .limit(most)
        .with_for_update(of=_SAID, skip_locked=True)
    )


def _theirs(channel: Channel, address: str) -> dict[str, str]:
    return {"in_channel": channel.value, "at_address": address}


def _read(rows: Iterable[Any]) -> list[Unmet]:
    """Return what can be read: what a newer program wrote is left to that program."""
    found = []
    for row in rows:
        with suppress(ValidationError):
            incoming = _json.validate_json(row.incoming)
            found.append(Unmet(incoming, row.at, row.due, max(row.tries, 0), row.id))
    return found
