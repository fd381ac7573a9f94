"""A coordinator reads what came of the rounds of a poll."""

from dataclasses import dataclass, replace

from bot.core import poll_buttons as buttons
from bot.core.reply import Reply
from bot.dialogs.poll_desk import PollDesk
from bot.dialogs.poll_results import MOST_ROUNDS, nothing_yet, remarks, results
from bot.dialogs.turn import Turn
from bot.polls.model import RoundState


@dataclass(frozen=True)
class PollReading:
    """The conversations about outcomes, of rounds that are closed."""

    desk: PollDesk

    async def results(self, turn: Turn, pressed: buttons.ShowPollResults) -> Reply:
        """Show what came of a round of a poll: the newest that is closed, or the one named."""
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        rounds = await turn.work.polls.rounds_of(known.id, MOST_ROUNDS)
        closed = [one for one in rounds if one.state is RoundState.CLOSED]
        if not closed:
            return nothing_yet(known)
        named = await turn.work.polls.round(pressed.round)
        theirs = named and named.poll == known.id and named.state is RoundState.CLOSED
        one = named if named and theirs else closed[-1]
        card = await results(turn.work, one, self.desk.zone, closed)
        return replace(card, replaces=True)

    async def remarks(self, turn: Turn, pressed: buttons.ShowRemarks) -> Reply:
        """Show more of what was answered in words."""
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        one = await turn.work.polls.round(pressed.round)
        if one is None or one.poll != known.id or one.state is not RoundState.CLOSED:
            return nothing_yet(known)
        found = await remarks(turn.work, one, pressed.question, pressed.first)
        return found or await self.desk.card(turn, known)
