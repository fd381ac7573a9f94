"""By when a teacher hears of a question: worked out from the hours of those who will be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId, QuestionId
from bot.core.moments import WEEK
from bot.proximity.model import Availability, Candidate, Ranked, Ranking
from bot.routing.model import Away, Offer, Question, RingTimes, State
from bot.routing.promise import Outlook, by_when
from bot.worktime.closures import Closed, Closures
from bot.worktime.together import Hours, after_together
from bot.worktime.worktime import WorkTime
from tests.factories import draft

ZONE = ZoneInfo("Europe/Amsterdam")
HOLIDAY = Closed(date(2026, 3, 9), date(2026, 3, 9))
COLLEGE = WorkTime(ZONE, closures=Closures(frozenset(), (HOLIDAY,)))
"""Open on working days from 8 to 17, but not on Monday the ninth."""
TIMES = RingTimes()
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
AD, BEA, CAS, DEE = map(PersonId, range(2, 6))
COACHES = (AD, BEA, CAS, DEE)
WHOLE = "08:00-17:00"


def at(text: str) -> datetime:
    """Read a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


NOW = at("2026-03-03 10:00")
"""A Tuesday."""


def pattern(hours: str) -> dict[str, str]:
    """Read `ma-vr 09:00-15:00` or `di,do 09:00-15:00`."""
    days, _, span = hours.rpartition(" ")
    named = days.split(",") if days else WEEK[:5]
    return dict.fromkeys(named, span)


def outlook(
    *hours: str, leaves: Sequence[Away] = ()
) -> tuple[Outlook, Mapping[PersonId, WorkTime]]:
    """Return coaches from the nearest on, with their hours; who has none is no coach."""
    works = {
        who: COLLEGE.of(pattern(span)) for who, span in zip(COACHES, hours, strict=False) if span
    }

    def rank(now: datetime) -> Ranking:
        gone = {one.person for one in leaves if one.covers(now)}
        there = [
            Ranked(Candidate(who, available=_available(work, now)), 1 - who / 100, 0.5, {}, ())
            for who, work in works.items()
            if who not in gone
        ]
        return Ranking(tuple(there), ())

    return Outlook(rank, works, leaves, COLLEGE, TIMES), works


def _available(work: WorkTime, now: datetime) -> Availability:
    until = work.until(now) if work.is_open(now) else None
    return Availability(until=until, back=None if until else work.next_open(now))


def question(ring: int = 0, **changes: Any) -> Question:
    state = State.OFFERED if ring else State.OPEN
    return Question(QuestionId(12), draft(PersonId(1), **changes), state, NOW, ring=ring, round=1)


def offer(coach: PersonId, ring: int, when: datetime) -> Offer:
    return Offer(QuestionId(12), coach, 1, ring, when, 0.5)


@pytest.mark.parametrize(
    ("hours", "sent", "by"),
    [
        # Of coaches who are there it is the end of ring two, up to a whole quarter.
        (WHOLE, "2026-03-03 10:00", "2026-03-03 11:00"),
        (WHOLE, "2026-03-03 10:01", "2026-03-03 11:15"),
        (WHOLE, "2026-03-03 16:30", "2026-03-04 08:30"),
        # Who has gone home by then reads nothing, though the college is open.
        ("09:00-15:00", "2026-03-03 14:00", "2026-03-03 15:00"),
        ("09:00-15:00", "2026-03-03 13:45", "2026-03-03 14:45"),
        ("09:00-15:00", "2026-03-03 14:30", "2026-03-04 09:30"),
        ("09:00-15:00", "2026-03-03 14:50", "2026-03-04 09:45"),
        ("09:00-15:00", "2026-03-03 15:30", "2026-03-04 10:00"),
        # Nor on a day that they do not work, or a holiday.
        ("di,do 09:00-15:00", "2026-03-03 14:50", "2026-03-05 09:45"),
        ("ma,di 09:00-15:00", "2026-03-03 14:50", "2026-03-10 09:45"),
        (WHOLE, "2026-03-06 22:00", "2026-03-10 09:00"),
    ],
)
def test_the_promise_counts_the_hours_of_who_is_asked(hours: str, sent: str, by: str) -> None:
    near, _ = outlook(hours, hours, hours, hours)
    assert by_when(question(), (), near, at(sent)) == at(by)


def test_it_passes_while_one_of_those_who_are_asked_is_there() -> None:
    near, _ = outlook("09:00-15:00", "09:00-15:30", WHOLE)
    assert by_when(question(), (), near, at("2026-03-03 14:50")) == at("2026-03-03 16:00")


def test_who_is_not_asked_by_then_does_not_count() -> None:
    near, _ = outlook(*["09:00-15:00"] * 3, "di,wo,do 09:00-15:00")
    assert by_when(question(), (), near, at("2026-03-06 14:50")) == at("2026-03-10 09:45")


def test_leave_is_no_time_to_answer_in() -> None:
    gone = [Away(who, at("2026-03-04 00:00"), at("2026-03-05 00:00")) for who in (AD, BEA, CAS)]
    near, _ = outlook(*["09:00-15:00"] * 3, leaves=gone)
    assert by_when(question(), (), near, at("2026-03-03 14:30")) == at("2026-03-05 09:30")
    for_good = [replace(one, until=None) for one in gone]
    near, _ = outlook(*["09:00-15:00"] * 3, leaves=for_good)
    assert by_when(question(), (), near, at("2026-03-03 14:30")) is None


def test_one_coach_alone_has_the_time_of_both_rings() -> None:
    near, _ = outlook("09:00-15:00")
    assert by_when(question(), (), near, NOW) == at("2026-03-03 11:00")
    assert by_when(question(), (), near, at("2026-03-03 14:30")) == at("2026-03-04 09:30")


