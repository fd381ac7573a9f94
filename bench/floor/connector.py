"""A Bot Connector that takes everything, and counts what it took. The port stands in `PORT`.

`GET /took` tells how many replies each conversation got.
"""

import os
from collections import Counter
from itertools import count

from aiohttp import web

took: Counter[str] = Counter()
numbers = count()
DOMAIN = "kerncollege.example"


async def reply(request: web.Request) -> web.Response:
    """Take a reply; the sign that somebody is typing is none."""
    activity = await request.json()
    if activity["type"] != "typing":
        took[request.match_info["conversation"]] += 1
    return web.json_response({"id": f"reply-{next(numbers)}"})


async def member(request: web.Request) -> web.Response:
    """Tell who a member is: the ids that are given out here hold the local part of an address."""
    who = request.match_info["member"]
    address = f"{who.partition(':')[2]}@{DOMAIN}"
    return web.json_response({"id": who, "name": who, "email": address})


async def tell(_: web.Request) -> web.Response:
    """Tell how many replies arrived, by conversation."""
    return web.json_response(took)


application = web.Application()
CONVERSATION = "/v3/conversations/{conversation}"
application.router.add_post(f"{CONVERSATION}/activities", reply)
application.router.add_post(f"{CONVERSATION}/activities/{{activity}}", reply)
application.router.add_get(f"{CONVERSATION}/members/{{member}}", member)
application.router.add_get("/took", tell)
web.run_app(
    application, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None
)
