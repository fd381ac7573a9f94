"""The Bot Framework's key server on loopback, and tokens signed with its keys."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.channels.teams.identity import ISSUER
from bot.core.clock import Clock, SystemClock
from tests.loopback import serving

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
HOUR = timedelta(hours=1)
METADATA_PATH = "/v1/.well-known/openidconfiguration"
KEYS_PATH = "/v1/.well-known/keys"


@cache
def private_key(name: str) -> RSAPrivateKey:  # noqa: ARG001 (the cache keeps one for each)
    """Make the key of this name; the same one each time, because making one takes a while."""
    return generate_private_key(65537, 2048)


@dataclass
class KeyServer:
    """What it publishes, and how it behaves. Set a field to change that."""

    clock: Clock = field(default_factory=SystemClock)
    url: str = ""
    kid: str = "key-1"  # the one that tokens are signed with
    published: list[str] = field(default_factory=lambda: ["key-1"])
    endorsements: list[str] = field(default_factory=lambda: ["msteams", "webchat"])
    issuer: str = ISSUER
    # How it behaves.
    delay: float = 0.0  # seconds before an answer
    status: int = 200
    body: str | None = None  # instead of the key set
    # What it was asked.
    fetches: int = 0  # of the key set

    def roll_over(self, kid: str) -> None:
        """Publish another key instead, and sign with that one."""
        self.kid, self.published = kid, [kid]

    def claims(self, service_url: str, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good token; a change to None leaves that one out."""
        now = self.clock.now()
        claims = {
            "iss": self.issuer,
            "aud": APP_ID,
            "nbf": int(now.timestamp()),
            "exp": int((now + HOUR).timestamp()),
            "serviceurl": service_url,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """Return a token with these claims; `kid` in the header names another key."""
        kid = header.get("kid", self.kid)
        return jwt.encode(claims, private_key(kid), "RS256", headers={"kid": kid, **header})

    def bearer(self, service_url: str, **changes: Any) -> str:
        """Return the Authorization header of a good token, with these claims changed."""
        return f"Bearer {self.sign(self.claims(service_url, **changes))}"

    def key_set(self) -> dict[str, Any]:
        """Return the JSON Web Key Set that is published."""
        return {"keys": [self._published(kid) for kid in self.published]}

    def application(self) -> web.Application:
        """Return it as an application, for a test that serves it in its own way."""
        app = web.Application()
        app.router.add_get(METADATA_PATH, self._metadata)
        app.router.add_get(KEYS_PATH, self._keys)
        return app

    def _published(self, kid: str) -> dict[str, Any]:
        key = RSAAlgorithm.to_jwk(private_key(kid).public_key(), as_dict=True)
        return {**key, "kid": kid, "x5t": kid, "use": "sig", "endorsements": self.endorsements}

    async def _metadata(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.delay)
        content = {
            "issuer": self.issuer,
            "jwks_uri": str(request.url.with_path(KEYS_PATH)),
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return web.json_response(content, status=self.status)

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetches += 1
        body = json.dumps(self.key_set()) if self.body is None else self.body
        return web.Response(text=body, content_type="application/json", status=self.status)


@asynccontextmanager
async def key_server(clock: Clock | None = None) -> AsyncIterator[KeyServer]:
    """Serve the keys on loopback; `url` is the address of the OpenID metadata."""
    server = KeyServer(clock or SystemClock())
    async with serving(server.application()) as address:
        server.url = address + METADATA_PATH
        yield server
