"""What every store promises about handled messages and waiting conversations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Option, Place, Reply, Say, Select, Words
from bot.core.turn import Handled, Pending
from bot.outbox.model import Result, State
from tests.factories import NOW, reply, sender
from tests.fakes import AnyStore

FIRST = "first_question"


async def a_person(store: AnyStore, address: str = "29:ann") -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(address), "nl")).id


async def add(store: AnyStore, handled: Handled) -> bool:
    async with store.begin() as work:
        return await work.inbox.add(handled)


async def handle(
    store: AnyStore, handled: Handled, *replies: Reply, channel: Channel = Channel.TEAMS
) -> tuple[Message, ...]:
    """Do as a turn does: of a message that was handled before, return what was said then."""
    place = Place(channel, "a:ann", "29:ann")
    async with store.begin() as work:
        if not await work.inbox.add(handled):
            return await work.outbox.answers(channel, handled.message_id)
        messages, _ = await work.outbox.answer(
            handled.person,
            place,
            handled.message_id,
            replies,
            card="",
            at=handled.at,
            takeover=handled.at + timedelta(seconds=5),
        )
        return messages


async def settle(store: AnyStore, *messages: Message) -> None:
    async with store.begin() as work:
        await work.outbox.settle([Result(one, State.SENT, NOW, remote="r1") for one in messages])


def said(messages: tuple[Message, ...]) -> list[Reply]:
    return [one.reply for one in messages]


async def put(store: AnyStore, pending: Pending) -> None:
    async with store.begin() as work:
        await work.pending.put(pending)


async def waiting(store: AnyStore, person: PersonId, kind: str = FIRST) -> Pending | None:
    async with store.reading() as work:
        return await work.pending.find(person, "teams", kind)


def pending_of(person: PersonId, text: str = "mijn vraag", at: datetime = NOW) -> Pending:
    return Pending(person, "teams", FIRST, text, at)


async def test_a_redelivered_message_gets_the_same_replies(store: AnyStore) -> None:
    select = Select(
        Say("profile.location"),
        (Option(Words("Kerngebouw"), "1"), Option(Say("profile.elsewhere"), "0")),
        {"kind": "location", "v": 1},
        "location",
    )
    replies = (reply(), Reply("profile", (select,), replaces=True, language="en"))
    handled = Handled("teams", "m1", await a_person(store), NOW)
    first = await handle(store, handled, *replies)
    assert said(first) == [*replies]
    again = replace(handled, at=NOW + timedelta(minutes=1))
    assert await handle(store, again, reply("iets anders")) == first


async def test_an_unknown_message_was_not_handled(store: AnyStore) -> None:
    ann = await a_person(store)
    assert await add(store, Handled("teams", "m1", ann, NOW))
    assert await add(store, Handled("teams", "m2", ann, NOW))
    assert await add(store, Handled("slack", "m1", ann, NOW))


async def test_a_message_is_handled_once(store: AnyStore) -> None:
    ann, bob = await a_person(store), await a_person(store, "29:bob")
    assert await add(store, Handled("teams", "m1", ann, NOW))
    later = NOW + timedelta(days=1)
    assert not await add(store, Handled("teams", "m1", bob, later))
    async with store.begin() as work:
        assert not await work.inbox.add(Handled("teams", "m1", ann, later))
        # It is no conflict: the same unit goes on, and what it stored before is stored.
        assert await work.inbox.add(Handled("teams", "m2", ann, NOW))
        assert not await work.inbox.add(Handled("teams", "m2", ann, NOW))
        # And it left the first as it was, of that moment.
        assert await work.inbox.forget_texts(later) == 2
    assert await add(store, Handled("teams", "m2", ann, NOW))


async def test_replies_that_arrived_are_known_as_such(store: AnyStore) -> None:
    ann = await a_person(store)
    first, _ = [
        await handle(store, Handled("teams", name, ann, NOW), reply(name)) for name in ("m1", "m2")
    ]
    never = replace(first[0], id=MessageId(12345))
    await settle(store, *first, never)
    async with store.reading() as work:
        assert [one.key for one in await work.outbox.lines(10)] == ["answer|teams|m2|0"]
        # Nothing else about them changed.
        again = await work.outbox.answers(Channel.TEAMS, "m1")
    assert said(again) == [reply("m1")]


async def test_two_channels_may_use_the_same_message_id(store: AnyStore) -> None:
    ann = await a_person(store)
    teams, slack = (Handled(name, "m1", ann, NOW) for name in ("teams", "slack"))
    await handle(store, teams, reply("een"))
    await handle(store, slack, reply("twee"), channel=Channel.SLACK)
    assert said(await handle(store, teams)) == [reply("een")]
    assert said(await handle(store, slack, channel=Channel.SLACK)) == [reply("twee")]


async def test_a_moment_comes_back_in_utc(store: AnyStore) -> None:
    amsterdam = NOW.astimezone(timezone(timedelta(hours=2)))
    ann = await a_person(store)
    await handle(store, Handled("teams", "m1", ann, amsterdam), reply())
    await put(store, pending_of(ann, at=amsterdam))
    found = await waiting(store, ann)
    assert found is not None
    async with store.reading() as work:
        (line,) = await work.outbox.lines(10)
    for moment in (found.expires, line.at, line.not_before - timedelta(seconds=5)):
        assert moment == NOW
        assert moment.utcoffset() is not None


async def test_old_messages_are_forgotten_whole(store: AnyStore) -> None:
    ann = await a_person(store)
    old = Handled("teams", "old", ann, NOW - timedelta(microseconds=1))
    young = Handled("teams", "young", ann, NOW)
    for one in (old, young):
        await settle(store, *await handle(store, one, reply()))
    async with store.begin() as work:
        assert await work.inbox.forget_texts(NOW) == 1
        assert await work.outbox.forget_texts(NOW) == 1
    assert said(await handle(store, young)) == [reply()]
    assert said(await handle(store, old, reply("als nieuw"))) == [reply("als nieuw")]


async def test_moments_of_several_zones_are_compared_as_moments(store: AnyStore) -> None:
    ann = await a_person(store)
    earlier = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=2)))
    await add(store, Handled("teams", "m1", ann, earlier))
    async with store.begin() as work:
        assert await work.inbox.forget_texts(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == 0
        assert await work.inbox.forget_texts(datetime(2026, 3, 2, 8, 1, tzinfo=UTC)) == 1


async def test_what_a_conversation_waits_for_is_found(store: AnyStore) -> None:
    ann, bob = await a_person(store), await a_person(store, "29:bob")
    pending = Pending(ann, "teams", FIRST, "mijn vraag", NOW, version=3)
    await put(store, pending)
    assert await waiting(store, ann) == pending
    assert await waiting(store, bob) is None
    assert await waiting(store, ann, "another_kind") is None
    async with store.reading() as work:
        assert await work.pending.find(ann, "slack", FIRST) is None


async def test_a_later_one_takes_the_place_of_the_earlier(store: AnyStore) -> None:
    ann = await a_person(store)
    await put(store, pending_of(ann, "eerst"))
    later = pending_of(ann, "later", NOW + timedelta(hours=1))
    await put(store, later)
    assert await waiting(store, ann) == later


async def test_within_a_unit_the_later_one_is_found_as_well(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        for text in ("eerst", "later"):
            await work.pending.put(pending_of(ann, text))
            assert await work.pending.find(ann, "teams", FIRST) == pending_of(ann, text)


async def test_what_is_taken_is_gone(store: AnyStore) -> None:
    ann = await a_person(store)
    await put(store, pending_of(ann))
    async with store.begin() as work:
        assert await work.pending.take(ann, "teams", FIRST) == pending_of(ann)
        assert await work.pending.take(ann, "teams", FIRST) is None
        await work.pending.put(pending_of(ann, "opnieuw"))
        assert await work.pending.take(ann, "teams", FIRST) == pending_of(ann, "opnieuw")
    assert await waiting(store, ann) is None


async def test_what_expired_is_forgotten(store: AnyStore) -> None:
    ann, bob = await a_person(store), await a_person(store, "29:bob")
    await put(store, pending_of(ann, at=NOW - timedelta(seconds=1)))
    await put(store, pending_of(bob, at=NOW))
    async with store.begin() as work:
        assert await work.pending.forget_texts(NOW) == 1
    assert await waiting(store, ann) is None
    assert await waiting(store, bob) == pending_of(bob)
