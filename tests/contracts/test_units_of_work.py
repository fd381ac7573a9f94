"""What every store promises about a unit of work: whole or not at all, and one after the other."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.delivery import Message
from bot.core.errors import ConflictError
from bot.core.ids import PersonId
from bot.core.reply import Channel, Language, Place
from bot.core.turn import Handled, Pending
from bot.dialogs.ports import Begin
from bot.knowledge.live import Reading
from bot.outbox.ports import OutboxWork
from bot.retention.ports import Forgetful, RetentionWork
from bot.store.work import ReadOnlyError
from tests.factories import NOW, entry, reply, seed_plan, sender, shipped
from tests.fakes import AnyStore

PLACE = Place(Channel.TEAMS, "a:ann", "29:ann")


async def a_person(store: AnyStore) -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(), "nl")).id


def holding_texts(work: RetentionWork) -> tuple[Forgetful, ...]:
    return (work.knowledge, work.questions, work.inbox, work.outbox, work.pending)


async def answer(work: OutboxWork, person: PersonId, text: str) -> tuple[Message, ...]:
    messages, _ = await work.outbox.answer(
        person, PLACE, "m1", (reply(text),), card="", at=NOW, takeover=NOW
    )
    return messages


async def test_a_store_opens_what_the_features_ask_for(store: AnyStore) -> None:
    # The types say it already; this shows that the same unit serves them all.
    begin: Begin = store.begin
    reading: Reading = store.reading
    async with begin() as work:
        ann = await work.people.register(sender(), "nl")
        assert await work.addresses.met(Channel.TEAMS, "29:ann") is not None
        assert await work.inbox.add(Handled("teams", "m1", ann.id, NOW))
        assert await work.outbox.answers(Channel.TEAMS, "m1") == ()
        assert await work.pending.take(ann.id, "teams", "none") is None
    async with reading() as reader:
        assert await reader.knowledge.version() == 0
    async with store.begin() as old:
        forgetful = holding_texts(old)
        assert [await one.forget_texts(NOW) for one in forgetful] == [0, 0, 0, 0, 0]


async def test_nothing_is_seen_before_the_unit_ends(store: AnyStore) -> None:
    async with store.begin() as work:
        await work.people.register(sender("29:ann"), "nl")
        async with store.reading() as other:
            assert await other.people.by_address(Channel.TEAMS, "29:ann") is None
    async with store.reading() as other:
        assert await other.people.by_address(Channel.TEAMS, "29:ann") is not None


async def test_what_fails_leaves_nothing_behind(store: AnyStore) -> None:
    async def fail() -> None:
        async with store.begin() as work:
            ann = await work.people.register(sender("29:ann"), "nl")
            await work.knowledge.seed(seed_plan(new=(shipped("wifi"),)), NOW)
            assert await work.inbox.add(Handled("teams", "m1", ann.id, NOW))
            await answer(work, ann.id, "mijn antwoord")
            await work.addresses.reach(Channel.TEAMS, "29:ann", PLACE)
            await work.pending.put(Pending(ann.id, "teams", "first", "vraag", NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.begin() as other:
        assert await other.people.by_address(Channel.TEAMS, "29:ann") is None
        assert await other.people.find("", 10) == []
        assert await other.knowledge.entries() == []
        assert await other.inbox.forget_texts(NOW + timedelta(days=1)) == 0
        assert await other.outbox.lines(10) == []
        assert await other.pending.forget_texts(NOW + timedelta(days=1)) == 0
        # Neither does it stand in the way of the same message, done again.
        ann = await other.people.register(sender("29:ann"), "nl")
        assert await other.inbox.add(Handled("teams", "m1", ann.id, NOW))


async def test_a_unit_that_is_cancelled_leaves_nothing_and_lets_the_next_one_in(
    store: AnyStore,
) -> None:
    started = asyncio.Event()

    async def never_ends() -> None:
        async with store.begin() as work:
            await work.people.register(sender("29:ann"), "nl")
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as work:
        assert await work.people.by_address(Channel.TEAMS, "29:ann") is None
        await work.people.register(sender("29:ann"), "nl")


async def test_a_conflict_undoes_the_whole_unit(store: AnyStore) -> None:
    ann = await a_person(store)

    async def register(language: Language, message_id: str) -> None:
        async with store.begin() as work:
            await work.people.speak(ann, language)
            assert await work.inbox.add(Handled("teams", message_id, ann, NOW))
            await work.people.register(sender("29:bob"), language)

    await register("nl", "m1")
    with pytest.raises(ConflictError):
        await register("en", "m2")
    async with store.begin() as work:
        person = await work.people.by_id(ann)
        assert person is not None
        assert person.language == "nl"
        assert await work.inbox.add(Handled("teams", "m2", ann, NOW))


async def test_a_unit_that_reads_cannot_write(store: AnyStore) -> None:
    with pytest.raises(ReadOnlyError):
        async with store.reading() as work:
            await work.people.register(sender("29:ann"), "nl")
    async with store.reading() as work:
        assert await work.people.find("", 10) == []
    # Neither does it spoil the connection for who comes next.
    async with store.begin() as writing:
        await writing.people.register(sender("29:ann"), "nl")


async def test_of_two_that_handle_the_same_message_at_once_one_wins(store: AnyStore) -> None:
    ann = await a_person(store)

    async def handle(text: str) -> tuple[bool, tuple[Message, ...]]:
        async with store.begin() as work:
            if not await work.inbox.add(Handled("teams", "m1", ann, NOW)):
                return False, await work.outbox.answers(Channel.TEAMS, "m1")
            return True, await answer(work, ann, text)

    done = await asyncio.gather(*map(handle, "abcde"))
    (won,) = [letter for letter, (first, _) in zip("abcde", done, strict=True) if first]
    # Who came second, even at the same moment, is told what the first one said.
    for _, messages in done:
        assert [one.reply for one in messages] == [reply(won)]
    async with store.reading() as work:
        assert len(await work.outbox.lines(10)) == 1


async def test_of_two_that_register_the_same_address_at_once_one_wins(store: AnyStore) -> None:
    async def register(name: str) -> str:
        try:
            async with store.begin() as work:
                await work.people.register(sender("29:ann", name=name), "nl")
        except ConflictError:
            return ""
        return name

    won = [one for one in await asyncio.gather(*map(register, "abcde")) if one]
    async with store.reading() as work:
        assert [one.name for one in await work.people.find("", 10)] == won
        assert len(won) == 1


async def test_of_several_that_take_at_once_one_gets_it(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        await work.pending.put(Pending(ann, "teams", "first", "vraag", NOW))

    async def take() -> bool:
        async with store.begin() as work:
            return await work.pending.take(ann, "teams", "first") is not None

    assert sorted(await asyncio.gather(*(take() for _ in range(5)))) == [False] * 4 + [True]


async def test_of_two_ratings_at_once_neither_fails(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        await work.knowledge.edit(entry("wifi"), who=ann, why="new", at=NOW)
        asked = await work.knowledge.record(ann, "wifi?", "answer", entry("wifi").id, 0.9, NOW)

    async def rate() -> None:
        async with store.begin() as work:
            await work.knowledge.rate(ann, entry("wifi").id, asked, helped=True, at=NOW)

    await asyncio.gather(*(rate() for _ in range(5)))
    async with store.reading() as work:
        assert await work.knowledge.ratings(entry("wifi").id) == (1, 0)


async def test_changes_of_the_faq_take_their_turn(store: AnyStore) -> None:
    # Otherwise a reader could see version 2 first, and never notice 1, which came later.
    async def edit(name: str) -> None:
        async with store.begin() as work:
            await work.knowledge.edit(entry(name), who=None, why="new", at=NOW)

    async with store.begin() as work:
        await work.knowledge.edit(entry("wifi"), who=None, why="new", at=NOW)
        second = asyncio.create_task(edit("print"))
        done, _ = await asyncio.wait([second], timeout=0.1)
        assert not done
    await second
    async with store.reading() as reader:
        assert await reader.knowledge.version() == 2


async def test_a_hundred_units_at_once_all_count(store: AnyStore) -> None:
    ann = await a_person(store)

    async def handle(number: int) -> None:
        async with store.begin() as work:
            assert await work.inbox.add(Handled("teams", f"m{number}", ann, NOW))

    await asyncio.gather(*(handle(number) for number in range(100)))
    async with store.begin() as work:
        found = [
            await work.inbox.add(Handled("teams", f"m{number}", ann, NOW)) for number in range(100)
        ]
    assert True not in found
