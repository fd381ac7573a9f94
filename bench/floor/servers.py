"""Processes that listen on loopback for as long as a bench needs them, and the example college."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

FLOOR = Path(__file__).parent
PATIENCE = 90.0  # seconds: a fresh machine compiles every module first


@dataclass(frozen=True)
class Server:
    """A process that listens, or will in a moment."""

    port: int
    process: asyncio.subprocess.Process

    async def ready(self, path: str = "/healthz") -> None:
        """Return as soon as it answers; ends the bench when it never will."""
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while self.process.returncode is None:
                with contextlib.suppress(aiohttp.ClientConnectorError):
                    async with session.get(self._address(path)) as answer:
                        answer.raise_for_status()
                        return
                await asyncio.sleep(0.05)
        raise SystemExit("a server of the bench did not start: see above")

    async def told(self, path: str) -> Any:
        """Return the JSON that it answers."""
        async with aiohttp.ClientSession() as session, session.get(self._address(path)) as answer:
            return await answer.json()

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def start(
    words: Sequence[str],
    folder: Path,
    settings: Mapping[str, str],
    port: int = 0,
    log: Path | None = None,
) -> Server:
    """Start a server; it need not be ready yet. Who starts it ends it.

    What it says is written to the log, if there is one.
    """
    port = port or free_port()
    own = {**settings, "PORT": str(port), "VRAAGBAAK_PORT": str(port)}
    with log.open("ab") if log else contextlib.nullcontext(sys.stderr) as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            cwd=folder,
            env={**os.environ, **own},
            stdout=said,
            stderr=said,
        )
    return Server(port, process)


@contextlib.asynccontextmanager
async def started(
    words: Sequence[str], folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[Server]:
    """Start a server, and end it again; it need not be ready yet."""
    server = await start(words, folder, settings)
    try:
        yield server
    finally:
        if server.process.returncode is None:
            server.process.terminate()
            await server.process.wait()


async def prepare(folder: Path, database: str = "", college: str = "kerncollege") -> dict[str, str]:
    """Make a reference college and its database (without a URL: on SQLite, in the folder).

    Returns the settings that name them.
    """
    settings = {
        "VRAAGBAAK_DATABASE_URL": database or f"sqlite:///{folder / 'v.db'}",
        "VRAAGBAAK_COLLEGE_FILE": str(folder / "college" / "college.yaml"),
    }

    async def run(words: str) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words.split()),
            cwd=folder,
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.DEVNULL,
        )
        if await process.wait():
            raise SystemExit(f"vraagbaak {words} failed: see above")

    await asyncio.gather(run(f"org generate {college} college"), run("db upgrade"))
    await run("org import college")
    return settings
