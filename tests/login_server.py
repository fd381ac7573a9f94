"""The services that give the bot its token, on loopback: Entra's login and a machine's identity."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback import serving


@dataclass
class LoginServer:
    """What it gives, and what it was asked."""

    url: str = ""  # with {tenant} in it
    machine_url: str = ""
    lifetime: Any = 3600  # seconds
    delay: float = 0.0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: dict[str, Any] | None = None  # instead of a token
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def last_token(self) -> str:
        return f"token-{len(self.asked)}"

    def application(self) -> web.Application:
        """Return it as an application, for a test that serves it in its own way."""
        app = web.Application()
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._login)
        app.router.add_get("/machine/token", self._machine)
        return app

    async def _login(self, request: web.Request) -> web.Response:
        return await self._give({**request.match_info, **await request.post()})

    async def _machine(self, request: web.Request) -> web.Response:
        return await self._give({**request.query, **request.headers})

    async def _give(self, asked: dict[str, Any]) -> web.Response:
        self.asked.append(asked)
        given = {
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "access_token": self.last_token,
        }
        await asyncio.sleep(self.delay)
        return web.json_response(self.answer or given, status=self.status, headers=self.headers)


@asynccontextmanager
async def login_server() -> AsyncIterator[LoginServer]:
    """Serve tokens on loopback."""
    server = LoginServer()
    async with serving(server.application()) as address:
        server.url = f"{address}/{{tenant}}/oauth2/v2.0/token"
        server.machine_url = f"{address}/machine/token"
        yield server
