"""Tells 950 people something at once, through a connector that takes what Teams documents.

    python bench/fanout.py            on both databases, by one worker process and by three; minutes
    python bench/fanout.py --quick    fewer people, all at once; only what is lost decides

Everything on loopback. The connector answers 429 to what comes too soon; of 1 % it accepts the
first copy and answers 502, of another 1 % it accepts it and stalls for 15 s. Those two are the
ambiguous ones: whether they arrived we cannot know, so they may be repeated. Each notice is added
twice in one transaction, as by a job that runs twice, to people who were met. Then the same with
each guard taken away, which must go wrong, and with a service that is down for ten minutes, on a
clock that nobody waits for. `bench/floor/` holds the parts.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.floor.databases import POSTGRESQL, SQLITE, New, databases
from bench.floor.fan import MEASURED, Plan, Seen, fan_out
from bench.floor.guards import Guard, looked_at
from bench.floor.outage import Survived, outage
from bot.outbox.model import TEAMS_LIMITS

OF_PACE = 0.95
STALL = 0.05  # seconds that a worker's loop should be held up at most
FAULTY = Plan(SQLITE, fails=0.01, stalls=0.01)
PLANS = [
    replace(FAULTY, database=database, workers=workers)
    for database in (SQLITE, POSTGRESQL)
    for workers in (1, 3)
]
QUICK = [replace(FAULTY, people=150), replace(PLANS[-1], people=150)]
TALK = Plan(POSTGRESQL, people=100, each=5, strict=False, delay=0.1)
TALKS = [TALK, replace(TALK, workers=3), replace(TALK, workers=3, fails=0.05)]
QUICK_TALKS = [replace(TALKS[-1], people=40)]


def table_of(found: Sequence[Seen]) -> Table:
    """Return a row a fan-out."""
    table = Table(
        *("database", "workers", "people", "seconds", "a second", "of the pace", "most in 1 s"),
        *("429", "ambiguous", "repeats", "lost", "stall ms", "empty s"),
        caption=f"until {MEASURED:.0%} arrived, in brackets all; of a stall, what the loop worked; "
        "empty: until nothing waits",
    )
    for one in found:
        plan = one.plan
        table.add_row(
            *(plan.database, str(plan.workers), str(plan.people)),
            f"{one.seconds(MEASURED):.1f} ({one.seconds():.1f})",
            f"{one.rate(MEASURED):.1f} ({one.rate():.1f})",
            f"{one.of_pace(MEASURED):.0%} ({one.of_pace():.0%})",
            *(str(one.most), str(one.throttled)),
            *(str(one.ambiguous), str(one.repeats), str(one.lost)),
            *(f"{one.held_up * 1000:.0f} ({one.worked * 1000:.0f})", f"{one.settled:.0f}"),
        )
    return table


def talks_table(found: Sequence[Seen]) -> Table:
    """Return a row a number of workers on one queue."""
    table = Table(
        *("workers", "notices", "answered 502", "seconds", "a second", "speed-up"),
        *("twice", "repeats", "lost", "chats out of order"),
    )
    for one in found:
        clean = not one.plan.fails
        table.add_row(
            *(str(one.plan.workers), str(len(one.plan.notices)), str(one.ambiguous)),
            *(f"{one.seconds():.1f}", f"{one.rate():.0f}"),
            f"{one.rate() / found[0].rate():.2f} ×" if clean else "",
            *(str(one.twice), str(one.repeats), str(one.lost), str(one.disordered)),
        )
    return table


def survival(one: Survived) -> str:
    """Say what came of ten minutes without a service."""
    return (
        f"down for 10 minutes, {one.people} people with 2 notices each: {one.tried} tries, at most "
        f"{one.most} in any second (the pace is {TEAMS_LIMITS.rate:g}), the last arrived "
        f"{one.last.total_seconds():.0f} s after it came up; {one.lost} lost, {one.repeats} "
        f"repeats, {one.disordered} chats out of order"
    )


@dataclass(frozen=True)
class Found:
    """All that was seen."""

    timed: Sequence[Seen]
    talks: Sequence[Seen]
    guarded: Sequence[Guard]
    down: Survived

    @property
    def right(self) -> bool:
        """Whether all that is counted came out as it must."""
        sent = any(one.wrong for one in (*self.timed, *self.talks))
        return not (sent or self.down.wrong or any(one.wrong for one in self.guarded))


def verdict(found: Found, *, quick: bool) -> int:
    """Print the last line; returns 1 when the figures are not reached."""
    counts = (
        "nothing lost, nothing repeated but the ambiguous, each chat in order, each guard needed "
        f"({'yes' if found.right else 'no'})"
    )
    if quick:
        print(f"to reach: {counts}: {'reached' if found.right else 'MISSED'}")
        return int(not found.right)
    slowest = min(one.of_pace(MEASURED) for one in found.timed)
    reached = found.right and slowest >= OF_PACE
    print(
        f"to reach: {OF_PACE:.0%} of {TEAMS_LIMITS.rate:g} a second until {MEASURED:.0%} arrived, "
        f"on every line (the slowest is {slowest:.0%}); {counts}: "
        f"{'reached' if reached else 'MISSED'}"
    )
    return int(not reached)


async def look(new: New, folder: Path, *, quick: bool) -> Found:
    """Do it all: in turn, or all at once when only counts decide."""
    turn = asyncio.Semaphore(100 if quick else 1)

    async def run(plan: Plan) -> Seen:
        async with turn:
            return await fan_out(plan, new, folder)

    async def runs(plans: Sequence[Plan]) -> Sequence[Seen]:
        return await asyncio.gather(*map(run, plans))

    async def alone() -> tuple[Sequence[Guard], Survived]:
        # On this process' own loop: not while others are timed.
        async with turn:
            guarded = await looked_at(lambda: new(SQLITE))
            return guarded, await outage(new(SQLITE), 40 if quick else 400)

    timed, talks, (guarded, down) = await asyncio.gather(
        runs(QUICK if quick else PLANS), runs(QUICK_TALKS if quick else TALKS), alone()
    )
    return Found(timed, talks, guarded, down)


async def bench(*, quick: bool) -> int:
    """Run it all in a folder of its own, and print what was seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with databases(folder) as new:
            found = await look(new, folder, quick=quick)
    screen = Console(width=150)
    screen.print(table_of(found.timed))
    screen.print(talks_table(found.talks))
    held_up = max(one.held_up for one in found.timed)
    print(f"longest stall of a worker's loop {held_up * 1000:.0f} ms, of {STALL * 1000:.0f} meant")
    print(survival(found.down))
    for guard in found.guarded:
        print(guard)
    return verdict(found, quick=quick)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    # A warning for each try that fails would be most of what is seen.
    logging.basicConfig(level=logging.ERROR)
    sys.exit(asyncio.run(bench(quick=options.parse_args().quick)))
