"""The public keys that Teams signs its requests with, kept fresh without making anyone wait."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError, ClientSession
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from bot.channels.teams.single_flight import SingleFlight
from bot.core.clock import Clock

METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
KEPT = timedelta(hours=24)
RENEWED_AFTER = timedelta(hours=20)
PAUSE = timedelta(minutes=1)
PAUSE_AFTER_FAILURE = timedelta(seconds=5)
TIMEOUT = 5.0
_OK = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """A public key, and the channels (`msteams`) whose requests it may sign."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The published keys by their id.

    They are fetched again in the background from 20 hours on. From 24 hours on a caller waits for
    that, at most `timeout` seconds, and then goes on with the keys there are: an unreachable key
    server stops nobody whose key is known. An unknown id fetches at once, but not twice in a
    minute, so neither a key roll-over nor a flood of forged ids does harm.
    """

    def __init__(
        self,
        session: ClientSession,
        clock: Clock,
        url: str = METADATA_URL,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session, self._clock, self._url, self._timeout = session, clock, url, timeout
        self._keys: Mapping[str, Key] = {}
        self._fetched: datetime | None = None
        self._resting_until: datetime | None = None
        self._flight = SingleFlight(self._fetch)

    async def find(self, key_id: str) -> Key | None:
        """Return the key with this id, or None when the key server does not publish it."""
        now = self._clock.now()
        key = self._keys.get(key_id)
        if key is None or self._older_than(KEPT, now):
            await self._refresh(now)
            return self._keys.get(key_id)
        if self._older_than(RENEWED_AFTER, now) and self._may_fetch(now):
            self._flight.start()
        return key

    async def load(self) -> None:
        """Fetch the keys ahead of the first request; a failure is logged and tried again later."""
        await self._refresh(self._clock.now())

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        await self._flight.close()

    async def _refresh(self, now: datetime) -> None:
        if self._flight.running or self._may_fetch(now):
            await self._flight.join()

    def _older_than(self, age: timedelta, now: datetime) -> bool:
        return self._fetched is None or now >= self._fetched + age

    def _may_fetch(self, now: datetime) -> bool:
        return self._resting_until is None or now >= self._resting_until

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                self._keys = await self._published()
        except (ClientError, TimeoutError, ValueError, TypeError, LookupError) as wrong:
            # What went wrong, never what was received.
            _log.warning("the keys of %s could not be fetched: %s", self._url, type(wrong).__name__)
            self._resting_until = self._clock.now() + PAUSE_AFTER_FAILURE
        else:
            self._fetched = self._clock.now()
            self._resting_until = self._fetched + PAUSE

    async def _published(self) -> Mapping[str, Key]:
        address = str((await self._get(self._url))["jwks_uri"])
        if self._url.startswith("https:") and not address.startswith("https:"):
            raise ValueError("the keys are not published over https")
        keys = _usable((await self._get(address))["keys"])
        if not keys:
            raise ValueError("no usable key is published")
        return keys

    async def _get(self, url: str) -> Any:
        # No redirects: the address of the keys is what everything else rests on.
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != _OK:
                raise ValueError(f"the key server answered {answer.status}")
            return await answer.json(content_type=None)


def _usable(published: Any) -> Mapping[str, Key]:
    keys: dict[str, Key] = {}
    for one in published:
        try:
            public = RSAAlgorithm.from_jwk(dict(one))
            if isinstance(public, RSAPublicKey):
                keys[str(one["kid"])] = Key(public, frozenset(one.get("endorsements", ())))
        except (PyJWTError, ValueError, TypeError, LookupError):
            _log.warning("a published key was left out: it cannot be read")
    return keys
