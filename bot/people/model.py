"""The values of this feature. People know each other by name; ids are the database's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property

from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.core.reply import Language, Place


class Role(StrEnum):
    """What someone may do here. A person can have several."""

    TEACHER = "teacher"
    COACH = "coach"
    COORDINATOR = "coordinator"
    CURATOR = "curator"


REMOVED, GONE = "removed", "gone"
"""Why nothing can be said at an address: the app was removed, or the channel knows it no more."""


class Source(StrEnum):
    """Where a person came from: an import may only deactivate whom an import brought."""

    IMPORT = "import"
    SELF = "self"


class Scope(StrEnum):
    """For whom a coach works, from near to far."""

    TEAM = "team"
    SECTOR = "sector"
    LOCATION = "location"
    INSTITUTION = "institution"


@dataclass(frozen=True)
class Location:
    """A place where people work."""

    id: LocationId
    name: str


@dataclass(frozen=True)
class Sector:
    """A part of the college."""

    id: SectorId
    name: str


@dataclass(frozen=True)
class Team:
    """A group of teachers in one sector at one location."""

    id: TeamId
    name: str
    sector: SectorId
    location: LocationId


@dataclass(frozen=True)
class Units:
    """All places, sectors and teams."""

    locations: tuple[Location, ...] = ()
    sectors: tuple[Sector, ...] = ()
    teams: tuple[Team, ...] = ()

    @cached_property
    def by_team(self) -> Mapping[TeamId, Team]:
        """The teams by their ids."""
        return {team.id: team for team in self.teams}


@dataclass(frozen=True)
class Person:
    """Someone the bot talks with. `teams` has the primary one first; `location` may be unknown."""

    id: PersonId
    name: str
    email: str
    language: Language
    roles: frozenset[Role]
    source: Source
    active: bool = True
    location: LocationId | None = None
    teams: tuple[TeamId, ...] = ()
    settled: bool = False
    """Whether location and team are known, or the person said that they are in no list."""

    def acts_as(self, *roles: Role) -> bool:
        """Tell whether they have one of these roles today: who is gone keeps them in name only."""
        return self.active and not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Whereabouts:
    """Where someone works, by name: the sectors of all their teams, and their location."""

    sectors: frozenset[str] = frozenset()
    location: str = ""


@dataclass(frozen=True)
class Met:
    """Who speaks: `works` is None when it was not looked up, `place` is where they were last met.

    `lost` says why nothing can be said there any more; empty when it can.
    """

    person: Person
    works: Whereabouts | None = None
    place: Place | None = None
    lost: str = ""

    def moved(self, place: Place) -> bool:
        """Tell whether `place`, where they speak now, is a new place to reach them at."""
        return place.personal and (self.place != place or bool(self.lost))


@dataclass(frozen=True)
class Reach:
    """How many active people there are, how many can be reached, and how many no longer."""

    people: int
    reached: int
    lost: int


@dataclass(frozen=True)
class Unreached:
    """An active person who can be told nothing; `lost` says why no longer, empty: not yet met."""

    id: PersonId
    name: str
    roles: frozenset[Role]
    lost: str = ""


class ChannelName(StrEnum):
    """The channels that a coordinator points out."""

    COACHES = "coaches"
    COORDINATORS = "coordinators"


@dataclass(frozen=True)
class NamedChannel:
    """Where that channel is, and who said so."""

    name: ChannelName
    place: Place
    who: PersonId
    at: datetime


@dataclass(frozen=True)
class CoachProfile:
    """What a coach can do and when. `fte` is a share of a full week, between 0 and 1."""

    fte: float
    scope: Scope = Scope.LOCATION
    room: str = ""
    phone: str = ""
    topics: tuple[str, ...] = ()
    strengths: Mapping[str, int] = field(default_factory=dict)
    pattern: Mapping[str, str] = field(default_factory=dict)
    """Weekday (`ma`..`vr`) to hours such as `09:00-16:30`, in local time."""
    max_open: int = 5


@dataclass(frozen=True)
class Coach:
    """A person with a coach's profile, and the names of where they are."""

    person: Person
    profile: CoachProfile
    location: str = ""


@dataclass(frozen=True)
class ListedHour:
    """A weekly walk-in hour as the college file lists it; `weekday` 0 is Monday.

    Without `first` it is from now on, without `last` without an end.
    """

    weekday: int
    start: time
    end: time
    minutes: int
    seats: int
    place: str
    link: str
    open_to: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class ListedUnits:
    """Units as the college file lists them: teams by name, with their sector and location."""

    locations: tuple[str, ...]
    sectors: tuple[str, ...]
    teams: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Listed:
    """A person as the files list them; the e-mail address, in lower case, is the key."""

    email: str
    name: str
    roles: tuple[Role, ...]
    location: str
    teams: tuple[str, ...]
    language: Language = "nl"
    entra_id: str = ""
    coach: CoachProfile | None = None


@dataclass(frozen=True)
class Organisation:
    """What a college's files say: its units and its people."""

    units: ListedUnits
    people: tuple[Listed, ...]


@dataclass(frozen=True)
class StoredPerson:
    """A person as stored, in the terms of the files, to compare with them."""

    listed: Listed
    source: Source
    active: bool


@dataclass(frozen=True)
class ImportPlan:
    """What an import will change. `imported` counts the active people that an import brought."""

    units: ListedUnits
    new_units: tuple[str, ...]
    new: tuple[Listed, ...]
    changed: tuple[Listed, ...]
    gone: tuple[str, ...]
    imported: int

    @property
    def empty(self) -> bool:
        return not (self.new_units or self.new or self.changed or self.gone)
