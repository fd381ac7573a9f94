"""What is known of who asks and of each coach, and what ranking them comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.core.reply import Language, Say


class Part(StrEnum):
    """What a score is made of; each part is between 0 and 1."""

    PLACE = "place"
    ORGANISATION = "organisation"
    AVAILABILITY = "availability"

    WORKING = "working"
    WALK_IN = "walk_in"
    SPEED = "speed"
    FREEDOM = "freedom"

    EXPERTISE = "expertise"
    STRENGTH = "strength"
    LANGUAGE = "language"
    CONTINUITY = "continuity"


PROXIMITY = (Part.PLACE, Part.ORGANISATION, Part.AVAILABILITY)
"""The three ways in which people call a coach near, in the research on i-coaches in the mbo."""
AVAILABILITY = (Part.WORKING, Part.WALK_IN, Part.SPEED, Part.FREEDOM)
FIT = (Part.EXPERTISE, Part.STRENGTH, Part.LANGUAGE, Part.CONTINUITY)
"""What stands beside proximity: how well a coach fits this question and this person."""

_SHARES = {
    Part.PLACE: 0.35,
    Part.ORGANISATION: 0.4,
    Part.AVAILABILITY: 0.25,
    Part.WORKING: 0.5,
    Part.WALK_IN: 0.2,
    Part.SPEED: 0.15,
    Part.FREEDOM: 0.15,
    Part.EXPERTISE: 0.4,
    Part.STRENGTH: 0.2,
    Part.LANGUAGE: 0.2,
    Part.CONTINUITY: 0.2,
}


@dataclass(frozen=True)
class Weights:
    """How much each part counts against its neighbours; `fit` is the share of fit in the score.

    With these, one's own coach who is off today stays before another sector's coach who works now
    in the same building; between coaches who are equally near it is availability that decides.
    """

    shares: Mapping[Part, float] = field(default_factory=lambda: _SHARES)
    fit: float = 0.2

    @cached_property
    def adds(self) -> Mapping[Part, float]:
        """What each part adds to the score when it is 1."""
        near = self._parts_of(1 - self.fit, PROXIMITY)
        available = self._parts_of(near[Part.AVAILABILITY], AVAILABILITY)
        return {**near, **available, **self._parts_of(self.fit, FIT)}

    def _parts_of(self, whole: float, parts: Sequence[Part]) -> dict[Part, float]:
        total = sum(self.shares[part] for part in parts)
        return {part: whole * (self.shares[part] / total) if total else 0.0 for part in parts}


def weigh(place: float, organisation: float, availability: float) -> Weights:
    """Return the weights with the three shares of proximity set; only their ratios count."""
    three = dict(zip(PROXIMITY, (place, organisation, availability), strict=True))
    return Weights({**_SHARES, **three})


@dataclass(frozen=True)
class Workplace:
    """Where someone works; the location may be unknown."""

    location: LocationId | None = None
    teams: frozenset[TeamId] = frozenset()
    sectors: frozenset[SectorId] = frozenset()


@dataclass(frozen=True)
class Asker:
    """Who asks. `topic` and `role` say what about, and which role it asks for; empty: unknown."""

    person: PersonId
    works: Workplace = Workplace()
    language: Language = "nl"
    topic: str = ""
    role: str = ""


@dataclass(frozen=True)
class Serves:
    """For whom a coach works, beside their own teams."""

    sectors: frozenset[SectorId] = frozenset()
    location: LocationId | None = None
    everyone: bool = False


@dataclass(frozen=True)
class Absence:
    """Someone is away; `last` is the last day of it, where known."""

    last: date | None = None


@dataclass(frozen=True)
class Availability:
    """How easily a coach is reached now; None is unknown. Times are in the college's zone.

    `until` is when their working day ends, for who works now; `back` when who does not, works
    again. `claim_minutes` is how many working minutes they usually take to pick a question up.
    `open` questions of theirs are weighed against `fte`; from `max_open` on they get no more.
    `offered` are those that they are asked and nobody picked up: these weigh less.
    Who is not `reached` cannot be told that they are asked.
    """

    until: datetime | None = None
    back: datetime | None = None
    walk_in: bool = False
    claim_minutes: float | None = None
    open: int | None = None
    offered: int = 0
    max_open: int = 5
    fte: float = 1.0
    absence: Absence | None = None
    reached: bool = True


@dataclass(frozen=True)
class Candidate:
    """A coach. `helped`: whether this asker before; `assigned`: when last given a question."""

    person: PersonId
    works: Workplace = Workplace()
    serves: Serves = Serves()
    available: Availability = Availability()
    topics: frozenset[str] = frozenset()
    strengths: Mapping[str, int] = field(default_factory=dict)
    """Role to strength, 1 to 5."""
    language: Language = "nl"
    helped: bool = False
    assigned: datetime | None = None


@dataclass(frozen=True)
class Ranked:
    """A coach who can be asked. `proximity` is of the three parts alone, `score` with the fit.

    Reasons have the strongest first; each is a clause that follows on a name.
    """

    coach: Candidate
    score: float
    proximity: float
    parts: Mapping[Part, float]
    reasons: tuple[Say, ...]


@dataclass(frozen=True)
class Passed:
    """A coach who cannot be asked, and the clause that says why."""

    coach: Candidate
    why: Say


@dataclass(frozen=True)
class Ranking:
    """The coaches, nearest first, and who was passed over."""

    ranked: tuple[Ranked, ...]
    passed: tuple[Passed, ...]
