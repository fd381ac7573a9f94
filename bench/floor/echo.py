"""An echo bot on our own channel: what a turn costs before the bot thinks or stores anything."""

import os
from collections.abc import AsyncIterator

from aiohttp import web

from bot.channels.teams.wiring import PATH, open_teams
from bot.channels.web import make_web
from bot.core.clock import SystemClock
from bot.core.reply import Incoming, Reply, Words
from bot.core.turn import Turned
from bot.i18n.text import Texts


class Echo:
    """Says what was said, in a card as all our replies are."""

    async def on_turn(self, incoming: Incoming) -> Turned:
        return Turned((Reply("echo", (Words(f"echo: {incoming.text}"),)),))

    async def on_sent(self, incoming: Incoming) -> None:
        """Remember nothing."""


async def application() -> web.Application:
    """Return the server; the channel is open as long as it runs."""
    channel = open_teams(None, SystemClock(), Echo(), Texts("i-coach"))
    teams = await channel.__aenter__()

    async def closing(_: web.Application) -> AsyncIterator[None]:
        yield
        await channel.__aexit__(None, None, None)

    served = make_web({PATH: teams.post})
    served.cleanup_ctx.append(closing)
    return served


web.run_app(
    application(), host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None
)
