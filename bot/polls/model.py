"""The values of this feature: polls, their rounds, who was asked, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from bot.core.ids import LocationId, PersonId, PollId, RoundId, SectorId, TeamId


class Kind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # 1 to 5
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any of the options
    NUMBER = "number"
    OPEN = "open"


@dataclass(frozen=True)
class Goal:
    """What a college aims at: `share` of the answers are at least `least`.

    At least 4 on a scale, at least three options, at least the number 4. A share of 0 says that the
    mean is at least so much, of a scale or a number.
    """

    share: float
    least: int


@dataclass(frozen=True)
class Asks:
    """One question of a poll. `low` and `high` say what 1 and 5 of a scale mean."""

    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    goal: Goal | None = None


@dataclass(frozen=True)
class Audience:
    """Who is asked: with one of the roles, and of one of the places, sectors and teams if given."""

    roles: frozenset[str] = frozenset({"teacher"})
    locations: frozenset[LocationId] = frozenset()
    sectors: frozenset[SectorId] = frozenset()
    teams: frozenset[TeamId] = frozenset()


class ClosedDay(StrEnum):
    """What becomes of a round on a day that the college is closed."""

    MOVE = "move"  # to the first open day
    SKIP = "skip"


@dataclass(frozen=True)
class Schedule:
    """When rounds start, in local time: on `first`, and then `every` so many weeks; 0 is once."""

    first: date
    at: time
    every: int = 0
    closed_day: ClosedDay = ClosedDay.MOVE


class Breakdown(StrEnum):
    """By what the answers are split, chosen when the poll is made."""

    NONE = ""
    LOCATION = "location"
    SECTOR = "sector"
    TEAM = "team"


class PollState(StrEnum):
    """Whether a poll has more rounds. A draft has none yet."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Form:
    """What is asked, and how: kept with each round, so that a change counts from the next one.

    `days` is how many days a round is open; it closes at the time of day at which it was sent.
    `remind` reminds once, halfway, who has not answered.
    """

    title: str
    questions: tuple[Asks, ...]
    anonymous: bool = True
    days: int = 4
    remind: bool = True
    breakdown: Breakdown = Breakdown.NONE


@dataclass(frozen=True)
class Poll:
    """A poll with its rounds to come. Id 0 is not stored yet; `version` is what a write is for."""

    id: PollId
    owner: PersonId
    form: Form
    audience: Audience
    schedule: Schedule
    state: PollState = PollState.ACTIVE
    version: int = 1


class RoundState(StrEnum):
    """How far a round is. An anonymous one is counted before it is closed: its traces go first."""

    OPEN = "open"
    COUNTED = "counted"
    CLOSED = "closed"


@dataclass(frozen=True)
class Round:
    """One time that a poll is asked. `local`, without a zone, names it: a poll has it once.

    The counts are those at its closing: `asked` of whom `unreachable` could not be told of it, and
    `answered`, who answered anything. `told` says that everybody's invitation was written.
    """

    id: RoundId
    poll: PollId
    local: datetime
    form: Form
    opened: datetime
    closes: datetime
    reminds: datetime | None = None
    state: RoundState = RoundState.OPEN
    asked: int = 0
    unreachable: int = 0
    answered: int = 0
    lost: bool = False
    """Whether votes were lost with a backup that was put back, and everyone was asked again."""
    told: bool = False


class Key(StrEnum):
    """Whether a server can use the key of an anonymous round; `OTHER`: not with its secret."""

    READY = "ready"
    LOST = "lost"
    OTHER = "other"


@dataclass(frozen=True)
class Planned:
    """A round to come: `local` is its time by the schedule, its name; it opens at `opens`, in UTC.

    These differ when the college is closed on that day.
    """

    local: datetime
    opens: datetime


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked, and the name of the group they count in, for each breakdown."""

    person: PersonId
    roles: frozenset[str]
    location: LocationId | None = None
    sectors: frozenset[SectorId] = frozenset()
    teams: frozenset[TeamId] = frozenset()
    groups: Mapping[Breakdown, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Invitation:
    """Somebody who was asked. `group` is where their answers count in the breakdown."""

    round: RoundId
    person: PersonId
    group: str = ""
    answered: bool = False


Vote = Mapping[int, str]
"""What someone answered so far, by the number of the question, from 0.

A scale and a number are digits; a choice is the number of its option, and choices are theirs in
order with a comma between, or nothing when none was chosen; an open answer is its text.
"""


@dataclass(frozen=True)
class Answer:
    """One answer of a closed round. `person` is None where the poll is anonymous."""

    question: int
    group: str
    value: str
    person: PersonId | None = None


@dataclass(frozen=True)
class Cell:
    """How many of a group were asked, and how many answered."""

    group: str
    asked: int
    answered: int
