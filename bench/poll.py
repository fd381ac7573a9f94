"""Asks a college of 950 something: who is told, what they answer, and what is counted.

    python bench/poll.py            950 people on each database; some minutes
    python bench/poll.py --quick    150 people; only what is lost or counted wrong decides

An anonymous round of two questions, over a connector that takes what Teams documents (429). Of the
people 60 % answer, over 16 lanes at once, and a tenth of those change an answer; then the round
closes: its ballots become answers of nobody, and their traces go. Answers are whole turns without
HTTP: stored, sealed, replied to. The floor under them is a greeting, which stores nothing of its
own. Then the weekly summary of a college that asked 100,000 questions in the year before
(with --quick 2,000): the floor under it reads those rows once, and only counts.
`bench/floor/` holds the parts.
"""

import argparse
import asyncio
import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.floor.asked import (
    Ballot,
    Delivered,
    ballots,
    close,
    crowd,
    deliver,
    expected,
    greet,
    open_round,
    vote,
)
from bench.floor.databases import POSTGRESQL, SQLITE, New, databases
from bench.floor.history import fill, read_all
from bench.floor.servers import FLOOR, started
from bot.app import App
from bot.core.ids import PersonId
from bot.dialogs.poll_audience import load_candidates
from bot.dialogs.summary_week import load_week
from bot.outbox.model import TEAMS_LIMITS
from bot.polls.model import Audience
from bot.summary.week import Week

PEOPLE, QUICK = 950, 150
QUESTIONS, FEW = 100_000, 2_000
TIMES = 3
WITHIN = 5.0  # seconds that a week of a year's history may take
ANSWER, CHANGE = 0.6, 0.1
MEASURED = 0.98
OF_PACE = 0.95
HOUR = 3600
BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Asked:
    """What came of one round; times in seconds."""

    database: str
    people: int
    delivered: Delivered
    presses: Sequence[Ballot]
    voting: float
    greeting: float
    closing: float
    miscounted: int
    memory: float

    @property
    def lost(self) -> int:
        return self.people - len(self.delivered.firsts)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.presses) / self.voting

    @property
    def of_floor(self) -> float:
        """The rate of answers over that of greetings."""
        return self.rate / (self.people / self.greeting)

    @property
    def of_need(self) -> float:
        """The rate over the one that is needed when they all answer within an hour."""
        return self.rate / (len(self.presses) / HOUR)

    @property
    def of_pace(self) -> float:
        """The rate of delivery, until almost all have it, over the one that our limits allow."""
        most = ceil(self.people * MEASURED)
        return most / self.delivered.firsts[most - 1] / (TEAMS_LIMITS.rate or 1)

    @property
    def wrong(self) -> bool:
        return bool(self.lost or self.delivered.repeats or self.miscounted)


async def asked(database: str, new: New, folder: Path, people: int) -> Asked:
    """Hold one round on a database of its own."""
    order = json.dumps({"strict": True, "delay": 0.02, "faults": {}})
    strict = [str(FLOOR / "strict_connector.py")]
    async with started(strict, folder, {"ORDER": order}) as connector:
        await connector.ready("/told")
        async with crowd(folder / database, new(database), connector.port, people) as met:
            opened = await open_round(met)
            delivered = await deliver(met, connector, database)
            presses = ballots(met.people, ANSWER, CHANGE)
            voting = await vote(met, opened.id, presses)
            greeting = await greet(met, 1)
            closing, counted = await close(met, opened.id)
    should = expected(presses)
    miscounted = sum(abs(counted[key] - should[key]) for key in {*counted, *should})
    return Asked(
        database=database,
        people=len(met.people),
        delivered=delivered,
        presses=presses,
        voting=voting,
        greeting=greeting,
        closing=closing,
        miscounted=miscounted,
        memory=_peak(),
    )


@dataclass(frozen=True)
class Summed:
    """What it took to work out a week, of how long a history; times in seconds."""

    database: str
    questions: int
    found: int
    took: float
    floor: float
    memory: float

    @property
    def wrong(self) -> bool:
        """Whether the week tells of no questions: then it was no week of the history."""
        return not self.found


