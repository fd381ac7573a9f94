"""The chat in a terminal on one's own database, as against the demo."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.core.reply import Language
from bot.i18n.text import LANGUAGES, catalogue


@pytest.fixture(params=LANGUAGES)
def language(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Language:
    found: Language = request.param
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", found)
    for words in (("org", "generate", "kerncollege", "college"), ("db", "upgrade")):
        assert CliRunner().invoke(cli.app, words).exit_code == 0
    assert CliRunner().invoke(cli.app, ["org", "import", "college"]).exit_code == 0
    return found


def chat(*lines: str) -> str:
    typed = "\n".join((*lines, "/stop", ""))
    done = CliRunner().invoke(cli.app, ["chat", "--as", "Docent 001"], input=typed)
    assert done.exit_code == 0
    return done.stdout


def test_on_a_real_database_no_clock_is_offered_and_none_is_moved(language: Language) -> None:
    said = chat("/tijd +2d", "/storing aan")
    assert said.startswith(catalogue(language)["console.intro_own"])
    assert "/tijd" not in said.partition(">")[0]
    assert catalogue(language)["cli.stage.own_clock"] in said
    assert catalogue(language)["cli.stage.own_delivery"] in said
