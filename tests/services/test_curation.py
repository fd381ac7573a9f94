"""Proposing and deciding, as the database sees it when another was first."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.core.ids import EntryId, PersonId, ProposalId, QuestionId
from bot.knowledge.curation import (
    Approved,
    EntryGone,
    Settled,
    Turned,
    approve,
    propose,
    proposed,
    refuse,
)
from bot.knowledge.model import Proposal, ProposalState
from tests.factories import NOW, entry, proposal, seed_plan, shipped
from tests.fakes import MemoryStore

ANN, BOB = PersonId(1), PersonId(2)
ABOUT = QuestionId(7)
TODAY = date(2026, 3, 2)


async def made(store: MemoryStore, **changes: Any) -> Proposal:
    async with store.begin() as work:
        return (await propose(work, proposal(question=ABOUT, **changes), 0))[0]


def verdict(said: Proposal, state: ProposalState, **changes: Any) -> Proposal:
    return replace(said, state=state, decided_by=BOB, decided=NOW, **changes)


async def approved(
    store: MemoryStore, said: Proposal, *, replaces: bool = False
) -> Approved | Settled | EntryGone:
    async with store.begin() as work:
        wanted = verdict(said, ProposalState.APPROVED)
        return await approve(work, wanted, TODAY, replaces=replaces)


async def refused(store: MemoryStore, said: Proposal) -> Turned | Settled:
    async with store.begin() as work:
        return await refuse(work, verdict(said, ProposalState.REFUSED, reason="te kort"))


async def version(store: MemoryStore) -> int:
    async with store.reading() as work:
        return await work.knowledge.version()


async def test_a_coach_proposes_once_for_a_question_and_another_coach_as_well() -> None:
    store = MemoryStore()
    first, again = await made(store), await made(store)
    other = await made(store, proposer=BOB)
    assert first == again != other
    async with store.reading() as work:
        assert await proposed(work, ABOUT, ANN) == [first]


async def test_what_is_approved_is_an_entry_of_the_college() -> None:
    store = MemoryStore()
    said = await made(store)
    outcome = await approved(store, said)
    assert isinstance(outcome, Approved)
    async with store.reading() as work:
        [kept] = await work.knowledge.stored()
    assert (kept.entry, kept.edited, kept.origin) == (outcome.entry, True, "")


async def test_who_approves_too_late_changes_nothing_and_reads_what_was_decided() -> None:
    store = MemoryStore()
    said = await made(store)
    assert isinstance(await refused(store, said), Turned)
    outcome = await approved(store, said)
    assert isinstance(outcome, Settled)
    assert (outcome.proposal.state, outcome.proposal.reason) == (ProposalState.REFUSED, "te kort")
    assert await version(store) == 0


async def test_who_refuses_too_late_refuses_nothing() -> None:
    store = MemoryStore()
    said = await made(store)
    await approved(store, said)
    outcome = await refused(store, said)
    assert isinstance(outcome, Settled)
    assert outcome.proposal.state is ProposalState.APPROVED


async def test_what_is_not_there_cannot_be_decided() -> None:
    store = MemoryStore()
    assert isinstance(await refused(store, proposal(id=ProposalId(4711))), Settled)


async def test_an_entry_that_is_gone_leaves_the_proposal_open() -> None:
    store = MemoryStore()
    said = await made(store, entry=EntryId("wifi"))
    assert await approved(store, said) == EntryGone()
    async with store.reading() as work:
        assert await work.proposals.get(said.id) == said


async def test_an_id_of_a_retired_entry_is_not_given_again() -> None:
    store = MemoryStore()
    known = shipped("hoe-zet-ik-de-rookmachine-aan")
    async with store.begin() as work:
        await work.knowledge.seed(seed_plan(new=(known,)), NOW)
        await work.knowledge.seed(seed_plan(retired=(known.entry.id,)), NOW)
    outcome = await approved(store, await made(store))
    assert isinstance(outcome, Approved)
    assert outcome.entry.id == "hoe-zet-ik-de-rookmachine-aan-2"


async def test_an_entry_changes_only_when_there_is_something_to_change() -> None:
    store = MemoryStore()
    async with store.begin() as work:
        await work.knowledge.seed(seed_plan(new=(shipped(),)), NOW)
    said = await made(store, entry=entry().id, wording="WACHTWOORD vergeten")
    assert isinstance(await approved(store, said), Approved)
    assert await version(store) == 1
    other = await made(store, entry=entry().id, proposer=BOB)
    assert isinstance(await approved(store, other, replaces=True), Approved)
    assert await version(store) == 2
