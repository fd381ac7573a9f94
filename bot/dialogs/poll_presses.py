"""Which conversation a pressed button of a poll goes to."""

from bot.core import poll_buttons as buttons
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.presses import Presses


def poll_presses(answers: PollAnswers) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""
    return {
        buttons.AnswerPoll: answers.answer,
        buttons.ChangeAnswers: answers.change,
        buttons.ShowPollQuestion: answers.question,
        buttons.AskedInPolls: answers.asked,
    }
