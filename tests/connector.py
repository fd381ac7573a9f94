"""A Bot Connector on loopback that is as strict as Teams, and keeps what it was sent."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.core.clock import Clock, SystemClock
from tests.loopback import serving

# Teams' documented pace and size for one conversation.
PACE, WINDOW = 7, timedelta(seconds=1)
MAX_BYTES = 28 * 1024


@dataclass(frozen=True)
class Message:
    """An activity that was accepted; `reply_to` is empty for one that is no reply."""

    conversation: str
    id: str
    activity: dict[str, Any]
    at: datetime
    reply_to: str = ""


@dataclass
class FakeConnector:
    """What it was sent, and how it behaves. Set a field to change that; `url` is the serviceUrl."""

    clock: Clock = field(default_factory=SystemClock)
    url: str = ""
    # How it behaves.
    pace: int | None = PACE  # messages a second in one conversation; None for no limit
    retry_after: int | None = 1
    max_bytes: int = MAX_BYTES
    token: str | None = None  # when given, other bearer tokens are answered 401
    only_known: bool = False  # 404 for conversations that were not made here or put in `known`
    known: set[str] = field(default_factory=set)
    uninstalled: set[str] = field(default_factory=set)  # conversations, or people for a new one
    members: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    no_members: int = 0  # the status that answers every look-up of one; 0: they are looked up
    delay: float = 0.0  # seconds before an answer, after the call has had its effect
    # What it was sent.
    sent: list[Message] = field(default_factory=list)
    typing: list[Message] = field(default_factory=list)  # shows for a moment, and is no message
    updates: list[Message] = field(default_factory=list)
    deleted: list[Message] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str, int]] = field(default_factory=list)  # method, raw path, status
    authorizations: list[str] = field(default_factory=list)

    _ids: int = 0
    _paced: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _planned: deque[tuple[int, bool, Mapping[str, str]]] = field(default_factory=deque)
    _chats: dict[str, str] = field(default_factory=dict)

    def fail(
        self, *statuses: int, accept: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer the next calls with these statuses; with `accept`, after doing what was asked.

        Status 0 hangs up without an answer.
        """
        self._planned.extend((status, accept, headers or {}) for status in statuses)

    def texts(self, conversation: str | None = None) -> list[str]:
        """Return the texts that were sent, in order; of one conversation when it is given."""
        return [
            one.activity.get("text", "")
            for one in self.sent
            if conversation in (None, one.conversation)
        ]

    def now_showing(self, message: str) -> dict[str, Any] | None:
        """Return what a message says after its edits; None when it was deleted or never sent."""
        if any(one.id == message for one in self.deleted):
            return None
        versions = [one.activity for one in (*self.sent, *self.updates) if one.id == message]
        return versions[-1] if versions else None

    def application(self) -> web.Application:
        """Return it as an application, for a test that serves it in its own way."""
        app = web.Application(middlewares=[self._answer], client_max_size=1024 * 1024)
        conversations = "/teams/v3/conversations"
        one = conversations + "/{conversation}/activities/{activity}"
        app.router.add_post(conversations, self._create)
        app.router.add_post(conversations + "/{conversation}/activities", self._send)
        app.router.add_post(one, self._send)
        app.router.add_put(one, self._update)
        app.router.add_delete(one, self._delete)
        app.router.add_get(conversations + "/{conversation}/members/{member}", self._member)
        return app

    @web.middleware
    async def _answer(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.authorizations.append(request.headers.get("Authorization", ""))
        await request.read()
        status, accept, headers = self._plan()
        response: web.StreamResponse = web.Response()
        if accept:
            response = await self._checked(request, handler)
        self.calls.append((request.method, request.rel_url.raw_path, status or response.status))
        await asyncio.sleep(self.delay)
        if status == 0 and request.transport is not None:
            request.transport.abort()
        if status:
            return web.Response(status=status, headers=headers, text="<html>not JSON</html>")
        return response

    def _plan(self) -> tuple[int | None, bool, Mapping[str, str]]:
        return self._planned.popleft() if self._planned else (None, True, {})

    async def _checked(self, request: web.Request, handler: Any) -> web.StreamResponse:
        conversation = request.match_info.get("conversation")
        if self.token is not None and self.authorizations[-1] != f"Bearer {self.token}":
            return _error(401, "Unauthorized")
        if conversation in self.uninstalled:
            return _error(403, "BotNotInConversationRoster")
        if conversation and self.only_known and conversation not in self.known:
            return _error(404, "ConversationNotFound")
        if len(await request.read()) > self.max_bytes:
            return _error(413, "MessageSizeTooBig")
        response: web.StreamResponse = await handler(request)
        return response

    async def _send(self, request: web.Request) -> web.Response:
        conversation = request.match_info["conversation"]
        activity = await _activity(request)
        if activity is None:
            return _error(400, "BadSyntax")
        if self._too_fast(conversation):
            after = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
            return _error(429, "TooManyRequests", after)
        message = Message(
            conversation,
            self._next_id(),
            activity,
            self.clock.now(),
            request.match_info.get("activity", ""),
        )
        (self.typing if activity.get("type") == "typing" else self.sent).append(message)
        return web.json_response({"id": message.id}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        original, activity = self._original(request), await _activity(request)
        if activity is None:
            return _error(400, "BadSyntax")
        if original is None:
            return _error(404, "ActivityNotFoundInConversation")
        self.updates.append(Message(original.conversation, original.id, activity, self.clock.now()))
        return web.json_response({"id": original.id})

    async def _delete(self, request: web.Request) -> web.Response:
        original = self._original(request)
        if original is None:
            return _error(404, "ActivityNotFoundInConversation")
        self.deleted.append(original)
        return web.Response()

    async def _create(self, request: web.Request) -> web.Response:
        asked = json.loads(await request.read())
        if not asked.get("tenantId") or asked["channelData"]["tenant"]["id"] != asked["tenantId"]:
            return _error(400, "BadSyntax")
        person = asked["members"][0]["id"]
        if person in self.uninstalled:
            return _error(403, "ForbiddenOperationException")
        self.conversations.append(asked)
        # The chat of a person with the bot is one and the same, however often it is opened.
        chat = self._chats.setdefault(person, f"a:{self._next_id()}")
        self.known.add(chat)
        return web.json_response({"id": chat}, status=201)

    async def _member(self, request: web.Request) -> web.Response:
        if self.no_members:
            return _error(self.no_members, "NoMembers")
        found = self.members.get((request.match_info["conversation"], request.match_info["member"]))
        return _error(404, "MemberNotFoundInConversation") if found is None else _json(found)

    def _original(self, request: web.Request) -> Message | None:
        wanted = (request.match_info["conversation"], request.match_info["activity"])
        found = [one for one in self.sent if (one.conversation, one.id) == wanted]
        return found[0] if found and found[0] not in self.deleted else None

    def _too_fast(self, conversation: str) -> bool:
        now, recent = self.clock.now(), self._paced[conversation]
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if self.pace is not None and len(recent) >= self.pace:
            return True
        recent.append(now)
        return False

    def _next_id(self) -> str:
        self._ids += 1
        return str(self._ids)


@asynccontextmanager
async def fake_connector(clock: Clock | None = None) -> AsyncIterator[FakeConnector]:
    """Serve a fake connector on loopback."""
    fake = FakeConnector(clock or SystemClock())
    async with serving(fake.application()) as address:
        fake.url = f"{address}/teams/"
        yield fake


async def _activity(request: web.Request) -> dict[str, Any] | None:
    activity = json.loads(await request.read())
    return activity if isinstance(activity, dict) and activity.get("type") else None


def _json(content: dict[str, Any]) -> web.Response:
    return web.json_response(content)


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> web.Response:
    error = {"error": {"code": code, "message": "said by the fake connector"}}
    return web.json_response(error, status=status, headers=headers)
