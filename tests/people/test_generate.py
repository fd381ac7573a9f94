"""The two reference colleges: their sizes, and that they read back as any college does."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.people.college_file import CollegeFile, read_college
from bot.people.generate import INNOVATIE, KERN, SHAPES, Shape, generate
from bot.people.model import Listed, Organisation, Role, Scope
from bot.people.people_file import read_organisation
from bot.worktime.closures import SCHOOLS_CLOSE
from bot.worktime.week import OFFICE, read_hours

BOTH = pytest.mark.parametrize("shape", [INNOVATIE, KERN], ids=lambda shape: shape.key)


def written(shape: Shape, folder: Path) -> Path:
    for name, content in generate(shape).items():
        (folder / name).write_text(content, "utf-8")
    return folder


def organisation(shape: Shape, folder: Path) -> Organisation:
    return read_organisation(written(shape, folder))


def college(shape: Shape, folder: Path) -> CollegeFile:
    return read_college(written(shape, folder) / "college.yaml")


def of_role(people: tuple[Listed, ...], role: Role) -> list[Listed]:
    return [one for one in people if role in one.roles]


def teachers_only(people: tuple[Listed, ...]) -> list[Listed]:
    return [one for one in people if one.roles == (Role.TEACHER,)]


def sizes(made: Organisation) -> dict[str, int]:
    return {
        "teachers": len(teachers_only(made.people)),
        "sectors": len(made.units.sectors),
        "locations": len(made.units.locations),
        "coaches": len(of_role(made.people, Role.COACH)),
        "coordinators": len(of_role(made.people, Role.COORDINATOR)),
        "people": len(made.people),
    }


def test_the_big_college_has_the_size_of_its_description(tmp_path: Path) -> None:
    assert sizes(organisation(INNOVATIE, tmp_path)) == {
        "teachers": 950,
        "sectors": 9,
        "locations": 9,
        "coaches": 18,
        "coordinators": 2,
        "people": 970,
    }


def test_the_small_college_has_the_size_of_its_description(tmp_path: Path) -> None:
    assert sizes(organisation(KERN, tmp_path)) == {
        "teachers": 150,
        "sectors": 3,
        "locations": 1,
        "coaches": 3,
        "coordinators": 3,
        "people": 156,
    }


@BOTH
def test_the_files_are_the_same_every_time(shape: Shape) -> None:
    assert generate(shape) == generate(shape)


def test_each_college_is_found_by_its_key() -> None:
    assert SHAPES == {"innovatiecollege": INNOVATIE, "kerncollege": KERN}


def test_the_big_college_has_one_location_a_sector(tmp_path: Path) -> None:
    units = organisation(INNOVATIE, tmp_path).units
    pairs = set(units.teams.values())
    assert len(pairs) == 9
    assert {sector for sector, _ in pairs} == set(units.sectors)
    assert {location for _, location in pairs} == set(units.locations)


def test_the_big_college_has_two_coaches_at_each_location(tmp_path: Path) -> None:
    made = organisation(INNOVATIE, tmp_path)
    coaches = of_role(made.people, Role.COACH)
    assert Counter(one.location for one in coaches) == dict.fromkeys(made.units.locations, 2)
    assert {one.coach.scope for one in coaches if one.coach} == {Scope.LOCATION}


def test_the_big_college_has_a_project_leader_and_a_team_leader(tmp_path: Path) -> None:
    leaders = of_role(organisation(INNOVATIE, tmp_path).people, Role.COORDINATOR)
    assert [one.name for one in leaders] == ["Projectleider 01", "Teamleider 01"]
    assert all(Role.CURATOR in one.roles for one in leaders)


def test_the_small_college_has_a_coach_for_each_sector(tmp_path: Path) -> None:
    made = organisation(KERN, tmp_path)
    coaches = of_role(made.people, Role.COACH)
    sectors = [made.units.teams[one.teams[0]][0] for one in coaches]
    assert sorted(sectors) == sorted(made.units.sectors)
    assert {one.coach.scope for one in coaches if one.coach} == {Scope.SECTOR}


def test_the_small_college_has_as_many_coordinators_as_sectors(tmp_path: Path) -> None:
    made = organisation(KERN, tmp_path)
    assert len(of_role(made.people, Role.COORDINATOR)) == len(made.units.sectors)


@BOTH
def test_every_coach_has_half_a_week_and_a_profile_that_helps(tmp_path: Path, shape: Shape) -> None:
    for one in of_role(organisation(shape, tmp_path).people, Role.COACH):
        assert one.coach
        assert one.coach.fte == 0.5
        assert one.coach.room
        assert one.coach.phone
        assert len(set(one.coach.topics)) == len(one.coach.strengths) + 1 == 3
        hours = [read_hours(text) for text in one.coach.pattern.values()]
        worked = sum(one.end.hour - one.start.hour for one in hours)
        assert 20 <= worked <= 21


@BOTH
def test_the_team_of_a_coach_lies_at_their_own_location(tmp_path: Path, shape: Shape) -> None:
    made = organisation(shape, tmp_path)
    for one in of_role(made.people, Role.COACH):
        assert [made.units.teams[team][1] for team in one.teams] == [one.location]


@BOTH
def test_every_team_has_teachers_and_no_team_is_twice_as_large_as_meant(
    tmp_path: Path, shape: Shape
) -> None:
    made = organisation(shape, tmp_path)
    members = Counter(one.teams[0] for one in teachers_only(made.people))
    assert set(members) == set(made.units.teams)
    assert min(members.values()) >= 9
    assert max(members.values()) <= 36


@BOTH
def test_some_are_in_two_teams_of_the_same_place_and_everyone_is_in_one(
    tmp_path: Path, shape: Shape
) -> None:
    made = organisation(shape, tmp_path)
    teachers = teachers_only(made.people)
    assert Counter(len(one.teams) for one in teachers) == {
        1: shape.teachers * 9 // 10,
        2: shape.teachers // 10,
    }
    for one in teachers:
        assert {made.units.teams[team] for team in one.teams} == {made.units.teams[one.teams[0]]}
        assert made.units.teams[one.teams[0]][1] == one.location


@BOTH
def test_no_name_and_no_address_is_anyones(tmp_path: Path, shape: Shape) -> None:
    for one in organisation(shape, tmp_path).people:
        assert re.fullmatch(r"[A-Z]\w+ \d+", one.name)
        assert one.email.endswith(f"@{shape.key}.example")


@BOTH
def test_every_field_is_filled_in(tmp_path: Path, shape: Shape) -> None:
    fields = college(shape, tmp_path).fields
    assert all(fields.values())
    assert not [text for text in fields.values() if "{" in text]


@BOTH
def test_one_sector_or_more_has_another_learning_environment(tmp_path: Path, shape: Shape) -> None:
    made = college(shape, tmp_path)
    others = {entry.fields["lms"] for entry in made.sectors if "lms" in entry.fields}
    assert others
    assert made.fields["lms"] not in others


@BOTH
def test_hours_closed_days_and_holidays_stand_there_to_be_changed(
    shape: Shape, tmp_path: Path
) -> None:
    made = college(shape, tmp_path)
    assert {"hours", "closed", "holidays"} <= made.model_fields_set
    assert (dict(made.hours), made.holidays) == (dict(OFFICE), frozenset(SCHOOLS_CLOSE))
