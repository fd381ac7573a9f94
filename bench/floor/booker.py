"""One process of the booking race: the whole bot, on a database that others race on as well."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bench.floor.crowd import place, sender
from bench.floor.racer import Racer, work
from bot.core.ids import HourId, PersonId
from bot.core.reply import Incoming, Reply, Say
from bot.core.walkin_buttons import BookSlot
from bot.dialogs.root import Root
from bot.store.work import Work
from bot.walkin.frame import Frame, Guest
from bot.walkin.model import SlotKey
from bot.walkin.service import book

BOOK, WRITE = "book", "write"


@dataclass(frozen=True)
class Unlocked:
    """Walk-in hours at which nobody waits for who is before them."""

    walkin: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.walkin, name)

    async def lock(self, *hours: HourId) -> None:
        """Let others book at the same moment."""


def unlocked(begin: Callable[[], AbstractAsyncContextManager[Work]]) -> Any:
    """Return units of work without the lock."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with begin() as one:
            walkin: Any = Unlocked(one.walkin)
            one.walkin = walkin
            yield one

    return opened


@dataclass(frozen=True)
class Booker(Racer):
    """Books for many, all at once."""

    async def prepare(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        return self._book(order) if order["what"] == BOOK else await self._write(order)

    def _book(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        root: Root = self.app.bot.root
        if not order["locked"]:
            root = replace(root, begin=unlocked(self.app.store.begin))
        day = date.fromisoformat(order["day"])
        button = BookSlot(hour=order["hour"], day=day, slot=order["slot"]).encode()

        async def press(who: int, message: str) -> Any:
            pressed = Incoming(sender(who), message, button=button, place=place(who))
            (reply,) = (await root.on_turn(pressed)).replies
            return {"view": reply.view, "number": _number(reply)}

        return press

    async def _write(self, order: Mapping[str, Any]) -> Callable[..., Awaitable[Any]]:
        """Return the floor: nothing but the use case, in a unit of its own."""
        key = SlotKey(HourId(order["hour"]), date.fromisoformat(order["day"]), order["slot"])
        clock = self.app.jobs.walkin
        async with self.app.store.reading() as one:
            frame: Frame = await clock.frame(one, self.app.clock.now())
            known = {
                met.person.id
                for who in range(1, 501)
                if (met := await one.addresses.met(sender(who).channel, sender(who).address))
            }
        people = dict(enumerate(sorted(known), start=1))

        async def write(who: int, *_: str) -> Any:
            guest = Guest(PersonId(people[who]), lambda _: True)
            async with self.app.store.begin() as one:
                came = await book(one, key, guest, frame)
            return {"view": type(came).__name__}

        return write


def _number(reply: Reply) -> int:
    """Return the place in the line that somebody was told; 0 for none."""
    said = (one for one in reply.blocks if isinstance(one, Say))
    return next((int(str(one.data["number"])) for one in said if "number" in one.data), 0)


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    asyncio.run(work(Booker))
