"""What the store counts of a week, what is known beside it, and for whom figures are made of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.ids import LocationId, PersonId, TeamId

NOWHERE = LocationId(0)
"""The location of people whose location is not known."""


@dataclass(frozen=True)
class Wait:
    """How long somebody waited: from when they asked until the first time that it was so."""

    location: LocationId
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Opened:
    """A question that was open at a moment, and since when it waited: sent, or opened again."""

    location: LocationId
    since: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """How near the help of a coach felt (1 to 5), and was worked out to be (0 to 1), if it was.

    Of a question that is the last rating.
    """

    asker: PersonId
    location: LocationId
    felt: int
    computed: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A rating as it was given: of the team and coach of then."""

    asker: PersonId
    team: TeamId | None
    coach: PersonId | None
    felt: int


@dataclass(frozen=True)
class Helper:
    """A coach: `fte` is a share of a full week."""

    person: PersonId
    name: str
    location: LocationId
    fte: float


@dataclass(frozen=True)
class Visits:
    """What came of the walk-in hours of a coach: `waits` are minutes on the clock."""

    booked: int = 0
    walked_in: int = 0
    no_show: int = 0
    helped: int = 0
    waits: tuple[float, ...] = ()

    def __add__(self, other: "Visits") -> "Visits":
        return Visits(
            self.booked + other.booked,
            self.walked_in + other.walked_in,
            self.no_show + other.no_show,
            self.helped + other.helped,
            self.waits + other.waits,
        )


@dataclass(frozen=True)
class Stale:
    """An entry of the FAQ that should have been looked at again by `due`."""

    title: str
    due: date


Counts = Mapping[LocationId, Counter[str]]
"""By location, how often each figure was counted; by the names of `FIGURES`."""


@dataclass(frozen=True)
class Counted:
    """All that the store counted of one week."""

    counts: Counts
    open_start: tuple[Opened, ...] = ()
    open_end: tuple[Opened, ...] = ()
    claims: tuple[Wait, ...] = ()
    answers: tuple[Wait, ...] = ()
    got: Mapping[PersonId, int] = field(default_factory=dict)
    """How many questions each coach got: picked up, or was given."""
    visits: Mapping[PersonId, Visits] = field(default_factory=dict)
    topics: Mapping[LocationId, Counter[str]] = field(default_factory=dict)
    """Topics of questions that were sent on because the FAQ had no answer."""


@dataclass(frozen=True)
class Background:
    """What a summary tells beside the counts of its week."""

    helpers: tuple[Helper, ...] = ()
    locations: Mapping[LocationId, str] = field(default_factory=dict)
    teams: Mapping[TeamId, str] = field(default_factory=dict)
    ratings: tuple[Rating, ...] = ()
    """Those of the week."""
    compared: tuple[Rating, ...] = ()
    """All until the end of the week, of help of which it was worked out how near it was."""
    said: tuple[Said, ...] = ()
    """All until then as they were given, the oldest first, also those that another took the place
    of."""
    first_levels: Mapping[LocationId, Counter[str]] = field(default_factory=dict)
    """Levels of the questions sent in the first weeks of all."""
    last_levels: Mapping[LocationId, Counter[str]] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()
    seats: Mapping[PersonId, int] = field(default_factory=dict)
    """Seats that each coach offered in walk-in hours of the week."""


@dataclass(frozen=True)
class Audience:
    """For whom figures are: all, or what happened at one location.

    With a coach, what is counted of the coaches' own work is that of the one.
    """

    location: LocationId | None = None
    coach: PersonId | None = None

    @property
    def key(self) -> str:
        """Return the name that its summaries are stored under: `all`, or `coach:12`."""
        return f"coach:{self.coach}" if self.coach else "all"


EVERYONE = Audience()
