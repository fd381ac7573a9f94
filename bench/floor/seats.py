"""Five hundred book six seats at the same moment, again and again, and all is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.floor.booker import BOOK, WRITE
from bench.floor.course import Course, Racers, Races, course
from bench.floor.crowd import place, sender
from bench.floor.databases import New
from bench.floor.guests import DAY, GUESTS, SEATS, gather_guests
from bench.floor.lanes import Ran
from bot.app import App
from bot.core.ids import HourId, PersonId
from bot.core.reply import Incoming
from bot.core.walkin_buttons import CancelBooking
from bot.store.work import Store, Work, database_url
from bot.walkin.model import SlotKey
from bot.walkin.seats import State

BOOKED, WAITING = "walkin.booked", "walkin.waiting"


@dataclass(frozen=True)
class Plan:
    """Who race on what, how often; `locked`, `unique`: with these guards; `timed`: and a floor."""

    database: str
    processes: int
    rounds: int
    guests: int = len(GUESTS)
    locked: bool = True
    unique: bool = True
    timed: bool = False


@dataclass
class Raced(Races[Plan]):
    """What came of all rounds, counted. The floor is nothing but the use case."""

    booked: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    gaps: int = 0
    told_wrong: int = 0
    passed_over: int = 0

    def views(self, view: str) -> int:
        return sum(one["view"] == view for race in self.races for one in race.presses)

    @property
    def errors(self) -> int:
        """Presses after which somebody had no seat and no place in the line."""
        return self.presses - self.views(BOOKED) - self.views(WAITING)

    @property
    def wrong(self) -> bool:
        counts = set(self.booked) != {SEATS} or set(self.waiting) != {self.plan.guests - SEATS}
        counts |= len(self.booked) != self.plan.rounds
        told = self.views(BOOKED) != sum(self.booked)
        return counts or told or bool(self.errors + self.gaps + self.told_wrong + self.passed_over)


@dataclass(frozen=True)
class Room:
    """The course, with the hour for whose seats they race."""

    course: Course[HourId]

    @property
    def app(self) -> App:
        return self.course.app

    async def round(self, number: int, into: Raced) -> None:
        """Race for one slot, look at all that came of it, and race for the floor in another."""
        plan = into.plan
        ran = await self.race(BOOK, 2 * number, plan)
        into.races.append(ran)
        await self.look(SlotKey(self.course.made, DAY, 2 * number), ran, into)
        if plan.timed:
            into.floor.append(await self.race(WRITE, 2 * number + 1, plan))

    async def race(self, what: str, slot: int, plan: Plan) -> Ran:
        order = {"what": what, "hour": self.course.made, "day": f"{DAY}", "slot": slot}
        guests = self.course.random.sample(GUESTS, plan.guests)
        pressed = [(who, f"{what}|{slot}|{who}") for who in guests]
        return await self.course.race({**order, "locked": plan.locked}, pressed)

    async def look(self, key: SlotKey, ran: Ran, into: Raced) -> None:
        """Count the seats, the line and its numbers, and whether each was told their own."""
        async with self.app.store.reading() as work:
            taken = [one for one in await work.walkin.bookings(key.hour, key.day) if one.key == key]
            line = {one.person: one.number for one in await work.walkin.line(key)}
            ids = {who: await self._person(work, who) for who in GUESTS}
        into.booked.append(len(taken))
        into.waiting.append(len(line))
        into.gaps += sorted(line.values()) != list(range(1, len(line) + 1))
        told = {ids[one["who"]]: one["number"] for one in ran.presses if one["view"] == WAITING}
        # With errors, who was told a number may be told it again later: the guarded run has none.
        into.told_wrong += sum(line.get(who) != number for who, number in told.items())
        into.told_wrong += len({one.person for one in taken} & set(line))
        if taken and line:
            into.passed_over += not await self._goes_to_the_first(key, taken[0].person, line, ids)

    async def _goes_to_the_first(
        self,
        key: SlotKey,
        holder: PersonId,
        line: Mapping[PersonId, int],
        ids: Mapping[int, PersonId],
    ) -> bool:
        """Let somebody cancel; returns whether the seat is offered to number 1."""
        who = next(one for one, person in ids.items() if person == holder)
        async with self.app.store.reading() as work:
            there = await work.walkin.bookings(key.hour, key.day)
        mine = next(one for one in there if one.key == key and one.person == holder)
        button = CancelBooking(booking=mine.id).encode()
        pressed = Incoming(sender(who), f"cancel|{mine.id}", button=button, place=place(who))
        await self.app.bot.on_turn(pressed)
        async with self.app.store.reading() as work:
            there = await work.walkin.bookings(key.hour, key.day)
        offered = [one.person for one in there if one.key == key and one.state is State.OFFERED]
        return [line.get(one) for one in offered] == [1]

    async def _person(self, work: Work, who: int) -> PersonId:
        met = await work.addresses.met(sender(who).channel, sender(who).address)
        assert met  # noqa: S101 (they were met at the start)
        return met.person.id


async def _drop_the_index(database: str) -> None:
    """Take away what makes a seat go once."""
    engine = create_async_engine(database_url(database))
    async with engine.begin() as connection:
        await connection.execute(text("DROP INDEX uq_booking_seat"))
    await engine.dispose()


async def raced(plan: Plan, new: New, folder: Path) -> Raced:
    """Carry a plan out in a college of its own."""
    found, database = Raced(plan), new(plan.database)

    async def make(store: Store) -> HourId:
        hour = await gather_guests(store)
        if not plan.unique:
            await _drop_the_index(database)
        return hour

    folder.mkdir()  # noqa: ASYNC240 (nothing else runs yet)
    # Who races again and again has a booking of every round.
    racers = Racers(plan.processes, "booker.py", {"walkin_open_bookings": 100})
    async with course(database, folder, make, racers) as here:
        for number in range(plan.rounds):
            await Room(here).round(number, found)
    return found
