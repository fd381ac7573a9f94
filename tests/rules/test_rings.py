"""Who is asked when, and until when: rings in working time."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId, QuestionId
from bot.core.reply import Say
from bot.proximity.model import Asker, Availability, Candidate, Passed, Ranked, Ranking
from bot.proximity.ranking import rank
from bot.routing import rings
from bot.routing.model import Question, RingTimes, State, Step
from bot.routing.rings import LAST
from bot.worktime.closures import Closed, Closures
from bot.worktime.week import read_week
from bot.worktime.worktime import WorkTime
from tests.factories import draft

ZONE = ZoneInfo("Europe/Amsterdam")
HOLIDAY = Closed(date(2026, 3, 9), date(2026, 3, 9))
COLLEGE = WorkTime(ZONE, closures=Closures(frozenset(), (HOLIDAY,)))
"""Open on working days from 8 to 17, but not on Monday the ninth."""
TIMES = RingTimes()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at(text: str) -> datetime:
    """Read a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


NOW = at("2026-03-03 10:00")
"""A Tuesday, with hours to go."""
NIGHT = at("2026-03-03 22:00")
FRIDAY = at("2026-03-06 16:50")
TODAY = Availability(until=at("2026-03-03 16:00"))


def off(back: str) -> Availability:
    return Availability(back=at(back).astimezone(ZONE))


TOMORROW = off("2026-03-04 09:00")


def coach(number: int, available: Availability = TODAY) -> Candidate:
    return Candidate(PersonId(number), available=available)


def ranking(*coaches: Candidate) -> Ranking:
    """Return coaches as ranked, in the order in which they are given."""
    near = [1 - number / 100 for number in range(len(coaches))]
    ranked = [Ranked(one, near, near, {}, ()) for one, near in zip(coaches, near, strict=True)]
    return Ranking(tuple(ranked), ())


FIVE = ranking(*(coach(number) for number in range(2, 7)))


def question(ring: int = 0, **changes: Any) -> Question:
    state = State.OFFERED if ring else State.OPEN
    base = Question(QuestionId(12), draft(PersonId(1), **changes), state, NOW, ring=ring)
    return replace(base, round=3)


def step(
    near: Ranking = FIVE,
    ring: int = 0,
    asked: Collection[int] = (),
    now: datetime = NOW,
    *,
    channel: bool = False,
    **changes: Any,
) -> Step:
    gone = {PersonId(one) for one in asked}
    one = question(ring, **changes)
    return rings.step(one, near, gone, COLLEGE, now, TIMES, channel=channel)


def who(found: Step) -> list[int]:
    return [one.coach for one in found.offers]


# How many


@pytest.mark.parametrize(
    ("ring", "asked", "coaches", "minutes"),
    [(0, [], [2], 20), (1, [2], [3, 4], 40), (2, [2, 3, 4], [5, 6], 120)],
)
def test_one_is_asked_then_two_more_then_all(
    ring: int, asked: list[int], coaches: list[int], minutes: int
) -> None:
    found = step(ring=ring, asked=asked)
    assert (found.ring, who(found), found.due) == (ring + 1, coaches, NOW + minutes * MINUTE)
    assert not found.to_channel
    assert not found.to_coordinators


def test_an_offer_says_in_which_round_and_ring_and_how_near() -> None:
    (one,) = step().offers
    assert (one.question, one.round, one.ring) == (12, 3, 1)
    assert (one.at, one.at.tzinfo, one.near) == (NOW, UTC, 1.0)


def test_the_coaches_channel_hears_of_it_in_the_third_ring_alone() -> None:
    heard = [step(ring=ring, channel=True).to_channel for ring in range(5)]
    assert heard == [False, False, True, False, False]


def test_the_coordinators_hear_of_it_once_and_then_it_is_tried_again() -> None:
    first, again = step(ring=3), step(ring=4)
    assert (first.ring, first.to_coordinators) == (4, True)
    assert (again.ring, again.to_coordinators) == (4, False)
    assert first.due == again.due == NOW + 60 * MINUTE


def test_who_became_free_is_asked_when_it_is_tried_again() -> None:
    assert who(step(ring=4, asked=[2, 3, 4, 6])) == [5]
    # The nearest of them first, also after more people were asked.
    assert who(step(ring=1, asked=[4])) == [2, 3]


def test_who_became_free_is_asked_each_morning_for_a_question_of_a_week_ago() -> None:
    def looked_at(old: str, ring: int = LAST) -> datetime | None:
        one = replace(question(ring), created=at(old))
        return rings.step(one, FIVE, (), COLLEGE, FRIDAY, TIMES, channel=False).due

    # Monday is a holiday.
    assert looked_at("2026-02-27 16:50") == at("2026-03-10 08:00")
    assert looked_at("2026-02-27 16:51") == at("2026-03-10 08:50")
    # That the coordinators hear of it at the next try waits for no morning.
    assert looked_at("2025-02-27 16:50", ring=LAST - 1) == at("2026-03-10 08:50")


