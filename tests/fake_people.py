"""People in memory, and where they are reached."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.core.errors import ConflictError
from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.core.reply import Channel, Language, Place, Sender
from bot.people.model import (
    GONE,
    REMOVED,
    Coach,
    ImportPlan,
    Listed,
    ListedUnits,
    Location,
    Met,
    NamedChannel,
    Person,
    Reach,
    Role,
    Sector,
    Source,
    StoredPerson,
    Team,
    Units,
    Unreached,
    Whereabouts,
)
from bot.people.rules import settled_teams
from tests.fake_shelves import Shelves


class MemoryPeople:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def by_address(self, channel: Channel, address: str) -> Person | None:
        holder = self._on.addresses.get((channel, address))
        return self._on.people[holder] if holder else None

    async def by_identity(self, entra_id: str, email: str) -> Person | None:
        imported = [one for one in self._on.people.values() if one.source is Source.IMPORT]
        return self._identified(entra_id, email, imported)

    async def by_id(self, person: PersonId) -> Person | None:
        return self._on.people.get(person)

    async def by_ids(self, people: Collection[PersonId]) -> list[Person]:
        return [one for one in self._in_order() if one.id in people]

    async def languages(self, people: Collection[PersonId]) -> Mapping[PersonId, Language]:
        there = sorted(self._on.people.items())
        return {key: one.language for key, one in there if one.active and key in people}

    async def register(self, sender: Sender, language: Language) -> Person:
        person = self._identified(sender.entra_id, sender.email, self._on.people.values())
        if person is None:
            person = Person(
                id=PersonId(self._on.next_id()),
                name=sender.name,
                email=sender.email.lower(),
                language=language,
                roles=frozenset({Role.TEACHER}),
                source=Source.SELF,
            )
            self._on.people[person.id] = person
            self._on.entra_ids[person.id] = sender.entra_id.lower()
        self._add_address(person.id, sender)
        return person

    async def link(self, person: PersonId, sender: Sender) -> None:
        key = (sender.channel, sender.address)
        holder = self._on.addresses.get(key)
        sources = [self._on.people[one].source for one in (holder, person) if one]
        if holder and sources == [Source.SELF, Source.IMPORT]:
            self._merge(holder, person)
        elif holder != person:
            self._add_address(person, sender)

    def _merge(self, who: PersonId, is_now: PersonId) -> None:
        on = self._on
        ghost = replace(on.people[who], email="", active=False)
        on.people[who], on.entra_ids[who] = ghost, ""
        on.addresses = {
            key: is_now if holder == who else holder for key, holder in on.addresses.items()
        }
        for (holder, channel, kind), one in list(on.pending.items()):
            if holder == who and (is_now, channel, kind) not in on.pending:
                del on.pending[holder, channel, kind]
                on.pending[is_now, channel, kind] = replace(one, person=is_now)
        for asked, one_asked in on.asked.items():
            if one_asked.person == who:
                on.asked[asked] = replace(one_asked, person=is_now)
        on.questions.merge(who, is_now)
        on.walkin.merge(who, is_now)
        on.outbox.merge(who, is_now)
        on.polls.merge(who, is_now)
        for (entry, rater), helped in list(on.ratings.items()):
            if rater == who:
                keys = list(on.ratings)
                newer = (entry, is_now) not in keys or keys.index((entry, is_now)) < keys.index(
                    (entry, who)
                )
                del on.ratings[entry, who]
                if newer:
                    on.ratings[entry, is_now] = helped

    async def settle(
        self, person: PersonId, location: LocationId | None, team: TeamId | None
    ) -> None:
        if known := self._on.people.get(person):
            teams = tuple(settled_teams(known.teams, team))
            self._on.people[person] = replace(known, location=location, teams=teams, settled=True)

    async def speak(self, person: PersonId, language: Language) -> None:
        if known := self._on.people.get(person):
            self._on.people[person] = replace(known, language=language)

    async def units(self) -> Units:
        on = self._on
        return Units(
            tuple(on.locations.values()), tuple(on.sectors.values()), tuple(on.teams.values())
        )

    async def whereabouts(self, person: PersonId) -> Whereabouts:
        one = self._on.people.get(person)
        units = await self.units()
        sectors = {sector.id: sector.name for sector in units.sectors}
        own = {team.sector for team in units.teams if one and team.id in one.teams}
        places = {place.id: place.name for place in units.locations}
        location = places.get(one.location, "") if one and one.location else ""
        return Whereabouts(frozenset(sectors[sector] for sector in own), location)

    async def coaches(self) -> list[Coach]:
        places = {place.id: place.name for place in self._on.locations.values()}
        return [
            Coach(one, self._on.profiles[one.id], places[one.location] if one.location else "")
            for one in self._in_order()
            if one.active and one.id in self._on.profiles
        ]

    async def coach(self, person: PersonId) -> Coach | None:
        return next((one for one in await self.coaches() if one.person.id == person), None)

    async def find(self, name: str, limit: int) -> list[Person]:
        wanted = name.strip().casefold()
        found = [
            one
            for one in self._in_order()
            if one.active
            and any(wanted in part.casefold() for part in (one.name, one.email, *one.roles))
        ]
        return found[:limit]

    async def with_role(self, *roles: Role) -> list[Person]:
        return [one for one in self._in_order() if one.active and one.roles & set(roles)]

    async def stored_people(self) -> Sequence[StoredPerson]:
        return [
            StoredPerson(self._listed(one), one.source, one.active)
            for one in self._in_order()
            if one.email
        ]

    async def stored_units(self) -> ListedUnits:
        places = {place.id: place.name for place in self._on.locations.values()}
        sectors = {sector.id: sector.name for sector in self._on.sectors.values()}
        teams = self._on.teams.values()
        return ListedUnits(
            tuple(places.values()),
            tuple(sectors.values()),
            {team.name: (sectors[team.sector], places[team.location]) for team in teams},
        )

    async def apply(self, plan: ImportPlan) -> None:
        self._apply_units(plan.units)
        renamed = self._renamed(plan)
        by_email = {one.email: one for one in self._on.people.values() if one.email}
        everyone = [*plan.new, *plan.changed]
        known = {
            one.email: by_email.get(one.email) or renamed.get(one.entra_id) for one in everyone
        }
        taken = {one.entra_id for one in everyone if one.entra_id}
        for holder, entra_id in self._on.entra_ids.items():
            self._on.entra_ids[holder] = "" if entra_id in taken else entra_id
        for one in everyone:
            self._apply_person(one, known[one.email])
        for person in [one for one in self._on.people.values() if one.email in plan.gone]:
            if person.source is Source.IMPORT:
                self._on.people[person.id] = replace(person, active=False)

    def _renamed(self, plan: ImportPlan) -> dict[str, Person]:
        listed = {one.email for one in (*plan.new, *plan.changed)}
        people = [one for one in self._on.people.values() if one.email not in listed]
        return {self._on.entra_ids[one.id]: one for one in people if self._on.entra_ids[one.id]}

    def _identified(self, entra_id: str, email: str, people: Iterable[Person]) -> Person | None:
        by_entra = {self._on.entra_ids[one.id]: one for one in people}
        by_email = {one.email: one for one in people}
        known = by_entra.get(entra_id.lower()) if entra_id else None
        return known or (by_email.get(email.lower()) if email else None)

    def _in_order(self) -> list[Person]:
        return sorted(
            self._on.people.values(), key=lambda one: (one.name.casefold(), one.email, one.id)
        )

    def _add_address(self, person: PersonId, sender: Sender) -> None:
        if (sender.channel, sender.address) in self._on.addresses:
            raise ConflictError
        self._on.addresses[sender.channel, sender.address] = person

    def _listed(self, one: Person) -> Listed:
        places = {place.id: place.name for place in self._on.locations.values()}
        names = {team.id: team.name for team in self._on.teams.values()}
        return Listed(
            email=one.email,
            name=one.name,
            roles=tuple(sorted(one.roles)),
            location=places[one.location] if one.location else "",
            teams=tuple(names[team] for team in one.teams),
            language=one.language,
            entra_id=self._on.entra_ids[one.id],
            coach=self._on.profiles.get(one.id),
        )

    def _apply_units(self, units: ListedUnits) -> None:
        on = self._on
        for name in units.locations:
            on.locations.setdefault(name, Location(LocationId(on.next_id()), name))
        for name in units.sectors:
            on.sectors.setdefault(name, Sector(SectorId(on.next_id()), name))
        for name, (sector, location) in units.teams.items():
            known = on.teams.get(name)
            on.teams[name] = Team(
                known.id if known else TeamId(on.next_id()),
                name,
                on.sectors[sector].id,
                on.locations[location].id,
            )

    def _apply_person(self, one: Listed, known: Person | None) -> None:
        person = Person(
            id=known.id if known else PersonId(self._on.next_id()),
            name=one.name,
            email=one.email,
            language=known.language if known else one.language,
            roles=frozenset(one.roles),
            source=Source.IMPORT,
            location=self._on.locations[one.location].id if one.location else None,
            teams=tuple(self._on.teams[name].id for name in one.teams),
            settled=bool(one.location or one.teams or (known and known.settled)),
        )
        self._on.people[person.id] = person
        self._on.entra_ids[person.id] = one.entra_id
        self._on.profiles.pop(person.id, None)
        if one.coach:
            self._on.profiles[person.id] = one.coach


class MemoryAddresses:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def met(self, channel: Channel, address: str) -> Met | None:
        holder = self._on.addresses.get((channel, address))
        if not holder:
            return None
        works = await MemoryPeople(self._on).whereabouts(holder)
        place, lost = self._on.places.get((channel, address), (None, ""))
        return Met(self._on.people[holder], works, place, lost)

    async def reach(self, channel: Channel, address: str, place: Place) -> None:
        if (channel, address) in self._on.addresses:
            self._on.places[channel, address] = place, ""

    async def lose(self, channel: Channel, address: str, why: str) -> None:
        if (channel, address) in self._on.addresses:
            place, lost = self._on.places.get((channel, address), (None, ""))
            self._on.places[channel, address] = place, lost or why

    async def reached(self, channel: Channel) -> Reach:
        active = [one for one in self._on.people.values() if one.active]
        missed = await self.unreached(channel)
        lost = [one for one in missed if one.lost]
        return Reach(len(active), len(active) - len(missed), len(lost))

    async def unreached(self, channel: Channel) -> list[Unreached]:
        missed = []
        for person in MemoryPeople(self._on)._in_order():
            known = [(place, why) for at, place, why in self._known(person.id) if at is channel]
            if person.active and not any(place and not why for place, why in known):
                lost = max((why for _, why in known), default="")
                missed.append(Unreached(person.id, person.name, person.roles, lost))
        return missed

    async def name_channel(self, named: NamedChannel) -> None:
        self._on.named[named.name] = named

    async def named_channels(self) -> list[NamedChannel]:
        return [self._on.named[name] for name in sorted(self._on.named)]

    async def can_be_told(self, people: Collection[PersonId]) -> Collection[PersonId]:
        return {
            one
            for one in people
            if (place := self.reachable(one))
            and (place.conversation or one not in self._on.not_opened)
        }

    def tried(self, person: PersonId, *, opened: bool) -> None:
        """Remember whether a chat could be opened with somebody."""
        (self._on.not_opened.discard if opened else self._on.not_opened.add)(person)

    def reachable(self, person: PersonId) -> Place | None:
        known = self._known(person)
        places = [place for _, place, why in known if place and not why]
        met = [place for place in places if place.channel is not Channel.CONSOLE]
        removed = any(at is Channel.TEAMS and why == REMOVED for at, _, why in known)
        unopened = [] if removed else self._unopened(person)
        return next(iter([*met, *unopened, *([] if self._in_teams() else places)]), None)

    def gone(self, person: PersonId, from_place: Place) -> None:
        for key, who in self._on.addresses.items():
            place, lost = self._on.places.get(key, (None, ""))
            if who == person and place and not lost:
                there = (place.channel, place.conversation)
                if there == (from_place.channel, from_place.conversation):
                    self._on.places[key] = place, GONE

    def _known(self, person: PersonId) -> list[tuple[Channel, Place | None, str]]:
        mine = [key for key, who in self._on.addresses.items() if who == person]
        mine.sort(key=lambda key: key[1])
        mine.sort(key=lambda key: key[0], reverse=True)
        return [(Channel(key[0]), *self._on.places.get(key, (None, ""))) for key in mine]

    def _unopened(self, person: PersonId) -> list[Place]:
        own = self._on.entra_ids.get(person)
        met = self._in_teams()
        return [replace(place, conversation="", person=own) for place in met] if own else []

    def _in_teams(self) -> list[Place]:
        met = [place for _, (place, _) in sorted(self._on.places.items()) if place]
        return [
            place
            for place in met
            if place.channel is Channel.TEAMS
            and all((place.conversation, place.person, place.service, place.tenant, place.bot))
        ]
