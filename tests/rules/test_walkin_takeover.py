"""What an import makes of the walk-in hours in the college file."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot.core.ids import HourId
from bot.walkin.model import Hour, Origin, TakenOver
from bot.walkin.takeover import plan
from tests.factories import hour

TODAY = date(2026, 3, 2)


def listed(**changes: Any) -> Hour:
    return hour(origin=Origin.FILE, first=TODAY, **changes)


def stored(which: int = 1, **changes: Any) -> Hour:
    return hour(id=HourId(which), origin=Origin.FILE, **changes)


def test_a_new_hour_comes_and_one_that_is_not_listed_ends() -> None:
    new = listed(weekday=2)
    found = plan([new], [stored()], [], TODAY)
    assert found == TakenOver(
        added=(new,), ended=(stored(last=TODAY - timedelta(days=1)),), clashes=()
    )


def test_an_hour_that_is_as_listed_stays_as_it_is_whatever_day_it_is_read() -> None:
    assert plan([listed()], [stored()], [], TODAY) == TakenOver()


def test_an_hour_that_differs_changes_and_stays_the_same_one() -> None:
    found = plan([listed(seats=5, end=time(14), place="C1.01")], [stored()], [], TODAY)
    assert found == TakenOver(changed=(stored(seats=5, end=time(14), place="C1.01"),))
    later = date(2026, 9, 1)
    assert plan([replace(listed(), first=later)], [stored()], [], TODAY).changed == (
        stored(first=later),
    )


def test_an_hour_at_another_time_is_another_hour() -> None:
    moved = listed(start=time(12, 30))
    found = plan([moved], [stored()], [], TODAY)
    assert (found.added, len(found.ended)) == ((moved,), 1)


def test_an_hour_that_ends_sooner_is_another_hour_as_its_last_slots_are_gone() -> None:
    shorter = listed(end=time(12, 30))
    found = plan([shorter], [stored()], [], TODAY)
    assert (found.added, len(found.ended), found.changed) == ((shorter,), 1, ())


def test_what_was_made_in_chat_is_left_alone_and_goes_first() -> None:
    in_chat = hour(id=HourId(7), start=time(12, 45), end=time(14))
    assert plan([], [in_chat], [], TODAY) == TakenOver()
    new = listed()
    found = plan([new], [in_chat], [], TODAY)
    assert found.added == ()
    ((left_out, clash),) = found.clashes
    assert (left_out, clash.hour, clash.on) == (new, in_chat, TODAY)
