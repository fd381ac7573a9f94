"""From counts to figures: what is shared out, ranked, and not shown of few."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import LocationId, PersonId, TeamId
from bot.summary import corrections, felt, measures, rules
from bot.summary.figures import OUTCOMES
from bot.summary.model import NOWHERE, Audience, Background, Counted, Helper, Rating, Said, Visits
from bot.summary.report import TOO_FEW, Figures
from bot.summary.week import Week
from bot.worktime.worktime import WorkTime

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = Week(2026, 47)
SPAN = WEEK.span(ZONE)
HERE, THERE, FAR = LocationId(1), LocationId(2), LocationId(3)
NAMES = {HERE: "Kerngebouw", THERE: "Havenkade", FAR: "Noord"}
ANN, BEA = PersonId(1), PersonId(2)
HELPERS = (Helper(ANN, "Ann", HERE, 0.5), Helper(BEA, "Bea", THERE, 0.25))


ASKERS = count(100)
TEAM = TeamId(7)
FEWEST = felt.FEWEST


def rating(felt: int = 4, place: LocationId = HERE, asker: int | None = None) -> Rating:
    """Return a rating of Ann's help; without an asker, of somebody who rates nothing else."""
    return Rating(PersonId(next(ASKERS) if asker is None else asker), place, felt, felt / 5)


def given_as(*ratings: Rating) -> tuple[Said, ...]:
    """Return ratings as they were given of Ann's help, by people of one team."""
    return tuple(Said(one.asker, TEAM, ANN, one.felt) for one in ratings)


def figures(
    counted: Counted | None = None, audience: Audience | None = None, **known: Any
) -> Figures:
    known.setdefault("said", given_as(*known.get("ratings", ())))
    background = replace(Background(HELPERS, NAMES), **known)
    wanted = audience or Audience()
    found = rules.figures(counted or Counted({}), background, WorkTime(ZONE), SPAN, [wanted])
    return found[wanted]


def test_a_week_is_monday_to_sunday_in_local_time() -> None:
    assert str(Week.of(date(2026, 11, 22))) == "2026-W47"
    assert Week.read("2026-w47") == WEEK
    assert SPAN.start == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert Week(2026, 1).back() == Week(2025, 52)


def test_a_week_in_which_the_clock_changes_is_an_hour_longer() -> None:
    span = Week.of(date(2026, 10, 25)).span(ZONE)
    assert span.end - span.start == timedelta(days=7, hours=1)


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "W47", "2026-47", "26-W4", "", "2026-Wx"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Week.read(text)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_nine_of_ten_stay_under_the_slowest(found: list[float]) -> None:
    slowest = measures.slowest(found)
    assert isinstance(slowest, float)
    assert sum(one <= slowest for one in found) >= 0.9 * len(found)
    assert sum(one < slowest for one in found) < 0.9 * len(found)


def test_ties_share_their_rank() -> None:
    assert measures.ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2]


@given(st.lists(st.integers(0, 1_000), min_size=30, unique=True))
def test_what_goes_up_together_is_wholly_correlated(found: list[int]) -> None:
    assert measures.correlation([(one, one**3) for one in found]) == pytest.approx(1)
    assert measures.correlation([(one, -one) for one in found]) == pytest.approx(-1)


def test_a_correlation_needs_thirty_ratings_and_a_difference() -> None:
    assert measures.correlation([]) is None
    assert measures.correlation([(1, 2)] * 29) == TOO_FEW
    assert measures.correlation([(1, 2)] * 30) is None


@pytest.mark.parametrize(("people", "told"), [(4, False), (5, True)])
def test_a_correlation_is_of_five_people_however_often_they_rated(
    people: int, *, told: bool
) -> None:
    said = tuple(rating(number % 5 + 1, asker=number % people) for number in range(30))
    for audience in (Audience(), Audience(HERE, ANN)):
        rank = figures(None, audience, compared=said).values["rank"]
        assert rank == (pytest.approx(1) if told else TOO_FEW)
    assert figures(None, Audience(THERE, BEA), compared=said).values["rank"] is None


def test_the_correlation_is_spearmans() -> None:
    # A textbook example (IQ and hours of television), three times over: ties change it a little.
    pairs = [(106, 7), (100, 27), (86, 2), (101, 50), (99, 28)]
    pairs += [(103, 29), (97, 20), (113, 12), (112, 6), (110, 17)]
    assert measures.correlation([*pairs] * 3) == pytest.approx(-29 / 165, abs=0.001)


