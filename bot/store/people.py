"""Keeps the people of the college, and brings in what its files say of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, delete, insert, select, update

from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.core.reply import Channel, Language, Sender
from bot.people.model import (
    Coach,
    CoachProfile,
    ImportPlan,
    Listed,
    ListedUnits,
    Location,
    Person,
    Role,
    Scope,
    Sector,
    Source,
    StoredPerson,
    Team,
    Units,
    Whereabouts,
)
from bot.store.db import Repository
from bot.store.merging import merge
from bot.store.prepared import Prepared
from bot.store.tables import (
    ChannelAddressRow,
    CoachProfileRow,
    LocationRow,
    MembershipRow,
    PersonRow,
    SectorRow,
    TeamRow,
    table_of,
)

_PERSON, _MEMBER = table_of(PersonRow), table_of(MembershipRow)
_PROFILE, _TEAM = table_of(CoachProfileRow), table_of(TeamRow)
_LOCATION, _SECTOR = table_of(LocationRow), table_of(SectorRow)
_LOCATIONS, _SECTORS, _TEAMS = (
    Prepared(select_columns(*table.c).order_by(table.c.id)) for table in (_LOCATION, _SECTOR, _TEAM)
)
_EVERY_COACH = (
    select_columns(
        *(one for one in _PERSON.c if one.name != "findable"),
        *(one for one in _PROFILE.c if one.name != "person"),
        _MEMBER.c.team,
        _LOCATION.c.name.label("place_name"),
    )
    .join(_PROFILE, _PROFILE.c.person == _PERSON.c.id)
    .join(_MEMBER, _MEMBER.c.person == _PERSON.c.id, isouter=True)
    .join(_LOCATION, _LOCATION.c.id == _PERSON.c.location, isouter=True)
    .where(_PERSON.c.active.is_(True))
    .order_by(_PERSON.c.findable, _PERSON.c.id, _MEMBER.c.place)
)
_COACHES = Prepared(_EVERY_COACH)
_COACH = Prepared(_EVERY_COACH.where(_PERSON.c.id == bindparam("of")))


class SqlPeople(Repository):
    """Fulfils `bot.people.ports.People`."""

    async def by_address(self, channel: Channel, address: str) -> Person | None:
        holder = select(ChannelAddressRow.person).where(
            col(ChannelAddressRow.channel) == channel, col(ChannelAddressRow.address) == address
        )
        return await self._one(col(PersonRow.id).in_(holder))

    async def by_identity(self, entra_id: str, email: str) -> Person | None:
        return await self._identified(entra_id, email, col(PersonRow.source) == Source.IMPORT)

    async def by_id(self, person: PersonId) -> Person | None:
        return await self._one(col(PersonRow.id) == person)

    async def by_ids(self, people: Collection[PersonId]) -> list[Person]:
        return await self._load(col(PersonRow.id).in_(people))

    async def languages(self, people: Collection[PersonId]) -> Mapping[PersonId, Language]:
        active = select(_PERSON.c.id, _PERSON.c.language).where(
            _PERSON.c.id.in_(people), _PERSON.c.active.is_(True)
        )
        found = await self._db.run(active.order_by(_PERSON.c.id))
        return {PersonId(row.id): row.language for row in found}

    async def register(self, sender: Sender, language: Language) -> Person:
        """Store someone new, or add the address to whom we know by the same identity.

        The unit of work ends in ConflictError when the address is someone's already.
        """
        known = await self._identified(sender.entra_id, sender.email)
        if known:
            await self._add_address(known.id, sender)
            return known
        row = _new_row(sender, language)
        self._session.add(row)
        await self._session.flush()
        await self._add_address(PersonId(row.id), sender)
        return _person(row, ())

    async def link(self, person: PersonId, sender: Sender) -> None:
        """Add the address; or make who registered there into whom an import brought.

        Else the unit ends in ConflictError when it is someone else's already.
        """
        holder = await self.by_address(sender.channel, sender.address)
        target = await self.by_id(person)
        sources = (holder and holder.source, target and target.source)
        if holder and sources == (Source.SELF, Source.IMPORT):
            await merge(self._db, holder.id, person)
        elif holder is None or holder.id != person:
            await self._add_address(person, sender)

    async def settle(
        self, person: PersonId, location: LocationId | None, team: TeamId | None
    ) -> None:
        """Store what the person says; `team` comes in the place of their primary one.

        Other teams stay theirs, unless they say that theirs is in no list.
        """
        known = await self.by_id(person)
        if known is None:
            return
        await self._session.exec(
            update(PersonRow)
            .where(col(PersonRow.id) == person)
            .values(location=location, settled=True)
        )
        teams = settled_teams(known.teams, team)
        await self._rewrite(MembershipRow, [person], _memberships(person, teams))

    async def speak(self, person: PersonId, language: Language) -> None:
        mine = update(PersonRow).where(col(PersonRow.id) == person)
        await self._session.exec(mine.values(language=language))

    async def units(self) -> Units:
        return Units(
            tuple(
                Location(LocationId(row.id), row.name)
                for row in await self._db.rows(_LOCATIONS, {})
            ),
            tuple(Sector(SectorId(row.id), row.name) for row in await self._db.rows(_SECTORS, {})),
            tuple(
                Team(TeamId(row.id), row.name, SectorId(row.sector), LocationId(row.location))
                for row in await self._db.rows(_TEAMS, {})
            ),
        )

    async def whereabouts(self, person: PersonId) -> Whereabouts:
        rows = await self._session.exec(
            select(LocationRow.name, SectorRow.name)
            .select_from(PersonRow)
            .join(LocationRow, col(LocationRow.id) == col(PersonRow.location), isouter=True)
            .join(MembershipRow, col(MembershipRow.person) == col(PersonRow.id), isouter=True)
            .join(TeamRow, col(TeamRow.id) == col(MembershipRow.team), isouter=True)
            .join(SectorRow, col(SectorRow.id) == col(TeamRow.sector), isouter=True)
            .where(col(PersonRow.id) == person)
        )
        # Outer joins: what a person does not have comes as None, whatever the types say.
        found: list[tuple[str | None, str | None]] = list(rows)
        location = next((name for name, _ in found), None)
        return Whereabouts(frozenset(name for _, name in found if name), location or "")

    async def coaches(self) -> list[Coach]:
        """Return the active coaches, in order of name."""
        return _coaches(await self._db.rows(_COACHES, {}))

    async def coach(self, person: PersonId) -> Coach | None:
        return next(iter(_coaches(await self._db.rows(_COACH, {"of": person}))), None)

    async def find(self, name: str, limit: int) -> list[Person]:
        holding = (
            select(PersonRow.id)
            .where(
                col(PersonRow.active).is_(True),
                col(PersonRow.findable).contains(name.strip().casefold(), autoescape=True),
            )
            .order_by(col(PersonRow.findable), col(PersonRow.id))
            .limit(limit)
        )
        return await self._load(col(PersonRow.id).in_(holding))

    async def with_role(self, *roles: Role) -> list[Person]:
        # Roles stand in it each on a line of their own.
        lines = [
            col(PersonRow.findable).contains(f"\n{role.value}", autoescape=True) for role in roles
        ]
        found = await self._load(col(PersonRow.active).is_(True), or_(false(), *lines))
        return [one for one in found if one.roles & set(roles)]

    async def stored_people(self) -> list[StoredPerson]:
        """Return all who have an e-mail address, which is how the files know people."""
        units, profiles = await self.units(), await self._profiles()
        places = {place.id: place.name for place in units.locations}
        names = {team.id: team.name for team in units.teams}
        entra_ids = dict((await self._session.exec(select(PersonRow.id, PersonRow.entra_id))).all())
        return [
            StoredPerson(
                Listed(
                    email=one.email,
                    name=one.name,
                    roles=tuple(sorted(one.roles)),
                    location=places[one.location] if one.location else "",
                    teams=tuple(names[team] for team in one.teams),
                    language=one.language,
                    entra_id=entra_ids[one.id] or "",
                    coach=profiles.get(one.id),
                ),
                one.source,
                one.active,
            )
            for one in await self._load(col(PersonRow.email).is_not(None))
        ]

    async def stored_units(self) -> ListedUnits:
        units = await self.units()
        places = {place.id: place.name for place in units.locations}
        sectors = {sector.id: sector.name for sector in units.sectors}
        return ListedUnits(
            tuple(places.values()),
            tuple(sectors.values()),
            {team.name: (sectors[team.sector], places[team.location]) for team in units.teams},
        )

    async def apply(self, plan: ImportPlan) -> None:
        """Store the plan; units that are in no file any more stay, for who still refers to them."""
        await self._apply_units(plan.units)
        await self._apply_people((*plan.new, *plan.changed))
        await self._session.exec(
            update(PersonRow)
            .where(col(PersonRow.email).in_(plan.gone), col(PersonRow.source) == Source.IMPORT)
            .values(active=False)
        )

    async def _one(self, *which: ColumnElement[bool]) -> Person | None:
        return next(iter(await self._load(*which)), None)

    async def _load(self, *which: ColumnElement[bool]) -> list[Person]:
        """Return the people in order of name, each with their teams, in one query."""
        rows = await self._session.exec(
            select(PersonRow, MembershipRow.team)
            .join(MembershipRow, col(MembershipRow.person) == col(PersonRow.id), isouter=True)
            .where(*which)
            .order_by(col(PersonRow.findable), col(PersonRow.id), col(MembershipRow.place)),
            # Statements that change many rows at once pass by what the session remembers.
            execution_options={"populate_existing": True},
        )
        people: dict[int, PersonRow] = {}
        teams: dict[int, list[TeamId]] = {}
        for row, team in rows:
            people[row.id] = row
            teams.setdefault(row.id, []).extend([TeamId(team)] if team else [])
        return [_person(row, tuple(teams[row.id])) for row in people.values()]

    async def _profiles(self) -> dict[PersonId, CoachProfile]:
        rows = await self._session.exec(select(CoachProfileRow))
        return {PersonId(row.person): _profile(row) for row in rows}

    async def _identified(
        self, entra_id: str, email: str, *which: ColumnElement[bool]
    ) -> Person | None:
        entra_id, email = entra_id.lower(), email.lower()
        known = None
        if entra_id:
            known = await self._one(col(PersonRow.entra_id) == entra_id, *which)
        if email and not known:
            known = await self._one(col(PersonRow.email) == email, *which)
        return known

    async def _add_address(self, person: PersonId, sender: Sender) -> None:
        address = ChannelAddressRow(channel=sender.channel, address=sender.address, person=person)
        self._session.add(address)
        await self._session.flush()

    async def _rewrite(
        self,
        table: type[MembershipRow | CoachProfileRow],
        people: Collection[int],
        rows: Sequence[dict[str, Any]],
    ) -> None:
        await self._session.exec(delete(table).where(col(table.person).in_(people)))
        if rows:
            await self._session.exec(insert(table), params=rows)

    async def _apply_units(self, units: ListedUnits) -> None:
        locations = await self._add_named(LocationRow, units.locations)
        sectors = await self._add_named(SectorRow, units.sectors)
        known = {row.name: row for row in await self._session.exec(select(TeamRow))}
        for name, (sector, location) in units.teams.items():
            place = {"sector": sectors[sector], "location": locations[location]}
            row = known.get(name) or TeamRow(name=name, **place)
            row.sqlmodel_update(place)
            self._session.add(row)
        await self._session.flush()

    async def _add_named(
        self, table: type[LocationRow | SectorRow], names: Sequence[str]
    ) -> dict[str, int]:
        known = set(await self._session.exec(select(table.name)))
        self._session.add_all(table(name=name) for name in names if name not in known)
        await self._session.flush()
        return dict((await self._session.exec(select(table.name, table.id))).all())

    async def _apply_people(self, people: Sequence[Listed]) -> None:
        units = await self.units()
        places = {place.name: place.id for place in units.locations}
        teams = {team.name: team.id for team in units.teams}
        await self._write_people(people, places, await self._known(people))
        by_email = await self._session.exec(
            select(PersonRow.email, PersonRow.id).where(col(PersonRow.email).is_not(None))
        )
        every = dict(by_email.all())
        ids = {one.email: every[one.email] for one in people}
        memberships = [
            row
            for one in people
            for row in _memberships(ids[one.email], [teams[name] for name in one.teams])
        ]
        await self._rewrite(MembershipRow, ids.values(), memberships)
        profiles = [{"person": ids[one.email], **asdict(one.coach)} for one in people if one.coach]
        await self._rewrite(CoachProfileRow, ids.values(), profiles)

    async def _known(self, people: Sequence[Listed]) -> dict[str, PersonRow]:
        """Return the rows of those we know: by e-mail address, else by an Entra id.

        The second is how someone keeps what is theirs when their e-mail address changes.
        """
        rows = (await self._session.exec(select(PersonRow))).all()
        known = {row.email: row for row in rows if row.email}
        listed = {one.email for one in people}
        renamed = {row.entra_id: row for row in rows if row.entra_id and row.email not in listed}
        found = {one.email: known.get(one.email) or renamed.get(one.entra_id) for one in people}
        return {email: row for email, row in found.items() if row}

    async def _write_people(
        self,
        people: Sequence[Listed],
        places: Mapping[str, LocationId],
        known: Mapping[str, PersonRow],
    ) -> None:
        # An Entra id may go from one person to another, and no two may hold it on the way.
        entra_ids = [one.entra_id for one in people if one.entra_id]
        holders = update(PersonRow).where(col(PersonRow.entra_id).in_(entra_ids))
        await self._session.exec(holders.values(entra_id=None))
        changed, new = [], []
        for one in people:
            values = _listed_values(one, places)
            row = known.get(one.email)
            if row:
                settled = values["settled"] or row.settled
                changed.append({**values, "id": row.id, "settled": settled})
            else:
                new.append({**values, "language": one.language})
        if changed:
            await self._session.exec(update(PersonRow), params=changed)
        if new:
            await self._session.exec(insert(PersonRow), params=new)


def settled_teams(teams: Sequence[TeamId], team: TeamId | None) -> list[TeamId]:
    """Return someone's teams once `team` is their primary one; None leaves them without any.

    A team that is theirs already comes first; a new one comes in the place of the primary one.
    """
    if team is None:
        return []
    others = teams if team in teams else teams[1:]
    return [team, *(other for other in others if other != team)]


def _findable(name: str, email: str, roles: Iterable[str]) -> str:
    # The name stands first, so that this column gives the order of names as well.
    return "\n".join([name, email, *sorted(roles)]).casefold()


def _new_row(sender: Sender, language: Language) -> PersonRow:
    email = sender.email.lower()
    return PersonRow(
        name=sender.name,
        email=email or None,
        entra_id=sender.entra_id.lower() or None,
        roles=[Role.TEACHER],
        language=language,
        source=Source.SELF,
        findable=_findable(sender.name, email, [Role.TEACHER]),
    )


def _listed_values(one: Listed, places: Mapping[str, LocationId]) -> dict[str, Any]:
    return {
        "name": one.name,
        "email": one.email,
        "entra_id": one.entra_id or None,
        "roles": list(one.roles),
        "source": Source.IMPORT,
        "active": True,
        "settled": bool(one.location or one.teams),
        "location": places[one.location] if one.location else None,
        "findable": _findable(one.name, one.email, one.roles),
    }


def _memberships(person: int, teams: Iterable[TeamId]) -> list[dict[str, Any]]:
    return [{"person": person, "team": team, "place": place} for place, team in enumerate(teams)]


def _person(row: Any, teams: tuple[TeamId, ...]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email or "",
        language="en" if row.language == "en" else "nl",
        roles=frozenset(Role(role) for role in row.roles),
        source=Source(row.source),
        active=row.active,
        location=None if row.location is None else LocationId(row.location),
        teams=teams,
        settled=row.settled,
    )


def _coaches(rows: Sequence[Any]) -> list[Coach]:
    """Return coaches of their rows: one a team, next to each other."""
    each = [list(own) for _, own in groupby(rows, attrgetter("id"))]
    return [
        Coach(
            _person(own[0], tuple(TeamId(row.team) for row in own if row.team)),
            _profile(own[0]),
            own[0].place_name or "",
        )
        for own in each
    ]


def _profile(row: Any) -> CoachProfile:
    return CoachProfile(
        fte=row.fte,
        scope=Scope(row.scope),
        room=row.room,
        phone=row.phone,
        topics=tuple(row.topics),
        strengths=row.strengths,
        pattern=row.pattern,
        max_open=row.max_open,
    )
