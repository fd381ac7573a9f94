"""What all conversations of the asker's side share: who presses, what was done, who hears of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.redaction import redact
from bot.core.reply import Button, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs import asker_cards, card_parts
from bot.dialogs.case import Case, load_case
from bot.dialogs.desk import Desk
from bot.dialogs.notices import tell
from bot.dialogs.turn import Turn
from bot.people.model import Role
from bot.routing import service as routing
from bot.routing.model import Act, Presser, Question, Refusal, Refused, State
from bot.routing.rules import LONGEST

MOST = 10
"""Questions in a list: what still fits on a phone."""


def presser(turn: Turn) -> Presser:
    """Return who presses, with the roles of today."""
    who = turn.person
    return Presser(turn.me, who.acts_as(Role.COACH), who.acts_as(Role.COORDINATOR))


def refused(outcome: Refused, case: Case | None = None, *, asker: bool = False) -> Reply:
    """Say why something was not done, and who has the question now."""
    name = case.name(case.question.holder) if case else ""
    key = f"refused.{outcome.why}"
    if outcome.why is Refusal.TAKEN and not name:
        key = "refused.taken_by_somebody"
    elif outcome.why is Refusal.TAKEN and case and asker:
        key = "refused.taken_asker"
    code = outcome.question.code if outcome.question else ""
    return Reply("question.refused", (Say(key, {"name": name, "code": code}),), personal=True)


@dataclass(frozen=True)
class Happened:
    """A question that something happened to, with the people around it."""

    question: Question
    case: Case

    @property
    def data(self) -> dict[str, str]:
        """Return who asks, and the question's short name, for what its holder is told."""
        return {"name": self.case.asker.name, "code": self.question.code}


@dataclass(frozen=True)
class Asking:
    """Does what an asker may do to a question of theirs."""

    desk: Desk
    student_number: re.Pattern[str]

    async def status(self, turn: Turn, question: Question, *, replaces: bool = False) -> Reply:
        """Return the asker's card of a question."""
        case = await load_case(turn.work, question, turn.now)
        case = await self.desk.promised(turn.work, case)
        return replace(asker_cards.mine(case, self.desk.zone), replaces=replaces)

    async def act(
        self, turn: Turn, which: QuestionId, act: Act, text: str = "", *, needed: bool = False
    ) -> Happened | Reply:
        """Do something, and let all cards follow; a reply says why not."""
        if needed and not text.strip():
            return refused(Refused(Refusal.EMPTY))
        if len(text) > LONGEST:
            return refused(Refused(Refusal.TOO_LONG))
        outcome = await routing.act(turn.work, which, act, presser(turn), turn.now, text=text)
        if isinstance(outcome, Refused):
            question = outcome.question
            case = await load_case(turn.work, question, turn.now) if question else None
            return refused(outcome, case, asker=True)
        case = await load_case(turn.work, outcome.question, turn.now)
        await self.desk.follow(turn.work, case, turn.incoming.card)
        return Happened(outcome.question, case)

    async def tell_holder(self, turn: Turn, done: Happened, *said: Say | Words) -> None:
        """Tell who has the question what its asker did."""
        holder = done.case.holder
        if holder is None:
            return
        which = {"question": done.question.id}
        show = Button(Say("question.open_it"), buttons.ShowQuestion(**which).encode())
        propose = Button(Say("question.work.propose"), buttons.ProposeEntry(**which).encode())
        ended = {State.CLOSED: (propose,), State.WITHDRAWN: ()}
        pressed = ended.get(done.question.state, (show,))
        about = done.question.subject
        reply = Reply("question.told", said, pressed, personal=True, subject=about)
        key = f"told|{done.question.id}|{done.question.version}"
        now = turn.now
        await tell(turn.work, key, holder.person, reply, now, now=now)

    async def lost(self, turn: Turn, question: Question) -> bool:
        """Offer a question anew whose holder is no coach any more; False when all is well."""
        holder = question.holder
        if not question.held or (holder and await turn.work.people.coach(holder)):
            return False
        freed = await routing.act(turn.work, question.id, Act.RELEASE, None, turn.now)
        if not isinstance(freed, Refused):
            await self.desk.offer(turn.work, freed.question, turn.now, turn.incoming.card)
        return True

    def clean(self, text: str) -> tuple[str, list[Say]]:
        """Return a text without numbers that must not be stored, and what is told of those."""
        redacted = redact(text, self.student_number)
        notes = [Say(f"note.{secret}", style="subtle") for secret in sorted(redacted.found)]
        return redacted.text, notes


def rows(questions: Sequence[Question], zone: ZoneInfo) -> tuple[Button, ...]:
    """Return a line to tap for each question: what it is, how far, and since when."""
    return tuple(
        Button(
            Say(
                f"question.row.{one.state}",
                {"line": card_parts.line(one), "when": on_day(one.created, zone)},
            ),
            buttons.ShowQuestion(question=one.id).encode(),
            line=True,
        )
        for one in questions
    )
