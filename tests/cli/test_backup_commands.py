"""Backups, as an administrator types them."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.cli.db import restored
from tests.said import told


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{tmp_path / 'v.db'}")
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    return tmp_path


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def test_a_backup_is_made_and_restored_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vraagbaak("db", "upgrade").exit_code == 0
    made = vraagbaak("db", "backup", "kept.db")
    assert made.exit_code == 0
    assert "kept.db: " in made.stdout
    assert "personal data" in made.stdout
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{folder / 'other.db'}")
    back = vraagbaak("db", "restore", "kept.db")
    assert back.exit_code == 0
    assert "The database is what it was in kept.db" in back.stdout
    assert "0 new, 0 changed" in vraagbaak("db", "upgrade").stdout


def test_what_is_there_is_lost_only_when_forced(folder: Path) -> None:
    assert vraagbaak("db", "upgrade").exit_code == 0
    assert vraagbaak("db", "backup", "kept.db").exit_code == 0
    for command in ("backup", "restore"):
        refused = vraagbaak("db", command, "kept.db")
        assert "--force" in told(refused.exception)
        assert vraagbaak("db", command, "kept.db", "--force").exit_code == 0
    assert {one.name for one in folder.iterdir()} == {"v.db", "kept.db"}


def test_a_backup_that_is_not_there_is_a_usage_error(folder: Path) -> None:
    assert vraagbaak("db", "restore", "kept.db").exit_code == 2
    assert list(folder.iterdir()) == []


def test_an_old_backup_says_what_is_still_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    assert restored(Path("b"), "0001", "0001").endswith("in b, at 0001.")
    assert restored(Path("b"), "0001", "0002").endswith(
        "at 0001. This program needs 0002. Run `vraagbaak db upgrade`."
    )


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_refusal_is_a_sentence_and_not_a_traceback(
    folder: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "kept.db").write_text("iets anders", "utf-8")
    monkeypatch.setattr(sys, "argv", ["vraagbaak", "db", command, "kept.db"])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "kept.db" in said or "v.db" in said
    assert "Traceback" not in said


def test_a_missing_tool_of_postgresql_is_a_sentence(
    folder: Path,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", postgres_url)
    words = ["vraagbaak", "db", "backup", "kept.pg", "--pg-bin", str(folder)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 1
    assert "there is no pg_dump in" in capsys.readouterr().err
