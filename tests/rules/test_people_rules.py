"""What an import changes, and what is known of how near a coach is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import LocationId, PersonId, SectorId, TeamId
from bot.people import rules
from bot.people.model import (
    Coach,
    CoachProfile,
    ImportPlan,
    Listed,
    ListedUnits,
    Location,
    Organisation,
    Person,
    Role,
    Scope,
    Sector,
    Source,
    StoredPerson,
    Team,
    Units,
)
from bot.people.rules import needs_consent, plan_import
from bot.proximity.ranking import rank
from bot.worktime.closures import Closed, Closures
from bot.worktime.worktime import WorkTime

LISTED_UNITS = ListedUnits(("Noord", "Zuid"), ("Zorg", "Techniek"), {"Zorg 1": ("Zorg", "Noord")})
ANN = Listed(
    "ann@school.example", "Ann", (Role.TEACHER,), location="Noord", teams=("Zorg 1",), entra_id="a1"
)
BOB = replace(ANN, email="bob@school.example", name="Bob", entra_id="")


def stored(person: Listed, source: Source = Source.IMPORT, *, active: bool = True) -> StoredPerson:
    return StoredPerson(person, source, active)


def plan(
    people: Sequence[Listed], known: Sequence[StoredPerson], units: ListedUnits = LISTED_UNITS
) -> ImportPlan:
    return plan_import(Organisation(LISTED_UNITS, tuple(people)), known, units)


def test_the_first_import_brings_everything() -> None:
    first = plan([ANN, BOB], [], ListedUnits((), (), {}))
    assert first.new_units == ("Noord", "Zuid", "Zorg", "Techniek", "Zorg 1")
    assert (first.new, first.changed, first.gone, first.imported) == ((ANN, BOB), (), (), 0)
    assert first.units == LISTED_UNITS


def test_the_same_files_again_change_nothing() -> None:
    again = plan([ANN, BOB], [stored(BOB), stored(ANN)])
    assert again.empty
    assert again.imported == 2


@pytest.mark.parametrize(
    "now",
    [
        replace(ANN, name="Anne"),
        replace(ANN, roles=(Role.COORDINATOR, Role.TEACHER)),
        replace(ANN, location="Zuid"),
        replace(ANN, teams=()),
        replace(ANN, entra_id="a2"),
        replace(ANN, coach=CoachProfile(0.5)),
    ],
    ids=["name", "roles", "location", "teams", "entra id", "coach"],
)
def test_whatever_the_files_say_otherwise_is_a_change(now: Listed) -> None:
    outcome = plan([now], [stored(ANN)])
    assert (outcome.new, outcome.changed, outcome.gone) == ((), (now,), ())
    assert not outcome.empty


def test_another_primary_team_is_a_change() -> None:
    was, now = (replace(ANN, teams=teams) for teams in [("A", "B"), ("B", "A")])
    assert plan([now], [stored(was)]).changed == (now,)


def test_who_coaches_no_more_is_changed() -> None:
    coach = replace(ANN, coach=CoachProfile(0.5))
    assert plan([ANN], [stored(coach)]).changed == (ANN,)


def test_only_people_whom_an_import_brought_are_gone() -> None:
    imported, own = replace(ANN, email="z@x"), replace(ANN, email="y@x")
    outcome = plan([], [stored(imported), stored(ANN), stored(own, Source.SELF)])
    assert outcome.gone == (ANN.email, "z@x")
    assert outcome.imported == 2


def test_who_is_gone_already_does_not_go_again() -> None:
    outcome = plan([], [stored(ANN, active=False)])
    assert outcome.empty
    assert outcome.imported == 0


def test_who_comes_back_is_a_change_and_counts_as_imported_only_after_it() -> None:
    outcome = plan([ANN], [stored(ANN, active=False)])
    assert (outcome.new, outcome.changed, outcome.imported) == ((), (ANN,), 0)


def test_who_registered_themself_becomes_imported_once_listed() -> None:
    outcome = plan([ANN], [stored(ANN, Source.SELF)])
    assert (outcome.new, outcome.changed, outcome.gone) == ((), (ANN,), ())


def test_a_chosen_language_is_no_change() -> None:
    assert plan([ANN], [stored(replace(ANN, language="en"))]).empty


def test_a_change_keeps_the_chosen_language() -> None:
    now = replace(ANN, name="Anne", language="nl")
    outcome = plan([now], [stored(replace(ANN, language="en"))])
    assert outcome.changed == (replace(now, language="en"),)


def test_a_new_person_gets_the_language_of_the_file() -> None:
    english = replace(ANN, language="en")
    assert plan([english], []).new == (english,)


def test_a_file_without_entra_ids_erases_none() -> None:
    assert plan([replace(ANN, entra_id="")], [stored(ANN)]).empty


def test_who_registered_themself_keeps_their_entra_id_once_listed_without_one() -> None:
    outcome = plan([replace(ANN, entra_id="")], [stored(ANN, Source.SELF)])
    assert outcome.changed == (ANN,)


def test_an_entra_id_that_the_file_gives_to_someone_else_leaves_its_holder() -> None:
    without, taker = replace(ANN, entra_id=""), replace(BOB, entra_id=ANN.entra_id)
    assert plan([without, taker], [stored(ANN), stored(BOB)]).changed == (without, taker)


@pytest.mark.parametrize("place", [("Techniek", "Noord"), ("Zorg", "Zuid")])
def test_a_team_elsewhere_is_a_changed_unit(place: tuple[str, str]) -> None:
    before = replace(LISTED_UNITS, teams={"Zorg 1": place})
    outcome = plan([ANN], [stored(ANN)], before)
    assert outcome.new_units == ("Zorg 1",)
    assert not outcome.empty


def test_a_unit_that_is_in_no_file_any_more_stays() -> None:
    before = ListedUnits(("Oost", "Noord", "Zuid"), LISTED_UNITS.sectors, LISTED_UNITS.teams)
    assert plan([ANN], [stored(ANN)], before).empty


def plan_with(gone: int, imported: int) -> ImportPlan:
    return ImportPlan(LISTED_UNITS, (), (), (), ("x",) * gone, imported)


@pytest.mark.parametrize(
    ("gone", "imported", "asks"),
    [
        (0, 0, False),
        (0, 950, False),
        (1, 20, False),
        (2, 20, True),
        (1, 19, True),
        (47, 950, False),
        (48, 950, True),
        (7, 140, False),
    ],
)
def test_more_than_one_in_twenty_needs_consent(gone: int, imported: int, *, asks: bool) -> None:
    assert needs_consent(plan_with(gone, imported)) is asks


@given(st.integers(1, 2_000))
def test_exactly_one_in_twenty_needs_no_consent_and_one_more_does(gone: int) -> None:
    assert not needs_consent(plan_with(gone, gone * 20))
    assert needs_consent(plan_with(gone + 1, gone * 20))


PLACES = [LocationId(number) for number in (1, 2)]
UNITS = Units(
    tuple(Location(place, f"Locatie {place}") for place in PLACES),
    (Sector(SectorId(1), "Zorg"), Sector(SectorId(2), "Techniek")),
    (
        Team(TeamId(11), "Zorg 1", SectorId(1), PLACES[0]),
        Team(TeamId(12), "Zorg 2", SectorId(1), PLACES[1]),
        Team(TeamId(21), "Techniek 1", SectorId(2), PLACES[0]),
        Team(TeamId(22), "Techniek 2", SectorId(2), PLACES[1]),
    ),
)


def person(
    number: int,
    team: int | None = None,
    location: int | None = None,
) -> Person:
    return Person(
        PersonId(number),
        f"Person {number}",
        f"p{number}@school.example",
        "nl",
        frozenset({Role.TEACHER}),
        Source.IMPORT,
        location=LocationId(location) if location else None,
        teams=(TeamId(team),) if team else (),
    )


def coach(who: Person, scope: Scope = Scope.LOCATION, **profile: Any) -> Coach:
    return Coach(who, CoachProfile(0.5, scope, **profile))


def nearest(asker: Person, coaches: Sequence[Coach]) -> list[int]:
    """Return the coaches' ids, nearest first."""
    known = [rules.candidate(one, UNITS, COLLEGE, MONDAY) for one in coaches]
    return [one.coach.person for one in rank(rules.asker(asker, UNITS), known, MONDAY).ranked]


