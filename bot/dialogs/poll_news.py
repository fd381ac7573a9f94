"""What the bot tells on its own initiative to who made a poll, each thing once."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.reply import Reply, Say, Value
from bot.core.when import on_day
from bot.dialogs.poll_cards import TOLD
from bot.dialogs.poll_results import MOST_ROUNDS, results
from bot.dialogs.ports import TurnWork
from bot.outbox.model import Notice
from bot.polls.model import Poll, Round


@dataclass(frozen=True)
class PollNews:
    """Tells who made a poll what became of its rounds: one that is not sent is never silent."""

    zone: ZoneInfo

    async def skipped(
        self, work: TurnWork, poll: Poll, opens: datetime, why: str, now: datetime
    ) -> None:
        """Tell that a round was not sent, and why: `late`, `few` or `no_secret`."""
        data: dict[str, Value] = {"title": poll.form.title, "when": on_day(opens, self.zone)}
        said = Reply(TOLD, (Say("poll.skipped.title", data, "title"), Say(f"poll.skipped.{why}")))
        await self._tell(work, poll, f"poll:{poll.id}|skipped|{opens:%Y-%m-%dT%H:%M}", said, now)

    async def results(self, work: TurnWork, closed: Round, now: datetime) -> None:
        """Tell what came of a round."""
        poll = await work.polls.poll(closed.poll)
        if poll is None:
            return
        rounds = await work.polls.rounds_of(poll.id, MOST_ROUNDS)
        said = await results(work, closed, self.zone, rounds)
        await self._tell(work, poll, f"poll:{poll.id}|results|{closed.id}", said, now)

    async def _tell(self, work: TurnWork, poll: Poll, key: str, said: Reply, now: datetime) -> None:
        owner = await work.people.by_id(poll.owner)
        if owner is None or not owner.active:
            return
        shown = replace(said, personal=True, language=owner.language)
        await work.outbox.add(Notice(key, shown, now, person=owner.id), now)
