"""The values of this feature: entries, topics that are not ours, and what a message can meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.core.ids import AskedId, EntryId, PersonId, ProposalId, QuestionId


class Level(StrEnum):
    """How far a question reaches: from a button to a course of action."""

    OPERATIONAL = "operationeel"
    TACTICAL = "tactisch"
    STRATEGIC = "strategisch"


class CoachRole(StrEnum):
    """The six roles of a coach (Kennisnet and MBO Digitaal, on the i-coach in the mbo)."""

    TRAINER = "trainer"
    COACH = "coach"
    ADVISER = "adviseur"
    EDUCATIONALIST = "onderwijskundige"
    CHANGE_AGENT = "veranderkundige"
    TECHNOVATOR = "technovator"


class Owner(StrEnum):
    """Who keeps an entry right."""

    COACHES = "coaches"
    SERVICEDESK = "servicedesk"
    PRIVACY = "privacy"
    LIBRARY = "library"
    HR = "hr"


@dataclass(frozen=True)
class English:
    """The English side of an entry."""

    title: str
    answer: str


@dataclass(frozen=True)
class AppliesTo:
    """Names of the sectors and locations an entry is for; empty means all."""

    sectors: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One question with its answer, as a curator wrote it."""

    id: EntryId
    domain: str
    title: str
    answer: str
    variants: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    level: Level = Level.OPERATIONAL
    role: CoachRole = CoachRole.TECHNOVATOR
    owner: Owner = Owner.COACHES
    reviewed_on: date | None = None
    review_after: date | None = None
    applies_to: AppliesTo = AppliesTo()
    shows: str = ""
    """`coach`: the asker's own coach stands under the answer."""
    english: English | None = None


Changes = Mapping[EntryId, Entry | None]
"""Entries as they are now; None for one that is gone."""


@dataclass(frozen=True)
class Topic:
    """Something the bot does not cover: `where` says where to go instead (empty: to a coach)."""

    id: str
    title: str
    where: str
    examples: tuple[str, ...]
    small_talk: str = ""
    """The kind of small talk that it is, if it is any."""


@dataclass(frozen=True)
class Faq:
    """All that the matcher knows."""

    entries: tuple[Entry, ...]
    topics: tuple[Topic, ...] = ()
    small_talk: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    urgent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """A ranked entry; `score` orders entries."""

    entry: Entry
    score: float


@dataclass(frozen=True)
class Answer:
    """Certain enough: `probability` is the calibrated chance that the entry is right."""

    hit: Hit
    probability: float


@dataclass(frozen=True)
class Choices:
    """Two or three near-equal entries."""

    hits: tuple[Hit, ...]
    probability: float


@dataclass(frozen=True)
class NotOurs:
    """A topic that the bot does not cover."""

    topic: Topic
    score: float


@dataclass(frozen=True)
class NoAnswer:
    """Nothing near enough; `nearest` came nearest all the same: it is about that."""

    probability: float
    nearest: Entry | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SmallTalk:
    """A greeting, thanks, a call for help: `kind` is a key of small_talk.yaml."""

    kind: str


Outcome = Answer | Choices | NotOurs | NoAnswer | SmallTalk


@dataclass(frozen=True)
class Asked:
    """A question as stored: its text is redacted, and goes when the retention time is over."""

    id: AskedId
    person: PersonId
    text: str
    outcome: str
    entry: EntryId | None
    score: float
    at: datetime


@dataclass(frozen=True)
class Shipped:
    """An entry of the shipped FAQ, against which the stored one is compared."""

    entry: Entry
    digest: str


@dataclass(frozen=True)
class StoredEntry:
    """An entry as stored.

    `origin` is the digest of the shipped entry that it came from, if any; `edited` tells that the
    college changed it since, `proposed` is the digest last proposed.
    """

    entry: Entry
    origin: str
    edited: bool
    retired: bool
    proposed: str = ""


@dataclass(frozen=True)
class SeedPlan:
    """What shipping a newer FAQ changes: what the college edited only gets a proposal."""

    new: tuple[Shipped, ...]
    changed: tuple[Shipped, ...]
    proposed: tuple[Shipped, ...]
    retired: tuple[EntryId, ...]

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.proposed or self.retired)


class ProposalState(StrEnum):
    """How far a proposal is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Proposal:
    """What a coach would add to the FAQ. Id 0 is one that is not stored yet.

    Without `entry` it becomes a new one; else `wording`, the asker's own words, is added to that
    entry. `reason` says why it was refused. Its texts are empty once they are forgotten.
    """

    id: ProposalId
    proposer: PersonId
    title: str
    answer: str
    wording: str
    domain: str
    level: Level
    role: CoachRole
    at: datetime
    question: QuestionId | None = None
    entry: EntryId | None = None
    state: ProposalState = ProposalState.OPEN
    reason: str = ""
    decided_by: PersonId | None = None
    decided: datetime | None = None

    @property
    def subject(self) -> str:
        """Return what its cards are about."""
        return f"proposal:{self.id}"