ZONE = ZoneInfo("Europe/Amsterdam")
COLLEGE = WorkTime(ZONE)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKER = person(1, team=11, location=1)


def test_the_same_team_comes_first_then_location_sector_and_the_whole_institution() -> None:
    coaches = [
        coach(person(2, team=22, location=2)),
        coach(person(3, team=22, location=2), Scope.INSTITUTION),
        coach(person(4, team=21, location=1)),
        coach(person(5, team=12, location=2), Scope.SECTOR),
        coach(person(6, team=11, location=1), Scope.TEAM),
    ]
    assert nearest(ASKER, coaches) == [6, 4, 5, 3, 2]


def test_a_coach_of_one_team_is_no_coach_of_its_sector() -> None:
    of_a_team = coach(person(2, team=12, location=1), Scope.TEAM)
    of_the_location = coach(person(3, team=21, location=1), Scope.LOCATION)
    assert nearest(ASKER, [of_a_team, of_the_location]) == [3, 2]


def test_a_coach_of_one_sector_is_no_coach_of_its_location() -> None:
    of_a_sector = coach(person(2, team=21, location=2), Scope.SECTOR)
    of_the_institution = coach(person(3, team=22, location=2), Scope.INSTITUTION)
    assert nearest(ASKER, [of_a_sector, of_the_institution]) == [3, 2]


def test_of_two_in_the_same_sector_the_one_at_the_same_location_comes_first() -> None:
    elsewhere = coach(person(2, team=12, location=2), Scope.SECTOR)
    here = coach(person(3, team=12, location=1), Scope.SECTOR)
    assert nearest(ASKER, [elsewhere, here]) == [3, 2]


