"""The coach's side of a question: pick it up, and see how it is."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.reply import Reply, Say
from bot.dialogs import asker_cards, coach_cards
from bot.dialogs.case import load_case
from bot.dialogs.helping import Helping
from bot.dialogs.notices import tell
from bot.dialogs.question import presser, refused
from bot.dialogs.turn import Turn
from bot.routing import service as routing
from bot.routing.model import Question, Refusal, Refused


@dataclass(frozen=True)
class Claiming:
    """The conversations of who may help."""

    helping: Helping

    async def claim(self, turn: Turn, pressed: buttons.Claim) -> tuple[Reply, ...]:
        """Pick a question up; who was later hears who was first."""
        college = self.helping.desk.nearby.college
        outcome = await routing.claim(turn.work, pressed.question, presser(turn), college, turn.now)
        case = await self.helping.followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return (await self.helping.refused(turn, outcome, case),)
        said = Say("question.told.claimed", self.helping.named(case), "title")
        code = Say("question.told.about", {"code": case.question.code}, "subtle")
        await self.helping.tell_asker(turn, case, (said, *asker_cards.whereabouts(case), code))
        mine = self.helping.work(turn, case)
        if turn.incoming.personal:
            return (replace(mine, replaces=True),)
        # The card to work with comes in the coach's own chat, where it can be changed later.
        key = f"claimed|{case.question.id}|{case.question.version}"
        await tell(turn.work, key, turn.person, mine, turn.now, now=turn.now)
        return (replace(coach_cards.channel(case), replaces=True),)

    async def show(self, turn: Turn, question: Question) -> Reply:
        """Show a coach or a coordinator a question as it is now."""
        case = await load_case(turn.work, question, turn.now)
        who = presser(turn)
        if question.holder != turn.me and who.coordinator:
            return replace(self.helping.overseen(turn, case), replaces=True)
        if who.coach:
            return replace(self.helping.work(turn, case), replaces=True)
        return refused(Refused(Refusal.NO_COACH, question))
