"""A question on its way, as its asker follows it: see it, change it, say more, take it back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.buttons import decode
from bot.core.ids import AskedId, QuestionId
from bot.core.reply import Block, Button, Field, Reply, Say, Words
from bot.dialogs import again, asker_cards
from bot.dialogs.case import load_case
from bot.dialogs.question import MOST, Asking, Happened, refused, rows
from bot.dialogs.turn import Turn
from bot.routing.model import Act, Question, Refusal, Refused, Source, State
from bot.routing.rules import LONGEST, is_urgent

MOST_BUTTONS = 4
NEWEST = 3
"""Questions of somebody that what they type next may be about."""
_UNSURE = ("no_answer", "choices", "not_ours", "small_talk")
"""Replies to what may as well have been meant for a coach."""


@dataclass(frozen=True)
class Following:
    """The conversations about a question that was sent and is not answered yet."""

    asking: Asking

    async def mine(self, turn: Turn) -> Reply:
        """List someone's own questions, each a line to tap."""
        found = await turn.work.questions.of_asker(turn.me, MOST)
        if not found:
            ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
            return Reply("question.list", (Say("question.none"),), (ask,), personal=True)
        title = Say("question.list.title", style="title")
        return Reply("question.list", (title,), rows(found, self.asking.desk.zone), personal=True)

    async def show(self, turn: Turn, pressed: buttons.ShowQuestion) -> Reply:
        """Show the asker their question; others see theirs elsewhere."""
        question = await turn.work.questions.get(pressed.question)
        if question is None or question.asker != turn.me:
            return refused(Refused(Refusal.NOT_YOURS, question))
        if question.state is State.ANSWERED:
            return asker_cards.answered(await load_case(turn.work, question, turn.now))
        return await self.asking.status(turn, question, replaces=turn.incoming.button is not None)

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
        # About the question as well: what is typed here is not wiped when that changes.
        return Reply(
            "question.edit",
            (field,),
            pressable,
            replaces=True,
            personal=True,
            subject=question.subject,
        )

    async def edit(self, turn: Turn, pressed: buttons.EditQuestion) -> Reply:
        """Change the text of a question that nobody picked up."""
        text, notes = self.asking.clean(pressed.text)
        done = await self.asking.act(turn, pressed.question, Act.EDIT, text, needed=True)
        if isinstance(done, Reply):
            return done
        status = await self.asking.status(turn, done.question, replaces=True)
        return replace(status, blocks=(*notes, *status.blocks))

    async def withdraw(self, turn: Turn, pressed: buttons.Withdraw) -> Reply:
        """Take a question back; the coach who picked it up hears of it."""
        done = await self.asking.act(turn, pressed.question, Act.WITHDRAW)
        if isinstance(done, Reply):
            return done
        await self.asking.tell_holder(turn, done, Say("question.told.withdrawn", done.data))
        return await self.asking.status(turn, done.question, replaces=True)

    async def add(self, turn: Turn, pressed: buttons.AddLine) -> Reply:
        """Bring what the asker says to the coach."""
        return await self._added(turn, pressed.question, pressed.text)

    async def add_typed(self, turn: Turn, pressed: buttons.AddTyped) -> Reply:
        """Bring what the asker typed as a message of its own to the coach."""
        known = await turn.work.knowledge.asked(pressed.asked)
        if known is None or known.person != turn.me:
            return Reply("error", (Say("error.not_yours"),))
        added = await self._added(turn, pressed.question, known.text)
        # It stands with the question from now on, and numbers in it go when that ends.
        await turn.work.knowledge.forget_contacts(pressed.asked)
        return added

    async def _added(self, turn: Turn, which: QuestionId, typed: str) -> Reply:
        text, notes = self.asking.clean(typed)
        done = await self.asking.act(turn, which, Act.ADD, text, needed=True)
        if isinstance(done, Reply):
            return done
        told = (*notes, *await self._passed_on(turn, done, text))
        about = done.question.subject
        return Reply("question.added", told, replaces=True, personal=True, subject=about)

    async def _passed_on(self, turn: Turn, done: Happened, text: str) -> tuple[Block, ...]:
        """Tell who has the question; one that nobody has any more is offered anew."""
        if await self.asking.lost(turn, done.question):
            return (Say("question.added_anew"), Words(text, "subtle"))
        if done.question.unclaimed:
            return (Say("question.added_open"), Words(text, "subtle"))
        said = Say("question.told.added", done.data, "title")
        await self.asking.tell_holder(turn, done, said, Words(text))
        name = done.case.name(done.question.holder)
        return (Say("question.added", {"name": name}), Words(text, "subtle"))

    async def heard(self, turn: Turn, reply: Reply, asked: AskedId, text: str) -> Reply:
        """Ask whether what was typed belongs to a question that a coach has; a person types.

        `text` is what was stored of it, under `asked`; 0 for small talk, which is not stored.
        """
        if reply.view not in _UNSURE or not turn.incoming.personal:
            return reply
        mine = await again.sent_by(turn)
        if asked and (same := again.same_words(mine, text)):
            # It stands with that question, and numbers in it go when that ends.
            await turn.work.knowledge.forget_contacts(asked)
            return await self._sent_before(turn, same)
        question = next((one for one in mine[:NEWEST] if one.held), None)
        if question is None:
            return reply
        case = await load_case(turn.work, question, turn.now)
        if not asked:
            waits = question.state is State.ANSWERED and reply.view == "small_talk"
            return asker_cards.answered(case) if waits else reply
        said = Say("question.is_this", {"code": question.code}, "title")
        typed = buttons.AddTyped(question=question.id, asked=asked).encode()
        yes = Button(Say("question.is_this_yes", {"name": case.name(question.holder)}), typed)
        return replace(reply, blocks=(said, *reply.blocks), buttons=(yes, *_as_new(reply.buttons)))

    async def _sent_before(self, turn: Turn, same: Question) -> Reply:
        """Return the question that is open in the same words; only a class can make it another."""
        desk = self.asking.desk
        case = await desk.promised(turn.work, await load_case(turn.work, same, turn.now))
        hurry = buttons.SendQuestion(source=Source.REFUSED.value, urgent=True)
        calm = not is_urgent(same, turn.now)
        return again.already_sent(case, desk.zone, hurry, anew=calm)


def _as_new(pressable: Iterable[Button]) -> Iterator[Button]:
    """Yield the buttons beside 'yes': sending it is something else, and four is the most."""
    left = MOST_BUTTONS - 1
    for one in pressable:
        sent = decode(one.payload)
        anew = isinstance(sent, buttons.SendQuestion) and not sent.urgent
        left -= not one.line
        if one.line or left >= 0:
            yield replace(one, label=Say("question.is_this_no")) if anew else one
