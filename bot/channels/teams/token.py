"""The token that the bot shows to Teams: one source a process, cached, fetched once for all."""

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.channels.teams.errors import TokenError
from bot.channels.teams.retry_after import retry_after
from bot.channels.teams.single_flight import SingleFlight
from bot.core.clock import Clock
from bot.core.delivery import Outcome

RESOURCE = "https://api.botframework.com"
LOGIN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
# A virtual machine's own address for this, reachable from the machine alone.
MACHINE_URL = "http://169.254.169.254/metadata/identity/oauth2/token"
RENEWED_BEFORE = timedelta(minutes=5)
PAUSE = timedelta(seconds=5)
_TIMEOUT = ClientTimeout(total=10, connect=5)
_OK, _THROTTLED, _DENIED = 200, 429, (400, 401, 403)

_log = logging.getLogger(__name__)


class TokenSource(Protocol):
    """Gives the bearer token for calls to Teams; empty for none. Raises ConnectorError."""

    async def token(self) -> str: ...


class NoToken:
    """Dev mode: the connector on loopback asks for none."""

    async def token(self) -> str:
        return ""


@dataclass(frozen=True)
class TokenRequest:
    """What to ask, and where. Never printed: it holds the secret."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Given:
    token: str = field(repr=False)
    renewed_from: datetime
    expires: datetime


@dataclass(eq=False)
class _CachedToken(ABC):
    """Keeps a token until it expires.

    From five minutes before that a new one is fetched while callers go on with the old one; they
    wait for a fetch only when there is no valid token, all for the same one. A failed fetch is not
    tried again within five seconds, or the time that the service asked for.
    """

    session: ClientSession = field(repr=False)
    clock: Clock = field(repr=False)
    _given: _Given | None = field(default=None, init=False, repr=False)
    _failed: TokenError | None = field(default=None, init=False, repr=False)
    _resting_until: datetime | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._flight = SingleFlight(self._fetch)

    @abstractmethod
    def _request(self) -> TokenRequest: ...

    async def token(self) -> str:
        """Return a valid token; raises TokenError when there is none to be had."""
        now = self.clock.now()
        if (given := self._valid(now)) is not None:
            if now >= given.renewed_from and self._may_fetch(now):
                self._flight.start()
            return given.token
        if self._flight.running or self._may_fetch(now):
            await self._flight.join()
        if (given := self._valid(now)) is not None:
            return given.token
        raise self._failure()

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        await self._flight.close()

    def _valid(self, now: datetime) -> _Given | None:
        return self._given if self._given is not None and now < self._given.expires else None

    def _may_fetch(self, now: datetime) -> bool:
        return self._resting_until is None or now >= self._resting_until

    def _failure(self) -> TokenError:
        # A new one for each caller: a traceback grows with every raise of the same exception.
        known = self._failed or TokenError(Outcome.REFUSED, code="no_token")
        return TokenError(
            known.outcome, known.status, code=known.code, retry_after=known.retry_after
        )

    async def _fetch(self) -> None:
        try:
            self._given = await self._ask()
            self._failed = self._resting_until = None
        except TokenError as failed:
            _log.warning("no token was given: %s", failed)
            self._failed = failed
            pause = timedelta(seconds=failed.retry_after or 0)
            self._resting_until = self.clock.now() + max(pause, PAUSE)

    async def _ask(self) -> _Given:
        request = self._request()
        try:
            # No redirects: the secret is for this address alone.
            async with self.session.request(
                request.method,
                request.url,
                headers=request.headers,
                params=request.params,
                data=request.form,
                allow_redirects=False,
                timeout=_TIMEOUT,
            ) as answer:
                return await self._read(answer)
        except (ClientError, TimeoutError) as wrong:
            raise TokenError(Outcome.REFUSED, code=type(wrong).__name__) from None

    async def _read(self, answer: ClientResponse) -> _Given:
        try:
            content = await answer.json(content_type=None)
            if answer.status == _OK:
                return _given(content, self.clock.now())
            code = _code(content)
        except (ValueError, TypeError, LookupError, OverflowError):
            code = "unreadable"
        raise TokenError(
            _outcome(answer.status), answer.status, code=code, retry_after=retry_after(answer)
        )


@dataclass(eq=False)
class ClientSecretToken(_CachedToken):
    """The token of an app with a client secret, from its own tenant."""

    app_id: str
    password: str = field(repr=False)
    tenant: str
    url: str = LOGIN_URL

    def _request(self) -> TokenRequest:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.password,
            "scope": f"{RESOURCE}/.default",
        }
        return TokenRequest("POST", self.url.format(tenant=quote(self.tenant, safe="")), form=form)


@dataclass(eq=False)
class ManagedIdentityToken(_CachedToken):
    """The token of a user-assigned managed identity, from Azure's own address on the machine."""

    app_id: str
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    machine_url: str = MACHINE_URL

    def _request(self) -> TokenRequest:
        asked = {"resource": RESOURCE, "client_id": self.app_id}
        url, secret = self.environ.get("IDENTITY_ENDPOINT"), self.environ.get("IDENTITY_HEADER")
        if url and secret:  # App Service and Container Apps
            return TokenRequest(
                "GET",
                url,
                headers={"X-IDENTITY-HEADER": secret},
                params={"api-version": "2019-08-01", **asked},
            )
        return TokenRequest(
            "GET",
            self.machine_url,
            headers={"Metadata": "true"},
            params={"api-version": "2018-02-01", **asked},
        )


def _given(content: Any, now: datetime) -> _Given:
    token = content["access_token"]
    if not isinstance(token, str) or not token:
        raise ValueError("the access token is empty")
    # App Service names the moment (`expires_on`, seconds since 1970), the others the time left.
    if "expires_in" in content:
        expires = now + timedelta(seconds=int(content["expires_in"]))
    else:
        expires = datetime.fromtimestamp(int(content["expires_on"]), UTC)
    if expires <= now:
        raise ValueError("the access token has expired already")
    return _Given(token, expires - min(RENEWED_BEFORE, (expires - now) / 2), expires)


def _code(content: Any) -> str:
    # The kind and the numbers alone (`invalid_client 7000215`): the description repeats our ids.
    return " ".join(str(part) for part in (content["error"], *content.get("error_codes", ())))


def _outcome(status: int) -> Outcome:
    if status == _THROTTLED:
        return Outcome.THROTTLED
    return Outcome.UNAUTHORISED if status in _DENIED else Outcome.REFUSED
