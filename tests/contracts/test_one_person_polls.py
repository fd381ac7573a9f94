"""Who was there twice is one person in polls as well: asked once in a round, with one vote."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text

from bot.core.ids import PersonId, RoundId
from bot.people.service import plan_import, recognise
from bot.polls.model import Invitation, RoundState, Vote
from bot.store.sealing import Seal
from bot.store.work import Store
from tests.ballots import NOT_OPEN, SEAL
from tests.contracts.test_one_person import EMAIL, KNOWN, STRANGER
from tests.factories import listed, organisation, poll, poll_form, poll_round
from tests.fakes import AnyStore, MemoryStore

Answers = list[tuple[PersonId | None, str, str]]
BOTH = ("stranger", "own")


@dataclass
class Twice:
    """One person who is there twice, and a round that either may be asked in."""

    store: AnyStore
    stranger: PersonId
    own: PersonId
    round: RoundId = NOT_OPEN

    async def ask(self, *who: str, anonymous: bool = False) -> None:
        async with self.store.begin() as work:
            made = await work.polls.add(poll(owner=self.own))
            form = replace(poll_form(), anonymous=anonymous)
            asked = [Invitation(NOT_OPEN, getattr(self, one), f"group of {one}") for one in who]
            opened = await work.polls.open_round(poll_round(made.id, form=form), asked)
            self.round = opened.id
            if anonymous:
                await work.ballots.prepare(opened.id)

    async def answer(self, who: str, value: str, *, anonymous: bool = False) -> None:
        async with self.store.begin() as work:
            person: PersonId = getattr(self, who)
            box = work.ballots if anonymous else work.polls
            invited = await work.polls.lock_invitation(self.round, person)
            assert invited
            await box.answer(self.round, invited, {0: value})
            await work.polls.mark_answered(self.round, person)

    async def close(self) -> None:
        async with self.store.begin() as work:
            known = await work.polls.round(self.round)
            assert known
            await work.polls.save_round(replace(known, state=RoundState.CLOSED))

    async def meet(self) -> None:
        """Find out who the stranger is."""
        async with self.store.begin() as work:
            assert (await recognise(work, KNOWN, "nl")).person.id == self.own

    async def asked(self) -> list[tuple[str, bool]]:
        """Return who is asked, by name, and whether they answered."""
        names = {self.stranger: "stranger", self.own: "own"}
        async with self.store.reading() as work:
            found = await work.polls.invitations(self.round)
        return [(names[one.person], one.answered) for one in found]

    async def votes(self) -> Answers:
        async with self.store.reading() as work:
            found = await work.polls.answers(self.round)
        return [(one.person, one.group, one.value) for one in found]

    async def ballot(self, who: str) -> Vote:
        async with self.store.reading() as work:
            return await work.ballots.vote(self.round, getattr(self, who))


async def twice_in(store: AnyStore) -> Twice:
    async with store.begin() as work:
        await work.people.apply(await plan_import(work, organisation(listed(EMAIL))))
        stranger = (await recognise(work, STRANGER, "nl")).person.id
        own = await work.people.by_identity("", EMAIL)
        assert own
    return Twice(store, stranger, own.id)


@pytest.fixture
async def twice(store_url: str) -> AsyncIterator[Twice]:
    store: AnyStore = Store.open(store_url, SEAL) if store_url else MemoryStore()
    yield await twice_in(store)
    await store.close()


@pytest.mark.parametrize("anonymous", [False, True])
async def test_who_was_asked_as_a_stranger_is_asked(twice: Twice, *, anonymous: bool) -> None:
    await twice.ask("stranger", anonymous=anonymous)
    await twice.meet()
    assert await twice.asked() == [("own", False)]


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("answered", [(), ("stranger",), ("own",), BOTH])
async def test_who_was_asked_twice_has_one_vote(
    twice: Twice, answered: tuple[str, ...], *, anonymous: bool
) -> None:
    await twice.ask(*BOTH, anonymous=anonymous)
    for who in answered:
        await twice.answer(who, f"of {who}", anonymous=anonymous)
    await twice.meet()
    assert await twice.asked() == [("own", bool(answered))]
    vote = {0: f"of {answered[-1]}"} if answered else {}
    if anonymous:
        assert (await twice.ballot("own"), await twice.ballot("stranger")) == (vote, {})
    else:
        own = [(twice.own, "group of own", value) for value in vote.values()]
        assert await twice.votes() == own


async def test_a_secret_vote_of_a_stranger_can_still_be_changed_and_counts_once(
    twice: Twice,
) -> None:
    await twice.ask("stranger", anonymous=True)
    await twice.answer("stranger", "3", anonymous=True)
    await twice.meet()
    assert await twice.ballot("own") == {0: "3"}
    await twice.answer("own", "5", anonymous=True)
    assert (await twice.ballot("own"), await twice.ballot("stranger")) == ({0: "5"}, {})


async def test_a_vote_in_a_round_that_is_over_is_theirs(twice: Twice) -> None:
    await twice.ask("stranger")
    await twice.answer("stranger", "3")
    await twice.close()
    await twice.meet()
    assert await twice.asked() == [("own", True)]
    assert await twice.votes() == [(twice.own, "group of stranger", "3")]


async def test_figures_of_a_round_that_is_over_stay(twice: Twice) -> None:
    await twice.ask(*BOTH)
    for who in BOTH:
        await twice.answer(who, "3")
    await twice.close()
    await twice.meet()
    assert sorted(await twice.asked()) == [("own", True), ("stranger", True)]
    assert len(await twice.votes()) == 2


async def test_who_was_asked_in_a_secret_round_that_is_over_is_left_there(twice: Twice) -> None:
    await twice.ask("stranger", anonymous=True)
    await twice.close()
    await twice.meet()
    assert await twice.asked() == [("stranger", False)]


@pytest.mark.parametrize(
    ("answered", "left"),
    [
        ((), [("own", False)]),
        (("stranger",), [("stranger", True)]),
        (("own",), [("own", True)]),
        (BOTH, [("own", True), ("stranger", True)]),
    ],
)
async def test_under_another_secret_a_vote_stays_as_it_is_and_no_second_can_be_cast(
    store_url: str, answered: tuple[str, ...], left: list[tuple[str, bool]]
) -> None:
    twice = await twice_in(Store.open(store_url, SEAL) if store_url else MemoryStore())
    await twice.ask(*BOTH, anonymous=True)
    for who in answered:
        await twice.answer(who, "3", anonymous=True)
    if isinstance(twice.store, MemoryStore):
        twice.store._shelves.polls.foreign.add(twice.round)
    else:
        await twice.store.close()
        twice.store = Store.open(store_url, Seal("een heel ander geheim van deze school hier"))
    await twice.meet()
    assert sorted(await twice.asked()) == left
    await twice.store.close()


async def test_of_a_round_whose_key_is_lost_only_who_is_asked_is_left(twice: Twice) -> None:
    await twice.ask(*BOTH, anonymous=True)
    await twice.answer("stranger", "3", anonymous=True)
    if isinstance(twice.store, MemoryStore):
        del twice.store._shelves.polls.ballots[twice.round]
    else:
        async with twice.store.begin() as work:
            await work.polls._db.run(text("DELETE FROM poll_key"))
    await twice.meet()
    # It is begun anew: then all are asked again.
    assert await twice.asked() == [("own", True)]


@pytest.mark.parametrize("declined", ["stranger", "own", "neither"])
async def test_who_wants_no_polls_gets_none(twice: Twice, declined: str) -> None:
    async with twice.store.begin() as work:
        if declined != "neither":
            await work.polls.decline(getattr(twice, declined), asked=False)
    await twice.meet()
    async with twice.store.reading() as work:
        assert await work.polls.declined() == (set() if declined == "neither" else {twice.own})
