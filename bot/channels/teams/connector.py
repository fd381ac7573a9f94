"""The calls to Teams: Bot Connector API v3, JSON in and out, over one session. Never retries.

What a failed call means for the message is in `ConnectorError.outcome`; who keeps the messages
decides what to do about it.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from pydantic_core import PydanticSerializationError, to_json
from yarl import URL

from bot.channels.teams.errors import ConnectorError
from bot.channels.teams.retry_after import retry_after
from bot.channels.teams.service_urls import ServiceUrls
from bot.channels.teams.token import TokenSource
from bot.core.delivery import Outcome

# Connecting ends before the whole does, so that a timeout while connecting, when nothing was sent,
# is told from one after. The whole stays under the 15 s in which Teams redelivers.
TIMEOUT = ClientTimeout(total=12, connect=5)
CONNECTIONS = 200
_ACCEPTED, _FAILED = range(200, 300), range(500, 600)
_OUTCOMES = {
    401: Outcome.UNAUTHORISED,
    403: Outcome.GONE,
    404: Outcome.GONE,
    408: Outcome.UNKNOWN,
    412: Outcome.THROTTLED,
    429: Outcome.THROTTLED,
}


def open_session() -> ClientSession:
    """Open the one session of the process: close it at the end."""
    return ClientSession(
        connector=TCPConnector(limit=CONNECTIONS),
        timeout=TIMEOUT,
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": "vraagbaak"},
    )


class Connector:
    """Sends to conversations in Teams. Every method raises ConnectorError, and nothing else."""

    def __init__(
        self,
        session: ClientSession,
        token: TokenSource,
        service_urls: ServiceUrls,
        timeout: ClientTimeout = TIMEOUT,
    ) -> None:
        self._session, self._token = session, token
        self._service_urls, self._timeout = service_urls, timeout

    async def send(
        self, service_url: str, conversation_id: str, activity: Mapping[str, Any]
    ) -> str:
        """Send to a conversation; returns the message's id, empty when Teams gave none."""
        path = (conversation_id, "activities")
        return _id(await self._call("POST", service_url, path, activity))

    async def reply(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Mapping[str, Any]
    ) -> str:
        """Send as a reply to a message; returns the new message's id."""
        path = (conversation_id, "activities", activity_id)
        return _id(await self._call("POST", service_url, path, activity))

    async def update(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Mapping[str, Any]
    ) -> str:
        """Replace a message of ours; returns its id."""
        path = (conversation_id, "activities", activity_id)
        return _id(await self._call("PUT", service_url, path, activity)) or activity_id

    async def delete(self, service_url: str, conversation_id: str, activity_id: str) -> None:
        """Take back a message of ours."""
        await self._call("DELETE", service_url, (conversation_id, "activities", activity_id))

    async def create_conversation(
        self,
        service_url: str,
        tenant_id: str,
        bot: Mapping[str, Any],
        member: Mapping[str, Any],
    ) -> str:
        """Open the 1:1 chat with a person, the same one each time; returns its id.

        `bot` and `member` are channel accounts: `{"id": "28:…"}`, `{"id": "29:…"}`.
        """
        asked = {
            "isGroup": False,
            "bot": dict(bot),
            "members": [dict(member)],
            "tenantId": tenant_id,
            "channelData": {"tenant": {"id": tenant_id}},
        }
        conversation_id = _id(await self._call("POST", service_url, (), asked))
        if not conversation_id:
            raise ConnectorError(Outcome.UNKNOWN, code="NoConversationId")
        return conversation_id

    async def member(
        self, service_url: str, conversation_id: str, member_id: str
    ) -> Mapping[str, Any]:
        """Return the channel account of someone in a conversation: id, name, email, aadObjectId."""
        return await self._call("GET", service_url, (conversation_id, "members", member_id))

    async def _call(
        self,
        method: str,
        service_url: str,
        path: tuple[str, ...],
        content: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        url = self._address(service_url, path)
        headers = await self._headers()
        data = None if content is None else _body(content)
        try:
            # No redirects: another host has not been on the allow-list.
            async with self._session.request(
                method,
                url,
                data=data,
                headers=headers,
                allow_redirects=False,
                timeout=self._timeout,
            ) as answer:
                found = _content(await answer.read())
        except (ClientConnectorError, ConnectionTimeoutError) as wrong:
            raise ConnectorError(Outcome.REFUSED, code=type(wrong).__name__) from wrong
        except (ClientError, TimeoutError) as wrong:
            raise ConnectorError(Outcome.UNKNOWN, code=type(wrong).__name__) from wrong
        if answer.status not in _ACCEPTED:
            raise _error(answer, found)
        return found

    def _address(self, service_url: str, path: tuple[str, ...]) -> URL:
        if not self._service_urls.allow(service_url):
            # Refused by a setting of ours, which can be mended: the message is not lost by it.
            raise ConnectorError(Outcome.REFUSED, code="ServiceUrlNotAllowed")
        # A dot stays a dot when quoted, and would name another address.
        if not {"", ".", ".."}.isdisjoint(path):
            raise ConnectorError(Outcome.INVALID, code="IdNotAllowed")
        parts = ("v3", "conversations", *(quote(part, safe="", errors="replace") for part in path))
        # As it stands: yarl would undo the quoting of `:` and `@`.
        return URL("/".join((service_url.rstrip("/"), *parts)), encoded=True)

    async def _headers(self) -> Mapping[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token := await self._token.token():
            headers["Authorization"] = f"Bearer {token}"
        return headers


def _body(content: Mapping[str, Any]) -> bytes:
    try:
        return to_json(content)
    except PydanticSerializationError:
        # Half an emoji, which JSON can carry in, has no UTF-8; everything else stays as it is.
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _content(body: bytes) -> Mapping[str, Any]:
    # A gateway's error page is no JSON, and an accepted message may come back with no body at all.
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _id(content: Mapping[str, Any]) -> str:
    return str(content.get("id") or "")


def _error(answer: ClientResponse, content: Mapping[str, Any]) -> ConnectorError:
    outcome = _OUTCOMES.get(
        answer.status, Outcome.UNKNOWN if answer.status in _FAILED else Outcome.INVALID
    )
    error = content.get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    return ConnectorError(outcome, answer.status, code=code, retry_after=retry_after(answer))
