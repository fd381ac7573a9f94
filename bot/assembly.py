"""Puts the conversations together, of what a college set up: for the program and for its tests.

root -> the conversation that a message or a button is for -> what they share: desk, agenda
"""

from dataclasses import dataclass

from bot.core.clock import Clock
from bot.dialogs.afterwards import Afterwards
from bot.dialogs.answering import Answering
from bot.dialogs.articles import Articles
from bot.dialogs.asides import Asides
from bot.dialogs.ask import Ask
from bot.dialogs.claim import Claiming
from bot.dialogs.closing import Closing
from bot.dialogs.coach import CoachCard
from bot.dialogs.compose import Compose
from bot.dialogs.curate import Curate
from bot.dialogs.desk import Desk
from bot.dialogs.duty import Duty
from bot.dialogs.following import Following
from bot.dialogs.help import Help
from bot.dialogs.helping import Helping
from bot.dialogs.nearby import Nearby
from bot.dialogs.passing import Passing
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_presses import poll_presses
from bot.dialogs.ports import Begin
from bot.dialogs.presses import Dialogs, presses
from bot.dialogs.profile import Profile
from bot.dialogs.question import Asking
from bot.dialogs.root import Root
from bot.dialogs.sending import Sending
from bot.dialogs.summary import Summary
from bot.dialogs.summary_cards import Cards
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_hours import Hours
from bot.dialogs.walkin_news import News
from bot.dialogs.walkin_presses import walkin_presses
from bot.dialogs.walkin_queue import Door
from bot.dialogs.walkin_visits import Visits
from bot.knowledge.live import FaqIndex, Reading
from bot.setup import Setup
from bot.summary.links import Links as ChartLinks
from bot.walkin.links import Links


@dataclass(frozen=True)
class Conversations:
    """Who answers, and what else works with: the jobs, and the pages that are read over HTTP."""

    root: Root
    desk: Desk
    agenda: Agenda
    cards: Cards


def assemble(
    begin: Begin, reading: Reading, clock: Clock, index: FaqIndex, setup: Setup
) -> Conversations:
    """Return all conversations, each with what it needs of the others."""
    nearby = Nearby(setup.college, setup.weights)
    desk = Desk(
        nearby,
        setup.times,
        setup.quiet_days,
        setup.remind_days,
        Articles(index, setup.fields),
        setup.language,
    )
    agenda = Agenda(nearby, setup.walkin, setup.links)
    cards = Cards(setup.zone, _chart_links(setup.links))
    coach = CoachCard(setup.fields, nearby)
    compose = Compose(index, setup.fields, nearby, setup.times)
    ask = Ask(
        index=index,
        thresholds=setup.thresholds,
        fields=setup.fields,
        student_number=setup.student_number,
        zone=setup.zone,
        coach=coach,
        compose=compose,
        help=Help(calendars=setup.links is not None),
    )
    dialogs = _dialogs(ask, desk, cards, setup)
    root = Root(
        begin=begin,
        reading=reading,
        index=index,
        clock=clock,
        language=setup.language,
        coach_title=setup.coach_title,
        ask=ask,
        profile=dialogs.profile,
        coach=coach,
        following=dialogs.following,
        asides=Asides(setup.zone),
        presses={
            **presses(dialogs),
            **walkin_presses(_door(agenda, dialogs, setup)),
            **poll_presses(PollAnswers(setup.college, setup.secrecy, setup.student_number)),
        },
    )
    return Conversations(root, desk, agenda, cards)


def _dialogs(ask: Ask, desk: Desk, cards: Cards, setup: Setup) -> Dialogs:
    """Return the conversations about questions: of who asks, who helps, and who keeps the FAQ."""
    asking = Asking(desk, setup.student_number)
    helping = Helping(desk, setup.student_number)
    passing = Passing(helping)
    return Dialogs(
        ask=ask,
        profile=Profile(ask),
        sending=Sending(ask.compose, asking, setup.urgent_a_week),
        following=Following(asking),
        afterwards=Afterwards(asking),
        claiming=Claiming(helping),
        answering=Answering(helping),
        passing=passing,
        closing=Closing(helping, ask.compose),
        duty=Duty(desk, passing),
        curate=Curate(ask.index, setup.fields, setup.student_number, setup.zone),
        summary=Summary(cards),
    )


def _door(agenda: Agenda, dialogs: Dialogs, setup: Setup) -> Door:
    """Return the conversations about walk-in hours."""
    walkin = WalkIn(agenda, News(agenda), setup.student_number)
    visits = Visits(
        agenda, dialogs.ask.compose, dialogs.claiming, dialogs.curate, setup.student_number
    )
    return Door(Hours(walkin), visits)


def _chart_links(links: Links | None) -> ChartLinks | None:
    """Return what makes addresses of pictures, where there are addresses."""
    return ChartLinks(links.base, links.secret) if links else None
