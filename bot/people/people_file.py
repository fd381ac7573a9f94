"""Reads people.csv: one person a line, every wrong line reported with its number."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from bot.core.errors import CollegeFileError, at
from bot.core.reply import Clauses, Say
from bot.core.yaml_text import unreadable
from bot.people.college_file import CollegeFile, read_college
from bot.people.model import CoachProfile, Listed, ListedUnits, Organisation, Role

COLUMNS = ("email", "name", "location", "teams", "roles", "language", "entra_id")
REQUIRED = ("email", "name", "location", "teams", "roles")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NAME_LENGTH = 100
_UNREADABLE = "\ufffd"
"""What a byte that is no UTF-8 was read as."""
_SAVE_AS_UTF_8 = Say("people_file.not_utf8")


@dataclass
class _Reader:
    units: ListedUnits
    coaches: Mapping[str, CoachProfile]
    seen: dict[str, int] = field(default_factory=dict)
    problems: list[Say] = field(default_factory=list)

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

    def report(self, number: int, *reasons: Say) -> None:
        self.problems += [_on(number, reason) for reason in reasons]

    def _unclear(self, cell: Mapping[str, str]) -> Iterator[Say]:
        if not _EMAIL.match(cell["email"]):
            yield Say("people_file.no_email", {"email": cell["email"]})
        if not cell["name"] or len(cell["name"]) > _NAME_LENGTH:
            yield Say("people_file.name", {"most": _NAME_LENGTH})
        if not _parts(cell["roles"]):
            yield Say("people_file.roleless")
        if cell["language"] not in ("", "nl", "en"):
            yield Say("people_file.language", {"language": cell["language"]})
        if _UNREADABLE in "".join(cell.values()):
            yield _SAVE_AS_UTF_8

    def _unknown(self, cell: Mapping[str, str]) -> Iterator[Say]:
        email, roles = cell["email"].lower(), _parts(cell["roles"])
        if cell["location"] and cell["location"] not in self.units.locations:
            yield Say("people_file.no_location", {"name": cell["location"]})
        for team in _parts(cell["teams"]):
            if team not in self.units.teams:
                yield Say("people_file.no_team", {"name": team})
        for role in roles:
            if role not in set(Role):
                yield Say("people_file.no_role", {"name": role, "known": ", ".join(Role)})
        if Role.COACH in roles and email not in self.coaches:
            yield Say("people_file.no_entry", {"email": email})
        if Role.COACH not in roles and email in self.coaches:
            yield Say("people_file.no_coach", {"email": email})

    def _taken(self, number: int, cell: Mapping[str, str]) -> Iterator[Say]:
        # Lines with other problems count as well, so that one reading names every double.
        for key in (cell["email"].lower(), cell["entra_id"].lower()):
            if key and self.seen.setdefault(key, number) != number:
                yield Say("people_file.twice", {"key": key, "line": self.seen[key]})


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
    except csv.Error:
        raise CollegeFileError([_on(number, Say("people_file.cells"))]) from None


def _on(number: int, reason: Say) -> Say:
    return Say("people_file.on", {"line": number, "problem": Clauses((reason,))})


def _named(key: str, name: str) -> Say:
    return Say(f"people_file.{key}", {"name": name})


def _wrong_header(names: Sequence[str]) -> Iterator[Say]:
    if _UNREADABLE in "".join(names):
        yield _SAVE_AS_UTF_8
    yield from (_named("column_gone", name) for name in REQUIRED if name not in names)
    yield from (_named("no_column", name) for name in names if name not in COLUMNS)
    yield from (_named("column_twice", name) for name in COLUMNS if names.count(name) > 1)


def parse_people(text: str, college: CollegeFile) -> tuple[Listed, ...]:
    """Read the lines of a people.csv, with commas or semicolons, several teams or roles with `|`.

    Raises CollegeFileError naming every wrong line: nothing is imported by halves. A line is named
    by its number in an editor; a row of several lines by its first.
    """
    rows = list(_rows(text))
    if not rows:
        raise CollegeFileError([Say("people_file.empty")])
    (first, names), *lines = rows
    reader = _Reader(college.units(), college.profiles())
    reader.report(first, *_wrong_header(names))
    if reader.problems:
        raise CollegeFileError(reader.problems)
    nothing = dict.fromkeys(COLUMNS, "")
    people = []
    for number, cells in lines:
        if any(cells[len(names) :]):
            reader.report(number, Say("people_file.too_wide"))
        people.append(reader.read(number, nothing | dict(zip(names, cells, strict=False))))
    for email in sorted(set(reader.coaches) - set(reader.seen)):
        reader.problems.append(Say("people_file.no_line", {"email": email}))
    if reader.problems:
        raise CollegeFileError(reader.problems)
    return tuple(person for person in people if person)


def read_organisation(folder: Path) -> Organisation:
    """Read college.yaml and people.csv of a folder; raises CollegeFileError with all problems."""
    college = read_college(folder / "college.yaml")
    path = folder / "people.csv"
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as wrong:
        raise CollegeFileError([unreadable(wrong, str(path))]) from None
    try:
        return Organisation(college.units(), parse_people(text, college))
    except CollegeFileError as wrong:
        raise CollegeFileError([at("people.csv", one) for one in wrong.problems]) from None
