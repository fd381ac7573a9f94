"""A store in memory, which passes the same contract tests as the real one."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from bot.core.errors import ConflictError
from bot.core.ids import (
    AskedId,
    EntryId,
    LocationId,
    PersonId,
    ProposalId,
    QuestionId,
    SectorId,
    TeamId,
)
from bot.core.redaction import without_contacts
from bot.core.reply import Channel, Language, Place, Sender
from bot.core.turn import Handled, Heard, Pending
from bot.knowledge.model import (
    Asked,
    Changes,
    Entry,
    Proposal,
    ProposalState,
    SeedPlan,
    Shipped,
    StoredEntry,
)
from bot.occasions.model import Occasion, State
from bot.people.model import (
    GONE,
    REMOVED,
    ChannelName,
    Coach,
    CoachProfile,
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
from bot.store.people import settled_teams
from bot.store.work import ReadOnlyError, Store
from bot.summary.model import Figures, Sent, Week
from tests.fake_ballots import MemoryBallots
from tests.fake_outbox import MemoryOutbox, OutboxShelf
from tests.fake_polls import MemoryPolls, PollShelf
from tests.fake_questions import MemoryQuestions, QuestionShelf
from tests.fake_walkin import MemoryFeeds, MemoryWalkIns, WalkInShelf


@dataclass
class Shelves:
    """All that is stored. Values are frozen, so a copy of the shelves is a snapshot."""

    last_id: int = 0
    locations: dict[str, Location] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    entra_ids: dict[PersonId, str] = field(default_factory=dict)
    profiles: dict[PersonId, CoachProfile] = field(default_factory=dict)
    addresses: dict[tuple[str, str], PersonId] = field(default_factory=dict)
    version: int = 0
    entries: dict[EntryId, StoredEntry] = field(default_factory=dict)
    changed: dict[EntryId, int] = field(default_factory=dict)
    asked: dict[AskedId, Asked] = field(default_factory=dict)
    asked_in: dict[AskedId, str] = field(default_factory=dict)
    choices: dict[AskedId, EntryId | None] = field(default_factory=dict)
    ratings: dict[tuple[EntryId, PersonId], bool] = field(default_factory=dict)
    handled: dict[tuple[str, str], Handled] = field(default_factory=dict)
    pending: dict[tuple[PersonId, str, str], Pending] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[Place | None, str]] = field(default_factory=dict)
    not_opened: set[PersonId] = field(default_factory=set)
    named: dict[ChannelName, NamedChannel] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    outbox: OutboxShelf = field(default_factory=OutboxShelf)
    occasions: dict[tuple[str, str], datetime] = field(default_factory=dict)
    questions: QuestionShelf = field(default_factory=QuestionShelf)
    walkin: WalkInShelf = field(default_factory=WalkInShelf)
    polls: PollShelf = field(default_factory=PollShelf)
    summaries: dict[tuple[str, Week], Sent] = field(default_factory=dict)

    def snapshot(self) -> "Shelves":
        kept = {one.name: copy(getattr(self, one.name)) for one in fields(self)}
        deep = {
            "outbox": self.outbox.snapshot(),
            "questions": self.questions.snapshot(),
            "walkin": self.walkin.snapshot(),
            "polls": self.polls.snapshot(),
        }
        return Shelves(**{**kept, **deep})

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


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


class MemoryKnowledge:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def version(self) -> int:
        return self._on.version

    async def entries(self) -> list[Entry]:
        return [one.entry for one in await self.stored() if not one.retired]

    async def changed_since(self, version: int) -> Changes:
        changed = (one for one, at in self._on.changed.items() if at > version)
        known = {one: self._on.entries[one] for one in changed}
        return {one: None if now.retired else now.entry for one, now in known.items()}

    async def entry(self, entry: EntryId) -> Entry | None:
        known = self._on.entries.get(entry)
        return known.entry if known and not known.retired else None

    async def stored(self) -> Sequence[StoredEntry]:
        return [self._on.entries[entry] for entry in sorted(self._on.entries)]

    async def seed(self, plan: SeedPlan, at: datetime) -> None:
        del at
        for shipped in plan.new:
            if shipped.entry.id in self._on.entries:
                raise ConflictError
            self._change(StoredEntry(shipped.entry, shipped.digest, edited=False, retired=False))
        for shipped in plan.changed:
            self._change(self._changed(shipped))
        for entry in plan.retired:
            self._change(replace(self._on.entries[entry], retired=True))
        for shipped in plan.proposed:
            known = self._on.entries[shipped.entry.id]
            self._on.entries[shipped.entry.id] = replace(known, proposed=shipped.digest)

    async def take_turn(self) -> None:
        """Units never run at once here."""

    async def edit(self, entry: Entry, *, who: PersonId | None, why: str, at: datetime) -> None:
        del who, why, at
        known = self._on.entries.get(entry.id)
        origin, proposed = (known.origin, known.proposed) if known else ("", "")
        self._change(StoredEntry(entry, origin, edited=True, retired=False, proposed=proposed))

    async def record(  # noqa: PLR0913, PLR0917 (the port's own signature)
        self,
        person: PersonId,
        text: str,
        outcome: str,
        entry: EntryId | None,
        score: float,
        at: datetime,
        conversation: str = "",
    ) -> AskedId:
        asked = AskedId(self._on.next_id())
        self._on.asked[asked] = Asked(asked, person, text, outcome, entry, score, at)
        self._on.asked_in[asked] = conversation
        return asked

    async def last_asked(
        self, person: PersonId, conversation: str, since: datetime
    ) -> Asked | None:
        return next(
            (
                one
                for one in reversed(self._on.asked.values())
                if one.person == person and one.at >= since
                if conversation and self._on.asked_in.get(one.id) == conversation
            ),
            None,
        )

    async def asked(self, asked: AskedId) -> Asked | None:
        return self._on.asked.get(asked)

    async def forget_contacts(self, asked: AskedId) -> None:
        if known := self._on.asked.get(asked):
            self._on.asked[asked] = replace(known, text=without_contacts(known.text))

    async def choose(self, asked: AskedId, entry: EntryId | None) -> None:
        if asked in self._on.asked:
            self._on.choices[asked] = entry

    async def rate(
        self, person: PersonId, entry: EntryId, asked: AskedId, *, helped: bool, at: datetime
    ) -> None:
        del asked, at
        self._on.ratings[entry, person] = helped

    async def ratings(self, entry: EntryId) -> tuple[int, int]:
        given = [helped for (rated, _), helped in self._on.ratings.items() if rated == entry]
        return given.count(True), given.count(False)

    async def not_helped(self, person: PersonId) -> Collection[EntryId]:
        given = self._on.ratings.items()
        return {entry for (entry, who), helped in given if who == person and not helped}

    async def forget_texts(self, before: datetime) -> int:
        old = [one for one in self._on.asked.values() if one.at < before and one.text]
        self._on.asked.update({one.id: replace(one, text="") for one in old})
        for one in old:
            self._on.asked_in.pop(one.id, None)
        return len(old)

    def _changed(self, shipped: Shipped) -> StoredEntry:
        known = self._on.entries[shipped.entry.id]
        return replace(known, entry=shipped.entry, origin=shipped.digest, retired=False)

    def _change(self, stored: StoredEntry) -> None:
        self._on.entries[stored.entry.id] = stored
        self._on.version += 1
        self._on.changed[stored.entry.id] = self._on.version


class MemoryProposals:
    def __init__(self, shelves: Shelves) -> None:
        self._on, self._proposals = shelves, shelves.proposals

    async def add(self, key: str, proposal: Proposal) -> tuple[Proposal, bool]:
        known = self._proposals.get(key)
        if known is None:
            self._proposals[key] = replace(proposal, id=ProposalId(self._on.next_id()))
        return self._proposals[key], known is None

    async def get(self, which: ProposalId) -> Proposal | None:
        return next((one for one in self._proposals.values() if one.id == which), None)

    async def about(self, question: QuestionId) -> Sequence[Proposal]:
        return [one for one in self._proposals.values() if one.question == question]

    async def open(self, limit: int) -> Sequence[Proposal]:
        waits = [
            one for one in self._proposals.values() if one.state is ProposalState.OPEN and one.title
        ]
        return sorted(waits, key=lambda one: one.id)[:limit]

    async def decide(self, proposal: Proposal) -> bool:
        for key, known in self._proposals.items():
            if known.id == proposal.id and known.state is ProposalState.OPEN:
                self._proposals[key] = proposal
                return True
        return False

    async def forget_texts(self, before: datetime) -> int:
        empty: dict[str, Any] = {"title": "", "answer": "", "wording": "", "reason": ""}
        old = {
            key: replace(one, **empty)
            for key, one in self._proposals.items()
            if one.at < before and (one.title or one.answer or one.wording or one.reason)
        }
        self._proposals.update(old)
        return len(old)


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


class MemoryInbox:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def add(self, handled: Handled) -> bool:
        key = handled.channel, handled.message_id
        if key in self._on.handled:
            return False
        self._on.handled[key] = handled
        return True

    async def was(self, channel: str, message_id: str, heard: Heard) -> None:
        key = channel, message_id
        self._on.handled[key] = replace(self._on.handled[key], heard=heard)

    async def forget_texts(self, before: datetime) -> int:
        old = [key for key, one in self._on.handled.items() if one.at < before]
        for key in old:
            del self._on.handled[key]
        return len(old)


class MemorySummaries:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def add(self, sent: Sent) -> bool:
        return self._on.summaries.setdefault((sent.audience, sent.week), sent) is sent

    async def get(self, week: Week, audience: str) -> Sent | None:
        return self._on.summaries.get((audience, week))

    async def last(self, audience: str) -> Sent | None:
        return next(iter(await self.newest(audience, 1)), None)

    async def newest(self, audience: str, most: int) -> Sequence[Sent]:
        theirs = [one for one in self._on.summaries.values() if one.audience == audience]
        return sorted(theirs, key=lambda one: one.week, reverse=True)[:most]

    async def correct(self, week: Week, audience: str, figures: Figures, at: datetime) -> None:
        sent = self._on.summaries[audience, week]
        corrected = replace(sent, corrected=figures, corrected_at=at)
        self._on.summaries[audience, week] = corrected


class MemoryPending:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def put(self, pending: Pending) -> None:
        self._on.pending[pending.person, pending.channel, pending.kind] = pending

    async def find(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        return self._on.pending.get((person, channel, kind))

    async def take(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        return self._on.pending.pop((person, channel, kind), None)

    async def forget_texts(self, before: datetime) -> int:
        old = [key for key, one in self._on.pending.items() if one.expires < before]
        for key in old:
            del self._on.pending[key]
        return len(old)


class MemoryOccasions:
    def __init__(self, shelves: Shelves) -> None:
        self._due = shelves.occasions

    async def start(self, thing: str, at: datetime) -> None:
        self._due.setdefault((thing, ""), at)

    async def last(self, thing: str) -> datetime | None:
        return max((due for (known, _), due in self._due.items() if known == thing), default=None)

    async def record(self, thing: str, occasion: Occasion, state: State, at: datetime) -> bool:
        del state, at
        key = thing, occasion.local.isoformat()
        known = key in self._due
        self._due.setdefault(key, occasion.due)
        return not known


@dataclass(frozen=True)
class MemoryWork:
    """Everything one unit of work reaches."""

    people: MemoryPeople
    addresses: MemoryAddresses
    knowledge: MemoryKnowledge
    proposals: MemoryProposals
    inbox: MemoryInbox
    pending: MemoryPending
    outbox: MemoryOutbox
    occasions: MemoryOccasions
    questions: MemoryQuestions
    walkin: MemoryWalkIns
    feeds: MemoryFeeds
    polls: MemoryPolls
    ballots: MemoryBallots
    summaries: MemorySummaries

    @classmethod
    def on(cls, shelves: Shelves) -> "MemoryWork":
        addresses = MemoryAddresses(shelves)
        return cls(
            MemoryPeople(shelves),
            addresses,
            MemoryKnowledge(shelves),
            MemoryProposals(shelves),
            MemoryInbox(shelves),
            MemoryPending(shelves),
            MemoryOutbox(shelves.outbox, addresses.reachable, addresses.gone, addresses.tried),
            MemoryOccasions(shelves),
            MemoryQuestions(shelves.questions),
            MemoryWalkIns(shelves.walkin, lambda one: shelves.people[one].active),
            MemoryFeeds(shelves.walkin),
            MemoryPolls(shelves.polls),
            MemoryBallots(shelves.polls, shelves.outbox, shelves.handled),
            MemorySummaries(shelves),
        )


class MemoryStore:
    """Each unit works on a snapshot; a unit that ends well puts it in the place of the shelves."""

    def __init__(self) -> None:
        self._shelves = Shelves()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with self._turn:
            draft = self._shelves.snapshot()
            yield MemoryWork.on(draft)
            self._shelves = draft

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[MemoryWork]:
        draft = self._shelves.snapshot()
        before = draft.snapshot()
        yield MemoryWork.on(draft)
        if draft != before:
            raise ReadOnlyError

    async def close(self) -> None:
        """Nothing is open."""


AnyStore = Store | MemoryStore
