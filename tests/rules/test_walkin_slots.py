"""When walk-in hours take place: by local rules, through clock changes, leap days and year ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import HourId, PersonId
from bot.walkin.grounds import Grounds, Leave
from bot.walkin.model import Change, Hour, Session, SlotKey
from bot.walkin.slots import (
    clash,
    clash_of_change,
    ends_at,
    is_date_of,
    lapsed,
    next_session,
    session_of,
    sessions,
    slot_of,
    slots,
)
from bot.worktime.closures import Closed, Closures
from bot.worktime.worktime import WorkTime
from tests.factories import hour

ZONE = ZoneInfo("Europe/Amsterdam")
COLLEGE = WorkTime(ZONE, closures=Closures(own=(Closed(date(2026, 2, 16), date(2026, 2, 20)),)))
GROUNDS = Grounds(COLLEGE, lambda _: COLLEGE)
TODAY = date(2026, 1, 5)
ONE = hour(id=HourId(1))
MONDAY = date(2026, 3, 9)


def found(one: Hour, first: date, last: date, *changes: Change) -> list[Session]:
    return sessions([one], changes, GROUNDS, first, last)


def local(moments: list[Session]) -> list[str]:
    return [f"{one.starts.astimezone(ZONE):%Y-%m-%d %H:%M}" for one in moments]


def test_noon_is_noon_before_and_after_both_clock_changes() -> None:
    spring = found(ONE, date(2026, 3, 23), date(2026, 3, 30))
    assert local(spring) == ["2026-03-23 12:00", "2026-03-30 12:00"]
    assert [one.starts.hour for one in spring] == [11, 10]
    autumn = found(ONE, date(2026, 10, 19), date(2026, 10, 26))
    assert [one.starts.hour for one in autumn] == [10, 11]
    assert {len(slots(one)) for one in (*spring, *autumn)} == {4}


def test_a_slot_lasts_as_long_as_really_passes_in_the_night_of_a_clock_change() -> None:
    night = hour(weekday=6, start=time(1, 30), end=time(4), minutes=30)
    long = [len(slots(one)) for one in found(night, date(2026, 3, 22), date(2026, 3, 29))]
    assert long == [5, 3]
    assert [len(slots(one)) for one in found(night, date(2026, 10, 25), date(2026, 10, 25))] == [7]
    skipped = hour(weekday=6, start=time(2), end=time(3))
    assert found(skipped, date(2026, 3, 29), date(2026, 3, 29)) == []


def test_a_leap_day_is_a_day_and_a_year_goes_on_in_the_next() -> None:
    leap = hour(weekday=date(2028, 2, 29).weekday(), first=date(2028, 1, 1))
    assert local(found(leap, date(2028, 2, 23), date(2028, 3, 7))) == [
        "2028-02-29 12:00",
        "2028-03-07 12:00",
    ]
    eve = hour(weekday=date(2026, 12, 31).weekday())
    assert local(found(eve, date(2026, 12, 30), date(2027, 1, 8))) == [
        "2026-12-31 12:00",
        "2027-01-07 12:00",
    ]


def test_nothing_takes_place_outside_the_dates_of_an_hour() -> None:
    one = hour(first=date(2026, 3, 10), last=date(2026, 3, 23))
    assert local(found(one, TODAY, date(2026, 12, 1))) == ["2026-03-16 12:00", "2026-03-23 12:00"]
    extra = hour(first=MONDAY, last=MONDAY)
    assert extra.once
    assert local(found(extra, TODAY, date(2026, 12, 1))) == ["2026-03-09 12:00"]


def test_on_a_closed_day_and_a_holiday_there_is_no_hour() -> None:
    assert local(found(ONE, date(2026, 2, 9), date(2026, 2, 23))) == [
        "2026-02-09 12:00",
        "2026-02-23 12:00",
    ]
    easter_monday = date(2026, 4, 6)
    assert found(ONE, easter_monday, easter_monday) == []


def test_what_lapses_by_a_closed_day_is_what_would_have_been() -> None:
    span = date(2026, 2, 9), date(2026, 2, 23)
    apart = [Change(ONE.id, date(2026, 2, 9)), Change(ONE.id, date(2026, 2, 23), date(2026, 2, 17))]
    assert local(lapsed([ONE], [], GROUNDS, *span)) == ["2026-02-16 12:00"]
    # A coach's own cancelling is no lapse; a date that moved to a closed day is.
    assert local(lapsed([ONE], apart, GROUNDS, *span)) == ["2026-02-16 12:00", "2026-02-17 12:00"]
    assert found(ONE, *span, *apart) == []


def test_a_date_can_be_off() -> None:
    off = Change(ONE.id, MONDAY)
    assert found(ONE, MONDAY, MONDAY, off) == []
    assert session_of(ONE, [off], GROUNDS, MONDAY) is None
    assert len(found(ONE, MONDAY, MONDAY, replace(off, hour=HourId(2)))) == 1


def test_a_date_that_moves_keeps_its_name_and_its_length() -> None:
    moved = Change(ONE.id, MONDAY, date(2026, 3, 12), time(9, 15), "C1.01")
    (there,) = found(ONE, date(2026, 3, 10), date(2026, 3, 15), moved)
    assert (there.day, there.place) == (MONDAY, "C1.01")
    assert local([there]) == ["2026-03-12 09:15"]
    assert there.ends - there.starts == timedelta(hours=1)
    assert found(ONE, MONDAY, MONDAY, moved) == []
    assert session_of(ONE, [moved], GROUNDS, MONDAY) == there
    same_time = Change(ONE.id, MONDAY, date(2026, 3, 12))
    assert local(found(ONE, MONDAY, date(2026, 3, 12), same_time)) == ["2026-03-12 12:00"]
    assert session_of(ONE, [same_time], GROUNDS, MONDAY) != there


def test_a_date_that_moves_to_a_closed_day_does_not_take_place() -> None:
    moved = Change(ONE.id, date(2026, 2, 23), date(2026, 2, 19))
    assert found(ONE, date(2026, 2, 16), date(2026, 2, 23), moved) == []


def test_slots_follow_each_other_and_what_is_left_is_none() -> None:
    one = hour(minutes=25)
    (session,) = found(one, MONDAY, MONDAY)
    first, second = slots(session)
    assert (first.starts, first.ends) == (session.starts, second.starts)
    assert second.ends == session.starts + timedelta(minutes=50)
    assert first.key == SlotKey(one.id, MONDAY, 0)
    assert (second.seats, slot_of(session, 1)) == (2, second)
    assert slot_of(session, 2) is None
    assert slot_of(None, 0) is None


def test_sessions_come_in_order_of_time() -> None:
    late = hour(id=HourId(2), start=time(15), end=time(16))
    both = sessions([late, ONE], [], GROUNDS, MONDAY, MONDAY)
    assert [one.hour.id for one in both] == [1, 2]


def test_two_hours_of_a_coach_at_the_same_time_clash_and_the_first_date_is_named() -> None:
    new = hour(start=time(12, 45), end=time(14), first=date(2026, 3, 1))
    found_clash = clash(new, [ONE], [], TODAY)
    assert found_clash
    assert (found_clash.hour, found_clash.on) == (ONE, date(2026, 3, 2))
    for other in (
        replace(new, start=time(13)),
        replace(new, weekday=1),
        replace(new, coach=PersonId(2)),
        replace(new, first=date(2026, 1, 5), last=date(2026, 1, 4)),
    ):
        assert clash(other, [ONE], [], TODAY) is None
    assert clash(ONE, [ONE], [], TODAY) is None


def test_hours_of_different_periods_do_not_clash() -> None:
    spring, autumn = hour(id=HourId(1), last=date(2026, 6, 1)), hour(first=date(2026, 6, 2))
    assert clash(autumn, [spring], [], TODAY) is None
    assert clash(replace(autumn, first=date(2026, 6, 1)), [spring], [], TODAY) is not None


def test_a_date_that_is_off_leaves_room_and_one_that_moved_takes_it() -> None:
    extra = hour(first=MONDAY, last=MONDAY)
    assert clash(extra, [ONE], [], TODAY) is not None
    assert clash(extra, [ONE], [Change(ONE.id, MONDAY)], TODAY) is None
    tuesday = date(2026, 3, 10)
    moved = Change(ONE.id, MONDAY, tuesday)
    taken = clash(hour(weekday=1, first=tuesday, last=tuesday), [ONE], [moved], TODAY)
    assert taken
    assert taken.on == tuesday


def test_a_date_cannot_move_onto_another_hour_but_may_onto_its_own_time() -> None:
    other = hour(id=HourId(2), weekday=2)
    wednesday = date(2026, 3, 11)
    on_other = Change(ONE.id, MONDAY, wednesday, time(12, 30))
    found_clash = clash_of_change(on_other, [ONE, other], [])
    assert found_clash
    assert (found_clash.hour, found_clash.on) == (other, wednesday)
    assert clash_of_change(replace(on_other, start=time(13)), [ONE, other], []) is None
    later_that_day = Change(ONE.id, MONDAY, MONDAY, time(12, 15))
    assert clash_of_change(later_that_day, [ONE, other], []) is None
    onto_next = Change(ONE.id, MONDAY, MONDAY + timedelta(weeks=1))
    assert clash_of_change(onto_next, [ONE], []) is not None
    assert clash_of_change(Change(ONE.id, MONDAY), [ONE, other], []) is None
    elsewhere = replace(other, coach=PersonId(2))
    assert clash_of_change(on_other, [ONE, elsewhere], []) is None


def test_what_is_a_date_of_an_hour() -> None:
    assert is_date_of(ONE, MONDAY)
    assert not is_date_of(ONE, MONDAY + timedelta(days=1))
    assert not is_date_of(replace(ONE, first=MONDAY + timedelta(days=1)), MONDAY)


def test_a_date_stays_within_its_day() -> None:
    assert ends_at(ONE, time(9, 15)) == time(10, 15)
    assert ends_at(ONE, time(23, 30)) is None


@given(
    st.integers(0, 6),
    st.integers(0, 22),
    st.integers(5, 60),
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
def test_every_slot_is_within_its_session_on_its_own_day(
    weekday: int, begins: int, minutes: int, first: date
) -> None:
    one = hour(
        weekday=weekday, start=time(begins), end=time(begins + 1), minutes=minutes, first=first
    )
    for session in found(one, first, first + timedelta(weeks=3)):
        assert session.starts.astimezone(ZONE).weekday() == weekday
        assert session.starts.tzinfo is UTC
        ends = session.starts
        for slot in slots(session):
            assert slot.starts == ends
            ends = slot.ends
        assert ends <= session.ends


def test_a_moment_says_which_day_it_is_there_not_in_utc() -> None:
    night = hour(start=time(0, 15), end=time(1, 15))
    (session,) = found(night, MONDAY, MONDAY)
    assert session.starts == datetime(2026, 3, 8, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "until", "held"),
    [
        ("09T08:00", "", 0),
        ("09T08:00", "09T11:00", 4),  # back before it begins
        ("09T08:00", "09T12:30", 4),  # back while it goes on: what is left of it is held
        ("09T08:00", "09T13:00", 0),
        ("09T12:20", "", 1),  # gone in the second slot
        ("09T12:20", "10T00:00", 1),
        ("09T12:20", "09T12:25", 4),
        ("09T13:00", "", 4),
        ("09T12:00", "09T12:00", 4),  # called off
        ("10T00:00", "11T00:00", 4),
    ],
)
def test_an_hour_is_held_until_its_coach_goes_away(start: str, until: str, held: int) -> None:
    away = Leave(in_march(start), in_march(until) if until else None)
    grounds = replace(GROUNDS, leaves={ONE.coach: [away]})
    there = session_of(ONE, [], grounds, MONDAY)
    assert len(slots(there) if there else []) == held
    assert bool(there) != bool(lapsed([ONE], [], grounds, MONDAY, MONDAY))


def in_march(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{moment}").replace(tzinfo=ZONE)


def test_a_day_is_off_for_who_does_not_come_back_on_it() -> None:
    away = Leave(datetime(2026, 3, 9, 8, tzinfo=ZONE), datetime(2026, 3, 11, 9, tzinfo=ZONE))
    grounds = replace(GROUNDS, leaves={ONE.coach: [away]})
    off = [grounds.off(ONE.coach, date(2026, 3, day)) for day in range(8, 13)]
    assert off == [False, True, True, False, False]
    assert grounds.off(ONE.coach, date(2026, 2, 16))
    assert not grounds.off(PersonId(99), MONDAY)
    assert replace(grounds, at=lambda _: None).off(PersonId(99), MONDAY)


def test_the_next_date_after_a_day_is_found_up_to_a_year_ahead() -> None:
    late = hour(first=date(2026, 9, 1))
    found = next_session([hour(last=date(2026, 3, 31)), late], (), GROUNDS, date(2026, 4, 1))
    assert found
    assert (found.hour, found.day) == (late, date(2026, 9, 7))
    assert next_session([late], (), GROUNDS, date(2025, 9, 1)) is None
    assert next_session([], (), GROUNDS, date(2026, 4, 1)) is None
