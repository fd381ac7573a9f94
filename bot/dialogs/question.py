"""The asker's side of a question: send it, follow it, say more, take it back, rate the help."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import AskedId, QuestionId
from bot.core.redaction import redact
from bot.core.reply import Block, Button, Field, Reply, Say, Words
from bot.core.turn import Pending
from bot.core.when import when
from bot.dialogs import again
from bot.dialogs import question_cards as cards
from bot.dialogs.case import Case, chat_with, load_case
from bot.dialogs.compose import Compose, role_of
from bot.dialogs.desk import Desk
from bot.dialogs.turn import Turn
from bot.knowledge.model import Level
from bot.people.model import Role
from bot.routing import service as routing
from bot.routing.model import (
    Act,
    Draft,
    Presser,
    Question,
    Refusal,
    Refused,
    Source,
    State,
)
from bot.routing.rules import LONGEST, LONGEST_NOTE, is_urgent

MOST = 10
"""Questions in a list: what still fits on a phone."""
FILES_FOR = timedelta(minutes=10)
"""How long after a question a file is taken to belong to it."""
_UNSURE = ("no_answer", "choices", "not_ours", "small_talk")
"""Replies to what may as well have been meant for a coach."""
FILE = "file"
"""The kind of what is remembered of a file: only that it came."""
WEEK = timedelta(weeks=1)
AnyDraft = TypeVar("AnyDraft", buttons.SendQuestion, buttons.AdjustQuestion)


def presser(turn: Turn) -> Presser:
    """Return who presses, with the roles of today."""
    roles, active = turn.person.roles, turn.person.active
    return Presser(turn.me, active and Role.COACH in roles, active and Role.COORDINATOR in roles)


def _wrong(text: str, note: str) -> Refusal | None:
    if not text.strip():
        return Refusal.EMPTY
    too_long = len(text) > LONGEST or len(note) > LONGEST_NOTE
    return Refusal.TOO_LONG if too_long else None


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
class Asking:
    """The conversations of who asks."""

    compose: Compose
    desk: Desk
    student_number: re.Pattern[str]
    urgent_a_week: int

    async def ask_coach(self, turn: Turn, pressed: buttons.AskCoach) -> Reply:
        """Show the card from which a question is sent; the one that was sent, if it was."""
        sent = await self._sent(turn, pressed.asked) if pressed.asked else []
        if sent and sent[0].state is not State.WITHDRAWN:
            return await self._status(turn, sent[0])
        source = await self._source(turn, pressed.asked)
        return await self.compose.card(turn, pressed.asked, source, len(sent))

    async def send(self, turn: Turn, pressed: buttons.SendQuestion) -> tuple[Reply, ...]:
        """Send a question to who is nearest; pressed twice it is one question."""
        known = await turn.work.knowledge.asked(pressed.asked) if pressed.asked else None
        if known and known.person != turn.me:
            return (Reply("error", (Say("error.not_yours"),)),)
        secrets = redact(f"{pressed.text}\n{pressed.note}", self.student_number).found
        pressed = self._storable(pressed)
        first = await self._first(turn, pressed)
        text = pressed.text or (known.text if known else "") or (first.draft.text if first else "")
        if why := _wrong(text, pressed.note):
            return (self._again(pressed, text, why),)
        draft = await self._draft(turn, pressed, text)
        if known_already := await self._known_already(turn, pressed, draft, first):
            return (known_already,)
        if first and first.unclaimed:
            await self._done(turn, first.id, Act.WITHDRAW)
        question, new = await routing.send(turn.work, draft, turn.now)
        if question.asker != turn.me:
            return (Reply("error", (Say("error.not_yours"),)),)
        told: list[Block] = [Say(f"note.{secret}", style="subtle") for secret in sorted(secrets)]
        if pressed.urgent:
            # Before it is offered, so that these are who will be asked.
            told += await self._phones(turn, question.draft)
        if new:
            question = await self.desk.offer(turn.work, question, turn.now)
        status = await self._status(turn, question, replaces=True)
        status = replace(status, blocks=(*told, *status.blocks))
        file = await turn.work.pending.take(turn.me, turn.incoming.sender.channel, FILE)
        where = await self.files(turn) if file and file.expires > turn.now else None
        if where is None:
            return (status,)
        return (replace(status, blocks=(*status.blocks, *where.blocks), links=where.links),)

    async def _known_already(
        self, turn: Turn, pressed: buttons.SendQuestion, draft: Draft, first: Question | None
    ) -> Reply | None:
        """Return the question in the same words that is open; None when this is another one.

        It is another as well when it takes the place of the `first`, and there is a reason for it.
        """
        if first is None or not (first.unclaimed or first.held):
            first = None
        same = first or await again.still_open(turn, draft.text, draft.key)
        if same is None:
            return None
        case = await load_case(turn.work, same, turn.now)
        anew = again.is_another(case, draft)
        if first and anew:
            return None
        told = await self._phones(turn, draft) if pressed.urgent else []
        card = again.already_sent(case, self.desk.zone, pressed, anew=anew)
        return replace(card, blocks=(*told, *card.blocks), replaces=True)

    async def _first(self, turn: Turn, pressed: buttons.SendQuestion) -> Question | None:
        found = await turn.work.questions.get(pressed.instead) if pressed.instead else None
        return found if found and found.asker == turn.me else None

    async def adjust(self, turn: Turn, pressed: buttons.AdjustQuestion) -> Reply:
        """Show all that can be changed before a question is sent."""
        return await self.compose.adjust(turn, self._storable(pressed))

    async def _draft(self, turn: Turn, pressed: buttons.SendQuestion, text: str) -> Draft:
        guess = self.compose.guess(await turn.asker(), text)
        level = pressed.level if pressed.level in set(Level) else guess.level
        coaches = {coach.person.id for coach in await turn.work.people.coaches()} - {turn.me}
        since = turn.now - WEEK
        often = await turn.work.questions.urgent_since(turn.me, since) if pressed.urgent else 0
        return Draft(
            key=f"{turn.me}|{pressed.draft}",
            asker=turn.me,
            text=text,
            source=Source(pressed.source) if pressed.source in set(Source) else Source.DIRECT,
            language=turn.person.language,
            asked=pressed.asked or None,
            note=pressed.note,
            topic=pressed.topic or guess.topic,
            level=level,
            role=role_of(level, guess),
            wanted=pressed.coach if pressed.coach in coaches else None,
            urgent=pressed.urgent and often < self.urgent_a_week,
        )

    async def _phones(self, turn: Turn, draft: Draft) -> list[Block]:
        """Return the numbers of who is there now and of the service desk: for a class that waits.

        Who is in a hurry too often is told that it goes as any other.
        """
        if not draft.urgent:
            return [Say("compose.urgent_too_often", {"count": self.urgent_a_week})]
        near = await self.compose.nearby.to(turn.work, turn.person, turn.now, topic=draft.topic)
        there = [
            Say("compose.call", {"name": coach.person.name, "phone": coach.profile.phone})
            for coach, ranked in near.all
            if ranked.coach.available.until and coach.profile.phone
        ]
        desk = await self.compose.desk(turn)
        nobody = [] if there else [Say("compose.nobody_now")]
        return [*there[: cards.MOST_NAMES], *nobody, *desk]

    def _again(self, pressed: buttons.SendQuestion, text: str, why: Refusal) -> Reply:
        """Show the form again, with what was typed."""
        blocks = (
            Say(f"compose.{why}"),
            Field(
                Say("compose.text"),
                "text",
                text[:LONGEST],
                lines=True,
                needed=True,
                most=LONGEST,
            ),
            Field(Say("compose.note"), "note", pressed.note[:LONGEST_NOTE], most=LONGEST_NOTE),
        )
        # What stands in the fields comes back from them.
        rest = pressed.model_copy(update={"text": "", "note": ""})
        send = Button(Say("compose.send_now"), rest.encode(), form=True)
        return Reply("compose", blocks, (send,), replaces=True, personal=True)

    def drop(self) -> Reply:
        """Leave a question unsent."""
        return Reply("compose.dropped", (Say("compose.dropped"),), replaces=True, personal=True)

    async def edit_form(self, turn: Turn, pressed: buttons.EditForm) -> Reply:
        """Show the text of a question, to change it."""
        question = await turn.work.questions.get(pressed.question)
        if question is None:
            return refused(Refused(Refusal.GONE))
        if question.asker != turn.me:
            return refused(Refused(Refusal.NOT_YOURS, question))
        field = Field(
            Say("compose.text"),
            "text",
            question.draft.text,
            lines=True,
            needed=True,
            most=LONGEST,
        )
        edit = buttons.EditQuestion(question=question.id).encode()
        show = buttons.ShowQuestion(question=question.id).encode()
        pressable = (
            Button(Say("question.mine.save"), edit, form=True),
            Button(Say("question.back"), show),
        )
        return Reply("question.edit", (field,), pressable, replaces=True, personal=True)

    async def edit(self, turn: Turn, pressed: buttons.EditQuestion) -> Reply:
        """Change the text of a question that nobody picked up."""
        clean = redact(pressed.text, self.student_number)
        done = await self._done(turn, pressed.question, Act.EDIT, clean.text, needed=True)
        if isinstance(done, Reply):
            return done
        notes = [Say(f"note.{secret}", style="subtle") for secret in sorted(clean.found)]
        status = await self._status(turn, done.question, replaces=True)
        return replace(status, blocks=(*notes, *status.blocks))

    async def withdraw(self, turn: Turn, pressed: buttons.Withdraw) -> Reply:
        """Take a question back; the coach who picked it up hears of it."""
        done = await self._done(turn, pressed.question, Act.WITHDRAW)
        if isinstance(done, Reply):
            return done
        await self._tell_holder(turn, done, Say("question.told.withdrawn", self._data(done)))
        return await self._status(turn, done.question, replaces=True)

    async def add(self, turn: Turn, pressed: buttons.AddLine) -> Reply:
        """Bring what the asker says to the coach."""
        return await self._added(turn, pressed.question, pressed.text)

    async def add_typed(self, turn: Turn, pressed: buttons.AddTyped) -> Reply:
        """Bring what the asker typed as a message of its own to the coach."""
        known = await turn.work.knowledge.asked(pressed.asked)
        if known is None or known.person != turn.me:
            return Reply("error", (Say("error.not_yours"),))
        return await self._added(turn, pressed.question, known.text)

    async def _added(self, turn: Turn, which: QuestionId, typed: str) -> Reply:
        clean = redact(typed, self.student_number)
        done = await self._done(turn, which, Act.ADD, clean.text, needed=True)
        if isinstance(done, Reply):
            return done
        notes = [Say(f"note.{secret}", style="subtle") for secret in sorted(clean.found)]
        told = (*notes, *await self._passed_on(turn, done, clean.text))
        return Reply("question.added", told, replaces=True, personal=True)

    async def _passed_on(self, turn: Turn, done: "_Done", text: str) -> tuple[Block, ...]:
        """Tell who has the question; one that nobody has any more is offered anew."""
        if await self._lost(turn, done.question):
            return (Say("question.added_anew"), Words(text, "subtle"))
        if done.question.unclaimed:
            return (Say("question.added_open"), Words(text, "subtle"))
        said = Say("question.told.added", self._data(done), "title")
        await self._tell_holder(turn, done, said, Words(text))
        name = done.case.name(done.question.holder)
        return (Say("question.added", {"name": name}), Words(text, "subtle"))

    async def _lost(self, turn: Turn, question: Question) -> bool:
        """Offer a question anew whose holder is no coach any more; False when all is well."""
        holder = question.holder
        if not question.held or (holder and await turn.work.people.coach(holder)):
            return False
        freed = await routing.act(turn.work, question.id, Act.RELEASE, None, turn.now)
        if not isinstance(freed, Refused):
            await self.desk.offer(turn.work, freed.question, turn.now, turn.incoming.card)
        return True

    async def solved(self, turn: Turn, pressed: buttons.Solved) -> Reply:
        """Close a question that is solved; one that is not goes back to its coach."""
        if pressed.solved:
            done = await self._done(turn, pressed.question, Act.SOLVED)
            if isinstance(done, Reply):
                return done
            await self._tell_holder(turn, done, Say("question.told.solved", self._data(done)))
            return replace(cards.answered(done.case), replaces=True)
        done = await self._done(turn, pressed.question, Act.NOT_SOLVED)
        if isinstance(done, Reply):
            return done
        if await self._lost(turn, done.question):
            return Reply("question.more", (Say("question.looking"),), replaces=True, personal=True)
        await self._tell_holder(turn, done, Say("question.told.not_solved", self._data(done)))
        return replace(self._say_more(done.case), replaces=True)

    async def heard(self, turn: Turn, reply: Reply, asked: AskedId) -> Reply:
        """Ask whether what was typed belongs to a question that a coach has; a person types."""
        if reply.view not in _UNSURE or not turn.incoming.personal:
            return reply
        known = await turn.work.knowledge.asked(asked) if asked else None
        same = await again.still_open(turn, known.text) if known else None
        if same:
            case = await load_case(turn.work, same, turn.now)
            hurry = buttons.SendQuestion(source=Source.REFUSED.value, urgent=True)
            calm = not is_urgent(same, turn.now)
            return again.already_sent(case, self.desk.zone, hurry, anew=calm)
        question = next(
            (one for one in await turn.work.questions.of_asker(turn.me, 3) if one.held), None
        )
        if question is None:
            return reply
        case = await load_case(turn.work, question, turn.now)
        if not asked:
            waits = question.state is State.ANSWERED and reply.view == "small_talk"
            return cards.answered(case) if waits else reply
        said = Say("question.is_this", {"code": question.code}, "title")
        typed = buttons.AddTyped(question=question.id, asked=asked).encode()
        yes = Button(Say("question.is_this_yes", {"name": case.name(question.holder)}), typed)
        return replace(reply, blocks=(said, *reply.blocks), buttons=(yes, *reply.buttons))

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
        return replace(cards.answered(case), replaces=True)

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
            opened = await self.desk.offer(turn.work, opened, turn.now)
        case = await load_case(turn.work, opened, turn.now)
        await self.desk.follow(turn.work, case, turn.incoming.card)
        done = _Done(opened, case)
        await self._tell_holder(turn, done, Say("question.told.reopened", self._data(done)))
        return await self._status(turn, opened, replaces=True)

    async def _can_take_back(self, turn: Turn, question: Question) -> bool:
        away = {one.person for one in await turn.work.questions.away(turn.now) if not one.for_today}
        coaches = {coach.person.id for coach in await turn.work.people.coaches()}
        return question.holder in coaches and question.holder not in away

    async def mine(self, turn: Turn) -> Reply:
        """List someone's own questions, each a line to tap."""
        found = await turn.work.questions.of_asker(turn.me, MOST)
        if not found:
            ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
            return Reply("question.list", (Say("question.none"),), (ask,), personal=True)
        title = Say("question.list.title", style="title")
        return Reply(
            "question.list", (title,), rows(found, turn.now, self.desk.zone), personal=True
        )

    async def show(self, turn: Turn, pressed: buttons.ShowQuestion) -> Reply:
        """Show the asker their question; others see theirs elsewhere."""
        question = await turn.work.questions.get(pressed.question)
        if question is None or question.asker != turn.me:
            return refused(Refused(Refusal.NOT_YOURS, question))
        if question.state is State.ANSWERED:
            return cards.answered(await load_case(turn.work, question, turn.now))
        return await self._status(turn, question, replaces=turn.incoming.button is not None)

    async def came_with_file(self, turn: Turn) -> None:
        """Remember for a while that a file came: a question that is sent soon is about it."""
        channel, until = turn.incoming.sender.channel, turn.now + FILES_FOR
        await turn.work.pending.put(Pending(turn.me, channel, FILE, "", until))

    async def files(self, turn: Turn) -> Reply | None:
        """Say where a file can go that came with a question; None when there was no question."""
        recent = [
            one
            for one in await turn.work.questions.of_asker(turn.me, 1)
            if (one.unclaimed or one.held) and turn.now - one.created <= FILES_FOR
        ]
        if not recent:
            return None
        case = await load_case(turn.work, recent[0], turn.now)
        person = case.question.holder or (case.first.coach if case.first else None)
        coach = case.coaches.get(person) if person else None
        if coach is None:
            return None
        said = Say("question.file", {"name": coach.person.name, "code": case.question.code})
        links = chat_with(coach.person, case.question.draft.text)
        return Reply("question.file", (said,), personal=True, links=links)

    async def _status(self, turn: Turn, question: Question, *, replaces: bool = False) -> Reply:
        case = await load_case(turn.work, question, turn.now)
        return replace(cards.mine(case, self.desk.zone), replaces=replaces)

    async def _sent(self, turn: Turn, asked: AskedId) -> list[Question]:
        """Return what was sent of a question that the bot was asked, the newest first."""
        mine = await turn.work.questions.of_asker(turn.me, MOST)
        return [one for one in mine if one.draft.asked == asked]

    async def _source(self, turn: Turn, asked: AskedId) -> Source:
        known = await turn.work.knowledge.asked(asked) if asked else None
        by_outcome = {"refused": Source.REFUSED, "not_ours": Source.NOT_OURS}
        return by_outcome.get(known.outcome, Source.DIRECT) if known else Source.DIRECT

    async def _done(
        self, turn: Turn, which: QuestionId, act: Act, text: str = "", *, needed: bool = False
    ) -> "_Done | Reply":
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
        return _Done(outcome.question, case)

    def _data(self, done: "_Done") -> dict[str, str]:
        return {"name": done.case.asker.name, "code": done.question.code}

    async def _tell_holder(self, turn: Turn, done: "_Done", *said: Say | Words) -> None:
        holder = done.case.holder
        if holder is None:
            return
        which = {"question": done.question.id}
        show = Button(Say("question.open_it"), buttons.ShowQuestion(**which).encode())
        propose = Button(Say("question.work.propose"), buttons.ProposeEntry(**which).encode())
        ended = {State.CLOSED: (propose,), State.WITHDRAWN: ()}
        pressed = ended.get(done.question.state, (show,))
        reply = Reply("question.told", said, pressed, personal=True)
        key = f"told|{done.question.id}|{done.question.version}"
        now = turn.now
        await self.desk.tell(turn.work, key, holder.person, reply, now, now=now)

    def _storable(self, draft: AnyDraft) -> AnyDraft:
        """Return a draft without numbers that must not be stored, in no card either."""
        clean = {"text": self._clean(draft.text), "note": self._clean(draft.note)}
        return draft.model_copy(update=clean)

    def _clean(self, text: str) -> str:
        return redact(text, self.student_number).text


@dataclass(frozen=True)
class _Done:
    """A question that something happened to, with the people around it."""

    question: Question
    case: Case


def rows(questions: Sequence[Question], now: datetime, zone: ZoneInfo) -> tuple[Button, ...]:
    """Return a line to tap for each question: what it is, how far, and since when."""
    return tuple(
        Button(
            Say(
                f"question.row.{one.state}",
                {"line": cards.line(one), "when": when(one.created, now, zone)},
            ),
            buttons.ShowQuestion(question=one.id).encode(),
            line=True,
        )
        for one in questions
    )
