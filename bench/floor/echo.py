"""An echo bot on our own channel: what a turn costs before the bot thinks or stores anything."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from aiohttp import web

from bot.channels.teams.wiring import PATH, open_sender, open_teams
from bot.channels.web import make_web
from bot.core.clock import SystemClock
from bot.core.delivery import Message, Sender
from bot.core.ids import MessageId
from bot.core.reply import Incoming, Reply, Words
from bot.core.reply import Sender as From
from bot.core.turn import Known, Turned
from bot.i18n.text import Texts


class Echo:
    """Says what was said, in a card as all our replies are."""

    async def known(self, sender: From) -> Known:
        del sender
        return Known.NOT

    async def wait(self, incoming: Incoming) -> Turned:
        return await self.on_turn(incoming)

    async def meet(self, sender: From, channel: Sender) -> bool:
        del sender, channel
        return True

    async def on_turn(self, incoming: Incoming) -> Turned:
        reply = Reply("echo", (Words(f"echo: {incoming.text}"),))
        return Turned((Message(MessageId(0), incoming.where, reply),))

    async def leave(self, incoming: Incoming) -> None:
        """Nothing is kept of anybody."""

    async def send(self, turned: Turned, channel: Sender) -> bool:
        """Send, and remember nothing."""
        for message in turned.messages:
            await channel.deliver(message)
        return True


async def application() -> web.Application:
    """Return the server; the channel is open as long as it runs."""
    stack, clock = AsyncExitStack(), SystemClock()
    sender = await stack.enter_async_context(open_sender(None, clock, Texts("i-coach")))
    teams = await stack.enter_async_context(open_teams(None, clock, Echo(), sender))

    async def closing(_: web.Application) -> AsyncIterator[None]:
        yield
        await stack.aclose()

    served = make_web({PATH: teams.post})
    served.cleanup_ctx.append(closing)
    return served


web.run_app(
    application(), host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None
)
