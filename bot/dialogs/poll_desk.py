"""A poll as a coordinator has it before her: who may, and as it is now. Any may change any poll."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.reply import Reply, Say
from bot.dialogs import poll_cards as asked_cards
from bot.dialogs import poll_maker_cards as cards
from bot.dialogs.poll_shown import Shown, load_shown
from bot.dialogs.question import presser
from bot.dialogs.turn import Turn
from bot.polls.model import Poll
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class PollDesk:
    """What the conversations about polls have in common; `secret`: a round can be anonymous."""

    college: WorkTime
    secret: bool

    @property
    def zone(self) -> ZoneInfo:
        return self.college.zone

    async def stored(
        self, turn: Turn, new: Poll | None, before: Poll, said: Sequence[Say] = ()
    ) -> Reply:
        """Show a poll as it was stored; as somebody else made it when nothing was stored."""
        if new:
            return await self.card(turn, new, said)
        found = await turn.work.polls.poll(before.id) or before
        return await self.card(turn, found, [Say("poll.said.overtaken")])

    async def known(self, turn: Turn, pressed: buttons.OnPoll) -> Poll | Reply:
        """Return a poll to a coordinator; a reply says why not."""
        if not presser(turn).coordinator:
            return only_coordinators()
        return await turn.work.polls.poll(pressed.poll) or asked_cards.told("poll.gone")

    async def card(self, turn: Turn, poll: Poll, said: Sequence[Say] = ()) -> Reply:
        return cards.poll(await self.shown(turn, poll), self.zone, said)

    async def shown(self, turn: Turn, poll: Poll) -> Shown:
        return await load_shown(turn.work, poll, self.college, turn.now)

    def today(self, turn: Turn) -> date:
        return turn.now.astimezone(self.zone).date()


def only_coordinators() -> Reply:
    """Return that polls are a coordinator's."""
    return asked_cards.told("poll.only_coordinator")
