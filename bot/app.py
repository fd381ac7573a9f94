"""Puts everything together. The only module that names concrete classes: open it first.

A message comes in through a channel, `App.bot` answers it, and the channel shows the replies:

    channel -> dialogs.root -> (people, knowledge) -> store        one turn, one transaction
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from uuid import uuid4

from bot.core.clock import Clock
from bot.core.delivery import Sender
from bot.core.moments import WEEK
from bot.core.reply import Channel, Incoming
from bot.core.turn import Turned
from bot.dialogs.afterwards import Afterwards
from bot.dialogs.answering import Answering
from bot.dialogs.articles import Articles
from bot.dialogs.asides import Asides
from bot.dialogs.ask import Ask
from bot.dialogs.claim import Claiming
from bot.dialogs.clockwork import Clockwork
from bot.dialogs.closing import Closing
from bot.dialogs.coach import CoachCard
from bot.dialogs.compose import Compose
from bot.dialogs.curate import Curate
from bot.dialogs.desk import Desk
from bot.dialogs.duty import Duty
from bot.dialogs.following import Following
from bot.dialogs.helping import Helping
from bot.dialogs.nearby import Nearby
from bot.dialogs.passing import Passing
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_clock import PollClock
from bot.dialogs.poll_news import PollNews
from bot.dialogs.poll_presses import poll_presses
from bot.dialogs.ports import SummaryWork
from bot.dialogs.presses import Dialogs, presses
from bot.dialogs.profile import Profile
from bot.dialogs.question import Asking
from bot.dialogs.root import Root
from bot.dialogs.sending import Sending
from bot.dialogs.summary import Summary
from bot.dialogs.summary_cards import Cards
from bot.dialogs.summary_clock import Weekly
from bot.dialogs.summary_pictures import Pictures
from bot.dialogs.summary_polls import Rounds
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_clock import WalkInClock
from bot.dialogs.walkin_feed import Publisher
from bot.dialogs.walkin_hours import Hours
from bot.dialogs.walkin_news import News
from bot.dialogs.walkin_presses import walkin_presses
from bot.dialogs.walkin_queue import Door
from bot.dialogs.walkin_visits import Visits
from bot.i18n.text import Texts
from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.live import FaqIndex
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Faq
from bot.knowledge.service import CollegeFields
from bot.occasions.model import Rule
from bot.occasions.service import Timed
from bot.outbox.model import NO_LIMITS, TEAMS_LIMITS
from bot.outbox.relay import FAREWELL, Relay
from bot.outbox.service import Courier, Ledger
from bot.people.college_file import CollegeFile, read_college
from bot.polls.service import Secrecy
from bot.proximity.model import weigh
from bot.retention import rules as retention_rules
from bot.retention.service import Retention
from bot.routing.model import RingTimes
from bot.settings import Settings
from bot.store import schema
from bot.store.sealing import Seal
from bot.store.work import Store, Work
from bot.summary.links import Links as ChartLinks
from bot.walkin.links import Links
from bot.walkin.model import Terms
from bot.worktime.worktime import WorkTime

LIMITS = {Channel.TEAMS: TEAMS_LIMITS, Channel.CONSOLE: NO_LIMITS}


class Job(Protocol):
    """Something that is due now and then. It may run twice without harm."""

    async def next_due(self, after: datetime) -> datetime | None:
        """Return when it is due next after then; None when nothing is in sight."""
        ...

    async def run(self, now: datetime) -> Any: ...


@dataclass(frozen=True)
class Front:
    """What a channel is handed: answers, and says what was stored."""

    root: Root
    courier: Courier

    async def on_turn(self, incoming: Incoming) -> Turned:
        return await self.root.on_turn(incoming)

    async def send(self, turned: Turned, channel: Sender) -> None:
        if turned.mine:
            await self.courier.send(turned.messages, channel, turned.until, turned.ahead)


@dataclass(frozen=True)
class Jobs:
    """What happens at its time. `scheduler/timetable.py` has a line for each."""

    retention: Timed[Work]
    questions: Clockwork
    walkin: WalkInClock
    polls: PollClock
    summary: Weekly

    def all(self) -> tuple[Job, ...]:
        return (self.retention, self.questions, self.walkin, self.polls, self.summary)


@dataclass(frozen=True)
class App:
    """The whole program, ready to answer."""

    settings: Settings
    clock: Clock
    store: Store
    texts: Texts
    bot: Front
    ledger: Ledger
    jobs: Jobs
    college: WorkTime
    calendars: Publisher | None
    pictures: Pictures | None

    def relay(self, senders: Mapping[Channel, Sender]) -> Relay:
        """Return what delivers the outbox through these channels."""
        return Relay(
            begin=self.store.begin,
            clock=self.clock,
            ledger=self.ledger,
            senders=senders,
            limits={channel: LIMITS[channel] for channel in senders},
            holder=uuid4().hex,
        )

    async def run_due(
        self, since: datetime, until: datetime, more: Sequence[Job] = ()
    ) -> AsyncIterator[datetime]:
        """Run the jobs at `since`, and at each moment up to `until` that one is due, in order.

        Yields each such moment before they run, so that the caller can move the clock there.
        """
        jobs, moment = (*self.jobs.all(), *more), since
        while True:
            for job in jobs:
                await job.run(moment)
            found = [due for job in jobs if (due := await job.next_due(moment)) is not None]
            if not found or min(found) > until:
                return
            moment = min(found)
            yield moment


@asynccontextmanager
async def build(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database and wire the parts; raises a BotError when it cannot start.

    The database must be at the newest migration (`vraagbaak db upgrade`).
    """
    college = read_college(settings.college_file)
    faq = load_faq(shipped_folder())
    await schema.require_current(settings.database)
    store = Store.open(settings.database, _seal(settings))
    try:
        app = _wire(settings, clock, college, faq, store)
        try:
            yield app
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await app.ledger.flush()
    finally:
        await store.close()


