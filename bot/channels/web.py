"""The web server: one aiohttp application for all channels that are reached over HTTP."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_BODY = 256 * 1024
"""Bytes of a request that are read: Teams sends at most about 28 KB a message."""


Lacking = Callable[[], Awaitable[Sequence[str]]]
"""Names what this process lacks to be of use now; nothing when it is ready."""


async def lacks_nothing() -> Sequence[str]:
    """Return nothing, for what is ready as soon as it answers."""
    return ()


def make_web(
    posts: Mapping[str, Handler],
    lacking: Lacking = lacks_nothing,
    gets: Mapping[str, Handler] = MappingProxyType({}),
) -> web.Application:
    """Return the application: a handler a path, and two for whoever watches the process.

    `/healthz` says that it runs, `/readyz` whether messages may be sent to it.
    """

    async def ready(_: web.Request) -> web.Response:
        names = list(await lacking())
        if names:
            return web.json_response({"status": "not ready", "lacking": names}, status=503)
        return web.json_response({"status": "ready"})

    application = web.Application(client_max_size=LARGEST_BODY)
    application.router.add_get("/healthz", _healthy)
    application.router.add_get("/readyz", ready)
    for path, handler in posts.items():
        application.router.add_post(path, handler)
    for path, handler in gets.items():
        application.router.add_get(path, handler, allow_head=False)
    return application


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
