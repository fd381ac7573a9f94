"""Opens the program: what comes in, who answers, and what happens at its time. Open it first.

A message comes in through a channel, `App.bot` answers it, and the channel shows the replies:

    channel -> dialogs.root -> (people, knowledge) -> store        one turn, one transaction

`setup` reads what the college set up, `assembly` puts the conversations together of that. This
module and `assembly` alone name concrete classes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4

from bot.assembly import Conversations, assemble
from bot.core.clock import Clock
from bot.core.delivery import Sender
from bot.core.jobs import Job
from bot.core.moments import WEEK
from bot.core.reply import Channel, Incoming
from bot.core.reply import Sender as From
from bot.core.turn import Known, Turned
from bot.dialogs.clockwork import Clockwork
from bot.dialogs.meeting import Finder, Meeting
from bot.dialogs.poll_clock import PollClock
from bot.dialogs.poll_news import PollNews
from bot.dialogs.ports import SummaryWork
from bot.dialogs.root import Root
from bot.dialogs.strangers import Strangers
from bot.dialogs.summary_cards import Cards
from bot.dialogs.summary_clock import Weekly
from bot.dialogs.summary_pictures import Pictures
from bot.dialogs.summary_polls import Rounds
from bot.dialogs.walkin_clock import WalkInClock
from bot.dialogs.walkin_feed import Publisher
from bot.dialogs.walkin_news import News
from bot.i18n.text import Texts
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.live import FaqIndex
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.meaning import WordVectors
from bot.occasions.model import Rule
from bot.occasions.service import Timed
from bot.outbox.model import NO_LIMITS, TEAMS_LIMITS
from bot.outbox.relay import FAREWELL, Relay
from bot.outbox.service import Courier, Ledger
from bot.people import service as people
from bot.people.college_file import read_college
from bot.people.ports import PeopleWork
from bot.polls.frame import Secrecy
from bot.retention import rules as retention_rules
from bot.settings import Settings
from bot.setup import Setup, retention_of, seal_of, setup_of
from bot.store import schema
from bot.store.work import Store, Work
from bot.worktime.worktime import WorkTime

log = logging.getLogger(__name__)

LIMITS = {Channel.TEAMS: TEAMS_LIMITS, Channel.CONSOLE: NO_LIMITS}


@dataclass(frozen=True)
class Front:
    """What a channel is handed: answers, and says what was stored."""

    root: Root
    strangers: Strangers
    courier: Courier
    reading: Callable[[], AbstractAsyncContextManager[PeopleWork]]

    async def known(self, sender: From) -> Known:
        """Return how well who speaks is known; not, when that cannot be read."""
        try:
            async with self.reading() as work:
                return await people.known(work, sender)
        except Exception as error:  # noqa: BLE001 (they are looked up; of a message the turn tells what is wrong)
            # Not the error's own words: a library may repeat in them what was typed.
            log.error("who speaks could not be read: %s", type(error).__name__)  # noqa: TRY400 (see above)
            return Known.NOT

    async def on_turn(self, incoming: Incoming) -> Turned:
        return await self.root.on_turn(incoming)

    async def wait(self, incoming: Incoming) -> Turned:
        return await self.strangers.wait(incoming)

    async def meet(self, sender: From, channel: Sender) -> bool:
        return await self.strangers.meet(sender, lambda turned: self.send(turned, channel))

    async def leave(self, incoming: Incoming) -> None:
        await self.strangers.leave(incoming.sender, incoming.where)

    async def send(self, turned: Turned, channel: Sender) -> bool:
        if not turned.mine:
            return True
        return await self.courier.send(turned.messages, channel, turned.until, turned.ahead)


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

    def meeting(
        self, finders: Mapping[Channel, Finder], senders: Mapping[Channel, Sender]
    ) -> Meeting:
        """Return what answers strangers once one of these can say who they are."""
        return Meeting(
            self.bot.strangers,
            finders,
            lambda sender: self.bot.meet(sender, senders[sender.channel]),
        )


@asynccontextmanager
async def build(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database and wire the parts; raises a BotError when it cannot start.

    The database must be at the newest migration (`vraagbaak db upgrade`).
    """
    college = read_college(settings.college_file)
    faq = load_faq(shipped_folder())
    await schema.require_current(settings.database)
    vectors = WordVectors.shipped() if settings.semantic else None
    index = FaqIndex(faq, shipped_synonyms(), vectors)
    seal = seal_of(settings)
    async with Store.open(settings.database, seal) as store:
        secrecy = Secrecy(lambda work: work.ballots, store) if seal else None
        app = _app(settings, clock, store, index, setup_of(settings, college, secrecy))
        try:
            yield app
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await app.ledger.flush()


def _app(settings: Settings, clock: Clock, store: Store, index: FaqIndex, setup: Setup) -> App:
    conversations = assemble(store.begin, store.reading, clock, index, setup)
    ledger, root = Ledger(store.begin), conversations.root
    strangers = Strangers(
        *(store.begin, store.reading, clock, root.on_turn),
        *(setup.language, setup.student_number, root.ask.urgent),
    )
    agenda, charts = conversations.agenda, conversations.cards.links
    return App(
        settings=settings,
        clock=clock,
        store=store,
        texts=Texts(setup.coach_title),
        bot=Front(root, strangers, Courier(clock, ledger), store.reading),
        ledger=ledger,
        jobs=_jobs(settings, store, conversations, setup),
        college=setup.college,
        calendars=Publisher(store.reading, agenda, setup.links, clock) if setup.links else None,
        pictures=Pictures(store.reading, charts, clock) if charts else None,
    )


def _jobs(settings: Settings, store: Store, conversations: Conversations, setup: Setup) -> Jobs:
    news, poll_news = News(conversations.agenda), PollNews(setup.zone)
    return Jobs(
        retention=_retention(settings, store),
        questions=Clockwork(store.begin, conversations.desk),
        walkin=WalkInClock(store.begin, news),
        polls=PollClock(store.begin, setup.college, setup.secrecy, poll_news),
        summary=_weekly(settings, store, conversations.cards, setup.college),
    )


def _retention(settings: Settings, store: Store) -> Timed[Work]:
    """Return what forgets texts daily."""
    return Timed(
        store.begin,
        settings.zone,
        "retention",
        Rule(retention_rules.AT),
        retention_of(settings).forget,
        retention_rules.LATE,
    )


def _weekly(settings: Settings, store: Store, cards: Cards, college: WorkTime) -> Weekly:
    """Return what sends the summary of a week."""
    day, at = settings.summary_at.split()
    rule = Rule(time.fromisoformat(at))

    async def nothing(_work: SummaryWork, _now: datetime) -> None:
        """Stand in the place of what `Weekly` prepares for each occasion."""

    timed: Timed[SummaryWork] = Timed(
        store.begin, college.zone, "summary", rule, nothing, timedelta(weeks=1)
    )
    return Weekly(
        store.reading,
        timed,
        college,
        cards,
        lambda work: Rounds(work, college.zone),
        begins=WEEK.index(day),
    )
