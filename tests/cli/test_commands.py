"""The command line, as an administrator types it."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.cli.output import sentences
from bot.core.errors import BotError

QUERIES = Path(__file__).parents[1] / "data" / "dev_queries.jsonl"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{tmp_path / 'v.db'}")
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    return tmp_path


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def told(refused: Result) -> str:
    """Return what a command that was refused says."""
    assert isinstance(refused.exception, Exception)
    return "\n".join(sentences(refused.exception))


def ready(folder: Path) -> None:
    assert vraagbaak("org", "generate", "kerncollege", "college").exit_code == 0
    assert vraagbaak("db", "upgrade").exit_code == 0
    assert vraagbaak("org", "import", "college").exit_code == 0
    assert (folder / "v.db").exists()


def test_a_reference_college_is_made_and_checks_clean(folder: Path) -> None:
    assert vraagbaak("org", "generate", "innovatiecollege", "c").exit_code == 0
    counts = json.loads(vraagbaak("org", "check", "c", "--json").stdout)
    assert counts == {"people": 970, "coaches": 18, "locations": 9, "sectors": 9, "teams": 54}
    assert (folder / "c" / "people.csv").exists()


def test_a_college_is_never_generated_over_another(folder: Path) -> None:
    vraagbaak("org", "generate", "kerncollege", "c")
    before = (folder / "c" / "college.yaml").read_text("utf-8")
    assert vraagbaak("org", "generate", "innovatiecollege", "c").exit_code == 2
    assert (folder / "c" / "college.yaml").read_text("utf-8") == before


def test_a_college_that_does_not_exist_is_refused(folder: Path) -> None:
    assert vraagbaak("org", "generate", "hogeschool", "c").exit_code == 2
    assert not (folder / "c").exists()


def test_an_import_shows_what_changes_and_the_second_changes_nothing(folder: Path) -> None:
    ready(folder)
    again = json.loads(vraagbaak("org", "import", "college", "--json").stdout)
    assert again == {"units": [], "new": [], "changed": [], "gone": []}


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    ready(folder)
    people = folder / "college" / "people.csv"
    more = "nieuw@kerncollege.example,Nieuw,Kerngebouw,Handel 1,teacher,,\n"
    people.write_text(people.read_text("utf-8") + more, "utf-8")
    for _ in range(2):
        shown = json.loads(vraagbaak("org", "import", "college", "--dry-run", "--json").stdout)
        assert shown["new"] == ["nieuw@kerncollege.example"]


def test_many_that_leave_at_once_ask_for_consent(folder: Path) -> None:
    ready(folder)
    people = folder / "college" / "people.csv"
    lines = people.read_text("utf-8").splitlines(keepends=True)
    people.write_text("".join(line for line in lines if "docent00" not in line), "utf-8")
    refused = vraagbaak("org", "import", "college")
    assert refused.exit_code == 1
    assert "add --yes" in refused.stderr
    assert (
        len(json.loads(vraagbaak("org", "import", "college", "--yes", "--json").stdout)["gone"])
        == 9
    )
    assert vraagbaak("org", "import", "college").stdout.startswith("New units: 0")


def test_wrong_lines_stop_an_import_whole(folder: Path) -> None:
    ready(folder)
    people = folder / "college" / "people.csv"
    people.write_text(people.read_text("utf-8") + "geen adres,X,Nergens,,teacher,,\n", "utf-8")
    refused = vraagbaak("org", "import", "college")
    assert isinstance(refused.exception, BotError)
    assert "line 158" in told(refused)


def test_an_old_database_stops_a_command_with_what_to_do(folder: Path) -> None:
    vraagbaak("org", "generate", "kerncollege", "college")
    refused = vraagbaak("org", "import", "college")
    assert "vraagbaak db upgrade" in told(refused)
    assert folder.exists()


def test_the_migrations_make_the_tables(folder: Path) -> None:
    assert vraagbaak("db", "check").exit_code == 0
    assert not (folder / "v.db").exists()


def test_an_upgrade_twice_changes_nothing(folder: Path) -> None:
    ready(folder)
    assert "0 new, 0 changed, 0 proposed, 0 retired" in vraagbaak("db", "upgrade").stdout


def test_forgetting_says_how_much(folder: Path) -> None:
    ready(folder)
    assert "Forgotten: 0 texts" in vraagbaak("db", "forget").stdout


def test_the_shipped_faq_checks_clean_and_names_fields_that_are_missing(folder: Path) -> None:
    empty = json.loads(vraagbaak("faq", "check", "--json", "--against", str(QUERIES)).stdout)
    assert empty["problems"] == []
    assert any("servicedesk_phone" in note for note in empty["notes"])
    ready(folder)
    assert json.loads(vraagbaak("faq", "check", "--json").stdout)["notes"] == []


def test_an_export_is_what_an_import_takes(folder: Path) -> None:
    ready(folder)
    assert "101 answers" in vraagbaak("faq", "export", "out").stdout
    assert "0 of 101 answers changed" in vraagbaak("faq", "import", "out").stdout
    teams = folder / "out" / "teams.yaml"
    text = teams.read_text("utf-8").replace("Hoe deel ik mijn scherm", "Hoe toon ik mijn scherm")
    teams.write_text(text, "utf-8")
    assert "1 of 101 answers changed" in vraagbaak("faq", "import", "out").stdout
    assert vraagbaak("faq", "export", "out").exit_code == 2


def test_what_the_college_edited_survives_an_upgrade(folder: Path) -> None:
    test_an_export_is_what_an_import_takes(folder)
    assert "0 changed" in vraagbaak("db", "upgrade").stdout
    vraagbaak("faq", "export", "again")
    assert "Hoe toon ik mijn scherm" in (folder / "again" / "teams.yaml").read_text("utf-8")


def test_an_import_of_a_faulty_entry_is_refused_whole(folder: Path) -> None:
    ready(folder)
    vraagbaak("faq", "export", "out")
    (folder / "out" / "extra.yaml").write_text("- id: x\n", "utf-8")
    refused = vraagbaak("faq", "import", "out")
    assert "extra.yaml: x: title is missing" in told(refused)


@pytest.mark.parametrize("half", ["even", "odd"])
def test_evaluate_prints_the_figures_of_a_half(folder: Path, half: str) -> None:
    told = vraagbaak("faq", "evaluate", "--queries", str(QUERIES), "--half", half, "--json")
    report = json.loads(told.stdout)
    assert report["overall"]["in_scope"] + report["overall"]["out_of_scope"] in (106, 134)
    assert set(report) == {"overall", "kinds", "intervals", "reliability"}
    assert folder.exists()


def test_evaluate_prints_a_table_too(folder: Path) -> None:
    told = vraagbaak("faq", "evaluate", "--queries", str(QUERIES), "--half", "even")
    lines = told.stdout.splitlines()
    assert [line.split()[0] for line in lines if line][-8:-5] == ["95%", "95%", "sure"]
    assert "f.choices" in lines[0]
    sure = [line.split() for line in lines[-5:]]
    assert sum(int(cells[2]) for cells in sure) == 106
    assert vraagbaak("faq", "evaluate", "--queries", str(QUERIES), "--half", "third").exit_code == 2
    assert folder.exists()


def test_a_known_error_is_a_sentence_and_not_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VRAAGBAAK_TIME_ZONE", "Mars")
    monkeypatch.setattr(sys, "argv", ["vraagbaak", "db", "upgrade"])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "VRAAGBAAK_TIME_ZONE" in said
    assert "Traceback" not in said
    assert folder.exists()
