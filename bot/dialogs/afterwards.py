"""A question that was answered: whether that solved it, how near the help felt, open it again."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.reply import Block, Button, Field, Reply, Say
from bot.dialogs import asker_cards
from bot.dialogs.case import Case, chat_with, load_case
from bot.dialogs.question import Asking, Happened, presser, refused
from bot.dialogs.turn import Turn
from bot.routing import service as routing
from bot.routing.model import Act, Ending, Question, Refused
from bot.routing.rules import LONGEST


@dataclass(frozen=True)
class Afterwards:
    """The conversations about an answer."""

    asking: Asking

    async def solved(self, turn: Turn, pressed: buttons.Solved) -> Reply:
        """Close a question that is solved; one that is not goes back to its coach."""
        if pressed.solved:
            done = await self.asking.act(turn, pressed.question, Act.SOLVED)
            if isinstance(done, Reply):
                return done
            await self.asking.tell_holder(turn, done, Say("question.told.solved", done.data))
            return replace(asker_cards.answered(done.case), replaces=True)
        done = await self.asking.act(turn, pressed.question, Act.NOT_SOLVED)
        if isinstance(done, Reply):
            return done
        if await self.asking.lost(turn, done.question):
            return Reply("question.more", (Say("question.looking"),), replaces=True, personal=True)
        await self.asking.tell_holder(turn, done, Say("question.told.not_solved", done.data))
        return replace(self._say_more(done.case), replaces=True)

    def _say_more(self, case: Case) -> Reply:
        question = case.question
        data = {"name": case.name(question.holder)}
        blocks: tuple[Block, ...] = (
            Say("question.answered.goes_on", data),
            Field(Say("question.add"), "text", lines=True, most=LONGEST),
        )
        add = buttons.AddLine(question=question.id).encode()
        pressed = (Button(Say("question.send"), add, form=True),)
        links = chat_with(case.holder.person, question.draft.text) if case.holder else ()
        return Reply("question.more", blocks, pressed, personal=True, links=links)

    async def felt(self, turn: Turn, pressed: buttons.Felt) -> Reply:
        """Keep how near the help felt, beside how near it was worked out to be."""
        outcome = await routing.rate(
            turn.work, pressed.question, presser(turn), pressed.felt, turn.now
        )
        if isinstance(outcome, Refused):
            return refused(outcome)
        case = await load_case(turn.work, outcome.question, turn.now)
        if outcome.question.ending is Ending.BY_ASKER:
            return replace(asker_cards.answered(case), replaces=True)
        return await self.asking.status(turn, outcome.question, replaces=True)

    async def reopen(self, turn: Turn, pressed: buttons.Reopen) -> Reply:
        """Open a question again: for the same coach, or for who is near now."""
        question = await turn.work.questions.get(pressed.question)
        back = bool(question and await self._can_take_back(turn, question))
        outcome = await routing.reopen(
            turn.work, pressed.question, presser(turn), turn.now, back=back
        )
        if isinstance(outcome, Refused):
            return refused(outcome)
        opened = outcome.question
        if opened.unclaimed:
            opened = await self.asking.desk.offer(turn.work, opened, turn.now)
        case = await load_case(turn.work, opened, turn.now)
        await self.asking.desk.follow(turn.work, case, turn.incoming.card)
        done = Happened(opened, case)
        await self.asking.tell_holder(turn, done, Say("question.told.reopened", done.data))
        return await self.asking.status(turn, opened, replaces=True)

    async def _can_take_back(self, turn: Turn, question: Question) -> bool:
        away = {one.person for one in await turn.work.questions.away(turn.now) if not one.for_today}
        coaches = {coach.person.id for coach in await turn.work.people.coaches()}
        return question.holder in coaches and question.holder not in away
