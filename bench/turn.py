"""Measures one whole HTTP turn of the bot against two echo bots, in the same run.

    python bench/turn.py            at 1, 16 and 64 connections; some minutes
    python bench/turn.py --quick    the same for a moment each; only what is lost decides

Five processes on loopback: the bot itself (`vraagbaak serve --dev`, the example college, SQLite),
the SDK's stock echo bot, an echo bot on our own channel, a connector that takes everything, and
what sends the messages. The bots take turns, so that a noisy machine hurts all alike. A stall is
the longest that `/healthz`, asked every 20 ms, had to wait. `bench/floor/` holds the parts.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.floor.load import teacher_of
from bench.floor.servers import FLOOR, PATIENCE, Server, prepare, started
from bot.channels.teams.activities import message_id

QUERIES = Path(__file__).parents[1] / "tests" / "data" / "dev_queries.jsonl"
BOTS = ("stock", "echo", "ours")
CONNECTIONS = (1, 16, 64)
JUDGED = (16, 64)
OF_STOCK, OF_ECHO = 4.0, 0.4
ROUNDS, SECONDS = 3, 6.0
TEACHERS = 150  # all that the example college has, each in one chat: they rarely overlap


@dataclass
class Measured:
    """What one bot did at one number of connections; times in seconds."""

    took: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    stall: float = 0.0
    memory: float = 0.0

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.took) / self.elapsed

    def at(self, percent: float) -> float:
        """Return a percentile in milliseconds."""
        return float(np.percentile(self.took, percent)) * 1000


@dataclass
class Bot:
    """A running bot, and all that it was sent: by message id, the chat."""

    name: str
    server: Server
    connector: Server
    sent: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    busy: float = 0.0

    async def load(self, connections: int, seconds: float, into: Measured) -> None:
        """Send it messages for some time."""
        prefix = f"{self.name}-{len(self.sent)}-"
        order = {
            "port": self.server.port,
            "connector": self.connector.port,
            "prefix": prefix,
            "connections": connections,
            "seconds": seconds or PATIENCE,
            "messages": 10**9 if seconds else TEACHERS,
            "teachers": TEACHERS,
            "texts": texts(),
            "chats": f"{self.name}-",
        }
        saw = await _ordered(order)
        self.sent |= {
            f"{prefix}{number}": f"{self.name}-{teacher_of(number, TEACHERS)}"
            for number in range(saw["sent"])
        }
        self.refused += sum(saw["refused"].values())
        self.busy = max(self.busy, saw["busy"] / saw["elapsed"])
        into.took += saw["took"]
        into.elapsed += saw["elapsed"]
        into.stall = max(into.stall, saw["stall"])
        into.memory = max(into.memory, resident(self.server.process.pid))


async def _ordered(order: Mapping[str, Any]) -> Any:
    load = await asyncio.create_subprocess_exec(
        sys.executable,
        str(FLOOR / "load.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    saw, _ = await load.communicate(json.dumps(order).encode())
    return json.loads(saw)


def texts() -> list[str]:
    """Return what teachers ask."""
    queries = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    return [query["query"] for query in queries if query["labels"]]


def resident(process: int) -> float:
    """Return the MB that a process holds; nothing where there is no /proc."""
    status = Path(f"/proc/{process}/statm")
    pages = int(status.read_text().split()[1]) if status.exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.asynccontextmanager
async def bots(folder: Path) -> AsyncIterator[list[Bot]]:
    """Start the three bots, all with one connector."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(*words: str, **settings: str) -> Server:
            return await stack.enter_async_context(started(words, folder, settings))

        # What needs no database starts while that is being made.
        servers = {
            name: await start(str(FLOOR / f"{name}.py")) for name in ("connector", "stock", "echo")
        }
        settings = await prepare(folder)
        servers["ours"] = await start("-m", "bot", "serve", "--dev", **settings)
        connector = servers["connector"]
        await connector.ready("/took")
        for name in BOTS:
            await servers[name].ready()
        yield [Bot(name, servers[name], connector) for name in BOTS]


async def measure(
    them: Sequence[Bot], rounds: int, seconds: float
) -> dict[tuple[str, int], Measured]:
    """Let each bot answer in turn, at each number of connections."""
    for bot in them:
        await bot.load(16, 0, Measured())  # to warm up: every teacher once
    measured = {(bot.name, many): Measured() for bot in them for many in CONNECTIONS}
    for many in CONNECTIONS:
        for _ in range(rounds):
            for bot in them:
                await bot.load(many, seconds, measured[bot.name, many])
    return measured


