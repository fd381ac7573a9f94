"""Sends what is stored: at once by who stored it, and by a relay until it arrived."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.delivery import DeliveryError, Message, Outcome, Sender
from bot.core.ids import MessageId
from bot.core.reply import Channel
from bot.outbox import rules
from bot.outbox.model import NO_LIMITS, Leased, Limits, Result, State
from bot.outbox.ports import Begin

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)

PATIENCE = 4.5
"""Seconds that a try at once may take, at most."""
MARGIN = timedelta(seconds=0.5)
"""How long before the relay takes over that tries at once end: clocks differ a little."""
LEASE = timedelta(seconds=60)
"""How long a message is ours: longer than the longest send (a second until its turn, 12 that the
connector waits, storing the result), else another worker sends it while this one still does."""
FAREWELL = 20.0
"""Seconds that an ending process waits for its sends and its store."""
SLOWEST = 30.0
"""Seconds between two tries to store results, at most."""


@dataclass
class Ledger:
    """Stores what became of tries, as many in one transaction as there are. Loses none."""

    begin: Begin
    sleep: Sleep = asyncio.sleep
    _noted: list[Result] = field(default_factory=list, init=False)
    _stored: int = field(default=0, init=False)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition, init=False)
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    def note(self, result: Result) -> None:
        """Have it stored soon; does not wait for it."""
        self._noted.append(result)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())

    def arrived(self, message: MessageId) -> bool:
        """Tell whether it was noted, and is not stored yet, that a message arrived."""
        return any(one.message.id == message and one.state is State.SENT for one in self._noted)

    async def flush(self) -> None:
        """Wait until what was noted is stored: for as long as the store is out of reach."""
        goal = self._stored + len(self._noted)
        async with self._more:
            await self._more.wait_for(lambda: self._stored >= goal)

    async def _write(self) -> None:
        wait = 1.0
        while self._noted:
            results = tuple(self._noted)
            try:
                async with self.begin() as work:
                    await work.outbox.settle(results)
            except Exception as error:  # noqa: BLE001 (whatever it is, the results are not lost)
                ids = [one.message.id for one in results]
                log.warning("results were not stored: %s %s", type(error).__name__, ids)
                await self.sleep(wait)
                wait = min(2 * wait, SLOWEST)
                continue
            wait = 1.0
            async with self._more:
                del self._noted[: len(results)]
                self._stored += len(results)
                self._more.notify_all()


@dataclass(frozen=True)
class Courier:
    """Sends what a turn came to at once, so that nobody waits for the relay."""

    clock: Clock
    ledger: Ledger
    jitter: Callable[[], float] = random.random
    patience: float = PATIENCE
    _under_way: dict[MessageId, asyncio.Future[bool]] = field(default_factory=dict, init=False)

    async def send(
        self,
        messages: Sequence[Message],
        channel: Sender,
        until: datetime | None = None,
        ahead: Sequence[MessageId] = (),
    ) -> None:
        """Send them in order up to the first that does not arrive: the relay sends the rest.

        It takes over at `until`. What is `ahead` goes first: it is waited for where this courier
        sends it, and else all is left to the relay. Those without an id are sent as well, but
        nobody tries them again. Does not raise.
        """
        first = [self._under_way.get(one) for one in ahead if not self.ledger.arrived(one)]
        over = asyncio.get_running_loop().create_future()
        self._under_way.update({message.id: over for message in messages if message.id})
        arrived = False
        try:
            arrived = await _all(first) and await self._send(messages, channel, until)
        finally:
            for message in messages:
                self._under_way.pop(message.id, None)
            over.set_result(arrived)

    async def _send(
        self, messages: Sequence[Message], channel: Sender, until: datetime | None
    ) -> bool:
        for message in messages:
            left = self._left(until)
            if message.id and left <= 0:
                return False
            result = await self._try(message, channel, left if message.id else self.patience)
            if message.id:
                self.ledger.note(result)
            if result.state is not State.SENT:
                return False
        return True

    def _left(self, until: datetime | None) -> float:
        """Return the seconds that a try may take."""
        if until is None:
            return self.patience
        return min(self.patience, (until - MARGIN - self.clock.now()).total_seconds())

    async def _try(self, message: Message, channel: Sender, patience: float) -> Result:
        try:
            remote = await _deliver(message, channel, patience)
        except DeliveryError as error:
            now = self.clock.now()
            return rules.after(error, Leased(message, now, now), now, self.jitter())
        return rules.arrived(message, remote, self.clock.now())


@dataclass
class Relay:
    """Sends what waits, in rounds. Several may run at once, each under its own `holder`."""

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
    _round: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def run(self, now: datetime) -> int:
        """Send until nothing is due; returns how many it dealt with. Raises what the store does."""
        done = 0
        async with self._round:
            while not self._stopping and (leased := await self._lease(max(now, self.clock.now()))):
                await self._send(leased)
                done += len(leased)
        return done

    async def watch(self, every: float) -> None:
        """Send what is due every so many seconds, and when woken, until it stops."""
        while not self._stopping:
            try:
                await self.run(self.clock.now())
            except Exception as error:  # noqa: BLE001 (whatever it is, the next round is tried)
                log.warning("the outbox is out of reach: %s", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(every):
                    await self._woken.wait()
            self._woken.clear()

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
            async with asyncio.timeout(self.farewell), self._round:
                await self.ledger.flush()
                async with self.begin() as work:
                    await work.outbox.release(self.holder)
        except Exception as error:  # noqa: BLE001 (whatever it is, the process must end)
            log.warning("the outbox was left as it was: %s", type(error).__name__)

    async def _lease(self, now: datetime) -> Sequence[Leased]:
        limits = {channel: self.limits.get(channel, NO_LIMITS) for channel in self.senders}
        until, most = now + self.lease, self.most
        async with self.begin() as work:
            return await work.outbox.lease(self.holder, limits, now=now, until=until, most=most)

    async def _send(self, leased: Sequence[Leased]) -> None:
        tries = await asyncio.gather(*map(self._tried, leased))
        throttled = [result for result in tries if result]
        for result in rules.with_pauses(throttled, {one.message.id for one in throttled}):
            self.ledger.note(result)
        await self.ledger.flush()

    async def _tried(self, leased: Leased) -> Result | None:
        """Try it, and note what it came to: at once, as a slow one must not hold up the others.

        Throttled ones are returned instead: only the round knows whether the tenant is.
        """
        tried = await self._try(leased)
        if tried is None:
            return None
        result, outcome = replace(tried[0], holder=self.holder), tried[1]
        if outcome is Outcome.THROTTLED:
            return result
        self.ledger.note(result)
        return None

    async def _try(self, leased: Leased) -> tuple[Result, Outcome | None] | None:
        """Return None for one that is ours no longer: whoever took it over sends it."""
        if (early := (leased.start - self.clock.now()).total_seconds()) > 0:
            await self.sleep(early)
        if leased.until is not None and self.clock.now() >= leased.until:
            return None
        if late := rules.expired(leased, self.clock.now()):
            return late, None
        message = leased.message
        try:
            remote = await _deliver(message, self.senders[message.place.channel])
        except DeliveryError as error:
            return rules.after(error, leased, self.clock.now(), self.jitter()), error.outcome
        return rules.arrived(message, remote, self.clock.now()), None


async def _all(sends: Sequence[asyncio.Future[bool] | None]) -> bool:
    """Wait for sends of ours; False when one is not ours, or does not arrive."""
    return None not in sends and all([one and await asyncio.shield(one) for one in sends])


async def _deliver(message: Message, channel: Sender, patience: float | None = None) -> str:
    """Send it; whatever goes wrong is a DeliveryError, logged without a word of the text."""
    try:
        async with asyncio.timeout(patience):
            return await channel.deliver(message)
    except DeliveryError as error:
        failed = error
    except TimeoutError:
        failed = DeliveryError(Outcome.UNKNOWN, code="Timeout")
    except Exception as error:  # noqa: BLE001 (a bug of ours loses no message)
        failed = DeliveryError(Outcome.UNKNOWN, code=type(error).__name__)
    log.warning("message %s did not arrive: %s", message.id, failed)
    raise failed
