"""Sends messages to a bot over a number of connections, each waiting for its answer.

Reads an order from stdin as JSON, writes what it saw to stdout as JSON. Raw HTTP on the loop's own
transports: on two cores a client library would take more of the time than the bots do.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

POLL = 0.02  # seconds between two looks at the loop of the bot
PATIENCE = 60  # seconds: the slowest answer that is waited for


class Line(asyncio.Protocol):
    """One kept connection: a request out, the status of its answer back."""

    def __init__(self) -> None:
        self._got = b""
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (what TCP gives)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        self._got = b""
        self._settle(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        self._settle(0)

    async def ask(self, request: bytes) -> int:
        """Return the status; 0 when the connection was lost or the answer stayed out."""
        if self._transport is None:
            return 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._answer
        except TimeoutError:
            self.close()
            return 0

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def _settle(self, status: int) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(status)


def _length(head: bytes) -> int:
    _, named, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if named else 0


def teacher_of(number: int, teachers: int) -> str:
    """Return who sends a message."""
    return f"docent{number % teachers + 1:03}"


@dataclass
class Load:
    """One order, and what came of it."""

    port: int
    connector: int
    prefix: str
    connections: int
    seconds: float
    messages: int
    teachers: int
    texts: list[str]
    chats: str = ""
    """What the names of the teachers' 1:1 chats begin with; without it each message has its own."""
    sent: int = 0
    took: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    stall: float = 0.0

    async def run(self) -> dict[str, Any]:
        """Send until the time or the messages are up, then wait for the answers under way."""
        start, busy = time.perf_counter(), time.process_time()
        watch = asyncio.create_task(self._watch())
        until = start + self.seconds
        await asyncio.gather(*(self._talk(until) for _ in range(self.connections)))
        elapsed, busy = time.perf_counter() - start, time.process_time() - busy
        watch.cancel()
        return {
            "sent": self.sent,
            "took": self.took,
            "refused": self.refused,
            "stall": self.stall,
            "elapsed": elapsed,
            "busy": busy,
        }

    async def _talk(self, until: float) -> None:
        line = await self._line()
        while self.sent < self.messages and time.perf_counter() < until:
            request = self._request(self.sent)
            self.sent += 1
            start = time.perf_counter()
            status = await line.ask(request)
            self.took.append(time.perf_counter() - start)
            if not 200 <= status < 300:  # noqa: PLR2004 (every status that means: taken)
                self.refused[status] = self.refused.get(status, 0) + 1
            if not status:
                line = await self._line()
        line.close()

    async def _watch(self) -> None:
        """Keep the longest that the cheapest of all requests had to wait."""
        line = await self._line()
        request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
        while True:
            start = time.perf_counter()
            try:
                await line.ask(request)
            finally:  # one that still waits at the end counts for as long as it did
                self.stall = max(self.stall, time.perf_counter() - start)
            await asyncio.sleep(max(0.0, start + POLL - time.perf_counter()))

    async def _line(self) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        return line

    def _request(self, number: int) -> bytes:
        activity = self._activity(number)
        body = json.dumps(activity).encode()
        head = (
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _activity(self, number: int) -> dict[str, Any]:
        message = f"{self.prefix}{number}"
        teacher = teacher_of(number, self.teachers)
        chat = f"{self.chats}{teacher}" if self.chats else message
        tenant = "00000000-0000-0000-0000-000000000001"
        return {
            "type": "message",
            "id": message,
            "timestamp": "2026-01-20T17:48:24.871Z",
            "localTimestamp": "2026-01-20T18:48:24.871+01:00",
            "localTimezone": "Europe/Amsterdam",
            "channelId": "msteams",
            "serviceUrl": f"http://127.0.0.1:{self.connector}/",
            "from": {"id": f"29:{teacher}", "name": teacher},
            "conversation": {"conversationType": "personal", "id": chat, "tenantId": tenant},
            "recipient": {"id": "28:00000000-0000-0000-0000-000000000011", "name": "Vraagbaak"},
            "textFormat": "plain",
            "text": self.texts[number % len(self.texts)],
            "locale": "nl-NL",
            "entities": [{"type": "clientInfo", "locale": "nl-NL", "country": "NL"}],
            "channelData": {"tenant": {"id": tenant}},
        }


if __name__ == "__main__":
    json.dump(asyncio.run(Load(**json.load(sys.stdin)).run()), sys.stdout)
