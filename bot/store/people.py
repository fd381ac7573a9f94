"""Keeps the people of the college."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, bindparam, false, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

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
    Sector,
    Source,
    StoredPerson,
    Team,
    Units,
    Whereabouts,
)
from bot.people.rules import settled_teams
from bot.store.db import Repository
from bot.store.merging import merge
from bot.store.people_import import PeopleImport, rewrite
from bot.store.person_rows import coaches_of, memberships_of, new_row, person_of, profile_of
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
        row = new_row(sender, language)
        self._session.add(row)
        await self._session.flush()
        await self._add_address(PersonId(row.id), sender)
        return person_of(row, ())

    async def link(self, person: PersonId, sender: Sender) -> None:
        """Add the address; or make who registered there into whom an import brought.

        Else the unit ends in ConflictError when it is someone else's already.
        """
        holder = await self.by_address(sender.channel, sender.address)
        target = await self.by_id(person)
        sources = (holder and holder.source, target and target.source)
        if holder and sources == (Source.SELF, Source.IMPORT):
            await merge(self._db, holder.id, person, self._given_seal)
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
        await rewrite(self._session, MembershipRow, [person], memberships_of(person, teams))

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
        found = await self._session.exec(
            select(LocationRow.name, SectorRow.name)
            .select_from(PersonRow)
            .join(LocationRow, col(LocationRow.id) == col(PersonRow.location), isouter=True)
            .join(MembershipRow, col(MembershipRow.person) == col(PersonRow.id), isouter=True)
            .join(TeamRow, col(TeamRow.id) == col(MembershipRow.team), isouter=True)
            .join(SectorRow, col(SectorRow.id) == col(TeamRow.sector), isouter=True)
            .where(col(PersonRow.id) == person)
        )
        # Outer joins: what a person does not have comes as None, whatever the types say.
        names: list[tuple[str | None, str | None]] = list(found)
        location = next((name for name, _ in names), None)
        return Whereabouts(frozenset(name for _, name in names if name), location or "")

    async def coaches(self) -> list[Coach]:
        """Return the active coaches, in order of name."""
        return coaches_of(await self._db.rows(_COACHES, {}))

    async def coach(self, person: PersonId) -> Coach | None:
        return next(iter(coaches_of(await self._db.rows(_COACH, {"of": person}))), None)

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
        await PeopleImport(self._session).apply(plan)

    async def _one(self, *which: ColumnElement[bool]) -> Person | None:
        return next(iter(await self._load(*which)), None)

    async def _load(self, *which: ColumnElement[bool]) -> list[Person]:
        """Return the people in order of name, each with their teams, in one query."""
        found = await self._session.exec(
            select(PersonRow, MembershipRow.team)
            .join(MembershipRow, col(MembershipRow.person) == col(PersonRow.id), isouter=True)
            .where(*which)
            .order_by(col(PersonRow.findable), col(PersonRow.id), col(MembershipRow.place)),
            # Statements that change many rows at once pass by what the session remembers.
            execution_options={"populate_existing": True},
        )
        people: dict[int, PersonRow] = {}
        teams: dict[int, list[TeamId]] = {}
        for row, team in found:
            people[row.id] = row
            teams.setdefault(row.id, []).extend([TeamId(team)] if team else [])
        return [person_of(row, tuple(teams[row.id])) for row in people.values()]

    async def _profiles(self) -> dict[PersonId, CoachProfile]:
        found = await self._session.exec(select(CoachProfileRow))
        return {PersonId(row.person): profile_of(row) for row in found}

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