def test_a_college_that_opens_no_more_leaves_it_to_the_hours_of_the_first() -> None:
    near, _ = outlook("09:00-15:00", "09:00-15:00")
    shut = Closed(date(2026, 1, 1), date(2029, 1, 1))
    never = replace(near, college=replace(COLLEGE, closures=Closures(frozenset(), (shut,))))
    assert by_when(question(), (), never, NOW) == at("2026-03-03 11:00")


def test_nobody_promises_anything() -> None:
    near, _ = outlook()
    assert by_when(question(), (), near, NOW) is None


def test_what_was_promised_stays_while_nothing_changes() -> None:
    near, _ = outlook(WHOLE, WHOLE, WHOLE)
    due = NOW + 20 * MINUTE
    first = replace(question(1), due=due)
    asked = [offer(AD, 1, NOW)]
    second = replace(question(2), due=due + 40 * MINUTE)
    more = [*asked, offer(BEA, 2, due), offer(CAS, 2, due)]
    before = by_when(question(), (), near, NOW)
    assert by_when(first, asked, near, NOW + 5 * MINUTE) == before == at("2026-03-03 11:00")
    assert by_when(second, more, near, due) == before
    assert by_when(second, more, near, at("2026-03-03 11:00")) is None


def test_a_third_ring_promises_anew() -> None:
    near, _ = outlook("09:00-15:00", "09:00-15:00")
    asked = [offer(AD, 1, NOW), offer(BEA, 3, at("2026-03-03 14:00"))]
    third = question(3)
    assert by_when(third, asked, near, at("2026-03-03 14:00")) == at("2026-03-04 10:00")


def test_with_the_coordinators_or_with_a_coach_nothing_is_promised() -> None:
    near, _ = outlook(WHOLE)
    asked = [offer(AD, 1, NOW)]
    assert by_when(question(4), asked, near, NOW) is None
    assert by_when(replace(question(1), state=State.CLAIMED), asked, near, NOW) is None


def test_a_class_that_waits_is_promised_nothing_while_somebody_hurries() -> None:
    near, _ = outlook(WHOLE)
    hurry = question(2, urgent=True)
    assert by_when(hurry, [offer(AD, 2, NOW)], near, NOW) is None
    # Nobody works now: then it goes as any other.
    later = [offer(AD, 1, at("2026-03-04 08:00"))]
    waits = replace(question(1, urgent=True), due=at("2026-03-04 08:20"))
    assert by_when(waits, later, near, at("2026-03-03 22:00")) == at("2026-03-04 09:00")


def test_of_another_round_and_of_who_left_nothing_is_expected() -> None:
    near, _ = outlook("", "09:00-15:00")
    old = replace(offer(BEA, 1, NOW), round=7)
    gone = offer(AD, 1, NOW)
    first = replace(question(1), due=NOW + 20 * MINUTE)
    assert by_when(first, [old, gone], near, NOW) == at("2026-03-03 11:00")


times = st.builds(
    lambda days, minutes: NOW + timedelta(days=days, minutes=minutes),
    st.integers(0, 9),
    st.integers(0, 1439),
)
spans = st.tuples(st.integers(6, 12), st.integers(13, 21)).map(
    lambda span: f"{span[0]:02}:00-{span[1]:02}:00"
)


@given(times, spans, spans, spans)
def test_by_the_promise_somebody_had_the_time_and_no_quarter_more(
    sent: datetime, one: str, two: str, three: str
) -> None:
    near, works = outlook(one, two, three)
    by = by_when(question(), (), near, sent)
    assert by is not None
    assert (by.minute % 15, by.second, by.microsecond) == (0, 0, 0)
    there = sum(
        any(work.is_open(sent + minute * MINUTE) for work in works.values())
        for minute in range(int((by - sent) / MINUTE))
    )
    assert there >= TIMES.minutes[1]


@given(times, spans, st.floats(1, 600))
def test_people_with_the_same_hours_are_as_quick_as_one(
    start: datetime, span: str, minutes: float
) -> None:
    work = COLLEGE.of(pattern(span))
    alone = after_together([Hours(work, start)], minutes)
    assert after_together([Hours(work, start)] * 3, minutes) == alone
    end = work.after(start, minutes)
    assert alone
    assert end
    # At closing time the minutes have passed; that is the next opening for who goes on.
    assert alone == end or work.after(alone, 0) == end


@given(times, spans, spans, st.floats(1, 600))
def test_one_more_who_is_there_makes_nobody_wait_longer(
    start: datetime, one: str, two: str, minutes: float
) -> None:
    first, second = (Hours(COLLEGE.of(pattern(span)), start) for span in (one, two))
    alone, both = after_together([first], minutes), after_together([first, second], minutes)
    assert alone
    assert both
    assert both <= alone


@pytest.mark.parametrize(
    ("leave", "end"),
    [
        ([("10:30", "11:00")], "12:30"),
        ([("10:30", "11:00"), ("10:45", "11:30")], "13:00"),
        ([("09:00", "10:00")], "12:00"),
        ([("16:00", "17:00")], "12:00"),
        ([("11:30", "16:45")], "2026-03-04 08:15"),
    ],
)
def test_leave_is_taken_out_of_the_day(leave: list[tuple[str, str]], end: str) -> None:
    away = [(at(f"2026-03-03 {start}"), at(f"2026-03-03 {until}")) for start, until in leave]
    found = after_together([Hours(COLLEGE.of(pattern(WHOLE)), NOW, away)], 120)
    assert found == at(end if " " in end else f"2026-03-03 {end}")
