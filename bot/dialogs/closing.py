"""A question that a coach or a coordinator closes: how it ended, and what its asker reads of it."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.reply import Button, Reply, Say
from bot.dialogs import asker_cards, coach_cards
from bot.dialogs.case import Case
from bot.dialogs.compose import Compose
from bot.dialogs.helping import Helping
from bot.dialogs.question import refused
from bot.dialogs.turn import Turn
from bot.knowledge.match import Asker
from bot.routing.model import Act, Ending, Refusal, Refused
from bot.routing.rules import LONGEST, REOPEN


@dataclass(frozen=True)
class Closing:
    """The conversation about how a question ended."""

    helping: Helping
    compose: Compose

    async def close(self, turn: Turn, pressed: buttons.CloseQuestion) -> Reply:
        """Close a question, as its coach or a coordinator; how it ended is asked first."""
        chosen = next((one for one in Ending if one == pressed.ending), None)
        if chosen is None:
            return await self._how_it_ended(turn, pressed)
        case = await self.helping.act(turn, pressed.question, Act.CLOSE, chosen=chosen)
        if isinstance(case, Reply):
            return case
        await self._tell_asker(turn, case, chosen)
        if case.question.holder == turn.me:
            return replace(self.helping.work(turn, case), replaces=True)
        return replace(self.helping.overseen(turn, case), replaces=True)

    async def _tell_asker(self, turn: Turn, case: Case, chosen: Ending) -> None:
        question = case.question
        data = {"name": turn.person.name, "code": question.code}
        said = [Say(f"question.told.ended.{chosen}", data)]
        if chosen is Ending.ELSEWHERE:
            said += self.compose.desk_of(Asker(case.works.sectors, case.works.location))
        said.append(Say("question.mine.reopen_within", {"days": REOPEN.days}, "subtle"))
        reopen = buttons.Reopen(question=question.id).encode()
        pressed = [Button(Say("question.mine.reopen"), reopen)]
        if chosen is Ending.SOLVED and question.holder == turn.me:
            # Help in person is answered nowhere: how near it felt is asked here, or never.
            said.append(Say("question.felt.label", style="title"))
            pressed = [*asker_cards.felt(question), *pressed]
        await self.helping.tell_asker(turn, case, tuple(said), tuple(pressed))

    async def _how_it_ended(self, turn: Turn, pressed: buttons.CloseQuestion) -> Reply:
        question = await turn.work.questions.get(pressed.question)
        why = await self.helping.barred(turn, pressed.question, Act.CLOSE)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        typed = self.helping.clean(pressed.text)[:LONGEST]
        return replace(coach_cards.how_it_ended(question, typed), replaces=True)
