"""The weekly summary in chat: coordinators and coaches see the last one, and its sections."""

from dataclasses import dataclass, replace

from bot.core import buttons
from bot.core.reply import Reply, Say
from bot.dialogs.summary_cards import MORE, VIEW, Cards
from bot.dialogs.turn import Turn
from bot.people.model import Role
from bot.summary.model import EVERYONE, Audience
from bot.summary.report import Part, Sent
from bot.summary.week import Week


@dataclass(frozen=True)
class Summary:
    """The conversation about figures. Whose figures somebody sees, their role now decides."""

    cards: Cards

    async def show(self, turn: Turn, pressed: buttons.ShowSummary) -> Reply:
        """Show the newest summary, the one of a week, or a section of it."""
        audience = _audience(turn)
        if audience is None:
            return _says("not_yours")
        sent = await self._sent(turn, pressed.week, audience)
        if sent is None:
            return _says("gone" if pressed.week else "none_yet")
        language = turn.person.language
        if pressed.part in {part.value for part in self.cards.parts(sent)}:
            return self.cards.section(sent, Part(pressed.part), language, turn.now)
        if pressed.part == MORE:
            return self.cards.more(sent, language)
        card = self.cards.main(sent, language)
        # Back from a section it takes that one's place.
        return replace(card, replaces=turn.incoming.button is not None)

    async def _sent(self, turn: Turn, week: str, audience: Audience) -> Sent | None:
        if not week:
            return await turn.work.summaries.last(audience.key)
        try:
            which = Week.read(week)
        except ValueError:
            return None
        return await turn.work.summaries.get(which, audience.key)


def _audience(turn: Turn) -> Audience | None:
    if turn.person.acts_as(Role.COORDINATOR):
        return EVERYONE
    return Audience(coach=turn.me) if turn.person.acts_as(Role.COACH) else None


def _says(key: str) -> Reply:
    return Reply(f"{VIEW}.{key}", (Say(f"summary.{key}"),), personal=True)
