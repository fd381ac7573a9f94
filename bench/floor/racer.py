"""One process of the claim race: the whole bot, on a database that others race on as well.

Reads an order from stdin as JSON and says `ready`. Then for each race what is pressed, says `set`,
reads at which moment (of the machine's own clock) all start, and writes what came of it.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bench.floor.crowd import ASKER, place, sender
from bot.app import App, build
from bot.core.buttons import Claim
from bot.core.clock import MovableClock
from bot.core.reply import Incoming, Reply, Say
from bot.dialogs.root import Root
from bot.routing.model import Question
from bot.settings import read_settings
from bot.store.work import Work

CLAIM, WRITE = "claim", "write"


@dataclass(frozen=True)
class Unconditional:
    """Questions that are written over what is stored, whatever that has become meanwhile."""

    questions: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.questions, name)

    async def save(self, question: Question, *, seen: int) -> bool:
        while not await self.questions.save(question, seen=seen):
            seen = (await self.questions.get(question.id)).version
        return True


def unguarded(begin: Callable[[], AbstractAsyncContextManager[Work]]) -> Any:
    """Return units of work in which a question is written without a condition."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with begin() as work:
            questions: Any = Unconditional(work.questions)
            work.questions = questions
            yield work

    return opened


@asynccontextmanager
async def opened(order: Mapping[str, Any]) -> AsyncIterator[App]:
    """Build the bot on the database of an order, so far ahead of the machine's time."""
    settings = read_settings(
        database_url=SecretStr(order["database"]),
        college_file=Path(order["college"]),
        **order.get("settings", {}),
    )
    clock = MovableClock(offset=timedelta(seconds=order["ahead"]))
    async with build(settings, clock) as app:
        yield app


@dataclass(frozen=True)
class Racer:
    """Presses for many, all at once."""

    app: App

    async def warm(self) -> None:
        """Answer something, so that the index is there."""
        await self.app.bot.on_turn(Incoming(sender(ASKER), f"warm|{id(self)}", "help"))

    async def race(self, order: Mapping[str, Any], start: Callable[[], Awaitable[float]]) -> Any:
        """Get ready, then do all of it at the moment that `start` tells."""
        one = await self.prepare(order)
        await asyncio.sleep(await start() - time.monotonic())
        return await asyncio.gather(*(self._timed(one, *pressed) for pressed in order["pressed"]))

    async def prepare(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        """Return what each does at that moment."""
        return await self._claim(order) if order["what"] == CLAIM else await self._write(order)

    async def _timed(self, one: Callable[..., Awaitable[Any]], who: int, *given: str) -> Any:
        begun = time.monotonic()
        came = await one(who, *given)
        return {"who": who, "begun": begun, "ended": time.monotonic(), **came}

    async def _claim(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        root: Root = self.app.bot.root
        if not order["guarded"]:
            root = replace(root, begin=unguarded(self.app.store.begin))
        button = Claim(question=order["question"]).encode()

        async def press(who: int, message: str, card: str) -> Any:
            pressed = Incoming(sender(who), message, button=button, place=place(who), card=card)
            return _told((await root.on_turn(pressed)).replies)

        return press

    async def _write(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        """Return the floor: nothing but the write that decides, in a unit of its own."""
        async with self.app.store.reading() as work:
            found = await work.questions.get(order["question"])
        assert found  # noqa: S101 (it was just made)
        new = replace(found, version=found.version + 1)

        async def write(_who: int, *_: str) -> Any:
            async with self.app.store.begin() as work:
                return {"won": await work.questions.save(new, seen=found.version)}

        return write


def _told(replies: tuple[Reply, ...]) -> Any:
    """Return what is said and what can be pressed, by key."""
    blocks = [block for reply in replies for block in reply.blocks if isinstance(block, Say)]
    labels = [button.label for reply in replies for button in reply.buttons]
    return {
        "said": [(block.key, block.data.get("name", "")) for block in blocks],
        "buttons": [label.key for label in labels if isinstance(label, Say)],
    }


async def heard() -> Any:
    """Return the next line of stdin; None at its end."""
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else None


async def work(kind: type[Racer] = Racer) -> None:
    """Race as often as is asked."""
    async with opened(await heard()) as app:
        racer = kind(app)
        await racer.warm()
        print("ready", flush=True)

        async def start() -> float:
            print("set", flush=True)
            return float(await heard())

        while order := await heard():
            print(json.dumps(await racer.race(order, start)), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(work())
