"""What every store promises about what is answered in anonymous rounds."""

from collections.abc import AsyncIterator

import pytest

from bot.core.ids import RoundId
from bot.core.turn import Handled
from bot.polls.model import Invitation, Key
from bot.store.sealing import LostKeyError
from bot.store.work import Store
from tests.ballots import SEAL, Booth, spread
from tests.factories import NOW
from tests.fakes import MemoryStore
from tests.said import refused

AnyBooth = Booth[Store] | Booth[MemoryStore]


@pytest.fixture
async def booth(store_url: str) -> AsyncIterator[AnyBooth]:
    if not store_url:
        yield Booth(MemoryStore())
        return
    store = Store.open(store_url, SEAL)
    yield Booth(store)
    await store.close()


async def test_the_last_word_counts_and_partial_answers_are_kept(booth: AnyBooth) -> None:
    ann, *others = await booth.open(*[""] * 6)
    await booth.vote(ann, {0: "1"})
    await booth.vote(ann, {1: "ja 🙂", 2: ""})
    await booth.vote(ann, {0: "5"})
    for person in others:
        await booth.vote(person, {0: "4"})
    async with booth.store.reading() as work:
        assert await work.ballots.vote(booth.round, ann) == {0: "5", 1: "ja 🙂", 2: ""}
        assert await work.ballots.vote(booth.round, others[0]) == {0: "4"}
    await booth.count()
    assert sorted(spread(await booth.answers())[0]) == [("", "4")] * 5 + [("", "5")]


async def test_who_answered_nothing_has_answered_nothing(booth: AnyBooth) -> None:
    (ann,) = await booth.open("")
    async with booth.store.reading() as work:
        assert await work.ballots.vote(booth.round, ann) == {}


async def test_answers_of_a_counted_round_are_of_nobody(booth: AnyBooth) -> None:
    for person in await booth.open(*["Breda"] * 10, *["Tilburg"] * 10):
        await booth.vote(person, {0: "4"})
    await booth.count()
    answers = await booth.answers()
    assert {one.person for one in answers} == {None}
    assert sorted(one.group for one in answers) == ["Breda"] * 10 + ["Tilburg"] * 10


async def test_a_question_that_too_few_answered_leaves_no_answers(booth: AnyBooth) -> None:
    people = await booth.open(*[""] * 6)
    for person in people:
        await booth.vote(person, {0: "4"})
    for person in people[:4]:
        await booth.vote(person, {1: "een opmerking"})
    await booth.count()
    assert list(spread(await booth.answers())) == [0]


async def test_a_round_has_its_key_until_it_is_counted(booth: AnyBooth) -> None:
    await booth.open("")
    async with booth.store.reading() as work:
        assert await work.ballots.key(booth.round) is Key.READY
        assert await work.ballots.key(RoundId(booth.round + 1)) is Key.LOST
    await booth.count()
    async with booth.store.reading() as work:
        assert await work.ballots.key(booth.round) is Key.LOST


async def test_a_round_that_is_prepared_again_has_no_votes(booth: AnyBooth) -> None:
    (ann,) = await booth.open("")
    await booth.vote(ann, {0: "1"})
    async with booth.store.begin() as work:
        await work.ballots.prepare(booth.round)
        assert await work.ballots.vote(booth.round, ann) == {}


async def test_a_round_without_its_key_takes_no_votes(booth: AnyBooth) -> None:
    (ann,) = await booth.open("")
    nowhere = RoundId(booth.round + 1)
    async with booth.store.begin() as work:
        with refused(LostKeyError, f"The key of round {nowhere} is gone"):
            await work.ballots.answer(nowhere, Invitation(nowhere, ann), {0: "1"})


async def test_a_counted_round_left_no_messages_and_others_keep_theirs(booth: AnyBooth) -> None:
    (bob,) = await booth.open("")
    await booth.vote(bob, {0: "2"})
    other = booth.round
    people = await booth.open(*[""] * 6)
    for person in people:
        await booth.vote(person, {0: "4"})
    await booth.count()
    async with booth.store.begin() as work:
        assert [one.person for one in await work.outbox.lines(99)] == [bob]
        # Delivered again, it is answered anew: that the round is closed.
        assert await work.inbox.add(Handled("teams", f"press-{booth.round}-2", people[0], NOW))
        assert not await work.inbox.add(Handled("teams", f"press-{other}-1", bob, NOW))
        assert await work.polls.invitations(booth.round) == [
            Invitation(booth.round, person, answered=True) for person in sorted(people)
        ]
