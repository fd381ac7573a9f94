"""The server does not start in a way that lets anyone speak as anyone."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.cli.serve import beside_sqlite, credentials_of
from bot.core.clock import MovableClock
from bot.core.errors import SettingsError
from bot.core.reply import Channel, Incoming, Sender
from bot.core.turn import Handled
from bot.settings import read_settings
from scheduler.run import working
from scheduler.timetable import timetable
from tests.channels.stage import example_app
from tests.said import refused, told

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
KNOWN = {"teams_app_id": GUID, "teams_tenant_id": GUID, "teams_app_password": "geheim"}


@pytest.mark.parametrize("lacking", list(KNOWN))
def test_a_credential_that_is_missing_is_named_before_anything_starts(lacking: str) -> None:
    settings = read_settings(**{name: value for name, value in KNOWN.items() if name != lacking})
    with pytest.raises(SettingsError) as wrong:
        credentials_of(settings)
    assert f"VRAAGBAAK_{lacking.upper()} is not set" in told(wrong.value)
    assert "vraagbaak serve --dev" in told(wrong.value)
    assert "geheim" not in told(wrong.value)


def test_without_a_worker_it_tells_that_this_is_for_postgresql() -> None:
    assert "PostgreSQL" in beside_sqlite(read_settings(database_url="sqlite:///v.db"))
    assert not beside_sqlite(read_settings(database_url="postgresql://bot:x@localhost/v"))


def test_a_managed_identity_needs_no_secret() -> None:
    without = {name: value for name, value in KNOWN.items() if name != "teams_app_password"}
    settings = read_settings(teams_app_type="UserAssignedMSI", **without)
    assert credentials_of(settings).app_type == "UserAssignedMSI"


def test_a_misspelt_app_type_does_not_turn_the_check_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_TEAMS_APP_TYPE", "SingelTenant")
    with refused(SettingsError, "VRAAGBAAK_TEAMS_APP_TYPE"):
        read_settings()


def test_without_credentials_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(cli.app, ["serve"])
    assert isinstance(refused.exception, SettingsError)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.10", "::", "example.com"])  # noqa: S104 (refused)
def test_dev_mode_is_refused_where_others_could_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_HOST", host)
    refused = CliRunner().invoke(cli.app, ["serve", "--dev"])
    assert isinstance(refused.exception, SettingsError)
    assert "127.0.0.1" in told(refused.exception)


async def test_a_running_server_forgets_what_is_over_its_time(tmp_path: Path) -> None:
    clock = MovableClock()
    async with example_app(tmp_path, clock) as app:
        ann = Sender(Channel.TEAMS, "29:ann", "Ann")
        await app.bot.on_turn(Incoming(ann, "m1", "hoi"))
        await app.jobs.retention.run(clock.now())  # it is installed
        clock.move_to(clock.now() + timedelta(days=9))
        ticks = timetable(app, app.meeting({}, {}))
        async with working(clock, app.relay({}), ticks), asyncio.timeout(10):
            while True:
                async with app.store.begin() as work:
                    met = await work.addresses.met(Channel.TEAMS, "29:ann")
                    assert met is not None
                    # Not known any more: it would be handled as new.
                    if await work.inbox.add(
                        Handled(Channel.TEAMS, "m1", met.person.id, clock.now())
                    ):
                        break
                await asyncio.sleep(0.05)
