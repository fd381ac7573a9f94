"""Strangers are looked up again as time passes: each in their time, and none for another's sake."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.clock import MovableClock
from bot.core.delivery import Message
from bot.core.ids import MessageId
from bot.core.reply import Channel, Event, Incoming, Place, Reply, Sender
from bot.core.turn import Turned, Unmet
from bot.dialogs.meeting import AT_ONCE, LEASE, Meeting
from bot.dialogs.strangers import WAITS, Strangers
from bot.outbox.model import Line
from bot.store.tables import StrangerRow, table_of
from bot.store.work import Store
from tests.chat import SETUP
from tests.clocks import Still
from tests.factories import sender
from tests.fakes import AnyStore

MINUTE = timedelta(minutes=1)
FIND_OUT = Callable[[Sender], Awaitable[Sender | None]]
ROW = table_of(StrangerRow)


async def nobody(_: Sender) -> Sender | None:
    return None


async def everybody(who: Sender) -> Sender | None:
    return who


@dataclass
class Party:
    """People who speak, a channel that says who they are, or not, and what is answered."""

    store: AnyStore
    find_out: FIND_OUT = nobody
    clock: MovableClock = field(default_factory=lambda: MovableClock(Still()))
    answered: list[str] = field(default_factory=list)
    answering: Callable[[Incoming], Awaitable[object]] | None = None

    def __post_init__(self) -> None:
        self.strangers = Strangers(
            *(self.store.begin, self.store.reading, self.clock, self.on_turn),
            *("nl", SETUP.student_number, lambda _: "", lambda: 0.0),
        )
        self.meeting = Meeting(self.strangers, {Channel.TEAMS: self}, self.meet)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def pass_by(self, time: timedelta) -> None:
        self.clock.move_to(self.now + time)

    async def find(self, sender: Sender, place: Place) -> Sender | None:
        assert place.person == sender.address
        return await self.find_out(sender)

    async def on_turn(self, incoming: Incoming) -> Turned:
        self.answered.append(incoming.text)
        if self.answering:
            await self.answering(incoming)
        said = Reply("answer", ())
        return Turned((Message(MessageId(1), incoming.where, said),), mine=False)

    async def meet(self, sender: Sender) -> bool:
        async def send(_: Turned) -> None: ...

        return await self.strangers.meet(sender, send)

    async def say(self, text: str, by: str = "29:new", event: Event = Event.MESSAGE) -> None:
        place = Place(Channel.TEAMS, f"chat-{by}", by, tenant="t")
        said = Incoming(sender(by), f"{by}|{text}", text, place=place, event=event)
        assert all(one.id for one in (await self.strangers.wait(said)).messages)

    async def run(self, after: timedelta = WAITS[0]) -> int:
        self.pass_by(after)
        return await self.meeting.run(self.now)

    async def run_on(self, time: timedelta) -> None:
        """Let so much time pass, with a look whenever something is due."""
        end = self.now + time
        while (due := await self.meeting.next_due(self.now)) and due <= end:
            self.clock.move_to(due)
            while await self.meeting.run(due):
                """Go on: it ends where nobody is known."""
        self.clock.move_to(end)

    async def waiting(self, by: str = "29:new") -> list[Unmet]:
        async with self.store.reading() as work:
            return [*await work.strangers.of(Channel.TEAMS, by)]

    async def told(self, view: str = "error") -> list[Line]:
        async with self.store.reading() as work:
            lines = await work.outbox.lines(99)
        return [one for one in lines if one.view == view and one.key.startswith("unanswered|")]


async def test_who_is_answered_slowly_holds_up_nobody_else(store: AnyStore) -> None:
    party, others = Party(store, everybody), asyncio.Event()

    async def slowly(incoming: Incoming) -> None:
        if incoming.text == "first":
            await others.wait()
        else:
            others.set()

    party.answering = slowly
    await party.say("first", "29:a")
    await party.say("second", "29:b")
    async with asyncio.timeout(5):
        assert await party.run() == 2
    assert {*party.answered} == {"first", "second"}


async def test_each_look_up_is_ours_for_a_minute_from_when_it_begins(store: AnyStore) -> None:
    party, until = Party(store), list[timedelta]()

    async def slowly(who: Sender) -> Sender:
        (held,) = await party.waiting(who.address)
        until.append(held.due - party.now)
        if who.address == "29:00":
            party.pass_by(2 * MINUTE)
        return who

    party.find_out = slowly
    for number in range(AT_ONCE + 1):
        await party.say("hoi", f"29:{number:02}")
    assert await party.run() == AT_ONCE + 1
    assert until[-1] == LEASE


async def test_a_look_up_that_takes_long_is_not_tried_again_at_once(store: AnyStore) -> None:
    party = Party(store)

    async def slowly(_: Sender) -> None:
        party.pass_by(MINUTE)

    party.find_out = slowly
    await party.say("hoi")
    await party.run()
    (waits,) = await party.waiting()
    assert waits.due == party.now + WAITS[1]


async def test_what_was_said_soon_after_is_given_up_as_well_and_said_once(
    store: AnyStore,
) -> None:
    party = Party(store)
    for text in ("een", "twee", "drie"):
        await party.say(text)
        await party.run_on(MINUTE / 2)
    await party.run_on(sum(WAITS, MINUTE))
    # Each by itself would be tried for as long again.
    assert await party.waiting() == []
    assert len(await party.told()) == 1


async def test_who_says_much_is_looked_up_no_less_for_it(store: AnyStore) -> None:
    party = Party(store)
    for text in ("een", "twee", "drie", "vier"):
        await party.say(text)
        await party.run_on(MINUTE / 6)
    party.find_out = everybody
    await party.run_on(2 * MINUTE)
    assert party.answered == ["een", "twee", "drie", "vier"]


async def test_what_was_said_later_is_tried_for_as_long(store: AnyStore) -> None:
    party = Party(store)
    await party.say("een")
    await party.run_on(sum(WAITS, -MINUTE))
    await party.say("twee")
    while len(await party.waiting()) > 1:
        await party.run_on(MINUTE)
    assert [one.incoming.text for one in await party.waiting()] == ["twee"]
    party.find_out = everybody
    await party.run_on(3 * MINUTE)
    assert party.answered == ["twee"]


async def test_a_place_is_told_for_itself_that_it_got_no_answer(store: AnyStore) -> None:
    party = Party(store)
    await party.say("een")
    elsewhere = Place(Channel.TEAMS, "19:thread", "29:new", personal=False, tenant="t")
    await party.strangers.wait(Incoming(sender("29:new"), "m2", "twee", place=elsewhere))
    await party.say("", event=Event.INSTALLED)
    await party.run_on(sum(WAITS, MINUTE))
    assert {one.to for one in await party.told()} == {"chat-29:new", "19:thread"}
    assert await party.waiting() == []


async def test_a_turn_that_fails_gives_up_nothing_that_was_not_tried(store: AnyStore) -> None:
    party = Party(store, everybody)

    async def broken(incoming: Incoming) -> None:
        if incoming.text == "een":
            raise OSError("out of reach")

    party.answering = broken
    await party.say("een")
    await party.say("twee")
    await party.run_on(sum(WAITS, MINUTE))
    assert party.answered[-1] == "twee"
    assert await party.waiting() == []
    assert len(await party.told()) == 1


async def test_who_speaks_while_they_are_looked_up_is_tried_as_soon(store: AnyStore) -> None:
    party = Party(store)

    async def meanwhile(_: Sender) -> None:
        await party.say("twee")

    await party.say("een")
    party.find_out = meanwhile
    await party.run()
    first, second = await party.waiting()
    assert (first.tries, first.due, second.due) == (1, party.now + WAITS[0], party.now + WAITS[0])


async def test_who_leaves_while_they_are_answered_hears_no_more(store: AnyStore) -> None:
    party = Party(store, everybody)

    async def gone(incoming: Incoming) -> None:
        await party.strangers.leave(incoming.sender, incoming.where)

    party.answering = gone
    await party.say("een")
    await party.say("twee")
    await party.run()
    assert party.answered == ["een"]


async def test_who_leaves_one_chat_is_still_answered_in_another(store: AnyStore) -> None:
    party = Party(store, everybody)
    await party.say("een")
    thread = Place(Channel.TEAMS, "19:thread", "29:new", personal=False, tenant="t")
    await party.strangers.wait(Incoming(sender("29:new"), "m2", "twee", place=thread))
    (first, _) = await party.waiting()
    await party.strangers.leave(first.incoming.sender, first.incoming.where)
    await party.run()
    assert party.answered == ["twee"]


async def test_of_two_that_give_up_one_says_so(store: AnyStore) -> None:
    party = Party(store)
    await party.say("een")
    await party.say("twee")
    (first, _) = await party.waiting()
    for _ in range(2):
        await party.strangers.give_up(first, party.now, known=False)
    assert len(await party.told()) == 1
    assert [one.incoming.text for one in await party.waiting()] == ["twee"]


async def unreadable(store: Store, *addresses: str) -> None:
    """Let the first message of each of these be one that only a newer program can read."""
    async with store.begin() as work:
        for address in addresses:
            (first, *_) = await work.strangers.of(Channel.TEAMS, address)
            new = ROW.update().where(ROW.c.id == first.id)
            await work.strangers._db.run(new.values(incoming='{"event": "dreamt"}'))


async def test_what_only_a_newer_program_can_read_holds_up_nothing(sql_store: Store) -> None:
    party = Party(sql_store, everybody)
    await party.say("een")
    await party.say("twee")
    await unreadable(sql_store, "29:new")
    await party.run()
    assert party.answered == ["twee"]


async def test_many_that_only_a_newer_program_can_read_hold_up_nobody(sql_store: Store) -> None:
    party = Party(sql_store, everybody)
    others = [f"29:{number}" for number in range(AT_ONCE)]
    for address in others:
        await party.say("nieuw", address)
    await party.say("oud")
    await unreadable(sql_store, *others)
    assert await party.run() == 1
    assert party.answered == ["oud"]
    # None is lost: who can read it takes it later.
    async with sql_store.reading() as work:
        left = (await work.strangers._db.run(ROW.select())).all()
    assert len(left) == AT_ONCE
