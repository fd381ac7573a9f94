"""An answer to a question on its way to who asked: typed, an article, or a question back."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.ids import EntryId, QuestionId
from bot.core.reply import Block, Button, Field, Reply, Say, Words
from bot.dialogs import asker_cards, coach_cards
from bot.dialogs.case import Case
from bot.dialogs.helping import Helping
from bot.dialogs.notices import tell
from bot.dialogs.question import presser, refused
from bot.dialogs.turn import Turn
from bot.routing import service as routing
from bot.routing.model import Act, Done, Question, Refusal, Refused
from bot.routing.rules import LONGEST


@dataclass(frozen=True)
class Answering:
    """The conversations about an answer, before it is sent."""

    helping: Helping

    async def answer(self, turn: Turn, pressed: buttons.AnswerQuestion) -> Reply:
        """Bring an answer to the asker, in the coach's name."""
        return await self._answered(turn, pressed.question, self.helping.clean(pressed.text))

    async def answer_with(self, turn: Turn, pressed: buttons.AnswerWith) -> Reply:
        """Answer with an entry of the FAQ; what was typed beside it can still be sent."""
        found = await self._article(turn, pressed.question, pressed.entry)
        if isinstance(found, Reply):
            return found
        typed = self.helping.clean(pressed.text)[:LONGEST]
        reply = await self._answered(turn, *found[1:])
        if not typed or coach_cards.typed_on(reply):
            return reply
        card = coach_cards.written_on(reply, typed)
        # They may think that it went along.
        said = (Say("question.work.unsent", style="subtle"),) if card != reply else ()
        return replace(card, blocks=(*said, *card.blocks))

    async def read_article(self, turn: Turn, pressed: buttons.ReadArticle) -> Reply:
        """Show an entry of the FAQ as the asker would read it, before it is sent."""
        found = await self._article(turn, pressed.question, pressed.entry)
        if isinstance(found, Reply):
            return found
        typed = self.helping.clean(pressed.text)[:LONGEST]
        case, _, text = found
        return replace(coach_cards.article(case, pressed.entry, text, typed), replaces=True)

    async def write_on(self, turn: Turn, pressed: buttons.WriteOn) -> Reply:
        """Go on with an answer, with what was typed of it."""
        question = await turn.work.questions.get(pressed.question)
        why = await self.helping.barred(turn, pressed.question, Act.ANSWER)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        return await self._form(turn, question, self.helping.clean(pressed.text))

    async def _article(
        self, turn: Turn, which: QuestionId, entry: EntryId
    ) -> tuple[Case, QuestionId, str] | Reply:
        question = await turn.work.questions.get(which)
        why = await self.helping.barred(turn, which, Act.ANSWER)
        if why or question is None:
            return why or refused(Refused(Refusal.GONE))
        case = await self.helping.case(turn, question)
        text = await self.helping.desk.articles.text(turn.work, case, entry)
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
            waiting = await routing.wait_for_word(
                turn.work, outcome, turn.now, self.helping.desk.quiet
            )
            outcome = Done(waiting, outcome.before)
        case = await self.helping.followed(turn, outcome)
        if isinstance(outcome, Refused) or case is None:
            return await self.helping.refused(turn, outcome, case)
        question = case.question
        key = f"answer|{question.id}|{question.version}"
        now = turn.now
        await tell(turn.work, key, case.asker, asker_cards.answered(case), now, now=now)
        return replace(self.helping.work(turn, case), replaces=True)

    async def ask_back(self, turn: Turn, pressed: buttons.AskBack) -> Reply:
        """Ask the asker something; what they say comes back to the coach."""
        text = self.helping.clean(pressed.text)
        if why := await self._wrong(turn, pressed.question, Act.ASK_BACK, text):
            return why
        case = await self.helping.act(turn, pressed.question, Act.ASK_BACK, text=text)
        if isinstance(case, Reply):
            return case
        add = buttons.AddLine(question=case.question.id).encode()
        blocks: tuple[Block, ...] = (
            Say("question.told.asked_back", self.helping.named(case), "title"),
            Words(case.question.draft.text, "subtle"),
            Words(text),
            Field(Say("question.add"), "text", lines=True, needed=True, most=LONGEST),
        )
        send = (Button(Say("question.send"), add, form=True),)
        await self.helping.tell_asker(turn, case, blocks, send)
        return replace(self.helping.work(turn, case), replaces=True)

    async def _wrong(self, turn: Turn, which: QuestionId, act: Act, text: str) -> Reply | None:
        """Return what is wrong with a text, above the form with what was typed."""
        question = await turn.work.questions.get(which)
        barred = await self.helping.barred(turn, which, act)
        if barred or question is None:
            return barred
        if not text.strip():
            return await self._typed(turn, question, Refusal.EMPTY, text)
        if len(text) > LONGEST:
            return await self._typed(turn, question, Refusal.TOO_LONG, text)
        case = await self.helping.case(turn, question)
        return None if case.asker.active else refused(Refused(Refusal.LEFT, question), case)

    async def _typed(self, turn: Turn, question: Question, why: Refusal, text: str) -> Reply:
        form = await self._form(turn, question, text)
        return replace(form, blocks=(Say(f"refused.{why}"), *form.blocks))

    async def _form(self, turn: Turn, question: Question, text: str) -> Reply:
        """Return the card to answer on, with what was typed."""
        card = self.helping.work(turn, await self.helping.case(turn, question))
        return replace(coach_cards.written_on(card, text), replaces=True)
