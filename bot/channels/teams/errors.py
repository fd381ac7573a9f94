"""What goes wrong between Teams and the bot.

BotError
├── RefusedError      an inbound request is not let in: answered with its status, nothing else said
└── ConnectorError    an outbound call did not succeed; its `outcome` says what may be done about it
    └── TokenError    there is no token to call with, so nothing was sent
"""

from enum import StrEnum

from bot.core.errors import BotError


class RefusedError(BotError):
    """An inbound activity is not let in: `status` is 400, 401 or 403, `reason` is for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class Outcome(StrEnum):
    """What became of a call that did not succeed."""

    REFUSED = "refused"  # nothing was sent or accepted: try again later
    THROTTLED = "throttled"  # 429, 412: not delivered, try again after `retry_after`
    GONE = "gone"  # 403, 404: bot removed, user or message gone; never arrives
    UNAUTHORISED = "unauthorised"  # 401: not delivered; the credentials are wrong
    INVALID = "invalid"  # this very call is never accepted (400, 413, a foreign service URL)
    UNKNOWN = "unknown"  # a timeout or 5xx after the body was sent: it may have arrived


class ConnectorError(BotError):
    """A call to Teams did not succeed.

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


class TokenError(ConnectorError):
    """The login service gave no token, so nothing was sent."""
