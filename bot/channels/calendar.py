"""Hands calendars to whoever has their address. Who has none learns nothing at all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.channels.web import Handler
from bot.core.reply import Language
from bot.i18n.text import Texts
from bot.walkin.calendar import Calendar
from bot.walkin.ics import write
from bot.walkin.links import BOOKING, ENDING, FEED

HEADERS = {
    "Content-Disposition": 'inline; filename="inloopuur.ics"',
    # An address that is taken back must not live on in somebody's cache.
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


class Shown(Protocol):
    """A calendar, and the language to write it in."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def language(self) -> Language: ...


Find = Callable[[str], Awaitable[Shown | None]]
"""Returns what a token stands for; None when there is nothing, for whatever reason."""


class Calendars(Protocol):
    """Knows what is handed out."""

    async def booking(self, token: str) -> Shown | None: ...

    async def feed(self, token: str) -> Shown | None: ...


@dataclass(frozen=True)
class CalendarPages:
    """The addresses, and what answers there."""

    calendars: Calendars
    texts: Texts

    def handlers(self) -> Mapping[str, Handler]:
        """Return a handler a path."""
        return {
            f"{path}{{token}}{ENDING}": self._page(find)
            for path, find in ((BOOKING, self.calendars.booking), (FEED, self.calendars.feed))
        }

    def _page(self, find: Find) -> Handler:
        async def page(request: web.Request) -> web.StreamResponse:
            shown = await find(request.match_info["token"])
            if shown is None:
                # The same answer as where there is no page.
                raise web.HTTPNotFound
            body = write(
                shown.calendar,
                lambda said: self.texts.write(shown.language, said.key, said.data),
            )
            return web.Response(
                body=body, content_type="text/calendar", charset="utf-8", headers=HEADERS
            )

        return page
