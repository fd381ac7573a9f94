"""One worker process of a bench: the relay on a database, and a watch on its event loop.

Reads an order from stdin as JSON, says `ready`, sends until stdin ends, then writes the longest
that the loop was held up, in seconds, and how much of that time it worked itself.
"""

import asyncio
import json
import logging
import sys
import time
from dataclasses import dataclass
from typing import Any

from bot.channels.teams.wiring import open_sender
from bot.cli.serve import keep_what_is_loaded
from bot.core.clock import SystemClock
from bot.core.reply import Channel
from bot.i18n.text import Texts
from bot.outbox.model import NO_LIMITS, TEAMS_LIMITS
from bot.outbox.relay import Relay
from bot.outbox.service import Ledger
from bot.store.work import Store

TICK = 0.01  # seconds
EVERY = 0.5  # seconds between two looks of the relay, as when it serves


@dataclass
class Loop:
    """Ticks, and keeps the longest that it was kept from that."""

    held_up: float = 0.0
    worked: float = 0.0

    async def watch(self) -> None:
        while True:
            start, busy = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            self.held_up = max(self.held_up, time.perf_counter() - start - TICK)
            self.worked = max(self.worked, time.thread_time() - busy)


async def work(order: dict[str, Any]) -> Loop:
    """Send what waits until nothing more is read from stdin."""
    loop, clock, store = Loop(), SystemClock(), Store.open(order["database"])
    limits = TEAMS_LIMITS if order["limits"] else NO_LIMITS
    keep_what_is_loaded()
    async with open_sender(None, clock, Texts("i-coach")) as sender:
        senders, limited = {Channel.TEAMS: sender}, {Channel.TEAMS: limits}
        ledger = Ledger(store.begin)
        relay = Relay(store.begin, clock, ledger, senders, limited, holder=order["holder"])
        tasks = [asyncio.create_task(one) for one in (relay.watch(EVERY), loop.watch())]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await relay.stop()
        for task in tasks:
            task.cancel()
    await store.close()
    return loop


if __name__ == "__main__":
    # A warning for each message that fails would be most of what is seen.
    logging.basicConfig(level=logging.ERROR)
    seen = asyncio.run(work(json.loads(sys.stdin.readline())))
    print(json.dumps([seen.held_up, seen.worked]), flush=True)
