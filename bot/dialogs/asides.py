"""Messages that are no questions for the FAQ: each does what a button does, or nothing."""

from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import AskedId, EntryId
from bot.core.reply import Button, Reply, Say, Words
from bot.dialogs.helping import is_coach
from bot.dialogs.phrases import Asks, IsAway, IsHelped, Waits, asks_for_news, understand
from bot.dialogs.question import MOST
from bot.dialogs.turn import Turn
from bot.knowledge import service as knowledge
from bot.knowledge.follow_up import WINDOW
from bot.knowledge.normalise import words
from bot.routing.model import Question, State

ANSWER = "answer"
"""How a question that got one answer is stored."""


@dataclass(frozen=True)
class Asides:
    """Knows who waits, who is helped, who is away, and who is asked for by name."""

    zone: ZoneInfo

    async def meant(self, turn: Turn, text: str) -> buttons.Payload | Reply | None:
        """Return the button that a message stands for, or choices; None when it is a question.

        The same words can be a question: 'spoed' of somebody who waits for nothing, and 'ik ben
        ziek' of who is no coach.
        """
        said = understand(text, turn.now.astimezone(self.zone).date())
        match said:
            case None:
                return None
            case Waits(question=None):
                return await self._waits(turn, text)
            case Waits(question=which):
                return buttons.ShowQuestion(question=which)
            case IsAway(first=first, last=last):
                end = last.isoformat() if last else buttons.NO_END
                form = buttons.AwayForm(first=first.isoformat(), last=end)
                return form if is_coach(turn) else None
            case IsHelped():
                return await self._helped(turn)
            case Asks(name=name):
                return await self._asks(turn, frozenset(name))
            case _:
                assert_never(said)

    async def _waits(self, turn: Turn, text: str) -> buttons.Payload | Reply | None:
        waiting = await _going_on(turn)
        if len(waiting) > 1:
            return buttons.MyQuestions()
        if waiting:
            return buttons.ShowQuestion(question=waiting[0].id)
        if not asks_for_news(text):
            return None
        ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
        return Reply("question.list", (Say("question.none_open"),), (ask,), personal=True)

    async def _helped(self, turn: Turn) -> buttons.Payload | Reply | None:
        """Note that it is solved, where only one thing can be meant; else show what there is."""
        if not turn.incoming.personal:
            return None
        read = await _just_read(turn)
        match await _going_on(turn):
            case []:
                return await _glad(turn, read)
            case [one] if one.state is State.ANSWERED and read is None:
                return buttons.Solved(question=one.id, solved=True)
            case [one]:
                return buttons.ShowQuestion(question=one.id)
            case _:
                return buttons.MyQuestions()

    async def _asks(self, turn: Turn, name: frozenset[str]) -> buttons.Payload | Reply | None:
        """Return who is asked; of several who bear the name, which one is meant."""
        # Whole words of a name alone: a message that begins with 'vraag' may be a question as well.
        meant = [
            one.person
            for one in await turn.work.people.coaches()
            if name.issubset(words(one.person.name)) and one.person.id != turn.me
        ]
        if len(meant) > MOST:
            return buttons.AskCoach()
        if len(meant) > 1:
            rows = tuple(
                Button(Words(one.name), buttons.AskNamed(coach=one.id).encode(), line=True)
                for one in sorted(meant, key=lambda one: (one.name, one.id))
            )
            title = Say("compose.which", style="title")
            return Reply("compose.which", (title,), rows, personal=True)
        return buttons.AskNamed(coach=meant[0].id) if meant else None


async def _going_on(turn: Turn) -> list[Question]:
    """Return what somebody sent that is not over, the newest first."""
    mine = await turn.work.questions.of_asker(turn.me, MOST)
    return [one for one in mine if one.unclaimed or one.held]


async def _just_read(turn: Turn) -> tuple[AskedId, EntryId] | None:
    """Return which entry somebody got as an answer here a moment ago."""
    here, since = turn.incoming.where.conversation, turn.now - WINDOW
    last = await turn.work.knowledge.last_asked(turn.me, here, since)
    return (last.id, last.entry) if last and last.entry and last.outcome == ANSWER else None


async def _glad(turn: Turn, read: tuple[AskedId, EntryId] | None) -> Reply:
    """Be glad with who is helped; what they just read did so, and that can be taken back."""
    if read is None:
        turn.met.small_talk = True
        return Reply("small_talk", (Say("small_talk.compliment"),))
    asked, entry = read
    await knowledge.rate(turn.work, turn.me, asked, entry, helped=True, now=turn.now)
    not_after_all = buttons.Rate(asked=asked, entry=entry, helped=False).encode()
    again = Button(Say("answer.rated_no_after_all"), not_after_all)
    return Reply("answer.rated", (Say("answer.rated_yes"),), (again,), personal=True)
