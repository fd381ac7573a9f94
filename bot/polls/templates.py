"""What a poll can be started from: the templates that ship, and a file of the college's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from bot.core.errors import FileProblemsError
from bot.core.reply import Say
from bot.core.yaml_text import read_yaml
from bot.i18n.text import poll_words
from bot.polls.file_problems import shape_problem
from bot.polls.lines import read_line
from bot.polls.model import Asks, Breakdown, ClosedDay, Form, Schedule


class PollFileError(FileProblemsError):
    """A file with a poll cannot be read as it stands."""

    text_key = "error.poll_file"


def _line(said: Any) -> Any:
    """Take `cijfer: Hoe zeker?` without quotes as well, which YAML reads as a name and a value."""
    if isinstance(said, dict) and len(said) == 1:
        ((kind, text),) = said.items()
        return f"{kind}: {text}"
    return said


Line = Annotated[str, BeforeValidator(_line)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Asked(_Strict):
    title: str
    questions: tuple[Line, ...]

    def asks(self) -> tuple[Asks, ...]:
        return tuple(read_line(one, poll_words()) for one in self.questions)


class _TemplateFile(_Strict):
    every: int
    days: int
    nl: _Asked
    en: _Asked


class AudienceFile(_Strict):
    """Who is asked, by name."""

    roles: tuple[Literal["teacher", "coach", "coordinator"], ...] = ("teacher",)
    locations: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class _ScheduleFile(_Strict):
    first: date
    at: str = "10:00"
    every_weeks: int = 0
    closed_day: ClosedDay = ClosedDay.MOVE

    def schedule(self) -> Schedule:
        at = time.fromisoformat(self.at).replace(second=0, microsecond=0)
        return Schedule(self.first, at, self.every_weeks, self.closed_day)


class _PollFile(_Asked):
    schedule: _ScheduleFile
    audience: AudienceFile = AudienceFile()
    days: int = 4
    anonymous: bool = True
    remind: bool = True
    breakdown: Literal["none", "location", "sector", "team"] = "none"


@dataclass(frozen=True)
class Template:
    """A poll to start from, in one language."""

    name: str
    form: Form
    every: int


@dataclass(frozen=True)
class FiledPoll:
    """A poll as a file describes it; its audience by name."""

    form: Form
    schedule: Schedule
    audience: AudienceFile


@cache
def templates(language: Literal["nl", "en"]) -> tuple[Template, ...]:
    """Return the templates that ship, in their order."""
    text = files("bot.polls").joinpath("templates.yaml").read_text("utf-8")
    found: Mapping[str, _TemplateFile] = _templates.validate_python(read_yaml(text))
    return tuple(_template(name, one, getattr(one, language)) for name, one in found.items())


_templates = TypeAdapter(dict[str, _TemplateFile])


def _template(name: str, one: _TemplateFile, asked: _Asked) -> Template:
    return Template(name, Form(asked.title, asked.asks(), days=one.days), one.every)


def read_poll(path: Path, write: Callable[[Say], str]) -> FiledPoll:
    """Read a poll from a YAML file; raises PollFileError naming every problem, as `write` says."""
    try:
        found = _PollFile.model_validate(read_yaml(path.read_text("utf-8")))
        schedule = found.schedule.schedule()
    except ValidationError as wrong:
        raise PollFileError(
            [f"{path}: {write(shape_problem(one, _PollFile))}" for one in wrong.errors()]
        ) from None
    except FileNotFoundError:
        raise PollFileError([write(Say("poll_file.no_file", {"name": str(path)}))]) from None
    except (yaml.YAMLError, ValueError) as wrong:
        raise PollFileError([f"{path}: {' '.join(str(wrong).split())}"]) from None
    form = Form(
        found.title,
        found.asks(),
        found.anonymous,
        found.days,
        found.remind,
        Breakdown("" if found.breakdown == "none" else found.breakdown),
    )
    return FiledPoll(form, schedule, found.audience)
