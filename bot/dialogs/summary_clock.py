"""Sends the weekly summary on the first open day from its weekday on, once to each who gets it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.core.reply import Reply, Say
from bot.dialogs.ports import SummaryWork
from bot.dialogs.summary_cards import Cards, changed, headlines
from bot.dialogs.summary_prepared import Gathered, Prepared, beside, gather, own
from bot.dialogs.summary_week import PollsOf, Weeks
from bot.occasions.service import Recorded, Timed
from bot.outbox.model import Notice
from bot.people.model import Person, Role
from bot.summary import corrections, service
from bot.summary.model import EVERYONE, Audience
from bot.summary.report import PollRound, Sent
from bot.summary.week import DAYS, Week
from bot.worktime.worktime import WorkTime

NEWS = timedelta(weeks=1)
"""How long a summary is news: then there is the next."""
LOOK_AHEAD = 731
"""Days in which a college opens again, if it ever does."""
Opens = Callable[[], AbstractAsyncContextManager[SummaryWork]]


@dataclass(frozen=True)
class Weekly:
    """Fulfils `bot.core.jobs.Job`.

    `timed` has an occasion on each day: of those from the weekday `begins` on (0 is Monday), the
    first that is open sends. What is counted is read before the transaction that sends, for that is
    long and nobody else can write meanwhile.
    """

    reading: Opens
    timed: Timed[SummaryWork]
    college: WorkTime
    cards: Cards
    polls: PollsOf | None = None
    begins: int = 0

    async def next_due(self, after: datetime) -> datetime | None:
        """Return the next occasion that sends; what was missed, `run` makes up for at any other."""
        due = after
        for _ in range(LOOK_AHEAD):
            due = await self.timed.next_due(due)
            if self._sends_on(due.astimezone(self.college.zone).date()):
                return due
        return None

    def _sends_on(self, day: date) -> bool:
        """Tell whether a day is the first open one since the weekday on which it begins."""
        since = (day - timedelta(days=number) for number in range(1, self._into(day) + 1))
        return self.college.open_on(day) and not any(map(self.college.open_on, since))

    def _into(self, day: date) -> int:
        """Return how many days before a day it began."""
        return (day.weekday() - self.begins) % DAYS

    async def run(self, now: datetime) -> list[Recorded]:
        local = now.astimezone(self.college.zone)
        loaded = None
        if local.time() >= self.timed.rule.at and self.college.open_on(local.date()):
            async with self.reading() as work:
                if not await self.timed.is_due(work, now):
                    return []
                loaded = await self._load(work, local.date())
        # Of many coaches and ratings it takes a while: meanwhile others are answered.
        prepared = await asyncio.to_thread(loaded.prepared) if loaded else None
        return await replace(self.timed, use_case=partial(self._send, prepared)).run(now)

    async def as_now(self, week: Week, audience: Audience, now: datetime) -> Sent:
        """Return a week as it is by now, beside what was sent of it, if it was."""
        async with self.reading() as work:
            weeks, polls = await Weeks.of(work, self.college), list[PollRound]()
            if self.polls:
                polls = [*await self.polls(work).closed_in(week.span(self.college.zone))]
            loaded = await weeks.load(week, polls)
            earlier = await weeks.load_counts(week.back())
            known = await work.summaries.get(week, audience.key)
        figures = beside(loaded.figures(audience), earlier.figures(audience), audience)
        if known is None or known.figures.location != figures.location:
            return Sent(week, audience.key, now, figures)
        figures = corrections.as_felt(known.figures, figures)
        if not corrections.changed(known.figures, figures):
            return Sent(week, audience.key, now, figures)
        return replace(known, corrected=figures, corrected_at=known.corrected_at or now)

    async def _load(self, work: SummaryWork, today: date) -> Gathered | None:
        """Return what is to be sent on an open day; None when it was sent before."""
        weeks = await Weeks.of(work, self.college)
        week = self._newest(today, weeks.begun) if weeks.begun else None
        if week is None or await work.summaries.get(week, EVERYONE.key):
            return None
        return await gather(weeks, week, self.polls(work) if self.polls else None)

    def _newest(self, today: date, first: datetime) -> Week | None:
        """Return the newest week that may be sent by now and had an open day; None before `first`.

        After a holiday that is the week before it: of the closed weeks there is nothing to tell.
        """
        week = Week.of(today - timedelta(days=self.begins)).back()
        while first < week.span(self.college.zone).end:
            days = (week.monday + timedelta(days=number) for number in range(DAYS))
            if any(map(self.college.open_on, days)):
                return week
            week = week.back()
        return None

    async def _send(self, prepared: Prepared | None, work: SummaryWork, now: datetime) -> None:
        if prepared is None:
            return
        coordinators = tuple(await work.people.with_role(Role.COORDINATOR))
        await self._say(work, prepared, EVERYONE, coordinators, now)
        for person in prepared.coaches:
            # Who is both reads the figures of all.
            reads = () if person.acts_as(Role.COORDINATOR) else (person,)
            await self._say(work, prepared, own(person), reads, now)

    async def _say(
        self,
        work: SummaryWork,
        prepared: Prepared,
        audience: Audience,
        readers: tuple[Person, ...],
        now: datetime,
    ) -> None:
        week, figures, corrected = prepared.week, prepared.figures[audience], None
        if before := prepared.before:
            by_now = prepared.corrections[audience]
            corrected = await service.correct(work, before, audience.key, by_now, now)
        sent = await service.send(work, week, audience.key, figures, now)
        if sent is None:
            return
        for person in readers:
            card = self.cards.main(sent, person.language)
            card = replace(card, blocks=(*card.blocks, *_news(corrected)))
            await self._tell(work, person, sent, card, now)

    async def _tell(
        self, work: SummaryWork, person: Person, sent: Sent, card: Reply, now: datetime
    ) -> None:
        key = f"summary|{sent.week}|{person.id}"
        # Who installs the bot later gets no pile of old weeks.
        await work.outbox.add(Notice(key, card, now, person=person.id, expires=now + NEWS), now)


def _news(corrected: Sent | None) -> Iterator[Say]:
    """Say which headlines of the week before are not what they were when they were sent."""
    if corrected is None or corrected.corrected is None:
        return
    names = corrections.changed(corrected.figures, corrected.corrected)
    known = [name for name in headlines(corrected.audience) if name in names]
    if known:
        yield Say("summary.earlier", {"week": corrected.week.number}, "subtle")
    for name in known:
        yield changed(name, corrected.figures, corrected.corrected)
