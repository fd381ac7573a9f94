"""Sends the weekly summary on the first open day from its weekday on, once to each who gets it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.core.reply import Reply, Say
from bot.dialogs.ports import SummaryWork
from bot.dialogs.summary_cards import Cards, changed, headlines
from bot.dialogs.summary_week import Loaded, PollsOf, load_week
from bot.occasions.service import Recorded, Timed
from bot.outbox.model import Notice
from bot.people.model import Person, Role
from bot.summary import rules, service
from bot.summary.model import DAYS, EVERYONE, Audience, Figures, Sent, Week
from bot.worktime.worktime import WorkTime

NEWS = timedelta(weeks=1)
"""How long a summary is news: then there is the next."""
Opens = Callable[[], AbstractAsyncContextManager[SummaryWork]]


@dataclass(frozen=True)
class Prepared:
    """What is about to be sent of a week, by audience: its figures, and those of the week before.

    Both as they are by now.
    """

    week: Week
    coaches: tuple[Person, ...]
    figures: Mapping[Audience, tuple[Figures, Figures]]


@dataclass(frozen=True)
class Weekly:
    """Fulfils `bot.app.Job`.

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

    async def next_due(self, after: datetime) -> datetime:
        return await self.timed.next_due(after)

    async def run(self, now: datetime) -> list[Recorded]:
        prepared = await self._prepare(now)
        return await replace(self.timed, use_case=partial(self._send, prepared)).run(now)

    async def as_now(self, week: Week, audience: Audience, now: datetime) -> Sent:
        """Return a week as it is by now, beside what was sent of it, if it was."""
        async with self.reading() as work:
            loaded = await load_week(work, self.college, week, self.polls)
            earlier = await load_week(work, self.college, week.back(), later=loaded)
            known = await work.summaries.get(week, audience.key)
        figures, _ = _beside(loaded.figures(audience), earlier.figures(audience), audience)
        if known is None or known.figures.location != figures.location:
            return Sent(week, audience.key, now, figures)
        figures = rules.as_felt(known.figures, figures)
        if not rules.changed(known.figures, figures):
            return Sent(week, audience.key, now, figures)
        return replace(known, corrected=figures, corrected_at=known.corrected_at or now)

    async def _prepare(self, now: datetime) -> Prepared | None:
        """Return what is to be sent; None on a closed day, too early, and when it was sent."""
        local = now.astimezone(self.college.zone)
        if local.time() < self.timed.rule.at or not self.college.open_on(local.date()):
            return None
        async with self.reading() as work:
            if not await self.timed.is_due(work, now):
                return None
            first = await work.figures.first()
            week = self._newest(local.date(), first) if first else None
            if week is None or await work.summaries.get(week, EVERYONE.key):
                return None
            loaded = await load_week(work, self.college, week, self.polls)
            earlier = await load_week(work, self.college, week.back(), later=loaded)
            coaches = tuple(one.person for one in await work.people.coaches())
        # Of many coaches and ratings it takes a second or more: meanwhile others are answered.
        figures = await asyncio.to_thread(_figures, loaded, earlier, coaches)
        return Prepared(week, coaches, figures)

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
            reads = () if Role.COORDINATOR in person.roles else (person,)
            await self._say(work, prepared, _own(person), reads, now)

    async def _say(
        self,
        work: SummaryWork,
        prepared: Prepared,
        audience: Audience,
        readers: tuple[Person, ...],
        now: datetime,
    ) -> None:
        week, (figures, earlier) = prepared.week, prepared.figures[audience]
        corrected = await service.correct(work, week.back(), audience.key, earlier, now)
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


def _own(coach: Person) -> Audience:
    """Return whose figures a coach reads: without a location, those of all."""
    return Audience(coach.location, coach.id)


def _figures(
    loaded: Loaded, earlier: Loaded, coaches: Iterable[Person]
) -> Mapping[Audience, tuple[Figures, Figures]]:
    return {
        one: _beside(loaded.figures(one), earlier.figures(one), one)
        for one in (EVERYONE, *map(_own, coaches))
    }


def _beside(figures: Figures, earlier: Figures, audience: Audience) -> tuple[Figures, Figures]:
    """Return figures with the headlines of the week before, if the bot was used in it."""
    names = headlines(audience.key) if earlier.number("messages") else ()
    before = {name: earlier.values.get(name) for name in names}
    return replace(figures, before=before), earlier


def _news(corrected: Sent | None) -> Iterator[Say]:
    """Say which headlines of the week before are not what they were when they were sent."""
    if corrected is None or corrected.corrected is None:
        return
    names = rules.changed(corrected.figures, corrected.corrected)
    known = [name for name in headlines(corrected.audience) if name in names]
    if known:
        yield Say("summary.earlier", {"week": corrected.week.number}, "subtle")
    for name in known:
        yield changed(name, corrected.figures, corrected.corrected)
