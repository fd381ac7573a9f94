"""What is stored is sent, in order and in the tenant's pace, until it arrived."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.core.clock import MovableClock
from bot.core.delivery import DeliveryError, Message, Outcome
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place, Words
from bot.outbox.model import Limits, Line, Notice, Result, State
from bot.outbox.relay import Relay
from bot.outbox.service import Courier, Ledger
from tests.factories import NOW, reply
from tests.fake_outbox import MemoryOutbox, OutboxShelf

PLACE = Place(Channel.TEAMS, "a:ann", "29:ann", tenant="t1")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
Script = Callable[[Message, datetime], Exception | None]


class Still:
    """Time that stands still but for who moves it."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Unit:
    outbox: MemoryOutbox


class Picky(MemoryOutbox):
    """An outbox that takes no result with one of these in it."""

    refused: frozenset[str] = frozenset()

    async def settle(self, results: Sequence[Result]) -> None:
        if self.refused & {word for one in results for word in (one.remote, one.holder)}:
            raise ValueError
        await super().settle(results)


@dataclass
class Shelf:
    """A store of nothing but an outbox; `failures` units fail before the next one does not.

    So do those with a number in `away`, and any that stores what is `refused`.
    """

    shelf: OutboxShelf = field(default_factory=OutboxShelf)
    failures: int = 0
    units: int = 0
    away: range = range(0)
    refused: frozenset[str] = frozenset()
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        async with self.turn:
            self.units += 1
            if self.failures or self.units in self.away:
                self.failures = max(0, self.failures - 1)
                raise ConnectionRefusedError("vraagbaak@db.example: secret")
            draft = self.shelf.snapshot()
            outbox = Picky(draft, lambda _: None)
            outbox.refused = self.refused
            yield Unit(outbox)
            self.shelf = draft


@dataclass
class Channelled:
    """A channel that does as its script says; `tried` holds when what was tried."""

    clock: MovableClock
    script: Script = lambda _message, _now: None
    tried: list[tuple[datetime, str]] = field(default_factory=list)
    arrived: list[tuple[str, str]] = field(default_factory=list)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)

    def hangs(self, *texts: str) -> asyncio.Event:
        """Let these not be answered until the event is set."""
        go_on = asyncio.Event()
        self.slow |= dict.fromkeys(texts, go_on)
        return go_on

    async def deliver(self, message: Message) -> str:
        now, text = self.clock.now(), said(message)
        self.tried.append((now, text))
        await asyncio.sleep(0)
        if text in self.slow:
            await self.slow[text].wait()
        if wrong := self.script(message, now):
            raise wrong
        self.arrived.append((message.place.conversation, text))
        return f"remote of {text}"


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 (what is waited for has no event)
        await asyncio.sleep(0)


async def forever(_seconds: float) -> None:
    await asyncio.Event().wait()


