"""Puts everything together. The only module that names concrete classes: open it first.

A message comes in through a channel, `App.bot` answers it, and the channel shows the replies:

    channel -> dialogs.root -> (people, knowledge) -> store        one turn, one transaction
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.clock import Clock
from bot.dialogs.ask import Ask
from bot.dialogs.coach import CoachCard
from bot.dialogs.profile import Profile
from bot.dialogs.root import Root
from bot.i18n.text import Texts
from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.model import Faq
from bot.knowledge.service import CollegeFields, FaqIndex
from bot.people.college_file import CollegeFile, read_college
from bot.retention.service import Retention
from bot.settings import Settings
from bot.store import schema
from bot.store.work import Store


class Job(Protocol):
    """Something that is due now and then. It may run twice without harm."""

    def next_due(self, after: datetime) -> datetime: ...

    async def run(self, now: datetime) -> Any: ...


@dataclass(frozen=True)
class App:
    """The whole program, ready to answer."""

    settings: Settings
    clock: Clock
    store: Store
    texts: Texts
    bot: Root
    jobs: tuple[Job, ...]

    async def run_due(self, since: datetime, until: datetime) -> AsyncIterator[datetime]:
        """Run each job at each of its moments between two times, in their order.

        Yields each moment before its job runs, so that the caller can move the clock there.
        """
        while True:
            moment, job = min(
                ((job.next_due(since), job) for job in self.jobs), key=lambda due: due[0]
            )
            if moment > until:
                return
            yield moment
            await job.run(moment)
            since = moment


@asynccontextmanager
async def build(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database and wire the parts; raises a BotError when it cannot start.

    The database must be at the newest migration (`vraagbaak db upgrade`).
    """
    college = read_college(settings.college_file)
    faq = load_faq(shipped_folder())
    await schema.require_current(settings.database)
    store = Store.open(settings.database)
    try:
        yield _wire(settings, clock, college, faq, store)
    finally:
        await store.close()


def _wire(settings: Settings, clock: Clock, college: CollegeFile, faq: Faq, store: Store) -> App:
    fields = college_fields(college, settings.coach_title)
    index = FaqIndex(faq, shipped_synonyms())
    coach = CoachCard(fields)
    ask = Ask(
        index=index,
        thresholds=Thresholds(settings.answer_threshold, settings.choices_threshold),
        fields=fields,
        student_number=re.compile(settings.student_number, re.IGNORECASE),
        zone=settings.zone,
        coach=coach,
    )
    root = Root(
        begin=store.begin,
        reading=store.reading,
        index=index,
        clock=clock,
        language=settings.language,
        coach_title=settings.coach_title,
        ask=ask,
        profile=Profile(ask),
        coach=coach,
    )
    retention = Retention(
        begin=store.begin,
        zone=settings.zone,
        texts=timedelta(days=settings.retention_days),
        messages=timedelta(days=settings.inbox_days),
    )
    return App(settings, clock, store, Texts(settings.coach_title), root, (retention,))


def college_fields(college: CollegeFile, coach_title: str) -> CollegeFields:
    """Return what fills the sentences of FAQ answers at this college."""
    return CollegeFields(
        college={**college.fields, "college": college.name, "coach_title": coach_title},
        locations={place.name: place.fields for place in college.locations},
        sectors={sector.name: sector.fields for sector in college.sectors},
    )
