"""Keeps where each person can be reached."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select, update

from bot.core.ids import PersonId, TeamId
from bot.core.reply import Channel, Place, read_place, write_place
from bot.people.model import (
    ChannelName,
    Met,
    NamedChannel,
    Reach,
    Role,
    Unreached,
    Whereabouts,
)
from bot.store import reach
from bot.store.db import Repository
from bot.store.person_rows import person_of
from bot.store.prepared import Prepared
from bot.store.tables import (
    ChannelAddressRow,
    LocationRow,
    MembershipRow,
    NamedChannelRow,
    PersonRow,
    SectorRow,
    TeamRow,
    replace_row,
    table_of,
)

_ADDRESS, _PERSON = table_of(ChannelAddressRow), table_of(PersonRow)
_MEMBER, _TEAM, _SECTOR = table_of(MembershipRow), table_of(TeamRow), table_of(SectorRow)
_LOCATION, _NAMED = table_of(LocationRow), table_of(NamedChannelRow)
_WHO = and_(
    _ADDRESS.c.channel == bindparam("in_channel"), _ADDRESS.c.address == bindparam("at_address")
)
_MET = Prepared(
    select(
        *(_PERSON.c[name] for name in ("id", "name", "email", "language", "roles", "source")),
        *(_PERSON.c[name] for name in ("active", "settled", "location")),
        _MEMBER.c.team,
        _SECTOR.c.name.label("sector"),
        _LOCATION.c.name.label("place_name"),
        *(_ADDRESS.c.place, _ADDRESS.c.lost),
    )
    .select_from(_ADDRESS)
    .join(_PERSON, _PERSON.c.id == _ADDRESS.c.person)
    .join(_MEMBER, _MEMBER.c.person == _PERSON.c.id, isouter=True)
    .join(_TEAM, _TEAM.c.id == _MEMBER.c.team, isouter=True)
    .join(_SECTOR, _SECTOR.c.id == _TEAM.c.sector, isouter=True)
    .join(_LOCATION, _LOCATION.c.id == _PERSON.c.location, isouter=True)
    .where(_WHO)
    .order_by(_MEMBER.c.place)
)
_REACH = update(_ADDRESS).where(_WHO).values(place=bindparam("now_at"), lost="")
_LOSE = update(_ADDRESS).where(_WHO, _ADDRESS.c.lost == "").values(lost=bindparam("why"))

_OF = and_(
    *(_ADDRESS.c.person == _PERSON.c.id, _ADDRESS.c.channel == bindparam("in_channel")),
    # Who never had the app was not lost.
    ~_ADDRESS.c.address.startswith(reach.UNOPENED),
)
_REACHED = exists().where(_OF, _ADDRESS.c.lost == "", _ADDRESS.c.place != "")
_WHY = select(func.max(_ADDRESS.c.lost)).where(_OF).scalar_subquery()
_UNREACHED = (
    select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.roles, func.coalesce(_WHY, "").label("lost"))
    .where(_PERSON.c.active.is_(True), ~_REACHED)
    .order_by(_PERSON.c.findable, _PERSON.c.id)
)
_ACTIVE = select(func.count()).where(_PERSON.c.active.is_(True))


class SqlAddresses(Repository):
    """Fulfils `bot.people.ports.Addresses`."""

    async def met(self, channel: Channel, address: str) -> Met | None:
        which = {"in_channel": channel.value, "at_address": address}
        rows = await self._db.rows(_MET, which)
        return _met(rows) if rows else None

    async def reach(self, channel: Channel, address: str, place: Place) -> None:
        which = {"in_channel": channel.value, "at_address": address}
        await self._db.run(_REACH, {**which, "now_at": write_place(place)})

    async def lose(self, channel: Channel, address: str, why: str) -> None:
        which = {"in_channel": channel.value, "at_address": address}
        await self._db.run(_LOSE, {**which, "why": why})

    async def reached(self, channel: Channel) -> Reach:
        total = (await self._db.run(_ACTIVE)).scalar_one()
        missed = await self.unreached(channel)
        return Reach(total, total - len(missed), sum(bool(one.lost) for one in missed))

    async def unreached(self, channel: Channel) -> list[Unreached]:
        found = await self._db.run(_UNREACHED, {"in_channel": channel.value})
        return [
            Unreached(PersonId(row.id), row.name, frozenset(map(Role, row.roles)), row.lost)
            for row in found
        ]

    async def can_be_told(self, people: Collection[PersonId]) -> Collection[PersonId]:
        return await reach.can_be_told(self._db, people)

    async def name_channel(self, named: NamedChannel) -> None:
        place = write_place(named.place)
        values = {"place": place, "who": named.who, "at": named.at}
        await replace_row(self._session, NamedChannelRow, {"name": named.name.value}, values)

    async def named_channels(self) -> list[NamedChannel]:
        found = await self._db.run(select(_NAMED).order_by(_NAMED.c.name))
        return [
            NamedChannel(
                ChannelName(row.name),
                read_place(row.place),
                PersonId(row.who),
                row.at,
            )
            for row in found
        ]


def _met(rows: Any) -> Met:
    first = rows[0]
    person = person_of(first, tuple(TeamId(row.team) for row in rows if row.team))
    sectors = frozenset(row.sector for row in rows if row.sector)
    works = Whereabouts(sectors, first.place_name or "")
    return Met(person, works, read_place(first.place) if first.place else None, first.lost)
