"""What becomes of a booking, and who may change it until when."""

from dataclasses import replace
from datetime import timedelta

from bot.walkin import rules, steps
from bot.walkin.outcomes import Refusal
from bot.walkin.seats import Line, State, Why
from tests.factories import NOW
from tests.one_slot import (
    ANN,
    BOB,
    COLLEGE,
    KEY,
    MINUTE,
    SLOT,
    local,
    taken,
    wish,
)


def test_a_booking_stays_the_same_one_whatever_moves() -> None:
    known = replace(taken(ANN, 1), version=3)
    other = replace(SLOT, key=replace(KEY, number=2), starts=SLOT.starts + timedelta(hours=1))
    new = steps.rebooked(known, other, 2, COLLEGE, NOW)
    assert (new.id, new.version, new.seat, new.key) == (known.id, 4, 2, other.key)
    assert (new.starts, new.due) == (other.starts, local(2026, 3, 6, 15))
    moved = steps.moved(known, other, COLLEGE, NOW)
    assert (moved.id, moved.version, moved.key, moved.starts) == (known.id, 4, KEY, other.starts)
    assert moved.due == local(2026, 3, 6, 15)
    held = replace(known, state=State.OFFERED, due=local(2026, 3, 9, 11))
    earlier = replace(other, starts=local(2026, 3, 9, 10))
    assert steps.moved(held, earlier, COLLEGE, NOW).due == earlier.starts
    assert steps.moved(replace(held, due=None), earlier, COLLEGE, NOW).due is None
    assert steps.moved(held, other, COLLEGE, NOW).due == held.due
    over = steps.cancelled(known, Why.BY_COACH)
    assert (over.state, over.why, over.due, over.version) == (
        State.CANCELLED,
        Why.BY_COACH,
        None,
        4,
    )
    sure = steps.confirmed(held, COLLEGE, NOW)
    assert (sure.state, sure.due) == (State.BOOKED, local(2026, 3, 6, 15))


def test_new_bookings_and_places_are_of_their_slot() -> None:
    asks = replace(wish(), topic="Toets")
    new = steps.booked(SLOT, asks, 2, NOW, NOW)
    assert (new.key, new.seat, new.topic, new.starts) == (KEY, 2, "Toets", SLOT.starts)
    waits = rules.waiting(SLOT, asks, 4, NOW)
    assert (waits.number, waits.topic, waits.starts) == (4, "Toets", SLOT.starts)
    kept = steps.offered(SLOT, waits, 1, SLOT.starts, NOW)
    assert (kept.state, kept.person, kept.topic, kept.due) == (
        State.OFFERED,
        ANN,
        "Toets",
        SLOT.starts,
    )
    assert rules.left(waits).state is Line.LEFT


def test_who_may_change_a_booking_until_when() -> None:
    mine = taken(ANN, 1)
    assert steps.refusal(mine, ANN, NOW) is None
    assert steps.refusal(mine, BOB, NOW) is Refusal.NOT_YOURS
    assert steps.refusal(mine, ANN, mine.starts) is Refusal.TOO_LATE
    assert steps.refusal(None, ANN, NOW) is Refusal.GONE
    assert steps.refusal(steps.cancelled(mine, Why.BY_ASKER), ANN, NOW) is Refusal.GONE


def test_a_seat_is_confirmed_in_time_or_not() -> None:
    held = replace(taken(ANN, 1), state=State.OFFERED, due=NOW + MINUTE)
    assert steps.confirm_refusal(held, ANN, NOW) is None
    assert steps.confirm_refusal(held, BOB, NOW) is Refusal.NOT_YOURS
    assert steps.confirm_refusal(held, ANN, NOW + MINUTE) is Refusal.EXPIRED
    assert steps.confirm_refusal(steps.cancelled(held, Why.EXPIRED), ANN, NOW) is Refusal.EXPIRED
    assert steps.confirm_refusal(taken(ANN, 1), ANN, NOW) is Refusal.HAVE_IT
    assert steps.confirm_refusal(None, ANN, NOW) is Refusal.GONE
    assert not steps.expired(replace(held, due=None), NOW)


def test_when_it_can_be_said_who_came() -> None:
    mine = taken(ANN, 1)
    assert steps.mark_refusal(mine, mine.starts) is None
    assert steps.mark_refusal(mine, mine.starts - MINUTE) is Refusal.NOT_YET
    assert steps.mark_refusal(mine, mine.ends + timedelta(days=15)) is Refusal.TOO_LATE
    assert steps.mark_refusal(steps.cancelled(mine, Why.BY_ASKER), NOW) is Refusal.GONE
    assert steps.mark_refusal(replace(mine, state=State.OFFERED), mine.starts) is Refusal.GONE
    assert steps.mark_refusal(None, NOW) is Refusal.GONE
