"""Finds out who strangers are, once a channel can say it: in any process, as time passes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.reply import Channel, Place, Sender
from bot.core.turn import Unmet
from bot.dialogs.safely import safely
from bot.dialogs.strangers import Strangers, is_over

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a try is one process's: longer than a look-up and the answers that follow it."""
AT_ONCE = 20
"""People who are looked up at the same time."""


class Finder(Protocol):
    """Looks up in a channel who somebody is."""

    async def find(self, sender: Sender, place: Place) -> Sender | None:
        """Return who it is; None when the channel cannot say it now."""
        ...


@dataclass(frozen=True)
class Meeting:
    """Tries again to find out who strangers are, and has them answered or gives up."""

    strangers: Strangers
    finders: Mapping[Channel, Finder]
    meet: Callable[[Sender], Awaitable[bool]]

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.strangers.reading() as work:
            return await work.strangers.next_due([*self.finders], after)

    async def run(self, now: datetime) -> int:
        """Try all that is due; returns of how many people.

        As long as some of them are known now: else the others are left to the next time, for it is
        the channel that cannot say it.
        """
        done = 0
        while due := await self._take(now):
            done += len(due)
            # Each by themselves: who is answered slowly uses up the time of nobody else.
            if not any(await asyncio.gather(*(self._try(one, now) for one in due))):
                break
        return done

    async def _take(self, now: datetime) -> list[Unmet]:
        async with self.strangers.begin() as work:
            # Those before them may have taken a while.
            now = self._at_least(now)
            due = await work.strangers.take(
                [*self.finders], now=now, until=now + LEASE, most=AT_ONCE
            )
            return [*due]

    def _at_least(self, now: datetime) -> datetime:
        return max(now, self.strangers.clock.now())

    async def _try(self, said: Unmet, now: datetime) -> bool:
        """Look up who said it and go on from there; returns whether that is known now."""
        found = await self._find(said)
        dealing = self._deal_with(said, found, self._at_least(now))
        await safely(f"stranger {said.id}", dealing)
        return found is not None

    async def _find(self, said: Unmet) -> Sender | None:
        sender, place = said.incoming.sender, said.incoming.where
        try:
            return await self.finders[sender.channel].find(sender, place)
        except Exception as error:  # noqa: BLE001 (whatever it is, the others go on)
            log.error("a look-up broke: %s", type(error).__name__)  # noqa: TRY400 (its words may be what was typed)
            return None

    async def _deal_with(self, said: Unmet, found: Sender | None, now: datetime) -> None:
        if found and await self.meet(found):
            return
        if is_over(said, now):
            await self.strangers.give_up(said, now, known=found is not None)
            return
        await self.strangers.postpone(said, now)
