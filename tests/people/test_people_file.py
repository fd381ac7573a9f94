"""Reading people.csv: what is understood, and how every wrong line is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import CollegeFileError
from bot.people.college_file import CollegeFile
from bot.people.model import CoachProfile, Listed, Role
from bot.people.people_file import COLUMNS, parse_people, read_organisation
from tests.said import in_english

COLLEGE_YAML = """
name: Voorbeeldcollege
locations: [{name: Noord}, {name: Zuid}]
sectors: [{name: "Zorg, Welzijn en Sport"}, {name: Techniek}]
teams:
- {name: "Zorg, Welzijn en Sport 1", sector: "Zorg, Welzijn en Sport", location: Noord}
- {name: Techniek 1, sector: Techniek, location: Zuid}
- {name: Techniek 2, sector: Techniek, location: Zuid}
"""
COLLEGE = CollegeFile.model_validate(
    {
        "name": "Voorbeeldcollege",
        "locations": [{"name": "Noord"}, {"name": "Zuid"}],
        "sectors": [{"name": "Zorg"}, {"name": "Techniek"}],
        "teams": [
            {"name": "Zorg, Welzijn en Sport 1", "sector": "Zorg", "location": "Noord"},
            {"name": "Techniek 1", "sector": "Techniek", "location": "Zuid"},
            {"name": "Techniek 2", "sector": "Techniek", "location": "Zuid"},
        ],
    }
)
HEADER = "email,name,location,teams,roles,language,entra_id"
ANN_LINE = "ann@school.example,Ann,Noord,Techniek 1,teacher,nl,a1"
ANN = Listed(
    "ann@school.example", "Ann", (Role.TEACHER,), "Noord", ("Techniek 1",), "nl", entra_id="a1"
)


def college_with_coach(email: str = "Cas@school.example") -> CollegeFile:
    coach = {"coaches": [{"email": email, "fte": 0.5}]}
    return CollegeFile.model_validate(COLLEGE.model_dump() | coach)


def read(*lines: str, college: CollegeFile = COLLEGE, header: str = HEADER) -> tuple[Listed, ...]:
    return parse_people("\n".join([header, *lines]), college)


def problems(text: str, college: CollegeFile = COLLEGE) -> list[str]:
    with pytest.raises(CollegeFileError) as caught:
        parse_people(text, college)
    return in_english(caught.value.problems)


def wrong(*lines: str, college: CollegeFile = COLLEGE, header: str = HEADER) -> list[str]:
    return problems("\n".join([header, *lines]), college)


def test_a_line_is_a_person() -> None:
    assert read(ANN_LINE) == (ANN,)


def test_the_last_two_columns_may_be_left_out_and_columns_may_stand_in_any_order() -> None:
    (ann,) = read("teacher,Techniek 1,Noord,Ann,a@x.nl", header="roles,teams,location,name,email")
    assert ann == Listed("a@x.nl", "Ann", (Role.TEACHER,), "Noord", ("Techniek 1",))


def test_semicolons_separate_as_well_and_then_a_comma_is_text() -> None:
    header = HEADER.replace(",", ";")
    (ann,) = read("a@x.nl;Ann;Noord;Zorg, Welzijn en Sport 1;teacher;;", header=header)
    assert ann.teams == ("Zorg, Welzijn en Sport 1",)


def test_a_quoted_cell_may_hold_the_separator() -> None:
    (ann,) = read('a@x.nl,"Jansen, Ann",Noord,"Zorg, Welzijn en Sport 1",teacher,,')
    assert (ann.name, ann.teams) == ("Jansen, Ann", ("Zorg, Welzijn en Sport 1",))


def test_several_teams_keep_their_order_and_the_primary_one_is_first() -> None:
    (ann,) = read("a@x.nl,Ann,Zuid,Techniek 2 | Techniek 1|Techniek 2,teacher,,")
    assert ann.teams == ("Techniek 2", "Techniek 1")


def test_the_order_of_roles_does_not_matter() -> None:
    one, two = read("a@x.nl,A,,,teacher|curator,,", "b@x.nl,B,,,curator|teacher|teacher,,")
    assert one.roles == two.roles == (Role.CURATOR, Role.TEACHER)


def test_location_team_and_language_may_be_unknown() -> None:
    (ann,) = read("a@x.nl,Ann,,,teacher,,")
    assert (ann.location, ann.teams, ann.language) == ("", (), "nl")


def test_english_is_a_language() -> None:
    (ann,) = read("a@x.nl,Ann,,,teacher,en,")
    assert ann.language == "en"


def test_addresses_and_entra_ids_become_lower_case() -> None:
    (ann,) = read("Ann@School.Example,Ann,,,teacher,,AB-12")
    assert (ann.email, ann.entra_id) == ("ann@school.example", "ab-12")


def test_blanks_around_and_between_words_do_not_matter() -> None:
    (ann,) = read("  a@x.nl , Ann  de Wit ,Noord ,  Techniek  1,teacher,,")
    assert (ann.email, ann.name) == ("a@x.nl", "Ann de Wit")
    assert (ann.location, ann.teams) == ("Noord", ("Techniek 1",))


def test_blank_lines_and_lines_of_empty_cells_are_passed_by_but_counted() -> None:
    assert read("", ANN_LINE, ",,,,,,", "   ", "") == (ANN,)
    assert wrong("", ANN_LINE, ",,,,,,", "a@x.nl,A,,,,,") == ["line 5: it has no role"]


def test_blank_lines_before_the_first_do_not_matter() -> None:
    assert parse_people(f"\n\n{HEADER.replace(',', ';')}\n{ANN_LINE.replace(',', ';')}", COLLEGE)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    text = ending.join([HEADER, ANN_LINE, "no,A,,,teacher,,", ""])
    assert problems(text) == ["line 3: 'no' is no e-mail address"]


def test_a_cell_of_several_lines_becomes_one_and_its_row_is_named_by_its_first_line() -> None:
    two_lines = 'a@x.nl,"Ann\nde Wit",,,teacher,,'
    assert [one.name for one in read(two_lines)] == ["Ann de Wit"]
    assert wrong(two_lines, 'no,"B\n\nC",,,teacher,,', "b@x.nl,B,,,,,") == [
        "line 4: 'no' is no e-mail address",
        "line 7: it has no role",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ann,Ann,,,teacher,,", "'ann' is no e-mail address"),
        (",Ann,,,teacher,,", "'' is no e-mail address"),
        ("a b@x.nl,Ann,,,teacher,,", "'a b@x.nl' is no e-mail address"),
        ("a@@x.nl,Ann,,,teacher,,", "'a@@x.nl' is no e-mail address"),
        ("a@x,Ann,,,teacher,,", "'a@x' is no e-mail address"),
        ("a@x.nl,,,,teacher,,", "the name is empty or over 100 characters"),
        (f"a@x.nl,{'n' * 101},,,teacher,,", "the name is empty or over 100 characters"),
        ("a@x.nl,Ann,Oost,,teacher,,", "no location is named 'Oost'"),
        ("a@x.nl,Ann,,Techniek 9,teacher,,", "no team is named 'Techniek 9'"),
        (
            "a@x.nl,Ann,,,director,,",
            "'director' is no role; there are teacher, coach, coordinator, curator",
        ),
        ("a@x.nl,Ann,,,,,", "it has no role"),
        ("a@x.nl,Ann,,,|,,", "it has no role"),
        ("a@x.nl", "the name is empty or over 100 characters"),
        ("a@x.nl,Ann,,,teacher,fr,", "'fr' is no language; there are nl and en"),
        ("a@x.nl,Ann,,,teacher,,,extra", "it has more cells than the first line has names"),
        ("a@x.nl,Ren\ufffd,,,teacher,,", "it holds unreadable signs; save the file as UTF-8"),
        (
            "a@x.nl,Ann,,,coach,,",
            "a@x.nl is a coach, but has no entry under coaches in college.yaml",
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_the_reason(line: str, reason: str) -> None:
    assert f"line 3: {reason}" in wrong(ANN_LINE, line)


def test_every_wrong_line_and_everything_wrong_in_it_is_told_at_once() -> None:
    found = wrong(
        "ann,,Oost,Techniek 8|Techniek 1|Techniek 9,boss|teacher,fr,,x", ANN_LINE, "b@x.nl,B,,,,,"
    )
    assert found == [
        "line 2: it has more cells than the first line has names",
        "line 2: 'ann' is no e-mail address",
        "line 2: the name is empty or over 100 characters",
        "line 2: 'fr' is no language; there are nl and en",
        "line 2: no location is named 'Oost'",
        "line 2: no team is named 'Techniek 8'",
        "line 2: no team is named 'Techniek 9'",
        "line 2: 'boss' is no role; there are teacher, coach, coordinator, curator",
        "line 4: it has no role",
    ]


def test_empty_cells_too_many_do_no_harm() -> None:
    assert read(f"{ANN_LINE},,,") == (ANN,)


def test_the_same_address_twice_is_told_also_in_other_case() -> None:
    found = wrong("a@x.nl,A,,,teacher,,", "A@X.nl,A,,,teacher,,", "a@x.NL,A,,,teacher,,")
    assert found == [
        "line 3: a@x.nl stands on line 2 already",
        "line 4: a@x.nl stands on line 2 already",
    ]


def test_the_same_address_twice_is_told_also_when_the_first_line_is_wrong() -> None:
    assert wrong("a@x.nl,A,,,,,", "a@x.nl,A,,,teacher,,") == [
        "line 2: it has no role",
        "line 3: a@x.nl stands on line 2 already",
    ]


def test_the_same_entra_id_twice_is_told() -> None:
    found = wrong("a@x.nl,A,,,teacher,,AB-1", "b@x.nl,B,,,teacher,,ab-1", "c@x.nl,C,,,teacher,,")
    assert found == ["line 3: ab-1 stands on line 2 already"]


def test_a_coach_gets_the_profile_of_the_college_file_whatever_the_case() -> None:
    (cas,) = read("CAS@school.example,Cas,,,teacher|coach,,", college=college_with_coach())
    assert cas.coach == CoachProfile(0.5)
    assert Role.COACH in cas.roles


def test_a_coach_of_the_college_file_without_a_line_is_told() -> None:
    assert wrong(ANN_LINE, college=college_with_coach()) == [
        "coach cas@school.example of college.yaml has no line"
    ]


def test_a_coach_whose_line_is_wrong_is_not_told_to_have_none() -> None:
    assert wrong("cas@school.example,,,,coach,,", college=college_with_coach()) == [
        "line 2: the name is empty or over 100 characters"
    ]


def test_a_coach_of_the_college_file_without_the_role_is_told() -> None:
    assert wrong("cas@school.example,Cas,,,teacher,,", college=college_with_coach()) == [
        "line 2: cas@school.example is under coaches in college.yaml, but has no role coach"
    ]


@pytest.mark.parametrize("column", ["email", "name", "location", "teams", "roles"])
def test_a_missing_column_is_told(column: str) -> None:
    header = ",".join(name for name in COLUMNS if name != column)
    assert wrong(header=header) == [f"line 1: the column {column} is missing"]


def test_an_unknown_column_and_one_that_stands_there_twice_are_told() -> None:
    assert wrong(header=f"{HEADER},phone,email") == [
        "line 1: there is no column 'phone'",
        "line 1: the column email stands there twice",
    ]


def test_a_wrong_first_line_is_told_alone() -> None:
    assert wrong("no,,,,,,", header=f"{HEADER},phone") == ["line 1: there is no column 'phone'"]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\r\n", ",,,\n"])
def test_an_empty_file_is_told(text: str) -> None:
    assert problems(text) == ["the file is empty"]


def test_a_file_of_only_a_first_line_lists_nobody() -> None:
    assert parse_people(HEADER, COLLEGE) == ()


@pytest.mark.parametrize(
    "line", ['a@x.nl,"Ann,,,teacher,,', 'a@x.nl,"Ann" de Wit,,,teacher,,', f"{'x' * 140_000}"]
)
def test_cells_that_cannot_be_told_apart_are_told_with_the_line_where_it_starts(line: str) -> None:
    (found,) = wrong(ANN_LINE, line, ANN_LINE)
    assert found.startswith("line 3: its cells cannot be told apart")


cells = st.text(alphabet='ab@.| ,;"\n\r\ufffdé', max_size=8)


def told(text: str) -> tuple[str, ...]:
    """Return the problems, none where all is well."""
    try:
        parse_people(text, COLLEGE)
    except CollegeFileError as error:
        return tuple(in_english(error.problems))
    return ()


@given(st.lists(st.lists(cells, max_size=9).map(",".join), max_size=5).map("\n".join))
def test_whatever_the_lines_hold_each_problem_names_one(lines: str) -> None:
    last = len(f"{HEADER}\n{lines}".replace("\r", "\n").split("\n"))
    for problem in told(f"{HEADER}\n{lines}"):
        assert 1 < int(problem.removeprefix("line ").partition(":")[0]) <= last


@given(st.sets(st.integers(1, 30)))
def test_exactly_the_wrong_lines_are_told(wrong_ones: set[int]) -> None:
    lines = [f"p{n}@x.nl,P,,,{'' if n in wrong_ones else 'teacher'},," for n in range(1, 31)]
    expected = [f"line {number + 1}: it has no role" for number in sorted(wrong_ones)]
    if expected:
        assert wrong(*lines) == expected
    else:
        assert len(read(*lines)) == 30


def folder_with(folder: Path, people: bytes) -> Path:
    (folder / "college.yaml").write_text(COLLEGE_YAML, "utf-8")
    (folder / "people.csv").write_bytes(people)
    return folder


def read_folder(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CollegeFileError) as caught:
        read_organisation(folder)
    return tuple(in_english(caught.value.problems))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without a mark", "with a mark"])
def test_a_folder_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    text = f"{HEADER}\nrené@school.example,René,Noord,,teacher,,".encode()
    organisation = read_organisation(folder_with(tmp_path, mark + text))
    assert [one.name for one in organisation.people] == ["René"]
    assert organisation.units.teams["Techniek 1"] == ("Techniek", "Zuid")


def test_a_line_in_another_encoding_is_told(tmp_path: Path) -> None:
    text = f"{HEADER}\n{ANN_LINE}\nb@x.nl,René,,,teacher,,".encode("cp1252")
    found = read_folder(folder_with(tmp_path, text))
    assert found == ("people.csv: line 3: it holds unreadable signs; save the file as UTF-8",)


def test_a_file_in_utf_16_is_told(tmp_path: Path) -> None:
    found = read_folder(folder_with(tmp_path, f"{HEADER}\n{ANN_LINE}".encode("utf-16")))
    assert found[0] == "people.csv: line 1: it holds unreadable signs; save the file as UTF-8"


def test_a_missing_people_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "college.yaml").write_text(COLLEGE_YAML, "utf-8")
    (found,) = read_folder(tmp_path)
    assert found.endswith("people.csv: there is no such file or folder")


def test_a_missing_college_file_is_told_with_how_to_make_one(tmp_path: Path) -> None:
    (found,) = read_folder(tmp_path)
    assert "college.yaml: there is no such file; `vraagbaak org generate" in found
