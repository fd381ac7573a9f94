"""What buttons of polls carry. Who may press them, and when, is decided when they come back."""

from typing import Annotated

from pydantic import Field

from bot.core.buttons import Payload
from bot.core.ids import RoundId


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
