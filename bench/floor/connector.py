"""A Bot Connector that takes everything, and counts what it took. The port stands in `PORT`.

`GET /took` tells how many replies each conversation got; `GET /cut` how many of them came over a
connection that is lost by now. `DELAY` is in seconds: how long an answer takes once a reply is
taken.
"""

import asyncio
import os
from collections import Counter, defaultdict
from itertools import count

from aiohttp import web

took: Counter[str] = Counter()
over: dict[str, list[asyncio.Transport | None]] = defaultdict(list)
numbers = count()
DOMAIN = "kerncollege.example"
DELAY = float(os.environ.get("DELAY", "0"))


async def reply(request: web.Request) -> web.Response:
    """Take a reply; the sign that somebody is typing is none."""
    activity = await request.json()
    if activity["type"] != "typing":
        took[request.match_info["conversation"]] += 1
        over[request.match_info["conversation"]].append(request.transport)
    if DELAY:
        await asyncio.sleep(DELAY)
    return web.json_response({"id": f"reply-{next(numbers)}"})


async def member(request: web.Request) -> web.Response:
    """Tell who a member is: the ids that are given out here hold the local part of an address."""
    who = request.match_info["member"]
    address = f"{who.partition(':')[2]}@{DOMAIN}"
    return web.json_response({"id": who, "name": who, "email": address})


async def tell(_: web.Request) -> web.Response:
    """Tell how many replies arrived, by conversation."""
    return web.json_response(took)


async def tell_cut(_: web.Request) -> web.Response:
    """Tell how many replies came over connections that are lost, by conversation."""
    lost = {
        where: sum(line is None or line.is_closing() for line in lines)
        for where, lines in over.items()
    }
    return web.json_response({where: number for where, number in lost.items() if number})


application = web.Application()
CONVERSATION = "/v3/conversations/{conversation}"
application.router.add_post(f"{CONVERSATION}/activities", reply)
application.router.add_post(f"{CONVERSATION}/activities/{{activity}}", reply)
application.router.add_get(f"{CONVERSATION}/members/{{member}}", member)
application.router.add_get("/took", tell)
application.router.add_get("/cut", tell_cut)
web.run_app(
    application,
    host="127.0.0.1",
    port=int(os.environ["PORT"]),
    access_log=None,
    print=None,
    # A client that is killed is not waited for.
    keepalive_timeout=3600,
    shutdown_timeout=0.1,
)
