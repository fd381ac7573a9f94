"""Who is speaking: the check that every request passes before anything is done with it.

By "Authentication with the Bot Connector API" (learn.microsoft.com, section "Connector to Bot"):
a bearer token signed with RS256 by a published key, endorsed for the channel, issued by the Bot
Framework for this app, not expired, naming the activity's own service URL. And by our own lists:
only these tenants, only these service URLs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
from jwt.types import Options

from bot.channels.teams.errors import RefusedError
from bot.channels.teams.keys import Key, Keys
from bot.channels.teams.service_urls import TEAMS_HOSTS, ServiceUrls
from bot.core.clock import Clock

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
SKEW = timedelta(minutes=5).total_seconds()
_ALGORITHM = "RS256"
# Only the signature: PyJWT's other checks use the machine's clock, ours use the one handed in.
_SIGNATURE_ONLY = Options(
    verify_signature=True,
    verify_exp=False,
    verify_nbf=False,
    verify_iat=False,
    verify_aud=False,
    verify_iss=False,
    verify_sub=False,
    verify_jti=False,
)
# A ValueError is what PyJWT lets through on a header that is no UTF-8.
_UNREADABLE = (jwt.PyJWTError, ValueError)
_BAD_REQUEST, _UNAUTHORISED, _FORBIDDEN = 400, 401, 403


@dataclass(frozen=True)
class Allowed:
    """Who may speak: this app's channel, in these tenants, from these hosts.

    `loopback` also lets service URLs on this machine in.
    """

    app_id: str
    tenants: frozenset[str]
    service_urls: tuple[str, ...] = TEAMS_HOSTS
    loopback: bool = False

    @property
    def urls(self) -> ServiceUrls:
        """The service URLs as the list that the connector asks too."""
        return ServiceUrls(self.service_urls, self.loopback)


class Identity:
    """Lets in what Teams sent for this app, from the tenants and service URLs on the lists."""

    def __init__(self, allowed: Allowed, keys: Keys, clock: Clock, issuer: str = ISSUER) -> None:
        self._app_id = allowed.app_id.lower()
        self._tenants = frozenset(tenant.lower() for tenant in allowed.tenants)
        self._urls = allowed.urls
        self._keys, self._clock, self._issuer = keys, clock, issuer

    async def check(self, authorization: str, activity: Mapping[str, Any]) -> None:
        """Return when the activity may be handled; raises RefusedError with 400, 401 or 403."""
        service_url = _service_url(activity)
        token = _bearer(authorization)
        key = await self._key(token)
        self._check_claims(_claims(token, key), service_url)
        self._check_lists(activity, service_url)

    async def _key(self, token: str) -> Key:
        try:
            header = jwt.get_unverified_header(token)
        except _UNREADABLE:
            raise RefusedError(_UNAUTHORISED, "the token cannot be read") from None
        # Before the key is looked up: a forged header must not cause a fetch.
        if header.get("alg") != _ALGORITHM:
            raise RefusedError(_UNAUTHORISED, "the token is not signed with RS256")
        key = await self._keys.find(str(header.get("kid", "")))
        if key is None:
            raise RefusedError(_UNAUTHORISED, "the token's key is not published")
        if CHANNEL not in key.endorsements:
            raise RefusedError(_UNAUTHORISED, "the token's key is not endorsed for Teams")
        return key

    def _check_claims(self, claims: Mapping[str, Any], service_url: str) -> None:
        now = self._clock.now().timestamp()
        # Written as what must hold, so that a NaN or a missing number refuses; without adding to
        # a number of theirs, which may be too large for it.
        checks = {
            "issued by another": claims.get("iss") == self._issuer,
            "for another app": str(claims.get("aud", "")).lower() == self._app_id,
            "expired": now - SKEW <= _number(claims.get("exp"), 0),
            "not valid yet": now + SKEW >= _number(claims.get("nbf", 0), float("inf")),
            "for another service URL": claims.get("serviceurl") == service_url,
        }
        for wrong, holds in checks.items():
            if not holds:
                raise RefusedError(_UNAUTHORISED, f"the token is {wrong}")

    def _check_lists(self, activity: Mapping[str, Any], service_url: str) -> None:
        # Other channels of the same bot (Web Chat, Direct Line) let anyone fill in a tenant.
        if activity.get("channelId") != CHANNEL:
            raise RefusedError(_FORBIDDEN, "the channel is not Teams")
        if not self._urls.allow(service_url):
            raise RefusedError(_FORBIDDEN, "the service URL is not on the allow-list")
        named = _tenants(activity)
        if not named or not named <= self._tenants:
            raise RefusedError(_FORBIDDEN, "the tenant is not on the allow-list")


class DevIdentity:
    """Lets in whatever this machine sent, without a token: for `--dev` on loopback alone."""

    _urls = ServiceUrls(hosts=(), loopback=True)

    async def check(self, authorization: str, activity: Mapping[str, Any]) -> None:  # noqa: ARG002 (the shape of Identity.check)
        """Return when the activity names this machine; raises RefusedError with 400 or 403."""
        if not self._urls.allow(_service_url(activity)):
            raise RefusedError(_FORBIDDEN, "in dev mode the service URL must be on loopback")


def _service_url(activity: Mapping[str, Any]) -> str:
    service_url = activity.get("serviceUrl")
    if not isinstance(service_url, str) or not service_url:
        raise RefusedError(_BAD_REQUEST, "the activity has no serviceUrl")
    for who in ("conversation", "from"):
        name = _at(activity, who, "id")
        if not isinstance(name, str) or not name:
            raise RefusedError(_BAD_REQUEST, f"the activity has no {who}")
    return service_url


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RefusedError(_UNAUTHORISED, "there is no bearer token")
    return token


def _claims(token: str, key: Key) -> Mapping[str, Any]:
    try:
        return jwt.decode(token, key.public, algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)
    except _UNREADABLE:
        raise RefusedError(_UNAUTHORISED, "the token's signature is wrong") from None


def _number(value: Any, otherwise: float) -> float:
    return value if isinstance(value, int | float) else otherwise


def _tenants(activity: Mapping[str, Any]) -> set[str]:
    found = (
        _at(activity, "channelData", "tenant", "id"),
        _at(activity, "conversation", "tenantId"),
    )
    return {
        tenant.lower() if isinstance(tenant, str) else "" for tenant in found if tenant is not None
    }


def _at(tree: Any, *names: str) -> Any:
    for name in names:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(name)
    return tree
