"""Lets a hundred coaches press 'ik pak hem op' at the same moment: one has it, 99 hear who.

    python bench/claim.py            20 rounds on each database; some minutes
    python bench/claim.py --quick    3 rounds each, on both at once; only counts decide

A college of 120 coaches, all of whom were offered the same question. The presses come to three
processes on PostgreSQL and to two on SQLite, each of them the whole bot. Then all that waits is
sent, and every card must say how the question is. A round without anything but the write that
decides, in a unit of its own, is the floor under it. Then the same without the condition in that
write, which must give more than one winner. `bench/floor/` holds the parts.
"""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.floor.course import on_each, run_bench
from bench.floor.databases import POSTGRESQL, New
from bench.floor.race import Plan, Raced, raced

ROUNDS, QUICK = 20, 3
FEW = 15  # presses without the condition: most of them win, and change every card


def table_of(found: Sequence[Raced]) -> Table:
    """Return a row a database."""
    table = Table(
        *("database", "lanes", "rounds", "presses", "winners", "told who", "claim events"),
        *("wrong cards", "spared", "errors", "p50 ms", "p99 ms", "winner ms", "s a round"),
        *("presses/s", "of the floor"),
        caption="lanes: processes; spared: cards that were not sent yet, and are not any more; "
        "of the floor: the rate of whole turns over that of the bare write that decides",
    )
    for one in found:
        p50, p99 = one.milliseconds
        table.add_row(
            *(one.plan.database, str(one.plan.processes), str(one.plan.rounds)),
            *(f"{one.presses:,}", str(one.winners), f"{one.told:,}", str(one.events)),
            *(str(len(one.wrong_cards)), str(one.spared), str(one.errors)),
            *(f"{p50:.0f}", f"{p99:.0f}", f"{one.winner_took * 1000:.0f}"),
            *(f"{one.seconds:.2f}", f"{one.plan.presses / one.seconds:.0f}"),
            one.of_the_floor,
        )
    return table


def without(one: Raced) -> str:
    """Say what came of a race without the condition."""
    database = one.plan.database
    if database == POSTGRESQL:
        how = "red as it must be" if one.winners > 1 else "NOT RED: it guards nothing"
    else:
        how = "there each unit that writes waits for the one before it: the condition is idle"
    return f"{database}, without the condition: {one.winners} winners of {one.plan.presses} ({how})"


def verdict(found: Sequence[Raced], bare: Sequence[Raced]) -> int:
    """Print the last line; returns 1 when the figures are not reached. Only counts decide."""
    red = all(one.winners > 1 for one in bare if one.plan.database == POSTGRESQL)
    right = red and not any(one.wrong for one in found)
    presses = found[0].plan.presses
    print(
        f"to reach: of {presses} presses at once, spread over processes, one winner, "
        f"{presses - 1} told who, each card right, and the condition needed: "
        f"{'reached' if right else 'MISSED'}"
    )
    return int(not right)


async def bench(*, quick: bool) -> int:
    """Race on each database with the condition and without, and print what was seen."""

    async def run(new: New, folder: Path, database: str, processes: int) -> list[Raced]:
        plan = Plan(database, processes, QUICK if quick else ROUNDS)
        unguarded = Plan(database, processes, 1, FEW, guarded=False)
        return await raced([plan, unguarded], new, folder)

    found, bare = zip(*await on_each(run, quick=quick), strict=True)
    Console(width=170).print(table_of(found))
    for one in found:
        for where in one.wrong_cards[:5]:
            print(f"{one.plan.database}: the card in {where} is not right")
    for one in bare:
        print(without(one))
    return verdict(found, bare)


if __name__ == "__main__":
    run_bench(bench, __doc__)
