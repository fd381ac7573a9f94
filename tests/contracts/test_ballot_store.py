"""What every store promises about what is answered in anonymous rounds."""

from collections.abc import AsyncIterator

import pytest

from bot.core.ids import RoundId
from bot.polls.model import Invitation
from bot.store.sealing import LostKeyError, PollSecretError, Seal
from bot.store.work import Store
from tests.ballots import SEAL, Booth, spread


@pytest.fixture
async def booth(database_url: str) -> AsyncIterator[Booth]:
    store = Store.open(database_url, SEAL)
    yield Booth(store)
    await store.close()


async def test_the_last_word_counts_and_partial_answers_are_kept(booth: Booth) -> None:
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


async def test_who_answered_nothing_has_answered_nothing(booth: Booth) -> None:
    (ann,) = await booth.open("")
    async with booth.store.reading() as work:
        assert await work.ballots.vote(booth.round, ann) == {}


async def test_answers_of_a_counted_round_are_of_nobody(booth: Booth) -> None:
    for person in await booth.open(*["Breda"] * 10, *["Tilburg"] * 10):
        await booth.vote(person, {0: "4"})
    await booth.count()
    answers = await booth.answers()
    assert {one.person for one in answers} == {None}
    assert sorted(one.group for one in answers) == ["Breda"] * 10 + ["Tilburg"] * 10


async def test_a_question_that_too_few_answered_leaves_no_answers(booth: Booth) -> None:
    people = await booth.open(*[""] * 6)
    for person in people:
        await booth.vote(person, {0: "4"})
    for person in people[:4]:
        await booth.vote(person, {1: "een opmerking"})
    await booth.count()
    assert list(spread(await booth.answers())) == [0]


async def test_a_round_is_ready_until_it_is_counted(booth: Booth) -> None:
    await booth.open("")
    async with booth.store.reading() as work:
        assert await work.ballots.ready(booth.round)
        assert not await work.ballots.ready(RoundId(booth.round + 1))
    await booth.count()
    async with booth.store.reading() as work:
        assert not await work.ballots.ready(booth.round)


async def test_a_round_that_is_prepared_again_has_no_votes(booth: Booth) -> None:
    (ann,) = await booth.open("")
    await booth.vote(ann, {0: "1"})
    async with booth.store.begin() as work:
        await work.ballots.prepare(booth.round)
        assert await work.ballots.vote(booth.round, ann) == {}


async def test_a_round_without_its_key_takes_no_votes(booth: Booth) -> None:
    (ann,) = await booth.open("")
    nowhere = RoundId(booth.round + 1)
    async with booth.store.begin() as work:
        with pytest.raises(LostKeyError):
            await work.ballots.answer(nowhere, Invitation(nowhere, ann), {0: "1"})


@pytest.mark.parametrize("seal", [None, Seal("een ander geheim dat ook heel erg lang is")])
async def test_without_the_secret_nobody_votes_and_nothing_counts_as_lost(
    booth: Booth, database_url: str, seal: Seal | None
) -> None:
    (ann,) = await booth.open("")
    other = Store.open(database_url, seal)
    async with other.reading() as work:
        with pytest.raises(PollSecretError):
            await work.ballots.vote(booth.round, ann)
        with pytest.raises(PollSecretError):
            await work.ballots.ready(booth.round)
        assert await work.ballots.unreadable() == 1
    await other.close()
    async with booth.store.reading() as work:
        assert await work.ballots.unreadable() == 0


async def test_rounds_that_go_on_keep_their_votes_when_another_is_erased(booth: Booth) -> None:
    (ann,) = await booth.open("")
    await booth.vote(ann, {0: "3"})
    other = Booth(booth.store, round=booth.round)
    for person in await other.open(*[""] * 5):
        await other.vote(person, {0: "4"})
    await other.close()
    async with booth.store.reading() as work:
        assert await work.ballots.vote(booth.round, ann) == {0: "3"}
    await booth.vote(ann, {1: "2"})
    assert len(await other.answers()) == 5