def _wire(settings: Settings, clock: Clock, college: CollegeFile, faq: Faq, store: Store) -> App:
    fields = college_fields(college, settings.coach_title)
    vectors = WordVectors.shipped() if settings.semantic else None
    index = FaqIndex(faq, shipped_synonyms(), vectors)
    weights = weigh(
        settings.place_weight, settings.organisation_weight, settings.availability_weight
    )
    open_hours = college.worktime(settings.zone)
    nearby = Nearby(open_hours, weights)
    coach = CoachCard(fields, nearby)
    times = RingTimes(settings.ring_minutes)
    compose = Compose(index, fields, nearby, times)
    articles = Articles(index, fields)
    days = (settings.quiet_days, settings.remind_days)
    desk = Desk(nearby, times, *days, articles, settings.language)
    student_number = re.compile(settings.student_number, re.IGNORECASE)
    helping = Helping(desk, student_number)
    passing = Passing(helping)
    ask = Ask(
        index=index,
        thresholds=Thresholds(settings.answer_threshold, settings.choices_threshold),
        fields=fields,
        student_number=student_number,
        zone=settings.zone,
        coach=coach,
        compose=compose,
    )
    asking = Asking(desk, student_number)
    cards = Cards(settings.zone, _chart_links(settings))
    dialogs = Dialogs(
        ask=ask,
        profile=Profile(ask),
        sending=Sending(compose, asking, settings.urgent_a_week),
        following=Following(asking),
        afterwards=Afterwards(asking),
        claiming=Claiming(helping),
        answering=Answering(helping),
        passing=passing,
        closing=Closing(helping, compose),
        duty=Duty(desk, passing),
        curate=Curate(index, fields, student_number, settings.zone),
        summary=Summary(cards),
    )
    terms = Terms(settings.walkin_open_bookings, settings.walkin_confirm_minutes)
    agenda = Agenda(nearby, terms, _links(settings))
    walkin = WalkIn(agenda, News(agenda), student_number)
    visits = Visits(agenda, compose, dialogs.claiming, dialogs.curate, student_number)
    secrecy = _secrecy(settings, store)
    answers = PollAnswers(open_hours, secrecy, student_number)
    root = Root(
        begin=store.begin,
        reading=store.reading,
        index=index,
        clock=clock,
        language=settings.language,
        coach_title=settings.coach_title,
        ask=ask,
        profile=dialogs.profile,
        coach=coach,
        following=dialogs.following,
        asides=Asides(settings.zone),
        presses={
            **presses(dialogs),
            **walkin_presses(Door(Hours(walkin), visits)),
            **poll_presses(answers),
        },
    )
    ledger = Ledger(store.begin)
    front = Front(root, Courier(clock, ledger))
    weekly = _weekly(settings, store, open_hours, cards)
    jobs = Jobs(
        retention=_retention(settings, store),
        questions=Clockwork(store.begin, desk),
        walkin=WalkInClock(store.begin, walkin.news),
        polls=PollClock(store.begin, open_hours, secrecy, PollNews(settings.zone)),
        summary=weekly,
    )
    texts = Texts(settings.coach_title)
    links = agenda.links
    calendars = Publisher(store.reading, agenda, links, clock) if links else None
    shown = cards.links
    pictures = Pictures(store.reading, shown, clock) if shown else None
    return App(settings, clock, store, texts, front, ledger, jobs, open_hours, calendars, pictures)


