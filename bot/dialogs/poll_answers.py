"""Who is asked in a poll answers, changes that, or wants to be asked no more."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.redaction import redact
from bot.core.reply import Reply
from bot.dialogs import poll_cards as cards
from bot.dialogs.turn import Turn
from bot.polls import rules
from bot.polls import service as polls
from bot.polls.model import Kind
from bot.polls.service import (
    Answered,
    Frame,
    Given,
    NoSecret,
    NotAsked,
    Over,
    Secrecy,
    Unfit,
)
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class PollAnswers:
    """The conversations of who is asked."""

    college: WorkTime
    secrecy: Secrecy | None
    student_number: re.Pattern[str]

    @property
    def zone(self) -> ZoneInfo:
        return self.college.zone

    def frame(self, now: datetime) -> Frame:
        """Return what use cases are decided in now."""
        return Frame(self.college, self.secrecy, now)

    async def answer(self, turn: Turn, pressed: buttons.AnswerPoll) -> Reply:
        """Store an answer, and show the next question that is not answered, or thanks."""
        value = await self._value(turn, pressed)
        given, frame = Given(pressed.question, value), self.frame(turn.now)
        outcome = await polls.answer(turn.work, pressed.round, turn.me, given, frame)
        if isinstance(outcome, Unfit):
            return self._again(outcome)
        if not isinstance(outcome, Answered):
            return self._refused(outcome)
        left = [
            number
            for number in range(len(outcome.round.form.questions))
            if number not in outcome.vote
        ]
        if left:
            return cards.question(outcome.round, left[0], self.zone)
        return cards.thanks(outcome.round, self.zone)

    async def change(self, turn: Turn, pressed: buttons.ChangeAnswers) -> Reply:
        """Show the one question again, or which there are."""
        found = await polls.look(turn.work, pressed.round, turn.me, self.frame(turn.now))
        if not isinstance(found, Answered):
            return self._refused(found)
        if len(found.round.form.questions) == 1:
            return cards.question(found.round, 0, self.zone)
        return cards.change(found.round, found.vote)

    async def question(self, turn: Turn, pressed: buttons.ShowPollQuestion) -> Reply:
        """Show one question."""
        found = await polls.look(turn.work, pressed.round, turn.me, self.frame(turn.now))
        if not isinstance(found, Answered):
            return self._refused(found)
        known = pressed.question in range(len(found.round.form.questions))
        return cards.question(found.round, pressed.question if known else 0, self.zone)

    async def asked(self, turn: Turn, pressed: buttons.AskedInPolls) -> Reply:
        """Remember whether somebody wants to be asked."""
        await turn.work.polls.decline(turn.me, asked=pressed.asked)
        return cards.asked(asked=pressed.asked)

    async def _value(self, turn: Turn, pressed: buttons.AnswerPoll) -> str:
        """Return what was answered, as it may be stored."""
        known = await turn.work.polls.round(pressed.round)
        if known is None or pressed.question not in range(len(known.form.questions)):
            return ""
        kind = known.form.questions[pressed.question].kind
        value = rules.tidy(kind, pressed.value)
        return redact(value, self.student_number).text if kind is Kind.OPEN else value

    def _again(self, unfit: Unfit) -> Reply:
        """Ask a question again, with what was wrong with the answer."""
        questions = unfit.round.form.questions
        if unfit.question not in range(len(questions)):
            return cards.question(unfit.round, 0, self.zone)
        kind = questions[unfit.question].kind
        return cards.question(unfit.round, unfit.question, self.zone, f"poll.wrong.{kind}")

    def _refused(self, outcome: Over | NotAsked | NoSecret) -> Reply:
        match outcome:
            case Over(round=known):
                return cards.over(known, self.zone)
            case NotAsked():
                return cards.told("poll.not_asked")
            case NoSecret():
                return cards.told("poll.not_now")
            case _:
                assert_never(outcome)
