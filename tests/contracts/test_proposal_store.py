"""What every store promises about what coaches propose for the FAQ."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.ids import EntryId, PersonId, ProposalId, QuestionId
from bot.knowledge.model import Entry, Proposal, ProposalState
from tests.factories import NOW, entry, proposal, seed_plan, sender, shipped
from tests.fakes import AnyStore

WIFI = EntryId("wifi")
DAY = timedelta(days=1)


async def a_person(store: AnyStore, address: str = "29:coach") -> PersonId:
    async with store.begin() as work:
        await work.knowledge.seed(seed_plan(new=(shipped("wifi"),)), NOW)
        return (await work.people.register(sender(address), "nl")).id


async def another(store: AnyStore, address: str) -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(address), "nl")).id


async def propose(store: AnyStore, said: Proposal, key: str = "1|1|0") -> tuple[Proposal, bool]:
    async with store.begin() as work:
        return await work.proposals.add(key, said)


async def find(store: AnyStore, which: ProposalId) -> Proposal | None:
    async with store.reading() as work:
        return await work.proposals.get(which)


async def decide(store: AnyStore, said: Proposal) -> bool:
    async with store.begin() as work:
        return await work.proposals.decide(said)


def refused(said: Proposal, by: PersonId, **changes: Any) -> Proposal:
    state, later = ProposalState.REFUSED, NOW + timedelta(hours=1)
    verdict = replace(said, state=state, reason="te kort", decided_by=by, decided=later)
    return replace(verdict, **changes)


async def test_a_proposal_comes_back_as_it_was_made(store: AnyStore) -> None:
    said = proposal(proposer=await a_person(store), entry=WIFI)
    kept, new = await propose(store, said)
    assert new
    assert kept == replace(said, id=kept.id)
    assert kept.subject == f"proposal:{kept.id}"
    assert await find(store, kept.id) == kept
    assert await find(store, ProposalId(4711)) is None


async def test_the_same_key_makes_one_proposal(store: AnyStore) -> None:
    said = proposal(proposer=await a_person(store))
    first, _ = await propose(store, said)
    again, new = await propose(store, replace(said, title="Anders?"))
    assert (again, new) == (first, False)
    other, new = await propose(store, said, key="1|1|1")
    assert new
    assert other.id > first.id


async def test_of_two_who_propose_the_same_at_once_one_makes_it(store: AnyStore) -> None:
    said = proposal(proposer=await a_person(store))
    made = await asyncio.gather(*(propose(store, said) for _ in range(4)))
    assert sorted(new for _, new in made) == [False, False, False, True]
    assert len({one.id for one, _ in made}) == 1


async def test_what_is_decided_stays_so(store: AnyStore) -> None:
    coach = await a_person(store)
    bob = await another(store, "29:bob")
    kept, _ = await propose(store, proposal(proposer=coach))
    changed = refused(kept, bob, title="Nieuw?", answer="Zo.", wording="", domain="ai", entry=WIFI)
    assert await decide(store, changed)
    assert await find(store, kept.id) == changed
    assert not await decide(store, refused(kept, coach, reason="toch"))
    assert await find(store, kept.id) == changed
    assert not await decide(store, replace(changed, id=ProposalId(4711)))


async def test_of_many_who_decide_at_once_one_does(store: AnyStore) -> None:
    coach = await a_person(store)
    kept, _ = await propose(store, proposal(proposer=coach))
    verdicts = [refused(kept, coach, reason=f"reden {number}") for number in range(5)]
    done = await asyncio.gather(*(decide(store, one) for one in verdicts))
    assert sorted(done) == [False] * 4 + [True]
    assert await find(store, kept.id) == verdicts[done.index(True)]


async def test_nothing_is_proposed_about_a_question_that_nobody_asked(store: AnyStore) -> None:
    await propose(store, proposal(proposer=await a_person(store)))
    async with store.reading() as work:
        assert list(await work.proposals.about(QuestionId(4711))) == []


async def test_old_texts_are_forgotten_and_the_rest_stays(store: AnyStore) -> None:
    coach = await a_person(store)
    old, _ = await propose(store, proposal(proposer=coach, at=NOW - timedelta(days=181)))
    assert await decide(store, refused(old, coach))
    young, _ = await propose(store, proposal(proposer=coach), key="2|1|0")
    for forgotten in (1, 0):
        async with store.begin() as work:
            assert await work.proposals.forget_texts(NOW - timedelta(days=180)) == forgotten
    empty: dict[str, Any] = {"title": "", "answer": "", "wording": "", "reason": ""}
    assert await find(store, old.id) == replace(refused(old, coach), **empty)
    assert await find(store, young.id) == young


async def test_what_is_read_after_taking_a_turn_is_as_the_one_before_left_it(
    store: AnyStore,
) -> None:
    await a_person(store)

    async def add(variant: str) -> None:
        async with store.begin() as work:
            await work.knowledge.entry(WIFI)
            await work.knowledge.take_turn()
            known = await work.knowledge.entry(WIFI)
            assert known is not None
            more = replace(known, variants=(*known.variants, variant))
            await work.knowledge.edit(more, who=None, why="wording", at=NOW)

    async def all_ids(new: Entry) -> int:
        async with store.begin() as work:
            await work.knowledge.stored()
            await work.knowledge.take_turn()
            count = len(await work.knowledge.stored())
            await work.knowledge.edit(
                replace(new, id=EntryId(f"e{count}")), who=None, why="", at=NOW
            )
            return count

    names = [f"wifi {number}" for number in range(6)]
    await asyncio.gather(*map(add, names))
    async with store.reading() as work:
        known = await work.knowledge.entry(WIFI)
    assert known is not None
    assert set(names) < set(known.variants)
    counts = await asyncio.gather(*(all_ids(entry()) for _ in range(6)))
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]


async def test_what_is_open_and_can_be_read_comes_the_oldest_first(store: AnyStore) -> None:
    who = await a_person(store)
    made = [
        # A clock that was put back does not change what came first.
        (await propose(store, proposal(proposer=who, at=NOW - number * DAY), f"k{number}"))[0]
        for number in range(4)
    ]
    assert await decide(store, refused(made[1], who))
    async with store.begin() as work:
        assert await work.proposals.forget_texts(NOW - 2 * DAY) == 1
        assert await work.proposals.open(9) == [made[0], made[2]]
        assert await work.proposals.open(1) == [made[0]]
