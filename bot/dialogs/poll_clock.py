"""Lets time pass over polls: rounds that open, remind and close."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import PersonId, PollId, RoundId
from bot.core.reply import Reply
from bot.dialogs import poll_cards as cards
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.poll_news import PollNews
from bot.dialogs.ports import TurnWork
from bot.dialogs.safely import safely
from bot.occasions import rules as occasions
from bot.occasions.model import Occasion, State
from bot.outbox.model import Notice
from bot.polls import rules
from bot.polls import service as polls
from bot.polls.model import Planned, Poll, PollState, Round
from bot.polls.service import Frame, NoSecret, OtherSecret, Secrecy, TooFew
from bot.worktime.worktime import WorkTime

AT_ONCE = 50
"""Messages that are written in one transaction: on SQLite others wait for it."""


Begin = Callable[[], AbstractAsyncContextManager[TurnWork]]


@dataclass(frozen=True)
class PollClock:
    """Deals with what is due. What goes wrong is left for the next time, and holds up no other."""

    begin: Begin
    college: WorkTime
    secrecy: Secrecy | None
    news: PollNews

    @property
    def zone(self) -> ZoneInfo:
        return self.college.zone

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.begin() as work:
            polls_, rounds = await work.polls.polls(), await work.polls.open_rounds()
        plans = [
            rules.next_round(one.schedule, after, self.college)
            for one in polls_
            if one.state is not PollState.DRAFT
        ]
        moments = [plan.opens for plan in plans if plan]
        moments += [one.closes for one in rounds if not self._waits(one)]
        moments += [one.reminds for one in rounds if one.reminds]
        return min((one for one in moments if one > after), default=None)

    async def run(self, now: datetime) -> int:
        """Deal with all that is due; returns how many rounds something happened to."""
        closing = await self._pass(now)
        async with self.begin() as work:
            due = [one.id for one in await work.polls.polls() if await self._due(work, one, now)]
        for which in due:
            await safely(f"poll {which}", self._open(which, now))
        if due:
            await self._pass(now)
        async with self.begin() as work:
            left = [one.id for one in await work.polls.counted()]
        if left and self.secrecy:
            await safely(f"rounds {left}", self._erase(self.secrecy, left, now))
        return len(due) + len({*closing, *left})

    async def _pass(self, now: datetime) -> Sequence[RoundId]:
        """Let time pass over the rounds that are open; returns those whose time is over."""
        async with self.begin() as work:
            rounds = await work.polls.open_rounds()
        for one in rounds:
            await safely(f"round {one.id}", self._follow(one, now))
        closing = [one.id for one in rounds if one.closes <= now and not self._waits(one)]
        for done in closing:
            await safely(f"round {done}", self._close(done, now))
        return closing

    def _frame(self, now: datetime) -> Frame:
        return Frame(self.college, self.secrecy, now)

    def _waits(self, one: Round) -> bool:
        """Tell whether a round waits for the secret with which alone it can be counted."""
        return one.form.anonymous and self.secrecy is None

    async def _due(self, work: TurnWork, poll: Poll, now: datetime) -> list[Planned]:
        since = await work.occasions.last(cards.thing_of(poll.id))
        if since is None or poll.state is PollState.DRAFT:
            return []
        plans = rules.due(poll.schedule, since, now, self.college)
        # A day that is not closed any more lets it come sooner than the one before was told to end.
        waits = plans and any(
            one.poll == poll.id and one.closes > now for one in await work.polls.open_rounds()
        )
        return [] if waits else plans

    async def _open(self, which: PollId, now: datetime) -> None:
        """Record what becomes of the times that are due, and open the newest if it is not too late.

        In one transaction: of several processes one opens it, and what is broken off is due again.
        """
        async with self.begin() as work:
            poll = await work.polls.poll(which)
            if poll is None:
                return
            plans = {plan.local: plan for plan in await self._due(work, poll, now)}
            missed = [Occasion(plan.local, plan.opens) for plan in plans.values()]
            late = self._late(poll, [*plans.values()])
            for occasion, decided in occasions.decide(missed, now, late):
                silent = self._silent(poll, plans[occasion.local])
                state = State.SKIPPED if silent else decided
                recorded = await work.occasions.record(cards.thing_of(which), occasion, state, now)
                if not recorded or silent:
                    continue
                if state is State.DONE:
                    await self._opened(work, poll, plans[occasion.local], now)
                elif occasion == missed[-1]:
                    why = await self._why_late(work, poll, occasion.due)
                    await self.news.skipped(work, poll, occasion.due, why, now)

    async def _why_late(self, work: TurnWork, poll: Poll, due: datetime) -> str:
        """Return why a round was not sent in time: nobody was there, or it had to wait."""
        before = await work.polls.rounds_of(poll.id, 1)
        return "waited" if any(one.opened < due < one.closes for one in before) else "late"

    def _late(self, poll: Poll, plans: Sequence[Planned]) -> timedelta:
        if not plans:
            return timedelta()
        return rules.lateness(poll.form, plans[-1], poll.schedule, self.college)

    def _silent(self, poll: Poll, plan: Planned) -> bool:
        """Tell whether a time passes without a word: it is paused, or the next one is near."""
        paused = poll.state is not PollState.ACTIVE
        return paused or rules.makes_way(plan, poll.schedule, self.college, poll.form.days)

    async def _opened(self, work: TurnWork, poll: Poll, plan: Planned, now: datetime) -> None:
        found = await load_candidates(work, poll.audience)
        opened = await polls.open_round(work, poll, plan, found, self._frame(now))
        match opened:
            case TooFew():
                await self.news.skipped(work, poll, plan.opens, "few", now)
            case NoSecret():
                await self.news.skipped(work, poll, plan.opens, "no_secret", now)
            case Round():
                pass

    async def _follow(self, one: Round, now: datetime) -> None:
        """Write what is to be written to who is asked: invitations, then at its time reminders."""
        renewed = await self._renewed(one, now)
        if isinstance(renewed, OtherSecret):
            async with self.begin() as work:
                await self.news.stuck(work, one, now)
            return
        one = renewed
        if one.closes <= now:
            return
        if not one.told:
            await self._invite(one, now)
        elif one.reminds and one.reminds <= now:
            await self._tell(one, "remind:", cards.reminder(one, self.zone), now)
            async with self.begin() as work:
                await polls.reminded(work, one.id)

    async def _invite(self, one: Round, now: datetime) -> None:
        await self._tell(one, "", cards.invitation(one, self.zone), now)
        async with self.begin() as work:
            await polls.told(work, one.id, self._from(one, "", now))

    def _from(self, one: Round, kind: str, now: datetime) -> datetime:
        """Return when people may be told: no reminder and nothing that is late comes at night."""
        if kind or one.lost:
            return self.college.next_open(now) or now
        return rules.may_tell(rules.planned_at(one, self.college), now, self.college)

    async def _renewed(self, one: Round, now: datetime) -> Round | OtherSecret:
        """Return a round, begun anew if its votes were lost: then all are told again.

        With another secret than it was begun with nobody is told anything: nobody could answer.
        """
        if not one.form.anonymous or self.secrecy is None:
            return one
        async with self.begin() as work:
            return await polls.renew(work, one.id, self._frame(now)) or one

    async def _tell(self, one: Round, kind: str, card: Reply, now: datetime) -> None:
        """Write to people, in several transactions: a notice with a known key is written once."""
        people = await self._reminded(one) if kind else await self._invited(one)
        since = self._from(one, kind, now)
        for first in range(0, len(people), AT_ONCE):
            async with self.begin() as work:
                found = await work.people.languages(people[first : first + AT_ONCE])
                for person, language in found.items():
                    key = f"{cards.subject_of(one.id)}:{kind}person:{person}"
                    said = replace(card, language=language)
                    notice = Notice(key, said, since, person=person, expires=one.closes)
                    await work.outbox.add(notice, now)

    async def _invited(self, one: Round) -> Sequence[PersonId]:
        """Return who is asked, and did not say since that they want no polls."""
        async with self.begin() as work:
            declined = await work.polls.declined()
            invited = await work.polls.invitations(one.id)
        return [asked.person for asked in invited if asked.person not in declined]

    async def _reminded(self, one: Round) -> Sequence[PersonId]:
        """Return who answered nothing and was reached, and still wants to be asked."""
        async with self.begin() as work:
            invited = await work.polls.invitations(one.id)
            spared: set[PersonId] = {*await work.polls.declined()}
            spared |= {*await work.outbox.missed(cards.subject_of(one.id))}
        return [
            asked.person for asked in invited if not asked.answered and asked.person not in spared
        ]

    async def _close(self, which: RoundId, now: datetime) -> None:
        async with self.begin() as work:
            missed: Collection[PersonId] = await work.outbox.missed(cards.subject_of(which))
            closed = await polls.close(work, which, missed, self._frame(now))
            if closed and not closed.form.anonymous:
                await self.news.results(work, closed, now)

    async def _erase(self, secrecy: Secrecy, counted: Sequence[RoundId], now: datetime) -> None:
        """Let the traces of rounds go, all at once; only then tell what came of them."""
        await secrecy.eraser.erase()
        async with self.begin() as work:
            for which in counted:
                if closed := await polls.erased(work, which):
                    await self.news.results(work, closed, now)
