"""Reads college.yaml: the college's name, its fields, units and coaches."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.core.errors import CollegeFileError, SaidError, at
from bot.core.moments import WEEK
from bot.core.reply import Say, Value
from bot.core.shape import shape_problem
from bot.core.yaml_text import YamlTextError, read_yaml, unreadable
from bot.people.model import CoachProfile, ListedHour, ListedUnits, Scope
from bot.worktime.closures import SCHOOLS_CLOSE, Closed, Closures, Holiday
from bot.worktime.week import OFFICE, read_hours, read_week
from bot.worktime.worktime import WorkTime

_Entries = TypeVar("_Entries", bound=Collection[object])


def _forward(hours: str) -> str:
    try:
        read_hours(hours)
    except ValueError:
        raise SaidError(Say("college_file.hours_backwards", {"hours": hours})) from None
    return hours


def _some(entries: _Entries) -> _Entries:
    # With pydantic's own least length a list of one wrong entry is called empty as well.
    if not entries:
        raise SaidError(Say("college_file.none"))
    return entries


def _backwards(first: date, last: date) -> SaidError:
    return SaidError(Say("college_file.days_backwards", {"first": str(first), "last": str(last)}))


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Hours = Annotated[
    str,
    Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"),
    AfterValidator(_forward),
]
Weekday = Annotated[str, Field(pattern=r"^(ma|di|wo|do|vr|za|zo)$")]
Fields = Mapping[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitEntry(_Strict):
    """A location or a sector; its fields go before the college's."""

    name: Name
    fields: Fields = Field(default_factory=dict)


class TeamEntry(_Strict):
    """A team, by name, in a sector at a location."""

    name: Name
    sector: Name
    location: Name


class WalkInEntry(_Strict):
    """A weekly walk-in hour, in slots of so many minutes; without `place` in the coach's room."""

    day: Weekday
    hours: Hours
    minutes: Annotated[int, Field(ge=5, le=240)] = 15
    seats: Annotated[int, Field(ge=1, le=100)] = 1
    place: Annotated[str, Field(max_length=100)] = ""
    link: Annotated[str, Field(pattern=r"^(https://\S+)?$", max_length=400)] = ""
    open_to: Literal["team", "location", "everyone"] = "everyone"
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _has_a_slot(self) -> "WalkInEntry":
        if self.first and self.last and self.last < self.first:
            raise _backwards(self.first, self.last)
        hours, day = read_hours(self.hours), date.min
        long = datetime.combine(day, hours.end) - datetime.combine(day, hours.start)
        if long < timedelta(minutes=self.minutes):
            data: dict[str, Value] = {"minutes": self.minutes, "hours": self.hours}
            raise SaidError(Say("college_file.no_slot", data))
        return self

    def meets(self, other: "WalkInEntry") -> bool:
        """Tell whether two are at the same time on some day."""
        mine, theirs = read_hours(self.hours), read_hours(other.hours)
        days = (self.first or date.min) <= (other.last or date.max) and (
            other.first or date.min
        ) <= (self.last or date.max)
        same_time = mine.start < theirs.end and theirs.start < mine.end
        return self.day == other.day and days and same_time

    def listed(self, room: str) -> ListedHour:
        hours = read_hours(self.hours)
        same = self.model_dump(include={"minutes", "seats", "link", "open_to", "first", "last"})
        place = self.place or ("" if self.link else room)
        weekday = WEEK.index(self.day)
        return ListedHour(weekday, hours.start, hours.end, place=place, **same)


class CoachEntry(_Strict):
    """A coach's profile; the person stands in people.csv under the same e-mail address."""

    email: Name
    fte: Annotated[float, Field(gt=0, le=1)]
    scope: Scope = Scope.LOCATION
    room: str = ""
    phone: str = ""
    topics: tuple[str, ...] = ()
    strengths: Mapping[str, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)
    pattern: Mapping[Weekday, Hours] = Field(default_factory=dict)
    max_open: Annotated[int, Field(ge=1, le=50)] = 5
    walkin: tuple[WalkInEntry, ...] = ()

    def profile(self) -> CoachProfile:
        return CoachProfile(**self.model_dump(exclude={"email", "walkin"}))

    def clashes(self) -> Iterator[Say]:
        """Yield a sentence for each two walk-in hours at the same time."""
        for one, other in combinations(self.walkin, 2):
            if one.meets(other):
                data = {"one": f"{one.day} {one.hours}", "other": f"{other.day} {other.hours}"}
                yield Say("college_file.clash", {"coach": self.email, **data})


