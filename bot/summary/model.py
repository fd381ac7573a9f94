"""The values of this feature: what the store counts, and the figures that follow from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.ids import LocationId, PersonId, PollId, RoundId, TeamId

NOWHERE = LocationId(0)
"""The location of people whose location is not known."""
DAYS = 7


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week (ISO 8601), Monday to Sunday in local time; `year` is the week's own."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        found = day.isocalendar()
        return cls(found.year, found.week)

    @classmethod
    def read(cls, text: str) -> "Week":
        """Read `2026-W47`; raises ValueError for what is no week."""
        year, _, number = text.strip().upper().partition("-W")
        if not (len(year) == len("2026") and year.isdecimal() and number.isdecimal()):
            raise ValueError("a week is written as 2026-W47")
        return cls.of(date.fromisocalendar(int(year), int(number), 1))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    def back(self, weeks: int = 1) -> "Week":
        return Week.of(self.monday - timedelta(weeks=weeks))

    def span(self, zone: ZoneInfo) -> "Span":
        """Return from when until when it lasts: an hour more or less when the clock changes."""
        first, next_one = self.monday, self.monday + timedelta(days=DAYS)
        return Span(_midnight(first, zone), _midnight(next_one, zone))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Span:
    """From a moment until another, which is not in it any more."""

    start: datetime
    end: datetime


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


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"
    POINTS = "points"  # 1 to 5
    NEARNESS = "nearness"  # 0 to 1
    RANK = "rank"  # -1 to 1
    RATIO = "ratio"
    CHANGE = "change"  # of a share: -1 to 1


class Part(StrEnum):
    """A section of the summary, in the order in which they are read."""

    POLLS = "polls"
    ANSWERS = "answers"
    ROUTING = "routing"
    NEARNESS = "nearness"
    LOAD = "load"
    WALKIN = "walkin"
    MIX = "mix"


TOO_FEW = "too_few"
"""Stands in the place of a figure that would say too much of too few people."""
Value = int | float | str | None
"""A figure: None when there was nothing to measure; TOO_FEW when there was too little."""


@dataclass(frozen=True)
class Row:
    """A line of a list: what it is called, and its figures by name.

    `of` is whose they are, by id: a coach or a location. Two coaches can have one name.
    """

    name: str
    values: Mapping[str, Value]
    of: int | None = None


@dataclass(frozen=True)
class Asked:
    """What came of one question of a round: None where it is hidden, as of fewer than five.

    `counts` are answers by what was chosen, in the order of the question; `mean` is that of a
    scale or a number. `target` and `reached` are shares: what the college aims at, and what it is.
    Where it aims at a mean, that is `least`.
    """

    text: str
    counts: tuple[tuple[str, int], ...] | None = None
    mean: float | None = None
    trend: tuple[tuple[date, float], ...] = ()
    """The means of up to eight rounds, the oldest first, this one included."""
    target: float | None = None
    reached: float | None = None
    least: int | None = None


@dataclass(frozen=True)
class PollRound:
    """A round of a poll that closed in the week. Who could not be told of it is no non-responder.

    `questions` are as the poll's own rules let them be seen. What was answered in words is not kept
    here, as that goes with retention: it stands with the round that the ids name.
    """

    title: str
    invited: int
    unreachable: int
    answered: int
    questions: tuple[Asked, ...] = ()
    poll: PollId | None = None
    round: RoundId | None = None

    @property
    def response(self) -> float | None:
        """Return the share of who could answer that did."""
        reached = self.invited - self.unreachable
        return self.answered / reached if reached else None


@dataclass(frozen=True)
class Figures:
    """The figures of one week for one audience, and the lists that belong to them.

    `before` are the headlines of the week before.
    """

    values: Mapping[str, Value]
    before: Mapping[str, Value] = field(default_factory=dict)
    polls: tuple[PollRound, ...] = ()
    coaches: tuple[Row, ...] = ()
    teams: tuple[Row, ...] = ()
    locations: tuple[Row, ...] = ()
    topics: tuple[Row, ...] = ()
    stale: tuple[Stale, ...] = ()
    location: LocationId | None = None
    """Where these are of: a coach may read of another place next week. None of all together."""

    def number(self, name: str) -> float:
        """Return a figure to count with: 0 where there is none."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    @property
    def quiet(self) -> bool:
        """Tell whether nothing happened that would fill a section."""
        happened = ("questions", "routed", "got", "closed", "withdrawn", "booked", "walked_in")
        return not self.polls and not any(self.number(name) for name in happened)


@dataclass(frozen=True)
class Sent:
    """The summary of a week as it was sent to an audience, and as it is since it was corrected."""

    week: Week
    audience: str
    at: datetime
    figures: Figures
    corrected: Figures | None = None
    corrected_at: datetime | None = None

    @property
    def current(self) -> Figures:
        return self.corrected or self.figures
