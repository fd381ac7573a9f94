"""Addresses of calendars: signed, so that nobody can make or change one.

The signature needs the college's secret, which is not in the database: from a copy of that alone,
such as a backup, no address can be made.
"""

from dataclasses import dataclass
from typing import Any

from bot.core.ids import BookingId
from bot.core.signing import Signer

BOOKING, FEED = "/calendar/booking/", "/calendar/feed/"
ENDING = ".ics"


@dataclass(frozen=True)
class Links:
    """Makes and reads the addresses; `base` is where the server is reached from outside."""

    base: str
    secret: str

    def booking(self, which: BookingId) -> str:
        return self._address(BOOKING, which)

    def feed(self, key: str) -> str:
        """Return the address of a feed; `key` is the random word that it is kept under."""
        return self._address(FEED, key)

    def booking_of(self, token: str) -> BookingId | None:
        """Return of which booking a token is; None when we did not make it."""
        found = self._read(BOOKING, token)
        return BookingId(found) if isinstance(found, int) else None

    def key_of(self, token: str) -> str | None:
        """Return what a feed is kept under; None when we did not make the token."""
        found = self._read(FEED, token)
        return found if isinstance(found, str) else None

    def _address(self, path: str, value: int | str) -> str:
        return f"{self.base.rstrip('/')}{path}{self._signer(path).token(value)}{ENDING}"

    def _read(self, path: str, token: str) -> Any:
        return self._signer(path).read(token)

    def _signer(self, path: str) -> Signer:
        return Signer(self.secret, path)
