"""What time does to a question that is due: more are asked, somebody is reminded, or it closes."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import buttons
from bot.core.reply import Button, Reply, Say
from bot.dialogs import coordinator_cards
from bot.dialogs.case import Case, load_case
from bot.dialogs.desk import Desk, coordinators
from bot.dialogs.notices import tell
from bot.dialogs.ports import TurnWork
from bot.people.model import Person
from bot.routing import service as routing
from bot.routing.model import Act, Actor, Done, Question, State


@dataclass(frozen=True)
class Overdue:
    """Deals with a question of which nothing is heard."""

    desk: Desk

    async def time_passes(self, work: TurnWork, question: Question, now: datetime) -> None:
        """Do what time does to a question that is due: widen its ring, remind, or close it."""
        if question.unclaimed:
            await self.desk.offer(work, question, now)
        elif question.state is State.CLAIMED:
            await self._remind(work, question, now)
        else:
            await self._expire(work, question, now)

    async def _remind(self, work: TurnWork, question: Question, now: datetime) -> None:
        seen = await self.desk.works_at(work, question.holder, now) if question.holder else now
        whom = await routing.remind(work, question, now, self.desk.reminds, seen)
        case = await load_case(work, question, now)
        if question.draft.urgent:
            await self.desk.follow(work, case)
        if whom is None:
            return
        if whom is Actor.ASKER:
            await self._nudge(work, case, case.asker, "wait_for_you", self.desk.open_from(now))
        elif whom is Actor.HOLDER and case.holder:
            await self._nudge(work, case, case.holder.person, "remind", seen)
        else:
            await self._tell_late(work, case)

    async def _nudge(
        self, work: TurnWork, case: Case, person: Person, key: str, at: datetime
    ) -> None:
        question = case.question
        said = Say(f"question.told.{key}", _named(case))
        which = buttons.ShowQuestion(question=question.id).encode()
        show = Button(Say("question.open_it"), which)
        reply = Reply("question.told", (said,), (show,), personal=True, subject=question.subject)
        once = f"{key}|{question.id}|{question.version}"
        await tell(work, once, person, reply, at, now=case.now)

    async def _tell_late(self, work: TurnWork, case: Case) -> None:
        """Tell the coordinators of a question that somebody has and nobody answers."""
        said, question = Say("question.told.late", _named(case)), case.question
        card = coordinator_cards.coordinators(case, self.desk.zone)
        reply = replace(card, blocks=(said, *card.blocks))
        for one in await coordinators(work):
            key = f"late|{question.id}|{question.version}|{one.id}"
            await tell(work, key, one, reply, self.desk.open_from(case.now), now=case.now)

    async def _expire(self, work: TurnWork, question: Question, now: datetime) -> None:
        outcome = await routing.act(work, question.id, Act.EXPIRE, None, now)
        if not isinstance(outcome, Done):
            return
        case = await load_case(work, outcome.question, now)
        await self.desk.follow(work, case)
        name = case.name(question.holder)
        said = Say("question.expired", {"code": question.code, "name": name})
        key = f"expired|{question.id}|{question.version}"
        again = buttons.Reopen(question=question.id).encode()
        reopen = Button(Say("question.mine.reopen"), again)
        reply = Reply("question.told", (said,), (reopen,), personal=True, subject=question.subject)
        await tell(work, key, case.asker, reply, now, now=now)


def _named(case: Case) -> dict[str, str]:
    return {"name": case.name(case.question.holder), "code": case.question.code}
