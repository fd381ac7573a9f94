"""What waits to be said, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Place, Reply


class State(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class Reason(StrEnum):
    """Why a message did not arrive: the first word of what is stored with it, and what to do.

    Those of `bot.core.delivery.Outcome`, and our own.
    """

    NO_ADDRESS = "no_address"  # nobody knew where to say it
    GONE = "gone"
    INVALID = "invalid"
    LATE = "late"  # its time was over
    GAVE_UP = "gave_up"  # it was tried for days
    UNAUTHORISED = "unauthorised"
    THROTTLED = "throttled"
    REFUSED = "refused"
    NEEDLESS = "needless"  # what it was about changed before it was sent: no failure
    BEFORE = "before_the_outbox"  # an answer that an older version did not send
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Notice:
    """Something to say on our own initiative. Of two with the same key the second is nothing.

    With a place it is said there; else to `person`, wherever they can be reached. It is not sent
    before `not_before`, and no more from `expires` on: a reminder of what is over helps nobody.
    """

    key: str
    reply: Reply
    not_before: datetime
    person: PersonId | None = None
    place: Place | None = None
    expires: datetime | None = None


@dataclass(frozen=True)
class Copy:
    """A message about a subject as it stands: who reads it (None: a channel), and what it says.

    `shown` is the channel's id of it; empty while it was not sent. One that is `untold` waits until
    its reader can be reached.
    """

    id: MessageId
    person: PersonId | None
    reply: Reply
    shown: str = ""
    untold: bool = False


@dataclass(frozen=True)
class Leased:
    """A message that this worker alone may send now. `start` is its turn in the tenant's pace.

    `sent` are the moments of the last hour that something was sent to its conversation.
    """

    message: Message
    at: datetime
    start: datetime
    sent: tuple[datetime, ...] = ()
    expires: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Result:
    """What a try came to. `doubtful`: perhaps it arrived all the same.

    `not_before` is the next try of one that still waits; `reason` says why one is dead, or what
    went wrong last. `paused` holds up everything to that tenant until then.
    `holder` gives its conversation back, if it still holds it.
    """

    message: Message
    state: State
    at: datetime
    remote: str = ""
    not_before: datetime | None = None
    reason: str = ""
    doubtful: bool = False
    paused: datetime | None = None
    holder: str = ""


@dataclass(frozen=True)
class Line:
    """One line of `vraagbaak outbox list`. `to` is the conversation, or who it is opened with."""

    id: MessageId
    key: str
    channel: str
    person: PersonId | None
    view: str
    state: State
    at: datetime
    not_before: datetime
    attempts: int
    doubtful: int
    reason: str
    to: str = ""


@dataclass(frozen=True)
class Tally:
    """How the outbox stands: what waits, since when the oldest should have been said, what failed.

    `failed` still waits for its next try; `doubtful` arrived perhaps twice.
    """

    waiting: int
    oldest: datetime | None
    failed: Mapping[Reason, int]
    dead: Mapping[Reason, int]
    doubtful: int


@dataclass(frozen=True)
class Limits:
    """How fast a channel may be spoken to.

    `windows` holds, by seconds, how many messages one conversation takes in so long; `rate` is
    messages a second to the whole tenant. None of either is no limit.
    """

    windows: Mapping[float, int] = field(default_factory=dict)
    rate: float | None = None


NO_LIMITS = Limits()
TEAMS_LIMITS = Limits({1: 7, 2: 8, 30: 60, 3600: 1800}, rate=30)
"""Microsoft's documented limits of a conversation (rate-limit page of the bot documentation). A
tenant takes 50 a second; the rest of them is for replies, which do not stand in line."""
