"""The same question typed anew by who asked it, while the first is open: it is one question."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.reply import Button, Reply, Say
from bot.dialogs import asker_cards
from bot.dialogs.case import Case
from bot.dialogs.turn import Turn
from bot.knowledge.normalise import MAX_LENGTH, normalise
from bot.routing.model import Draft, Question, State
from bot.routing.rules import is_urgent

MOST = 50
"""Questions of one person that are looked through: more are never open."""


async def still_open(turn: Turn, text: str, key: str) -> Question | None:
    """Return the question that somebody sent in the same words; none if `key` was sent before.

    What was sent with that key is this very card, pressed twice.
    """
    mine = await sent_by(turn)
    if any(one.draft.key == key for one in mine):
        return None
    return same_words(mine, text)


async def sent_by(turn: Turn) -> Sequence[Question]:
    """Return what somebody sent, the newest first."""
    return await turn.work.questions.of_asker(turn.me, MOST)


def same_words(mine: Sequence[Question], text: str) -> Question | None:
    """Return the question that is open in the same words, if one is."""
    waiting = [one for one in mine if one.unclaimed or one.held]
    return next((one for one in waiting if _words(one.draft.text) == _words(text)), None)


def _words(text: str) -> tuple[str, str]:
    """Return what makes two texts the same: also what has no letters, or is very long."""
    return normalise(text) or text.strip(), text[MAX_LENGTH:].strip()


def already_sent(case: Case, zone: ZoneInfo, sent: buttons.SendQuestion, *, anew: bool) -> Reply:
    """Return the card of the question that is open, and what is new in how it is `sent` now.

    `anew`: it makes sense to send it as a question of its own.
    """
    question = case.question
    answered = question.state is State.ANSWERED
    card = asker_cards.answered(case) if answered else asker_cards.mine(case, zone)
    more: list[Button] = []
    if sent.note:
        add = buttons.AddLine(question=question.id, text=sent.note)
        more.append(Button(Say("question.same.add"), add.encode()))
    if anew:
        draft = f"again:{question.id}:{question.version}:{sent.coach}:{sent.urgent}"
        rest = {"text": "", "instead": question.id, "draft": draft}
        label = "compose.urgent" if sent.urgent else "question.same.anew"
        more.append(Button(Say(label), sent.model_copy(update=rest).encode()))
    said = Say("question.same.open", {"code": question.code})
    return replace(card, blocks=(said, *card.blocks), buttons=(*card.buttons, *more))


def is_another(case: Case, draft: Draft) -> bool:
    """Tell whether it makes sense beside the first: a class waits now, or it is for another."""
    question = case.question
    asked = {None, question.holder, question.draft.wanted, *(one.coach for one in case.offers)}
    return (draft.urgent and not is_urgent(question, case.now)) or draft.wanted not in asked
