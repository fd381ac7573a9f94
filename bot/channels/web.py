"""The web server: one aiohttp application for all channels that are reached over HTTP."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_BODY = 256 * 1024
"""Bytes of a request that are read: Teams sends at most about 28 KB a message."""


def make_web(posts: Mapping[str, Handler]) -> web.Application:
    """Return the application: a handler a path, and `/healthz` for whoever watches the process."""
    application = web.Application(client_max_size=LARGEST_BODY)
    application.router.add_get("/healthz", _healthy)
    for path, handler in posts.items():
        application.router.add_post(path, handler)
    return application


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
