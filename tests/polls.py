"""An office in which polls are held: six teachers, a coordinator, and time that passes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.core.ids import RoundId
from bot.core.jobs import Job
from bot.core.poll_buttons import AnswerPoll
from bot.core.reply import Language, Reply, Sender
from bot.dialogs.poll_answers import PollAnswers
from bot.dialogs.poll_cards import thing_of
from bot.dialogs.poll_clock import PollClock
from bot.dialogs.poll_news import PollNews
from bot.dialogs.poll_presses import poll_presses
from bot.polls.model import Invitation, Poll, Round, RoundState, Vote
from bot.worktime.worktime import WorkTime
from tests import factories
from tests.chat import ANN, COORDINATOR, OPEN_ON_WEEKDAYS, SETUP
from tests.clocks import ZONE
from tests.fake_ballots import OpenSecrecy
from tests.office import AD, BEA, BOB, CAS, DEE, Office, make_office

TEACHERS = (ANN, BOB, AD, BEA, CAS, DEE)


@dataclass
class PollOffice(Office):
    """Everybody's conversation about polls."""

    college: WorkTime = OPEN_ON_WEEKDAYS
    secret: OpenSecrecy | None = None

    def with_secret(self, secret: OpenSecrecy | None) -> None:
        """Let the server have a secret for anonymous polls, or none."""
        self.secret = secret
        secrecy = secret.secrecy() if secret else None
        pressed = poll_presses(PollAnswers(self.college, secrecy, SETUP.student_number))
        root = self.chat.root
        self.chat.root = replace(root, presses={**root.presses, **pressed})

    @property
    def clock(self) -> PollClock:
        secrecy = self.secret.secrecy() if self.secret else None
        return PollClock(self.chat.store.begin, self.college, secrecy, PollNews(ZONE))

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (*super().jobs, self.clock)

    async def started(self, **changes: Any) -> Poll:
        """Store a poll of the coordinator's as it is when it was started in chat."""
        owner = await self.person(COORDINATOR)
        said = replace(factories.poll(owner=owner.id), **changes)
        async with self.chat.store.begin() as work:
            made = await work.polls.add(said)
            await work.occasions.start(thing_of(made.id), self.now)
        return made

    @property
    def rounds(self) -> list[Round]:
        return list(self.chat.store._shelves.polls.rounds.values())

    @property
    def ballots(self) -> dict[RoundId, Any]:
        return self.chat.store._shelves.polls.ballots

    @property
    def foreign(self) -> set[RoundId]:
        """The rounds that were begun with another secret than the server has by now."""
        return self.chat.store._shelves.polls.foreign

    async def invitations(self, which: RoundId) -> list[Invitation]:
        async with self.chat.store.reading() as work:
            return list(await work.polls.invitations(which))

    async def vote(self, which: RoundId, who: Sender) -> Vote:
        async with self.chat.store.reading() as work:
            return await work.polls.vote(which, (await self.person(who)).id)

    async def card(self, who: Sender) -> Reply:
        """Return the newest card that asks somebody something."""
        theirs = [one for one in await self.told(who) if one.view == "poll.question"]
        return theirs[-1]

    async def answer(self, who: Sender, *values: str) -> None:
        """Let somebody answer the questions of the newest round."""
        which = self.rounds[-1].id
        for number, value in enumerate(values):
            pressed = AnswerPoll(round=which, question=number, value=value)
            assert (await self.press(pressed, who)).view in ("poll.question", "poll.thanks")

    @property
    def states(self) -> list[RoundState]:
        return [one.state for one in self.rounds]


async def make_poll_office(language: Language = "nl") -> PollOffice:
    """Open the office on a Monday at ten, minutes before a poll of that day would open."""
    office = await make_office(language=language)
    for who in TEACHERS:
        await office.change(who, name=who.name)
    polls = PollOffice(office.chat, office.numbers)
    polls.with_secret(OpenSecrecy())
    return polls


def soon(office: PollOffice, minutes: int = 5, every: int = 1, **changes: Any) -> Any:
    """Return a schedule whose first round opens in so many minutes."""
    local = (office.now + timedelta(minutes=minutes)).astimezone(ZONE)
    at = local.time().replace(second=0, microsecond=0)
    return replace(factories.poll().schedule, first=local.date(), at=at, every=every, **changes)
