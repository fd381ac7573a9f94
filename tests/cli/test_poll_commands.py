"""A poll is started from a file, listed, and read out, as an administrator does."""

import asyncio
import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.cli.output import sentences
from bot.core.ids import PollId, RoundId
from bot.polls.model import Invitation, Kind, Poll, PollState, RoundState
from bot.store.work import Store
from tests.clocks import today
from tests.factories import asks, poll_form, poll_round

TOMORROW = (today() + timedelta(days=1)).isoformat()
POLL = f"""
title: Onze peiling
questions:
  - cijfer: Hoe gaat het? (slecht / goed)
  - "keuze: Wat wil je? (dit / dat)"
schedule: {{first: {TOMORROW}, at: "23:30", every_weeks: 2}}
audience: {{sectors: [SECTOR]}}
anonymous: false
breakdown: location
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{tmp_path / 'v.db'}")
    monkeypatch.setenv("VRAAGBAAK_COLLEGE_FILE", "college/college.yaml")
    for words in (
        ("org", "generate", "kerncollege", "college"),
        ("db", "upgrade"),
        ("org", "import", "college"),
    ):
        done = vraagbaak(*words)
        assert done.exit_code == 0, done
    return tmp_path


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def exported() -> list[dict[str, str]]:
    """Return what a spreadsheet makes of the answers to the first poll."""
    text = vraagbaak("poll", "show", "1", "--csv").stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


async def stored(folder: Path) -> tuple[list[Poll], str, str]:
    """Return the polls, and the names of a coordinator and a sector."""
    store = Store.open(f"sqlite:///{folder / 'v.db'}")
    async with store.begin() as work:
        found = list(await work.polls.polls())
        everyone = await work.people.find("coordinator", 100)
        units = await work.people.units()
    await store.close()
    return found, everyone[0].email, units.sectors[0].name


def told(done: Result) -> str:
    """Return what a command that was refused says."""
    assert isinstance(done.exception, Exception)
    return "\n".join(sentences(done.exception))


def started(folder: Path, text: str = POLL, *more: str) -> Result:
    _, email, sector = asyncio.run(stored(folder))
    (folder / "poll.yaml").write_text(text.replace("SECTOR", sector), "utf-8")
    return vraagbaak("poll", "start", "poll.yaml", "--as", email, *more)


def test_a_poll_is_started_from_a_file_and_listed(folder: Path) -> None:
    assert vraagbaak("poll", "list").stdout.strip() == "Er is nog geen peiling."
    checked = started(folder, POLL, "--dry-run")
    assert (checked.exit_code, "Er is niets bewaard." in checked.stdout) == (0, True)
    assert asyncio.run(stored(folder))[0] == []
    done = started(folder)
    assert (done.exit_code, "Onze peiling staat klaar als peiling 1" in done.stdout) == (0, True)
    ((poll,), _, _) = asyncio.run(stored(folder))
    assert [one.kind for one in poll.form.questions] == [Kind.SCALE, Kind.CHOICE]
    assert (poll.form.questions[0].high, poll.schedule.every) == ("goed", 2)
    assert len(poll.audience.sectors) == 1
    (row,) = json.loads(vraagbaak("poll", "list", "--json").stdout)
    assert (row["id"], row["title"], row["state"], row["answered"]) == (
        1,
        "Onze peiling",
        "active",
        None,
    )
    assert "Onze peiling" in vraagbaak("poll", "list").stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("anonymous: false", "anonymous: true", "VRAAGBAAK_POLL_SECRET"),
        ("title: Onze peiling", "title: ''", "Geef de peiling een titel"),
        ("[SECTOR]", "[Zeilen]", "audience.sectors: Zeilen staat niet in college.yaml. Kies uit: "),
        ("breakdown: location", "breakdown: kleur", "Kies uit: none, location, sector, team."),
        ("every_weeks:", "every_week:", "schedule.every_week ken ik niet. Hier kan staan: first, "),
        (POLL, "", "poll.yaml: hierin staat geen peiling."),
        (
            "audience: {sectors: [SECTOR]}",
            "audience: 3",
            "audience moet een blok met namen en waarden zijn.",
        ),
        ("Onze peiling", "[1]", "title moet tekst zijn."),
        ("23:30", "25:30", "schedule.at moet een tijd zijn"),
        ("questions:", "vragen:", "questions ontbreekt."),
        (POLL, "title: [", "poll.yaml, regel 1: dit is geen goede YAML."),
    ],
)
def test_what_is_wrong_with_a_file_is_said(folder: Path, old: str, new: str, said: str) -> None:
    done = started(folder, POLL.replace(old, new))
    assert said in told(done)
    assert asyncio.run(stored(folder))[0] == []


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_not_there_is_named() -> None:
    done = vraagbaak("poll", "start", "nope.yaml", "--as", "x@kerncollege.example")
    assert (done.exit_code, told(done)) == (1, "nope.yaml: dit bestand of deze map is er niet.")


def test_a_poll_that_is_stopped_is_listed_last_and_has_no_next_round(folder: Path) -> None:
    started(folder)
    asyncio.run(_close(folder, [("0", "Zo")] * 5))
    started(folder)
    asyncio.run(_stop(folder, PollId(1)))
    rows = json.loads(vraagbaak("poll", "list", "--json").stdout)
    assert [(row["id"], row["state"]) for row in rows] == [(2, "active"), (1, "stopped")]
    assert rows[1]["next"] is None


async def _stop(folder: Path, which: PollId) -> None:
    store = Store.open(f"sqlite:///{folder / 'v.db'}")
    async with store.begin() as work:
        known = await work.polls.poll(which)
        assert known
        assert await work.polls.save(replace(known, state=PollState.STOPPED), seen=known.version)
    await store.close()


def test_only_a_coordinator_starts_one(folder: Path) -> None:
    started(folder)
    for email in ("docent001@kerncollege.example", "nobody@kerncollege.example"):
        done = vraagbaak("poll", "start", "poll.yaml", "--as", email)
        assert "coördinator" in told(done)
    assert len(asyncio.run(stored(folder))[0]) == 1


def test_a_coordinator_who_left_starts_none(folder: Path) -> None:
    _, email, _ = asyncio.run(stored(folder))
    people = folder / "college" / "people.csv"
    kept = [one for one in people.read_text("utf-8").splitlines() if email not in one]
    people.write_text("\n".join(kept) + "\n", "utf-8")
    assert vraagbaak("org", "import", "college", "--yes").exit_code == 0
    (folder / "poll.yaml").write_text(POLL.replace("SECTOR", "x"), "utf-8")
    done = vraagbaak("poll", "start", "poll.yaml", "--as", email)
    assert "coördinator" in told(done)


async def _close(folder: Path, values: list[tuple[str, str]], *, anonymous: bool = False) -> None:
    """Store a closed round in which so many answered."""
    store = Store.open(f"sqlite:///{folder / 'v.db'}")
    async with store.begin() as work:
        people = (await work.people.find("docent", 50))[: len(values)]
        questions = (
            asks(Kind.CHOICES, text="Wat?", options=("Teams", "Forms")),
            asks(Kind.OPEN, text="En?"),
        )
        form = poll_form(questions=questions, anonymous=anonymous)
        said = poll_round(PollId(1), form=form)
        asked = [Invitation(RoundId(0), one.id, "Kern") for one in people]
        one = await work.polls.open_round(said, asked)
        for person, (first, second) in zip(people, values, strict=True):
            invited = Invitation(one.id, person.id, "Kern")
            await work.polls.answer(one.id, invited, {0: first, 1: second})
        counts: dict[str, Any] = {"asked": len(people), "answered": len(people)}
        await work.polls.save_round(replace(one, state=RoundState.CLOSED, **counts))
    await store.close()


def test_what_came_of_it_is_shown_and_written_as_lines(folder: Path) -> None:
    started(folder)
    assert "Er is nog geen ronde gesloten" in vraagbaak("poll", "show", "1").stdout
    values = [("0,1", "=1+1"), ("", "b"), ("1", "c"), ("0", "d"), ("0", "e")]
    asyncio.run(_close(folder, values))
    shown = vraagbaak("poll", "show", "1").stdout
    assert "5 van de 5 mensen deden mee (100 %)." in shown
    assert "Teams: 3 (60 %)" in shown
    (plain,) = json.loads(vraagbaak("poll", "show", "1", "--json").stdout)
    assert (plain["asked"], plain["answered"]) == (5, 5)
    assert plain["questions"][0]["bars"] == [
        {"label": "Teams", "count": 3},
        {"label": "Forms", "count": 2},
    ]
    rows = exported()
    assert len(rows) == 10
    assert {row["answer"] for row in rows if row["question"] == "Wat?"} == {
        "Teams / Forms",
        "",
        "Forms",
        "Teams",
    }
    # No spreadsheet takes it for a formula; who answered is named, as the card says.
    assert "'=1+1" in {row["answer"] for row in rows}
    assert all((bool(row["person"]), row["group"]) == (True, "Kern") for row in rows)


def test_of_an_anonymous_round_no_line_has_a_group(folder: Path) -> None:
    started(folder)
    asyncio.run(_close(folder, [("0", "a")] * 5, anonymous=True))
    rows = exported()
    assert {row["group"] for row in rows} == {""}


def test_of_fewer_than_five_no_figures_are_written(folder: Path) -> None:
    started(folder)
    asyncio.run(_close(folder, [("0", "a")] * 4))
    (plain,) = json.loads(vraagbaak("poll", "show", "1", "--json").stdout)
    assert (plain["answered"], plain["questions"]) == (4, [])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("how", [(), ("--json",), ("--csv",)])
def test_a_poll_that_there_is_not_is_refused(how: tuple[str, ...]) -> None:
    done = vraagbaak("poll", "show", "77", *how)
    assert (done.exit_code, "Er is geen peiling 77." in told(done)) == (1, True)


def test_a_round_is_written_from_when_until_when_in_local_time(folder: Path) -> None:
    started(folder)
    asyncio.run(_close(folder, [("0", "a")] * 5))
    (plain,) = json.loads(vraagbaak("poll", "show", "1", "--json").stdout)
    row = exported()[0]
    for one in (plain, row):
        assert one["round"] == "2026-03-02T10:00+01:00"
        assert one["closed"].endswith(("+01:00", "+02:00"))
