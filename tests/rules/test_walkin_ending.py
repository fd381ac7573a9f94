"""How an hour ends: what was held stays, and what is to come is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.ids import HourId
from bot.walkin.ending import Ending, ending
from bot.walkin.grounds import Grounds
from bot.walkin.model import Change
from tests.chat import OPEN_ON_WEEKDAYS
from tests.factories import hour

ONE = hour(id=HourId(1))
"""On Mondays from twelve to one."""
MONDAY = date(2026, 3, 9)
SUNDAY, TUESDAY = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
GROUNDS = Grounds(OPEN_ON_WEEKDAYS, lambda _: OPEN_ON_WEEKDAYS)


def at(day: date, hours: int) -> datetime:
    return datetime.combine(day, time(hours), UTC)


@pytest.mark.parametrize(
    ("now", "last"), [(at(MONDAY, 10), SUNDAY), (at(MONDAY, 11), MONDAY), (at(TUESDAY, 9), MONDAY)]
)
def test_it_ends_before_the_first_date_that_is_still_to_come(now: datetime, last: date) -> None:
    assert ending(ONE, [], GROUNDS, now) == Ending(last)


def test_a_date_that_was_moved_is_over_when_it_is_still_to_come() -> None:
    moved = Change(ONE.id, MONDAY, TUESDAY)
    end = ending(ONE, [moved], GROUNDS, at(TUESDAY, 10))
    assert end == Ending(MONDAY, (MONDAY,))
    assert [end.over(day) for day in (MONDAY, MONDAY - timedelta(weeks=1), TUESDAY)] == [
        True,
        False,
        True,
    ]
    assert ending(ONE, [moved], GROUNDS, at(TUESDAY, 11)) == Ending(MONDAY)


def test_a_date_that_was_moved_forward_and_held_stays_and_those_before_it_do_not() -> None:
    later = MONDAY + timedelta(weeks=2)
    moved = Change(ONE.id, later, MONDAY, time(9))
    end = ending(ONE, [moved], GROUNDS, at(MONDAY, 10))
    assert end == Ending(later, (MONDAY, MONDAY + timedelta(weeks=1)))


def test_one_that_ended_does_not_go_on_for_longer() -> None:
    ended = replace(ONE, last=MONDAY - timedelta(weeks=1))
    assert ending(ended, [], GROUNDS, at(TUESDAY, 9)) == Ending(ended.last or MONDAY)