@dataclass
class World:
    """Everything that sending takes, on one clock; sleeping moves it."""

    store: Shelf = field(default_factory=Shelf)
    clock: MovableClock = field(default_factory=lambda: MovableClock(Still()))
    slept: list[float] = field(default_factory=list)
    sleeping: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channel = Channelled(self.clock)
        self.ledger = Ledger(self.store.begin, self.sleep)

    async def sleep(self, seconds: float) -> None:
        due = self.clock.now() + timedelta(seconds=seconds)
        self.slept.append(seconds)
        self.sleeping.append(due)
        # Who starts at the same moment may fall asleep as well; who wakes first, wakes first.
        await asyncio.sleep(0)
        await until(lambda: due == min(self.sleeping))
        self.clock.move_to(due)
        self.sleeping.remove(due)

    def relay(self, holder: str = "w1", limits: Limits | None = None) -> Relay:
        return Relay(
            self.store.begin,
            self.clock,
            self.ledger,
            {Channel.TEAMS: self.channel},
            {Channel.TEAMS: limits} if limits else {},
            holder,
            jitter=lambda: 0.5,
            sleep=self.sleep,
        )

    def courier(self, patience: float = 4.5) -> Courier:
        return Courier(self.clock, self.ledger, lambda: 0.5, patience)

    async def answered(self, *texts: str) -> tuple[Message, ...]:
        return (await self.turned(*texts))[0]

    async def turned(
        self, *texts: str, to: str = "m1"
    ) -> tuple[tuple[Message, ...], tuple[MessageId, ...]]:
        now = self.clock.now()
        async with self.store.begin() as work:
            return await work.outbox.answer(
                PersonId(1),
                PLACE,
                to,
                [reply(text) for text in texts],
                card="",
                at=now,
                takeover=now + 5 * SECOND,
            )

    async def both(self, courier: Courier) -> None:
        """Send what two messages are answered with, the second while the first is under way."""
        first, _ = await self.turned("een", "twee", to="m1")
        second, ahead = await self.turned("drie", to="m2")
        sending = asyncio.create_task(courier.send(first, self.channel))
        await asyncio.sleep(0)
        await courier.send(second, self.channel, ahead=ahead)
        await sending

    async def add(self, *texts: str, to: str = "a:ann", expires: datetime | None = None) -> None:
        where = replace(PLACE, conversation=to)
        async with self.store.begin() as work:
            for text in texts:
                one = Notice(text, reply(text), NOW, place=where, expires=expires)
                await work.outbox.add(one, NOW)

    async def lines(self) -> Sequence[Line]:
        async with self.store.begin() as work:
            return await work.outbox.lines(1000)


@pytest.fixture
def world() -> World:
    return World()


def said(message: Message) -> str:
    return next(one.text for one in message.reply.blocks if isinstance(one, Words))


def refuses(*texts: str, error: Exception | None = None) -> Script:
    wrong = error or DeliveryError(Outcome.REFUSED)
    return lambda message, _now: wrong if said(message) in texts else None


async def test_what_a_turn_came_to_is_sent_at_once_and_in_order(world: World) -> None:
    await world.courier().send(await world.answered("een", "twee"), world.channel)
    assert world.channel.arrived == [("a:ann", "een"), ("a:ann", "twee")]
    await world.ledger.flush()
    assert await world.lines() == []
    assert await world.relay().run(NOW + MINUTE) == 0


async def test_the_courier_does_not_wait_for_the_store(world: World) -> None:
    messages = await world.answered("een")
    async with world.store.turn:
        await world.courier().send(messages, world.channel)
    assert len(await world.lines()) == 1
    await world.ledger.flush()
    assert await world.lines() == []


async def test_the_courier_stops_at_what_does_not_arrive_and_the_relay_sends_the_rest(
    world: World,
) -> None:
    messages = await world.answered("een", "twee", "drie")
    world.channel.script = refuses("twee")
    await world.courier().send(messages, world.channel)
    await world.ledger.flush()
    assert [(one.reason, one.attempts) for one in await world.lines()] == [("refused", 1), ("", 0)]
    world.channel.script = refuses()
    for later in (SECOND, 4 * SECOND, 5 * SECOND):
        world.clock.move_to(NOW + later)
        await world.relay().run(world.clock.now())
    assert [text for _, text in world.channel.arrived] == ["een", "twee", "drie"]


async def test_two_quick_messages_are_answered_at_once_and_in_order(world: World) -> None:
    await world.both(world.courier())
    assert [text for _, text in world.channel.arrived] == ["een", "twee", "drie"]
    await world.ledger.flush()
    assert await world.lines() == []


async def test_what_arrived_and_is_not_stored_yet_holds_up_nothing(world: World) -> None:
    courier = world.courier()
    await courier.send(await world.answered("een"), world.channel)
    messages, ahead = await world.turned("twee", to="m2")
    assert ahead
    await courier.send(messages, world.channel, ahead=ahead)
    assert [text for _, text in world.channel.arrived] == ["een", "twee"]


async def test_what_does_not_arrive_is_not_overtaken(world: World) -> None:
    world.channel.script = refuses("twee")
    await world.both(world.courier())
    assert [text for _, text in world.channel.tried] == ["een", "twee"]


