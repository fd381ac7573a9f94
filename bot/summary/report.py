"""What is told of a week: its figures, the lists that belong to them, and how it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.core.ids import LocationId, PollId, RoundId
from bot.summary.model import Stale
from bot.summary.week import Week


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
