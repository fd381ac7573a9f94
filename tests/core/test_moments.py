"""Steps in time as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.clock import MovableClock, SystemClock
from bot.core.moments import parse_step


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("+2d", timedelta(days=2)),
        ("+1w", timedelta(weeks=1)),
        ("+90m", timedelta(minutes=90)),
        ("+1d12u", timedelta(hours=36)),
        ("+ 3 H", timedelta(hours=3)),
        ("+5s", timedelta(seconds=5)),
    ],
)
def test_a_step_is_read(typed: str, step: timedelta) -> None:
    assert parse_step(typed) == step


@pytest.mark.parametrize("typed", ["", "2d", "-2d", "+", "+2", "+d", "+2x", "+99999w", "morgen"])
def test_what_is_no_step_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(ValueError, match=r"/tijd \+30m"):
        parse_step(typed)


def test_a_movable_clock_only_goes_forward() -> None:
    clock = MovableClock()
    before = clock.now()
    clock.move_to(before + timedelta(days=1))
    clock.move_to(before)
    assert clock.now() >= before + timedelta(days=1)
    assert clock.now().tzinfo is UTC


def test_the_system_clock_is_aware_and_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
