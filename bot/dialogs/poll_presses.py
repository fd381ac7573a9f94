"""Which conversation a pressed button of a poll goes to."""

from bot.core import poll_buttons as buttons
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_desk import PollDesk
from bot.dialogs.poll_maker import PollMaker
from bot.dialogs.poll_reading import PollReading
from bot.dialogs.poll_running import PollRunning
from bot.dialogs.presses import Presses, alone


def poll_presses(answers: PollAnswers) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""
    desk = PollDesk(answers.college, secret=answers.secrecy is not None)
    maker, running, reading = PollMaker(desk), PollRunning(desk), PollReading(desk)
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
        buttons.TryPoll: running.trial,
        buttons.StartPoll: running.start,
        buttons.PausePoll: running.pause,
        buttons.StopPoll: running.stop,
        buttons.ShowPollResults: reading.results,
        buttons.ShowRemarks: reading.remarks,
    }
