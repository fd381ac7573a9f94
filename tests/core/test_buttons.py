"""Payloads come back as they went, or not at all."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import buttons
from bot.core.errors import UnknownButtonError
from bot.core.ids import AskedId, EntryId, LocationId, PersonId, ProposalId, QuestionId, TeamId
from tests.poll_examples import POLL_EXAMPLES
from tests.walkin_examples import WALKIN_EXAMPLES

QUESTION = {"question": QuestionId(42)}
DRAFT = {
    "asked": AskedId(7),
    "draft": "asked:7",
    "source": "refused",
    "text": "Hoe zet ik een toets klaar?",
    "note": "Het is voor morgen.",
    "topic": "lms",
    "level": "tactisch",
    "coach": PersonId(9),
}
EXAMPLES: list[buttons.Payload] = [
    buttons.Rate(asked=AskedId(7), entry=EntryId("teams-scherm-delen"), helped=True),
    buttons.Pick(asked=AskedId(7), entry=EntryId("teams-scherm-delen")),
    buttons.NoneOfThese(asked=AskedId(7)),
    buttons.AskCoach(),
    buttons.PickLocation(location=LocationId(3)),
    buttons.PickTeam(location=LocationId(3), team=TeamId(4)),
    buttons.SetLanguage(language="en"),
    buttons.Help(),
    buttons.SendQuestion(**DRAFT, urgent=True),
    buttons.AdjustQuestion(**DRAFT),
    buttons.DropDraft(),
    buttons.ShowQuestion(**QUESTION),
    buttons.EditForm(**QUESTION),
    buttons.EditQuestion(**QUESTION, text="Hoe zet ik een toets klaar?"),
    buttons.Withdraw(**QUESTION),
    buttons.AddTyped(**QUESTION, asked=AskedId(7)),
    buttons.AddLine(**QUESTION, text="Het gaat om groep 2B."),
    buttons.Solved(**QUESTION, solved=True),
    buttons.Felt(**QUESTION, felt=4),
    buttons.Reopen(**QUESTION),
    buttons.Claim(**QUESTION),
    buttons.MoreOn(**QUESTION),
    buttons.Release(**QUESTION),
    buttons.HandOver(**QUESTION, coach=PersonId(9), note="Jij weet dit beter."),
    buttons.Assign(**QUESTION, coach=PersonId(9)),
    buttons.AnswerQuestion(**QUESTION, text="Klik op Toetsen."),
    buttons.ReadArticle(**QUESTION, entry=EntryId("teams-scherm-delen")),
    buttons.AnswerWith(**QUESTION, entry=EntryId("teams-scherm-delen")),
    buttons.WriteOn(**QUESTION, text="Klik op"),
    buttons.AskBack(**QUESTION, text="Welke groep?"),
    buttons.CloseQuestion(**QUESTION, text="Klik op"),
    buttons.CloseQuestion(**QUESTION, ending="elsewhere"),
    buttons.NotToday(),
    buttons.AwayForm(first="2026-03-02", last="open"),
    buttons.AskNamed(coach=PersonId(9)),
    buttons.GoAway(first="2026-03-02", last="2026-03-06"),
    buttons.HandBack(),
    buttons.BackAgain(),
    buttons.MyQuestions(),
    buttons.MyWork(),
    buttons.Overview(),
    buttons.ProposeEntry(**QUESTION),
    buttons.SendProposal(question=QuestionId(42), near="teams-scherm-delen", title="Hoe?", again=1),
    buttons.ApproveProposal(proposal=ProposalId(5), edited=True, put="replace", answer="Zo."),
    buttons.OpenProposals(),
    buttons.ShowProposal(proposal=ProposalId(5)),
    buttons.ChangeProposal(proposal=ProposalId(5)),
    buttons.RefuseProposal(proposal=ProposalId(5), reason="Te kort."),
    buttons.ShowSummary(week="2026-W47", part="answers"),
    *WALKIN_EXAMPLES,
    *POLL_EXAMPLES,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda one: one.kind)
def test_a_payload_comes_back_as_it_went(payload: buttons.Payload) -> None:
    assert buttons.decode(payload.encode()) == payload


@pytest.mark.parametrize("kind", ["hand_over", "assign"])
def test_a_list_in_which_nobody_is_chosen_names_nobody(kind: str) -> None:
    sent = buttons.decode({"kind": kind, "v": 1, "question": "5", "coach": ""})
    assert sent.encode()["coach"] == 0


def test_every_kind_of_button_has_an_example_here() -> None:
    assert {type(one) for one in EXAMPLES} == set(buttons.type_of_kind.values())


@given(st.dictionaries(st.sampled_from(["kind", "v", "asked", "entry"]) | st.text(), JSON))
def test_whatever_comes_back_is_a_payload_or_refused(data: dict[str, Any]) -> None:
    with suppress(UnknownButtonError):
        assert isinstance(buttons.decode(data), buttons.Payload)


def test_a_card_with_four_buttons_stays_small() -> None:
    assert all(len(str(one.encode())) < 300 for one in EXAMPLES)


def test_no_button_bears_a_field_that_the_web_client_cannot_press() -> None:
    named = {name for kind in buttons.type_of_kind.values() for name in kind.model_fields}
    assert named.isdisjoint({"key", "kind", "v"})
