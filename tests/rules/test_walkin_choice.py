"""Which slots are shown first: near and soon, free before full, and not one coach alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import HourId, PersonId
from bot.walkin.choice import Offer, by_time, in_order, worth
from bot.walkin.model import Session
from bot.walkin.seats import Count
from bot.walkin.slots import slots
from tests.factories import hour

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FREE, FULL = Count(), Count(2)


def offer(days: int = 1, near: float = 0.5, slot: int = 0, coach: int = 1, **more: Any) -> Offer:
    count = more.pop("count", FREE)
    starts = NOW + timedelta(days=days, hours=2)
    held = hour(id=HourId(coach), coach=PersonId(coach), **more)
    session = Session(held, date(2026, 3, 2) + timedelta(days=days), starts, starts, "B2.04")
    session = Session(held, session.day, starts, starts + timedelta(hours=1), "B2.04")
    return Offer(slots(session)[slot], near, count)


def named(offers: list[Offer]) -> list[tuple[int, int, int]]:
    """Return coach, day of March and slot of each."""
    return [
        (one.slot.session.hour.coach, one.slot.key.day.day, one.slot.key.number) for one in offers
    ]


def order(*offers: Offer, every: bool = False) -> list[tuple[int, int, int]]:
    return named(in_order(offers, NOW, every=every))


def test_near_goes_before_far_and_soon_before_late() -> None:
    near, far = offer(coach=1, near=0.9), offer(coach=2, near=0.2)
    assert order(far, near) == [(1, 3, 0), (2, 3, 0)]
    later = offer(coach=1, near=0.9, days=8)
    assert order(later, near) == [(1, 3, 0), (1, 10, 0)]


def test_a_week_of_waiting_is_worth_some_nearness_but_not_all() -> None:
    next_week = offer(coach=1, near=0.9, days=8)
    assert order(next_week, offer(coach=2, near=0.7))[0][0] == 2
    assert order(next_week, offer(coach=2, near=0.3))[0][0] == 1


def test_of_a_session_the_first_free_slot_is_shown() -> None:
    assert order(offer(slot=1), offer(slot=2), offer(slot=0, count=FULL)) == [(1, 3, 1)]
    waits = Count(0, 1)
    assert offer(count=waits).left == 0
    assert order(offer(slot=0, count=Count(2, 3)), offer(slot=1, count=Count(2, 1))) == [(1, 3, 1)]


def test_the_best_are_shown_in_order_of_time_and_what_is_full_last() -> None:
    near, soon = offer(coach=1, days=8, near=0.9), offer(coach=2, days=1, near=0.2)
    full, left_out = offer(coach=3, days=0, count=FULL), offer(coach=4, days=0)
    assert named(by_time([near, soon, full, left_out], 3)) == [(2, 3, 0), (1, 10, 0), (3, 2, 0)]


def test_what_is_full_comes_last() -> None:
    full, far = offer(coach=1, near=1.0, count=FULL), offer(coach=2, near=0.0, days=20)
    assert order(full, far) == [(2, 22, 0), (1, 3, 0)]


def test_one_coach_leaves_room_for_others() -> None:
    mine = [offer(coach=1, near=1.0, days=days) for days in (1, 2, 3)]
    assert order(*mine, offer(coach=2, near=0.1)) == [
        (1, 3, 0),
        (1, 4, 0),
        (2, 3, 0),
        (1, 5, 0),
    ]


def test_who_looks_for_something_sees_all_in_order_of_time() -> None:
    assert order(
        offer(days=2),
        offer(slot=1),
        offer(slot=0, count=FULL),
        offer(coach=2, near=0.9),
        every=True,
    ) == [(2, 3, 0), (1, 3, 0), (1, 3, 1), (1, 4, 0)]


@given(st.permutations([offer(days=days, coach=coach) for days in (1, 2, 3) for coach in (1, 2)]))
def test_the_order_that_they_come_in_does_not_matter(offers: list[Offer]) -> None:
    assert order(*offers) == order(*sorted(offers, key=lambda one: one.slot.starts))


@given(st.integers(0, 27), st.integers(0, 27), st.floats(0, 1))
def test_sooner_is_never_worth_less(days: int, more: int, near: float) -> None:
    assert worth(offer(days, near), NOW) >= worth(offer(days + more, near), NOW)
