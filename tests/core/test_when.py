"""When something is, as people say it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply import Clauses, Day, Say, Value, Weekdays
from bot.core.when import on_day, when

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in the college."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def named(text: str) -> Day:
    return Day(date.fromisoformat(text), named=True)


def said(moment: datetime, now: datetime = NOW) -> Say:
    (one,) = when(moment, now, ZONE).said
    return one


@pytest.mark.parametrize(
    ("moment", "clause"),
    [
        ("2026-03-03 14:05", Say("when.today", {"time": "14:05"})),
        ("2026-03-03 08:00", Say("when.today", {"time": "08:00"})),
        ("2026-03-04 09:00", Say("when.tomorrow", {"time": "09:00"})),
        ("2026-03-05 09:00", Say("when.weekday", {"time": "09:00", "day": Weekdays(("do",))})),
        ("2026-03-09 09:00", Say("when.weekday", {"time": "09:00", "day": Weekdays(("ma",))})),
        # A week ahead has the name of today: only its date says which one.
        ("2026-03-10 09:00", Say("when.dated", {"time": "09:00", "day": named("2026-03-10")})),
        ("2026-03-02 16:00", Say("when.dated", {"time": "16:00", "day": named("2026-03-02")})),
        ("2026-08-29 09:00", Say("when.dated", {"time": "09:00", "day": named("2026-08-29")})),
        ("2026-08-30 09:00", Say("when.on", {"time": "09:00", "day": Day(date(2026, 8, 30))})),
        ("2027-03-03 09:00", Say("when.on", {"time": "09:00", "day": Day(date(2027, 3, 3))})),
    ],
)
def test_a_moment_is_named_by_how_far_away_it_is(moment: str, clause: Say) -> None:
    assert when(local(moment), NOW, ZONE) == Clauses((clause,))


@pytest.mark.parametrize(
    ("moment", "key"),
    [
        ("2026-03-03 14:00", "before.today"),
        ("2026-03-04 09:00", "before.tomorrow"),
        ("2026-03-05 09:00", "before.weekday"),
        ("2026-03-20 09:00", "before.dated"),
    ],
)
def test_by_when_is_said_with_words_of_its_own(moment: str, key: str) -> None:
    (before,) = when(local(moment), NOW, ZONE, "before").said
    assert before == replace(said(local(moment)), key=key)


def test_what_stays_in_a_chat_names_the_day_whenever_it_is_read() -> None:
    data: dict[str, Value] = {"time": "14:05", "day": Day(date(2026, 3, 3), named=True)}
    assert on_day(local("2026-03-03 14:05"), ZONE) == Clauses((Say("when.dated", data),))
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    (before,) = on_day(late, ZONE, "before").said
    assert (before.key, before.data["day"]) == ("before.dated", Day(date(2026, 3, 3), named=True))


def test_days_begin_at_midnight_in_the_college() -> None:
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert said(datetime(2026, 3, 3, 23, 30, tzinfo=UTC), late).key == "when.tomorrow"
    past_midnight = datetime(2026, 3, 3, 23, 10, tzinfo=UTC)
    assert said(datetime(2026, 3, 3, 23, 30, tzinfo=UTC), past_midnight).key == "when.today"


def test_the_time_is_that_on_the_wall_on_the_day_itself() -> None:
    # The clock goes forward in between.
    now, then = local("2026-03-27 12:00"), local("2026-03-30 09:00")
    assert said(then, now).data["time"] == "09:00"
    assert said(then.astimezone(UTC), now.astimezone(UTC)) == said(then, now)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_every_moment_can_be_said_with_its_time(ahead: timedelta) -> None:
    moment = NOW + ahead
    one = said(moment)
    assert one.data["time"] == f"{moment.astimezone(ZONE):%H:%M}"
    assert ("day" in one.data) == (one.key in {"when.weekday", "when.dated", "when.on"})
