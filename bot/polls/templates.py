"""What a poll can be started from: the templates that ship, and a file of the college's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from bot.core.errors import FileProblemsError
from bot.core.reply import Say
from bot.core.shape import shape_problem
from bot.core.yaml_text import YamlTextError, read_yaml, unreadable
from bot.i18n.text import poll_words
from bot.polls.lines import read_line
from bot.polls.model import Asks, Breakdown, ClosedDay, Form, Schedule

DAY = 24 * 60


class PollFileError(FileProblemsError):
    """A file with a poll cannot be read as it stands."""

    text_key = "error.poll_file"


def _line(said: Any) -> Any:
    """Take `cijfer: Hoe zeker?` without quotes as well, which YAML reads as a name and a value."""
    if isinstance(said, dict) and len(said) == 1:
        ((kind, text),) = said.items()
        return f"{kind}: {text}"
    return said


def _clock(said: Any) -> time:
    """Take `23:30` without quotes as well, which YAML reads as so many minutes."""
    if isinstance(said, int) and 0 <= said < DAY:
        return time(*divmod(said, 60))
    try:
        at = time.fromisoformat(said).replace(second=0, microsecond=0)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo:
        raise PydanticCustomError("time_parsing", "no time of day")
    return at


ClockTime = Annotated[time, BeforeValidator(_clock)]
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
    at: ClockTime = time(10)
    every_weeks: int = 0
    closed_day: ClosedDay = ClosedDay.MOVE

    def schedule(self) -> Schedule:
        return Schedule(self.first, self.at, self.every_weeks, self.closed_day)


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


def _shape(error: Any, path: str) -> Say:
    whole = not error["loc"]
    return (
        Say("poll_file.no_poll", {"file": path}) if whole else shape_problem(error, _PollFile, path)
    )


def read_poll(path: Path) -> FiledPoll:
    """Read a poll from a YAML file; raises PollFileError naming every problem."""
    try:
        found = _PollFile.model_validate(read_yaml(path.read_text("utf-8")))
        schedule = found.schedule.schedule()
    except ValidationError as wrong:
        raise PollFileError([_shape(one, str(path)) for one in wrong.errors()]) from None
    except (OSError, UnicodeDecodeError, YamlTextError) as wrong:
        raise PollFileError([unreadable(wrong, str(path))]) from None
    form = Form(
        found.title,
        found.asks(),
        found.anonymous,
        found.days,
        found.remind,
        Breakdown("" if found.breakdown == "none" else found.breakdown),
    )
    return FiledPoll(form, schedule, found.audience)
