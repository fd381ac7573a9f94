"""Reads people.csv: one person a line, every wrong line reported with its number."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from bot.core.errors import CollegeFileError
from bot.people.college_file import CollegeFile, read_college
from bot.people.model import CoachProfile, Listed, ListedUnits, Organisation, Role

COLUMNS = ("email", "name", "location", "teams", "roles", "language", "entra_id")
REQUIRED = ("email", "name", "location", "teams", "roles")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NAME_LENGTH = 100
_UNREADABLE = "\ufffd"
"""What a byte that is no UTF-8 was read as."""
_SAVE_AS_UTF_8 = "it holds unreadable signs; save the file as UTF-8"


@dataclass
class _Reader:
    units: ListedUnits
    coaches: Mapping[str, CoachProfile]
    seen: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def read(self, number: int, cell: Mapping[str, str]) -> Listed | None:
        wrong = [*self._unclear(cell), *self._unknown(cell), *self._taken(number, cell)]
        self.report(number, *wrong)
        if wrong:
            return None
        return Listed(
            email=cell["email"].lower(),
            name=cell["name"],
            roles=tuple(sorted({Role(role) for role in _parts(cell["roles"])})),
            location=cell["location"],
            teams=_parts(cell["teams"]),
            language="en" if cell["language"] == "en" else "nl",
            entra_id=cell["entra_id"].lower(),
            coach=self.coaches.get(cell["email"].lower()),
        )

    def report(self, number: int, *reasons: str) -> None:
        self.problems += [f"line {number}: {reason}" for reason in reasons]

    def _unclear(self, cell: Mapping[str, str]) -> Iterator[str]:
        if not _EMAIL.match(cell["email"]):
            yield f"'{cell['email']}' is no e-mail address"
        if not cell["name"] or len(cell["name"]) > _NAME_LENGTH:
            yield f"the name is empty or over {_NAME_LENGTH} characters"
        if not _parts(cell["roles"]):
            yield "it has no role"
        if cell["language"] not in ("", "nl", "en"):
            yield f"'{cell['language']}' is no language; there are nl and en"
        if _UNREADABLE in "".join(cell.values()):
            yield _SAVE_AS_UTF_8

    def _unknown(self, cell: Mapping[str, str]) -> Iterator[str]:
        email, roles = cell["email"].lower(), _parts(cell["roles"])
        if cell["location"] and cell["location"] not in self.units.locations:
            yield f"no location is named '{cell['location']}'"
        for team in _parts(cell["teams"]):
            if team not in self.units.teams:
                yield f"no team is named '{team}'"
        for role in roles:
            if role not in set(Role):
                yield f"'{role}' is no role; there are {', '.join(Role)}"
        if Role.COACH in roles and email not in self.coaches:
            yield f"{email} is a coach, but has no entry under coaches in college.yaml"
        if Role.COACH not in roles and email in self.coaches:
            yield f"{email} is under coaches in college.yaml, but has no role coach"

    def _taken(self, number: int, cell: Mapping[str, str]) -> Iterator[str]:
        # Lines with other problems count as well, so that one reading names every double.
        for key in (cell["email"].lower(), cell["entra_id"].lower()):
            if key and self.seen.setdefault(key, number) != number:
                yield f"{key} stands on line {self.seen[key]} already"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which a row starts, and its cells; no row without any text.

    A quoted cell may go on over several lines; each run of blanks becomes one space.
    """
    header = text.lstrip().partition("\n")[0]
    delimiter = ";" if ";" in header else ","
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for row in rows:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                yield number, cells
            number = rows.line_num + 1
    except csv.Error as wrong:
        problem = f"line {number}: its cells cannot be told apart, see its quotes: {wrong}"
        raise CollegeFileError([problem]) from None


def _wrong_header(names: Sequence[str]) -> Iterator[str]:
    if _UNREADABLE in "".join(names):
        yield _SAVE_AS_UTF_8
    yield from (f"the column {name} is missing" for name in REQUIRED if name not in names)
    yield from (f"there is no column '{name}'" for name in names if name not in COLUMNS)
    yield from (
        f"the column {name} stands there twice" for name in COLUMNS if names.count(name) > 1
    )


def parse_people(text: str, college: CollegeFile) -> tuple[Listed, ...]:
    """Read the lines of a people.csv, with commas or semicolons, several teams or roles with `|`.

    Raises CollegeFileError naming every wrong line: nothing is imported by halves. A line is named
    by its number in an editor; a row of several lines by its first.
    """
    rows = list(_rows(text))
    if not rows:
        raise CollegeFileError(["the file is empty"])
    (first, names), *lines = rows
    reader = _Reader(college.units(), college.profiles())
    reader.report(first, *_wrong_header(names))
    if reader.problems:
        raise CollegeFileError(reader.problems)
    nothing = dict.fromkeys(COLUMNS, "")
    people = []
    for number, cells in lines:
        if any(cells[len(names) :]):
            reader.report(number, "it has more cells than the first line has names")
        people.append(reader.read(number, nothing | dict(zip(names, cells, strict=False))))
    for email in sorted(set(reader.coaches) - set(reader.seen)):
        reader.problems.append(f"coach {email} of college.yaml has no line")
    if reader.problems:
        raise CollegeFileError(reader.problems)
    return tuple(person for person in people if person)


def read_organisation(folder: Path) -> Organisation:
    """Read college.yaml and people.csv of a folder; raises CollegeFileError with all problems."""
    college = read_college(folder / "college.yaml")
    path = folder / "people.csv"
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        raise CollegeFileError([f"{path}: there is no such file, or it cannot be read"]) from None
    try:
        return Organisation(college.units(), parse_people(text, college))
    except CollegeFileError as wrong:
        raise CollegeFileError([f"people.csv: {problem}" for problem in wrong.problems]) from None
