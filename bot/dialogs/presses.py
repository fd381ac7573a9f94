"""What each button does: a line a button."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.reply import Reply
from bot.dialogs.afterwards import Afterwards
from bot.dialogs.answering import Answering
from bot.dialogs.ask import Ask
from bot.dialogs.claim import Claiming
from bot.dialogs.closing import Closing
from bot.dialogs.curate import Curate
from bot.dialogs.duty import Duty
from bot.dialogs.following import Following
from bot.dialogs.passing import Passing
from bot.dialogs.profile import Profile
from bot.dialogs.proposal_forms import EntryDraft
from bot.dialogs.question import refused
from bot.dialogs.sending import Sending
from bot.dialogs.summary import Summary
from bot.dialogs.turn import Turn
from bot.routing.model import Refusal, Refused, Source

Replies = Reply | tuple[Reply, ...]
Handler = Callable[[Turn, Any], Awaitable[Replies]]
Presses = Mapping[type[buttons.Payload], Handler]


@dataclass(frozen=True)
class Dialogs:
    """All who handle a button."""

    ask: Ask
    profile: Profile
    sending: Sending
    following: Following
    afterwards: Afterwards
    claiming: Claiming
    answering: Answering
    passing: Passing
    closing: Closing
    duty: Duty
    curate: Curate
    summary: Summary


def presses(dialogs: Dialogs) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""
    return {
        **_finding(dialogs),
        **_asking(dialogs),
        **_helping(dialogs),
        **_at_work(dialogs.duty),
        **_curating(dialogs.curate),
        buttons.ShowSummary: dialogs.summary.show,
    }


def _finding(dialogs: Dialogs) -> Presses:
    ask, profile = dialogs.ask, dialogs.profile
    return {
        buttons.Rate: ask.rate,
        buttons.Pick: ask.pick,
        buttons.NoneOfThese: ask.none_of_these,
        buttons.PickLocation: profile.choose,
        buttons.PickTeam: profile.choose,
        buttons.SetLanguage: profile.speak,
        buttons.Help: _just(ask.help.card),
    }


def _asking(dialogs: Dialogs) -> Presses:
    sending, following, afterwards = dialogs.sending, dialogs.following, dialogs.afterwards
    return {
        buttons.AskCoach: sending.ask_coach,
        buttons.AskNamed: sending.ask_named,
        buttons.SendQuestion: sending.send,
        buttons.AdjustQuestion: sending.adjust,
        buttons.DropDraft: _just(lambda _: sending.drop()),
        buttons.EditForm: following.edit_form,
        buttons.EditQuestion: following.edit,
        buttons.Withdraw: following.withdraw,
        buttons.AddLine: following.add,
        buttons.AddTyped: following.add_typed,
        buttons.MyQuestions: alone(following.mine),
        buttons.Solved: afterwards.solved,
        buttons.Felt: afterwards.felt,
        buttons.Reopen: afterwards.reopen,
    }


def _helping(dialogs: Dialogs) -> Presses:
    following, claiming = dialogs.following, dialogs.claiming
    answering, passing = dialogs.answering, dialogs.passing

    async def show(turn: Turn, pressed: buttons.ShowQuestion) -> Replies:
        question = await turn.work.questions.get(pressed.question)
        if question is None:
            return refused(Refused(Refusal.GONE))
        if question.asker == turn.me:
            return await following.show(turn, pressed)
        return await claiming.show(turn, question)

    return {
        buttons.ShowQuestion: show,
        buttons.Claim: claiming.claim,
        buttons.AnswerQuestion: answering.answer,
        buttons.ReadArticle: answering.read_article,
        buttons.AnswerWith: answering.answer_with,
        buttons.WriteOn: answering.write_on,
        buttons.AskBack: answering.ask_back,
        buttons.MoreOn: passing.more,
        buttons.HandOver: passing.hand_over,
        buttons.Assign: passing.assign,
        buttons.Release: passing.release,
        buttons.CloseQuestion: dialogs.closing.close,
    }


def _at_work(duty: Duty) -> Presses:
    return {
        buttons.MyWork: alone(duty.mine),
        buttons.NotToday: alone(duty.not_today),
        buttons.AwayForm: duty.away_form,
        buttons.GoAway: duty.go_away,
        buttons.HandBack: alone(duty.hand_back),
        buttons.BackAgain: alone(duty.back),
        buttons.Overview: alone(duty.overview),
    }


def _curating(curate: Curate) -> Presses:
    async def propose(turn: Turn, pressed: buttons.ProposeEntry) -> Replies:
        draft = await _draft(turn, pressed.question)
        if draft is None:
            return refused(Refused(Refusal.NOT_YOURS))
        return await curate.form(turn, draft, curate.similar(draft.wording))

    async def send_proposal(turn: Turn, pressed: buttons.SendProposal) -> Replies:
        draft = await _draft(turn, pressed.question)
        if draft is None:
            return refused(Refused(Refusal.NOT_YOURS))
        return await curate.send(turn, pressed, draft)

    return {
        buttons.ProposeEntry: propose,
        buttons.SendProposal: send_proposal,
        buttons.OpenProposals: alone(curate.listed),
        buttons.ShowProposal: curate.show,
        buttons.ApproveProposal: curate.approve,
        buttons.ChangeProposal: curate.change,
        buttons.RefuseProposal: curate.refuse,
    }


async def _draft(turn: Turn, which: QuestionId) -> EntryDraft | None:
    """Return what a question that this coach answered would make of an entry."""
    question = await turn.work.questions.get(which)
    if question is None or question.holder != turn.me:
        return None
    draft = question.draft
    # Who walked in was answered there: the coach writes down what was said.
    if not question.answer and draft.source is not Source.WALK_IN:
        return None
    return EntryDraft(which, draft.text, question.answer, draft.topic, draft.level, draft.role)


def alone(answer: Callable[[Turn], Awaitable[Reply]]) -> Handler:
    """Return a handler for a button that says nothing but that it was pressed."""

    async def handle(turn: Turn, _: Any) -> Reply:
        return await answer(turn)

    return handle


def _just(answer: Callable[[Turn], Reply]) -> Handler:
    """Return a handler for a button that needs no looking up."""

    async def handle(turn: Turn, _: Any) -> Reply:
        return answer(turn)

    return handle
