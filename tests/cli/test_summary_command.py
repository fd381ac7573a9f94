"""`vraagbaak summary show` prints the figures of a week, to read and for a program."""

import asyncio
import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.start import prepare
from bot.core.clock import SystemClock
from bot.people.generate import KERN, generate
from bot.settings import read_settings
from bot.store.work import Store
from bot.summary.report import Sent
from bot.summary.week import Week
from tests.clocks import today
from tests.factories import sender
from tests.said import told
from tests.summary_examples import sent

WEEK = Week.of(today())


@pytest.fixture
def college(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A college in which one question was asked that a spreadsheet would take for a formula."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_COLLEGE_FILE", str(tmp_path / "college.yaml"))
    for name, text in generate(KERN).items():
        (tmp_path / name).write_text(text, "utf-8")
    asyncio.run(_ask(tmp_path))
    return tmp_path


async def _ask(folder: Path) -> None:
    settings, now = read_settings(), SystemClock().now()
    await prepare(settings, folder, now)
    store = Store.open(settings.database)
    async with store.begin() as work:
        person = await work.people.register(sender(), "nl")
        await work.knowledge.record(person.id, "=1+1", "refused", None, 0, now)
    await store.close()


def show(*options: str) -> str:
    result = CliRunner().invoke(app, ["summary", "show", "--week", str(WEEK), *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("college")
def test_the_same_figures_are_read_printed_and_exported() -> None:
    assert "Vragen: 1" in show()
    known = json.loads(show("--json"))
    rows = list(
        csv.DictReader(StringIO(show("--csv").removeprefix("\ufeff"), newline=""), delimiter=";")
    )
    assert known["week"] == str(WEEK)
    assert [(one["figure"], one["item"]) for one in known["figures"]] == [
        (row["figure"], row["item"]) for row in rows
    ]
    of_all = {row["figure"]: row["value"] for row in rows if not row["item"]}
    assert (of_all["questions"], of_all["refused"], of_all["from_faq"]) == ("1", "1", "0")


@pytest.mark.usefixtures("college")
def test_a_week_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["summary", "show", "--week", "2026-W54"])
    assert result.exit_code == 2


@pytest.mark.usefixtures("college")
def test_a_week_that_is_not_over_says_so() -> None:
    assert show().startswith(f"Week {WEEK} loopt nog.")
    last = CliRunner().invoke(app, ["summary", "show"])
    assert "loopt nog" not in last.output
    later = CliRunner().invoke(app, ["summary", "show", "--week", str(WEEK.back(-1))])
    assert (later.exit_code, "is still to begin" in told(later.exception)) == (1, True)


@pytest.mark.usefixtures("college")
def test_the_weeks_that_were_sent_are_listed() -> None:
    runner = CliRunner()
    assert "nog geen weekoverzicht" in runner.invoke(app, ["summary", "list"]).output
    asyncio.run(_send(sent(), replace(sent(corrected=True), week=WEEK)))
    shown = runner.invoke(app, ["summary", "list"]).output.splitlines()
    assert shown[0].startswith(f"{WEEK}: verstuurd op")
    assert shown[0].endswith("later bijgesteld")
    known = json.loads(runner.invoke(app, ["summary", "list", "--json", "--limit", "1"]).output)
    assert [one["week"] for one in known] == [str(WEEK)]


async def _send(*weeks: Sent) -> None:
    store = Store.open(read_settings().database)
    async with store.begin() as work:
        for one in weeks:
            await work.summaries.add(one)
            if one.corrected and one.corrected_at:
                await work.summaries.correct(one.week, "all", one.corrected, one.corrected_at)
    await store.close()
