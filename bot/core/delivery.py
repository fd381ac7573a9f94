"""A message on its way out, and what may become of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.errors import BotError
from bot.core.ids import MessageId
from bot.core.reply import Place, Reply


@dataclass(frozen=True)
class Message:
    """A reply or a notice, as it is stored. Id 0 is one that is not: its turn failed.

    `changes` is the channel's id of the message whose place it takes, or empty. `version` grows
    with each change of what it says; `attempts` counts the tries that failed.
    """

    id: MessageId
    place: Place
    reply: Reply
    changes: str = ""
    attempts: int = 0
    version: int = 1


class Outcome(StrEnum):
    """What became of a message that did not arrive."""

    REFUSED = "refused"  # nothing was sent or accepted: try again later
    THROTTLED = "throttled"  # 429, 412: not delivered, try again after `retry_after`
    GONE = "gone"  # 403, 404: bot removed, user or message gone; never arrives
    UNAUTHORISED = "unauthorised"  # 401: not delivered; the credentials are wrong
    INVALID = "invalid"  # this very call is never accepted (400, 413, a foreign service URL)
    UNKNOWN = "unknown"  # a timeout or 5xx after the body was sent: it may have arrived


class DeliveryError(BotError):
    """A message did not arrive, or perhaps not.

    `status` is None when no answer came, `retry_after` is in seconds, and `code` is the service's
    own word for the reason (`BotNotInConversationRoster`), or ours when no answer came.
    """

    def __init__(
        self,
        outcome: Outcome,
        status: int | None = None,
        *,
        code: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(" ".join(str(part) for part in (outcome, status, code) if part))
        self.outcome = outcome
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Sender(Protocol):
    """The way out of a channel."""

    async def deliver(self, message: Message) -> str:
        """Send it; returns the channel's id of what now shows there. Raises DeliveryError."""
        ...