def test_a_question_that_nobody_takes_is_looked_at_once_a_day_for_half_a_year() -> None:
    one, now, looks = question(LAST), NOW, 0
    while now < NOW + timedelta(days=200):
        due = rings.step(one, FIVE, (), COLLEGE, now, TIMES, channel=False).due
        assert due is not None
        now, looks = due, looks + 1
    assert looks < 200


def test_rings_without_anybody_left_are_passed_over() -> None:
    few = ranking(coach(2))
    assert (step(few, 1, [2], channel=True).ring, step(few, 1, [2]).ring) == (3, 4)
    assert step(few, 1, [2]).to_coordinators
    nobody = step(ranking())
    assert (nobody.ring, nobody.offers, nobody.to_coordinators) == (4, (), True)
    assert nobody.due == NOW + 60 * MINUTE


def test_times_are_a_setting() -> None:
    times = RingTimes((1, 2, 3), retry=4, urgent=5)
    due = [
        rings.step(question(ring), FIVE, (), COLLEGE, NOW, times, channel=False).due
        for ring in range(4)
    ]
    assert due == [NOW + minutes * MINUTE for minutes in (1, 2, 3, 4)]


# Who works, and who does not


def test_who_works_now_is_asked_before_who_is_nearer_and_off() -> None:
    near = ranking(coach(2, TOMORROW), coach(3), coach(4, TOMORROW), coach(5), coach(6))
    assert who(step(near)) == [3]
    assert who(step(near, 1, [3])) == [5, 6]
    everybody = step(near, 2, [3, 5, 6])
    assert [(one.coach, one.at) for one in everybody.offers] == [
        (2, at("2026-03-04 09:00")),
        (4, at("2026-03-04 09:00")),
    ]


def test_when_all_are_off_the_nearest_of_the_first_who_are_back_is_asked() -> None:
    near = ranking(
        coach(2, off("2026-03-05 09:00")),
        coach(3, off("2026-03-04 09:30")),
        coach(4, off("2026-03-04 09:00")),
    )
    found = step(near, now=NIGHT)
    assert [(one.coach, one.at) for one in found.offers] == [(3, at("2026-03-04 09:30"))]
    assert found.due == at("2026-03-04 09:50")


def test_a_ring_in_which_some_are_off_waits_for_who_is_not() -> None:
    """Else a question of Tuesday would wait until Thursday for the coaches' channel to widen."""
    near = ranking(coach(2), coach(3), coach(4), coach(5, off("2026-03-05 09:00")))
    second = step(ranking(coach(2), coach(5, off("2026-03-05 09:00"))), 1, [2])
    assert (who(second), second.due) == ([5], NOW + 40 * MINUTE)
    third = step(near, 2, [2, 3, 4], channel=True)
    assert (who(third), third.to_channel, third.due) == ([5], True, NOW + 120 * MINUTE)


def test_at_night_and_in_the_weekend_nobody_is_asked_before_they_work() -> None:
    near = ranking(coach(2, Availability()), coach(3, TOMORROW))
    assert [one.at for one in step(near, 2, now=NIGHT).offers] == [
        at("2026-03-04 08:00"),
        at("2026-03-04 09:00"),
    ]


def test_whose_hours_nobody_knows_is_asked_when_the_college_opens() -> None:
    only = ranking(coach(2, Availability()))
    found = step(only, now=at("2026-03-07 12:00"))
    # The ninth is closed.
    assert [(one.ring, one.at) for one in found.offers] == [(3, at("2026-03-10 08:00"))]
    assert found.due == at("2026-03-10 10:00")


@pytest.mark.parametrize(
    ("now", "ring", "due"),
    [
        ("2026-03-03 16:50", 0, "2026-03-04 08:10"),
        ("2026-03-03 22:00", 1, "2026-03-04 08:40"),
        ("2026-03-06 16:50", 0, "2026-03-10 08:10"),
        ("2026-03-06 16:00", 2, "2026-03-10 09:00"),
        ("2026-03-07 12:00", 3, "2026-03-10 09:00"),
        # The clock goes forward in the night after.
        ("2026-03-27 16:30", 1, "2026-03-30 08:10"),
    ],
)
def test_a_ring_lasts_working_minutes(now: str, ring: int, due: str) -> None:
    available = Availability(until=at(now) + HOUR)
    near = ranking(*(coach(number, available) for number in range(2, 7)))
    assert step(near, ring, now=at(now)).due == at(due)


