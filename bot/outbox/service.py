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
from bot.core.reply import Channel
from bot.outbox import rules
from bot.outbox.model import NO_LIMITS, Leased, Limits, Result, State
from bot.outbox.ports import Begin

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)

PATIENCE = 4.5
"""Seconds that a try at once may take: the relay takes the message over after 5."""
LEASE = timedelta(seconds=60)
"""How long a message is ours: longer than the longest send (a second until its turn, 12 that the
connector waits, storing the result), else another worker sends it while this one still does."""
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

    async def send(self, messages: Sequence[Message], channel: Sender) -> None:
        """Send them in order up to the first that does not arrive: the relay sends the rest.

        Those without an id are sent as well, but nobody tries them again. Does not raise.
        """
        for message in messages:
            result = await self._try(message, channel)
            if message.id:
                self.ledger.note(replace(result, held=False))
            if result.state is not State.SENT:
                return

    async def _try(self, message: Message, channel: Sender) -> Result:
        try:
            remote = await _deliver(message, channel, self.patience)
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

        It takes as long as the store is out of reach: the leases end by themselves.
        """
        self._stopping = True
        self.wake()
        async with self._round:
            await self.ledger.flush()
            async with self.begin() as work:
                await work.outbox.release(self.holder)

    async def _lease(self, now: datetime) -> Sequence[Leased]:
        limits = {channel: self.limits.get(channel, NO_LIMITS) for channel in self.senders}
        until, most = now + self.lease, self.most
        async with self.begin() as work:
            return await work.outbox.lease(self.holder, limits, now=now, until=until, most=most)

    async def _send(self, leased: Sequence[Leased]) -> None:
        tries = await asyncio.gather(*map(self._try, leased))
        throttled = {result.message.id for result, outcome in tries if outcome is Outcome.THROTTLED}
        for result in rules.with_pauses([result for result, _ in tries], throttled):
            self.ledger.note(result)
        await self.ledger.flush()

    async def _try(self, leased: Leased) -> tuple[Result, Outcome | None]:
        if (early := (leased.start - self.clock.now()).total_seconds()) > 0:
            await self.sleep(early)
        if late := rules.expired(leased, self.clock.now()):
            return late, None
        message = leased.message
        try:
            remote = await _deliver(message, self.senders[message.place.channel])
        except DeliveryError as error:
            return rules.after(error, leased, self.clock.now(), self.jitter()), error.outcome
        return rules.arrived(message, remote, self.clock.now()), None


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
