"""A reference college that is asked something: everybody was met in Teams, and a round is open."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from datetime import time as of_day
from itertools import count
from pathlib import Path
from typing import Any

from bench.floor.fan import PATIENCE, TENANT, Plan, worker
from bench.floor.servers import Server, prepare
from bot.app import App, build
from bot.core.clock import SystemClock
from bot.core.delivery import Message
from bot.core.ids import PersonId, PollId, RoundId
from bot.core.poll_buttons import AnswerPoll
from bot.core.reply import Channel, Incoming, Place, Sender
from bot.dialogs.poll_audience import load_candidates
from bot.polls import service as polls
from bot.polls.frame import Frame
from bot.polls.model import (
    Asks,
    Audience,
    Breakdown,
    Form,
    Kind,
    Planned,
    Poll,
    Round,
    Schedule,
)
from bot.settings import read_settings

COLLEGES = {150: "kerncollege", 950: "innovatiecollege"}
"""By how many teachers they have."""
SECRET = "a-long-and-random-text-of-the-bench"  # noqa: S105 (of this bench alone)
LANES = 16
SCALE = "12345"
PULSE = Form(
    title="Weekpeiling",
    questions=(
        Asks(Kind.SCALE, "Hoe dichtbij voelde de hulp?", low="ver weg", high="dichtbij"),
        Asks(Kind.SCALE, "Hoe zeker voel je je?", low="onzeker", high="zeker"),
    ),
    breakdown=Breakdown.LOCATION,
)


class Takes:
    """A way out that takes everything at once."""

    def __init__(self) -> None:
        self._numbers = count()

    async def deliver(self, message: Message) -> str:
        del message
        return f"taken-{next(self._numbers)}"


@dataclass(frozen=True)
class Crowd:
    """The whole program on a database, and who is asked; `port` is where Teams listens."""

    app: App
    people: tuple[Sender, ...]
    ids: tuple[PersonId, ...]
    port: int

    def place(self, who: Sender) -> Place:
        return Place(
            Channel.TEAMS,
            f"a:{who.address}",
            who.address,
            service=f"http://127.0.0.1:{self.port}/",
            tenant=TENANT,
            bot="28:bot",
        )


@asynccontextmanager
async def crowd(folder: Path, database: str, port: int, most: int) -> AsyncIterator[Crowd]:
    """Make a college in an empty folder; its first teachers, at most so many, have been met."""
    name = next(name for size, name in COLLEGES.items() if size >= most)
    named = await prepare(folder, database, name)
    settings = read_settings(
        database_url=named["VRAAGBAAK_DATABASE_URL"],
        college_file=named["VRAAGBAAK_COLLEGE_FILE"],
        poll_secret=SECRET,
    )
    async with build(settings, SystemClock()) as app:
        async with app.store.begin() as work:
            found = [one.person for one in await load_candidates(work, Audience())][:most]
            known = await work.people.by_ids(found)
            senders = [Sender(Channel.TEAMS, f"29:{one.id}", one.name, one.email) for one in known]
            met = Crowd(app, tuple(senders), tuple(one.id for one in known), port)
            for who in met.people:
                await work.people.register(who, "nl")
                await work.addresses.reach(Channel.TEAMS, who.address, met.place(who))
        yield met


async def open_round(met: Crowd) -> Round:
    """Open a round of the pulse for everybody who was met, now; nobody is told of it yet."""
    now, college = met.app.clock.now(), met.app.college
    local = now.astimezone(college.zone).replace(tzinfo=None, second=0, microsecond=0)
    schedule = Schedule(date(2020, 1, 6), of_day(9), every=0)
    secrecy = met.app.jobs.polls.secrecy
    async with met.app.store.begin() as work:
        owner = met.ids[0]
        poll = await work.polls.add(Poll(PollId(0), owner, PULSE, Audience(), schedule))
        known = {*met.ids}
        asked = [one for one in await load_candidates(work, Audience()) if one.person in known]
        frame = Frame(college, secrecy, now)
        opened = await polls.open_round(work, poll, Planned(local, now), asked, frame)
    assert isinstance(opened, Round)  # noqa: S101 (there are enough people, and a secret)
    return opened


@dataclass(frozen=True)
class Delivered:
    """When each person's invitation arrived, in seconds from when all were written, in order."""

    wrote: float
    firsts: tuple[float, ...]
    throttled: int
    repeats: int