async def test_what_another_process_has_ahead_is_not_overtaken(world: World) -> None:
    await world.answered("een")
    messages, ahead = await world.turned("twee", to="m2")
    await world.courier().send(messages, world.channel, ahead=ahead)
    assert world.channel.tried == []
    world.clock.move_to(NOW + 5 * SECOND)
    await world.relay().run(world.clock.now())
    assert [text for _, text in world.channel.arrived] == ["een", "twee"]


async def test_who_is_waited_for_no_more_sends_nothing_and_holds_up_nobody(world: World) -> None:
    courier = world.courier(patience=0.05)
    silent = asyncio.Event()

    class Silent:
        async def deliver(self, message: Message) -> str:
            await silent.wait()
            return said(message)

    first, _ = await world.turned("een", to="m1")
    second, ahead = await world.turned("twee", to="m2")
    sending = asyncio.create_task(courier.send(first, Silent()))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(courier.send(second, world.channel, ahead=ahead))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting, sending])
    assert (waiting.cancelled(), sending.exception(), world.channel.tried) == (True, None, [])


async def test_what_is_not_stored_is_sent_once_and_without_a_record(world: World) -> None:
    message = Message(MessageId(0), PLACE, reply("fout"))
    await world.courier().send([message], world.channel)
    world.channel.script = refuses("fout")
    await world.courier().send([message, message], world.channel)
    await world.ledger.flush()
    assert [text for _, text in world.channel.tried] == ["fout", "fout"]
    assert world.store.units == 0


async def test_what_is_not_sent_when_the_relay_takes_over_is_left_to_it(world: World) -> None:
    messages, takeover = await world.answered("een", "twee"), NOW + 5 * SECOND

    def slowly(message: Message, now: datetime) -> None:
        del message
        world.clock.move_to(now + 4.6 * SECOND)

    world.channel.script = slowly
    await world.courier().send(messages, world.channel, takeover)
    await world.ledger.flush()
    assert [text for _, text in world.channel.arrived] == ["een"]
    world.channel.script = refuses()
    await world.relay().run(takeover)
    assert [text for _, text in world.channel.arrived] == ["een", "twee"]


async def test_what_is_ours_no_more_is_not_sent(world: World) -> None:
    await world.add("een")
    await world.add("twee", to="a:bob")
    relay = world.relay(limits=Limits(rate=1))

    async def oversleep(seconds: float) -> None:
        world.slept.append(seconds)
        await until(lambda: world.channel.arrived)
        await world.ledger.flush()
        world.clock.move_to(world.clock.now() + 2 * MINUTE)

    relay.sleep = oversleep
    assert await relay.run(NOW) == 3
    assert world.slept == [1.0]
    assert [text for _, text in world.channel.tried] == ["een", "twee"]


async def test_one_that_hangs_holds_up_only_its_own_conversation(world: World) -> None:
    go_on = world.channel.hangs("traag")
    await world.add("traag", "daarna")
    for number in range(9):
        await world.add(f"n{number}", f"m{number}", to=f"a:{number}")
    relay = world.relay()
    relay.most = 4
    run = asyncio.create_task(relay.run(NOW))
    await until(lambda: len(world.channel.arrived) == 18)
    await world.add("erbij", to="a:erbij")
    relay.wake()
    await until(lambda: len(world.channel.arrived) == 19)
    assert not run.done()
    go_on.set()
    assert await run == 21
    assert [text for _, text in world.channel.arrived[-2:]] == ["traag", "daarna"]


async def test_no_more_are_under_way_than_may_be(world: World) -> None:
    go_on = world.channel.hangs("n0", "n1", "n2")
    for number in range(4):
        await world.add(f"n{number}", to=f"a:{number}")
    relay = world.relay()
    relay.most = 3
    run = asyncio.create_task(relay.run(NOW))
    await until(lambda: len(world.channel.tried) == 3)
    assert await world.relay("w2").run(NOW + SECOND) == 1
    go_on.set()
    assert await run == 3


