"""What can be set, from `VRAAGBAAK_…` in the environment or `.env`, read once at the start."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError
from rapidfuzz import fuzz, process

from bot.core.errors import SaidError, SettingsError, at
from bot.core.moments import WEEK
from bot.core.reply import Clauses, Language, Say
from bot.core.shape import misfit

Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1, le=3650)]
Minutes = Annotated[float, Field(gt=0, le=10_000)]
PREFIX = "VRAAGBAAK_"
FIRST_LANGUAGE: Language = "nl"
NEAR = 75
"""From here on, of 100, a name is near enough to another to be what was meant."""
GUID = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"
HOST = r"^\.?[a-z0-9-]+(\.[a-z0-9-]+){2,}(:\d{1,5})?$"
HTTPS = r"^(https://\S+)?$"
SHORTEST_SECRET = 32
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
SCHEMES = ("sqlite:///", "postgresql://")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise SaidError(Say("setting.zone"))
    return name


def _long(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise SaidError(Say("setting.short_secret", {"least": SHORTEST_SECRET}))
    return secret


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise SaidError(Say("setting.pattern")) from None
    return text


def _weekly(at: str) -> str:
    day, _, clock = at.partition(" ")
    if day not in WEEK or not _CLOCK.fullmatch(clock):
        raise SaidError(Say("setting.weekly"))
    return at


def _database(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(SCHEMES):
        raise SaidError(Say("setting.scheme", {"known": ", ".join(SCHEMES)}))
    return url


class Settings(BaseSettings):
    """Every setting with its default. `examples` stand in the message about a wrong value."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        default=SecretStr("sqlite:///vraagbaak.db"),
        examples=["sqlite:///vraagbaak.db", "postgresql://bot:secret@localhost/vraagbaak"],
        description="where everything is stored; holds a password, so it is never printed",
    )
    college_file: Path = Field(
        default=Path("college/college.yaml"),
        examples=["college/college.yaml"],
        description="the college's name, fields, units and coaches",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Europe/Amsterdam",
        examples=["Europe/Amsterdam"],
        description="every rule about days and hours runs in it",
    )
    language: Language = Field(
        default=FIRST_LANGUAGE,
        examples=["nl"],
        description="of the command line, and of people whose language is not known",
    )
    coach_title: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        default="i-coach", examples=["mediacoach"], description="what a coach is called here"
    )
    student_number: Annotated[str, Field(min_length=1), AfterValidator(_pattern)] = Field(
        default=r"(?<![\w-])s\d{6,8}\b",
        examples=[r"\bs?\d{7}\b"],
        description="pattern of student numbers, which are never stored",
    )
    semantic: bool = Field(
        default=True,
        examples=["off"],
        description="match by what words mean as well, not by their letters alone; takes 30 MB",
    )
    answer_threshold: Share = Field(
        default=0.75, examples=["0.75"], description="probability from which an answer is shown"
    )
    choices_threshold: Share = Field(
        default=0.33, examples=["0.33"], description="probability from which choices are shown"
    )
    place_weight: Share = Field(
        default=0.35,
        examples=["0.35"],
        description="how much it counts that a coach works nearby",
    )
    organisation_weight: Share = Field(
        default=0.4,
        examples=["0.4"],
        description="how much it counts that a coach is of one's own team or sector",
    )
    availability_weight: Share = Field(
        default=0.25,
        examples=["0.25"],
        description="how much it counts that a coach is easily reached now",
    )
    ring_minutes: tuple[Minutes, Minutes, Minutes] = Field(
        default=(20, 40, 120),
        examples=["[20, 40, 120]"],
        description="working minutes that a question stays with the nearest coach, with two more, "
        "and with all of them, before it goes on",
    )
    urgent_a_week: Annotated[int, Field(ge=0, le=100)] = Field(
        default=3,
        examples=["3"],
        description="how often a week someone can say that their class is waiting",
    )
    quiet_days: Days = Field(
        default=7,
        examples=["7"],
        description="open days after which an answered question closes when nothing is heard of it",
    )
    remind_days: Days = Field(
        default=2,
        examples=["2"],
        description="open days without an answer after which who picked a question up is reminded, "
        "and then as many after which the coordinators hear of it",
    )
    walkin_open_bookings: Annotated[int, Field(ge=1, le=100)] = Field(
        default=3,
        examples=["3"],
        description="walk-in slots that someone can have booked, or wait for, at a time",
    )
    walkin_confirm_minutes: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=120,
        examples=["120"],
        description="working minutes in which who waited confirms a seat that came free",
    )
    summary_at: Annotated[str, AfterValidator(_weekly)] = Field(
        default="ma 08:00",
        examples=["ma 08:00", "di 09:30"],
        description="from when the summary of the week before is sent, in local time; on a closed "
        "day that is the same time of the first open day after it; a closed week has none",
    )
    retention_days: Days = Field(
        default=180, examples=["180"], description="days that texts are kept; figures stay"
    )
    inbox_days: Days = Field(
        default=7, examples=["7"], description="days that handled messages are known again"
    )

    teams_app_id: Annotated[str, Field(pattern=GUID)] = Field(
        default="",
        examples=["0f8fad5b-d9cb-469f-a165-70867728950e"],
        description="the bot's app id in Entra; empty: no Teams",
    )
    teams_app_type: Literal["SingleTenant", "UserAssignedMSI"] = Field(
        default="SingleTenant",
        examples=["SingleTenant"],
        description="how the bot logs in: with its password, or as a managed identity",
    )
    teams_app_password: SecretStr = Field(
        default=SecretStr(""),
        examples=["a-secret-of-the-app"],
        description="the app's secret, for SingleTenant; never printed",
    )
    teams_tenant_id: Annotated[str, Field(pattern=GUID)] = Field(
        default="",
        examples=["7c9e6679-7425-40de-944b-e07fc1f90ae7"],
        description="the college's tenant in Entra: nobody else may talk with the bot",
    )
    teams_service_hosts: tuple[Annotated[str, Field(pattern=HOST)], ...] = Field(
        default=("smba.trafficmanager.net", "smba.onyx.prod.teams.trafficmanager.net"),
        examples=['["smba.trafficmanager.net"]'],
        description="hosts of Teams that replies may be sent to",
    )
    teams_package_version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")] = Field(
        default="1.0.0",
        examples=["1.0.1"],
        description="of the app package; raise it at each upload",
    )
    public_url: Annotated[str, Field(pattern=HTTPS)] = Field(
        default="",
        examples=["https://vraagbaak.voorbeeldcollege.nl"],
        description="where the server is reached from outside",
    )
    link_secret: Annotated[SecretStr, AfterValidator(_long)] = Field(
        default=SecretStr(""),
        examples=["a-long-and-random-text-of-the-college"],
        description="signs the addresses of calendars and charts, 32 signs or more; a new one "
        "ends all of them; without it or the public URL none are offered; never printed",
    )
    poll_secret: Annotated[SecretStr, AfterValidator(_long)] = Field(
        default=SecretStr(""),
        examples=["another-long-and-random-text-of-the-college"],
        description="half of the key of anonymous polls, 32 signs or more; without it there are "
        "none; change it only while none is open; never printed",
    )
    developer_name: Annotated[str, Field(max_length=32)] = Field(
        default="", examples=["Voorbeeldcollege"], description="who offers the app in Teams"
    )
    website_url: Annotated[str, Field(pattern=HTTPS)] = Field(
        default="",
        examples=["https://www.voorbeeldcollege.nl"],
        description="the college's page, in the app package",
    )
    privacy_url: Annotated[str, Field(pattern=HTTPS)] = Field(
        default="",
        examples=["https://www.voorbeeldcollege.nl/privacy"],
        description="the privacy statement, in the app package",
    )
    terms_url: Annotated[str, Field(pattern=HTTPS)] = Field(
        default="",
        examples=["https://www.voorbeeldcollege.nl/voorwaarden"],
        description="the terms of use, in the app package",
    )
    host: Annotated[str, Field(min_length=1)] = Field(
        default="127.0.0.1",
        examples=["192.0.2.10"],
        description="address that the server listens on",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=3978, examples=["3978"], description="port that the server listens on"
    )

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> Self:
        if self.choices_threshold > self.answer_threshold:
            raise SaidError(Say("setting.thresholds"))
        return self

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if not (self.place_weight or self.organisation_weight or self.availability_weight):
            raise SaidError(Say("setting.weights"))
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def database(self) -> str:
        """The database URL with its password: for opening it, never for showing it."""
        return self.database_url.get_secret_value()


