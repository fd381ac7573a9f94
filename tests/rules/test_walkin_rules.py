"""Who gets a seat, who waits, and who is next."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import BookingId, HourId, PersonId
from bot.walkin import rules
from bot.walkin.model import SlotKey
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.rules import Crowd, Full, Seat, Wish
from bot.walkin.seats import Numbers, Waiting
from tests.factories import NOW, waiting
from tests.one_slot import (
    ANN,
    BOB,
    CAS,
    COACH,
    COLLEGE,
    EMPTY,
    KEY,
    MINUTE,
    NOBODY,
    SLOT,
    TERMS,
    ZONE,
    a_slot,
    local,
    taken,
    wish,
)


def decided(crowd: Crowd = EMPTY, asks: Wish | None = None, now: datetime = NOW) -> object:
    return rules.decide(SLOT, asks or wish(), crowd, TERMS, now)


def test_there_is_a_seat_until_there_is_none() -> None:
    assert decided() == Seat(1)
    assert decided(Crowd([taken(BOB, 1)], NOBODY)) == Seat(2)
    assert decided(Crowd([taken(BOB, 2)], NOBODY)) == Seat(1)
    assert decided(Crowd([taken(BOB, 2), taken(CAS, 1)], NOBODY)) == Full(0)


def test_who_comes_new_does_not_go_before_who_waits() -> None:
    assert decided(Crowd([], Numbers(1, 1))) == Full(1)
    assert decided(Crowd([], Numbers(0, 1))) == Seat(1)


def test_what_is_refused_and_why() -> None:
    full = [taken(ANN, 1)]
    assert rules.decide(None, wish(), EMPTY, TERMS, NOW) == Refused(Refusal.GONE)
    assert decided(now=SLOT.starts) == Refused(Refusal.TOO_LATE)
    assert decided(now=SLOT.starts - MINUTE) == Seat(1)
    assert decided(asks=wish(COACH)) == Refused(Refusal.OWN)
    assert decided(asks=wish(allowed=False)) == Refused(Refusal.NOT_FOR_YOU)
    assert decided(Crowd(full, NOBODY)) == Refused(Refusal.HAVE_IT)
    assert decided(Crowd([], Numbers(1, 1, mine=True))) == Refused(Refusal.IN_LINE)
    assert decided(asks=wish(held=3)) == Refused(Refusal.TOO_MANY)
    assert decided(asks=wish(held=2)) == Seat(1)
    moving = replace(wish(held=3), moving=BookingId(9))
    assert decided(asks=moving) == Seat(1)


@given(st.permutations(range(1, 5)), st.integers(0, 4), st.integers(1, 4))
def test_free_seats_go_to_who_waits_in_order_of_number(
    numbers: list[int], has: int, seats: int
) -> None:
    slot = a_slot(seats)
    there = [taken(PersonId(10 + seat), seat) for seat in range(1, min(has, seats) + 1)]
    line = [waiting(PersonId(number), KEY, number) for number in numbers]
    found = rules.promotions(slot, there, line, NOW)
    assert [one.number for one, _ in found] == list(range(1, seats - len(there) + 1))
    assert not {seat for _, seat in found} & {one.seat for one in there}
    assert len(there) + len(found) == seats
    assert rules.promotions(slot, there, line, slot.starts) == []


@pytest.mark.parametrize(
    ("now", "by"),
    [
        (local(2026, 3, 6, 10), local(2026, 3, 6, 12)),
        (local(2026, 3, 6, 16), local(2026, 3, 9, 9)),  # Friday's last hour, and Monday's first
        (local(2026, 3, 8, 3), local(2026, 3, 9, 10)),
        (local(2026, 3, 9, 11, 30), local(2026, 3, 9, 12)),  # no longer than until it begins
    ],
)
def test_a_seat_can_be_confirmed_for_some_working_time(now: datetime, by: datetime) -> None:
    assert rules.confirm_by(SLOT.starts, COLLEGE, TERMS, now) == by


def test_a_college_that_is_always_closed_gives_until_the_start() -> None:
    closed = replace(COLLEGE, week={})
    assert rules.confirm_by(SLOT.starts, closed, TERMS, NOW) == SLOT.starts


def test_a_place_in_the_line_counts_who_still_waits() -> None:
    line: list[Waiting] = [waiting(BOB, KEY, 2), waiting(ANN, KEY, 5), waiting(CAS, KEY, 7)]
    assert [rules.place_of(one, line) for one in line] == [1, 2, 3]


def test_a_slot_is_named_by_its_rule() -> None:
    assert SlotKey(HourId(1), date(2026, 3, 9), 0) == KEY
    assert SLOT.starts.astimezone(ZONE).time() == time(12)