async def test_a_relay_that_watches_looks_again_while_one_hangs(world: World) -> None:
    go_on = world.channel.hangs("traag")
    await world.add("traag")
    relay = world.relay()
    watching = asyncio.create_task(relay.watch(0.001))
    await until(lambda: world.channel.tried)
    await world.add("erbij", to="a:erbij")
    await until(lambda: world.channel.arrived)
    go_on.set()
    await relay.stop()
    await watching
    assert [text for _, text in world.channel.arrived] == ["erbij", "traag"]


async def test_a_relay_that_watches_sends_on_while_the_store_is_away(world: World) -> None:
    go_on = world.channel.hangs("traag")
    await world.add("traag")
    relay = world.relay()
    watching = asyncio.create_task(relay.watch(0.001))
    await until(lambda: world.channel.tried)
    world.store.failures = 3
    await until(lambda: not world.store.failures)
    go_on.set()
    await relay.stop()
    await watching
    assert world.channel.arrived == [("a:ann", "traag")]
    assert await world.lines() == []


async def test_what_takes_longer_than_its_lease_is_not_begun_again_by_the_same_worker(
    world: World,
) -> None:
    go_on = world.channel.hangs("traag")
    await world.add("traag", "daarna")
    relay = world.relay()
    run = asyncio.create_task(relay.run(NOW))
    await until(lambda: world.channel.tried)
    world.clock.move_to(NOW + 2 * MINUTE)
    units = world.store.units
    relay.wake()
    await until(lambda: world.store.units > units)
    go_on.set()
    await run
    assert [text for _, text in world.channel.tried] == ["traag", "daarna"]


async def test_turns_are_taken_while_earlier_ones_are_used(world: World) -> None:
    go_on = world.channel.hangs("n0")
    for number in range(40):
        await world.add(f"n{number}", to=f"a:{number}")
    run = asyncio.create_task(world.relay(limits=Limits(rate=10)).run(NOW))
    await until(lambda: len(world.channel.tried) == 40)
    go_on.set()
    assert await run == 40
    moments = [at for at, _ in world.channel.tried]
    assert moments == [NOW + number * SECOND / 10 for number in range(40)]


async def test_what_waits_for_its_turn_is_given_back_at_the_end(world: World) -> None:
    await world.add("een")
    await world.add("twee", to="a:bob")
    relay = world.relay(limits=Limits(rate=2))

    async def stopped(_seconds: float) -> None:
        stopping.append(asyncio.create_task(relay.stop()))
        await asyncio.sleep(0)

    stopping: list[asyncio.Task[None]] = []
    relay.sleep = stopped
    await relay.run(NOW)
    await stopping[0]
    assert [text for _, text in world.channel.arrived] == ["een"]
    assert await world.relay("w2").run(NOW) == 1


async def test_a_bug_in_the_relay_is_not_silent(world: World) -> None:
    def broken() -> float:
        raise ZeroDivisionError

    world.channel.script = refuses("een")
    await world.add("een")
    relay = world.relay()
    relay.jitter = broken
    with pytest.raises(ZeroDivisionError):
        await relay.run(NOW)


async def test_an_ending_worker_does_not_wait_for_a_store_that_is_away(world: World) -> None:
    relay = world.relay()
    relay.farewell = 0.01
    async with world.store.turn:
        await relay.stop()
    assert await relay.run(NOW) == 0


async def test_an_ending_worker_drops_what_it_cannot_store(world: World) -> None:
    relay = world.relay()
    relay.farewell = 0.01
    await world.add("een")
    relay.ledger = Ledger(world.store.begin, forever)
    run = asyncio.create_task(relay.run(NOW))
    await until(lambda: world.channel.arrived)
    world.store.failures = 2
    await until(lambda: not world.store.failures)
    await relay.stop()
    assert await run == 1


