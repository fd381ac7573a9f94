"""A Bot Connector that takes no more than Teams documents, and answers some of it wrongly.

The port stands in `PORT`, the rest as JSON in `ORDER`: `strict` for the limits, `delay` in seconds
before it answers, and by text what happens to its first copy, which is accepted all the same:
`fail` is answered 502, `stall` after 15 s. `GET /told` tells what arrived, when and how.
"""

import asyncio
import json
import os
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import count
from math import ceil

from aiohttp import web

CONVERSATION = {1: 7, 2: 8, 30: 60, 3600: 1800}
"""By seconds, how many messages one conversation takes in so long."""
TENANT = {1: 50}
STALL = 15.0
"""Seconds: longer than our own calls wait."""
KEY = re.compile(r"fan-\d+-\d+")


@dataclass
class Window:
    """What was taken of late, and how long one more would have to wait."""

    limits: dict[int, int]
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until one more is taken."""
        full = (
            self.taken[-most] + seconds - now
            for seconds, most in self.limits.items()
            if len(self.taken) >= most
        )
        return max(0.0, *full, 0.0)

    def take(self, now: float) -> None:
        while self.taken and self.taken[0] <= now - max(self.limits):
            self.taken.popleft()
        self.taken.append(now)


@dataclass
class Connector:
    """Everything it was sent."""

    strict: bool
    delay: float
    faults: dict[str, str]
    arrived: list[tuple[float, str, str]] = field(default_factory=list)
    throttled: int = 0
    ambiguous: int = 0

    def __post_init__(self) -> None:
        self.tenant = Window(TENANT)
        self.conversations: dict[str, Window] = defaultdict(lambda: Window(CONVERSATION))
        self.numbers = count()

    async def take(self, request: web.Request) -> web.Response:
        """Take a message, unless it comes too soon."""
        found, where = KEY.search(await request.text()), request.match_info["conversation"]
        key, now = found[0] if found else "", time.monotonic()
        if wait := self.too_soon(where, now):
            self.throttled += 1
            told = {"error": {"code": "TooManyRequests"}}
            return web.json_response(told, status=429, headers={"Retry-After": str(ceil(wait))})
        self.arrived.append((now, where, key))
        fault = self.faults.pop(key, "")
        self.ambiguous += bool(fault)
        await asyncio.sleep(STALL if fault == "stall" else self.delay)
        if fault == "fail":
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        return web.json_response({"id": f"message-{next(self.numbers)}"}, status=201)

    def too_soon(self, where: str, now: float) -> float:
        """Return the seconds to wait; takes it when there are none."""
        windows = (self.tenant, self.conversations[where]) if self.strict else ()
        wait = max((window.wait(now) for window in windows), default=0.0)
        if not wait:
            for window in windows:
                window.take(now)
        return wait

    async def tell(self, _: web.Request) -> web.Response:
        """Tell what arrived: moments in seconds, conversations, texts."""
        counts = {"throttled": self.throttled, "ambiguous": self.ambiguous}
        return web.json_response({"arrived": self.arrived, **counts})


if __name__ == "__main__":
    connector = Connector(**json.loads(os.environ["ORDER"]))
    application = web.Application()
    application.router.add_post("/v3/conversations/{conversation}/activities", connector.take)
    application.router.add_get("/told", connector.tell)
    web.run_app(
        application,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        access_log=None,
        print=None,
        shutdown_timeout=0.1,
    )
