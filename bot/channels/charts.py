"""Hands pictures of charts to whoever has their address. Who has none learns nothing at all."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.channels.picture import draw
from bot.channels.web import Handler
from bot.core.reply import Chart, Language
from bot.i18n.text import Texts
from bot.summary.links import CHART, ENDING

HEADERS = {
    # A client may keep it for as long as one looks at a card; the address ends by itself.
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


class Pictured(Protocol):
    """A chart, and the language to write it in."""

    @property
    def chart(self) -> Chart: ...

    @property
    def language(self) -> Language: ...


class Pictures(Protocol):
    """Knows what is handed out."""

    async def chart(self, token: str) -> Pictured | None: ...


@dataclass(frozen=True)
class ChartPages:
    """The address, and what answers there. One picture is drawn at a time: turns come first."""

    pictures: Pictures
    texts: Texts
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def handlers(self) -> Mapping[str, Handler]:
        """Return a handler a path."""
        return {f"{CHART}{{token}}{ENDING}": self._page}

    async def _page(self, request: web.Request) -> web.StreamResponse:
        found = await self.pictures.chart(request.match_info["token"])
        if found is None:
            # The same answer as where there is no page.
            raise web.HTTPNotFound
        async with self.turn:
            body = await asyncio.to_thread(draw, self.texts, found.language, found.chart)
        return web.Response(body=body, content_type="image/png", headers=HEADERS)
