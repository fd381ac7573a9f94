import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from bot.channels.teams.manifest import build, check
from bot.cli import app
from bot.cli.manifest import manifest_values
from bot.core.errors import SettingsError
from bot.i18n.text import commands
from bot.people.generate import KERN, generate
from bot.settings import Settings, read_settings
from tests.said import in_english

SET = {
    "teams_app_id": "3f0a1c52-6a0e-4a53-9d1b-2c6f1b7d9e10",
    "public_url": "https://bot.kern.example:8443/teams",
    "developer_name": "Kerncollege",
    "website_url": "https://kern.example",
    "privacy_url": "https://kern.example/privacy",
    "terms_url": "https://kern.example/terms",
}


@pytest.fixture
def college_file(tmp_path: Path) -> Path:
    file = tmp_path / "college.yaml"
    file.write_text(generate(KERN)["college.yaml"], "utf-8")
    return file


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, college_file: Path) -> Path:
    for name, value in SET.items():
        monkeypatch.setenv(f"VRAAGBAAK_{name.upper()}", value)
    monkeypatch.setenv("VRAAGBAAK_COLLEGE_FILE", str(college_file))
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_for(college_file: Path, **given: str) -> Settings:
    return read_settings(college_file=college_file, **(SET | given))


def test_a_package_from_the_settings_is_right(college_file: Path) -> None:
    values = manifest_values(settings_for(college_file))
    assert values.domain == "bot.kern.example"
    assert check(build(values)) == []


@pytest.mark.parametrize(("secret", "calendars"), [("", False), ("s" * 32, True)])
def test_calendars_are_named_once_they_are_set_up(
    college_file: Path, secret: str, *, calendars: bool
) -> None:
    values = manifest_values(settings_for(college_file, link_secret=secret))
    assert values.calendars is calendars


def test_every_setting_that_is_missing_is_named_with_an_example() -> None:
    with pytest.raises(SettingsError) as wrong:
        manifest_values(read_settings())
    assert len(wrong.value.problems) == len(SET)
    assert in_english(wrong.value.problems)[0].startswith("VRAAGBAAK_TEAMS_APP_ID is not set. ")
    assert "Example: VRAAGBAAK_TERMS_URL=https://" in in_english(wrong.value.problems)[-1]


def test_the_command_writes_a_package_that_the_other_command_takes(in_environment: Path) -> None:
    assert CliRunner().invoke(app, ["manifest", "build", "--out", "teams.zip"]).exit_code == 0
    checked = CliRunner().invoke(app, ["manifest", "check", "teams.zip"])
    assert (checked.exit_code, checked.output) == (0, "teams.zip: no problems found.\n")
    assert (in_environment / "teams.zip").exists()


def test_a_package_with_a_problem_is_not_written(
    in_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VRAAGBAAK_COACH_TITLE", "mediawijsheidsdeskundige")
    result = CliRunner().invoke(app, ["manifest", "build"])
    assert result.exit_code == 1
    assert "36 signs, at most 32" in result.output
    assert not (in_environment / "vraagbaak-teams.zip").exists()


def test_the_check_names_what_is_wrong(in_environment: Path) -> None:
    (in_environment / "bad.zip").write_bytes(b"no zip")
    result = CliRunner().invoke(app, ["manifest", "check", "bad.zip"])
    assert (result.exit_code, result.output) == (1, "This cannot be opened as a zip.\n")


def test_the_check_speaks_the_language_of_the_college(
    in_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "nl")
    (in_environment / "bad.zip").write_bytes(b"no zip")
    result = CliRunner().invoke(app, ["manifest", "check", "bad.zip"])
    assert result.output == "Dit is geen zipbestand dat open kan.\n"


@pytest.mark.parametrize("title", ["i-coach", "mediacoach"])
def test_the_bot_understands_every_command_in_the_menu(college_file: Path, title: str) -> None:
    package = build(manifest_values(settings_for(college_file, coach_title=title)))
    with ZipFile(BytesIO(package)) as opened:
        dutch = json.loads(opened.read("manifest.json"))
        english = json.loads(opened.read("en.json"))
    offered = {
        command["title"] for one in dutch["bots"][0]["commandLists"] for command in one["commands"]
    } | {text for path, text in english.items() if path.endswith(".title")}
    understood = {one.format(coach_title=title) for said in commands().values() for one in said}
    assert offered <= understood
