"""Which conversation a pressed button of a poll goes to."""

from bot.core import poll_buttons as buttons
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_maker import PollMaker
from bot.dialogs.presses import Presses, alone


def poll_presses(answers: PollAnswers) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""
    maker = PollMaker(answers)
    return {
        buttons.AnswerPoll: answers.answer,
        buttons.ChangeAnswers: answers.change,
        buttons.ShowPollQuestion: answers.question,
        buttons.AskedInPolls: answers.asked,
        buttons.ShowPolls: alone(maker.listed),
        buttons.NewPoll: maker.new,
        buttons.ShowPoll: maker.show,
        buttons.AdjustPoll: maker.adjust,
        buttons.SavePoll: maker.save,
        buttons.TryPoll: maker.trial,
        buttons.StartPoll: maker.start,
        buttons.PausePoll: maker.pause,
        buttons.StopPoll: maker.stop,
        buttons.ShowPollResults: maker.results,
        buttons.ShowRemarks: maker.remarks,
    }