def test_nothing_is_due_in_a_college_that_never_opens() -> None:
    never = WorkTime(ZONE, read_week({"zo": "08:00-08:01"}), Closures(frozenset()))
    shut = Closed(date(2026, 1, 1), date(2029, 1, 1))
    never = replace(never, closures=Closures(frozenset(), (shut,)))
    found = rings.step(question(), FIVE, (), never, NOW, TIMES, channel=False)
    assert found.due is None
    lost = ranking(coach(2, Availability()))
    found = rings.step(question(2), lost, (), never, NOW, TIMES, channel=False)
    assert [one.at for one in found.offers] == [NOW]


# What cannot wait


def test_urgent_asks_the_first_two_rings_at_once_for_three_minutes() -> None:
    found = step(urgent=True)
    assert (found.ring, who(found), found.due) == (2, [2, 3, 4], NOW + 3 * MINUTE)


def test_urgent_asks_only_who_works_now() -> None:
    near = ranking(coach(2, TOMORROW), coach(3), coach(4, Availability()), coach(5))
    assert who(step(near, urgent=True)) == [3, 5]
    assert who(step(near, 2, [3, 5], urgent=True)) == []


@pytest.mark.parametrize("ring", [0, 2])
def test_urgent_runs_on_the_clock_also_when_the_college_is_closed(ring: int) -> None:
    late = Availability(until=NIGHT + HOUR)
    near = ranking(coach(2, late), coach(3, late))
    assert step(near, ring, now=NIGHT, urgent=True, channel=True).due == NIGHT + 3 * MINUTE


def test_urgent_with_nobody_at_work_goes_as_any_other() -> None:
    off_now = ranking(coach(2, TOMORROW), coach(3, TOMORROW))
    assert step(off_now, urgent=True) == step(off_now)


def test_urgent_with_nobody_left_at_work_goes_to_the_channel_and_the_coordinators() -> None:
    near = ranking(coach(2, TOMORROW), coach(3))
    heard = step(near, 2, [3], urgent=True, channel=True)
    assert (heard.ring, heard.to_channel, heard.due) == (3, True, NOW + 3 * MINUTE)
    found = step(near, 2, [3], urgent=True)
    assert (found.ring, found.offers, found.to_coordinators) == (4, (), True)


# Who is asked for by name


def test_who_is_asked_for_by_name_comes_first() -> None:
    found = step(wanted=PersonId(5))
    assert (who(found), found.due) == ([5], NOW + 20 * MINUTE)
    assert who(step(ring=1, asked=[5], wanted=PersonId(5))) == [2, 3]


def test_who_is_asked_for_by_name_is_waited_for_when_they_are_off() -> None:
    near = ranking(coach(2), coach(3), coach(4, TOMORROW))
    found = step(near, wanted=PersonId(4))
    assert [(one.coach, one.at) for one in found.offers] == [(4, at("2026-03-04 09:00"))]
    assert found.due == at("2026-03-04 09:20")


def test_who_is_asked_for_by_name_and_is_off_is_not_asked_what_cannot_wait() -> None:
    near = ranking(coach(2), coach(3), coach(4, TOMORROW), coach(5))
    assert who(step(near, wanted=PersonId(4), urgent=True)) == [2, 3, 5]
    assert who(step(near, wanted=PersonId(5), urgent=True)) == [5, 2, 3]


def test_who_is_asked_for_by_name_and_is_no_coach_changes_nothing() -> None:
    assert step(wanted=PersonId(99)) == step()


# Properties

backs = st.integers(1, 60 * 24 * 14).map(lambda ahead: NOW + ahead * MINUTE)
availabilities = (
    st.just(TODAY)
    | backs.map(lambda one: Availability(back=COLLEGE.next_open(one)))
    | st.just(Availability())
)
numbers = st.integers(2, 12)
crowds = st.lists(st.builds(coach, numbers, availabilities), unique_by=lambda one: one.person)
wanted = st.none() | numbers.map(PersonId)
starts = st.integers(0, 60 * 24 * 14).map(lambda ahead: NOW + ahead * MINUTE)
yes_or_no = st.booleans()
chances = st.randoms(use_true_random=False)


def at_work(crowd: Sequence[Candidate], now: datetime) -> list[Candidate]:
    """Return coaches as they are at a moment: who is back by then works, or does at opening."""
    opens = COLLEGE.next_open(now)
    assert opens is not None

    def then(available: Availability) -> Availability:
        if available.back is None or available.back > opens:
            return available
        return Availability(until=now + HOUR) if opens == now else Availability(back=opens)

    return [replace(one, available=then(one.available)) for one in crowd]


