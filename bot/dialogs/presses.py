"""What each button does: a line a button."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.reply import Reply
from bot.dialogs.ask import Ask, help_card
from bot.dialogs.claim import Claiming
from bot.dialogs.curate import Curate, EntryDraft
from bot.dialogs.duty import Duty
from bot.dialogs.profile import Profile
from bot.dialogs.question import Asking, refused
from bot.dialogs.turn import Turn
from bot.routing.model import Refusal, Refused, Source

Replies = Reply | tuple[Reply, ...]
Handler = Callable[[Turn, Any], Awaitable[Replies]]
Presses = Mapping[type[buttons.Payload], Handler]


def presses(  # noqa: PLR0913, PLR0917 (all who handle a button)
    ask: Ask, profile: Profile, asking: Asking, claiming: Claiming, duty: Duty, curate: Curate
) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""

    async def show(turn: Turn, pressed: buttons.ShowQuestion) -> Replies:
        question = await turn.work.questions.get(pressed.question)
        if question is None:
            return refused(Refused(Refusal.GONE))
        if question.asker == turn.me:
            return await asking.show(turn, pressed)
        return await claiming.show(turn, question)

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
        buttons.ApproveProposal: curate.approve,
        buttons.ChangeProposal: curate.change,
        buttons.RefuseProposal: curate.refuse,
        buttons.Rate: ask.rate,
        buttons.Pick: ask.pick,
        buttons.NoneOfThese: ask.none_of_these,
        buttons.PickLocation: profile.choose,
        buttons.PickTeam: profile.choose,
        buttons.SetLanguage: profile.speak,
        buttons.Help: _just(help_card),
        buttons.AskCoach: asking.ask_coach,
        buttons.SendQuestion: asking.send,
        buttons.AdjustQuestion: asking.adjust,
        buttons.DropDraft: _just(lambda _: asking.drop()),
        buttons.ShowQuestion: show,
        buttons.EditForm: asking.edit_form,
        buttons.EditQuestion: asking.edit,
        buttons.Withdraw: asking.withdraw,
        buttons.AddLine: asking.add,
        buttons.AddTyped: asking.add_typed,
        buttons.Solved: asking.solved,
        buttons.Felt: asking.felt,
        buttons.Reopen: asking.reopen,
        buttons.MyQuestions: alone(asking.mine),
        buttons.Claim: claiming.claim,
        buttons.AnswerQuestion: claiming.answer,
        buttons.AnswerWith: claiming.answer_with,
        buttons.AskBack: claiming.ask_back,
        buttons.MoreOn: claiming.more,
        buttons.HandOver: claiming.hand_over,
        buttons.Assign: claiming.assign,
        buttons.Release: claiming.release,
        buttons.CloseQuestion: claiming.close,
        buttons.MyWork: alone(duty.mine),
        buttons.NotToday: alone(duty.not_today),
        buttons.AwayForm: alone(duty.away_form),
        buttons.GoAway: duty.go_away,
        buttons.HandBack: alone(duty.hand_back),
        buttons.BackAgain: alone(duty.back),
        buttons.Overview: alone(duty.overview),
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
