"""Sends a reply at once, by who stored it, and stores what became of tries."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.delivery import DeliveryError, Message, Outcome, Sender
from bot.core.ids import MessageId
from bot.outbox import rules
from bot.outbox.model import Leased, Result, State
from bot.outbox.ports import Begin

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)

PATIENCE = 4.5
"""Seconds that a try at once may take, at most."""
MARGIN = timedelta(seconds=0.5)
"""How long before the relay takes over that tries at once end: clocks differ a little."""
SLOWEST = 30.0
"""Seconds between two tries to store results, at most."""
LATELY = 1_000
"""Arrivals that are known for a while after they were stored: many more than a lease may miss."""


@dataclass
class Ledger:
    """Stores what became of tries, as many in one transaction as there are.

    Loses none but what the store never takes: that message is tried again when its lease ends.
    """

    begin: Begin
    sleep: Sleep = asyncio.sleep
    _noted: list[Result] = field(default_factory=list, init=False)
    _stored: int = field(default=0, init=False)
    _arrived: deque[tuple[MessageId, int]] = field(
        default_factory=lambda: deque(maxlen=LATELY), init=False
    )
    _more: asyncio.Condition = field(default_factory=asyncio.Condition, init=False)
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    def note(self, result: Result) -> None:
        """Have it stored soon; does not wait for it."""
        self._noted.append(result)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())

    def knows(self, message: Message) -> bool:
        """Tell whether it is known here what became of a message, which the store may not know yet.

        Who reads there that it still waits read it before that was stored.
        """
        lately = (message.id, message.version) in self._arrived
        return lately or any(one.message.id == message.id for one in self._noted)

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
            if await self._settled(results):
                await self._done(len(results))
            elif await self._settled(()):
                # The store is there, so it is one of them that it does not take.
                await self._write_each(results)
            else:
                await self.sleep(wait)
                wait = min(2 * wait, SLOWEST)
                continue
            wait = 1.0

    async def _write_each(self, results: Sequence[Result]) -> None:
        """Store them one by one; one that is not taken, not even bare, is told and left out."""
        for one in results:
            if not (await self._settled([one]) or await self._settled([rules.bare(one)])):
                if not await self._settled(()):
                    return
                log.error("what became of message %s cannot be stored", one.message.id)
            await self._done(1)

    async def _settled(self, results: Sequence[Result]) -> bool:
        """Tell whether the store took them; of none, whether it is there."""
        try:
            async with self.begin() as work:
                await work.outbox.settle(results)
        except Exception as error:  # noqa: BLE001 (whatever it is, the results are not lost)
            ids = [one.message.id for one in results]
            log.warning("results were not stored: %s %s", type(error).__name__, ids)
            return False
        self._arrived.extend(
            (one.message.id, one.message.version) for one in results if one.state is State.SENT
        )
        return True

    async def _done(self, count: int) -> None:
        async with self._more:
            del self._noted[:count]
            self._stored += count
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
    ) -> bool:
        """Send them in order up to the first that does not arrive: the relay sends the rest.

        It takes over at `until`. What is `ahead` goes first: it is waited for where this courier
        sends it, and else all is left to the relay. Those without an id are sent as well, but
        nobody tries them again: False when one of these did not arrive. Does not raise.
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
        return arrived or all(message.id for message in messages)

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
            remote = await deliver(message, channel, patience)
        except DeliveryError as error:
            now = self.clock.now()
            return rules.after(error, Leased(message, now, now), now, self.jitter())
        return rules.arrived(message, remote, self.clock.now())


async def _all(sends: Sequence[asyncio.Future[bool] | None]) -> bool:
    """Wait for sends of ours; False when one is not ours, or does not arrive."""
    return None not in sends and all([one and await asyncio.shield(one) for one in sends])


async def deliver(message: Message, channel: Sender, patience: float | None = None) -> str:
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
