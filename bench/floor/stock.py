"""The echo bot of Microsoft's SDK as its samples write it: CloudAdapter, no app id."""

import os

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication


class Configuration:
    """What the SDK reads; without an app id it lets everybody in."""

    APP_ID = APP_PASSWORD = APP_TENANTID = ""
    APP_TYPE = "MultiTenant"


class Echo(ActivityHandler):  # type: ignore[misc] # botbuilder ships no types
    """Says what was said."""

    async def on_message_activity(self, context: TurnContext) -> None:
        await context.send_activity(f"echo: {context.activity.text}")


adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
echo = Echo()


async def messages(request: web.Request) -> web.StreamResponse:
    """Take one activity."""
    answer: web.StreamResponse = await adapter.process(request, echo)
    return answer


async def healthy(_: web.Request) -> web.Response:
    """Answer at once, if the loop is not held up."""
    return web.json_response({"status": "ok"})


application = web.Application()
application.router.add_post("/api/messages", messages)
application.router.add_get("/healthz", healthy)
web.run_app(
    application, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None
)
