"""Reading college.yaml: what is understood, and how everything wrong is told."""

from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.core.errors import CollegeFileError
from bot.people.college_file import CoachEntry, CollegeFile, read_college
from bot.people.model import CoachProfile, ListedHour, ListedUnits, Scope
from bot.worktime.closures import Closed, Closures, Holiday
from bot.worktime.week import Hours
from bot.worktime.worktime import WorkTime
from tests.said import in_english

ZONE = ZoneInfo("Europe/Amsterdam")
COACH: dict[str, Any] = {"email": "cas@school.example", "fte": 0.5}


def college(**changes: object) -> dict[str, Any]:
    return {
        "name": "Voorbeeldcollege",
        "locations": [{"name": "Noord"}, {"name": "Zuid"}],
        "sectors": [{"name": "Zorg"}, {"name": "Techniek"}],
        "teams": [{"name": "Zorg 1", "sector": "Zorg", "location": "Noord"}],
        **changes,
    }


def with_coach(**changes: object) -> dict[str, Any]:
    return college(coaches=[{**COACH, **changes}])


def read(folder: Path, content: object) -> CollegeFile:
    path = folder / "college.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return read_college(path)


def problems_of(path: Path) -> list[str]:
    """Return what is wrong with the file, each without its name in front."""
    with pytest.raises(CollegeFileError) as caught:
        read_college(path)
    told = in_english(caught.value.problems)
    assert all(problem.startswith(str(path)) for problem in told)
    return [problem.removeprefix(str(path)).lstrip(": ,") for problem in told]


def wrong(folder: Path, content: object) -> list[str]:
    path = folder / "college.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return problems_of(path)


def wrong_text(folder: Path, content: bytes) -> list[str]:
    path = folder / "college.yaml"
    path.write_bytes(content)
    return problems_of(path)


def test_the_smallest_file_has_units_and_no_coaches(tmp_path: Path) -> None:
    smallest = read(tmp_path, college())
    assert smallest.units() == ListedUnits(
        ("Noord", "Zuid"), ("Zorg", "Techniek"), {"Zorg 1": ("Zorg", "Noord")}
    )
    assert smallest.profiles() == {}


def test_fields_stand_with_the_college_and_with_its_units(tmp_path: Path) -> None:
    zorg = {"name": "Zorg", "fields": {"lms": "Canvas"}}
    read_one = read(tmp_path, college(fields={"lms": "itslearning"}, sectors=[zorg]))
    assert read_one.fields == {"lms": "itslearning"}
    assert read_one.sectors[0].fields == {"lms": "Canvas"}


def test_a_coach_needs_an_address_and_an_fte_alone(tmp_path: Path) -> None:
    assert read(tmp_path, with_coach()).profiles() == {"cas@school.example": CoachProfile(0.5)}


def test_a_coach_can_say_everything(tmp_path: Path) -> None:
    said = {
        "fte": 1,
        "scope": "sector",
        "room": "B2.14",
        "phone": "088 555 01 02",
        "topics": ["lms", "ai"],
        "strengths": {"trainer": 5},
        "pattern": {"ma": "09:00-16:30"},
        "max_open": 3,
    }
    profiles = read(tmp_path, with_coach(**said)).profiles()
    assert profiles["cas@school.example"] == CoachProfile(
        1.0, Scope.SECTOR, "B2.14", "088 555 01 02", ("lms", "ai"), {"trainer": 5},
        {"ma": "09:00-16:30"}, 3,
    )  # fmt: skip


def test_addresses_of_coaches_become_lower_case(tmp_path: Path) -> None:
    assert list(read(tmp_path, with_coach(email="Cas@School.Example")).profiles()) == [
        "cas@school.example"
    ]


