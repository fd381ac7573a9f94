"""The doctor says what is wrong and what to do, and nothing that is secret."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.cli import checkup
from bot.cli.checkup import Check, Health
from bot.core.ids import PersonId, PollId
from bot.core.reply import Channel, Place
from bot.i18n.text import LANGUAGES, Texts
from bot.outbox.model import Reason, Tally
from bot.people.model import ChannelName, NamedChannel, Reach, Role, Unreached
from bot.polls.model import RoundState
from bot.store.work import Store
from tests.factories import NOW, entry, poll_round, sender

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
ZONE = ZoneInfo("Europe/Amsterdam")
EMPTY = Tally(0, None, {}, {}, 0)
TODAY = date(2026, 3, 2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{tmp_path / 'v.db'}")
    for name in ("APP_ID", "TENANT_ID"):
        monkeypatch.setenv(f"VRAAGBAAK_TEAMS_{name}", GUID)
    monkeypatch.setenv("VRAAGBAAK_TEAMS_APP_PASSWORD", "zeer~geheim")
    return tmp_path


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def ready() -> None:
    for words in ("org generate kerncollege college", "db upgrade", "org import college"):
        assert vraagbaak(*words.split()).exit_code == 0


def examined() -> dict[str, list[dict[str, Any]]]:
    """Return what the doctor found, by check."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(vraagbaak("doctor", "--json").stdout):
        found.setdefault(one["check"], []).append(one)
    return found


def said(checks: Sequence[Check]) -> list[tuple[Health, str]]:
    """Return how things are and what is said; each can be written in both languages."""
    for one in checks:
        for what in (one.said, one.todo):
            for language in LANGUAGES:
                assert not what or Texts("i-coach").write(language, what.key, what.data)
    return [(one.health, one.said.key.removeprefix("doctor.")) for one in checks]


def test_before_anything_is_there_it_says_where_to_begin(folder: Path) -> None:
    told = vraagbaak("doctor")
    assert told.exit_code == 1
    assert "vraagbaak db upgrade" in told.stdout
    assert not (folder / "v.db").exists()


def test_a_college_that_has_just_begun_is_not_broken(folder: Path) -> None:
    ready()
    assert folder.exists()
    assert vraagbaak("doctor").exit_code == 0
    found = examined()
    assert [one["health"] for one in found["teams"] + found["faq"]] == ["ok", "ok"]
    everybody, coaches, coordinators = found["reach"]
    assert "0 van 156 bereikbaar (Teams)" in everybody["said"]
    assert "Coach 01, Coach 02, Coach 03" in coaches["said"]
    assert "Coördinator 01" in coordinators["said"]
    assert [one["health"] for one in found["channels"]] == ["attention"] * 2


def test_nothing_secret_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready()
    assert folder.exists()
    secrets = "postgresql://bot:zeer~geheim@127.0.0.1:1/vraagbaak"
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", secrets)
    told = vraagbaak("doctor")
    assert told.exit_code == 1
    assert "ConnectionRefusedError" in told.stdout
    for secret in ("geheim", GUID, "127.0.0.1"):
        assert secret not in told.stdout


def test_who_was_met_counts(folder: Path) -> None:
    ready()

    async def meet() -> None:
        store = Store.open(f"sqlite:///{folder / 'v.db'}")
        coach = sender("29:c", email="coach01@kerncollege.example")
        async with store.begin() as work:
            known = await work.people.by_identity("", coach.email)
            assert known
            await work.people.link(known.id, coach)
            await work.addresses.reach(Channel.TEAMS, "29:c", Place(Channel.TEAMS, "a:c", "29:c"))
        await store.close()

    asyncio.run(meet())
    everybody, coaches, _ = examined()["reach"]
    assert "1 van 156 bereikbaar (Teams). Nog nooit ontmoet: 155." in everybody["said"]
    assert "Coach 01" not in coaches["said"]