class ClosedEntry(_Strict):
    """Days on which the college is closed; without `last` it is one day.

    With `locations` it is only those: school holidays differ by region.
    """

    name: Name
    first: date
    last: date | None = None
    locations: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _forward(self) -> "ClosedEntry":
        if self.last and self.last < self.first:
            raise _backwards(self.first, self.last)
        return self

    def closed(self) -> Closed:
        return Closed(self.first, self.last or self.first)


class CollegeFile(_Strict):
    """The whole file. `fields` fill the sentences of FAQ answers.

    School holidays, of whatever region, stand under `closed`: colleges set their own.
    """

    name: Name
    fields: Fields = Field(default_factory=dict)
    locations: Annotated[tuple[UnitEntry, ...], AfterValidator(_some)]
    sectors: Annotated[tuple[UnitEntry, ...], AfterValidator(_some)]
    teams: Annotated[tuple[TeamEntry, ...], AfterValidator(_some)]
    coaches: tuple[CoachEntry, ...] = ()
    hours: Annotated[Mapping[Weekday, Hours], AfterValidator(_some)] = Field(
        default_factory=lambda: OFFICE
    )
    closed: tuple[ClosedEntry, ...] = ()
    holidays: frozenset[Holiday] = frozenset(SCHOOLS_CLOSE)

    @model_validator(mode="after")
    def _names_are_known_and_unique(self) -> "CollegeFile":
        clashes = (clash for coach in self.coaches for clash in coach.clashes())
        problems = [*self._twice(), *self._unknown(), *clashes]
        if problems:
            raise SaidError(*problems)
        return self

    def _twice(self) -> Iterator[Say]:
        names: Mapping[str, Iterable[str]] = {
            "locations": (entry.name for entry in self.locations),
            "sectors": (entry.name for entry in self.sectors),
            "teams": (entry.name for entry in self.teams),
            "coaches": (entry.email.lower() for entry in self.coaches),
        }
        for what, all_names in names.items():
            twice = sorted(name for name, times in Counter(all_names).items() if times > 1)
            if twice:
                yield Say("college_file.twice", {"what": what, "names": ", ".join(twice)})

    def _unknown(self) -> Iterator[Say]:
        places = {entry.name for entry in self.locations}
        sectors = {entry.name for entry in self.sectors}
        for closed in self.closed:
            for place in sorted({*closed.locations} - places):
                yield _no_such("no_location", f"closed {closed.name}", place)
        for team in self.teams:
            if team.sector not in sectors:
                yield _no_such("no_sector", f"team {team.name}", team.sector)
            if team.location not in places:
                yield _no_such("no_location", f"team {team.name}", team.location)

    def units(self) -> ListedUnits:
        return ListedUnits(
            tuple(entry.name for entry in self.locations),
            tuple(entry.name for entry in self.sectors),
            {team.name: (team.sector, team.location) for team in self.teams},
        )

    def worktime(self, zone: ZoneInfo) -> WorkTime:
        closed = tuple(entry.closed() for entry in self.closed if not entry.locations)
        closed_at: dict[str, tuple[Closed, ...]] = {}
        for entry in self.closed:
            for place in entry.locations:
                closed_at[place] = (*closed_at.get(place, ()), entry.closed())
        closures = Closures(self.holidays, closed)
        return WorkTime(zone, read_week(self.hours), closures, closed_at)

    def walkins(self) -> dict[str, tuple[ListedHour, ...]]:
        """Return the walk-in hours by their coach's address."""
        return {
            coach.email.lower(): tuple(one.listed(coach.room) for one in coach.walkin)
            for coach in self.coaches
        }

    def profiles(self) -> dict[str, CoachProfile]:
        return {coach.email.lower(): coach.profile() for coach in self.coaches}


def read_college(path: Path) -> CollegeFile:
    """Read and check a college file; raises CollegeFileError with one sentence a problem.

    Names are compared once every field by itself is right.
    """
    try:
        return CollegeFile.model_validate(read_yaml(path.read_text("utf-8")))
    except FileNotFoundError:
        raise CollegeFileError([Say("college_file.gone", {"file": str(path)})]) from None
    except ValidationError as wrong:
        raise CollegeFileError([*_problems(wrong, str(path))]) from None
    except (OSError, UnicodeDecodeError, YamlTextError) as wrong:
        raise CollegeFileError([unreadable(wrong, str(path))]) from None


def _no_such(key: str, where: str, name: str) -> Say:
    return Say(f"college_file.{key}", {"where": where, "name": name})


def _problems(wrong: ValidationError, file: str) -> Iterator[Say]:
    for error in wrong.errors():
        place = ".".join(str(part) for part in error["loc"])
        own = error.get("ctx", {}).get("error")
        if isinstance(own, SaidError):
            yield from (at(f"{file}: {place}" if place else file, one) for one in own.said)
        else:
            yield shape_problem(error, None, file)
