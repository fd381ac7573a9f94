"""Working time: closed days, both clock changes, and that it adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.moments import WEEK
from bot.worktime.closures import SCHOOLS_CLOSE, Closed, Closures, Holiday, holidays_of
from bot.worktime.week import Hours, read_hours, read_week
from bot.worktime.worktime import WorkTime

ZONE = ZoneInfo("Europe/Amsterdam")
OPEN = WorkTime(ZONE, closures=Closures(frozenset()))
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NIGHT = WorkTime(ZONE, read_week({"zo": "00:00-08:00"}), Closures(frozenset()))
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


def at(text: str) -> datetime:
    """Read a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-03-02 07:59:59", False),
        ("2026-03-02 08:00", True),
        ("2026-03-02 16:59:59", True),
        ("2026-03-02 17:00", False),
        ("2026-03-01 12:00", False),
    ],
)
def test_the_college_is_open_from_its_first_hour_up_to_its_last(
    moment: str, *, opened: bool
) -> None:
    assert OPEN.is_open(at(moment)) is opened


def test_hours_are_the_same_on_the_wall_before_and_after_the_clock_changes() -> None:
    assert OPEN.next_open(at("2026-03-27 18:00")) == at("2026-03-30 08:00")
    assert OPEN.next_open(at("2026-10-23 18:00")) == at("2026-10-26 08:00")


def test_a_moment_may_come_in_any_zone_and_goes_out_in_utc() -> None:
    opening = OPEN.next_open(datetime(2026, 7, 6, 5, 0, tzinfo=UTC))
    assert opening == datetime(2026, 7, 6, 6, 0, tzinfo=UTC)
    assert opening.tzinfo is UTC


def test_minutes_after_closing_time_do_not_count() -> None:
    assert OPEN.minutes_between(at("2026-03-06 16:50"), at("2026-03-09 08:10")) == 20


def test_time_does_not_run_backwards() -> None:
    assert OPEN.minutes_between(at("2026-03-03 12:00"), at("2026-03-02 12:00")) == 0
    assert OPEN.after(at("2026-03-02 12:00"), -5) == at("2026-03-02 12:00")


def test_what_begins_before_closing_time_goes_on_at_the_next_opening() -> None:
    assert OPEN.after(at("2026-03-06 16:50"), 20) == at("2026-03-09 08:10")


def test_what_ends_at_closing_time_ends_at_the_next_opening() -> None:
    assert OPEN.after(at("2026-03-06 16:40"), 20) == at("2026-03-09 08:00")


@pytest.mark.parametrize(("day", "minutes"), [(FORWARD, 420), (BACK, 540)])
def test_a_night_in_which_the_clock_changes_has_as_many_minutes_as_pass(
    day: date, minutes: int
) -> None:
    start, end = (datetime.combine(day, hour, ZONE) for hour in (time(0), time(8)))
    assert NIGHT.minutes_between(start, end) == minutes
    assert NIGHT.after(start, minutes - 1) == end.astimezone(UTC) - MINUTE


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    twice = WorkTime(ZONE, read_week({"zo": "02:15-02:45"}), Closures(frozenset()))
    assert twice.minutes_between(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 30
    assert twice.is_open(at("2026-10-25 02:30"))
    assert not twice.is_open(at("2026-10-25 02:30").replace(fold=1))


def test_hours_that_end_while_the_clock_skips_are_no_hours() -> None:
    skipped = WorkTime(ZONE, read_week({"zo": "02:30-03:00"}), Closures(frozenset()))
    assert skipped.next_open(at("2026-03-29 00:00")) == at("2026-04-05 02:30")
    assert skipped.until(at("2026-03-29 00:00")) is None


def test_until_is_the_end_of_that_days_hours() -> None:
    assert OPEN.until(at("2026-03-02 07:00")) == at("2026-03-02 17:00")
    assert OPEN.until(at("2026-03-02 16:59")) == at("2026-03-02 17:00")
    assert OPEN.until(at("2026-03-02 17:00")) is None
    assert OPEN.until(at("2026-03-01 12:00")) is None


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02 12:00", 1, "2026-03-03 12:00"),
        ("2026-03-05 12:00", 2, "2026-03-09 12:00"),
        ("2026-03-07 12:00", 1, "2026-03-09 12:00"),
        ("2026-03-02 06:00", 1, "2026-03-03 08:00"),
        ("2026-03-02 22:00", 1, "2026-03-04 08:00"),
        ("2026-03-27 12:00", 1, "2026-03-30 12:00"),
    ],
)
def test_days_after_are_open_days_and_end_in_working_time(start: str, days: int, end: str) -> None:
    assert OPEN.days_after(at(start), days) == at(end)