async def losses(them: Sequence[Bot], folder: Path) -> list[str]:
    """Return what did not come out as it must: nothing when all is well."""
    took = await them[0].connector.told("/took")
    wrong = []
    for bot in them:
        replies = {chat: took.get(chat, 0) for chat in bot.sent.values()}
        asked = Counter(bot.sent.values())
        counts = {
            "POSTs refused": bot.refused,
            "replies too few": sum(max(0, asked[one] - replies[one]) for one in asked),
            "replies too many": sum(max(0, replies[one] - asked[one]) for one in asked),
        }
        wrong += [f"{bot.name}: {count} {what}" for what, count in counts.items() if count]
    return wrong + [one for bot in them if bot.name == "ours" for one in unstored(bot, folder)]


def unstored(bot: Bot, folder: Path) -> list[str]:
    """Return what is missing in the database.

    The connector gives each reply another id. As many replies as messages in each chat, and one of
    its own for each message here: so each message was answered once.
    """
    with contextlib.closing(sqlite3.connect(folder / "v.db")) as database:
        rows = database.execute(
            "SELECT message_id, remote FROM handled_message JOIN outbox ON answers = message_id "
            "WHERE state = 'sent' AND remote <> ''"
        ).fetchall()
        (asked,) = database.execute("SELECT count(*) FROM asked_question").fetchone()
    keys = {
        message_id({"type": "message", "id": sent, "conversation": {"id": chat}})
        for sent, chat in bot.sent.items()
    }
    counts = {
        "messages not in the inbox as sent": len(keys - {message for message, _ in rows}),
        "replies that are known as another as well": len(rows) - len({reply for _, reply in rows}),
        "questions not stored": len(keys) - asked,
    }
    return [f"ours: {count} {what}" for what, count in counts.items() if count]


def table_of(measured: Mapping[tuple[str, int], Measured]) -> Table:
    """Return a row a bot and number of connections."""
    table = Table(
        *("connections", "bot", "turns", "turns/s", "p50 ms", "p99 ms", "stall ms", "RSS MB"),
        *("of stock", "of echo"),
    )
    for many in CONNECTIONS:
        for name in BOTS:
            one = measured[name, many]
            of_stock, of_echo = ratios(measured, many)
            table.add_row(
                *(str(many), name, f"{len(one.took):,}", f"{one.rate:.0f}"),
                *(f"{one.at(50):.1f}", f"{one.at(99):.1f}"),
                *(f"{one.stall * 1000:.0f}", f"{one.memory:.0f}"),
                *((f"{of_stock:.2f} ×", f"{of_echo:.2f} ×") if name == "ours" else ("", "")),
                end_section=name == BOTS[-1],
            )
    return table


def ratios(measured: Mapping[tuple[str, int], Measured], many: int) -> tuple[float, float]:
    """Return our rate over that of the stock bot, and over that of the other."""
    ours, stock, echo = (measured[name, many].rate for name in ("ours", "stock", "echo"))
    return ours / stock, ours / echo


def verdict(measured: Mapping[tuple[str, int], Measured], *, lost: bool, quick: bool) -> int:
    """Print the last line; returns 1 when the figures are not reached."""
    counts = f"every message taken, answered once and stored ({'no' if lost else 'yes'})"
    if quick:
        print(f"to reach: {counts}: {'MISSED' if lost else 'reached'}")
        return int(lost)
    found = {many: ratios(measured, many) for many in JUDGED}
    reached = not lost and all(
        of_stock >= OF_STOCK and of_echo >= OF_ECHO for of_stock, of_echo in found.values()
    )
    told = "; ".join(
        f"at {many} connections {OF_STOCK:g} × the stock bot (is {of_stock:.2f}) and "
        f"{OF_ECHO:g} × the echo bot (is {of_echo:.2f})"
        for many, (of_stock, of_echo) in found.items()
    )
    print(f"to reach: {told}; {counts}: {'reached' if reached else 'MISSED'}")
    return int(not reached)


async def bench(*, quick: bool) -> int:
    """Run it all in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with bots(folder) as them:
            measured = await measure(them, *((1, 0.5) if quick else (ROUNDS, SECONDS)))
            wrong = await losses(them, folder)
    Console(width=110).print(table_of(measured))
    busiest = max(bot.busy for bot in them)
    print(f"what sends the messages used at most {busiest:.0%} of a core")
    for one in wrong:
        print(one)
    return verdict(measured, lost=bool(wrong), quick=quick)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    sys.exit(asyncio.run(bench(quick=options.parse_args().quick)))
