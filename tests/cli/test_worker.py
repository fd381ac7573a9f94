"""Real processes: a worker delivers and does what is due, a server without one leaves it alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from signal import Signals
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner

from bot import cli
from bot.cli.start import prepare
from bot.core.clock import SystemClock
from bot.core.errors import SettingsError
from bot.core.reply import Channel, Place, Reply, Words
from bot.outbox.model import Notice
from bot.people.generate import KERN, generate
from bot.settings import read_settings
from bot.store.tables import LaneRow, OccasionRow, OutboxRow, table_of
from bot.store.work import Store
from tests.connector import fake_connector
from tests.e2e.server import PATIENCE, VRAAGBAAK, environment, free_port


@asynccontextmanager
async def process(
    folder: Path, url: str, *words: str, port: int, killed: bool = False
) -> AsyncIterator[str]:
    """Run a command until its first line; yields that, and ends it as a host or a crash does."""
    own = {**environment(folder, port), "VRAAGBAAK_DATABASE_URL": url}
    started = await asyncio.create_subprocess_exec(
        VRAAGBAAK, *words, cwd=folder, env=own, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert started.stdout
        async with asyncio.timeout(PATIENCE):
            while (line := (await started.stdout.readline()).decode()).startswith("Proefstand"):
                """It is the one after that."""
        assert line, "the process ended"
        yield line
        ended = Signals.SIGKILL if killed else Signals.SIGTERM
        started.send_signal(ended)
        async with asyncio.timeout(PATIENCE):
            assert await started.wait() == (-ended if killed else 0)
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def installed(folder: Path, url: str, now: datetime) -> None:
    college = folder / "college"
    college.mkdir()
    for name, text in generate(KERN).items():
        (college / name).write_text(text, "utf-8")
    settings = read_settings(database_url=url, college_file=college / "college.yaml")
    await prepare(settings, college, now)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as store:
        yield store


async def rows(store: Store, table: Any) -> Sequence[Any]:
    def read(connection: Connection) -> Sequence[Any]:
        return connection.execute(select(table_of(table))).all()

    return await store.look(read)


async def add(store: Store, service: str, now: datetime, *texts: str) -> None:
    place = Place(Channel.TEAMS, "a:ann", "29:ann", service=service, tenant="t1", bot="28:bot")
    async with store.begin() as work:
        for text in texts:
            await work.outbox.add(
                Notice(text, Reply("reminder", (Words(text),)), now, place=place), now
            )


async def until(what: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await what():  # noqa: ASYNC110 (another process makes it so)
            await asyncio.sleep(0.05)


async def test_two_workers_deliver_what_waits_once_and_end_without_a_lease(
    tmp_path: Path, database_url: str
) -> None:
    now = SystemClock().now()
    await installed(tmp_path, database_url, now)
    texts = [f"bericht {number}" for number in range(6)]
    async with fake_connector() as connector, opened(database_url) as store:
        await add(store, connector.url, now, *texts)
        async with (
            process(tmp_path, database_url, "worker", "--dev", port=free_port()) as one,
            process(tmp_path, database_url, "worker", "--dev", port=free_port()) as other,
        ):
            assert one.startswith("Aan het werk")
            assert other.startswith("Aan het werk")

            async def all_sent() -> bool:
                return {row.state for row in await rows(store, OutboxRow)} == {"sent"}

            await until(all_sent)

            async def started() -> bool:
                things = [row.thing for row in await rows(store, OccasionRow)]
                return sorted(things) == ["retention", "summary"]

            await until(started)
        assert [row.holder for row in await rows(store, LaneRow) if row.holder] == []
    said = [json.dumps(one.activity) for one in connector.sent]
    assert [text for one in said for text in texts if text in one] == texts


async def test_a_worker_that_is_told_to_end_finishes_the_send_under_way(
    tmp_path: Path, sqlite_url: str
) -> None:
    now = SystemClock().now()
    await installed(tmp_path, sqlite_url, now)
    async with fake_connector() as connector, opened(sqlite_url) as store:
        connector.delay = 1.0
        await add(store, connector.url, now, "onderweg", "blijft staan")
        async with process(tmp_path, sqlite_url, "worker", "--dev", port=free_port()):

            async def accepted() -> bool:
                return bool(connector.sent)

            await until(accepted)
        states = [row.state for row in await rows(store, OutboxRow)]
        assert [row.holder for row in await rows(store, LaneRow) if row.holder] == []
    assert states == ["sent", "waiting"]
    assert len(connector.sent) == 1


async def test_what_was_due_during_downtime_is_done_when_a_worker_comes(
    tmp_path: Path, sqlite_url: str
) -> None:
    now = SystemClock().now()
    await installed(tmp_path, sqlite_url, now)
    async with opened(sqlite_url) as store:
        async with store.begin() as work:
            await work.occasions.start("retention", now - timedelta(days=3))
        async with process(tmp_path, sqlite_url, "worker", "--dev", port=free_port()):

            async def forgotten() -> list[tuple[str, str]]:
                found = await rows(store, OccasionRow)
                return sorted((row.local, row.state) for row in found if row.thing == "retention")

            async def recorded() -> bool:
                return len(await forgotten()) > 1

            await until(recorded)
            found = await forgotten()
    start, *missed, newest = [state for _, state in found]
    assert (start, set(missed), newest) == ("started", {"skipped"}, "done")


async def test_a_server_without_worker_leaves_what_is_due_alone(
    tmp_path: Path, sqlite_url: str
) -> None:
    now, port = SystemClock().now(), free_port()
    await installed(tmp_path, sqlite_url, now)
    async with fake_connector() as connector, opened(sqlite_url) as store:
        await add(store, connector.url, now, "voor een worker")
        async with process(
            tmp_path, sqlite_url, "serve", "--dev", "--no-worker", port=port
        ) as line:
            assert line.startswith("De server luistert")
            async with aiohttp.ClientSession() as session:
                for path, said in (("healthz", "ok"), ("readyz", "ready")):
                    async with session.get(f"http://127.0.0.1:{port}/{path}") as response:
                        assert response.status == 200
                        assert await response.json() == {"status": said}
            await asyncio.sleep(1.5)  # three looks of a relay
        assert [row.state for row in await rows(store, OutboxRow)] == ["waiting"]
        assert await rows(store, OccasionRow) == []
    assert connector.calls == []


def test_without_credentials_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(cli.app, ["worker"])
    assert isinstance(refused.exception, SettingsError)
    assert "vraagbaak worker --dev" in str(refused.exception)