@pytest.mark.parametrize("name", ["TEAMS_APP_ID", "TEAMS_APP_PASSWORD"])
def test_credentials_that_are_not_complete_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ready()
    assert folder.exists()
    monkeypatch.setenv(f"VRAAGBAAK_{name}", "")
    (teams,) = examined()["teams"]
    assert teams["health"] == "broken"
    assert f"VRAAGBAAK_{name}" in teams["said"]
    assert "--dev" not in teams["said"]


def test_without_teams_nothing_is_broken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready()
    assert folder.exists()
    for name in ("APP_ID", "TENANT_ID", "APP_PASSWORD"):
        monkeypatch.setenv(f"VRAAGBAAK_TEAMS_{name}", "")
    assert examined()["teams"][0]["health"] == "attention"
    assert vraagbaak("doctor").exit_code == 0


def test_a_setting_that_is_wrong_is_said_and_nothing_else_is_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.exists()
    monkeypatch.setenv("VRAAGBAAK_TIME_ZONE", "Mars")
    told = vraagbaak("doctor")
    assert told.exit_code == 1
    assert "VRAAGBAAK_TIME_ZONE" in told.stdout
    assert len(told.stdout.splitlines()) == 2


def test_a_file_that_is_no_database_is_broken(folder: Path) -> None:
    (folder / "v.db").write_text("dit is geen database" * 500)
    assert examined()["database"][0]["health"] == "broken"


