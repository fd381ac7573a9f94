"""What all conversations of the coach's side share: what was done, why not, who hears of it."""

import re
from dataclasses import dataclass, replace

from bot.core.ids import PersonId, QuestionId
from bot.core.redaction import redact
from bot.core.reply import Block, Button, Reply
from bot.dialogs import coach_cards, coordinator_cards
from bot.dialogs.case import Case, load_case, load_holder
from bot.dialogs.desk import Desk
from bot.dialogs.notices import tell
from bot.dialogs.question import presser, refused
from bot.dialogs.turn import Turn
from bot.people.model import Role
from bot.routing import service as routing
from bot.routing.model import Act, Ending, Outcome, Question, Refusal, Refused
from bot.routing.rules import refusal


@dataclass(frozen=True)
class Helping:
    """Does what a coach or a coordinator may do to a question."""

    desk: Desk
    student_number: re.Pattern[str]

    async def act(  # noqa: PLR0913 (the plain values of one event)
        self,
        turn: Turn,
        which: QuestionId,
        act: Act,
        *,
        text: str = "",
        other: PersonId | None = None,
        chosen: Ending | None = None,
    ) -> Case | Reply:
        """Do something, and let all cards follow; a reply says why not."""
        who, now = presser(turn), turn.now
        outcome = await routing.act(
            turn.work, which, act, who, now, text=text, other=other, chosen=chosen
        )
        case = await self.followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return await self.refused(turn, outcome, case)
        return case

    async def followed(self, turn: Turn, outcome: Outcome) -> Case | None:
        """Return the question with its people; what was done shows on every card of it."""
        if outcome.question is None:
            return None
        if isinstance(outcome, Refused):
            return await load_holder(turn.work, outcome.question, turn.now)
        case = await load_case(turn.work, outcome.question, turn.now)
        await self.desk.follow(turn.work, case, turn.incoming.card)
        return replace(case, before=outcome.before.holder)

    async def refused(self, turn: Turn, outcome: Outcome, case: Case | None) -> Reply:
        """Say why not; a coach's card shows at the same time how the question is now."""
        why = outcome if isinstance(outcome, Refused) else Refused(Refusal.GONE)
        reply = refused(why, case)
        if case is None or not presser(turn).coach or not turn.incoming.personal:
            return reply
        card = self.work(turn, case)
        if case.question.unclaimed or case.question.holder == turn.me:
            return reply
        return replace(card, blocks=(*reply.blocks, *card.blocks), replaces=True)

    async def barred(self, turn: Turn, which: QuestionId, act: Act) -> Reply | None:
        """Return why somebody may not do something, before what they filled in is looked at."""
        question = await turn.work.questions.get(which)
        if question is None:
            return refused(Refused(Refusal.GONE))
        why = refusal(act, question, presser(turn), turn.now)
        if why is None:
            return None
        return await self.refused(turn, Refused(why, question), await self.case(turn, question))

    async def case(self, turn: Turn, question: Question) -> Case:
        return await load_case(turn.work, question, turn.now)

    def work(self, turn: Turn, case: Case) -> Reply:
        """Return the card of the coach who presses, with the articles beside it."""
        return coach_cards.work(self.desk.articles.beside(case, turn.person), turn.me)

    def overseen(self, turn: Turn, case: Case) -> Reply:
        """Return a coordinator's card, as it may stand where the press was."""
        if turn.incoming.personal:
            return coordinator_cards.coordinators(case, self.desk.zone)
        return coordinator_cards.coordinators_channel(case, self.desk.zone)

    def named(self, case: Case) -> dict[str, str]:
        """Return who has the question, for what its asker is told."""
        return {"name": case.name(case.question.holder)}

    async def tell_asker(
        self,
        turn: Turn,
        case: Case,
        blocks: tuple[Block, ...],
        pressed: tuple[Button, ...] = (),
    ) -> None:
        """Tell who asks what was done to their question."""
        if not case.asker.active:
            return
        key = f"asker|{case.question.id}|{case.question.version}"
        about = case.question.subject
        reply = Reply("question.told", blocks, pressed, personal=True, subject=about)
        now = turn.now
        await tell(turn.work, key, case.asker, reply, now, now=now)

    def clean(self, text: str) -> str:
        """Return a text without numbers that must not be stored."""
        return redact(text, self.student_number).text


def is_coach(turn: Turn) -> bool:
    """Tell whether who speaks is a coach today."""
    return turn.person.acts_as(Role.COACH)
