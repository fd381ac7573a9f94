"""Asks a college of 950 something: who is told, what they answer, and what is counted.

    python bench/poll.py            950 people on each database; some minutes
    python bench/poll.py --quick    150 people; only what is lost or counted wrong decides

An anonymous round of two questions, over a connector that takes what Teams documents (429). Of the
people 60 % answer, over 16 lanes at once, and a tenth of those change an answer; then the round
closes: its ballots become answers of nobody, and their traces go. Answers are whole turns without
HTTP: stored, sealed, replied to. The floor under them is a greeting, which stores nothing of its
own. `bench/floor/asked.py` holds the parts.
"""

import argparse
import asyncio
import json
import logging
import resource
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

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
from bench.floor.servers import FLOOR, started
from bot.outbox.model import TEAMS_LIMITS

PEOPLE, QUICK = 950, 150
ANSWER, CHANGE = 0.6, 0.1
MEASURED = 0.98
OF_PACE = 0.95
HOUR = 3600


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
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Asked(
        database=database,
        people=len(met.people),
        delivered=delivered,
        presses=presses,
        voting=voting,
        greeting=greeting,
        closing=closing,
        miscounted=miscounted,
        memory=memory,
    )


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


def verdict(found: Sequence[Asked], *, quick: bool) -> int:
    """Print the last line; returns 1 when the figures are not reached."""
    right = not any(one.wrong for one in found)
    counts = (
        "everybody told once, and of everybody the last answer counted, and no other "
        f"({'yes' if right else 'no'})"
    )
    if quick:
        print(f"to reach: {counts}: {'reached' if right else 'MISSED'}")
        return int(not right)
    slowest = min(one.of_pace for one in found)
    reached = right and slowest >= OF_PACE
    print(
        f"to reach: {OF_PACE:.0%} of {TEAMS_LIMITS.rate:g} a second (the slowest is "
        f"{slowest:.0%}); {counts}: {'reached' if reached else 'MISSED'}"
    )
    return int(not reached)


async def bench(*, quick: bool) -> int:
    """Run it all in a folder of its own, and print what was seen."""
    people = QUICK if quick else PEOPLE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in (SQLITE, POSTGRESQL):
            (folder / one).mkdir()
        async with databases(folder) as new:
            found = [await asked(one, new, folder, people) for one in (SQLITE, POSTGRESQL)]
    Console(width=180).print(table_of(found))
    return verdict(found, quick=quick)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    logging.basicConfig(level=logging.ERROR)
    sys.exit(asyncio.run(bench(quick=options.parse_args().quick)))
