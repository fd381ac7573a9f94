"""A question on its way out: the card to send it from, the sending, and what is said at once."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from bot.core import buttons
from bot.core.ids import AskedId
from bot.core.reply import Block, Button, Field, Reply, Say
from bot.dialogs import again, card_parts, files
from bot.dialogs.case import load_case
from bot.dialogs.compose import Compose, role_of
from bot.dialogs.forgetting import forget_draft
from bot.dialogs.question import MOST, Asking, refused
from bot.dialogs.turn import Turn
from bot.knowledge.follow_up import WINDOW
from bot.knowledge.model import Level
from bot.routing import service as routing
from bot.routing.model import (
    Act,
    Draft,
    Question,
    Refusal,
    Refused,
    Source,
    State,
    draft_key,
    draft_subject,
)
from bot.routing.rules import LONGEST, LONGEST_NOTE

WEEK = timedelta(weeks=1)
AnyDraft = TypeVar("AnyDraft", buttons.SendQuestion, buttons.AdjustQuestion)


@dataclass(frozen=True)
class Sending:
    """The conversation from the card of a question to the question on its way."""

    compose: Compose
    asking: Asking
    urgent_a_week: int

    async def ask_coach(self, turn: Turn, pressed: buttons.AskCoach) -> Reply:
        """Show the card from which a question is sent; the one that was sent, if it was."""
        sent = await self._sent(turn, pressed.asked) if pressed.asked else []
        if sent and sent[0].state is not State.WITHDRAWN:
            return await self.asking.status(turn, sent[0])
        source = await self._source(turn, pressed.asked)
        return await self.compose.card(turn, pressed.asked, source, len(sent))

    async def ask_named(self, turn: Turn, pressed: buttons.AskNamed) -> Reply:
        """Show the card from which a question is sent to one coach, asked for by name."""
        coach = await turn.work.people.coach(pressed.coach)
        if coach is None or coach.person.id == turn.me:
            return refused(Refused(Refusal.NO_SUCH_COACH))
        asked = await self._just_asked(turn)
        source = await self._source(turn, asked)
        times = len(await self._sent(turn, asked)) if asked else 0
        return await self.compose.card(turn, asked, source, times, coach=pressed.coach)

    async def _just_asked(self, turn: Turn) -> AskedId:
        """Return what somebody asked here of late, and 0 when that is on its way already."""
        here, since = turn.incoming.where.conversation, turn.now - WINDOW
        last = await turn.work.knowledge.last_asked(turn.me, here, since) if here else None
        sent = await self._sent(turn, last.id) if last else []
        on_its_way = any(one.state is not State.WITHDRAWN for one in sent)
        return AskedId(0) if last is None or on_its_way else last.id

    async def send(self, turn: Turn, pressed: buttons.SendQuestion) -> tuple[Reply, ...]:
        """Send a question to who is nearest; pressed twice it is one question."""
        known = await turn.work.knowledge.asked(pressed.asked) if pressed.asked else None
        if known and known.person != turn.me:
            return (Reply("error", (Say("error.not_yours"),)),)
        # Of both at once: what was found in either is told once.
        _, notes = self.asking.clean(f"{pressed.text}\n{pressed.note}")
        pressed = self._storable(pressed)
        first = await self._first(turn, pressed)
        text = pressed.text or (first.draft.text if first else "") or (known.text if known else "")
        if why := _wrong(text, pressed.note):
            return (self._again(turn, pressed, text, why),)
        draft = await self._draft(turn, pressed, text)
        if known_already := await self._known_already(turn, pressed, draft, first):
            return (known_already,)
        if first and first.unclaimed:
            await self.asking.act(turn, first.id, Act.WITHDRAW)
        question, new = await routing.send(turn.work, draft, turn.now)
        if question.asker != turn.me:
            return (Reply("error", (Say("error.not_yours"),)),)
        told: list[Block] = [*notes]
        if pressed.urgent:
            # Before it is offered, so that these are who will be asked.
            told += await self._phones(turn, question.draft)
        if new:
            question = await self.asking.desk.offer(turn.work, question, turn.now)
        return (await self._sent_card(turn, question, told),)

    async def _sent_card(self, turn: Turn, question: Question, told: list[Block]) -> Reply:
        """Return where the question is, below what is told, and above where a file can go."""
        status = await self.asking.status(turn, question, replaces=True)
        status = replace(status, blocks=(*told, *status.blocks))
        where = await files.where_to(turn) if await files.came_before(turn) else None
        if where is None:
            return status
        return replace(status, blocks=(*status.blocks, *where.blocks), links=where.links)

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
        desk = self.asking.desk
        case = await desk.promised(turn.work, await load_case(turn.work, same, turn.now))
        anew = again.is_another(case, draft)
        if first and anew:
            return None
        told = await self._phones(turn, draft) if pressed.urgent else []
        # It stands with the open question; of this one nothing is left that its end would clean.
        await forget_draft(turn.work, draft, but=same)
        card = again.already_sent(case, desk.zone, pressed, anew=anew)
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
            key=draft_key(turn.me, pressed.draft),
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
        return [*there[: card_parts.MOST_NAMES], *nobody, *desk]

    def _again(self, turn: Turn, pressed: buttons.SendQuestion, text: str, why: Refusal) -> Reply:
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
        about = draft_subject(draft_key(turn.me, pressed.draft))
        return Reply("compose", blocks, (send,), replaces=True, personal=True, subject=about)

    def drop(self) -> Reply:
        """Leave a question unsent."""
        return Reply("compose.dropped", (Say("compose.dropped"),), replaces=True, personal=True)

    async def _sent(self, turn: Turn, asked: AskedId) -> list[Question]:
        """Return what was sent of a question that the bot was asked, the newest first."""
        mine = await turn.work.questions.of_asker(turn.me, MOST)
        return [one for one in mine if one.draft.asked == asked]

    async def _source(self, turn: Turn, asked: AskedId) -> Source:
        known = await turn.work.knowledge.asked(asked) if asked else None
        by_outcome = {"refused": Source.REFUSED, "not_ours": Source.NOT_OURS}
        return by_outcome.get(known.outcome, Source.DIRECT) if known else Source.DIRECT

    def _storable(self, draft: AnyDraft) -> AnyDraft:
        """Return a draft without numbers that must not be stored, in no card either."""
        (text, _), (note, _) = self.asking.clean(draft.text), self.asking.clean(draft.note)
        return draft.model_copy(update={"text": text, "note": note})


def _wrong(text: str, note: str) -> Refusal | None:
    if not text.strip():
        return Refusal.EMPTY
    too_long = len(text) > LONGEST or len(note) > LONGEST_NOTE
    return Refusal.TOO_LONG if too_long else None
