"""Who is nearest, why, and who is never offered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.core.reply import Day, Say, Weekdays
from bot.i18n.text import LANGUAGES, Texts
from bot.proximity.model import (
    AVAILABILITY,
    FIT,
    PROXIMITY,
    Absence,
    Asker,
    Availability,
    Candidate,
    Part,
    Ranked,
    Ranking,
    Serves,
    Weights,
    Workplace,
    weigh,
)
from bot.proximity.ranking import rank
from bot.proximity.reasons import back

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in the college."""
HERE, THERE = LocationId(1), LocationId(2)
TEAM, SECTOR = TeamId(11), SectorId(1)
ASKER = Asker(
    PersonId(1),
    Workplace(HERE, frozenset({TEAM}), frozenset({SECTOR})),
    topic="avg",
    role="trainer",
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


WORKING = Availability(until=local("2026-03-02 16:00"))


def coach(number: int = 2, **changes: Any) -> Candidate:
    """Return a coach who works now, somewhere else and for others."""
    return replace(Candidate(PersonId(number), Workplace(THERE), available=WORKING), **changes)


def order(ranking: Ranking) -> list[int]:
    return [one.coach.person for one in ranking.ranked]


def only(candidate: Candidate, asker: Asker = ASKER, weights: Weights | None = None) -> Ranked:
    (one,) = rank(asker, [candidate], NOW, weights).ranked
    return one


def keys(one: Ranked) -> list[str]:
    return [reason.key for reason in one.reasons]


# Parts


@pytest.mark.parametrize(
    ("works", "place"),
    [
        (Workplace(HERE, frozenset({TEAM})), 1.0),
        (Workplace(HERE), 0.6),
        (Workplace(THERE, frozenset({TEAM})), 0.0),
        (Workplace(), 0.0),
    ],
)
def test_a_place_is_as_near_as_the_files_know(works: Workplace, place: float) -> None:
    assert only(coach(works=works)).parts[Part.PLACE] == place


def test_whose_place_is_unknown_is_near_nobody() -> None:
    nowhere = replace(ASKER, works=Workplace())
    assert only(coach(works=Workplace()), nowhere).parts[Part.PLACE] == 0


@pytest.mark.parametrize(
    ("works", "serves", "organisation", "reason"),
    [
        (Workplace(THERE, frozenset({TEAM})), Serves(), 1.0, "near.same_team"),
        (Workplace(THERE), Serves(frozenset({SECTOR})), 0.7, "near.same_sector"),
        (Workplace(THERE), Serves(location=HERE), 0.5, ""),
        (Workplace(THERE), Serves(everyone=True), 0.3, "near.same_college"),
        (Workplace(THERE), Serves(frozenset({SectorId(2)}), THERE), 0.0, ""),
    ],
)
def test_a_team_is_nearer_than_a_sector_a_location_and_the_college(
    works: Workplace, serves: Serves, organisation: float, reason: str
) -> None:
    one = only(coach(works=works, serves=serves))
    assert one.parts[Part.ORGANISATION] == organisation
    assert [key for key in keys(one) if key.startswith("near.same")] == ([reason] if reason else [])


def test_who_works_now_is_freer_than_who_is_back_soon_or_later() -> None:
    working = [
        only(coach(available=available)).parts[Part.WORKING]
        for available in (
            WORKING,
            Availability(back=NOW),
            Availability(back=NOW + timedelta(days=3)),
            Availability(back=NOW + timedelta(days=8)),
            Availability(),
        )
    ]
    assert working == [1.0, 0.5, pytest.approx(2 / 7), 0.0, 0.0]


@pytest.mark.parametrize(
    ("open_now", "fte", "freedom"),
    [(None, 1.0, 0.5), (0, 0.5, 1.0), (2, 0.5, 0.5), (4, 1.0, 0.5), (1, 0.0, 1 / 6)],
)
def test_open_questions_weigh_by_fte(open_now: int | None, fte: float, freedom: float) -> None:
    available = replace(WORKING, open=open_now, fte=fte)
    assert only(coach(available=available)).parts[Part.FREEDOM] == pytest.approx(freedom)


def test_a_usual_claim_time_counts_from_one_to_almost_nothing() -> None:
    speeds = [
        only(coach(available=replace(WORKING, claim_minutes=minutes))).parts[Part.SPEED]
        for minutes in (0, 20, 60, None)
    ]
    assert speeds == [1.0, 0.5, 0.25, 0.5]


def test_topic_role_language_and_having_helped_before_stand_beside_proximity() -> None:
    plain = only(coach(language="en"))
    fit = only(
        coach(language="nl", topics=frozenset({"avg"}), strengths={"trainer": 5}, helped=True)
    )
    assert [plain.parts[part] for part in FIT] == [0, 0, 0, 0]
    assert [fit.parts[part] for part in FIT] == [1, 1, 1, 1]
    assert plain.proximity == fit.proximity
    assert fit.score == pytest.approx(plain.score + 0.2)


def test_the_nearest_there_can_be_has_a_score_of_one() -> None:
    available = replace(WORKING, walk_in=True, claim_minutes=0, open=0)
    best = coach(
        works=ASKER.works,
        available=available,
        topics=frozenset({"avg"}),
        strengths={"trainer": 5},
        helped=True,
    )
    assert (only(best).score, only(best).proximity) == (1, 1)


# Reasons


def test_the_strongest_reason_comes_first() -> None:
    near = only(coach(works=ASKER.works, topics=frozenset({"avg"})))
    assert keys(near) == ["near.same_team", "near.same_location", "near.until", "near.expert"]


def test_all_that_speaks_for_a_coach_is_said() -> None:
    available = replace(WORKING, walk_in=True, claim_minutes=12.4, open=1)
    asker = replace(ASKER, language="en")
    one = only(
        coach(available=available, language="en", strengths={"trainer": 4}, helped=True), asker
    )
    assert sorted(one.reasons, key=lambda said: said.key) == [
        Say("near.helped"),
        Say("near.language"),
        Say("near.open_one", {"count": 1}),
        Say("near.quick", {"minutes": 15}),
        Say("near.strong"),
        Say("near.until", {"time": "16:00"}),
        Say("near.walk_in"),
    ]


@pytest.mark.parametrize(("minutes", "said"), [(0, [5]), (5, [5]), (5.1, [10]), (121, [])])
def test_a_usual_claim_time_is_named_in_steps_of_five_and_a_long_one_is_not(
    minutes: float, said: list[int]
) -> None:
    one = only(coach(available=replace(WORKING, claim_minutes=minutes)))
    assert [why.data["minutes"] for why in one.reasons if why.key == "near.quick"] == said


@pytest.mark.parametrize(
    ("count", "key"), [(0, "near.open_none"), (1, "near.open_one"), (2, "near.open_many")]
)
def test_open_questions_are_counted_in_words(count: int, key: str) -> None:
    assert key in keys(only(coach(available=replace(WORKING, open=count))))


@pytest.mark.parametrize(
    ("count", "new", "said"),
    [
        (0, 1, "heeft 1 nieuwe vraag"),
        (0, 4, "heeft 4 nieuwe vragen"),
        (1, 2, "heeft 1 open vraag en 2 nieuwe"),
        (3, 1, "heeft 3 open vragen en 1 nieuwe"),
    ],
)
def test_who_is_asked_a_lot_does_not_read_as_free(count: int, new: int, said: str) -> None:
    one = only(coach(available=replace(WORKING, open=count, offered=new)))
    why = next(why for why in one.reasons if why.key.startswith("near.open_"))
    assert Texts("i-coach").write("nl", why.key, why.data) == said


def test_what_one_is_asked_weighs_less_than_what_one_has() -> None:
    free, asked, has = (
        only(coach(available=replace(WORKING, open=held, offered=new)))
        for held, new in ((0, 0), (0, 1), (1, 0))
    )
    assert free.score > asked.score > has.score
    assert only(coach(available=replace(WORKING, open=0, offered=3))).score == has.score


def test_an_offer_fills_nobodys_desk() -> None:
    available = replace(WORKING, open=4, offered=9, max_open=5)
    assert only(coach(available=available)).coach.available == available


@pytest.mark.parametrize(
    ("again", "said"),
    [
        ("2026-03-02 13:00", Say("near.back_today", {"time": "13:00"})),
        ("2026-03-03 09:00", Say("near.back_tomorrow", {"time": "09:00"})),
        ("2026-03-08 09:00", Say("near.back_weekday", {"time": "09:00", "day": Weekdays(("zo",))})),
        ("2026-03-09 09:00", Say("near.back_on", {"time": "09:00", "day": Day(date(2026, 3, 9))})),
    ],
)
def test_a_day_of_this_week_is_named_and_a_later_one_has_its_date(again: str, said: Say) -> None:
    available = Availability(back=local(again))
    assert back(available, NOW) == said
    assert said in only(coach(available=available)).reasons


def test_tomorrow_is_so_by_the_colleges_clock() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert back(Availability(back=local("2026-03-03 09:00")), late).key == "near.back_today"


def test_who_is_not_expected_back_does_not_work_now() -> None:
    assert back(Availability(), NOW) == Say("near.off")


# Who is passed over


def test_who_asks_is_absent_or_is_full_is_passed_over_with_the_reason() -> None:
    asking = coach(1)
    away = coach(2, available=replace(WORKING, absence=Absence(date(2026, 3, 6))))
    ill = coach(3, available=replace(WORKING, absence=Absence()))
    full = coach(4, available=replace(WORKING, open=5, max_open=5))
    ranking = rank(ASKER, [full, ill, away, asking], NOW)
    assert ranking.ranked == ()
    assert [(one.coach.person, one.why) for one in ranking.passed] == [
        (1, Say("near.passed.asker")),
        (2, Say("near.passed.absent_to", {"day": Day(date(2026, 3, 6))})),
        (3, Say("near.passed.absent")),
        (4, Say("near.passed.full", {"count": 5})),
    ]


def test_one_question_under_the_most_is_still_asked() -> None:
    assert only(coach(available=replace(WORKING, open=4, max_open=5)))


# Ties


def test_of_two_equals_the_one_who_was_asked_longest_ago_comes_first() -> None:
    recent = coach(2, assigned=NOW - timedelta(hours=1))
    longer = coach(3, assigned=NOW - timedelta(days=1))
    never = coach(4)
    assert order(rank(ASKER, [recent, longer, never], NOW)) == [4, 3, 2]


def test_the_least_recent_assignment_decides_between_equals_alone() -> None:
    near = coach(2, works=ASKER.works, assigned=NOW)
    assert order(rank(ASKER, [coach(3), near], NOW)) == [2, 3]


# Properties

numbers = st.integers(2, 9).map(PersonId)
locations = st.sampled_from([None, HERE, THERE])
teams = st.frozensets(st.sampled_from([TEAM, TeamId(12), TeamId(21)]), max_size=2)
sectors = st.frozensets(st.sampled_from([SECTOR, SectorId(2)]), max_size=2)
workplaces = st.builds(Workplace, locations, teams, sectors)
soon = st.none() | st.integers(0, 60 * 24 * 14).map(lambda ahead: NOW + timedelta(minutes=ahead))
availabilities = st.builds(
    Availability,
    until=st.none() | st.just(local("2026-03-02 16:00")),
    back=soon.map(lambda at: at and at.astimezone(ZONE)),
    walk_in=st.booleans(),
    claim_minutes=st.none() | st.floats(0, 10_000),
    open=st.none() | st.integers(0, 9),
    offered=st.integers(0, 9),
    max_open=st.integers(1, 9),
    fte=st.floats(0.01, 1),
    absence=st.none() | st.none() | st.just(Absence()),
)
strengths = st.dictionaries(st.sampled_from(["trainer", "coach"]), st.integers(1, 5))
candidates = st.builds(
    Candidate,
    numbers | st.just(ASKER.person),
    workplaces,
    st.builds(Serves, sectors, locations, st.booleans()),
    availabilities,
    st.frozensets(st.sampled_from(["avg", "ai"])),
    strengths,
    st.sampled_from(LANGUAGES),
    st.booleans(),
    st.none() | st.integers(0, 5).map(lambda ago: NOW - timedelta(hours=ago)),
)
askers = st.builds(
    Asker,
    st.just(ASKER.person),
    workplaces,
    st.sampled_from(LANGUAGES),
    st.sampled_from(["", "avg"]),
    st.sampled_from(["", "trainer"]),
)
crowds = st.lists(candidates, max_size=6, unique_by=lambda one: one.person)
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
weights = st.builds(weigh, shares, shares, shares)
chances = st.randoms(use_true_random=False)


@given(askers, crowds, weights, chances)
def test_the_order_of_the_input_never_matters(
    asker: Asker, crowd: list[Candidate], weights: Weights, random: Random
) -> None:
    shuffled = random.sample(crowd, len(crowd))
    assert rank(asker, crowd, NOW, weights) == rank(asker, shuffled, NOW, weights)


@given(askers, crowds, weights)
def test_every_part_and_score_is_between_0_and_1(
    asker: Asker, crowd: list[Candidate], weights: Weights
) -> None:
    for one in rank(asker, crowd, NOW, weights).ranked:
        assert set(one.parts) == set(Part)
        assert all(0 <= value <= 1 for value in (one.score, one.proximity, *one.parts.values()))


@given(askers, crowds)
def test_nobody_is_lost_and_nobody_is_offered_who_is_absent_full_or_asking(
    asker: Asker, crowd: list[Candidate]
) -> None:
    ranking = rank(asker, crowd, NOW)
    passed = [one.coach.person for one in ranking.passed]
    assert sorted([*order(ranking), *passed]) == sorted(one.person for one in crowd)
    for one in (ranked.coach for ranked in ranking.ranked):
        assert one.person != asker.person
        assert one.available.absence is None
        assert (one.available.open or 0) < one.available.max_open


@given(askers, crowds)
def test_who_is_passed_over_is_so_for_a_reason_that_is_true(
    asker: Asker, crowd: list[Candidate]
) -> None:
    for one in rank(asker, crowd, NOW).passed:
        available = one.coach.available
        true_when = {
            "near.passed.asker": one.coach.person == asker.person,
            "near.passed.absent": available.absence is not None,
            "near.passed.absent_to": available.absence is not None,
            "near.passed.unreached": not available.reached,
            "near.passed.full": (available.open or 0) >= available.max_open,
        }
        assert true_when[one.why.key]


@pytest.mark.parametrize("hindrance", ["asks", "is away", "is full"])
@given(asker=askers, one=candidates, crowd=crowds, weights=weights)
def test_who_cannot_be_asked_is_not_however_near(
    hindrance: str, asker: Asker, one: Candidate, crowd: list[Candidate], weights: Weights
) -> None:
    person = asker.person if hindrance == "asks" else PersonId(10)
    best = replace(one, person=person, works=asker.works, helped=True)
    full = replace(best.available, open=best.available.max_open)
    away = replace(best.available, absence=Absence())
    available = {"is full": full, "is away": away}.get(hindrance, best.available)
    others = [each for each in crowd if each.person != person]
    ranking = rank(asker, [*others, replace(best, available=available)], NOW, weights)
    assert person not in order(ranking)
    assert person in [each.coach.person for each in ranking.passed]
    # And whether they are there or not, changes nothing for the others.
    assert order(ranking) == order(rank(asker, others, NOW, weights))


def better(asker: Asker, one: Candidate, how: str) -> Candidate:
    """Return a coach who is nearer, freer or more expert in one respect."""
    free = one.available
    works, serves = one.works, one.serves
    there = replace(works, location=asker.works.location)
    changed = {
        "place": replace(one, works=there),
        "team": replace(one, works=replace(works, teams=works.teams | asker.works.teams)),
        "sector": replace(
            one, serves=replace(serves, sectors=serves.sectors | asker.works.sectors)
        ),
        "site": replace(one, serves=replace(serves, location=asker.works.location)),
        "college": replace(one, serves=replace(serves, everyone=True)),
        "works": replace(one, available=replace(free, until=local("2026-03-02 16:00"))),
        "sooner": replace(one, available=replace(free, back=NOW.astimezone(ZONE))),
        "walk-in": replace(one, available=replace(free, walk_in=True)),
        "faster": replace(one, available=replace(free, claim_minutes=(free.claim_minutes or 0) / 2))
        if free.claim_minutes
        else one,
        "freer": replace(one, available=replace(free, open=free.open // 2)) if free.open else one,
        "less asked": replace(one, available=replace(free, offered=free.offered // 2)),
        "more fte": replace(one, available=replace(free, fte=(free.fte + 1) / 2)),
        "back from leave": replace(one, available=replace(free, absence=None)),
        "more room": replace(one, available=replace(free, max_open=free.max_open + 1)),
        "expert": replace(one, topics=one.topics | {asker.topic}),
        "stronger": replace(
            one, strengths={role: min(grade + 1, 5) for role, grade in one.strengths.items()}
        ),
        "language": replace(one, language=asker.language),
        "helped": replace(one, helped=True),
        "longer ago": replace(one, assigned=None),
    }
    return changed[how]


WAYS = (
    "place", "team", "sector", "site", "college", "works", "sooner", "walk-in", "faster", "freer",
    "less asked", "more fte", "back from leave", "more room", "expert", "stronger", "language",
    "helped", "longer ago",
)  # fmt: skip


@pytest.mark.parametrize("how", WAYS)
@given(asker=askers, one=candidates, crowd=crowds, weights=weights)
def test_nearer_freer_or_more_expert_never_lowers_the_rank(
    how: str, asker: Asker, one: Candidate, crowd: list[Candidate], weights: Weights
) -> None:
    one = replace(one, person=PersonId(10))
    before = order(rank(asker, [*crowd, one], NOW, weights))
    after = order(rank(asker, [*crowd, better(asker, one, how)], NOW, weights))
    assert [person for person in after if person != 10] == [
        person for person in before if person != 10
    ]
    if 10 in before:
        assert after.index(PersonId(10)) <= before.index(PersonId(10))


@pytest.mark.parametrize("how", sorted(set(WAYS) - {"back from leave", "more room", "longer ago"}))
@given(asker=askers, one=candidates, weights=weights)
def test_nearer_freer_or_more_expert_never_lowers_the_score(
    how: str, asker: Asker, one: Candidate, weights: Weights
) -> None:
    one = replace(one, person=PersonId(10))
    changed = better(asker, one, how)
    for before, after in zip(
        rank(asker, [one], NOW, weights).ranked,
        rank(asker, [changed], NOW, weights).ranked,
        strict=False,
    ):
        assert (after.score, after.proximity) >= (before.score, before.proximity)
        assert after.proximity >= before.proximity


@given(asker=askers, one=candidates, minutes=st.floats(0, 10_000), weights=weights)
def test_who_usually_claims_sooner_never_ranks_after_an_equal(
    asker: Asker, one: Candidate, minutes: float, weights: Weights
) -> None:
    free = replace(one.available, absence=None, open=0, claim_minutes=minutes)
    slow = replace(one, person=PersonId(8), available=free)
    quick = replace(slow, available=replace(free, claim_minutes=minutes / 2))
    for number in (7, 9):
        crowd = [replace(quick, person=PersonId(number)), slow]
        first, second = rank(asker, crowd, NOW, weights).ranked
        quicker = first if first.coach.person == number else second
        slower = second if quicker is first else first
        assert quicker.score >= slower.score
        assert quicker is first or quicker.score == slower.score


@pytest.mark.parametrize(
    ("part", "ways"),
    [
        (Part.PLACE, ("place",)),
        (Part.ORGANISATION, ("sector", "site", "college")),
        (Part.AVAILABILITY, ("works", "walk-in", "faster", "freer", "more fte")),
    ],
)
@given(asker=askers, one=candidates, three=st.tuples(shares, shares, shares))
def test_a_part_that_weighs_nothing_changes_no_score_and_has_no_reason(
    part: Part, ways: tuple[str, ...], asker: Asker, one: Candidate, three: tuple[float, ...]
) -> None:
    without = Weights({**weigh(*three).shares, part: 0.0})
    one = replace(one, available=replace(one.available, max_open=10))  # who is full is passed over
    for how in ways:
        plain = rank(asker, [one], NOW, without).ranked
        bettered = rank(asker, [better(asker, one, how)], NOW, without).ranked
        assert [(each.score, each.reasons) for each in plain] == [
            (each.score, each.reasons) for each in bettered
        ]


@pytest.mark.parametrize("of", [PROXIMITY, AVAILABILITY, FIT])
@given(askers, crowds)
def test_without_any_weight_parts_come_to_nothing(
    of: tuple[Part, ...], asker: Asker, crowd: list[Candidate]
) -> None:
    none = Weights({**Weights().shares, **dict.fromkeys(of, 0.0)})
    for one in rank(asker, crowd, NOW, none).ranked:
        assert 0 <= one.score <= 1
    nothing = Weights(dict.fromkeys(Part, 0.0))
    assert {one.score for one in rank(asker, crowd, NOW, nothing).ranked} <= {0.0}


@given(askers, crowds)
def test_every_reason_can_be_written_in_both_languages(
    asker: Asker, crowd: list[Candidate]
) -> None:
    ranking = rank(asker, crowd, NOW)
    said = [reason for one in ranking.ranked for reason in one.reasons]
    for why in (*said, *(one.why for one in ranking.passed)):
        for language in LANGUAGES:
            assert Texts("i-coach").write(language, why.key, why.data)


def test_a_person_can_do_without_topics_and_roles() -> None:
    nothing = replace(ASKER, topic="", role="")
    one = only(coach(topics=frozenset({"avg"}), strengths={"trainer": 5}), nothing)
    assert (one.parts[Part.EXPERTISE], one.parts[Part.STRENGTH]) == (0, 0)
