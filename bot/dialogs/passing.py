"""A question that goes from one coach to another: handed over, assigned, given back."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.ids import PersonId, QuestionId
from bot.core.reply import Block, Button, Field, Reply, Say
from bot.dialogs import asker_cards, coach_cards, coordinator_cards
from bot.dialogs.case import Case, load_case
from bot.dialogs.helping import Helping
from bot.dialogs.notices import tell
from bot.dialogs.question import refused
from bot.dialogs.turn import Turn
from bot.people.model import Coach, Person
from bot.routing import service as routing
from bot.routing.model import Act, Refusal, Refused
from bot.routing.rules import LONGEST_NOTE


@dataclass(frozen=True)
class Passing:
    """The conversations of who has a question and cannot help, or sees that somebody can."""

    helping: Helping

    async def more(self, turn: Turn, pressed: buttons.MoreOn) -> Reply:
        """Show what else can be done with a question that one holds."""
        question = await turn.work.questions.get(pressed.question)
        why = await self.helping.barred(turn, pressed.question, Act.RELEASE)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        case, which = await self.helping.case(turn, question), {"question": question.id}
        blocks: list[Block] = [
            Say("question.more.title", {"code": question.code}, "title"),
            coordinator_cards.colleagues(case, Say("question.more.colleague"), but=turn.me),
            Field(Say("question.more.note"), "note", most=LONGEST_NOTE),
        ]
        typed = self.helping.clean(pressed.text)
        close = buttons.CloseQuestion(**which).encode()
        closing = Button(Say("question.work.close"), close, form=bool(typed), keeps=True)
        if typed:
            blocks.append(coach_cards.begun(typed))
        actions = (
            Button(Say("question.more.hand_over"), buttons.HandOver(**which).encode(), form=True),
            Button(Say("question.more.release"), buttons.Release(**which).encode()),
            closing,
            coach_cards.back(question, typed),
        )
        # About the question as well: what is typed here is not wiped when that changes.
        return Reply(
            "question.more",
            tuple(blocks),
            actions,
            replaces=True,
            personal=True,
            subject=question.subject,
        )

    async def hand_over(self, turn: Turn, pressed: buttons.HandOver) -> Reply:
        """Give a question to a colleague, who gets it with the note."""
        note = self.helping.clean(pressed.note)
        if len(note) > LONGEST_NOTE:
            return refused(Refused(Refusal.TOO_LONG))
        return await self._given(turn, pressed.question, Act.HAND_OVER, pressed.coach, note)

    async def assign(self, turn: Turn, pressed: buttons.Assign) -> Reply:
        """Give a question to a coach, as a coordinator may."""
        return await self._given(turn, pressed.question, Act.ASSIGN, pressed.coach, "")

    async def _given(
        self, turn: Turn, which: QuestionId, act: Act, coach: PersonId, note: str
    ) -> Reply:
        if why := await self.helping.barred(turn, which, act):
            return why
        coaches = {one.person.id: one for one in await turn.work.people.coaches()}
        question = await turn.work.questions.get(which)
        if coach not in coaches or (question and question.asker == coach):
            return refused(Refused(Refusal.NO_SUCH_COACH, question))
        if question and question.holder == coach and question.held:
            return refused(Refused(Refusal.SAME, question), await self.helping.case(turn, question))
        case = await self.helping.act(turn, which, act, text=note, other=coach)
        if isinstance(case, Reply):
            return case
        if act is Act.HAND_OVER:
            # Who passed it on is not asked again when it is given back.
            await routing.not_again(turn.work, case.question, turn.me, turn.now)
        await self._tell_new_holder(turn, case, coaches[coach])
        said = Say("question.told.now_with", self.helping.named(case), "title")
        code = Say("question.told.about", {"code": case.question.code}, "subtle")
        await self.helping.tell_asker(turn, case, (said, *asker_cards.whereabouts(case), code))
        if act is Act.HAND_OVER:
            return replace(self.helping.work(turn, case), replaces=True)
        before = coaches.get(case.before) if case.before else None
        if before and before.person.id != coach:
            await self._tell_taken_away(turn, case, before.person)
        return replace(self.helping.overseen(turn, case), replaces=True)

    async def _tell_new_holder(self, turn: Turn, case: Case, coach: Coach) -> None:
        desk, person = self.helping.desk, coach.person
        card = coach_cards.work(desk.articles.beside(case, person), person.id)
        sees = await desk.works_at(turn.work, person.id, turn.now)
        key = f"given|{case.question.id}|{case.question.version}"
        await tell(turn.work, key, person, card, sees, now=turn.now)

    async def _tell_taken_away(self, turn: Turn, case: Case, before: Person) -> None:
        question = case.question
        data = {**self.helping.named(case), "code": question.code}
        said = (Say("question.told.taken_away", data),)
        lost = Reply("question.told", said, personal=True, subject=question.subject)
        key = f"lost|{question.id}|{question.version}"
        await tell(turn.work, key, before, lost, turn.now, now=turn.now)

    async def release(self, turn: Turn, pressed: buttons.Release) -> Reply:
        """Give a question back: whoever is nearest now gets it."""
        case = await self.released(turn, pressed.question)
        if isinstance(case, Reply):
            return case
        said = Say("question.work.released", {"code": case.question.code})
        return Reply("question.told", (said,), replaces=True, personal=True)

    async def released(self, turn: Turn, which: QuestionId) -> Case | Reply:
        """Give a question back and offer it anew, but not to who gave it back."""
        case = await self.helping.act(turn, which, Act.RELEASE)
        if isinstance(case, Reply):
            return case
        await routing.not_again(turn.work, case.question, turn.me, turn.now)
        card = turn.incoming.card
        question = await self.helping.desk.offer(turn.work, case.question, turn.now, card)
        case = await load_case(turn.work, question, turn.now)
        data = {"name": turn.person.name, "code": question.code}
        await self.helping.tell_asker(turn, case, (Say("question.told.released", data),))
        return case
