"""Sends what is stored until it arrived, in a stream: one that hangs holds up no other."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.delivery import DeliveryError, Outcome, Sender
from bot.core.reply import Channel
from bot.outbox import rules
from bot.outbox.model import NO_LIMITS, Leased, Limits, Result
from bot.outbox.ports import Begin
from bot.outbox.service import Ledger, Sleep, deliver

Lane = tuple[Channel, str]
log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a message is ours: longer than the longest send (a second until its turn, 12 that the
connector waits, storing the result), else another worker sends it while this one still does."""
AHEAD = timedelta(seconds=0.5)
"""With turns for longer than this in hand no more are taken. It is half of what the store gives out
at most: so there are always some, and it is asked for them twice a second."""
FAREWELL = 20.0
"""Seconds that an ending process waits for its sends and its store."""


@dataclass
class Relay:
    """Sends what waits, at most so many at a time. Several may run, each under its own `holder`."""

    begin: Begin
    clock: Clock
    ledger: Ledger
    senders: Mapping[Channel, Sender]
    limits: Mapping[Channel, Limits]
    holder: str
    jitter: Callable[[], float] = random.random
    most: int = 50
    lease: timedelta = LEASE
    sleep: Sleep = asyncio.sleep
    farewell: float = FAREWELL
    _stopping: bool = field(default=False, init=False)
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _sends: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _talks: set[Lane] = field(default_factory=set, init=False)
    _last_turn: datetime | None = field(default=None, init=False)
    _throttled: list[Result] = field(default_factory=list, init=False)

    async def run(self, now: datetime) -> int:
        """Send until nothing is due or under way; returns how many it dealt with.

        Raises what the store does; what was under way then goes on.
        """
        return await self._stream(now)

    async def watch(self, every: float) -> None:
        """Send what is due every so many seconds, and when woken, until it stops."""
        while not self._stopping:
            try:
                await self._stream(self.clock.now(), every)
            except Exception as error:  # noqa: BLE001 (whatever it is, it is tried again)
                log.warning("the outbox is out of reach: %s", type(error).__name__)
            if not self._stopping:
                await self._news(every)

    def wake(self) -> None:
        self._woken.set()

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.begin() as work:
            return await work.outbox.next_due(tuple(self.senders), after)

    async def stop(self) -> None:
        """Finish the sends under way, store what became of them, and give back what is held.

        A store that is out of reach is not waited for: the leases end by themselves, and what
        arrived without being marked arrives twice.
        """
        self._stopping = True
        self.wake()
        try:
            async with asyncio.timeout(self.farewell), self._alone:
                if self._sends:
                    await asyncio.wait(self._sends)
                await self.ledger.flush()
                async with self.begin() as work:
                    await work.outbox.release(self.holder)
        except Exception as error:  # noqa: BLE001 (whatever it is, the process must end)
            log.warning("the outbox was left as it was: %s", type(error).__name__)
            self._abandon()

    async def _stream(self, now: datetime, every: float | None = None) -> int:
        """Send on until nothing is due or under way; looks at least every so many seconds."""
        done = 0
        async with self._alone:
            try:
                while True:
                    self._woken.clear()
                    idle = not self._under_way()
                    leased = await self._look(max(now, self.clock.now()))
                    done += len(leased)
                    if idle and not leased:
                        return done
                    await self._news(every)
            except asyncio.CancelledError:
                self._abandon()
                raise

    async def _news(self, within: float | None) -> None:
        """Wait until a turn came, a send ended, somebody woke us, or so many seconds passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._woken.wait()
        self._woken.clear()

    def _under_way(self) -> int:
        """Return how many are; raises what went wrong in one that ended otherwise than it may."""
        ended = {one for one in self._sends if one.done()}
        self._sends -= ended
        for one in ended:
            if not one.cancelled():
                one.result()
        return len(self._sends)

    def _abandon(self) -> None:
        """Drop the sends under way: their leases end, and what arrived perhaps arrives twice."""
        for one in self._sends:
            one.cancel()

    async def _look(self, now: datetime) -> Sequence[Leased]:
        """Take what is due, as far as there is room, and begin to send it."""
        room = self.most - len(self._sends)
        if self._stopping or not room or self._has_turns(now):
            return ()
        leased = await self._lease(now, room)
        for one in leased:
            self._begin_send(one)
        return leased

    def _begin_send(self, leased: Leased) -> None:
        lane = _lane(leased)
        if lane in self._talks:
            return  # it took longer than its lease, which is ours again: its end gives it back
        if self.ledger.knows(leased.message):
            # Leased before that was stored: it was sent at once, or in a lease that ended.
            send = asyncio.create_task(self._give_back(leased))
        else:
            self._talks.add(lane)
            self._last_turn = max(leased.start, self._last_turn or leased.start)
            send = asyncio.create_task(self._send(leased))
        send.add_done_callback(lambda _: self.wake())
        self._sends.add(send)

    def _has_turns(self, now: datetime) -> bool:
        """Tell whether sends that wait for their turn keep us busy for a while."""
        ahead = self._last_turn is not None and self._last_turn > now + AHEAD
        return ahead and bool(self._sends)

    async def _lease(self, now: datetime, most: int) -> Sequence[Leased]:
        limits = {channel: self.limits.get(channel, NO_LIMITS) for channel in self.senders}
        async with self.begin() as work:
            # Turns that passed while others wrote would all be used at once.
            now = max(now, self.clock.now())
            until = now + self.lease
            return await work.outbox.lease(self.holder, limits, now=now, until=until, most=most)

    async def _send(self, leased: Leased) -> None:
        """Try it, and have stored what it came to, which frees its conversation."""
        try:
            tried = await self._try(leased)
        finally:
            self._talks.discard(_lane(leased))
        if tried is None:
            return
        result, outcome = replace(tried[0], holder=self.holder), tried[1]
        if outcome is Outcome.THROTTLED:
            self._throttled = [*rules.of_late(self._throttled, result.at), result]
            result = rules.with_pause(result, self._throttled)
        self.ledger.note(result)
        await self.ledger.flush()

    async def _give_back(self, leased: Leased) -> None:
        """Let what is known of it be stored first; then its conversation is free."""
        await self.ledger.flush()
        async with self.begin() as work:
            await work.outbox.give_back(self.holder, leased.message.place)

    async def _try(self, leased: Leased) -> tuple[Result, Outcome | None] | None:
        """Return None for one that is not sent: it is given back, or whoever took it over does."""
        if (early := (leased.start - self.clock.now()).total_seconds()) > 0:
            await self.sleep(early)
            self.wake()
        if self._stopping or (leased.until is not None and self.clock.now() >= leased.until):
            return None
        if late := rules.expired(leased, self.clock.now()):
            return late, None
        message = leased.message
        try:
            remote = await deliver(message, self.senders[message.place.channel])
        except DeliveryError as error:
            return rules.after(error, leased, self.clock.now(), self.jitter()), error.outcome
        return rules.arrived(message, remote, self.clock.now()), None


def _lane(leased: Leased) -> Lane:
    place = leased.message.place
    return place.channel, rules.lane(place)
