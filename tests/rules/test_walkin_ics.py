"""What stands in a calendar: read back by two parsers, through clock changes and odd texts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ids import BookingId, HourId, PersonId
from bot.core.reply import Say
from bot.walkin.calendar import (
    Calendar,
    Event,
    Status,
    When,
    called_off,
    of_booking,
    of_session,
    taken,
)
from bot.walkin.grounds import Grounds
from bot.walkin.ics import write
from bot.walkin.model import Change, Session
from bot.walkin.seats import Count, State
from bot.walkin.slots import sessions, slots
from bot.walkin.timezone import timezone
from bot.worktime.closures import Closures
from bot.worktime.worktime import WorkTime
from tests.calendars import property_lines, read
from tests.factories import booking, hour, slot_key

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLLEGE = WorkTime(ZONE, closures=Closures(frozenset()))
GROUNDS = Grounds(COLLEGE, lambda _: COLLEGE)
ONE = hour(id=HourId(1))
MONDAY = date(2026, 3, 9)
QUARTER = timedelta(minutes=15)


def session(on: date = MONDAY, *changes: Change) -> Session:
    return next(one for one in sessions([ONE], changes, GROUNDS, on, on))


def event(starts: datetime, *, long: timedelta = QUARTER, **changes: str) -> Event:
    said = {"title": "Inloopuur", "place": "", "about": "", "url": "", **changes}
    status = Status(said.get("status", "CONFIRMED"))
    return Event(
        When("booking-1@vraagbaak", 1, starts, starts + long, status),
        Say(said["title"]),
        Say(said["place"]),
        Say(said["about"]),
        said["url"],
    )


def written(*events: Event, zone: ZoneInfo = ZONE, name: str = "", at: datetime = NOW) -> bytes:
    calendar = Calendar(zone, at, events, Say(name) if name else None)
    return write(calendar, lambda said: said.key)


TEXT = st.text(max_size=200)
MOMENT = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 (hypothesis adds the zone)
    lambda one: one.replace(microsecond=0)
)
EVENT = st.builds(
    Event,
    st.builds(
        When,
        st.integers(1, 10**9).map(lambda one: f"booking-{one}@vraagbaak"),
        st.integers(0, 2**31 - 1),
        MOMENT,
        MOMENT,
        st.sampled_from(Status),
    ).map(lambda one: replace(one, ends=max(one.starts, one.ends))),
    st.builds(Say, TEXT),
    st.none() | st.builds(Say, TEXT),
    st.none() | st.builds(Say, TEXT),
    st.just("") | TEXT.map(lambda one: f"https://meet.example/{one}"),
)


@settings(deadline=None)  # two parsers, of which one is slow to warm up
@given(st.lists(EVENT, max_size=4), TEXT)
def test_every_calendar_parses_back_to_what_it_says(events: list[Event], name: str) -> None:
    found = read(written(*events, name=name))
    assert [(one.uid, one.sequence, one.starts, one.ends, one.status) for one in found] == [
        (one.uid, one.sequence, one.starts, one.ends, one.status.value)
        for one in (event.when for event in events)
    ]
    for one, said in zip(found, events, strict=True):
        assert one.title.split() == plain(said.title).split()
        assert one.place.split() == (plain(said.place) if said.place else "").split()
        assert one.url in ("", said.url)
        off = said.when.status is Status.CANCELLED
        assert one.alarm == (None if off else -QUARTER)


def plain(said: Say) -> str:
    """Return a text without what no calendar holds: signs that are not there to be read."""
    return "".join(one if one.isprintable() else " " for one in said.key)


@settings(deadline=None)
@given(TEXT)
def test_what_somebody_typed_adds_no_line(text: str) -> None:
    odd = f"{text}\r\nEND:VEVENT\nATTENDEE:mailto:x@y.example\r{text}"
    body = written(event(NOW, title=odd, place=odd, about=odd, url=f"https://a.example/{odd}"))
    assert len(read(body)) == 1
    assert property_lines(body, "ATTENDEE") == []


def test_lines_are_no_longer_than_the_standard_allows() -> None:
    body = written(event(NOW, title="één 🙂 " * 100))
    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 3, 28, 11, tzinfo=UTC), "20260328T120000"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "20260329T015900"),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), "20260329T030000"),
        (datetime(2026, 3, 30, 10, tzinfo=UTC), "20260330T120000"),
        (datetime(2026, 10, 25, 0, 15, tzinfo=UTC), "20261025T021500"),
        (datetime(2026, 10, 26, 11, tzinfo=UTC), "20261026T120000"),
    ],
)
def test_times_are_those_on_the_wall_before_and_after_both_clock_changes(
    moment: datetime, shown: str
) -> None:
    body = written(event(moment))
    assert property_lines(body, "DTSTART")[-1] == f"DTSTART;TZID=Europe/Amsterdam:{shown}"
    assert [(one.starts, one.ends) for one in read(body)] == [(moment, moment + QUARTER)]


def test_an_hour_that_comes_twice_is_named_so_that_it_is_the_right_one() -> None:
    first, second = (datetime(2026, 10, 25, at, 30, tzinfo=UTC) for at in (0, 1))
    assert [one.starts for one in read(written(event(first), event(second)))] == [first, second]
    (over,) = read(written(event(first, long=timedelta(minutes=45))))
    assert over.ends == first + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Europe/Amsterdam", 4),
        ("America/New_York", 4),
        ("America/Santiago", 4),
        ("Australia/Lord_Howe", 4),
        ("Asia/Kolkata", 0),
        ("UTC", 0),
        ("Africa/Casablanca", 4),
    ],
)
def test_a_zone_says_what_its_clock_does(name: str, count: int) -> None:
    zone = ZoneInfo(name)
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    parsed: Any = icalendar.Timezone.from_ical(timezone(zone, first, last).to_ical())
    there = parsed.to_tz(lookup_tzid=False)
    changes = 0
    for day in range(729):
        midnight = first + timedelta(days=day)
        changing = midnight.astimezone(zone).utcoffset() != (
            (midnight + timedelta(days=1)).astimezone(zone).utcoffset()
        )
        changes += changing
        for hour_of_day in range(24) if changing else (0, 12):
            local = (midnight + timedelta(hours=hour_of_day)).astimezone(zone)
            naive = local.replace(tzinfo=None)
            if not _twice(local):
                assert naive.replace(tzinfo=there).utcoffset() == local.utcoffset(), naive
    assert changes == count


def _twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def test_in_europe_a_zone_is_two_rules() -> None:
    body = written(event(NOW))
    assert property_lines(body, "RRULE") == [
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]
    assert property_lines(body, "TZOFFSETFROM")[1:] == ["TZOFFSETFROM:+0100", "TZOFFSETFROM:+0200"]
    assert "DTSTART:20240331T020000" in property_lines(body, "DTSTART")
    assert "DTSTART:20241027T030000" in property_lines(body, "DTSTART")


def test_a_feed_says_its_name_and_how_often_to_look_again() -> None:
    body = written(name="Inloopuren")
    assert read(body) == []
    assert property_lines(body, "X-WR-CALNAME") == ["X-WR-CALNAME:Inloopuren"]
    assert property_lines(body, "REFRESH-INTERVAL") == ["REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    assert property_lines(written(event(NOW)), "X-WR-CALNAME") == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.BOOKED, Status.CONFIRMED),
        (State.OFFERED, Status.TENTATIVE),
        (State.HELPED, Status.CONFIRMED),
        (State.NO_SHOW, Status.CONFIRMED),
        (State.CANCELLED, Status.CANCELLED),
    ],
)
def test_a_booking_is_the_same_event_whatever_becomes_of_it(state: State, status: Status) -> None:
    made = booking(PersonId(2), slot_key(), id=BookingId(42))
    first = of_booking(made, session(), NOW)
    assert (first.uid, first.sequence, first.status) == ("booking-42@vraagbaak", 1, "CONFIRMED")
    later = replace(made, state=state, version=2, starts=made.starts + QUARTER)
    now = of_booking(later, session(), NOW)
    assert (now.uid, now.sequence, now.status) == (first.uid, 2, status)
    assert now.starts == first.starts + QUARTER


def test_a_booking_whose_date_is_gone_does_not_take_place() -> None:
    made = booking(PersonId(2), slot_key())
    assert of_booking(made, None, NOW).status is Status.CANCELLED
    assert of_booking(made, None, made.starts).status is Status.CONFIRMED
    helped = replace(made, state=State.HELPED)
    assert of_booking(helped, None, NOW).status is Status.CONFIRMED


def test_a_date_that_moves_or_is_off_stays_the_same_event() -> None:
    there = of_session(session(), [])
    moved = Change(ONE.id, MONDAY, date(2026, 3, 10), ONE.start)
    later = of_session(session(date(2026, 3, 10), moved), [moved])
    (off,) = called_off([ONE], [Change(ONE.id, MONDAY)], ZONE, MONDAY, MONDAY)
    assert there.uid == later.uid == off.uid == "hour-1-2026-03-09@vraagbaak"
    assert (there.sequence, later.sequence, off.sequence) == (0, 1, 1)
    assert (off.starts, off.ends, off.status) == (there.starts, there.ends, Status.CANCELLED)
    assert later.starts == there.starts + timedelta(days=1)


def test_only_dates_of_the_hours_themselves_in_the_span_are_off() -> None:
    changes = [
        Change(ONE.id, MONDAY),
        Change(ONE.id, MONDAY + timedelta(days=1)),
        Change(HourId(2), MONDAY),
        Change(ONE.id, MONDAY + timedelta(weeks=1), MONDAY, ONE.start),
        Change(ONE.id, MONDAY + timedelta(weeks=2)),
    ]
    found = list(called_off([ONE], changes, ZONE, MONDAY, MONDAY + timedelta(weeks=1)))
    assert [one.uid for one in found] == ["hour-1-2026-03-09@vraagbaak"]


def test_seats_are_counted_over_all_slots_of_a_date() -> None:
    one = session()
    first, second, *_ = slots(one)
    other = slot_key(hour=2)
    counts = {first.key: Count(2, 3), second.key: Count(1), other: Count(9)}
    assert taken(one, counts) == (3, 8)
    assert taken(one, {}) == (0, 8)
