"""`vraagbaak manifest`: the Teams app package, built from the settings and checked offline."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.channels.teams import manifest
from bot.channels.teams.manifest import ManifestValues
from bot.cli.output import screen, spoken, tell
from bot.cli.words import Command, WrongUseError, group
from bot.core.errors import SettingsError
from bot.core.reply import Say
from bot.people.college_file import read_college
from bot.settings import PREFIX, Settings, example_of, read_settings
from bot.setup import links_of

app = group()


def manifest_values(settings: Settings) -> ManifestValues:
    """Return what the package is filled with; raises SettingsError naming what is not set."""
    needed = {
        "teams_app_id": settings.teams_app_id,
        "public_url": settings.public_url,
        "developer_name": settings.developer_name,
        "website_url": settings.website_url,
        "privacy_url": settings.privacy_url,
        "terms_url": settings.terms_url,
    }
    filled = {name: value for name, value in needed.items() if value}
    if len(filled) < len(needed):
        raise SettingsError([_missing(name) for name in needed if name not in filled])
    return ManifestValues(
        # One id for the app and for its bot, as Microsoft's own tools do it: one less to set.
        app_id=filled["teams_app_id"],
        bot_id=filled["teams_app_id"],
        version=settings.teams_package_version,
        coach_title=settings.coach_title,
        college=read_college(settings.college_file).name,
        developer_name=filled["developer_name"],
        website_url=filled["website_url"],
        privacy_url=filled["privacy_url"],
        terms_url=filled["terms_url"],
        domain=urlsplit(filled["public_url"]).hostname or "",
        calendars=links_of(settings) is not None,
    )


def _missing(name: str) -> Say:
    data = {"name": f"{PREFIX}{name.upper()}", "example": example_of(name)}
    return Say("setting.empty", data)


@app.command(cls=Command)
def build(
    out: Annotated[Path, typer.Option("--out")] = Path("vraagbaak-teams.zip"),
) -> None:
    """Build the app package from the settings."""
    package = manifest.build(manifest_values(read_settings()))
    _stop_at(manifest.check(package))
    out.write_bytes(package)
    tell("manifest.built", file=str(out), size=len(package))


@app.command(cls=Command)
def check(
    file: Annotated[Path, typer.Argument(dir_okay=False)],
) -> None:
    """Check an app package, offline."""
    if not file.exists():
        raise WrongUseError("FILE", "no_file", file=str(file))
    _stop_at(manifest.check(file.read_bytes()))
    tell("manifest.fine", file=str(file))


def _stop_at(problems: list[Say]) -> None:
    for problem in spoken(problems):
        screen(stderr=True).print(problem)
    if problems:
        raise typer.Exit(1)
