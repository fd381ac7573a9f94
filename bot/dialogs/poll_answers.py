"""Who is asked in a poll answers, changes that, or wants to be asked no more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.redaction import redact
from bot.core.reply import Reply, Say
from bot.dialogs import poll_cards as cards
from bot.dialogs.turn import Turn
from bot.polls import answering, rules
from bot.polls.answering import Answered, Given, NotAsked, Over, Unfit
from bot.polls.frame import Frame, NoSecret, OtherSecret, Secrecy
from bot.polls.model import Kind
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
        value, notes = await self._value(turn, pressed)
        given, frame = Given(pressed.question, value), self.frame(turn.now)
        outcome = await answering.answer(turn.work, pressed.round, turn.me, given, frame)
        if isinstance(outcome, Unfit):
            return self._again(outcome)
        if not isinstance(outcome, Answered):
            return self._refused(outcome)
        shown = self._next(outcome)
        return replace(shown, blocks=(*notes, *shown.blocks))

    def _next(self, done: Answered) -> Reply:
        """Return the first question that is not answered yet, or thanks."""
        numbers = range(len(done.round.form.questions))
        left = next((number for number in numbers if number not in done.vote), None)
        if left is None:
            return cards.thanks(done.round, self.zone)
        return cards.question(done.round, left, self.zone)

    async def change(self, turn: Turn, pressed: buttons.ChangeAnswers) -> Reply:
        """Show the one question again, or which there are."""
        found = await answering.look(turn.work, pressed.round, turn.me, self.frame(turn.now))
        if not isinstance(found, Answered):
            return self._refused(found)
        if len(found.round.form.questions) == 1:
            return cards.question(found.round, 0, self.zone)
        return cards.change(found.round, found.vote)

    async def question(self, turn: Turn, pressed: buttons.ShowPollQuestion) -> Reply:
        """Show one question."""
        found = await answering.look(turn.work, pressed.round, turn.me, self.frame(turn.now))
        if not isinstance(found, Answered):
            return self._refused(found)
        known = pressed.question in range(len(found.round.form.questions))
        return cards.question(found.round, pressed.question if known else 0, self.zone)

    async def asked(self, turn: Turn, pressed: buttons.AskedInPolls) -> Reply:
        """Remember whether somebody wants to be asked."""
        await turn.work.polls.decline(turn.me, asked=pressed.asked)
        return cards.asked(asked=pressed.asked)

    async def _value(self, turn: Turn, pressed: buttons.AnswerPoll) -> tuple[str, Sequence[Say]]:
        """Return what was answered as it may be stored, and what is said of what is left out."""
        known = await turn.work.polls.round(pressed.round)
        if known is None or pressed.question not in range(len(known.form.questions)):
            return "", ()
        kind = known.form.questions[pressed.question].kind
        value = rules.tidy(kind, pressed.value)
        if kind is not Kind.OPEN:
            return value, ()
        redacted = redact(value, self.student_number)
        # What is said is kept with its reader, also in a backup: of a secret answer it would tell
        # which one is theirs. There the card said beforehand what is left out.
        told = () if known.form.anonymous else sorted(redacted.found)
        return redacted.text, [Say(f"note.{secret}") for secret in told]

    def _again(self, unfit: Unfit) -> Reply:
        """Ask a question again, with what was wrong with the answer."""
        questions = unfit.round.form.questions
        if unfit.question not in range(len(questions)):
            return cards.question(unfit.round, 0, self.zone)
        kind = questions[unfit.question].kind
        return cards.question(unfit.round, unfit.question, self.zone, f"poll.wrong.{kind}")

    def _refused(self, outcome: Over | NotAsked | NoSecret | OtherSecret) -> Reply:
        match outcome:
            case Over(round=known):
                return cards.over(known, self.zone)
            case NotAsked():
                return cards.told("poll.not_asked")
            case NoSecret():
                return cards.told("poll.not_now")
            case OtherSecret(round=known):
                return cards.told("poll.other_secret", title=known.form.title)
            case _:
                assert_never(outcome)
