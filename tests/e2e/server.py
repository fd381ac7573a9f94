"""A real `vraagbaak serve` process on loopback, with the example college on SQLite."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

VRAAGBAAK = str(Path(sys.executable).parent / "vraagbaak")
PATIENCE = 60  # seconds: a fresh machine compiles every module first


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run(folder: Path, *words: str) -> None:
    """Run a command to its end; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        VRAAGBAAK, *words, cwd=folder, env=environment(folder)
    )
    async with asyncio.timeout(PATIENCE):
        assert await process.wait() == 0, words


def environment(folder: Path, port: int = 0) -> dict[str, str]:
    """Return the settings of a server that keeps everything in a folder."""
    own = {
        "VRAAGBAAK_DATABASE_URL": f"sqlite:///{folder / 'v.db'}",
        "VRAAGBAAK_COLLEGE_FILE": str(folder / "college" / "college.yaml"),
        "VRAAGBAAK_POLL_SECRET": "a long and random text that only the stories know",
        **({"VRAAGBAAK_PORT": str(port)} if port else {}),
    }
    return {**os.environ, **own, "PYTHONUNBUFFERED": "1"}


@asynccontextmanager
async def serving_bot(folder: Path) -> AsyncIterator[str]:
    """Start `vraagbaak serve --dev`; yields the address to post to. Ends it as a host does."""
    await run(folder, "org", "generate", "kerncollege", "college")
    await run(folder, "db", "upgrade")
    await run(folder, "org", "import", "college")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        VRAAGBAAK,
        "serve",
        "--dev",
        cwd=folder,
        env=environment(folder, port),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(PATIENCE):
            while b"/api/messages" not in (line := await process.stdout.readline()):
                assert line, "the server ended"
        yield f"http://127.0.0.1:{port}/api/messages"
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
