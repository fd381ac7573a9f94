"""What the demo and dev mode can do beside chatting: move time, plan a notice, break delivery."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

from bot.app import App
from bot.core import delivery
from bot.core.clock import MovableClock
from bot.core.delivery import DeliveryError, Message, Outcome
from bot.core.jobs import run_due
from bot.core.moments import parse_moment, parse_step
from bot.core.reply import Channel, Place, Reply, Say, Sender, Words
from bot.dialogs.notices import tell
from bot.outbox.relay import Relay
from bot.people.model import Person, Role
from bot.people.service import arrive, recognise
from bot.worktime.worktime import WorkTime

LISTED = 25
WORKDAY, WORKWEEK = "werkdag", "werkweek"
WEEKDAYS = 5
LOOK_AHEAD = 60
"""Days in which a college opens again, if it ever does."""


class CommandError(Exception):
    """A command that cannot be done as it stands; says why by a key under `cli.stage`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@contextmanager
def _readable(key: str) -> Iterator[None]:
    """Tell how it is written, whatever cannot be read in it."""
    try:
        yield
    except ValueError as wrong:
        raise CommandError(key) from wrong


@dataclass
class Faulty:
    """The way out of a channel, and a switch that makes every delivery fail with 502."""

    channel: delivery.Sender
    down: bool = False

    async def deliver(self, message: Message) -> str:
        if self.down:
            raise DeliveryError(Outcome.UNKNOWN, 502, code="Outage")
        return await self.channel.deliver(message)


@dataclass
class Stage:
    """Handles the commands that begin with a slash. Without a clock time cannot be moved."""

    app: App
    outs: Mapping[Channel, Faulty]
    clock: MovableClock | None = None
    clock_file: Path | None = None
    relay: Relay = field(init=False)

    def __post_init__(self) -> None:
        self.relay = self.app.relay(self.outs)

    async def find(self, name: str) -> Sequence[Sender]:
        """Return who is known by a name, an e-mail address or a role."""
        async with self.app.store.reading() as work:
            return [_sender(person) for person in await work.people.find(name, LISTED)]

    async def command(self, sender: Sender, place: Place, line: str) -> str | None:
        """Do what a line asks for; returns what to say about it, or None for no such command."""
        name, _, rest = line.strip().partition(" ")
        try:
            match name:
                case "/tijd":
                    return await self._move(rest)
                case "/herinner":
                    return await self._remind(sender, place, rest)
                case "/storing":
                    return await self._break(rest.strip())
                case _:
                    return None
        except CommandError as wrong:
            return self.app.texts.write(self.app.settings.language, f"cli.stage.{wrong.key}", {})

    async def deliver(self) -> None:
        """Let what is due now go out."""
        await self.relay.run(self.app.clock.now())

    async def _move(self, step: str) -> str:
        """Move the clock from due moment to due moment, so that all happens in its order."""
        if self.clock is None:
            raise CommandError("own_clock")
        since = self.clock.now()
        with _readable("time"):
            until = self._until(step.strip(), since)
        async for moment in run_due((*self.app.jobs.all(), self.relay), since, until):
            self.clock.move_to(moment)
        self.clock.move_to(until)
        await self.deliver()
        if self.clock_file:
            self.clock_file.write_text(json.dumps({"offset": self.clock.offset.total_seconds()}))
        return f"{self.clock.now().astimezone(self.app.settings.zone):%Y-%m-%d %H:%M}"

    def _until(self, step: str, now: datetime) -> datetime:
        """Read `+2d`, `ma 09:00`, or `werkdag 11:30`: the next day that the college is open then.

        `werkweek 11:30` is the next Monday of a week in which it is open every day. Raises
        ValueError for anything else.
        """
        name, _, at = step.partition(" ")
        if name not in (WORKDAY, WORKWEEK):
            moving_on = step.startswith("+")
            zone = self.app.settings.zone
            return now + parse_step(step) if moving_on else parse_moment(step, now, zone)[0]
        college = self.app.college
        today, local = now.astimezone(college.zone).date(), time.fromisoformat(at)
        days = (today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD))
        moments = (datetime.combine(day, local, college.zone) for day in days)
        open_then = (
            moment
            for moment in moments
            if moment > now
            and college.is_open(moment)
            and (name == WORKDAY or _whole_week(college, moment.date()))
        )
        found = next(open_then, None)
        if found is None:
            raise ValueError(name)
        return found.astimezone(UTC)

    async def _remind(self, sender: Sender, place: Place, rest: str) -> str:
        now, zone = self.app.clock.now(), self.app.settings.zone
        with _readable("remind"):
            moment, text = parse_moment(rest, now, zone)
        async with self.app.store.begin() as work:
            met = await recognise(work, sender, self.app.settings.language)
            await arrive(work, sender, met, place)
            blocks = (Say("reminder.title", style="title"), Words(text))
            key, said = f"remind|{uuid4().hex}", Reply("reminder", blocks)
            await tell(work, key, met.person, said, moment, now=now)
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    async def _break(self, state: str) -> str:
        if self.clock is None:
            raise CommandError("own_delivery")
        if state not in ("aan", "uit"):
            raise CommandError("outage")
        for out in self.outs.values():
            out.down = state == "aan"
        if state == "uit":
            async with self.app.store.begin() as work:
                await work.outbox.retry(None, self.app.clock.now())
            await self.deliver()
        return f"/storing {state}"


def _whole_week(college: WorkTime, monday: date) -> bool:
    days = (monday + timedelta(days=ahead) for ahead in range(WEEKDAYS))
    return monday.weekday() == 0 and all(college.open_on(day) for day in days)


async def staff_is_here(app: App) -> None:
    """Let coaches and coordinators of the example be reached in the terminal from the start."""
    async with app.store.begin() as work:
        staff = {
            one.id: one
            for role in (Role.COACH, Role.COORDINATOR, Role.CURATOR)
            for one in await work.people.with_role(role)
        }
        for sender in map(_sender, staff.values()):
            met = await recognise(work, sender, app.settings.language)
            await arrive(work, sender, met, Place(sender.channel, sender.address, sender.address))


def _sender(person: Person) -> Sender:
    return Sender(Channel.CONSOLE, (person.email or person.name).lower(), person.name, person.email)
