"""What is remembered between two messages, and of messages that were handled."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Reply


@dataclass(frozen=True)
class Pending:
    """What a conversation waits for: one row a person, channel and kind.

    `object` is what the kind is about, such as the text of a first question.
    """

    person: PersonId
    channel: str
    kind: str
    object: str
    expires: datetime
    version: int = 1


@dataclass(frozen=True)
class Handled:
    """A message that was answered: redelivered, it gets these replies again."""

    channel: str
    message_id: str
    person: PersonId
    replies: tuple[Reply, ...]
    at: datetime
    sent: bool = False


@dataclass(frozen=True)
class Turned:
    """What a turn came to. `sent` tells that these replies arrived when the message came before."""

    replies: tuple[Reply, ...]
    sent: bool = False
