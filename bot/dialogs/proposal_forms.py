"""What stands in the forms of a proposal for the FAQ, and what that makes of it."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.ids import ProposalId, QuestionId
from bot.dialogs.proposal_cards import NEW, REPLACE
from bot.dialogs.turn import Turn
from bot.knowledge.model import CoachRole, Level, Proposal, ProposalState
from bot.knowledge.proposals import Form


@dataclass(frozen=True)
class EntryDraft:
    """What a question that a coach answered would make of an entry.

    `wording` is what the asker wrote; domain, level and role may be empty or unknown.
    """

    question: QuestionId
    wording: str
    answer: str
    domain: str = ""
    level: str = ""
    role: str = ""


def as_sent(pressed: buttons.SendProposal, wording: str) -> Form:
    """Return the form of a coach as it was filled in; the wording is what was asked."""
    return Form(
        title=pressed.title,
        answer=pressed.answer,
        wording=wording,
        domain=pressed.domain,
        level=pressed.level,
        near=_chosen(pressed.near),
    )


def as_changed(pressed: buttons.ApproveProposal) -> Form:
    """Return the form of a curator as it was filled in."""
    return Form(
        title=pressed.title,
        answer=pressed.answer,
        wording=pressed.wording,
        domain=pressed.domain,
        level=pressed.level,
        near=_chosen(pressed.near),
        replaces=pressed.put == REPLACE,
    )


def as_it_was(pressed: buttons.ApproveProposal, proposal: Proposal) -> Form:
    """Return a proposal as it stands, when the curator changed nothing in it."""
    return replace(Form.of(proposal), replaces=pressed.put == REPLACE)


def _chosen(near: str) -> str:
    return "" if near == NEW else near


def proposal_of(turn: Turn, form: Form, draft: EntryDraft) -> Proposal:
    """Return what a coach proposes."""
    role = draft.role if draft.role in set(CoachRole) else CoachRole.TECHNOVATOR
    return Proposal(
        id=ProposalId(0),
        proposer=turn.me,
        title=form.title,
        answer=form.answer,
        wording=form.wording,
        domain=form.domain,
        level=Level(form.level),
        role=CoachRole(role),
        at=turn.now,
        question=draft.question,
        entry=form.entry,
    )


def decided_on(turn: Turn, proposal: Proposal, state: ProposalState) -> Proposal:
    """Return a proposal once this person decided on it."""
    return replace(proposal, state=state, decided_by=turn.me, decided=turn.now)


def filled_in(proposal: Proposal, form: Form) -> Proposal:
    """Return a proposal with what stands in the form."""
    return replace(
        proposal,
        title=form.title,
        answer=form.answer,
        wording=form.wording,
        domain=form.domain,
        level=Level(form.level),
        entry=form.entry,
    )
