"""Messages that are no questions for the FAQ: each does what a button does, or nothing."""

from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.reply import Button, Reply, Say, Words
from bot.dialogs.helping import is_coach
from bot.dialogs.phrases import Asks, IsAway, Waits, asks_for_news, understand
from bot.dialogs.question import MOST
from bot.dialogs.turn import Turn
from bot.knowledge.normalise import words


@dataclass(frozen=True)
class Asides:
    """Knows who waits, who is away, and who is asked for by name."""

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
            case Asks(name=name):
                return await self._asks(turn, frozenset(name))
            case _:
                assert_never(said)

    async def _waits(self, turn: Turn, text: str) -> buttons.Payload | Reply | None:
        mine = await turn.work.questions.of_asker(turn.me, MOST)
        waiting = [one for one in mine if one.unclaimed or one.held]
        if len(waiting) > 1:
            return buttons.MyQuestions()
        if waiting:
            return buttons.ShowQuestion(question=waiting[0].id)
        if not asks_for_news(text):
            return None
        ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
        return Reply("question.list", (Say("question.none_open"),), (ask,), personal=True)

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