class _Spoken(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    language: Language = FIRST_LANGUAGE


def spoken_language() -> Language:
    """Return the college's language, whatever is wrong with other settings; Dutch when it is."""
    try:
        return _Spoken().language
    except ValidationError:
        return FIRST_LANGUAGE


def read_settings(**given: Any) -> Settings:
    """Read the settings; raises SettingsError naming each wrong one, with an example."""
    misspelt = _misspelt({*os.environ, *dotenv_values(".env")})
    try:
        found = Settings(**given)
    except ValidationError as wrong:
        raise SettingsError(
            [*misspelt, *(_sentence(error) for error in wrong.errors(include_url=False))]
        ) from None
    except UnreadableError as wrong:
        raise SettingsError([*misspelt, _no_list(str(wrong))]) from None
    if misspelt:
        raise SettingsError(misspelt)
    return found


def _no_list(wrong: str) -> Say:
    # The library says which one in a sentence, and in no other way.
    named = (f"{PREFIX}{name.upper()}" for name in Settings.model_fields if f'"{name}"' in wrong)
    return Say("setting.no_list", {"name": next(named, PREFIX)})


def _misspelt(names: set[str]) -> list[Say]:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    strange = sorted(name for name in names if name.upper().startswith(PREFIX))
    return [_no_such(name, known) for name in strange if name.upper() not in known]


def _no_such(name: str, known: list[str]) -> Say:
    """Name a setting that there is not, with the one that was meant when that is near."""
    own = [one.removeprefix(PREFIX) for one in known]
    near = process.extractOne(
        name.upper().removeprefix(PREFIX), own, scorer=fuzz.ratio, score_cutoff=NEAR
    )
    if near:
        return Say("setting.meant", {"name": name, "meant": f"{PREFIX}{near[0]}"})
    return Say("setting.unknown", {"name": name})


def _sentence(error: Any) -> Say:
    field = str(error["loc"][0]) if error["loc"] else ""
    name, own = f"{PREFIX}{field.upper()}", error.get("ctx", {}).get("error")
    if not field and isinstance(own, SaidError):
        return own.said[0]
    why = at(name, own.said[0]) if isinstance(own, SaidError) else misfit(error, where=name)
    return Say(
        "setting.wrong", {"name": name, "why": Clauses((why,)), "example": example_of(field)}
    )


def example_of(field: str) -> str:
    """Return a value that a setting can have."""
    return str((Settings.model_fields[field].examples or [""])[0])
