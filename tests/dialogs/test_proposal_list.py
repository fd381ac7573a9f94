"""A curator finds all that waits for a decision, in a list to work through."""

from dataclasses import replace

import pytest

from bot.core import buttons
from bot.core.ids import ProposalId, QuestionId
from bot.core.reply import Sender
from bot.knowledge.model import ProposalState
from bot.people.model import Role
from tests import factories
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.curation import (
    BOTH,
    COACH,
    CURATOR,
    DRAFT,
    LISTED_CURATOR,
    CurateChat,
    import_as,
    make_curation,
)

CURATORS = (CURATOR, COORDINATOR, BOTH)


@pytest.fixture
async def chat() -> CurateChat:
    return await make_curation()


async def propose_many(chat: CurateChat, count: int) -> None:
    for number in range(count):
        which = QuestionId(100 + number)
        chat.drafts[which] = replace(DRAFT, question=which, wording=f"vraag nummer {number}")
        await chat.fill(await chat.form(question=which), "curate.form.send", COACH)


@pytest.mark.parametrize("who", CURATORS, ids=["curator", "coordinator", "coach and curator"])
async def test_the_oldest_comes_first_and_each_can_be_decided_on(
    chat: CurateChat, who: Sender
) -> None:
    await propose_many(chat, 3)
    (shown,) = await chat.say("voorstellen", who)
    assert (keys(shown), shown.personal) == (["curate.list.title"], True)
    rows = chat.lines(shown)[1:]
    assert [row.split(" (")[0] for row in rows] == [f"vraag nummer {one}" for one in range(3)]
    assert all(row.split(" (")[1].startswith(factories.listed_coach().name) for row in rows)
    (card,) = await chat.press(shown.buttons[1], who)
    assert (card.view, card.replaces) == ("curate.proposal", False)
    (done,) = await chat.press(press_of(card, "curate.card.approve"), who)
    assert keys(done) == ["curate.decided.approved_by_you"]
    (left,) = await chat.say("open voorstellen", who)
    assert len(left.buttons) == 2
    # The list that was shown before is still there: it tells what became of it.
    (again,) = await chat.press(shown.buttons[1], who)
    assert (keys(again), again.replaces) == (["curate.decided.approved_by_you"], False)


async def test_without_proposals_there_is_no_list(chat: CurateChat) -> None:
    (shown,) = await chat.say("voorstellen", CURATOR)
    assert (keys(shown), shown.buttons) == (["curate.list.nothing"], ())


async def test_a_long_list_shows_the_oldest_ten_and_says_so(chat: CurateChat) -> None:
    await propose_many(chat, 11)
    (shown,) = await chat.say("proposals", CURATOR)
    assert len(shown.buttons) == 10
    assert keys(shown) == ["curate.list.title", "curate.list.more"]


@pytest.mark.parametrize("who", [ANN, COACH])
async def test_who_is_no_curator_sees_no_proposals(chat: CurateChat, who: Sender) -> None:
    one = await chat.propose()
    for button in (buttons.OpenProposals(), buttons.ShowProposal(proposal=one.id)):
        (reply,) = await chat.press(button, who)
        assert keys(reply) == ["curate.refused.not_curator"]
    (reply,) = await chat.say("voorstellen", who)
    assert keys(reply) == ["curate.refused.not_curator"]
    found = await chat.proposal(one.id)
    assert found
    assert found.state is ProposalState.OPEN


async def test_who_is_no_curator_any_more_sees_none_either(chat: CurateChat) -> None:
    one = await chat.propose()
    await import_as(chat, replace(LISTED_CURATOR, roles=(Role.TEACHER,)), factories.listed_coach())
    (reply,) = await chat.press(buttons.ShowProposal(proposal=one.id), CURATOR)
    assert keys(reply) == ["curate.refused.not_curator"]


async def test_a_proposal_that_never_was_is_told_so(chat: CurateChat) -> None:
    (reply,) = await chat.press(buttons.ShowProposal(proposal=ProposalId(4711)), CURATOR)
    assert keys(reply) == ["curate.refused.gone"]


async def test_the_help_names_the_list_to_who_can_use_it(chat: CurateChat) -> None:
    for who, key in ((CURATOR, "help.curator"), (COORDINATOR, "help.coordinator")):
        (shown,) = await chat.say("help", who)
        assert key in keys(shown)
        named = ["voorstellen" in line or "proposals" in line for line in chat.lines(shown)]
        assert sum(named) == 1