def test_a_holiday_holds_no_days() -> None:
    holiday = Closed(date(2026, 3, 3), date(2026, 3, 6))
    closed = WorkTime(ZONE, closures=Closures(own=(holiday,)))
    assert closed.days_after(at("2026-03-02 12:00"), 2) == at("2026-03-10 12:00")


def test_more_days_than_two_years_hold_are_not_looked_for() -> None:
    assert OPEN.days_after(at("2026-03-02 12:00"), 3650) is None


def test_a_coach_has_hours_of_their_own_on_the_same_open_days() -> None:
    closed = WorkTime(ZONE, closures=Closures(own=(Closed(date(2026, 3, 2), date(2026, 3, 2)),)))
    evening = closed.of({"ma": "18:00-21:00"})
    assert not evening.is_open(at("2026-03-02 19:00"))
    assert evening.is_open(at("2026-03-09 19:00"))
    assert not evening.is_open(at("2026-03-09 12:00"))


def test_a_coach_without_a_pattern_has_the_hours_of_the_college() -> None:
    assert OPEN.of({}) == OPEN


def test_a_closing_counts_its_last_day() -> None:
    closures = Closures(own=(Closed(date(2026, 3, 2), date(2026, 3, 4)),))
    assert WorkTime(ZONE, closures=closures).next_open(at("2026-03-01 12:00")) == at(
        "2026-03-05 08:00"
    )


def test_a_year_of_closed_days_ends() -> None:
    year = Closed(date(2026, 1, 1), date(2026, 12, 31))
    closed = WorkTime(ZONE, closures=Closures(own=(year,)))
    assert closed.next_open(at("2026-01-01 00:00")) == at("2027-01-04 08:00")


def test_a_college_that_never_opens_has_no_next_opening() -> None:
    for never in (
        WorkTime(ZONE, closures=Closures(own=(Closed(date.min, date.max),))),
        WorkTime(ZONE, week={}),
    ):
        assert never.next_open(at("2026-03-02 12:00")) is None
        assert never.after(at("2026-03-02 12:00"), 1) is None
        assert never.minutes_between(at("2026-03-02 12:00"), at("2027-03-02 12:00")) == 0


def test_more_minutes_than_two_years_hold_are_not_looked_for() -> None:
    assert OPEN.after(at("2026-03-02 12:00"), 9 * 60 * 5 * 110) is None


def test_hours_that_end_before_they_start_are_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        read_hours("16:00-09:00")


# Holidays


@pytest.mark.parametrize("year", range(2014, 2100))
def test_holidays_are_on_the_days_that_an_independent_source_gives(year: int) -> None:
    categories = ("public", "optional")
    known = holidays.country_holidays("NL", years=year, categories=categories, language="nl")
    named = {name.lower(): day for day in known for name in known.get_list(day)}
    for holiday, day in holidays_of(year).items():
        if holiday is not Holiday.LIBERATION_DAY_LUSTRUM:
            assert named[holiday.replace("-", " ")] == day
    sundays = {"eerste paasdag", "eerste pinksterdag"}
    assert named.keys() - sundays == {
        one.replace("-", " ") for one in Holiday if one is not Holiday.LIBERATION_DAY_LUSTRUM
    }


def test_schools_are_closed_on_liberation_day_each_year_and_open_on_good_friday() -> None:
    schools = Closures()
    assert schools.on(date(2026, 5, 5))
    assert not schools.on(date(2026, 4, 3))
    assert schools.holidays == set(SCHOOLS_CLOSE)


def test_a_college_says_which_holidays_count() -> None:
    some = Closures(frozenset({Holiday.GOOD_FRIDAY, Holiday.LIBERATION_DAY_LUSTRUM}))
    assert some.on(date(2026, 4, 3))
    assert not some.on(date(2026, 5, 5))
    assert some.on(date(2030, 5, 5))
    assert not some.on(date(2026, 12, 25))


def test_kings_day_is_not_on_a_sunday() -> None:
    assert holidays_of(2025)[Holiday.KINGS_DAY] == date(2025, 4, 26)


# Properties

