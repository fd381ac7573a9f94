"""What can be asked, of whom, and when: the rules of polls."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import LocationId, PersonId, PollId, SectorId, TeamId
from bot.polls import planning, problems, rules
from bot.polls.model import (
    Asks,
    Audience,
    Breakdown,
    Candidate,
    ClosedDay,
    Goal,
    Kind,
    Planned,
    Schedule,
)
from bot.polls.problems import Problem
from bot.polls.rules import OTHER
from bot.worktime.closures import Closed, Closures
from bot.worktime.worktime import WorkTime
from tests.chat import OPEN_ON_WEEKDAYS
from tests.clocks import ZONE
from tests.factories import NOW, asks, poll_form, poll_round

DAY = timedelta(days=1)
MONDAY = Schedule(date(2026, 3, 2), time(10), every=1)
BEFORE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 (local)
TOOLS = asks(Kind.CHOICES, options=("Teams", "Forms", "Padlet"))

schedules = st.builds(
    Schedule,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(0, 6),
    st.sampled_from(ClosedDay),
)
holidays = st.lists(
    st.builds(
        lambda first, days: Closed(first, first + days * DAY),
        st.dates(date(2026, 1, 1), date(2027, 3, 1)),
        st.integers(0, 45),
    ),
    max_size=5,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)


def closed(own: list[Closed]) -> WorkTime:
    return WorkTime(ZONE, closures=Closures(own=tuple(own)))


def wrong(questions: tuple[Asks, ...] = (asks(),), asked: int = 5, **changes: object) -> list[str]:
    schedule = changes.pop("schedule", MONDAY)
    assert isinstance(schedule, Schedule)
    form = poll_form(questions=questions, **changes)
    return [*problems.problems(form, schedule, asked, BEFORE)]


def test_a_poll_as_it_should_be_has_no_problem() -> None:
    number, words = asks(Kind.NUMBER, goal=Goal(0.6, 4)), asks(Kind.OPEN)
    assert wrong((asks(goal=Goal(1, 5)), TOOLS, number, words)) == []


@pytest.mark.parametrize(
    ("problem", "questions"),
    [
        (Problem.QUESTIONS, ()),
        (Problem.QUESTIONS, (asks(),) * 11),
        (Problem.TEXT, (asks(text=" "),)),
        (Problem.TEXT, (asks(text="x" * 301),)),
        (Problem.OPTIONS, (asks(Kind.CHOICE),)),
        (Problem.OPTIONS, (asks(Kind.CHOICE, options=("één",)),)),
        (Problem.OPTIONS, (asks(Kind.CHOICE, options=("één", "één")),)),
        (Problem.OPTIONS, (asks(Kind.CHOICES, options=("één", " ")),)),
        (Problem.OPTIONS, (asks(options=("één", "twee")),)),
        (Problem.GOAL, (asks(goal=Goal(0.8, 6)),)),
        (Problem.GOAL, (asks(goal=Goal(1.1, 4)),)),
        (Problem.GOAL, (asks(goal=Goal(-0.1, 4)),)),
        (Problem.GOAL, (asks(Kind.CHOICES, options=("a", "b"), goal=Goal(0, 2)),)),
        (Problem.GOAL, (asks(Kind.OPEN, goal=Goal(0.5, 1)),)),
        (Problem.GOAL, (asks(Kind.CHOICES, options=("a", "b"), goal=Goal(0.5, 3)),)),
    ],
)
def test_what_is_wrong_with_questions_is_named(
    problem: Problem, questions: tuple[Asks, ...]
) -> None:
    assert wrong(questions) == [problem]


def test_what_is_wrong_with_a_poll_is_named_all_at_once() -> None:
    past = Schedule(date(2026, 3, 1), time(12), every=1)
    assert wrong(title="", days=8, asked=4, schedule=past) == [
        Problem.TITLE,
        Problem.OVERLAP,
        Problem.PAST,
        Problem.PEOPLE,
    ]
    far = Schedule(date(2028, 3, 2), time(10), every=1)
    assert wrong(schedule=far) == [Problem.FAR]
    assert wrong(days=0, schedule=Schedule(date(2026, 3, 2), time(10), 53)) == [
        Problem.DAYS,
        Problem.WEEKS,
    ]


def person(number: int, **changes: object) -> Candidate:
    base = {"roles": frozenset({"teacher"}), **changes}
    return Candidate(PersonId(number), **base)  # type: ignore[arg-type]  # (a test's short hand)


def test_who_is_asked_has_a_role_and_is_of_each_kind_of_unit_that_is_named() -> None:
    here, there = LocationId(1), LocationId(2)
    everyone = [
        person(3, location=here, sectors=frozenset({SectorId(5)})),
        person(1, location=here, teams=frozenset({TeamId(7)})),
        person(2, location=there, roles=frozenset({"coach"})),
    ]

    def asked(audience: Audience, *declined: int) -> list[int]:
        gone = [PersonId(one) for one in declined]
        return [one.person for one in rules.in_audience(everyone, audience, gone)]

    assert asked(Audience()) == [1, 3]
    assert asked(Audience(frozenset({"teacher", "coach"})), 3) == [1, 2]
    assert asked(Audience(locations=frozenset({there}))) == []
    assert asked(Audience(locations=frozenset({here}), sectors=frozenset({SectorId(5)}))) == [3]
    assert asked(Audience(teams=frozenset({TeamId(7)}))) == [1]


def test_groups_that_are_too_small_count_together_and_none_is_no_breakdown() -> None:
    sizes = {"Handel": 20, "Techniek": 12, "Zorg": 7, "": 4}
    people = [
        person(number, groups={Breakdown.SECTOR: name})
        for number, name in enumerate(name for name, size in sizes.items() for _ in range(size))
    ]
    under = rules.groups(people, Breakdown.SECTOR)
    assert [under[PersonId(at)] for at in (0, 20, 32, 39)] == ["Handel", "Techniek", OTHER, OTHER]
    assert set(rules.groups(people, Breakdown.TEAM).values()) == {""}
    assert set(rules.groups(people, Breakdown.NONE).values()) == {""}


@given(schedules, holidays, moments)
def test_rounds_to_come_are_in_order_on_open_days_and_never_before_their_time(
    schedule: Schedule, own: list[Closed], after: datetime
) -> None:
    college = closed(own)
    found = list(islice(planning.planned(schedule, after, college), 12))
    for one in found:
        opens = one.opens.astimezone(ZONE)
        assert one.opens > after
        assert college.open_on(opens.date()) or opens.time() < time(3)  # no clock was skipped
        assert one.local.date() <= opens.date()
        if schedule.closed_day is ClosedDay.SKIP:
            assert one.local.date() == opens.date()
    for first, second in pairwise(found):
        assert first.opens <= second.opens
        assert first.local < second.local


@given(schedules, holidays, moments, st.lists(st.integers(0, 90), max_size=8))
def test_whoever_looks_and_whenever_sees_each_round_once(
    schedule: Schedule, own: list[Closed], begin: datetime, steps: list[int]
) -> None:
    college = closed(own)
    looks = [begin]
    for step in steps:
        looks.append(looks[-1] + step * DAY)
    seen = [
        one
        for first, last in pairwise(looks)
        for one in planning.due(schedule, first, last, college)
    ]
    assert seen == planning.due(schedule, begin, looks[-1], college)


@given(schedules, holidays, moments)
def test_the_next_round_is_the_last_of_those_at_its_moment(
    schedule: Schedule, own: list[Closed], after: datetime
) -> None:
    college = closed(own)
    following = planning.next_round(schedule, after, college)
    if following is None:
        assert list(islice(planning.planned(schedule, after, college), 1)) == []
    else:
        assert planning.due(schedule, after, following.opens, college)[-1] == following


@given(schedules, holidays, moments, st.integers(1, 28))
def test_a_round_that_is_moved_leaves_half_of_its_days_before_the_next(
    schedule: Schedule, own: list[Closed], after: datetime, days: int
) -> None:
    college = closed(own)
    plan = planning.next_round(schedule, after, college, days)
    following = planning.next_round(schedule, plan.opens, college, days) if plan else None
    if plan and following and plan.opens.astimezone(ZONE).date() != plan.local.date():
        assert following.opens - plan.opens > timedelta(days=min(days, schedule.every * 7)) / 2


def test_a_round_that_a_holiday_moves_next_to_the_following_one_is_one_with_it() -> None:
    tuesday = Schedule(date(2026, 3, 3), time(10), every=1)
    college = closed([Closed(date(2026, 3, 9), date(2026, 3, 15))])
    moved, _, after = planning.due(
        tuesday, NOW + 3 * DAY, datetime(2026, 3, 25, tzinfo=UTC), college
    )
    assert (moved.opens.day, after.opens.day) == (16, 24)
    assert planning.makes_way(moved, tuesday, college, days=4)
    assert not planning.makes_way(moved, tuesday, college, days=1)
    following = planning.next_round(tuesday, NOW + 3 * DAY, college, days=4)
    assert following
    assert following.opens.day == 17
    assert planning.instead(moved, tuesday, college, days=4) == following
    assert planning.instead(moved, tuesday, college, days=1) is None


def test_a_college_that_is_closed_for_good_has_no_next_round() -> None:
    college = closed([Closed(date(2026, 1, 1), date(2036, 1, 1))])
    assert planning.next_round(MONDAY, NOW, college) is None


@given(schedules, holidays, moments, st.integers(1, 28), st.integers(0, 14 * 24))
def test_a_round_is_reminded_of_while_it_is_open_and_closes_before_the_next(
    schedule: Schedule, own: list[Closed], after: datetime, days: int, late: int
) -> None:
    college = closed(own)
    plan = planning.next_round(schedule, after, college, days)
    if plan is None:
        return
    form = poll_form(days=days)
    latest = planning.lateness(form, plan, schedule, college)
    opened = plan.opens + min(timedelta(hours=late), latest)
    said = poll_round(PollId(1), form=form, opened=opened, reminds=None)
    timed = planning.opening(said, plan, schedule, college)
    following = planning.next_round(schedule, plan.opens, college, days)
    assert following is None or timed.closes <= following.opens
    assert opened < timed.closes
    if following is None or timed.closes < following.opens:
        assert timed.closes >= plan.opens + timedelta(days=days, hours=-1)
    ends = timed.closes.astimezone(ZONE)
    assert college.open_on(ends.date()) or timed.closes <= plan.opens + timedelta(days, hours=3)
    if timed.reminds:
        assert opened < timed.reminds < timed.closes
        assert college.is_open(timed.reminds)


@pytest.mark.parametrize(
    ("lost", "every", "closes"),
    [
        (3, 1, 6),  # there is time enough: it closes when it would have
        (5, 1, 7 + 2),  # half of its days later it is Saturday, and on Monday the next one opens
        (5, 2, 7 + 2),
        (6, 0, 7 + 2),
    ],
)
def test_a_round_of_which_the_votes_are_lost_leaves_half_of_its_days_to_answer(
    lost: int, every: int, closes: int
) -> None:
    of = poll_round(PollId(1), closes=datetime(2026, 3, 6, 9, tzinfo=UTC), told=True)
    now = datetime(2026, 3, lost, 9, tzinfo=UTC)

    begun = planning.begun_anew(of, replace(MONDAY, every=every), now, OPEN_ON_WEEKDAYS)

    assert begun.closes == datetime(2026, 3, closes, 9, tzinfo=UTC)
    assert (begun.lost, begun.told, begun.reminds) == (True, False, None)


def test_a_round_closes_at_its_time_of_day_through_a_change_of_the_clock() -> None:
    spring = Schedule(date(2026, 3, 27), time(10), every=0)
    plan = planning.next_round(spring, NOW, OPEN_ON_WEEKDAYS)
    assert plan == Planned(datetime(2026, 3, 27, 10), datetime(2026, 3, 27, 9, tzinfo=UTC))  # noqa: DTZ001 (local)
    said = poll_round(PollId(1), opened=plan.opens)
    assert planning.opening(said, plan, spring, OPEN_ON_WEEKDAYS).closes == datetime(
        2026, 3, 31, 8, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("kind", "fit", "unfit"),
    [
        (Kind.SCALE, ["1", "5"], ["", "0", "6", "05", "x"]),
        (Kind.CHOICE, ["0", "2"], ["", "3", "-1", "0,1"]),
        (Kind.CHOICES, ["", "0", "0,2", "0,1,2"], ["3", "2,0", "0,0", "0,", ","]),
        (Kind.NUMBER, ["0", "4", "9999"], ["", "10000", "4.5", "-1", "04", "vier", "٤"]),
        (Kind.OPEN, ["x", "x" * 1000], ["", "x" * 1001]),
    ],
)
def test_what_comes_back_is_an_answer_or_not(kind: Kind, fit: list[str], unfit: list[str]) -> None:
    options = ("a", "b", "c") if kind in (Kind.CHOICE, Kind.CHOICES) else ()
    form = poll_form(questions=(asks(kind, options=options),))
    assert [one for one in (*fit, *unfit) if rules.answers(form, 0, one)] == fit
    assert not rules.answers(form, 1, fit[0])
    assert not rules.answers(form, -1, fit[0])