def test_blanks_around_a_name_do_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, college(sectors=[{"name": " Zorg "}])).units().sectors == ("Zorg",)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "college.yaml"
    path.write_text(yaml.safe_dump(college()), "utf-8-sig")
    assert read_college(path).name == "Voorbeeldcollege"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (college(motto="Samen"), "motto"),
        (college(locations=[{"name": "Noord", "city": "Assen"}]), "locations.0.city"),
        (college(sectors=[{"name": "Zorg", "lms": "Canvas"}]), "sectors.0.lms"),
        (college(teams=[{**college()["teams"][0], "size": 9}]), "teams.0.size"),
        (with_coach(name="Cas"), "coaches.0.name"),
    ],
)
def test_an_unknown_key_is_told_with_its_place(
    tmp_path: Path, content: dict[str, Any], place: str
) -> None:
    assert wrong(tmp_path, content) == [f"there is no {place}. Take it away"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (college(name=2026), "name"),
        (college(name="  "), "name"),
        (college(name="n" * 101), "name"),
        (college(fields={"servicedesk_phone": 885550000}), "fields.servicedesk_phone"),
        (college(fields=["lms"]), "fields"),
        (college(locations="Noord"), "locations"),
        (college(locations=["Noord"]), "locations.0"),
        (college(locations=[{"name": ""}]), "locations.0.name"),
        (college(teams=[{"name": "Zorg 1", "sector": "Zorg"}]), "teams.0.location"),
        (with_coach(email=None), "coaches.0.email"),
        (with_coach(fte=0), "coaches.0.fte"),
        (with_coach(fte=-0.5), "coaches.0.fte"),
        (with_coach(fte=1.1), "coaches.0.fte"),
        (with_coach(fte="half"), "coaches.0.fte"),
        (with_coach(fte=float("nan")), "coaches.0.fte"),
        (with_coach(scope="campus"), "coaches.0.scope"),
        (with_coach(room=214), "coaches.0.room"),
        (with_coach(topics="lms"), "coaches.0.topics"),
        (with_coach(strengths={"trainer": 6}), "coaches.0.strengths.trainer"),
        (with_coach(strengths={"trainer": 0}), "coaches.0.strengths.trainer"),
        (with_coach(max_open=0), "coaches.0.max_open"),
        (with_coach(max_open=51), "coaches.0.max_open"),
        (with_coach(pattern={"monday": "09:00-16:00"}), "coaches.0.pattern.monday.[key]"),
        (with_coach(pattern={"ma": "9:00-16:00"}), "coaches.0.pattern.ma"),
        (with_coach(pattern={"ma": "09:00-24:00"}), "coaches.0.pattern.ma"),
        (with_coach(pattern={"ma": "09:60-16:00"}), "coaches.0.pattern.ma"),
        (with_coach(pattern={"ma": "09:00"}), "coaches.0.pattern.ma"),
        (with_coach(pattern={"ma": "09:00 - 16:00"}), "coaches.0.pattern.ma"),
        (college(hours={"monday": "08:00-17:00"}), "hours.monday.[key]"),
        (college(hours={"ma": "8-17"}), "hours.ma"),
        (college(closed=[{"name": "Studiedag"}]), "closed.0.first"),
        (college(closed=[{"name": "Studiedag", "first": "morgen"}]), "closed.0.first"),
        (college(closed=[{"first": date(2026, 3, 2)}]), "closed.0.name"),
        (college(holidays=["kerst"]), "holidays.0"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(
    tmp_path: Path, content: dict[str, Any], place: str
) -> None:
    (found,) = wrong(tmp_path, content)
    assert f"{place} " in found or found.startswith(f"{place}: ")


@pytest.mark.parametrize("what", ["locations", "sectors", "teams"])
def test_a_college_without_any_is_told(tmp_path: Path, what: str) -> None:
    assert wrong(tmp_path, college(**{what: []})) == [f"{what}: there must be one at least"]


def test_a_college_that_is_never_open_is_told(tmp_path: Path) -> None:
    assert wrong(tmp_path, college(hours={})) == ["hours: there must be one at least"]


def test_a_closing_that_ends_before_it_starts_is_told(tmp_path: Path) -> None:
    closed = {"name": "Vakantie", "first": date(2026, 3, 9), "last": date(2026, 3, 2)}
    assert wrong(tmp_path, college(closed=[closed])) == [
        "closed.0: 2026-03-02 is before 2026-03-09"
    ]


def test_without_hours_a_college_is_open_on_weekdays_and_closed_when_schools_are(
    tmp_path: Path,
) -> None:
    assert read(tmp_path, college()).worktime(ZONE) == WorkTime(ZONE)


def test_hours_closed_days_and_holidays_are_the_colleges_own(tmp_path: Path) -> None:
    own = college(
        hours={"za": "10:00-12:00"},
        closed=[
            {"name": "Vakantie", "first": date(2026, 3, 2), "last": date(2026, 3, 9)},
            {"name": "Studiedag", "first": date(2026, 4, 1)},
        ],
        holidays=["goede-vrijdag"],
    )
    days = [date(2026, 3, 2), date(2026, 3, 9), date(2026, 4, 1), date(2026, 4, 1)]
    closed = (Closed(*days[:2]), Closed(*days[2:]))
    assert read(tmp_path, own).worktime(ZONE) == WorkTime(
        ZONE,
        {"za": Hours(time(10), time(12))},
        Closures(frozenset({Holiday.GOOD_FRIDAY}), closed),
    )


def test_one_location_can_be_closed_as_the_school_holidays_of_its_region_are(
    tmp_path: Path,
) -> None:
    week = {"name": "Voorjaar", "first": date(2026, 2, 21), "last": date(2026, 3, 1)}
    own = read(tmp_path, college(closed=[{**week, "locations": ["Noord"]}])).worktime(ZONE)
    assert own.closed_at == {"Noord": (Closed(date(2026, 2, 21), date(2026, 3, 1)),)}
    assert own.closures.own == ()


def test_a_closed_location_must_be_known(tmp_path: Path) -> None:
    studied = {"name": "Studiedag", "first": date(2026, 3, 2), "locations": ["Oost"]}
    assert wrong(tmp_path, college(closed=[studied])) == [
        "closed Studiedag: no location is named Oost"
    ]


def test_an_empty_list_of_holidays_is_no_holiday_at_all(tmp_path: Path) -> None:
    assert read(tmp_path, college(holidays=[])).worktime(ZONE).closures == Closures(frozenset())


def test_the_page_about_the_file_names_every_key_and_holiday() -> None:
    page = (Path(__file__).parents[2] / "docs" / "college.md").read_text("utf-8")
    keys = {*CollegeFile.model_fields, *CoachEntry.model_fields, *Holiday}
    assert {key for key in keys if f"`{key}`" not in page} == set()


@pytest.mark.parametrize("hours", ["16:00-09:00", "09:00-09:00"])
def test_hours_that_end_before_they_start_are_told(tmp_path: Path, hours: str) -> None:
    assert wrong(tmp_path, with_coach(pattern={"wo": hours})) == [
        f"coaches.0.pattern.wo: {hours} ends before it starts"
    ]


def test_all_wrong_values_are_told_at_once(tmp_path: Path) -> None:
    found = wrong(tmp_path, {**with_coach(fte=2, max_open=0), "name": "", "motto": "Samen"})
    assert [problem.removeprefix("there is no ").split()[0].strip(".") for problem in found] == [
        "name",
        "coaches.0.fte",
        "coaches.0.max_open",
        "motto",
    ]


def test_names_that_stand_there_twice_or_not_at_all_are_told_at_once(tmp_path: Path) -> None:
    team = {"name": "Zorg 1", "sector": "Zorg", "location": "Noord"}
    content = college(
        locations=[{"name": "Noord"}, {"name": "Noord"}],
        sectors=[{"name": "Zorg"}, {"name": "Sport"}, {"name": "Zorg"}, {"name": "Sport"}],
        teams=[team, team, {"name": "Techniek 1", "sector": "Techniek", "location": "Oost"}],
        coaches=[COACH, {**COACH, "email": "CAS@school.example"}],
    )
    assert wrong(tmp_path, content) == [
        "locations: more than once: Noord",
        "sectors: more than once: Sport, Zorg",
        "teams: more than once: Zorg 1",
        "coaches: more than once: cas@school.example",
        "team Techniek 1: no sector is named Techniek",
        "team Techniek 1: no location is named Oost",
    ]


def test_a_location_and_a_sector_may_have_the_same_name(tmp_path: Path) -> None:
    content = college(locations=[{"name": "Noord"}, {"name": "Zorg"}])
    assert read(tmp_path, content).units().locations == ("Noord", "Zorg")


@pytest.mark.parametrize("text", ["", "# nothing yet", "- Noord\n- Zuid", "Noord", "42"])
def test_what_is_no_mapping_is_told(tmp_path: Path, text: str) -> None:
    (found,) = wrong_text(tmp_path, text.encode())
    assert found.startswith("a block of names")


def test_a_missing_file_is_told_with_how_to_make_one(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path / "college.yaml")
    assert "`vraagbaak org generate kerncollege DIR` makes an example" in found


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path)
    assert "cannot be read" in found


@pytest.mark.parametrize(
    "text", ["name: [", "name: 'open", "name: a: b", "name: \tx\n\t- y", "a: *b", "a: !!x y", "\0"]
)
def test_broken_yaml_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    (found,) = wrong_text(tmp_path, text.encode())
    assert found
    assert "\n" not in found


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (found,) = wrong_text(tmp_path, b"name: Voorbeeld\nlocations: [\nsectors: x")
    assert "line 2" in found


def test_a_date_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (found,) = wrong_text(tmp_path, b"name: 2026-13-01")
    assert found.startswith("line 1: there is no such date")


def test_another_encoding_is_told(tmp_path: Path) -> None:
    assert wrong_text(tmp_path, "name: Coördinatie".encode("cp1252")) == [
        "it holds unreadable signs. Save the file as UTF-8"
    ]


WALKIN: dict[str, Any] = {"day": "di", "hours": "12:00-13:00"}


def test_a_walk_in_hour_needs_a_day_and_hours_alone(tmp_path: Path) -> None:
    (one,) = read(tmp_path, with_coach(walkin=[WALKIN], room="B2.04")).walkins()[COACH["email"]]
    assert one == ListedHour(
        weekday=1,
        start=time(12),
        end=time(13),
        minutes=15,
        seats=1,
        place="B2.04",
        link="",
        open_to="everyone",
        first=None,
        last=None,
    )


def test_an_hour_that_is_online_is_in_no_room(tmp_path: Path) -> None:
    online = {**WALKIN, "link": "https://meet.example/cas", "open_to": "team"}
    college_file = read(tmp_path, with_coach(walkin=[online], room="B2.04"))
    (one,) = college_file.walkins()[COACH["email"]]
    assert (one.place, one.link, one.open_to) == ("", "https://meet.example/cas", "team")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hours": "12:00-12:10"}, "no slot of 15 minutes fits in 12:00-12:10"),
        ({"first": date(2026, 9, 1), "last": date(2026, 8, 1)}, "2026-08-01 is before 2026-09-01"),
        ({"link": "http://meet.example"}, "is written in another way"),
        ({"seats": 0}, "must be 1 or more"),
    ],
)
def test_a_wrong_walk_in_hour_is_named(
    tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    (told,) = wrong(tmp_path, with_coach(walkin=[{**WALKIN, **changes}]))
    assert told.startswith("coaches.0.walkin.0")
    assert problem in told


def test_two_walk_in_hours_of_a_coach_at_the_same_time_are_named(tmp_path: Path) -> None:
    later = {**WALKIN, "hours": "12:30-14:00"}
    (told,) = wrong(tmp_path, with_coach(walkin=[WALKIN, later]))
    assert told == (
        "coach cas@school.example: the walk-in hours di 12:00-13:00 and "
        "di 12:30-14:00 are at the same time"
    )
    for other in (
        {**later, "day": "wo"},
        {**later, "hours": "13:00-14:00"},
    ):
        read(tmp_path, with_coach(walkin=[WALKIN, other]))
    spring = {**WALKIN, "last": date(2026, 6, 1)}
    read(tmp_path, with_coach(walkin=[spring, {**later, "first": date(2026, 6, 2)}]))
