"""What buttons of polls carry. Who may press them, and when, is decided when they come back."""

from typing import Annotated

from pydantic import Field

from bot.core.buttons import Payload
from bot.core.ids import PollId, RoundId


class OnRound(Payload):
    """Base of what is about one question, from 0, of one round."""

    round: RoundId
    question: int = 0


class AnswerPoll(OnRound, kind="poll_answer", version=1):
    """Answer a question: `value` is as in `bot.polls.model.Vote`, or what stands in the form."""

    value: Annotated[str, Field(max_length=4_000)] = ""


class ShowPollQuestion(OnRound, kind="poll_question", version=1):
    """Show a question again, to change what was answered."""


class ChangeAnswers(Payload, kind="poll_change", version=1):
    """'Wijzigen': the questions of a round, to pick one; the question itself when there is one."""

    round: RoundId


class AskedInPolls(Payload, kind="poll_asked", version=1):
    """Whether the person who presses wants to be asked in polls."""

    asked: bool


class ShowPolls(Payload, kind="poll_list", version=1):
    """Show a coordinator the polls that there are."""


class NewPoll(Payload, kind="poll_new", version=1):
    """Make a poll: from a template by its name, of one's own questions, or show which there are."""

    template: Annotated[str, Field(max_length=40)] = ""


class OnPoll(Payload):
    """Base of what is about one poll."""

    poll: PollId


class ShowPoll(OnPoll, kind="poll_show", version=1):
    """Show a poll: who gets it, when, and what can be done with it."""


class AdjustPoll(OnPoll, kind="poll_form", version=1):
    """Show all that can be changed of a poll; 0 is a new one."""


class SavePoll(OnPoll, kind="poll_save", version=1):
    """Store a poll as it was filled in, of version `seen`: everything comes as text."""

    seen: int = 0
    title: str = ""
    questions: str = ""
    roles: str = ""
    part: str = ""
    first: str = ""
    at: str = ""
    every: str = ""
    closed_day: str = ""
    days: str = ""
    secrecy: str = ""
    remind: str = ""
    breakdown: str = ""


class TryPoll(OnPoll, kind="poll_try", version=1):
    """Show a question to who makes the poll; what they answered to the one before is not stored."""

    question: int = 0
    value: Annotated[str, Field(max_length=4_000)] = ""


class StartPoll(OnPoll, kind="poll_start", version=1):
    """Let a poll have its rounds, as it was shown in version `seen`."""

    seen: int


class PausePoll(OnPoll, kind="poll_pause", version=1):
    """Let a poll have no rounds for a while, or have them again."""

    paused: bool = True


class StopPoll(OnPoll, kind="poll_stop", version=1):
    """Let a poll have no more rounds; `sure` once it was asked."""

    sure: bool = False


class ShowPollResults(OnPoll, kind="poll_results", version=1):
    """Show what came of the newest rounds of a poll; of one when it is named."""

    round: RoundId = RoundId(0)


class ShowRemarks(OnPoll, kind="poll_remarks", version=1):
    """Read what came of one question of a closed round, from the `first` line on."""

    round: RoundId
    question: int = 0
    first: int = 0
