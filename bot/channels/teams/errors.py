"""What goes wrong between Teams and the bot.

BotError
├── RefusedError      an inbound request is not let in: answered with its status, nothing else said
└── DeliveryError     a message did not arrive; its `outcome` says what may be done about it
    └── ConnectorError    it was a call to Teams
        └── TokenError    there is no token to call with, so nothing was sent
"""

from bot.core.delivery import DeliveryError
from bot.core.errors import BotError


class RefusedError(BotError):
    """An inbound activity is not let in: `status` is 400, 401 or 403, `reason` is for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class ConnectorError(DeliveryError):
    """A call to Teams did not succeed."""


class TokenError(ConnectorError):
    """The login service gave no token, so nothing was sent."""
