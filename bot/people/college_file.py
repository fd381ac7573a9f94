"""Reads college.yaml: the college's name, its fields, units and coaches."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.core.errors import CollegeFileError
from bot.people.model import CoachProfile, ListedUnits, Scope

Name = Annotated[str, Field(min_length=1, max_length=100)]
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Annotated[str, Field(pattern=r"^(ma|di|wo|do|vr|za|zo)$")]
Fields = Mapping[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitEntry(_Strict):
    """A location or a sector; its fields go before the college's."""

    name: Name
    fields: Fields = Field(default_factory=dict)


class TeamEntry(_Strict):
    """A team, by name, in a sector at a location."""

    name: Name
    sector: Name
    location: Name


class CoachEntry(_Strict):
    """A coach's profile; the person stands in people.csv under the same e-mail address."""

    email: Name
    fte: Annotated[float, Field(gt=0, le=1)]
    scope: Scope = Scope.LOCATION
    room: str = ""
    phone: str = ""
    topics: tuple[str, ...] = ()
    strengths: Mapping[str, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)
    pattern: Mapping[Weekday, Hours] = Field(default_factory=dict)
    max_open: Annotated[int, Field(ge=1, le=50)] = 5

    def profile(self) -> CoachProfile:
        return CoachProfile(**self.model_dump(exclude={"email"}))


class CollegeFile(_Strict):
    """The whole file. `fields` fill the sentences of FAQ answers."""

    name: Name
    fields: Fields = Field(default_factory=dict)
    locations: tuple[UnitEntry, ...] = Field(min_length=1)
    sectors: tuple[UnitEntry, ...] = Field(min_length=1)
    teams: tuple[TeamEntry, ...] = Field(min_length=1)
    coaches: tuple[CoachEntry, ...] = ()

    @model_validator(mode="after")
    def _names_are_known_and_unique(self) -> "CollegeFile":
        for what in ("locations", "sectors", "teams"):
            names = [entry.name for entry in getattr(self, what)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what}: more than once: {', '.join(twice)}")
        places = {entry.name for entry in self.locations}
        sectors = {entry.name for entry in self.sectors}
        for team in self.teams:
            if team.sector not in sectors:
                raise ValueError(f"team {team.name}: no sector is named {team.sector}")
            if team.location not in places:
                raise ValueError(f"team {team.name}: no location is named {team.location}")
        return self

    def units(self) -> ListedUnits:
        return ListedUnits(
            tuple(entry.name for entry in self.locations),
            tuple(entry.name for entry in self.sectors),
            {team.name: (team.sector, team.location) for team in self.teams},
        )

    def profiles(self) -> dict[str, CoachProfile]:
        return {coach.email.lower(): coach.profile() for coach in self.coaches}


def read_college(path: Path) -> CollegeFile:
    """Read and check a college file; raises CollegeFileError with one sentence a problem."""
    try:
        return CollegeFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except FileNotFoundError:
        problem = "there is no such file; `vraagbaak org generate kerncollege DIR` makes an example"
        raise CollegeFileError([f"{path}: {problem}"]) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise CollegeFileError([f"{path}: {wrong}"]) from None
    except ValidationError as wrong:
        raise CollegeFileError(
            [
                f"{path}: {'.'.join(str(part) for part in error['loc']) or 'the file'}: "
                f"{error['msg'].removeprefix('Value error, ')}"
                for error in wrong.errors()
            ]
        ) from None
