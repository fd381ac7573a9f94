"""Sends the weekly summary on the first open day of a week, once to each who gets it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.core.reply import Reply, Say
from bot.dialogs.ports import SummaryWork
from bot.dialogs.summary_cards import Cards, changed, headlines
from bot.dialogs.summary_week import Loaded, PollsOf, load_week
from bot.occasions.service import Recorded, Timed
from bot.outbox.model import Notice
from bot.people.model import Person, Role
from bot.summary import rules, service
from bot.summary.model import EVERYONE, NOWHERE, Audience, Figures, Sent, Value, Week
from bot.worktime.worktime import WorkTime

Opens = Callable[[], AbstractAsyncContextManager[SummaryWork]]


@dataclass(frozen=True)
class Prepared:
    """What is about to be sent: a week, and the week before it as it is by now."""

    week: Loaded
    before: Loaded


@dataclass(frozen=True)
class Weekly:
    """Fulfils `bot.app.Job`.

    `timed` has an occasion on each day of the week from the one that the college chose: the first
    that is open sends. What is counted is read before the transaction that sends, for that is long
    and nobody else can write meanwhile.
    """

    reading: Opens
    timed: Timed[SummaryWork]
    college: WorkTime
    cards: Cards
    polls: PollsOf | None = None

    async def next_due(self, after: datetime) -> datetime:
        return await self.timed.next_due(after)

    async def run(self, now: datetime) -> list[Recorded]:
        prepared = await self._prepare(now)
        return await replace(self.timed, use_case=partial(self._send, prepared)).run(now)

    async def as_now(self, week: Week, audience: Audience, now: datetime) -> Sent:
        """Return a week as it is by now, beside what was sent of it, if it was."""
        async with self.reading() as work:
            loaded = await load_week(work, self.college, week, self.polls)
            earlier = await load_week(work, self.college, week.back())
            known = await work.summaries.get(week, audience.key)
        draft = Sent(week, audience.key, now, loaded.figures(audience))
        before = _before(draft, earlier.figures(audience))
        draft = replace(draft, figures=replace(draft.figures, before=before))
        if known is None or not rules.changed(known.figures, draft.figures):
            return draft
        return replace(known, corrected=draft.figures, corrected_at=known.corrected_at or now)

    async def _prepare(self, now: datetime) -> Prepared | None:
        """Return what is to be sent; None on a closed day, too early, and when it was sent."""
        local = now.astimezone(self.college.zone)
        rule = self.timed.rule
        early = local.time() < rule.at or local.weekday() not in rule.weekdays
        if early or not self.college.open_on(local.date()):
            return None
        week = Week.of(local.date()).back()
        async with self.reading() as work:
            first = await work.figures.first()
            begun = first is not None and first < week.span(self.college.zone).end
            if not begun or await work.summaries.get(week, EVERYONE.key):
                return None
            return Prepared(
                await load_week(work, self.college, week, self.polls),
                await load_week(work, self.college, week.back()),
            )

    async def _send(self, prepared: Prepared | None, work: SummaryWork, now: datetime) -> None:
        if prepared is None:
            return
        await self._say(work, prepared, EVERYONE, await _coordinators(work), now)
        for coach in await work.people.coaches():
            person = coach.person
            audience = Audience(person.location or NOWHERE, person.id)
            # Who is both reads the figures of all.
            reads = () if Role.COORDINATOR in person.roles else (person,)
            await self._say(work, prepared, audience, reads, now)

    async def _say(
        self,
        work: SummaryWork,
        prepared: Prepared,
        audience: Audience,
        readers: tuple[Person, ...],
        now: datetime,
    ) -> None:
        earlier = prepared.before.figures(audience)
        corrected = await service.correct(work, prepared.before.week, audience.key, earlier, now)
        week = prepared.week.week
        draft = Sent(week, audience.key, now, prepared.week.figures(audience))
        figures = replace(draft.figures, before=_before(draft, earlier))
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
        await work.outbox.add(Notice(key, card, now, person=person.id), now)


def _before(draft: Sent, earlier: Figures) -> dict[str, Value]:
    """Return the headlines of the week before, if the bot was used in it."""
    if not earlier.number("messages"):
        return {}
    return {name: earlier.values.get(name) for name in headlines(draft)}


async def _coordinators(work: SummaryWork) -> tuple[Person, ...]:
    return tuple(await work.people.with_role(Role.COORDINATOR))


def _news(corrected: Sent | None) -> Iterator[Say]:
    """Say which headlines of the week before are not what they were when they were sent."""
    if corrected is None or corrected.corrected is None:
        return
    names = rules.changed(corrected.figures, corrected.corrected)
    known = [name for name in headlines(corrected) if name in names]
    if known:
        yield Say("summary.earlier", {"week": corrected.week.number}, "subtle")
    for name in known:
        yield changed(name, corrected.figures, corrected.corrected)
