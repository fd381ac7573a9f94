"""Addresses of calendars: signed, so that nobody can make or change one.

The signature needs the college's secret, which is not in the database: from a copy of that alone,
such as a backup, no address can be made.
"""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from bot.core.ids import BookingId

BOOKING, FEED = "/calendar/booking/", "/calendar/feed/"
ENDING = ".ics"
LONGEST = 200
"""Signs of a token that are looked at; ours have less than half of that."""


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
        token = self._signer(path).dumps(value)
        return f"{self.base.rstrip('/')}{path}{token}{ENDING}"

    def _read(self, path: str, token: str) -> Any:
        """Return what a token holds; None for one that is not, to the last sign, as we write it."""
        if not token.isascii():
            # We write no such sign, and half an emoji cannot even be compared.
            return None
        signer = self._signer(path)
        try:
            found = signer.loads(token[:LONGEST])
        except BadSignature:
            return None
        # Base64 passes over signs that mean nothing: without this, many tokens would mean the same.
        written = str(signer.dumps(found))
        same = compare_digest(written.encode(), token.encode())
        return found if same else None

    def _signer(self, path: str) -> URLSafeSerializer:
        # Signed for its path: the token of one kind of address is none of the other kind.
        return URLSafeSerializer(
            self.secret,
            salt=path,
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )
