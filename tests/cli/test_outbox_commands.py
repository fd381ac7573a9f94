"""What waits or cannot arrive is listed with what to do about it, and tried again when asked."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.core.ids import PersonId
from bot.core.reply import Channel, Place
from bot.outbox.model import NO_LIMITS, Notice, State
from bot.outbox.model import Result as Came
from bot.store.work import Store
from tests.factories import NOW, reply, sender

ROOM = Place(Channel.TEAMS, "19:coaches", personal=False)
GONE = "gone 403 BotNotInConversationRoster"
TEXT = "mijn geheime vraag"


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", sqlite_url)
    return sqlite_url


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def fill(url: str) -> None:
    """Store one that is gone, one that waits, and one to somebody without an address."""
    asyncio.run(_fill(url))


async def _fill(url: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        ann: PersonId = (await work.people.register(sender(name="Ann [b]Vos[/b]"), "nl")).id
        await work.outbox.add(Notice("gone", reply(TEXT), NOW, place=ROOM), NOW)
        limits = {Channel.TEAMS: NO_LIMITS}
        (leased,) = await work.outbox.lease("w", limits, now=NOW, until=NOW, most=9)
        await work.outbox.settle([Came(leased.message, State.DEAD, NOW, reason=GONE)])
        await work.outbox.add(Notice("waits", reply(TEXT), NOW, place=ROOM), NOW)
        await work.outbox.add(Notice("nowhere", reply(TEXT), NOW, person=ann), NOW)
    await store.close()


def listed(*more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(vraagbaak("outbox", "list", "--json", *more).stdout)
    return found


def test_an_empty_outbox_says_so(url: str) -> None:
    assert url
    assert vraagbaak("outbox", "list").stdout.strip() == "Er wacht niets, en alles kwam aan."
    assert listed() == []


def test_a_line_says_to_whom_and_why_and_what_to_do(url: str) -> None:
    fill(url)
    gone, waits, nowhere = listed()
    assert (gone["to"], gone["state"], gone["reason"]) == ("19:coaches", "dead", GONE)
    assert "weer installeren" in gone["todo"]
    assert (gone["next"], gone["attempts"]) == (None, 1)
    assert (waits["state"], waits["todo"], waits["next"]) == ("waiting", "", NOW.isoformat())
    assert (nowhere["to"], nowhere["reason"]) == ("Ann [b]Vos[/b]", "no_address")
    assert len(listed("--limit", "1")) == 1


def test_the_table_shows_local_times_and_no_text_of_a_message(url: str) -> None:
    fill(url)
    shown = vraagbaak("outbox", "list").stdout
    assert "2026-03-02 10:30" in shown
    assert "Ann [b]Vos[/b]" in shown
    assert GONE in shown
    assert "no_address: De bot kent nog geen weg naar deze persoon." in shown
    assert "geheime" not in shown + json.dumps(listed())


def test_the_table_speaks_english_too(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(url)
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    assert "did not arrive" in vraagbaak("outbox", "list").stdout


def test_what_failed_is_tried_again_when_asked(url: str) -> None:
    fill(url)
    gone, _, nowhere = listed()
    named = vraagbaak("outbox", "retry", str(gone["id"]), str(nowhere["id"]))
    assert named.stdout.startswith("Opnieuw te proberen: 1.")
    assert [one["state"] for one in listed()] == ["waiting", "waiting", "dead"]
    assert vraagbaak("outbox", "retry", "--all").stdout.startswith("Opnieuw te proberen: 0.")


def test_all_that_failed_is_tried_again_when_asked(url: str) -> None:
    fill(url)
    assert vraagbaak("outbox", "retry", "--all").stdout.startswith("Opnieuw te proberen: 1.")


@pytest.mark.parametrize("words", [[], ["1", "--all"], ["een"]])
def test_it_must_be_said_what_to_try_again(url: str, words: list[str]) -> None:
    assert url
    assert vraagbaak("outbox", "retry", *words).exit_code == 2