async def summed(database: str, new: New, folder: Path, questions: int) -> Summed:
    """Work out the last week of a year, on a database of its own; the median of some times."""
    async with crowd(folder / f"{database}-year", new(database), 0, QUICK) as met:
        now, url = met.app.clock.now(), met.app.settings.database
        await fill(url, met.ids, await _coaches(met.app), questions, now)
        week = Week.of(now.astimezone(met.app.college.zone).date()).back()
        took, floor, found = list[float](), list[float](), 0
        for _ in range(TIMES):
            start = time.perf_counter()
            await read_all(url)
            floor.append(time.perf_counter() - start)
            start = time.perf_counter()
            async with met.app.store.reading() as work:
                loaded = await load_week(work, met.app.college, week)
                found = sum(one["certain"] for one in loaded.counted.counts.values())
                loaded.figures()
            took.append(time.perf_counter() - start)
    return Summed(database, questions, found, median(took), median(floor), _peak())


async def _coaches(app: App) -> list[PersonId]:
    async with app.store.reading() as work:
        coaches = [one.person.id for one in await work.people.coaches()]
        return coaches or [one.person for one in await load_candidates(work, Audience())][:1]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def years_table(found: Sequence[Summed]) -> Table:
    """Return a row a database."""
    table = Table(
        *("database", "questions of a year", "answered in the week", "a summary s", "read once s"),
        *("of the floor", "peak MB"),
    )
    for one in found:
        table.add_row(
            *(one.database, f"{one.questions:,}", f"{one.found:,}", f"{one.took:.2f}"),
            *(f"{one.floor:.2f}", f"{one.took / one.floor:.1f} ×", f"{one.memory:.0f}"),
        )
    return table


def table_of(found: Sequence[Asked]) -> Table:
    """Return a row a database."""
    table = Table(
        *("database", "people", "written s", "told a second", "of the pace", "429", "lost"),
        *("answers", "answers/s", "of a greeting", "of an hour's need", "closing s"),
        *("miscounted", "peak MB"),
        caption=f"told: until {MEASURED:.0%} have it, of {TEAMS_LIMITS.rate:g} a second allowed",
    )
    for one in found:
        table.add_row(
            *(one.database, f"{one.people:,}", f"{one.delivered.wrote:.1f}"),
            f"{one.of_pace * (TEAMS_LIMITS.rate or 1):.1f}",
            *(f"{one.of_pace:.0%}", str(one.delivered.throttled), str(one.lost)),
            *(f"{len(one.presses):,}", f"{one.rate:.0f}", f"{one.of_floor:.2f} ×"),
            *(f"{one.of_need:.0f} ×", f"{one.closing:.2f}"),
            *(str(one.miscounted), f"{one.memory:.0f}"),
        )
    return table


def verdict(found: Sequence[Asked], years: Sequence[Summed], *, quick: bool) -> int:
    """Print the last line; returns 1 when the figures are not reached."""
    right = not (any(one.wrong for one in found) or any(one.wrong for one in years))
    counts = (
        "everybody told once, and of everybody the last answer counted, and no other "
        f"({'yes' if right else 'no'})"
    )
    if quick:
        print(f"to reach: {counts}: {'reached' if right else 'MISSED'}")
        return int(not right)
    slowest = min(one.of_pace for one in found)
    longest = max(one.took for one in years)
    reached = right and slowest >= OF_PACE and longest <= WITHIN
    print(
        f"to reach: {OF_PACE:.0%} of {TEAMS_LIMITS.rate:g} a second (the slowest is "
        f"{slowest:.0%}); a summary within {WITHIN:g} s ({longest:.1f}); {counts}: "
        f"{'reached' if reached else 'MISSED'}"
    )
    return int(not reached)


async def bench(*, quick: bool) -> int:
    """Run it all in a folder of its own, and print what was seen."""
    people, questions = (QUICK, FEW) if quick else (PEOPLE, QUESTIONS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in BOTH:
            (folder / one).mkdir()
            (folder / f"{one}-year").mkdir()
        async with databases(folder) as new:
            found = [await asked(one, new, folder, people) for one in BOTH]
            years = [await summed(one, new, folder, questions) for one in BOTH]
    screen = Console(width=180)
    screen.print(table_of(found))
    screen.print(years_table(years))
    return verdict(found, years, quick=quick)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    logging.basicConfig(level=logging.ERROR)
    sys.exit(asyncio.run(bench(quick=options.parse_args().quick)))
