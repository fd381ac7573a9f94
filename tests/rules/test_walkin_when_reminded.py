"""When who comes is reminded, and of what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.walkin import reminders
from bot.walkin.reminders import Reminder
from tests.one_slot import (
    COLLEGE,
    MINUTE,
    local,
)


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [
        (local(2026, 3, 10, 12), local(2026, 3, 9, 15)),
        (local(2026, 3, 9, 12), local(2026, 3, 6, 15)),  # Monday: on Friday
        (local(2026, 2, 23, 12), local(2026, 2, 13, 15)),  # after the holidays: before them
        (local(2026, 3, 30, 12), local(2026, 3, 27, 15)),  # over the clock change
        (local(2026, 10, 26, 12), local(2026, 10, 23, 15)),
        (local(2026, 1, 2, 12), local(2025, 12, 31, 15)),  # over the year's end
        (local(2028, 3, 1, 12), local(2028, 2, 29, 15)),
    ],
)
def test_one_is_reminded_the_working_day_before_at_three(
    starts: datetime, reminded: datetime
) -> None:
    assert reminders.day_before(starts, COLLEGE) == reminded
    assert reminders.next_reminder(starts, reminded - MINUTE, COLLEGE) == reminded
    assert reminders.next_reminder(starts, reminded, COLLEGE) == starts - timedelta(minutes=15)
    assert reminders.next_reminder(starts, starts - timedelta(minutes=15), COLLEGE) is None


def test_a_college_that_is_never_open_reminds_the_day_before() -> None:
    closed = replace(COLLEGE, week={})
    assert reminders.day_before(local(2026, 3, 9, 12), closed) == local(2026, 3, 8, 15)


def test_a_late_reminder_says_what_is_so_by_then() -> None:
    starts = datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert reminders.which(starts, starts - timedelta(hours=3)) is Reminder.DAY_BEFORE
    assert reminders.which(starts, starts - timedelta(minutes=15)) is Reminder.SOON
    assert reminders.which(starts, starts) is None
