"""What the bot tells on its own initiative to who made a poll, each thing once."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.poll_buttons import AdjustPoll
from bot.core.reply import Button, Reply, Say, Value
from bot.core.when import on_day
from bot.dialogs.poll_cards import TOLD
from bot.dialogs.poll_results import MOST_ROUNDS, results
from bot.dialogs.ports import TurnWork
from bot.outbox.model import Notice
from bot.people.model import Role
from bot.polls.model import Poll, Round, RoundState


@dataclass(frozen=True)
class PollNews:
    """Tells who made a poll what became of its rounds: one that is not sent is never silent."""

    zone: ZoneInfo

    async def skipped(
        self, work: TurnWork, poll: Poll, opens: datetime, why: str, now: datetime
    ) -> None:
        """Tell that a round was not sent, and why: `late`, `waited`, `few` or `no_secret`."""
        data: dict[str, Value] = {"title": poll.form.title, "when": on_day(opens, self.zone)}
        once = poll.schedule.every == 0 and why != "no_secret"
        reason = Say(f"poll.skipped.{why}_once" if once else f"poll.skipped.{why}")
        adjust = Button(Say("poll.act.adjust"), AdjustPoll(poll=poll.id).encode())
        blocks = (Say("poll.skipped.title", data, "title"), reason)
        said = Reply(TOLD, blocks, () if poll.schedule.every else (adjust,))
        await self._tell(work, poll, f"poll:{poll.id}|skipped|{opens:%Y-%m-%dT%H:%M}", said, now)

    async def stuck(self, work: TurnWork, one: Round, now: datetime) -> None:
        """Tell once that a round waits for the secret that it was begun with."""
        poll = await work.polls.poll(one.poll)
        if poll is None:  # not so: a round refers to its poll
            return
        title = Say("poll.stuck.title", {"title": one.form.title}, "title")
        said = Reply(TOLD, (title, Say("poll.stuck.secret")))
        await self._tell(work, poll, f"poll:{poll.id}|stuck|{one.id}", said, now)

    async def results(self, work: TurnWork, closed: Round, now: datetime) -> None:
        """Tell what came of a round."""
        poll = await work.polls.poll(closed.poll)
        if poll is None:  # not so: a round refers to its poll
            return
        rounds = await work.polls.rounds_of(poll.id, MOST_ROUNDS)
        others = [one for one in rounds if one.state is RoundState.CLOSED]
        said = await results(work, closed, self.zone, others)
        await self._tell(work, poll, f"poll:{poll.id}|results|{closed.id}", said, now)

    async def _tell(self, work: TurnWork, poll: Poll, key: str, said: Reply, now: datetime) -> None:
        """Tell who made the poll; when they are here no more, all coordinators: never nobody."""
        owner = await work.people.by_id(poll.owner)
        made = [owner] if owner and owner.active else []
        if not owner or not owner.acts_as(Role.COORDINATOR):
            made = await work.people.with_role(Role.COORDINATOR) or made
        for one in made:
            shown = replace(said, personal=True, language=one.language)
            await work.outbox.add(Notice(f"{key}|{one.id}", shown, now, person=one.id), now)
