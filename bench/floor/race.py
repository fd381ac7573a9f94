"""A hundred coaches press at the same moment, again and again, and all is counted."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.floor.board import Board
from bench.floor.course import Course, Racers, Races, course
from bench.floor.crowd import ASKER, COACHES, PRESSING, gather_crowd, name_of, place, sender
from bench.floor.databases import New
from bench.floor.lanes import Ran
from bench.floor.racer import CLAIM, WRITE
from bot.app import App
from bot.core.buttons import SendQuestion
from bot.core.clock import MovableClock
from bot.core.ids import QuestionId
from bot.core.reply import Channel, Incoming
from bot.outbox.model import NO_LIMITS
from bot.outbox.relay import Relay
from bot.routing import service as routing
from bot.routing.model import Act, Draft, Question, Source

SOON = timedelta(seconds=10)  # when the relay sends what nobody else did
LATER = timedelta(days=7)  # when all that still waits is sent
WIDER = 2  # rings to go: the first is asked as soon as a question is sent


@dataclass(frozen=True)
class Plan:
    """Who race on what, how often; `guarded`: with the condition in the write."""

    database: str
    processes: int
    rounds: int
    presses: int = len(PRESSING)
    guarded: bool = True


@dataclass
class Raced(Races[Plan]):
    """What came of all rounds, counted. The floor is nothing but the write."""

    told: int = 0
    events: int = 0
    askers_told: int = 0
    wrong_cards: list[str] = field(default_factory=list)
    spared: int = 0
    written: int = 0

    @property
    def winners(self) -> int:
        return sum(len(one.firsts) for one in self.races)

    @property
    def errors(self) -> int:
        """Presses that neither won nor were told who did."""
        return self.presses - self.winners - self.told

    @property
    def winner_took(self) -> float:
        """How long a winner waited, the median."""
        firsts = [one for race in self.races for one in race.firsts]
        return float(statistics.median(one["ended"] - one["begun"] for one in firsts))

    @property
    def wrong(self) -> bool:
        counts = {self.winners, self.events, self.askers_told, self.written}
        whole = self.presses == self.plan.rounds * self.plan.presses
        return counts != {self.plan.rounds} or not whole or bool(self.errors or self.wrong_cards)


@dataclass(frozen=True)
class Track:
    """The course, and the board on which the cards of its crowd hang."""

    course: Course[None]
    board: Board

    @property
    def app(self) -> App:
        return self.course.app

    async def round(self, number: int, into: Raced) -> None:
        """Race once for a question, look at all that came of it, and race once for the floor."""
        plan, key = into.plan, f"{number}|{into.plan.guarded}"
        question = await self.ask(key)
        ran = await self.claim(question, plan)
        into.races.append(ran)
        await self.send(LATER)
        await self.look(question, ran, into)
        bare = await self.write(key, plan)
        into.floor.append(bare)
        into.written += sum(one["won"] for one in bare.presses)

    async def ask(self, key: str) -> Question:
        """Send a question, offer it to every coach, and let the cards of who works now arrive."""
        text = f"Hoe zet ik toets {key} klaar?"
        button = SendQuestion(text=text, draft=key).encode()
        asked = Incoming(sender(ASKER), f"ask|{key}", button=button, place=place(ASKER))
        (reply,) = (await self.app.bot.on_turn(asked)).replies
        now, desk = self.app.clock.now(), self.app.jobs.questions.desk
        question = await self.found(QuestionId(int(reply.subject.partition(":")[2])))
        async with self.app.store.begin() as work:
            for _ in range(WIDER):
                question = await desk.offer(work, question, now)
            offers = await work.questions.offers(question.id)
        if {one.ring for one in offers} != {1, 2, 3} or len(offers) != len(COACHES):
            raise SystemExit(f"{len(offers)} of {len(COACHES)} coaches were offered the question")
        await self.send(SOON)
        return question

    async def send(self, ahead: timedelta) -> None:
        """Let all arrive that is due so much later than now."""
        clock = MovableClock(self.app.clock, ahead)
        senders, limits = {Channel.TEAMS: self.board}, {Channel.TEAMS: NO_LIMITS}
        store, ledger = self.app.store, self.app.ledger
        await Relay(store.begin, clock, ledger, senders, limits, "w1").run(clock.now())

    async def claim(self, question: Question, plan: Plan) -> Ran:
        """Let coaches press 'ik pak hem op' on the card that they have, in no order."""
        cards = self.board.cards(question.subject)
        pressed = [
            (who, f"press|{question.id}|{who}", cards[place(who).conversation][0][0])
            for who in self.course.random.sample(PRESSING, plan.presses)
        ]
        order = {"what": CLAIM, "question": question.id, "guarded": plan.guarded}
        return await self.course.race(order, pressed)

    async def look(self, question: Question, ran: Ran, into: Raced) -> None:
        """Count what was said to whom, what is stored, and what shows."""
        async with self.app.store.reading() as work:
            found = await work.questions.get(question.id)
            happened = await work.questions.events(question.id)
            coaches = {one.person.id: one.person.name for one in await work.people.coaches()}
        holder = coaches.get(found.holder, "") if found and found.holder else ""
        winner = next((who for who in PRESSING if name_of(who) == holder), ASKER)
        into.told += ran.told(winner)
        into.events += sum(one.act is Act.CLAIM for one in happened)
        into.askers_told += self.board.told(question.code).count(holder)
        into.wrong_cards += self.board.wrong(question.subject, winner)
        into.spared += self.board.spared(question.subject)

    async def write(self, key: str, plan: Plan) -> Ran:
        """Let as many race for a question with nothing but the write that decides."""
        asker = (await self.found(QuestionId(1))).asker
        draft = Draft(f"floor|{key}", asker, "Hoe?", Source.DIRECT, "nl")
        async with self.app.store.begin() as work:
            question, _ = await routing.send(work, draft, self.app.clock.now())
        order = {"what": WRITE, "question": question.id}
        return await self.course.race(order, [(who,) for who in PRESSING[: plan.presses]])

    async def found(self, which: QuestionId) -> Question:
        async with self.app.store.reading() as work:
            question = await work.questions.get(which)
        assert question  # noqa: S101 (it was just made)
        return question


async def raced(plans: Sequence[Plan], new: New, folder: Path) -> list[Raced]:
    """Carry plans out in the same college: one after the other."""
    found, first = [], plans[0]
    racers = Racers(first.processes, "racer.py")
    async with course(new(first.database), folder, gather_crowd, racers) as here:
        track = Track(here, Board())
        for plan in plans:
            one = Raced(plan)
            for number in range(plan.rounds):
                await track.round(number, one)
            found.append(one)
    return found