def test_ones_own_sectors_coach_who_is_off_comes_before_anothers_who_works() -> None:
    own = coach(person(2, team=12, location=1), Scope.SECTOR, pattern={"di": "09:00-16:00"})
    other = coach(person(3, team=21, location=1), Scope.SECTOR, pattern={"ma": "09:00-16:00"})
    assert nearest(ASKER, [own, other]) == [2, 3]


def test_of_two_who_are_as_near_the_one_who_works_now_comes_first() -> None:
    off = coach(person(2, team=12, location=1), pattern={"di": "09:00-16:00"})
    working = coach(person(3, team=12, location=1), pattern={"ma": "09:00-16:00"})
    assert nearest(ASKER, [off, working]) == [3, 2]


def test_a_second_team_counts_as_well() -> None:
    asker = replace(ASKER, teams=(TeamId(11), TeamId(22)))
    coaches = [coach(person(2, team=12, location=2)), coach(person(3, team=22, location=2))]
    assert nearest(asker, coaches) == [3, 2]


def test_who_gave_no_location_works_where_their_first_team_does() -> None:
    assert rules.workplace(person(1, team=12), UNITS).location == 2
    assert rules.workplace(person(1, team=12, location=1), UNITS).location == 1


def test_nobody_knows_the_place_of_either_so_they_are_not_at_the_same_one() -> None:
    unknown, known = coach(person(2)), coach(person(3, location=1), Scope.INSTITUTION)
    assert nearest(person(1), [unknown, known]) == [3, 2]


def test_a_team_that_is_no_more_is_passed_by() -> None:
    works = rules.workplace(person(1, team=99), UNITS)
    assert (works.location, works.sectors) == (None, frozenset())
    assert nearest(person(1, team=99), [coach(person(2, team=98))]) == [2]


def test_coaches_are_not_their_own() -> None:
    assert nearest(ASKER, [coach(ASKER, Scope.INSTITUTION)]) == []


def a_coach(fte: float, **changes: Any) -> Coach:
    return Coach(person(2), CoachProfile(fte, **changes))


def test_who_works_now_does_so_until_the_end_of_their_own_hours() -> None:
    mine = rules.availability(a_coach(0.5, pattern={"ma": "09:00-12:30"}), COLLEGE, MONDAY)
    assert mine.until == datetime(2026, 3, 2, 12, 30, tzinfo=ZONE)
    assert mine.until.tzinfo is ZONE
    assert mine.back is None


def test_who_does_not_work_now_is_back_at_their_next_hours() -> None:
    mine = rules.availability(a_coach(0.5, pattern={"ma": "11:00-12:30"}), COLLEGE, MONDAY)
    assert (mine.until, mine.back) == (None, datetime(2026, 3, 2, 11, 0, tzinfo=ZONE))


def test_without_a_pattern_the_hours_of_the_college_are_a_coachs_own() -> None:
    mine = rules.availability(a_coach(0.5), COLLEGE, MONDAY)
    assert mine.until == datetime(2026, 3, 2, 17, 0, tzinfo=ZONE)


def test_a_college_that_never_opens_has_coaches_who_are_off_for_good() -> None:
    closed = replace(COLLEGE, closures=Closures(own=(Closed(date(2026, 1, 1), date(2029, 1, 1)),)))
    mine = rules.availability(a_coach(0.5), closed, MONDAY)
    assert (mine.until, mine.back) == (None, None)


teams = st.sampled_from([None, 11, 12, 21, 22, 99])
locations = st.sampled_from([None, 1, 2])
patterns = st.sampled_from([{}, {"ma": "09:00-16:00"}, {"di": "09:00-16:00"}])
askers = st.builds(person, st.just(1), teams, locations)
crowds = st.lists(
    st.builds(
        coach,
        st.builds(person, st.integers(1, 9), teams, locations),
        st.sampled_from(Scope),
        pattern=patterns,
    ),
    unique_by=lambda one: one.person.id,
)


@given(askers, crowds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(
    asker: Person, coaches: list[Coach], random: Random
) -> None:
    shuffled = random.sample(coaches, len(coaches))
    assert nearest(asker, coaches) == nearest(asker, shuffled)


@given(askers, crowds)
def test_everyone_gets_every_coach_but_themself(asker: Person, coaches: list[Coach]) -> None:
    others = {one.person.id for one in coaches} - {asker.id}
    assert sorted(nearest(asker, coaches)) == sorted(others)


@given(askers, crowds, st.integers(0, 8))
def test_whoever_joins_ones_own_team_and_place_comes_no_later(
    asker: Person, coaches: list[Coach], which: int
) -> None:
    others = [one for one in coaches if one.person.id != asker.id]
    if not others:
        return
    moved = others[which % len(others)]
    joined = replace(moved.person, teams=asker.teams + moved.person.teams, location=asker.location)
    nearer = [replace(one, person=joined) if one is moved else one for one in others]
    place = nearest(asker, others).index(moved.person.id)
    assert nearest(asker, nearer).index(moved.person.id) <= place
