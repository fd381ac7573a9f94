"""A week is loaded with what is known beside its counts: seats, and how the role shifted."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.core.buttons import ShowSummary
from bot.core.ids import HourId, PersonId
from bot.dialogs.summary_week import Weeks, load_week
from bot.routing.model import Away
from bot.store.work import Store
from bot.summary.week import Week
from bot.walkin.model import Change, Hour
from bot.worktime.closures import Closed, Closures
from tests import factories
from tests.chat import COORDINATOR, OPEN_ON_WEEKDAYS, keys, make_chat
from tests.history import DAY, History, Step, begin_history
from tests.office import AD, MONDAY
from tests.summary_examples import sent

WEEK = Week.of(MONDAY.date())
RATED: list[Step] = [
    step
    for which in (1, 2)
    for step in (
        ("ask", which - 1, which),
        *(("do", which, act) for act in range(4)),
        ("wait", 0, 8 * DAY),
    )
]
"""Two questions, a week apart, that are sent, answered, solved and rated."""


@pytest.fixture
async def history(sql_store: Store) -> History:
    return await begin_history(sql_store)


async def coach(history: History) -> PersonId:
    async with history.store.reading() as work:
        found = await work.people.by_address(AD.channel, AD.address)
    assert found
    return found.id


async def seats(history: History, *closed: Closed, week: Week = WEEK) -> object:
    college = replace(OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), closed))
    async with history.store.reading() as work:
        return (await load_week(work, college, week)).figures().values["seats"]


async def test_seats_are_those_of_hours_that_took_place(history: History) -> None:
    who, day = await coach(history), MONDAY.date()
    hour = Hour(HourId(0), who, 0, time(14), time(15), 20, 2, day)
    async with history.store.begin() as work:
        made = await work.walkin.add_hour(hour)
        await work.walkin.add_hour(replace(hour, weekday=3, seats=1))
    assert await seats(history) == 3 * 2 + 3
    assert await seats(history, Closed(day, day)) == 3
    assert await seats(history, week=WEEK.back()) == 0
    async with history.store.begin() as work:
        await work.walkin.change_date(Change(made.id, day))
    assert await seats(history) == 3
    async with history.store.begin() as work:
        start = MONDAY + timedelta(days=2)
        await work.questions.leave(Away(who, start, start + timedelta(days=3)))
    assert await seats(history) == 0


async def test_a_shift_is_told_once_the_last_weeks_are_not_the_first(history: History) -> None:
    async def send(many: int, level: str, at: datetime) -> None:
        async with history.store.begin() as work:
            for number in range(many):
                key = f"{level}{at}{number}"
                one = factories.draft(asker=await coach(history), key=key, level=level)
                await work.questions.add(one, at)

    late = MONDAY + timedelta(weeks=9)
    await send(10, "operationeel", MONDAY)
    await send(5, "operationeel", late)
    await send(5, "tactisch", late)
    shifts = []
    for weeks in (2, 7, 9):
        week = Week.of((MONDAY + timedelta(weeks=weeks)).date())
        async with history.store.reading() as work:
            loaded = await load_week(work, OPEN_ON_WEEKDAYS, week)
        shifts.append(loaded.figures().values["shift"])
    assert shifts == [None, None, 0.5]


async def test_a_week_has_its_own_ratings_and_all_that_were_given_until_its_end(
    history: History,
) -> None:
    await history.play(RATED)
    async with history.store.reading() as work:
        weeks = await Weeks.of(work, OPEN_ON_WEEKDAYS)
        found = [await weeks.load(WEEK.back(-number)) for number in range(3)]
        counts = await weeks.load_counts(WEEK)
    rated = [one.background for one in found]
    assert [len(one.ratings) for one in rated] == [1, 1, 0]
    assert [len(one.compared) for one in rated] == [len(one.said) for one in rated] == [1, 2, 2]
    kept = replace(rated[0], ratings=(), compared=(), said=())
    assert counts == replace(found[0], background=kept)


async def test_before_anything_was_said_a_week_is_all_noughts(sql_store: Store) -> None:
    async with sql_store.reading() as work:
        figures = (await load_week(work, OPEN_ON_WEEKDAYS, WEEK)).figures()
    assert figures.quiet
    assert not any(figures.values.values())


async def test_a_week_that_is_none_is_gone() -> None:
    chat = await make_chat()
    async with chat.store.begin() as work:
        await work.summaries.add(sent())
    for week in ("2026-W99", "=1", "x"):
        (reply,) = await chat.press(ShowSummary(week=week), COORDINATOR)
        assert keys(reply) == ["summary.gone"]
    (reply,) = await chat.press(ShowSummary(part="nothing"), COORDINATOR)
    assert reply.view == "summary"
