"""The coach's side of a question: pick it up, answer, ask back, hand over, give back, close."""

import re
from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.ids import EntryId, PersonId, QuestionId
from bot.core.redaction import redact
from bot.core.reply import Block, Button, Field, Reply, Say, Words
from bot.dialogs import question_cards as cards
from bot.dialogs.case import Case, load_case, load_holder
from bot.dialogs.compose import Compose
from bot.dialogs.desk import Desk
from bot.dialogs.question import presser, refused
from bot.dialogs.turn import Turn
from bot.knowledge.match import Asker
from bot.people.model import Role
from bot.routing import service as routing
from bot.routing.model import Act, Done, Ending, Outcome, Question, Refusal, Refused
from bot.routing.rules import LONGEST, LONGEST_NOTE, REOPEN, refusal


@dataclass(frozen=True)
class Claiming:
    """The conversations of who helps."""

    compose: Compose
    desk: Desk
    student_number: re.Pattern[str]

    async def claim(self, turn: Turn, pressed: buttons.Claim) -> tuple[Reply, ...]:
        """Pick a question up; who was later hears who was first."""
        college = self.desk.nearby.college
        outcome = await routing.claim(turn.work, pressed.question, presser(turn), college, turn.now)
        case = await self._followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return (await self._refused(turn, outcome, case),)
        said = Say("question.told.claimed", self._name(case), "title")
        code = Say("question.told.about", {"code": case.question.code}, "subtle")
        await self._tell_asker(turn, case, (said, *cards.whereabouts(case), code))
        mine = self._work(turn, case)
        if turn.incoming.personal:
            return (replace(mine, replaces=True),)
        # The card to work with comes in the coach's own chat, where it can be changed later.
        key = f"claimed|{case.question.id}|{case.question.version}"
        await self.desk.tell(turn.work, key, turn.person, mine, turn.now, now=turn.now)
        return (replace(cards.channel(case), replaces=True),)

    async def answer(self, turn: Turn, pressed: buttons.AnswerQuestion) -> Reply:
        """Bring an answer to the asker, in the coach's name."""
        return await self._answered(turn, pressed.question, redacted(self, pressed.text))

    async def answer_with(self, turn: Turn, pressed: buttons.AnswerWith) -> Reply:
        """Answer with an entry of the FAQ."""
        found = await self._article(turn, pressed.question, pressed.entry)
        return found if isinstance(found, Reply) else await self._answered(turn, *found[1:])

    async def read_article(self, turn: Turn, pressed: buttons.ReadArticle) -> Reply:
        """Show an entry of the FAQ as the asker would read it, before it is sent."""
        found = await self._article(turn, pressed.question, pressed.entry)
        if isinstance(found, Reply):
            return found
        typed = redacted(self, pressed.text)[:LONGEST]
        case, _, text = found
        return replace(cards.article(case, pressed.entry, text, typed), replaces=True)

    async def write_on(self, turn: Turn, pressed: buttons.WriteOn) -> Reply:
        """Go on with an answer, with what was typed of it."""
        question = await turn.work.questions.get(pressed.question)
        why = await self._barred(turn, pressed.question, Act.ANSWER)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        return await self._form(turn, question, redacted(self, pressed.text))

    async def _article(
        self, turn: Turn, which: QuestionId, entry: EntryId
    ) -> tuple[Case, QuestionId, str] | Reply:
        question = await turn.work.questions.get(which)
        why = await self._barred(turn, which, Act.ANSWER)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        case = await self._case(turn, question)
        text = await self.desk.articles.text(turn.work, case, entry)
        if text is None:
            return Reply("error", (Say("error.entry_gone"),), personal=True)
        return case, which, text

    async def _answered(self, turn: Turn, which: QuestionId, text: str) -> Reply:
        if why := await self._wrong(turn, which, Act.ANSWER, text):
            return why
        outcome = await routing.act(
            turn.work, which, Act.ANSWER, presser(turn), turn.now, text=text
        )
        if isinstance(outcome, Done):
            waiting = await routing.wait_for_word(turn.work, outcome, turn.now, self.desk.quiet)
            outcome = Done(waiting, outcome.before)
        case = await self._followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return await self._refused(turn, outcome, case)
        question = case.question
        key = f"answer|{question.id}|{question.version}"
        now = turn.now
        await self.desk.tell(turn.work, key, case.asker, cards.answered(case), now, now=now)
        return replace(self._work(turn, case), replaces=True)

    async def ask_back(self, turn: Turn, pressed: buttons.AskBack) -> Reply:
        """Ask the asker something; what they say comes back to the coach."""
        text = redacted(self, pressed.text)
        if why := await self._wrong(turn, pressed.question, Act.ASK_BACK, text):
            return why
        case = await self._acted(turn, pressed.question, Act.ASK_BACK, text=text)
        if isinstance(case, Reply):
            return case
        add = buttons.AddLine(question=case.question.id).encode()
        blocks: tuple[Block, ...] = (
            Say("question.told.asked_back", self._name(case), "title"),
            Words(case.question.draft.text, "subtle"),
            Words(text),
            Field(Say("question.add"), "text", lines=True, needed=True, most=LONGEST),
        )
        send = (Button(Say("question.send"), add, form=True),)
        await self._tell_asker(turn, case, blocks, send)
        return replace(self._work(turn, case), replaces=True)

    async def more(self, turn: Turn, pressed: buttons.MoreOn) -> Reply:
        """Show what else can be done with a question that one holds."""
        question = await turn.work.questions.get(pressed.question)
        why = await self._barred(turn, pressed.question, Act.RELEASE)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        case, which = await self._case(turn, question), {"question": question.id}
        blocks: list[Block] = [
            Say("question.more.title", {"code": question.code}, "title"),
            cards.colleagues(case, Say("question.more.colleague"), but=turn.me),
            Field(Say("question.more.note"), "note", most=LONGEST_NOTE),
        ]
        actions = (
            Button(Say("question.more.hand_over"), buttons.HandOver(**which).encode(), form=True),
            Button(Say("question.more.release"), buttons.Release(**which).encode()),
            Button(Say("question.work.close"), buttons.CloseQuestion(**which).encode()),
            Button(Say("question.back"), buttons.ShowQuestion(**which).encode()),
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
        note = redacted(self, pressed.note)
        if len(note) > LONGEST_NOTE:
            return refused(Refused(Refusal.TOO_LONG))
        return await self._given(turn, pressed.question, Act.HAND_OVER, pressed.coach, note)

    async def assign(self, turn: Turn, pressed: buttons.Assign) -> Reply:
        """Give a question to a coach, as a coordinator may."""
        return await self._given(turn, pressed.question, Act.ASSIGN, pressed.coach, "")

    async def _given(
        self, turn: Turn, which: QuestionId, act: Act, coach: PersonId, note: str
    ) -> Reply:
        if why := await self._barred(turn, which, act):
            return why
        coaches = {one.person.id: one for one in await turn.work.people.coaches()}
        question = await turn.work.questions.get(which)
        if coach not in coaches or (question and question.asker == coach):
            return refused(Refused(Refusal.NO_SUCH_COACH, question))
        if question and question.holder == coach and question.held:
            return refused(Refused(Refusal.SAME, question), await self._case(turn, question))
        case = await self._acted(turn, which, act, text=note, other=coach)
        if isinstance(case, Reply):
            return case
        if act is Act.HAND_OVER:
            # Who passed it on is not asked again when it is given back.
            await routing.not_again(turn.work, case.question, turn.me, turn.now)
        before = case.before
        key = f"given|{case.question.id}|{case.question.version}"
        now = turn.now
        given = cards.work(self.desk.articles.beside(case, coaches[coach].person), coach)
        sees = await self.desk.works_at(turn.work, coach, now)
        await self.desk.tell(turn.work, key, coaches[coach].person, given, sees, now=now)
        said = Say("question.told.now_with", self._name(case), "title")
        code = Say("question.told.about", {"code": case.question.code}, "subtle")
        await self._tell_asker(turn, case, (said, *cards.whereabouts(case), code))
        if act is Act.ASSIGN and before and before in coaches and before != coach:
            data = {**self._name(case), "code": case.question.code}
            taken = (Say("question.told.taken_away", data),)
            about = case.question.subject
            lost = Reply("question.told", taken, personal=True, subject=about)
            key = f"lost|{case.question.id}|{case.question.version}"
            await self.desk.tell(turn.work, key, coaches[before].person, lost, now, now=now)
        if act is Act.ASSIGN:
            return replace(self._overseen(turn, case), replaces=True)
        return replace(self._work(turn, case), replaces=True)

    async def release(self, turn: Turn, pressed: buttons.Release) -> Reply:
        """Give a question back: whoever is nearest now gets it."""
        case = await self.released(turn, pressed.question)
        if isinstance(case, Reply):
            return case
        said = Say("question.work.released", {"code": case.question.code})
        return Reply("question.told", (said,), replaces=True, personal=True)

    async def released(self, turn: Turn, which: QuestionId) -> Case | Reply:
        """Give a question back and offer it anew, but not to who gave it back."""
        case = await self._acted(turn, which, Act.RELEASE)
        if isinstance(case, Reply):
            return case
        await routing.not_again(turn.work, case.question, turn.me, turn.now)
        card = turn.incoming.card
        question = await self.desk.offer(turn.work, case.question, turn.now, card)
        case = await load_case(turn.work, question, turn.now)
        data = {"name": turn.person.name, "code": question.code}
        await self._tell_asker(turn, case, (Say("question.told.released", data),))
        return case

    async def close(self, turn: Turn, pressed: buttons.CloseQuestion) -> Reply:
        """Close a question, as its coach or a coordinator; how it ended is asked first."""
        chosen = next((one for one in Ending if one == pressed.ending), None)
        if chosen is None:
            return await self._how_it_ended(turn, pressed.question)
        case = await self._acted(turn, pressed.question, Act.CLOSE, chosen=chosen)
        if isinstance(case, Reply):
            return case
        question = case.question
        reopen = buttons.Reopen(question=question.id).encode()
        data = {"name": turn.person.name, "code": question.code}
        said = [Say(f"question.told.ended.{chosen}", data)]
        if chosen is Ending.ELSEWHERE:
            said += self.compose.desk_of(Asker(case.works.sectors, case.works.location))
        said.append(Say("question.mine.reopen_within", {"days": REOPEN.days}, "subtle"))
        again = Button(Say("question.mine.reopen"), reopen)
        helped = chosen is Ending.SOLVED and question.holder == turn.me
        near = cards.felt(question) if helped else ()
        if near:
            # Help in person is answered nowhere: how near it felt is asked here, or never.
            said.append(Say("question.felt.label", style="title"))
        await self._tell_asker(turn, case, tuple(said), (*near, again))
        if question.holder == turn.me:
            return replace(self._work(turn, case), replaces=True)
        return replace(self._overseen(turn, case), replaces=True)

    async def _how_it_ended(self, turn: Turn, which: QuestionId) -> Reply:
        question = await turn.work.questions.get(which)
        why = await self._barred(turn, which, Act.CLOSE)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        return replace(cards.how_it_ended(question), replaces=True)

    async def show(self, turn: Turn, question: Question) -> Reply:
        """Show a coach or a coordinator a question as it is now."""
        case = await load_case(turn.work, question, turn.now)
        who = presser(turn)
        if question.holder != turn.me and who.coordinator:
            return replace(self._overseen(turn, case), replaces=True)
        if who.coach:
            return replace(self._work(turn, case), replaces=True)
        return refused(Refused(Refusal.NO_COACH, question))

    async def _acted(  # noqa: PLR0913 (the plain values of one event)
        self,
        turn: Turn,
        which: QuestionId,
        act: Act,
        *,
        text: str = "",
        other: PersonId | None = None,
        chosen: Ending | None = None,
    ) -> Case | Reply:
        who, now = presser(turn), turn.now
        outcome = await routing.act(
            turn.work, which, act, who, now, text=text, other=other, chosen=chosen
        )
        case = await self._followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return await self._refused(turn, outcome, case)
        return case

    async def _followed(self, turn: Turn, outcome: Outcome) -> Case | None:
        """Return the question with its people; what was done shows on every card of it."""
        if outcome.question is None:
            return None
        if isinstance(outcome, Refused):
            return await load_holder(turn.work, outcome.question, turn.now)
        case = await load_case(turn.work, outcome.question, turn.now)
        await self.desk.follow(turn.work, case, turn.incoming.card)
        return replace(case, before=outcome.before.holder)

    async def _refused(self, turn: Turn, outcome: Outcome, case: Case | None) -> Reply:
        """Say why not; a coach's card shows at the same time how the question is now."""
        why = outcome if isinstance(outcome, Refused) else Refused(Refusal.GONE)
        reply = refused(why, case)
        if case is None or not presser(turn).coach or not turn.incoming.personal:
            return reply
        card = self._work(turn, case)
        if case.question.unclaimed or case.question.holder == turn.me:
            return reply
        return replace(card, blocks=(*reply.blocks, *card.blocks), replaces=True)

    async def _barred(self, turn: Turn, which: QuestionId, act: Act) -> Reply | None:
        """Return why somebody may not do something, before what they filled in is looked at."""
        question = await turn.work.questions.get(which)
        if question is None:
            return refused(Refused(Refusal.GONE))
        why = refusal(act, question, presser(turn), turn.now)
        if why is None:
            return None
        return await self._refused(turn, Refused(why, question), await self._case(turn, question))

    async def _case(self, turn: Turn, question: Question) -> Case:
        return await load_case(turn.work, question, turn.now)

    async def _wrong(self, turn: Turn, which: QuestionId, act: Act, text: str) -> Reply | None:
        """Return what is wrong with a text, above the form with what was typed."""
        question = await turn.work.questions.get(which)
        barred = await self._barred(turn, which, act)
        if barred or question is None:
            return barred
        if not text.strip():
            return await self._typed(turn, question, Refusal.EMPTY, text)
        if len(text) > LONGEST:
            return await self._typed(turn, question, Refusal.TOO_LONG, text)
        case = await self._case(turn, question)
        return None if case.asker.active else refused(Refused(Refusal.LEFT, question), case)

    async def _typed(self, turn: Turn, question: Question, why: Refusal, text: str) -> Reply:
        form = await self._form(turn, question, text)
        return replace(form, blocks=(Say(f"refused.{why}"), *form.blocks))

    async def _form(self, turn: Turn, question: Question, text: str) -> Reply:
        """Return the card to answer on, with what was typed."""
        card = self._work(turn, await self._case(turn, question))
        blocks = tuple(
            replace(one, value=text[:LONGEST]) if isinstance(one, Field) else one
            for one in card.blocks
        )
        return replace(card, blocks=blocks, replaces=True)

    def _work(self, turn: Turn, case: Case) -> Reply:
        return cards.work(self.desk.articles.beside(case, turn.person), turn.me)

    def _overseen(self, turn: Turn, case: Case) -> Reply:
        """Return a coordinator's card, as it may stand where the press was."""
        view = cards.coordinators if turn.incoming.personal else cards.coordinators_channel
        return view(case, self.desk.zone)

    def _name(self, case: Case) -> dict[str, str]:
        return {"name": case.name(case.question.holder)}

    async def _tell_asker(
        self,
        turn: Turn,
        case: Case,
        blocks: tuple[Block, ...],
        pressed: tuple[Button, ...] = (),
    ) -> None:
        if not case.asker.active:
            return
        key = f"asker|{case.question.id}|{case.question.version}"
        about = case.question.subject
        reply = Reply("question.told", blocks, pressed, personal=True, subject=about)
        now = turn.now
        await self.desk.tell(turn.work, key, case.asker, reply, now, now=now)


def redacted(claiming: Claiming, text: str) -> str:
    """Return a text without numbers that must not be stored."""
    return redact(text, claiming.student_number).text


def is_coach(turn: Turn) -> bool:
    """Tell whether who speaks is a coach today."""
    return turn.person.active and Role.COACH in turn.person.roles
