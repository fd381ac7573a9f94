"""The scheduler only ticks: it looks at once and again, goes on after errors, and ends whole."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.clock import MovableClock
from bot.outbox.relay import Relay
from bot.outbox.service import Ledger
from scheduler.run import working
from scheduler.timetable import Tick, timetable
from tests.channels.stage import example_app
from tests.fakes import MemoryStore

SECRET = "geheime tekst"


def relay() -> Relay:
    store = MemoryStore()
    return Relay(store.begin, MovableClock(), Ledger(store.begin), {}, {}, "w1")


async def until_true(what: asyncio.Event) -> None:
    async with asyncio.timeout(10):
        await what.wait()


async def test_it_looks_at_once_and_tells_the_time_of_the_injected_clock() -> None:
    clock, looked = MovableClock(offset=timedelta(days=400)), asyncio.Event()
    told: list[datetime] = []

    async def look(now: datetime) -> None:
        told.append(now)
        looked.set()

    async with working(clock, relay(), [Tick("thing", 3600, look)]):
        await until_true(looked)
    assert clock.now() - told[0] < timedelta(minutes=1)
    assert len(told) == 1


async def test_what_fails_is_logged_without_a_word_of_it_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    again = asyncio.Event()
    count = 0

    async def look(_: datetime) -> None:
        nonlocal count
        count += 1
        if count == 3:
            again.set()
        raise KeyError(SECRET)

    with caplog.at_level(logging.INFO):
        async with working(MovableClock(), relay(), [Tick("thing", 0.01, look)]):
            await until_true(again)
    assert "thing failed, and is tried again: KeyError" in caplog.text
    assert SECRET not in caplog.text
    assert not [one for one in caplog.records if one.name.startswith("apscheduler")]


async def test_a_look_under_way_is_finished_and_never_doubled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def look(_: datetime) -> None:
        begun.set()
        await go_on.wait()
        finished.append("whole")

    with caplog.at_level(logging.INFO):
        async with working(MovableClock(), relay(), [Tick("slow", 0.01, look)]):
            await until_true(begun)
            await asyncio.sleep(0.05)  # several ticks, none of which begins another
            asyncio.get_running_loop().call_later(0.05, go_on.set)
    assert finished == ["whole"]
    await asyncio.sleep(0.05)
    assert finished == ["whole"]
    assert not [one for one in caplog.records if one.name.startswith("apscheduler")]


async def test_a_slow_look_keeps_nobody_waiting() -> None:
    begun, other, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: datetime) -> None:
        begun.set()
        await go_on.wait()

    async def quick(_: datetime) -> None:
        if begun.is_set():
            other.set()

    ticks = [Tick("slow", 0.01, slow), Tick("quick", 0.01, quick)]
    async with working(MovableClock(), relay(), ticks):
        await until_true(other)
        go_on.set()


async def test_what_ends_in_an_error_ends_whole_as_well() -> None:
    stopped = relay()
    with pytest.raises(ZeroDivisionError):
        async with working(MovableClock(), stopped, []):
            raise ZeroDivisionError
    assert stopped._stopping


async def test_every_job_has_a_line_in_the_timetable(tmp_path: Path) -> None:
    async with example_app(tmp_path, MovableClock()) as app:
        meeting = app.meeting({}, {})
        looks = [tick.look for tick in timetable(app, meeting)]
        assert looks == [meeting.run, *(job.run for job in app.jobs.all())]
