"""The address that Teams posts to: checks who speaks, runs the turn, answers with a status."""

import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.channels.teams.activities import is_from_bot
from bot.channels.teams.adapter import INVOKE, RAW, UNHEARD, TeamsAdapter
from bot.channels.teams.errors import RefusedError
from bot.channels.teams.handler import Handler

log = logging.getLogger(__name__)


class IdentityCheck(Protocol):
    """Lets in what may come in."""

    async def check(self, authorization: str, activity: Mapping[str, Any]) -> None:
        """Return, or raise RefusedError."""
        ...


class TeamsEndpoint:
    """Handles one POST of Teams."""

    def __init__(self, identity: IdentityCheck, adapter: TeamsAdapter, handler: Handler) -> None:
        self.identity, self.adapter, self.handler = identity, adapter, handler

    async def post(self, request: web.Request) -> web.Response:
        """Answer 400, 401 or 403 to what is refused; a reply that did not arrive is tried again."""
        try:
            came = await _body(request)
            await self.identity.check(request.headers.get("Authorization", ""), came)
            activity = _activity(came)
        except RefusedError as refused:
            log.warning("an activity was refused: %s", refused)
            return web.Response(status=refused.status)
        if is_from_bot(came):
            return web.Response(status=200)
        context = TurnContext(self.adapter, activity)
        context.turn_state[RAW] = came
        await self.adapter.run_pipeline(context, self.handler.on_turn)
        return _response(context)


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        came = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise RefusedError(400, "the body is no JSON") from None
    if not isinstance(came, dict) or not isinstance(came.get("type"), str):
        raise RefusedError(400, "the body is no activity")
    if came["type"] in ("message", "invoke") and not came.get("id"):
        raise RefusedError(400, "the activity has no id")
    return came


def _activity(came: Mapping[str, Any]) -> Activity:
    try:
        return Activity().deserialize(dict(came))
    except Exception as wrong:  # noqa: BLE001 (whatever a wrong shape trips the deserialiser over)
        raise RefusedError(400, f"the activity cannot be read: {type(wrong).__name__}") from None


def _response(context: TurnContext) -> web.Response:
    if context.turn_state.get(UNHEARD):
        # It is not taken, so that it comes again, or its sender sees that it did not arrive.
        return web.Response(status=503)
    answer = context.turn_state.get(INVOKE)
    if answer is None:
        return web.Response(status=200)
    # As it is: written as \\u00e9, a card of accents would be three times its size.
    return web.json_response(answer.body, status=answer.status, dumps=_written)


_written = partial(json.dumps, ensure_ascii=False)
