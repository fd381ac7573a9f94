"""Two processes on one database: what is approved in one is an answer in the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.core import buttons
from bot.core.buttons import Payload
from bot.core.clock import MovableClock
from bot.core.ids import EntryId
from bot.core.reply import Incoming, Reply, Say, Sender, Words
from bot.dialogs.root import Root
from bot.knowledge import service as knowledge
from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.live import FaqIndex
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.model import Proposal
from bot.knowledge.rules import fill as fill_in
from bot.people import service as people
from bot.people.model import Role
from bot.routing.model import Draft, Source
from bot.store.tables import RevisionRow
from bot.store.work import Store
from tests import factories
from tests.chat import ANN, COORDINATOR, make_root
from tests.curation import BOTH, COACH, DRAFT, LISTED_BOTH, QUESTION, with_curation

WITHIN = timedelta(seconds=5)
SHIPPED = load_faq(shipped_folder())


@dataclass(frozen=True)
class Process:
    """A process with an index of its own."""

    root: Root
    store: Store
    clock: MovableClock

    async def send(self, incoming: Incoming) -> Reply:
        (reply,) = (await self.root.on_turn(incoming)).replies
        return reply

    async def press(self, what: Payload, who: Sender, name: str) -> Reply:
        return await self.send(Incoming(who, name, button=what.encode()))

    async def say(self, text: str, who: Sender, name: str) -> Reply:
        return await self.send(Incoming(who, name, text))


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[tuple[Process, Process]]:
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            store, clock = Store.open(database_url), MovableClock()
            stack.push_async_callback(store.close)
            index = FaqIndex(SHIPPED, shipped_synonyms())
            root = make_root(store, clock, index=index)
            ask = replace(root.ask, thresholds=Thresholds())
            root = with_curation(replace(root, ask=ask), {QUESTION: DRAFT})
            made.append(Process(root, store, clock))
        await fill(made[0])
        yield made[0], made[1]


async def fill(one: Process) -> None:
    """Store the shipped FAQ, people, and the question that the drafts are about."""
    college = factories.organisation(
        factories.listed(),
        factories.listed_coach(),
        factories.listed(COORDINATOR.email, name="Coördinator Een", roles=(Role.COORDINATOR,)),
        LISTED_BOTH,
    )
    async with one.store.begin() as work:
        await work.people.apply(await people.plan_import(work, college))
        await knowledge.seed(work, SHIPPED, one.clock.now())
        ann = await work.people.by_identity("", ANN.email)
        assert ann is not None
        for key in ("q1", "q2"):
            draft = Draft(key, ann.id, DRAFT.wording, Source.DIRECT, "nl")
            await work.questions.add(draft, one.clock.now())


def form(**changes: str) -> buttons.SendProposal:
    typed = {"title": DRAFT.wording, "answer": DRAFT.answer, "domain": "lokaal"}
    return buttons.SendProposal.model_validate(
        {"question": DRAFT.question, "level": "tactisch", **typed, **changes}
    )


async def proposals(one: Process) -> list[Proposal]:
    async with one.store.reading() as work:
        return [*await work.proposals.about(DRAFT.question)]


async def test_what_is_approved_in_one_process_is_an_answer_in_the_other_within_5_seconds(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    before = await there.say(DRAFT.wording, ANN, "a1")
    assert Words(DRAFT.answer) not in before.blocks
    await here.press(form(), COACH, "c1")
    [one] = await proposals(here)
    done = await here.press(buttons.ApproveProposal(proposal=one.id), COORDINATOR, "k1")
    assert done.view == "curate.decided"
    there.clock.move_to(there.clock.now() + WITHIN)
    answer = await there.say(DRAFT.wording, ANN, "a3")
    assert answer.view == "answer"
    assert Words(DRAFT.answer) in answer.blocks


async def test_a_revision_says_who_approved_which_proposal(two: tuple[Process, Process]) -> None:
    here, _ = two
    await here.press(form(), COACH, "c1")
    [one] = await proposals(here)
    await here.press(buttons.ApproveProposal(proposal=one.id), COORDINATOR, "k1")
    async with here.store.begin() as work:
        newest = select(RevisionRow).order_by(col(RevisionRow.id).desc()).limit(1)
        row = (await work.knowledge._session.exec(newest)).one()
        decider = await work.people.by_identity("", COORDINATOR.email)
    assert decider is not None
    assert (row.who, row.why) == (decider.id, f"proposal:{one.id}")


async def test_of_two_processes_one_decides_and_the_other_says_who(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    for process, who in ((here, COORDINATOR), (there, BOTH)):
        await process.say("hoi", who, f"hoi {who.address}")
    for number in range(4):
        await here.press(form(again=str(number)), COACH, f"c{number}")
        one = (await proposals(here))[-1]
        refuse = buttons.RefuseProposal(proposal=one.id, reason="Te kort.")
        replies = await asyncio.gather(
            here.press(refuse, COORDINATOR, f"k{number}"), there.press(refuse, BOTH, f"b{number}")
        )
        said = [reply.blocks[0] for reply in replies]
        names = {"Coördinator Een", "Beide Bo"}
        mine = [one for one in said if one == Say("curate.decided.refused_by_you", {}, "title")]
        theirs = [
            one
            for one in said
            if isinstance(one, Say)
            and one.key == "curate.decided.refused"
            and one.data["name"] in names
        ]
        assert (len(mine), len(theirs)) == (1, 1)


async def test_two_presses_in_two_processes_make_one_proposal(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    await here.say("hoi", COACH, "hoi")
    replies = await asyncio.gather(
        *(process.press(form(), COACH, f"c{n}") for n, process in enumerate((here, there)))
    )
    assert {reply.view for reply in replies} == {"curate.sent"}
    assert len(await proposals(here)) == 1


async def test_two_articles_with_one_title_at_once_are_two_entries(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    for process, who in ((here, COORDINATOR), (there, BOTH)):
        await process.say("hoi", who, f"hoi {who.address}")
    await here.press(form(), COACH, "c1")
    await there.press(form(answer="Anders."), BOTH, "c2")
    first, second = await proposals(here)
    await asyncio.gather(
        here.press(buttons.ApproveProposal(proposal=first.id), COORDINATOR, "k1"),
        there.press(buttons.ApproveProposal(proposal=second.id), BOTH, "k2"),
    )
    name = "hoe-krijg-ik-de-rookmachine-in-het-theater-aan"
    async with here.store.reading() as work:
        made = [await work.knowledge.entry(EntryId(one)) for one in (name, f"{name}-2")]
    assert {fill_in(one.answer, {}) for one in made if one} == {DRAFT.answer, "Anders."}