async def deliver(met: Crowd, connector: Server, database: str) -> Delivered:
    """Let the clock write the invitations, and a worker process deliver them."""
    start = time.monotonic()
    await met.app.jobs.polls.run(met.app.clock.now())
    written = time.monotonic()
    plan = Plan(database)
    async with worker(plan, met.app.settings.database, "worker") as one:
        await one.ready()
        begun = time.monotonic()
        await _empty(met.app)
        await one.end()
    told = await connector.told("/told")
    first: dict[str, float] = {}
    for at, where, _ in told["arrived"]:
        first.setdefault(where, at - begun)
    return Delivered(
        written - start,
        tuple(sorted(first.values())),
        told["throttled"],
        len(told["arrived"]) - len(first),
    )


async def _empty(app: App) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with app.store.reading() as work:
                if not (await work.outbox.tally(app.clock.now())).waiting:
                    return
            await asyncio.sleep(0.2)


@dataclass(frozen=True)
class Ballot:
    """One press: who answers which question with what."""

    who: Sender
    question: int
    value: str


def ballots(people: Sequence[Sender], share: float, changed: float) -> list[Ballot]:
    """Return the presses of those who answer, both questions each; some change the first one."""
    chance = random.Random(60)
    answering = chance.sample(list(people), int(len(people) * share))
    changing = answering[: int(len(answering) * changed)]
    return [
        Ballot(who, question, chance.choice(SCALE))
        for question, group in ((0, answering), (1, answering), (0, changing))
        for who in group
    ]


def expected(presses: Sequence[Ballot]) -> Counter[tuple[int, str]]:
    """Return how often each value must be counted for each question: the last press counts."""
    last = {(one.who.address, one.question): one.value for one in presses}
    return Counter((question, value) for (_, question), value in last.items())


async def vote(met: Crowd, which: RoundId, presses: Sequence[Ballot]) -> float:
    """Press, over so many lanes; returns how long it took. Each question follows the one before."""
    start = time.monotonic()
    for question in _in_turn(presses):
        await _spread(
            met,
            [
                (one.who, AnswerPoll(round=which, question=one.question, value=one.value).encode())
                for one in question
            ],
        )
    return time.monotonic() - start


def _in_turn(presses: Sequence[Ballot]) -> Iterator[list[Ballot]]:
    """Yield presses of which no two are of one person."""
    left = list(presses)
    while left:
        seen, now, later = set[str](), list[Ballot](), list[Ballot]()
        for one in left:
            (later if one.who.address in seen else now).append(one)
            seen.add(one.who.address)
        yield now
        left = later


async def greet(met: Crowd, times: int) -> float:
    """Let everybody say hello so often: a turn that stores nothing of its own. Returns seconds."""
    start = time.monotonic()
    for _ in range(times):
        await _spread(met, [(who, None) for who in met.people])
    return time.monotonic() - start


async def _spread(met: Crowd, said: Sequence[tuple[Sender, dict[str, Any] | None]]) -> None:
    lanes, takes = asyncio.Semaphore(LANES), Takes()

    async def turn(who: Sender, button: dict[str, Any] | None) -> None:
        async with lanes:
            number = f"m-{next(_NUMBERS)}"
            text = "" if button else "hoi"
            incoming = Incoming(who, number, text, button, met.place(who))
            await met.app.bot.send(await met.app.bot.on_turn(incoming), takes)

    await asyncio.gather(*(turn(*one) for one in said))


_NUMBERS = count()


async def close(met: Crowd, which: RoundId) -> tuple[float, Counter[tuple[int, str]]]:
    """Let its time be over; returns how long closing took, and what was counted."""
    now = met.app.clock.now()
    await _end(met.app, which, now)
    start = time.monotonic()
    await met.app.jobs.polls.run(now)
    took = time.monotonic() - start
    async with met.app.store.reading() as work:
        answers = await work.polls.answers(which)
    return took, Counter((one.question, one.value) for one in answers)


async def _end(app: App, which: RoundId, now: datetime) -> None:
    async with app.store.begin() as work:
        known = await work.polls.lock_round(which)
        assert known is not None  # noqa: S101 (it was opened)
        await work.polls.save_round(replace(known, closes=now, reminds=None))
