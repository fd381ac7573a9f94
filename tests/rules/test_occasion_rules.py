"""Each occasion is due once, whatever the clocks do and whenever somebody looks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.occasions import rules
from bot.occasions.model import Occasion, Rule, State
from bot.worktime.local import moment

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHTLY = Rule(time(2, 30))
SUNDAYS = Rule(time(2, 30), weekdays=(6,))
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
JUNE = date(2026, 6, 1)
DAY = timedelta(days=1)

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
changes = st.sampled_from([FORWARD, BACK])
looks = st.lists(st.integers(0, 8 * 24 * 3600), max_size=40)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def named(rule: Rule, first: date, last: date, zone: ZoneInfo = AMSTERDAM) -> list[str]:
    """Return the local times from one day to another."""
    found = rules.due(rule, utc(first - DAY, 20), utc(last, 20), zone)
    return [f"{one.local:%d-%m %H:%M}" for one in found]


@given(rule=st.sampled_from([NIGHTLY, SUNDAYS]), change=changes, seconds=looks)
def test_whoever_looks_and_whenever_sees_each_occasion_once(
    rule: Rule, change: date, seconds: list[int]
) -> None:
    begin, end = utc(change - 4 * DAY, 0), utc(change + 4 * DAY, 0)
    moments = sorted({begin, end, *(begin + timedelta(seconds=one) for one in seconds)})
    seen = [
        one
        for since, until in pairwise(moments)
        for one in rules.due(rule, since, until, AMSTERDAM)
    ]
    days = [begin.date() + number * DAY for number in range(8)]
    expected = [day for day in days if day.weekday() in rule.weekdays]
    assert [one.local for one in seen] == [datetime.combine(day, rule.at) for day in expected]


@given(at=times, change=changes)
def test_each_day_has_its_occasion_also_when_the_clock_changes(at: time, change: date) -> None:
    found = rules.due(Rule(at), utc(change - 3 * DAY, 20), utc(change + 3 * DAY, 20), AMSTERDAM)
    days = [one.local.date() for one in found]
    assert set(days) >= {change - 2 * DAY, change - DAY, change, change + DAY, change + 2 * DAY}
    assert len(days) == len(set(days))
    assert all(one.due < other.due for one, other in pairwise(found))


@given(at=times, change=changes, seconds=st.integers(0, 8 * 24 * 3600))
def test_what_is_due_next_is_the_first_that_is_due(at: time, change: date, seconds: int) -> None:
    after = utc(change - 4 * DAY, 0) + timedelta(seconds=seconds)
    found = rules.due(Rule(at), after, after + 2 * DAY, AMSTERDAM)
    assert rules.next_due(Rule(at), after, AMSTERDAM) == found[0].due > after


@given(local=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 (local)
def test_a_local_time_that_exists_happens_then(local: datetime) -> None:
    local = local.replace(second=0, microsecond=0)
    shown = moment(local, AMSTERDAM).astimezone(AMSTERDAM).replace(tzinfo=None)
    assert shown == (local if not skipped(local) else datetime.combine(FORWARD, time(3)))


def skipped(local: datetime) -> bool:
    return local.date() == FORWARD and local.hour == 2


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (FORWARD, time(1, 59), utc(FORWARD, 0, 59)),
        (FORWARD, time(2), utc(FORWARD, 1)),
        (FORWARD, time(2, 30), utc(FORWARD, 1)),
        (FORWARD, time(3), utc(FORWARD, 1)),
        (FORWARD, time(3, 30), utc(FORWARD, 1, 30)),
        (BACK, time(1, 59), utc(BACK - DAY, 23, 59)),
        (BACK, time(2, 30), utc(BACK, 0, 30)),
        (BACK, time(3), utc(BACK, 2)),
    ],
)
def test_skipped_is_the_first_moment_after_and_twice_is_the_first(
    day: date, at: time, due: datetime
) -> None:
    assert moment(datetime.combine(day, at), AMSTERDAM) == due


def test_a_whole_day_that_a_country_skipped_happens_at_its_end() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped = datetime.combine(date(2011, 12, 30), time(12))
    assert moment(skipped, apia) == datetime(2011, 12, 30, 10, tzinfo=UTC)
    week = named(Rule(time(12)), date(2011, 12, 29), date(2012, 1, 1), apia)
    assert week == ["28-12 12:00", "29-12 12:00", "30-12 12:00", "31-12 12:00", "01-01 12:00"]


def test_a_rule_may_name_weekdays_and_count_weeks() -> None:
    workdays = Rule(time(9), weekdays=(0, 4))
    assert named(workdays, date(2026, 6, 1), date(2026, 6, 8)) == [
        "01-06 09:00",
        "05-06 09:00",
        "08-06 09:00",
    ]
    # The first one is in the middle of its week, whose Monday is before it.
    biweekly = Rule(time(9), weekdays=(0, 4), every=2, first=date(2026, 6, 3))
    assert named(biweekly, date(2026, 5, 1), date(2026, 6, 20)) == [
        "05-06 09:00",
        "15-06 09:00",
        "19-06 09:00",
    ]


@pytest.mark.parametrize(
    ("at", "weekdays", "every"),
    [
        (time(9, 0, 30), (0,), 1),
        (time(9, tzinfo=UTC), (0,), 1),
        (time(9), (), 1),
        (time(9), (7,), 1),
        (time(9), (0,), 0),
        (time(9), (0,), 2),
    ],
)
def test_a_rule_that_says_nothing_is_refused(
    at: time, weekdays: tuple[int, ...], every: int
) -> None:
    with pytest.raises(ValueError, match=r"an occasion has|every so many weeks"):
        Rule(at, weekdays, every)


def missed(count: int) -> list[Occasion]:
    return rules.due(NIGHTLY, utc(JUNE, 12), utc(JUNE + count * DAY, 12), AMSTERDAM)


def test_of_several_that_were_missed_the_newest_is_done() -> None:
    now = utc(date(2026, 6, 4), 12)
    states = [state for _, state in rules.decide(missed(3), now, DAY)]
    assert states == [State.SKIPPED, State.SKIPPED, State.DONE]


def test_what_is_too_late_is_skipped() -> None:
    late = timedelta(hours=1)
    due = missed(1)[0].due
    assert [state for _, state in rules.decide(missed(1), due + late, late)] == [State.DONE]
    after = due + late + timedelta.resolution
    assert [state for _, state in rules.decide(missed(1), after, late)] == [State.SKIPPED]
    assert rules.decide([], after, late) == []