async def test_a_try_at_once_takes_only_so_long(world: World) -> None:
    class Silent:
        async def deliver(self, message: Message) -> str:
            await asyncio.Event().wait()
            return said(message)

    await world.courier(patience=0.01).send(await world.answered("een", "twee"), Silent())
    await world.ledger.flush()
    first, second = await world.lines()
    assert (first.reason, first.doubtful, first.attempts) == ("unknown Timeout", 1, 1)
    assert second.attempts == 0


async def test_a_bug_in_a_channel_loses_no_message_and_shows_no_text(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.channel.script = refuses("geheim", error=KeyError("geheim"))
    await world.add("geheim")
    await world.courier().send(await world.answered("geheim"), world.channel)
    await world.relay().run(NOW)
    assert [one.reason for one in await world.lines()] == ["unknown KeyError"] * 2
    assert {one.levelno for one in caplog.records} == {logging.WARNING}
    assert "KeyError" in caplog.text
    assert "geheim" not in caplog.text


async def test_results_are_stored_many_at_once(world: World) -> None:
    messages = await world.answered("een", "twee", "drie")
    before = world.store.units
    for one in messages:
        world.ledger.note(Result(one, State.SENT, NOW))
    await world.ledger.flush()
    assert world.store.units == before + 1
    assert await world.lines() == []


async def test_what_is_noted_while_results_are_stored_is_stored_as_well(world: World) -> None:
    first, second = await world.answered("een", "twee")
    async with world.store.turn:
        world.ledger.note(Result(first, State.SENT, NOW))
        await asyncio.sleep(0)
        world.ledger.note(Result(second, State.SENT, NOW))
    await world.ledger.flush()
    assert await world.lines() == []


async def test_results_outlive_a_store_that_is_out_of_reach(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    (message,) = await world.answered("een")
    world.store.failures = 14  # each time also to see whether it is there at all
    world.ledger.note(Result(message, State.SENT, NOW))
    await world.ledger.flush()
    assert world.slept == [1, 2, 4, 8, 16, 30, 30]
    assert await world.lines() == []
    assert "ConnectionRefusedError" in caplog.text
    assert "secret" not in caplog.text
    world.store.failures = 2
    world.ledger.note(Result(message, State.SENT, NOW))
    await world.ledger.flush()
    assert world.slept[-1] == 1


async def test_a_result_that_the_store_does_not_take_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    messages = await world.answered("een", "twee", "drie")
    world.store.refused = frozenset(("\0", "never"))
    results = [Result(one, State.SENT, NOW, remote="r") for one in messages]
    results[0] = replace(results[0], remote="\0")
    results[1] = replace(results[1], remote="\0", holder="never")
    for one in results:
        world.ledger.note(one)
    await world.ledger.flush()
    assert world.slept == []
    assert [one.id for one in await world.lines()] == [messages[1].id]
    assert [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR] == [
        f"what became of message {messages[1].id} cannot be stored"
    ]


async def test_a_store_that_goes_away_is_not_taken_for_one_that_refuses(world: World) -> None:
    first, second = await world.answered("een", "twee")
    world.store.refused = frozenset("\0")
    # It takes not all, is there, takes not the first; and then it is gone for a while.
    world.store.away = range(world.store.units + 4, world.store.units + 8)
    world.ledger.note(Result(first, State.SENT, NOW, remote="\0"))
    world.ledger.note(Result(second, State.SENT, NOW))
    await world.ledger.flush()
    assert world.slept == [1]
    assert await world.lines() == []


async def test_nothing_noted_is_stored_at_once(world: World) -> None:
    await world.ledger.flush()
    assert world.store.units == 0


async def test_the_relay_sends_a_conversation_in_order_in_one_run(world: World) -> None:
    await world.add("een", "twee", "drie")
    assert await world.relay().run(NOW) == 3
    assert [text for _, text in world.channel.arrived] == ["een", "twee", "drie"]
    assert await world.lines() == []


def slow_to_store(world: World) -> asyncio.Event:
    """Let nothing of what became of tries be stored until the event is set."""
    go_on, begin = asyncio.Event(), world.store.begin

    @asynccontextmanager
    async def later() -> AsyncIterator[Unit]:
        await go_on.wait()
        async with begin() as work:
            yield work

    world.ledger.begin = later
    return go_on


async def test_what_arrived_at_once_is_not_sent_again_because_storing_that_takes_long(
    world: World,
) -> None:
    first = await world.answered("een")
    go_on = slow_to_store(world)
    await world.courier().send(first, world.channel)
    world.clock.move_to(NOW + 6 * SECOND)
    units = world.store.units
    run = asyncio.create_task(world.relay().run(world.clock.now()))
    await until(lambda: world.store.units > units)
    go_on.set()
    await asyncio.wait_for(run, 5)
    await world.add("erna")
    await world.relay("w2").run(world.clock.now())
    assert [text for _, text in world.channel.tried] == ["een", "erna"]


async def test_what_arrived_is_not_sent_again_because_storing_that_outlasts_the_lease(
    world: World,
) -> None:
    await world.add("een", "erna")
    go_on = slow_to_store(world)
    relay = world.relay()
    run = asyncio.create_task(relay.run(NOW))
    await until(lambda: world.channel.arrived)
    world.clock.move_to(NOW + 2 * MINUTE)
    units = world.store.units
    relay.wake()
    await until(lambda: world.store.units > units)
    go_on.set()
    await asyncio.wait_for(run, 5)
    assert [text for _, text in world.channel.tried] == ["een", "erna"]


async def test_a_crash_between_sending_and_storing_repeats_it_once(world: World) -> None:
    await world.add("een", "twee")
    crashing = world.relay("w1")
    crashing.ledger = Ledger(world.store.begin, forever)
    run = asyncio.create_task(crashing.run(NOW))
    await until(lambda: world.channel.arrived)
    world.store.failures = 2
    await until(lambda: not world.store.failures)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run

    other = world.relay("w2")
    assert await other.run(NOW + 59 * SECOND) == 0
    world.clock.move_to(NOW + MINUTE)
    assert await other.run(world.clock.now()) == 2
    assert await other.run(world.clock.now() + 10 * MINUTE) == 0
    assert [text for _, text in world.channel.arrived] == ["een", "een", "twee"]


async def test_after_ten_minutes_of_refusals_all_arrive_in_order_and_in_pace(
    world: World,
) -> None:
    over = NOW + 10 * MINUTE
    world.channel.script = lambda _, now: DeliveryError(Outcome.REFUSED) if now < over else None
    talks = {f"a:{number}": [f"{number}-{part}" for part in range(4)] for number in range(12)}
    for conversation, texts in talks.items():
        await world.add(*texts, to=conversation)
    relay = world.relay(limits=Limits(rate=5))
    while await world.lines():
        await relay.run(world.clock.now())
        world.clock.move_to(world.clock.now() + SECOND)
    got = defaultdict(list)
    for conversation, text in world.channel.arrived:
        got[conversation].append(text)
    assert got == talks
    moments = [at for at, _ in world.channel.tried]
    assert all(sum(at <= one < at + SECOND for one in moments) <= 5 for at in moments)
    assert world.clock.now() < over + 10 * MINUTE


async def test_three_throttled_conversations_pause_the_tenant(world: World) -> None:
    error = DeliveryError(Outcome.THROTTLED, 429, retry_after=20)
    world.channel.script = lambda _, now: error if now < NOW + 20 * SECOND else None
    for number in range(3):
        await world.add(f"n{number}", to=f"a:{number}")
    relay = world.relay()
    assert await relay.run(NOW) == 3
    await world.add("later", to="a:later")
    assert await relay.run(NOW + 19 * SECOND) == 0
    world.clock.move_to(NOW + 30 * SECOND)
    assert await relay.run(world.clock.now()) == 4
    assert await world.lines() == []


async def test_conversations_throttled_one_after_the_other_pause_the_tenant(world: World) -> None:
    error = DeliveryError(Outcome.THROTTLED, 429, retry_after=20)
    world.channel.script = lambda _, now: error if now < NOW + 20 * SECOND else None
    for number in range(5):
        await world.add(f"n{number}", to=f"a:{number}")
    relay = world.relay(limits=Limits(rate=2))
    relay.most = 1
    assert await relay.run(NOW) == 3
    assert await world.relay("w2").run(NOW + 19 * SECOND) == 0


async def test_two_throttled_conversations_hold_up_only_themselves(world: World) -> None:
    error = DeliveryError(Outcome.THROTTLED, 429, retry_after=20)
    world.channel.script = refuses("n0", "n1", error=error)
    for number in range(3):
        await world.add(f"n{number}", "na", to=f"a:{number}")
    await world.relay().run(NOW)
    await world.add("later", to="a:later")
    assert await world.relay().run(NOW) == 1
    assert ("a:later", "later") in world.channel.arrived


async def test_what_is_over_is_not_sent(world: World) -> None:
    await world.add("op tijd", expires=NOW + MINUTE)
    await world.add("te laat", to="a:bob", expires=NOW)
    await world.relay().run(NOW)
    assert [text for _, text in world.channel.tried] == ["op tijd"]
    assert [(one.key, one.reason) for one in await world.lines()] == [("te laat", "late")]


async def test_what_is_over_before_its_turn_is_not_sent(world: World) -> None:
    await world.add("eerst")
    await world.add("te laat", to="a:bob", expires=NOW + SECOND / 2)
    await world.relay(limits=Limits(rate=2)).run(NOW)
    assert [text for _, text in world.channel.tried] == ["eerst"]
    assert world.slept == [0.5]


async def test_only_channels_with_a_sender_are_looked_at(world: World) -> None:
    relay = world.relay()
    await world.add("een")
    relay.senders = {}
    assert await relay.run(NOW) == 0
    assert await relay.next_due(NOW - SECOND) is None


async def test_the_relay_knows_what_is_due_next(world: World) -> None:
    await world.answered("een")
    assert await world.relay().next_due(NOW) == NOW + 5 * SECOND


async def test_stopping_finishes_what_is_being_sent_and_gives_back_the_rest(world: World) -> None:
    await world.add("een", "twee")
    started, go_on = asyncio.Event(), asyncio.Event()

    class Slow:
        async def deliver(self, message: Message) -> str:
            started.set()
            await go_on.wait()
            return said(message)

    relay = world.relay()
    relay.senders = {Channel.TEAMS: Slow()}
    run = asyncio.create_task(relay.run(NOW))
    await started.wait()
    stop = asyncio.create_task(relay.stop())
    await asyncio.sleep(0)
    assert not stop.done()
    go_on.set()
    await stop
    assert await run == 1
    assert [one.key for one in await world.lines()] == ["twee"]
    assert await relay.run(NOW) == 0
    assert await world.relay("w2").run(NOW) == 1


async def test_a_relay_that_stops_gives_back_what_a_crash_left_it(world: World) -> None:
    await world.add("een")
    async with world.store.begin() as work:
        limits = {Channel.TEAMS: Limits()}
        await work.outbox.lease("w1", limits, now=NOW, until=NOW + MINUTE, most=1)
    assert await world.relay("w2").run(NOW) == 0
    await world.relay("w1").stop()
    assert await world.relay("w2").run(NOW) == 1


async def test_a_relay_that_watches_looks_when_it_is_woken(world: World) -> None:
    await world.add("een")
    relay = world.relay()
    watching = asyncio.create_task(relay.watch(3600))
    await until(lambda: len(world.channel.arrived) == 1)
    await world.add("twee")
    relay.wake()
    await until(lambda: len(world.channel.arrived) == 2)
    await relay.stop()
    await watching


async def test_a_relay_that_watches_outlives_a_store_that_is_out_of_reach(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.add("een")
    world.store.failures = 3
    relay = world.relay()
    watching = asyncio.create_task(relay.watch(0.001))
    await until(lambda: world.channel.arrived)
    await relay.stop()
    await watching
    assert caplog.text.count("ConnectionRefusedError") == 3
    assert "secret" not in caplog.text
