"""What is remembered between two messages, and of messages that were handled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Incoming, Reply


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


class Known(StrEnum):
    """How well who speaks is known before they are answered.

    Partly is who registered without an e-mail address: perhaps the college's files know them.
    """

    NOT = "not"
    PARTLY = "partly"
    WELL = "well"


class Kind(StrEnum):
    """What a message was; the figures of the week count by it, so that these never change.

    What answers a form of the bot, or presses a button, is a command. An event, such as that the
    bot was installed, is no message.
    """

    QUESTION = "question"
    SMALL_TALK = "small_talk"
    COMMAND = "command"
    EVENT = "event"


@dataclass(frozen=True)
class Heard:
    """What kind a message was, and as how many it counts: one with two questions as two."""

    kind: Kind
    many: int = 1


@dataclass(frozen=True)
class Handled:
    """A message that was answered: redelivered, it changes nothing and is shown the same."""

    channel: str
    message_id: str
    person: PersonId
    at: datetime
    heard: Heard = Heard(Kind.COMMAND)


@dataclass(frozen=True)
class Unmet:
    """What somebody said of whom the channel could not say who it is; it is tried again at `due`.

    `tries` counts those that came to nothing, beside the one when it came in. Id 0: not stored.
    """

    incoming: Incoming
    at: datetime
    due: datetime
    tries: int = 0
    id: int = 0


@dataclass(frozen=True)
class Turned:
    """What a turn came to. `mine` says that who asked for it sends its messages, until `until`.

    Else they arrived, or will, when the message came before. Nothing may overtake what is `ahead`
    in the conversation. The relay sends what is not sent by then.
    """

    messages: tuple[Message, ...]
    mine: bool = True
    until: datetime | None = None
    ahead: tuple[MessageId, ...] = ()

    @property
    def replies(self) -> tuple[Reply, ...]:
        return tuple(message.reply for message in self.messages)
