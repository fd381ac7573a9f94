"""Kills the bot at random moments, under load, and looks for what was lost or said twice.

    python bench/kill.py            50 kills, half of them on each database; some minutes
    python bench/kill.py --quick    5 kills on SQLite

`vraagbaak serve --dev` with the example college, on PostgreSQL with `vraagbaak worker` beside it,
gets messages over 32 connections; each is sent again until it is taken, as Teams does. Notices are
in the outbox as well. SIGKILL comes 0.3 to 1.2 s after it answers: to the web, the worker, or both.
A connector on loopback takes everything, answers 50 ms later, and counts. What it took over a
connection that died, and the database does not know as sent right after, may be repeated: nothing
else. Then the same with the guards away, which must lose something. `bench/floor/` holds the parts.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.floor.databases import POSTGRESQL, SQLITE, databases
from bench.floor.killing import AT_ONCE, CONNECTIONS, Plan, Told, killed
from bench.floor.servers import prepare

QUERIES = Path(__file__).parents[1] / "tests" / "data" / "dev_queries.jsonl"
KILLS = 25  # on each database
HITS = 0.5  # of all kills, at least
# As soon as there are turns enough, each of them sent once.
UNGUARDED = Plan(SQLITE, 1, moment=(0.0, 0.1), relay=False, again=False)


def texts() -> list[str]:
    """Return what teachers ask."""
    queries = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    return [query["query"] for query in queries if query["labels"]]


def table_of(found: Sequence[Told]) -> Table:
    """Return a row a database."""
    table = Table(
        *("database", "kills", "of them hit a send", "turns at once", "messages", "answered"),
        *("lost", "redelivered", "repeats", "accepted unmarked", "beyond"),
        caption="turns at once: under way at a kill, the median; beyond: repeats no kill explains",
    )
    for one in found:
        whole = len(one.expected)
        table.add_row(
            *(one.plan.database, str(one.plan.kills), str(one.hits)),
            *(f"{statistics.median(one.under_way):.0f}", f"{whole:,}", f"{whole - one.lost:,}"),
            *(str(one.lost), f"{one.redelivered:,}"),
            *(str(one.repeats), str(one.allowed), str(one.beyond)),
        )
    return table


def reached(found: Sequence[Told]) -> bool:
    """Tell whether all came out as it must."""
    hits, kills = sum(one.hits for one in found), sum(one.plan.kills for one in found)
    hard = hits >= HITS * kills and all(
        statistics.median(one.under_way) >= AT_ONCE for one in found
    )
    return hard and not any(one.lost or one.beyond for one in found)


def copied(settings: Mapping[str, str], folder: Path, to: Path) -> dict[str, str]:
    """Copy an example college on SQLite; returns the settings that name the copy."""
    shutil.copytree(folder, to)
    return {name: value.replace(str(folder), str(to)) for name, value in settings.items()}


async def look(folder: Path, *, quick: bool) -> tuple[list[Told], Told]:
    """Return what was seen, and what was without the guards."""
    first, other, bare = (folder / name for name in ("sqlite", "postgresql", "bare"))
    for one in (first, other):
        one.mkdir()
    settings, asked = await prepare(first), texts()
    without = killed(UNGUARDED, bare, copied(settings, first, bare), asked)
    if quick:
        sqlite = killed(Plan(SQLITE, 5, clock=True), first, settings, asked)
        guarded, red = await asyncio.gather(sqlite, without)
        return [guarded], red
    found = [await killed(Plan(SQLITE, KILLS), first, settings, asked)]
    async with databases(folder) as new:
        settings = await prepare(other, new(POSTGRESQL))
        found.append(await killed(Plan(POSTGRESQL, KILLS, apart=True), other, settings, asked))
    return found, await without


async def bench(*, quick: bool) -> int:
    """Run it all in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        return verdict(*await look(Path(name), quick=quick))


def verdict(found: Sequence[Told], bare: Told) -> int:
    """Print what was seen; returns 1 when the figures are not reached."""
    Console(width=130).print(table_of(found))
    how = "red as it must be" if bare.lost else "NOT RED: it guards nothing"
    whole = len(bare.expected)
    print(f"without the relay and without redelivery: {bare.lost} of {whole} lost ({how})")
    right = bool(bare.lost) and reached(found)
    print(
        f"to reach: with {AT_ONCE} turns and more at once (are {CONNECTIONS}), half of the kills "
        "and more in the middle of a send, nothing lost, nothing repeated but what was accepted "
        f"unmarked: {'reached' if right else 'MISSED'}"
    )
    return int(not right)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    sys.exit(asyncio.run(bench(quick=options.parse_args().quick)))