def test_a_server_without_that_database_is_broken(
    folder: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    assert folder.exists()
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", postgres_url)
    assert examined()["database"][0]["health"] == "ok"
    assert examined()["reach"][0]["said"] == "Er zijn nog geen mensen bekend."
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", postgres_url.replace("/test_", "/nowhere_"))
    assert examined()["database"][0]["health"] == "broken"


def test_an_empty_database_is_too_old(folder: Path) -> None:
    (folder / "v.db").touch()
    (database,) = examined()["database"]
    assert "ouder" in database["said"]


def test_it_speaks_the_language_of_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready()
    assert folder.exists()
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    assert "0 of 156 can be reached (Teams)" in vraagbaak("doctor").stdout


def test_answers_that_are_over_their_date_are_named() -> None:
    fine = entry("fine", review_after=TODAY)
    over = [entry(f"over-{n:02}", review_after=TODAY - timedelta(days=1)) for n in range(12)]
    check = checkup.of_faq([fine, *over], TODAY)
    assert said([check]) == [(Health.ATTENTION, "faq.over")]
    assert check.said.data["over"] == 12
    assert str(check.said.data["names"]).endswith("over-09, …")
    assert said([checkup.of_faq([fine], TODAY)]) == [(Health.OK, "faq.fine")]
    assert said([checkup.of_faq([], TODAY)]) == [(Health.BROKEN, "faq.none")]


def test_an_outbox_that_flows_is_fine() -> None:
    young = Tally(7, NOW - timedelta(minutes=1), {}, {}, 0)
    for tally in (EMPTY, young):
        assert said(checkup.of_outbox(tally, NOW, ZONE)) == [(Health.OK, "outbox.fine")]


def test_what_waits_long_and_what_failed_is_told_by_reason() -> None:
    dead = {Reason.NO_ADDRESS: 2, Reason.GONE: 1}
    tally = Tally(7, NOW - timedelta(hours=1), {Reason.THROTTLED: 3}, dead, 4)
    checks = checkup.of_outbox(tally, NOW, ZONE)
    assert {health for health, _ in said(checks)} == {Health.ATTENTION}
    assert checks[0].said.data == {"waiting": 7, "since": "2026-03-02 09:30"}
    assert [(one.todo.key, one.said.data["count"]) for one in checks[1:] if one.todo] == [
        ("outbox.todo.throttled", 3),
        ("outbox.todo.gone", 1),
        ("outbox.todo.no_address", 2),
        ("doctor.outbox.doubtful_todo", 4),
    ]


def test_a_bot_that_teams_does_not_know_is_broken() -> None:
    checks = checkup.of_outbox(Tally(1, NOW, {Reason.UNAUTHORISED: 1}, {}, 0), NOW, ZONE)
    assert said(checks)[1][0] is Health.BROKEN


@pytest.mark.parametrize("reason", Reason)
def test_for_every_reason_it_says_what_to_do(reason: Reason) -> None:
    assert said(checkup.of_outbox(Tally(0, None, {}, {reason: 1}, 0), NOW, ZONE))


def test_reach_is_a_figure_with_names_where_it_hurts() -> None:
    missed = [
        Unreached(PersonId(1), "Cor", frozenset({Role.COORDINATOR}), "removed"),
        Unreached(PersonId(2), "Docent", frozenset({Role.TEACHER})),
    ]
    everybody, coordinators = checkup.of_reach(Reach(950, 812, 38), missed)
    assert said([everybody, coordinators]) == [
        (Health.ATTENTION, "reach.some"),
        (Health.ATTENTION, "reach.coordinator"),
    ]
    assert everybody.said.data == {"reached": 812, "people": 950, "never": 100, "lost": 38}
    assert coordinators.said.data["names"] == "Cor"
    assert said(checkup.of_reach(Reach(3, 3, 0), [])) == [(Health.OK, "reach.all")]
    assert said(checkup.of_reach(Reach(0, 0, 0), [])) == [(Health.ATTENTION, "reach.nobody")]


def test_channels_that_are_not_known_are_named() -> None:
    place = Place(Channel.TEAMS, "19:c", personal=False)
    named = [NamedChannel(name, place, PersonId(1), NOW) for name in ChannelName]
    assert said(checkup.of_channels(named)) == [(Health.OK, "channels.fine")]
    assert said(checkup.of_channels(named[:1])) == [(Health.ATTENTION, "channels.coordinators")]
    assert len(said(checkup.of_channels([]))) == 2


def test_a_secret_of_anonymous_polls_that_lacks_or_does_not_fit_is_told() -> None:
    assert said([checkup.of_polls(0, secret=True)]) == [(Health.OK, "polls.fine")]
    assert said([checkup.of_polls(0, secret=False)]) == [(Health.ATTENTION, "polls.none")]
    assert said([checkup.of_polls(2, secret=False)]) == [(Health.BROKEN, "polls.wrong")]


SECRET = "een lang en willekeurig geheim van dertig tekens"


def test_walk_in_hours_that_no_calendar_can_read_are_told_with_what_to_fill_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready()
    assert folder.exists()
    (check,) = examined()["walkin"]
    assert check["health"] == "attention"
    assert "VRAAGBAAK_PUBLIC_URL, VRAAGBAAK_LINK_SECRET" in check["todo"]
    assert vraagbaak("doctor").exit_code == 0
    monkeypatch.setenv("VRAAGBAAK_LINK_SECRET", SECRET)
    (check,) = examined()["walkin"]
    assert "VRAAGBAAK_LINK_SECRET" not in check["said"]
    monkeypatch.setenv("VRAAGBAAK_PUBLIC_URL", "https://bot.kern.example")
    (check,) = examined()["walkin"]
    assert (check["health"], check["todo"]) == ("ok", "")
    assert SECRET not in vraagbaak("doctor").stdout


def test_a_college_without_walk_in_hours_is_told_nothing_of_calendars() -> None:
    assert checkup.of_walkin(0, ["VRAAGBAAK_PUBLIC_URL"]) == []
    assert said(checkup.of_walkin(2, ["VRAAGBAAK_PUBLIC_URL"])) == [
        (Health.ATTENTION, "walkin.no_calendar")
    ]
    assert said(checkup.of_walkin(2, [])) == [(Health.OK, "walkin.fine")]


def test_a_closed_round_whose_traces_stay_is_told() -> None:
    counted = poll_round(PollId(1), closes=NOW, state=RoundState.COUNTED)
    assert checkup.of_erasing([counted], NOW + timedelta(minutes=5)) == []
    late = checkup.of_erasing([counted], NOW + timedelta(hours=2))
    assert said(late) == [(Health.ATTENTION, "polls.traces")]
