"""The values of this feature: a question on its way, who was asked, and what may happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Language
from bot.proximity.model import Absence

FIRST_CODE = 1000
"""Codes start here: V-7 looks like a mistake, V-1007 like a question."""


class State(StrEnum):
    """How far a question is."""

    OPEN = "open"
    OFFERED = "offered"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can happen to a question. Each is an event, kept for ever."""

    SEND = "send"
    OFFER = "offer"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    ASSIGN = "assign"
    ANSWER = "answer"
    ASK_BACK = "ask_back"
    ADD = "add"
    NOT_SOLVED = "not_solved"
    CLOSE = "close"
    SOLVED = "solved"
    REOPEN = "reopen"
    RATE = "rate"
    EXPIRE = "expire"
    REMIND = "remind"


class Ending(StrEnum):
    """How a question ended: a code that is stored and counted, so it never changes.

    The first four a coach or a coordinator chooses from; the others follow from what happened.
    """

    SOLVED = "solved"
    ELSEWHERE = "elsewhere"
    UNSOLVED = "unsolved"
    NOT_NEEDED = "not_needed"
    BY_ASKER = "by_asker"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    """What somebody is to a question; one can be several."""

    ASKER = "asker"
    HOLDER = "holder"
    COACH = "coach"
    COORDINATOR = "coordinator"
    TIME = "time"


class Source(StrEnum):
    """Where a question came from: the figures of the week add up by it."""

    REFUSED = "refused"
    NOT_OURS = "not_ours"
    NOT_HELPED = "not_helped"
    NONE_OF_THESE = "none_of_these"
    DIRECT = "direct"
    WALK_IN = "walk_in"


class Refusal(StrEnum):
    """Why something was not done: the last word of a key in the catalogues."""

    GONE = "gone"
    NO_COACH = "no_coach"
    NOT_YOURS = "not_yours"
    NOT_COORDINATOR = "not_coordinator"
    OWN = "own"
    HAVE_IT = "have_it"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NOT_ANSWERED = "not_answered"
    TOO_LATE = "too_late"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    LEFT = "left"
    NO_SUCH_COACH = "no_such_coach"
    SAME = "same"
    NO_ENDING = "no_ending"


@dataclass(frozen=True)
class Draft:
    """What is about to be sent. Of two with the same `key` the second is the first."""

    key: str
    asker: PersonId
    text: str
    source: Source
    language: Language
    asked: AskedId | None = None
    note: str = ""
    topic: str = ""
    level: str = ""
    role: str = ""
    wanted: PersonId | None = None
    urgent: bool = False

    @property
    def subject(self) -> str:
        """Return what the cards are about on which it was written."""
        return draft_subject(self.key)


def draft_subject(key: str) -> str:
    """Return what a card is about on which a question is written; `key` as in `Draft`."""
    return f"draft:{key}"


def draft_key(asker: PersonId, card: str) -> str:
    """Return the key of what one person writes on one card."""
    return f"{asker}|{card}"


@dataclass(frozen=True)
class Question:
    """A question as it is now; `version` grows with every change.

    `round` counts how often it was offered from the start: nobody is asked twice in one. `due` is
    when time does something to it: widen its ring, remind somebody, or close it. `proximity` (0 to
    1) is how near its holder was worked out to be, `felt` (1 to 5) how near the help felt,
    `claim_minutes` the working minutes from the holder's offer to their claim. `ending` is how it
    ended, of one that ended; `solved` is what the asker said of it.
    """

    id: QuestionId
    draft: Draft
    state: State
    created: datetime
    version: int = 1
    ring: int = 0
    round: int = 1
    holder: PersonId | None = None
    due: datetime | None = None
    claimed: datetime | None = None
    answered: datetime | None = None
    closed: datetime | None = None
    answer: str = ""
    solved: bool | None = None
    felt: int | None = None
    proximity: float | None = None
    claim_minutes: float | None = None
    ending: Ending | None = None

    @property
    def code(self) -> str:
        """Return its short name, such as `V-1042`."""
        return f"V-{FIRST_CODE + self.id}"

    @property
    def subject(self) -> str:
        """Return what its cards are about."""
        return f"question:{self.id}"

    @property
    def asker(self) -> PersonId:
        return self.draft.asker

    @property
    def unclaimed(self) -> bool:
        return self.state in (State.OPEN, State.OFFERED)

    @property
    def held(self) -> bool:
        return self.state in (State.CLAIMED, State.ANSWERED)

    @property
    def ended(self) -> bool:
        return self.state in (State.CLOSED, State.WITHDRAWN)


@dataclass(frozen=True)
class Presser:
    """Who acts, and what they may be. Roles are those of now, not those of when the card came."""

    person: PersonId
    coach: bool = False
    coordinator: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened; `other` is the second person in it, `text` goes with retention.

    `ending` and `felt` stay: of a question that was opened again, each end it had is kept, and
    each rating as it was given.
    """

    question: QuestionId
    act: Act
    at: datetime
    who: PersonId | None = None
    other: PersonId | None = None
    text: str = ""
    ending: Ending | None = None
    felt: int | None = None


@dataclass(frozen=True)
class Offer:
    """A coach was asked, in a ring of a round; `at` is when they can first have seen it.

    In ring 0 they were not: they gave it back, and are not asked again.
    """

    question: QuestionId
    coach: PersonId
    round: int
    ring: int
    at: datetime
    near: float


@dataclass(frozen=True)
class Standing:
    """What stored events say of a coach: load, speed, whom they helped, when last asked.

    `open` is what they picked up and did not answer yet, `offered` what they are asked and nobody
    picked up.
    """

    open: int = 0
    offered: int = 0
    claim_minutes: float | None = None
    helped: bool = False
    assigned: datetime | None = None


@dataclass(frozen=True)
class Away:
    """Someone cannot be asked from `start` until `until`; None: until further notice.

    `for_today` is 'nu even niet', which is no leave.
    """

    person: PersonId
    start: datetime
    until: datetime | None
    for_today: bool = False

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class RingTimes:
    """How long a question stays in a ring: working minutes, but minutes on the clock if urgent."""

    minutes: tuple[float, float, float] = (20, 40, 120)
    retry: float = 60
    urgent: float = 3


@dataclass(frozen=True)
class Step:
    """What time does to an unclaimed question: its next ring, who is asked, and until when."""

    ring: int
    offers: tuple[Offer, ...]
    due: datetime | None
    to_channel: bool = False
    to_coordinators: bool = False


@dataclass(frozen=True)
class Done:
    """It happened; `before` is the question as it was."""

    question: Question
    before: Question


@dataclass(frozen=True)
class Refused:
    """It did not, and why; the question as it is, if there is one."""

    why: Refusal
    question: Question | None = None


Outcome = Done | Refused
Standings = Mapping[PersonId, Standing]
Absences = Mapping[PersonId, Absence]
