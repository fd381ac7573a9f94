"""A coordinator tries a poll, and lets it start, pause, go on, and stop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import poll_buttons as buttons
from bot.core.reply import Reply, Say
from bot.dialogs import poll_cards as asked_cards
from bot.dialogs import poll_maker_cards as cards
from bot.dialogs.poll_desk import PollDesk
from bot.dialogs.turn import Turn
from bot.polls import service as polls
from bot.polls.model import PollState


@dataclass(frozen=True)
class PollRunning:
    """The conversations about whether a poll has rounds."""

    desk: PollDesk

    async def start(self, turn: Turn, pressed: buttons.StartPoll) -> Reply:
        """Let a draft have its rounds, as it was seen."""
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        shown = await self.desk.shown(turn, known)
        if known.state is not PollState.DRAFT or shown.problems:
            return await self.desk.card(turn, known)
        seen = replace(known, version=pressed.seen)
        new = await polls.change(turn.work, replace(seen, state=PollState.ACTIVE))
        if new:
            await turn.work.occasions.start(asked_cards.thing_of(known.id), turn.now)
        return await self.desk.stored(turn, new, known, [Say("poll.said.started")])

    async def pause(self, turn: Turn, pressed: buttons.PausePoll) -> Reply:
        """Let a poll have no rounds for a while, or have them again."""
        state = PollState.PAUSED if pressed.paused else PollState.ACTIVE
        said = "poll.said.paused" if pressed.paused else "poll.said.resumed"
        before = PollState.ACTIVE if pressed.paused else PollState.PAUSED
        return await self._become(turn, pressed, state, [before], said)

    async def stop(self, turn: Turn, pressed: buttons.StopPoll) -> Reply:
        """Let a poll have no more rounds, once that is sure."""
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        if not pressed.sure and known.state is not PollState.STOPPED:
            return cards.sure(known)
        going = [one for one in PollState if one is not PollState.STOPPED]
        draft = known.state is PollState.DRAFT
        said = "poll.said.dropped" if draft else "poll.said.stopped"
        return await self._become(turn, pressed, PollState.STOPPED, going, said)

    async def trial(self, turn: Turn, pressed: buttons.TryPoll) -> Reply:
        """Show who makes a poll its cards, one after the other."""
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        there = pressed.question in range(len(known.form.questions))
        return cards.trial(known, pressed.question) if there else cards.tried(known)

    async def _become(
        self,
        turn: Turn,
        pressed: buttons.OnPoll,
        state: PollState,
        before: Sequence[PollState],
        said: str,
    ) -> Reply:
        known = await self.desk.known(turn, pressed)
        if isinstance(known, Reply):
            return known
        if known.state not in before:
            return await self.desk.card(turn, known)
        new = await polls.change(turn.work, replace(known, state=state))
        return await self.desk.stored(turn, new, known, [Say(said)])