clock = st.times(timezones=st.none()).map(lambda one: one.replace(microsecond=0))
hours = st.tuples(clock, clock).filter(lambda both: both[0] < both[1]).map(lambda b: Hours(*b))
weeks = st.dictionaries(st.sampled_from(WEEK), hours, min_size=1)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
closings = st.lists(
    st.builds(lambda first, more: Closed(first, first + more * DAY), days, st.integers(0, 60)),
    max_size=3,
)
worktimes = st.builds(
    lambda week, own, some: WorkTime(ZONE, week, Closures(some, tuple(own))),
    weeks,
    closings,
    st.frozensets(st.sampled_from(Holiday)),
)
changes = st.sampled_from([FORWARD, BACK]).flatmap(
    lambda day: st.integers(-60 * 24, 60 * 48).map(
        lambda step: datetime.combine(day, time(0), ZONE).astimezone(UTC) + step * MINUTE
    )
)
moments = changes | st.integers(0, 500 * 24 * 60 * 60).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
steps = st.integers(0, 20_000)


def next_moment(worktime: WorkTime, start: datetime, minutes: float) -> datetime | None:
    """Return what `after` gives, having looked that it is working time from then on."""
    found = worktime.after(start, minutes)
    if found is not None:
        assert worktime.is_open(found)
        assert found >= start
    return found


@given(worktimes, moments, steps)
def test_as_many_minutes_lie_between_as_were_asked_for(
    worktime: WorkTime, start: datetime, minutes: int
) -> None:
    end = next_moment(worktime, start, minutes)
    if end is not None:
        assert worktime.minutes_between(start, end) == pytest.approx(minutes, abs=1e-6)


@given(worktimes, moments, moments)
def test_after_the_minutes_between_two_moments_it_is_the_second_or_its_next_opening(
    worktime: WorkTime, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    found = next_moment(worktime, start, worktime.minutes_between(start, end))
    opening = worktime.next_open(end)
    if found is not None and opening is not None:
        assert abs(found - opening) < timedelta(milliseconds=1)


@given(worktimes, moments, steps, steps)
def test_more_minutes_never_end_sooner(
    worktime: WorkTime, start: datetime, minutes: int, more: int
) -> None:
    first, second = worktime.after(start, minutes), worktime.after(start, minutes + more)
    assert first is not None or second is None
    if first is not None and second is not None:
        assert first <= second


@given(worktimes, moments, moments, steps)
def test_who_starts_later_never_ends_sooner(
    worktime: WorkTime, one: datetime, other: datetime, minutes: int
) -> None:
    first, second = (worktime.after(start, minutes) for start in sorted((one, other)))
    if first is not None and second is not None:
        assert first <= second


@given(worktimes, moments, moments, moments)
def test_minutes_add_up(worktime: WorkTime, a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    parts = worktime.minutes_between(first, middle) + worktime.minutes_between(middle, last)
    assert parts == pytest.approx(worktime.minutes_between(first, last))


@given(worktimes, moments)
def test_until_is_the_first_moment_that_is_no_working_time(
    worktime: WorkTime, moment: datetime
) -> None:
    if worktime.is_open(moment):
        end = worktime.until(moment)
        assert end is not None
        assert not worktime.is_open(end)
        assert worktime.minutes_between(moment, end) * MINUTE == end - moment


@given(worktimes, moments)
@example(NIGHT, datetime(2026, 3, 28, 22, 0, tzinfo=UTC))
@example(NIGHT, datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
def test_a_minute_counts_when_the_clock_on_the_wall_says_so(
    worktime: WorkTime, start: datetime
) -> None:
    """Count the minutes of a day one by one, where no hour begins or ends in a skipped hour."""
    week = {
        day: Hours(*(_minutes(at) for at in (one.start, one.end)))
        for day, one in worktime.week.items()
    }
    even = WorkTime(ZONE, week, worktime.closures)
    start = start.replace(second=0, microsecond=0)
    each = (start + number * MINUTE for number in range(24 * 60))
    assert even.minutes_between(start, start + DAY) == sum(_on_the_wall(even, one) for one in each)


def _minutes(at: time) -> time:
    return at.replace(second=0, hour=3 if at.hour == 2 else at.hour)


def _on_the_wall(worktime: WorkTime, moment: datetime) -> bool:
    local = moment.astimezone(ZONE)
    hours = worktime.week.get(WEEK[local.weekday()])
    if hours is None or worktime.closures.on(local.date()):
        return False
    return hours.start <= local.time() < hours.end


def test_a_school_holiday_of_one_region_closes_its_location_alone() -> None:
    week = Closed(date(2026, 2, 23), date(2026, 2, 27))
    college = replace(OPEN, closed_at={"Noord": (week,)})
    tuesday = at("2026-02-24 10:00")
    pattern = {"di": "09:00-16:00"}
    assert college.is_open(tuesday)
    assert college.of(pattern, "Zuid").is_open(tuesday)
    assert not college.of(pattern, "Noord").is_open(tuesday)
    assert not college.of({}, "Noord").is_open(tuesday)
