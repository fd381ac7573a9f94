"""The command line speaks one language at a time, all of it: the one that the college set."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot import cli
from bot.cli.words import Command, group, meaning
from bot.core.reply import Language
from bot.i18n.text import LANGUAGES, catalogue

PATH = tuple[str, ...]
ALIKE = {"JSON", "CSV"}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Language:
    found: Language = request.param
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", found)
    return found


def walk(command: Any, path: PATH = ()) -> Iterator[tuple[PATH, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*path, name))


COMMANDS = dict(walk(typer.main.get_command(cli.app)))


def told(path: PATH) -> set[str]:
    """Return the names of what a command's help tells of: itself, and what it takes."""
    return {"text", *(one.name for one in COMMANDS[path].params)}


def typed(*words: str) -> str:
    found = CliRunner().invoke(cli.app, list(words))
    return " ".join(f"{found.stdout} {found.stderr}".split())


def test_all_commands_are_walked() -> None:
    assert len(COMMANDS) > 30
    assert ("db", "backup") in COMMANDS


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_is_in_the_language_that_is_set(
    path: PATH, language: Language
) -> None:
    shown = typed(*path, "--help")
    said = [meaning(path, name) for name in (*told(path), "help")]
    for sentence in said:
        assert sentence in shown
    (other,) = {*LANGUAGES} - {language}
    others = {text for key, text in catalogue(other).items() if key.startswith("cli.")}
    for sentence in others - {text for _, text in catalogue(language).items()}:
        assert len(sentence.split()) == 1 or sentence not in shown
    for word in ("Usage:", "Options", "Commands", "Show this") if language == "nl" else ():
        assert word not in shown


def test_the_catalogues_explain_what_there_is_and_nothing_else() -> None:
    explained = {key for key in catalogue("nl") if key.startswith("cli.help.")}
    needed = {
        ".".join(("cli.help", *path, name))
        for path in COMMANDS
        for name in told(path) - {"as_json"}
    }
    assert explained == needed | {"cli.help.any.help", "cli.help.any.as_json"}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["nergens"], "no_command"),
        (["db", "nergens"], "no_command"),
        (["outbox", "list", "--nergens"], "no_option"),
        (["org", "generate", "kerncollege"], "missing"),
        (["chat"], "missing"),
        (["outbox", "list", "--limit"], "value"),
        (["outbox", "list", "--limit", "veel"], "unfit"),
        (["outbox", "list", "te", "veel"], "too_much"),
        (["outbox", "retry"], "ids_or_all"),
        (["org", "generate", "hogeschool", "c"], "one_of"),
        (["demo", "--college", "hogeschool"], "one_of"),
        (["faq", "evaluate", "--queries", "x", "--half", "linker"], "one_of"),
        (["db", "restore", "nergens.backup"], "no_file"),
        (["manifest", "check", "nergens.zip"], "no_file"),
        (["summary", "show", "--week", "zomer"], "week"),
    ],
)
def test_what_was_typed_wrong_is_said_in_the_language_that_is_set(
    words: list[str], key: str, language: Language
) -> None:
    found = CliRunner().invoke(cli.app, words)
    assert found.exit_code == 2
    before, *_ = catalogue(language)["cli.wrong.what"].partition("{")
    assert found.stderr.startswith(before)
    for part in catalogue(language)[f"cli.wrong.{key}"].replace("}", "{").split("{")[::2]:
        assert part in found.stderr


def test_a_command_alone_shows_its_help(language: Language) -> None:
    assert catalogue(language)["cli.help.db.backup.text"] in typed("db")


def test_a_language_that_there_is_not_is_told_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "fy")
    assert catalogue("nl")["cli.help.text"] in typed("--help")


def test_the_language_can_stand_in_the_file_of_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("VRAAGBAAK_LANGUAGE=en\n", "utf-8")
    assert catalogue("en")["cli.help.text"] in typed("--help")


def test_what_is_stopped_halfway_says_so(language: Language) -> None:
    app = group()

    @app.command("ask", cls=Command)
    def ask() -> None:
        raise typer.Abort

    @app.command("other", cls=Command)
    def other() -> None:
        """Make it a group of two."""

    found = CliRunner().invoke(app, ["ask"])
    assert (found.exit_code, found.stderr.strip()) == (1, catalogue(language)["cli.wrong.stopped"])


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a database in which nothing was made yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vraagbaak.db").touch()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("PORT=x outbox list", "shape.whole"),
        ("PROT=1 outbox list", "setting.meant"),
        ("outbox list", "error.old_database"),
        ("serve", "setting.no_login"),
        ("HOST=192.0.2.1 serve --dev", "cli.serve.dev_host"),
        ("manifest build", "setting.empty"),
        ("org check nergens", "college_file.gone"),
        ("faq import nergens", "file.gone"),
        ("poll start x.yaml --as y", "file.gone"),
        ("db backup x", "backup.nothing"),
        ("manifest check vraagbaak.db", "package.no_zip"),
        ("DATABASE_URL=sqlite:////nergens/v.db outbox list", "cli.wrong.refused"),
    ],
)
@pytest.mark.usefixtures("empty")
def test_why_a_command_cannot_be_done_is_said_in_the_language_that_is_set(
    line: str,
    key: str,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = line.split()
    for setting in (word for word in words if "=" in word):
        name, _, value = setting.partition("=")
        monkeypatch.setenv(f"VRAAGBAAK_{name}", value)
    monkeypatch.setattr(sys, "argv", ["vraagbaak", *(word for word in words if "=" not in word)])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    for part in catalogue(language)[key].replace("}", "{").split("{")[::2]:
        assert part in said