def test_help_of_a_coach_is_told_by_fives() -> None:
    said = [1, 2, 3, 4, 5, 5, 5, 5, 5]
    told = [felt.by_fives(given_as(*map(rating, said[:many]))) for many in range(11)]
    assert told[:5] == [None] + [TOO_FEW] * 4
    assert told[5:9] == [3] * 4
    assert felt.by_fives(given_as(*map(rating, [*said, 5]))) == fmean([*said, 5])


def test_a_five_that_is_full_stays_as_it_is() -> None:
    said = [rating(one, asker=one) for one in (1, 2, 3, 4, 5)]
    for again in ((1, 5), (2, 5), (3, 1), (4, 4)):
        said.append(rating(again[1], asker=again[0]))
        assert felt.by_fives(given_as(*said)) == 3
    said.append(rating(5))
    assert felt.by_fives(given_as(*said)) == fmean([3, fmean([5, 5, 1, 4, 5])])


def test_who_rates_five_times_is_one_person() -> None:
    alone = tuple(rating(one, asker=9) for one in (1, 2, 3, 4, 5))
    shown = figures(ratings=alone, teams={TEAM: "Zorg"})
    assert (shown.values["felt"], shown.values["computed"]) == (TOO_FEW, TOO_FEW)
    (team,), coach = shown.teams, shown.coaches[0]
    here = next(row for row in shown.locations if row.name == "Kerngebouw")
    for row in (team, coach, here):
        assert (row.values["ratings"], row.values["felt"]) == (5, TOO_FEW)
    with_others = figures(ratings=(*alone, *(rating(1) for _ in range(4))))
    assert with_others.values["felt"] == fmean([1, 2, 3, 4, 5, 1, 1, 1, 1])
    # Of who rates more than once the last word counts.
    assert with_others.coaches[0].values["felt"] == fmean([5, 1, 1, 1, 1])


def test_how_help_felt_is_not_told_of_few() -> None:
    few = figures(ratings=tuple(rating() for _ in range(4)))
    assert (few.values["felt"], few.values["computed"], few.values["ratings"]) == (
        TOO_FEW,
        TOO_FEW,
        4,
    )
    enough = figures(ratings=tuple(rating() for _ in range(5)))
    assert [enough.values["felt"], enough.values["computed"]] == [4, pytest.approx(0.8)]


def test_one_hidden_location_hides_the_next_smallest_as_well() -> None:
    ratings = (
        *(rating(5, HERE) for _ in range(9)),
        *(rating(1, THERE) for _ in range(4)),
        *(rating(3, FAR) for _ in range(6)),
    )
    shown = {row.name: row.values["felt"] for row in figures(ratings=ratings).locations}
    assert shown == {"Kerngebouw": 5, "Havenkade": TOO_FEW, "Noord": TOO_FEW}
    alone = figures(None, Audience(FAR), ratings=ratings)
    assert alone.values["felt"] == TOO_FEW


def test_what_is_hidden_is_together_of_enough_people() -> None:
    ratings = tuple(rating(place=place) for place in (HERE, THERE, *[FAR] * 8))
    shown = {row.name: row.values["felt"] for row in figures(ratings=ratings).locations}
    assert shown == dict.fromkeys(NAMES.values(), TOO_FEW)
    enough = (*ratings, *(rating(3, NOWHERE) for _ in range(9)))
    assert [row.values["felt"] for row in figures(ratings=enough).locations] == [
        3,
        *[TOO_FEW] * 3,
    ]


PLACES = [HERE, THERE, FAR, NOWHERE, LocationId(99)]


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(1, 5)), max_size=60))
def test_no_hidden_location_follows_from_the_others(found: list[tuple[int, int]]) -> None:
    # Some rate more than once; the fewer people, the smaller the place. The last has no name.
    home = {who: PLACES[min(who.bit_length(), 4)] for who, _ in found}
    shown = figures(ratings=tuple(rating(one, home[who], who) for who, one in found))
    people = Counter(home.values())
    for place in PLACES:
        own = figures(None, Audience(place), ratings=tuple(rating(4, home[w], w) for w, _ in found))
        if isinstance(own.values["felt"], float):
            assert people.pop(place) >= FEWEST
    # Of what is left, the figure of all gives away the mean.
    assert people.total() == 0 or people.total() >= FEWEST or shown.values["felt"] == TOO_FEW
    assert sum(float(row.values["ratings"] or 0) for row in shown.locations) == len(found)


@given(st.dictionaries(st.sampled_from([HERE, THERE, NOWHERE]), st.integers(0, 99)))
def test_what_is_counted_adds_up_over_locations(many: dict[LocationId, int]) -> None:
    counts = {
        place: Counter(dict.fromkeys([*OUTCOMES.values(), "heard", "routed_direct"], count))
        for place, count in many.items()
    }
    shown = figures(Counted(counts))
    for name in ("questions", "routed"):
        parts = [float(row.values[name] or 0) for row in shown.locations]
        assert sum(parts) == shown.number(name)