def widened(
    crowd: Sequence[Candidate], now: datetime, *, channel: bool, **changes: Any
) -> list[Step]:
    """Return all steps of a question that nobody picks up, each when the one before is over."""
    one, asked, found = question(**changes), set[PersonId](), list[Step]()
    for _ in range(6):
        near = ranking(*at_work(crowd, now))
        new = rings.step(one, near, asked, COLLEGE, now, TIMES, channel=channel)
        asked |= {offer.coach for offer in new.offers}
        one = replace(one, ring=new.ring, state=State.OFFERED)
        assert new.due is not None
        found, now = [*found, new], new.due
    return found


@given(crowd=crowds, now=starts, who_first=wanted, urgent=yes_or_no, channel=yes_or_no)
def test_nobody_is_asked_twice_in_a_round(
    crowd: list[Candidate],
    now: datetime,
    who_first: PersonId | None,
    *,
    urgent: bool,
    channel: bool,
) -> None:
    steps = widened(crowd, now, channel=channel, urgent=urgent, wanted=who_first)
    asked = [one.coach for each in steps for one in each.offers]
    assert len(asked) == len(set(asked))
    everybody = {one.person for one in crowd}
    assert set(asked) <= everybody
    assert urgent or set(asked) == everybody


@given(crowd=crowds, now=starts, urgent=yes_or_no, channel=yes_or_no)
def test_rings_only_widen_and_each_is_heard_of_once(
    crowd: list[Candidate], now: datetime, *, urgent: bool, channel: bool
) -> None:
    steps = widened(crowd, now, channel=channel, urgent=urgent)
    all_rings = [one.ring for one in steps]
    assert all_rings == sorted(all_rings)
    assert all_rings[-1] == rings.LAST
    assert sum(one.to_coordinators for one in steps) == 1
    assert sum(one.to_channel for one in steps) == int(channel)
    assert all(one.ring == each.ring for each in steps for one in each.offers)


@given(crowds, starts)
def test_rings_are_no_larger_than_they_should_be(crowd: list[Candidate], now: datetime) -> None:
    for one in widened(crowd, now, channel=False):
        assert len(one.offers) <= {1: 1, 2: 2}.get(one.ring, len(crowd))
        assert one.offers or one.ring == rings.LAST


@given(crowd=crowds, now=starts, channel=yes_or_no)
def test_nothing_is_asked_outside_working_time(
    crowd: list[Candidate], now: datetime, *, channel: bool
) -> None:
    crowd = [one for one in crowd if not one.available.until]
    for each in widened(crowd, now, channel=channel):
        assert each.due is not None
        assert COLLEGE.is_open(each.due)
        assert all(COLLEGE.is_open(one.at) for one in each.offers)


@given(crowd=crowds, now=starts, urgent=yes_or_no)
def test_time_goes_on_with_every_step(
    crowd: list[Candidate], now: datetime, *, urgent: bool
) -> None:
    steps = widened(crowd, now, channel=True, urgent=urgent)
    due = [one.due for one in steps if one.due]
    assert [now, *due] == sorted({now, *due})


@given(crowd=crowds, now=starts, random=chances, urgent=yes_or_no)
def test_the_order_of_the_input_never_matters(
    crowd: list[Candidate], now: datetime, random: Random, *, urgent: bool
) -> None:
    asker = Asker(PersonId(1))
    shuffled = random.sample(crowd, len(crowd))
    one, other = [
        rings.step(
            question(urgent=urgent), rank(asker, each, NOW), (), COLLEGE, now, TIMES, channel=True
        )
        for each in (crowd, shuffled)
    ]
    assert one == other


@given(crowds, starts)
def test_who_is_off_is_asked_first_only_when_nobody_works(
    crowd: list[Candidate], now: datetime
) -> None:
    then = at_work(crowd, now)
    first = rings.step(question(), ranking(*then), (), COLLEGE, now, TIMES, channel=False)
    works = [one.person for one in then if one.available.until]
    if works:
        assert [one.coach for one in first.offers] == works[:1]


@given(crowds)
def test_who_is_passed_over_is_never_asked(crowd: list[Candidate]) -> None:
    near = ranking(*crowd[1:])
    near = replace(near, passed=tuple(Passed(one, Say("near.passed.full")) for one in crowd[:1]))
    found = rings.step(question(2), near, (), COLLEGE, NOW, TIMES, channel=False)
    assert {one.coach for one in found.offers} == {one.person for one in crowd[1:]}


# Who is asked first, before anything is sent


@given(crowd=crowds, now=starts, who_first=wanted)
def test_who_is_promised_first_is_who_is_asked_first(
    crowd: list[Candidate], now: datetime, who_first: PersonId | None
) -> None:
    near = ranking(*at_work(crowd, now))
    promised = rings.first(near, who_first, now)
    one = question(wanted=who_first)
    found = rings.step(one, near, (), COLLEGE, now, TIMES, channel=True)
    asked = [offer.coach for offer in found.offers if offer.ring == 1]
    assert asked == ([promised.coach.person] if promised else [])
