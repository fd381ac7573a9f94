"""What every store promises about handled messages and waiting conversations."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import PersonId
from bot.core.reply import Option, Reply, Say, Select, Words
from bot.core.turn import Handled, Pending
from tests.factories import NOW, reply, sender
from tests.fakes import AnyStore

FIRST = "first_question"


async def a_person(store: AnyStore, address: str = "29:ann") -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(address), "nl")).id


async def add(store: AnyStore, handled: Handled) -> None:
    async with store.begin() as work:
        await work.inbox.add(handled)


async def handled_at(store: AnyStore, channel: str, message_id: str) -> Handled | None:
    async with store.reading() as work:
        return await work.inbox.find(channel, message_id)


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
    handled = Handled("teams", "m1", await a_person(store), replies, NOW)
    await add(store, handled)
    assert await handled_at(store, "teams", "m1") == handled


async def test_an_unknown_message_was_not_handled(store: AnyStore) -> None:
    await add(store, Handled("teams", "m1", await a_person(store), (), NOW))
    assert await handled_at(store, "teams", "m2") is None
    assert await handled_at(store, "slack", "m1") is None


async def test_a_message_is_handled_once(store: AnyStore) -> None:
    first = Handled("teams", "m1", await a_person(store), (reply("een"),), NOW)
    await add(store, first)
    with pytest.raises(ConflictError):
        await add(store, Handled("teams", "m1", first.person, (reply("twee"),), NOW))
    assert await handled_at(store, "teams", "m1") == first


async def test_replies_that_arrived_are_known_as_such(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        for name in ("m1", "m2"):
            await work.inbox.add(Handled("teams", name, ann, (reply(),), NOW))
        await work.inbox.mark_sent("teams", "m1")
        await work.inbox.mark_sent("slack", "m2")
        await work.inbox.mark_sent("teams", "never handled")
    async with store.reading() as work:
        first, second = [await work.inbox.find("teams", name) for name in ("m1", "m2")]
    assert first is not None
    assert second is not None
    assert (first.sent, second.sent) == (True, False)


async def test_two_channels_may_use_the_same_message_id(store: AnyStore) -> None:
    ann = await a_person(store)
    await add(store, Handled("teams", "m1", ann, (reply("een"),), NOW))
    await add(store, Handled("slack", "m1", ann, (reply("twee"),), NOW))
    found = await handled_at(store, "slack", "m1")
    assert found is not None
    assert found.replies == (reply("twee"),)


async def test_a_moment_comes_back_in_utc(store: AnyStore) -> None:
    amsterdam = NOW.astimezone(timezone(timedelta(hours=2)))
    await add(store, Handled("teams", "m1", await a_person(store), (), amsterdam))
    found = await handled_at(store, "teams", "m1")
    assert found is not None
    assert found.at == NOW
    assert found.at.utcoffset() is not None


async def test_old_messages_are_forgotten_whole(store: AnyStore) -> None:
    ann = await a_person(store)
    await add(store, Handled("teams", "old", ann, (reply(),), NOW - timedelta(microseconds=1)))
    await add(store, Handled("teams", "young", ann, (reply(),), NOW))
    async with store.begin() as work:
        assert await work.inbox.forget_texts(NOW) == 1
    assert await handled_at(store, "teams", "old") is None
    assert await handled_at(store, "teams", "young") is not None


async def test_moments_of_several_zones_are_compared_as_moments(store: AnyStore) -> None:
    ann = await a_person(store)
    earlier = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=2)))
    await add(store, Handled("teams", "m1", ann, (), earlier))
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
