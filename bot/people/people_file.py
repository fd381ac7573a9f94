"""Reads people.csv: one person a line, every wrong line reported with its number."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from bot.core.errors import CollegeFileError
from bot.people.college_file import CollegeFile, read_college
from bot.people.model import Listed, Organisation, Role

COLUMNS = ("email", "name", "location", "teams", "roles", "language", "entra_id")
REQUIRED = ("email", "name", "location", "teams", "roles")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NAME_LENGTH = 100


@dataclass
class _Reader:
    college: CollegeFile
    seen: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def read(self, number: int, row: Mapping[str | None, str | None]) -> Listed | None:
        cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
        wrong = list(self._problems(cell))
        if None in row:
            wrong.append("it has more cells than the first line has names")
        self.problems += [f"line {number}: {reason}" for reason in wrong]
        if wrong:
            return None
        email = cell["email"].lower()
        self.seen[email] = number
        return Listed(
            email=email,
            name=cell["name"],
            roles=tuple(sorted({Role(role) for role in _parts(cell["roles"])})),
            location=cell["location"],
            teams=_parts(cell["teams"]),
            language="en" if cell["language"] == "en" else "nl",
            entra_id=cell["entra_id"].lower(),
            coach=self.college.profiles().get(email),
        )

    def _problems(self, cell: Mapping[str, str]) -> Iterator[str]:
        email = cell["email"].lower()
        if not _EMAIL.match(email):
            yield f"'{cell['email']}' is no e-mail address"
        elif email in self.seen:
            yield f"{email} stands on line {self.seen[email]} already"
        if not cell["name"] or len(cell["name"]) > _NAME_LENGTH:
            yield "the name is empty or over 100 characters"
        units = self.college.units()
        if cell["location"] and cell["location"] not in units.locations:
            yield f"no location is named '{cell['location']}'"
        for team in _parts(cell["teams"]):
            if team not in units.teams:
                yield f"no team is named '{team}'"
        roles = _parts(cell["roles"])
        for role in roles:
            if role not in set(Role):
                yield f"'{role}' is no role; there are {', '.join(Role)}"
        if not roles:
            yield "it has no role"
        if "coach" in roles and email not in self.college.profiles():
            yield f"{email} is a coach, but has no entry under coaches in college.yaml"
        if cell["language"] not in ("", "nl", "en"):
            yield f"'{cell['language']}' is no language; there are nl and en"
        # A byte order mark or a wrong encoding shows as this sign.
        if "\ufffd" in "".join(cell.values()):
            yield "it holds unreadable signs; save the file as UTF-8"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def parse_people(text: str, college: CollegeFile) -> tuple[Listed, ...]:
    """Read the lines of a people.csv, with commas or semicolons, several teams or roles with `|`.

    Raises CollegeFileError naming every wrong line: nothing is imported by halves.
    """
    first = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    names = tuple(rows.fieldnames or ())
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing or unknown:
        raise CollegeFileError(
            [f"line 1: the column {name} is missing" for name in missing]
            + [f"line 1: there is no column {name}" for name in unknown]
        )
    reader = _Reader(college)
    people = [reader.read(rows.line_num, row) for row in rows]
    orphans = set(college.profiles()) - set(reader.seen)
    problems = reader.problems + [
        f"college.yaml: coach {email} is not in people.csv" for email in sorted(orphans)
    ]
    if problems:
        raise CollegeFileError(problems)
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
