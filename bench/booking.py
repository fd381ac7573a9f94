"""Lets five hundred teachers book the six seats of a slot at the same moment.

    python bench/booking.py            5 rounds on each database; some minutes
    python bench/booking.py --quick    1 round each, on both at once; only counts decide

A college of one coach and 500 teachers. The presses come to three processes on PostgreSQL and to
two on SQLite, each of them the whole bot. Six must have a seat, 494 a place in the line, with
numbers from 1 on without a gap, each told their own; then one of the six cancels, and number 1 must
be asked. The use case alone is the floor under it (not with --quick). Then without the hour's
lock, where the unique seat must still hold; and without both, where it must be overbooked.
`bench/floor/` holds the parts.
"""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.floor.course import on_each, run_bench
from bench.floor.databases import POSTGRESQL, SQLITE, New
from bench.floor.guests import SEATS
from bench.floor.seats import Plan, Raced, raced

ROUNDS, QUICK = 5, 1
FEW = 60  # presses without guards: what is counted shows as well with fewer


def table_of(found: Sequence[Raced]) -> Table:
    """Return a row a database."""
    table = Table(
        *("database", "lanes", "rounds", "presses", "booked", "waitlisted", "gaps", "told wrong"),
        *("passed over", "errors", "p50 ms", "p99 ms", "s a round", "presses/s", "of the floor"),
        caption="lanes: processes; passed over: rounds in which a freed seat went not to number 1; "
        "of the floor: the rate of whole turns over that of the use case alone",
    )
    for one in found:
        p50, p99 = one.milliseconds
        table.add_row(
            *(one.plan.database, str(one.plan.processes), str(one.plan.rounds)),
            *(f"{one.presses:,}", _each(one.booked), _each(one.waiting), str(one.gaps)),
            *(str(one.told_wrong), str(one.passed_over), str(one.errors)),
            *(f"{p50:.0f}", f"{p99:.0f}", f"{one.seconds:.2f}"),
            f"{one.plan.guests / one.seconds:.0f}",
            one.of_the_floor,
        )
    return table


def _each(counts: Sequence[int]) -> str:
    """Return a count that is the same in each round, or all of them."""
    return str(counts[0]) if len(set(counts)) == 1 else ", ".join(map(str, counts))


def without(one: Raced) -> str:
    """Say what came of a race with less to guard it."""
    plan, (booked,) = one.plan, one.booked
    if plan.database == SQLITE:
        how = "there each unit that writes waits for the one before it: the guards are idle"
    elif plan.unique:
        held = "the unique seat holds" if booked <= SEATS else "NOT AS IT MUST BE"
        how = f"{held}; {one.errors} had to press again"
    else:
        how = "red as it must be" if booked > SEATS else "NOT RED: the guards guard nothing"
    guards = "the lock" if plan.unique else "the lock and the unique seat"
    return f"{plan.database}, without {guards}: {booked} booked of {plan.guests} ({how})"


def verdict(found: Sequence[Raced], bare: Sequence[Raced]) -> int:
    """Print the last line; returns 1 when the figures are not reached. Only counts decide."""
    red = [one for one in bare if not one.plan.unique and one.plan.database == POSTGRESQL]
    held = [one for one in bare if one.plan.unique]
    right = not any(one.wrong for one in found)
    right &= all(max(one.booked) > SEATS for one in red)
    right &= all(max(one.booked) <= SEATS for one in held)
    guests = found[0].plan.guests
    print(
        f"to reach: of {guests} bookings at once for {SEATS} seats, spread over processes, "
        f"{SEATS} booked, {guests - SEATS} waitlisted with gapless numbers, number 1 next, and the "
        f"guards needed: {'reached' if right else 'MISSED'}"
    )
    return int(not right)


async def bench(*, quick: bool) -> int:
    """Race on each database with the guards and with less, and print what was seen."""

    async def run(new: New, folder: Path, database: str, processes: int) -> list[Raced]:
        plans = [
            Plan(database, processes, QUICK if quick else ROUNDS, timed=not quick),
            Plan(database, processes, 1, FEW, locked=False, unique=False),
        ]
        if database == POSTGRESQL:
            # On SQLite both are idle: one look at that is enough.
            plans.append(Plan(database, processes, 1, FEW, locked=False))
        return [await raced(plan, new, folder / f"{n}") for n, plan in enumerate(plans)]

    raced_all = await on_each(run, quick=quick)
    found = [first for first, *_ in raced_all]
    bare = [one for _, *rest in raced_all for one in rest]
    Console(width=180).print(table_of(found))
    for one in bare:
        print(without(one))
    return verdict(found, bare)


if __name__ == "__main__":
    run_bench(bench, __doc__)