def _links(settings: Settings) -> Links | None:
    """Return what makes addresses of calendars; None when the college set none up."""
    secret = settings.link_secret.get_secret_value()
    return Links(settings.public_url, secret) if settings.public_url and secret else None


def _chart_links(settings: Settings) -> ChartLinks | None:
    """Return what makes addresses of pictures; None when the college set none up."""
    links = _links(settings)
    return ChartLinks(links.base, links.secret) if links else None


def _weekly(settings: Settings, store: Store, college: WorkTime, cards: Cards) -> Weekly:
    day, at = settings.summary_at.split()
    rule = Rule(time.fromisoformat(at))

    async def nothing(_work: SummaryWork, _now: datetime) -> None:
        """Stand in the place of what `Weekly` prepares for each occasion."""

    timed: Timed[SummaryWork] = Timed(
        store.begin, settings.zone, "summary", rule, nothing, timedelta(weeks=1)
    )
    return Weekly(
        store.reading,
        timed,
        college,
        cards,
        lambda work: Rounds(work, settings.zone),
        begins=WEEK.index(day),
    )


def _seal(settings: Settings) -> Seal | None:
    """Return what seals anonymous polls; None when the college set no secret for them."""
    secret = settings.poll_secret.get_secret_value()
    return Seal(secret) if secret else None


def _secrecy(settings: Settings, store: Store) -> Secrecy | None:
    """Return how anonymous rounds are kept; None when the college set no secret for them."""
    return Secrecy(lambda work: work.ballots, store) if _seal(settings) else None


def _retention(settings: Settings, store: Store) -> Timed[Work]:
    """Return what forgets texts daily."""
    retention = Retention(
        texts=timedelta(days=settings.retention_days),
        messages=timedelta(days=settings.inbox_days),
    )
    return Timed(
        store.begin,
        settings.zone,
        "retention",
        Rule(retention_rules.AT),
        retention.forget,
        retention_rules.LATE,
    )


def college_fields(college: CollegeFile, coach_title: str) -> CollegeFields:
    """Return what fills the sentences of FAQ answers at this college."""
    return CollegeFields(
        college={**college.fields, "college": college.name, "coach_title": coach_title},
        locations={place.name: place.fields for place in college.locations},
        sectors={sector.name: sector.fields for sector in college.sectors},
    )
