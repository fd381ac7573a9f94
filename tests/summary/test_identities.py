"""The figures add up, whatever happened: random histories on a real database."""

import asyncio
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings

from bot.dialogs.summary_week import Loaded, load_week
from bot.routing.model import State
from bot.store.work import Store
from bot.summary.figures import OUTCOMES, RINGS, SOURCES
from bot.summary.week import Week
from tests.chat import OPEN_ON_WEEKDAYS
from tests.clocks import ZONE
from tests.history import A_LIFE, History, Step, begin_history, steps

STATES = [one for one in State if one not in (State.CLOSED, State.WITHDRAWN)]


async def weeks(history: History) -> list[Loaded]:
    first = Week.of(history.turns[0].astimezone(ZONE).date())
    last = Week.of(history.clock.now().astimezone(ZONE).date())
    found = [last]
    while found[-1] > first:
        found.append(found[-1].back())
    async with history.store.reading() as work:
        return [await load_week(work, OPEN_ON_WEEKDAYS, week) for week in reversed(found)]


def adds_up(loaded: Loaded, turns: Counter[Week]) -> None:
    figures = loaded.figures()
    number = figures.number
    counts = sum(loaded.counted.counts.values(), Counter[str]())
    assert number("messages") == number("questions") + number("small_talk") + number("commands")
    assert number("questions") == sum(map(number, OUTCOMES.values()))
    # Two tables, written at two moments of a turn, count the same.
    assert counts["heard"] == number("questions")
    asked_twice = number("messages") - turns[loaded.week]
    assert 0 <= asked_twice <= number("questions") / 2
    assert number("routed") == sum(number(f"routed_{one}") for one in SOURCES)
    assert number("routed") == sum(number(f"ring_{one}") for one in RINGS)
    came = number("open_start") + number("routed") + number("reopened")
    assert came == number("closed") + number("withdrawn") + number("open_end")
    for name in ("questions", "routed", "open_end", "ratings"):
        assert sum(float(row.values[name] or 0) for row in figures.locations) == number(name)


async def play(told: list[Step], template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        shutil.copy(template, path)
        async with Store.open(f"sqlite:///{path}") as store:
            history = await begin_history(store)
            await history.play(told)
            await check(history)


async def check(history: History) -> None:
    turns = Counter(Week.of(at.astimezone(ZONE).date()) for at in history.turns)
    found = await weeks(history)
    for loaded in found:
        adds_up(loaded, turns)
    for before, after in pairwise(found):
        assert before.figures().number("open_end") == after.figures().number("open_start")
    async with history.store.reading() as work:
        still_open = await work.questions.in_states(STATES, 1_000)
    assert found[-1].figures().number("open_end") == len(still_open)
    await _forget(history, [one.figures().values for one in found])


async def _forget(history: History, known: list[object]) -> None:
    """Forget half of the messages, then the others: what was counted of them stays."""
    half = history.turns[len(history.turns) // 2]
    for before in (half, history.clock.now() + timedelta(minutes=1)):
        async with history.store.begin() as work:
            await work.inbox.forget_texts(before)
        assert [one.figures().values for one in await weeks(history)] == known


async def test_a_whole_life_adds_up_in_any_database(sql_store: Store) -> None:
    history = await begin_history(sql_store)
    await history.play(A_LIFE)
    await check(history)
    first, second, third = [one.figures() for one in await weeks(history)]
    known = ("messages", "questions", "certain", "not_ours", "refused", "small_talk")
    assert [first.values[name] for name in known] == [39, 6, 3, 1, 2, 6]
    flows = ("open_start", "routed", "reopened", "closed", "withdrawn", "open_end")
    assert [first.values[name] for name in flows] == [0, 2, 0, 1, 1, 0]
    assert [second.values[name] for name in flows] == [0, 1, 1, 0, 0, 2]
    assert [third.values[name] for name in flows] == [2, 0, 0, 1, 0, 1]
    assert (first.values["claim_median"], first.values["answer_median"]) == (60, 60)
    assert [(one.name, one.values["got"]) for one in first.coaches] == [("Ad", 1), ("Cas", 0)]
    assert {one.name: one.values["routed"] for one in first.locations} == {
        "Kerngebouw": 1,
        "Havenkade": 1,
    }
    assert third.values["old"] == 1


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(told=list(A_LIFE))
@given(told=steps)
def test_the_figures_of_every_week_add_up(told: list[Step], sqlite_template: Path) -> None:
    asyncio.run(play(told, sqlite_template))