def test_load_and_visits_are_told_per_fte() -> None:
    visits = {ANN: Visits(booked=3, helped=2, waits=(1, 9)), BEA: Visits(walked_in=2, helped=1)}
    counted = Counted({}, got={ANN: 3, BEA: 3}, visits=visits)
    all_of_them = figures(counted, seats={ANN: 6})
    assert (all_of_them.values["got"], all_of_them.values["load"]) == (6, 8)
    assert (all_of_them.values["visits_per_fte"], all_of_them.values["wait_median"]) == (4, 5)
    assert (all_of_them.values["seats"], all_of_them.values["booked"]) == (6, 3)
    assert [row.values["load"] for row in all_of_them.coaches] == [6, 12]
    own = figures(counted, Audience(THERE, BEA), seats={ANN: 6})
    assert [row.name for row in own.coaches] == ["Bea"]
    assert (own.values["got"], own.values["load"], own.values["seats"]) == (3, 12, 0)


def test_a_coach_without_a_location_compares_no_locations() -> None:
    counted = Counted({HERE: Counter(certain=2), THERE: Counter(certain=3)})
    own = figures(counted, Audience(coach=ANN))
    assert (own.values["questions"], own.locations, own.location) == (5, (), None)
    assert figures(counted, Audience(HERE, ANN)).location == HERE


def test_figures_of_two_places_are_no_correction_of_each_other() -> None:
    counted = Counted({HERE: Counter(certain=2), THERE: Counter(certain=3)})
    here, there = (figures(counted, Audience(place, ANN)) for place in (HERE, THERE))
    assert corrections.changed(here, there) == ()
    more = figures(Counted({HERE: Counter(certain=3)}), Audience(HERE, ANN))
    assert corrections.changed(here, more) == ("questions", "certain")


def test_how_help_felt_is_never_corrected() -> None:
    known = tuple(rating(5) for _ in range(5))
    names = {TEAM: "Zorg"}
    sent = figures(ratings=known, teams=names)
    # One of them says something else, and another place has its first rating.
    later = (*known[:4], replace(known[4], felt=1, computed=0), rating(place=FAR))
    more = Counted({HERE: Counter(certain=2)})
    now = figures(more, ratings=later, teams=names)
    assert corrections.changed(sent, now) == ("questions", "certain", "from_faq")
    kept = corrections.as_felt(sent, now)
    for name in ("ratings", "felt", "computed"):
        assert kept.values[name] == sent.values[name] != now.values[name]
    assert kept.teams == sent.teams
    for rows, before in ((kept.coaches, sent.coaches), (kept.locations, sent.locations)):
        assert [row.values["felt"] for row in rows] == [row.values["felt"] for row in before]
    assert kept.values["questions"] == 2
    assert [row.values["questions"] for row in kept.locations] == [2, 0, 0]


def test_coaches_of_one_name_keep_each_their_own_in_a_correction() -> None:
    both = (Helper(ANN, "Kim", HERE, 0.5), Helper(BEA, "Kim", THERE, 0.25))
    said = tuple(Said(PersonId(one), None, BEA, 5) for one in range(5))
    sent = figures(helpers=both, said=said)
    kept = corrections.as_felt(sent, figures(helpers=both))
    assert [row.values["felt"] for row in kept.coaches] == [None, 5]
    # One who came since has no figure of a namesake.
    alone = figures(helpers=both[1:], said=said)
    kept = corrections.as_felt(alone, figures(helpers=both))
    assert [row.values["felt"] for row in kept.coaches] == [None, 5]
    # Summaries of before said only what a row is called.
    named = replace(sent, coaches=tuple(replace(row, of=None) for row in sent.coaches[1:]))
    kept = corrections.as_felt(named, figures(helpers=both[1:]))
    assert [row.values["felt"] for row in kept.coaches] == [5]


def test_a_shift_is_told_when_there_is_enough_on_both_sides() -> None:
    then = {HERE: Counter(operationeel=9, tactisch=1)}
    now = {HERE: Counter(operationeel=6), THERE: Counter(strategisch=6)}
    assert figures(first_levels=then, last_levels=now).values["shift"] == pytest.approx(0.4)
    assert figures(first_levels=then, last_levels=then).values["shift"] == 0
    few = {HERE: Counter(tactisch=9)}
    assert figures(first_levels=then, last_levels=few).values["shift"] is None
