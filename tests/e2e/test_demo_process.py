"""Every story against a real `vraagbaak demo`, typed into its pipe, as on a fresh machine."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.story import STORIES, play
from tests.typist import Typist

pytestmark = pytest.mark.e2e
PROMPT = b"> "
PATIENCE = 60  # seconds: a fresh machine compiles every module first


class ProcessStage(Typist):
    """A terminal with someone at it: types a line, and reads until the next prompt."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        super().__init__(self._enter)
        self.process = process

    async def _enter(self, line: str) -> str:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        # What was typed is printed again, so that a piped story can be read: its own line goes.
        return (await self.until_prompt()).partition("\n")[2]

    async def until_prompt(self) -> str:
        """Read until a line that ends in the prompt; raises TimeoutError when none comes."""
        assert self.process.stdout
        read = b""
        async with asyncio.timeout(PATIENCE):
            while not (read.endswith(PROMPT) and b": " not in read.rpartition(b"\n")[2]):
                piece = await self.process.stdout.read(4096)
                assert piece, f"the demo ended:\n{read.decode()}"
                read += piece
        return read.decode()


@asynccontextmanager
async def demo(*options: str, killed: bool = False) -> AsyncIterator[ProcessStage]:
    """Start the demo, and end it as a person does: `/stop`, and a clean exit; or with SIGKILL."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "vraagbaak"),
        "demo",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    stage = ProcessStage(process)
    try:
        await stage.until_prompt()
        yield stage
        if killed:
            return
        assert process.stdin
        process.stdin.write(b"/stop\n")
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("story", sorted(STORIES.glob("*.txt")), ids=lambda path: path.stem)
async def test_the_story_goes_as_written_in_a_real_process(story: Path) -> None:
    async with demo() as stage:
        assert await play(story, stage) > 0


async def test_a_folder_is_opened_again_with_its_people_and_its_clock(tmp_path: Path) -> None:
    async with demo("--dir", str(tmp_path)) as stage:
        await stage.say("Sanne", "goedemorgen")
        assert "Hoi Sanne!" in await stage.press("Sanne", "Handel 1")
        moved = (await stage.move("+30d")).split()[0]
    async with demo("--dir", str(tmp_path)) as stage:
        again = await stage.say("Sanne", "goedemorgen")
        assert "Hoi Sanne!" in again
        assert "Bij welk team" not in again
        assert (await stage.move("+1m")).split()[0] >= moved


async def test_a_notice_outlives_a_killed_process_and_comes_once(tmp_path: Path) -> None:
    async with demo("--dir", str(tmp_path), killed=True) as stage:
        await stage.say("Docent 001", "/herinner morgen 09:00 Neem de adapter mee")
    async with demo("--dir", str(tmp_path)) as stage:
        assert "Neem de adapter mee" in await stage.move("+2d")
        assert "Neem de adapter mee" not in await stage.move("+2d")


async def test_a_piped_story_ends_by_itself() -> None:
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "vraagbaak"),
        "demo",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate(b"help\nkun je mijn oldtimer reviseren\n")
    assert process.returncode == 0
    assert b"Stel je vraag in je eigen woorden." in said
    assert b"dus ik gok niet" in said
