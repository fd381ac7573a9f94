"""Lets the timetable tick for as long as a process works. APScheduler is named here alone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.core.clock import Clock
from bot.outbox.relay import Relay
from scheduler.timetable import RELAY_EVERY, Tick

log = logging.getLogger(__name__)


@asynccontextmanager
async def working(clock: Clock, relay: Relay, ticks: Sequence[Tick]) -> AsyncIterator[None]:
    """Deliver what waits and do what is due, from now on, in the background.

    At its end nothing new is taken, what is under way is finished, and the leases are given back.
    """
    watch = asyncio.create_task(relay.watch(RELAY_EVERY))
    try:
        async with _ticking(clock, ticks):
            yield
    finally:
        try:
            await relay.stop()
        finally:
            watch.cancel()
            await asyncio.wait([watch])


@asynccontextmanager
async def _ticking(clock: Clock, ticks: Sequence[Tick]) -> AsyncIterator[None]:
    # It tells of each tick, and warns of one that is still under way at the next.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    looks = [_Look(clock, tick) for tick in ticks]
    for look in looks:
        every = IntervalTrigger(seconds=look.tick.every, timezone=UTC)
        # The first one is now: what became due while nobody ran does not wait.
        scheduler.add_job(look.once, every, next_run_time=datetime.now(UTC), id=look.tick.thing)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        for look in looks:
            await look.end()
        # One round of the loop, for looks that were begun and now see that it is over; and one
        # for the scheduler, which ends in a callback.
        await asyncio.sleep(0)
        scheduler.shutdown()
        await asyncio.sleep(0)


class _Look:
    """Looks whether one thing is due. What goes wrong is logged, and tried at the next tick."""

    def __init__(self, clock: Clock, tick: Tick) -> None:
        self.clock, self.tick = clock, tick
        self._ended = False
        self._turn = asyncio.Lock()

    async def once(self) -> None:
        async with self._turn:
            if self._ended:
                return
            try:
                await self.tick.look(self.clock.now())
            except Exception as error:  # noqa: BLE001 (whatever it is, the next tick tries again)
                name = type(error).__name__
                log.warning("%s failed, and is tried again: %s", self.tick.thing, name)

    async def end(self) -> None:
        """Wait for the look under way; none comes after it."""
        async with self._turn:
            self._ended = True
