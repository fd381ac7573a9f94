"""Whoever watches the process learns whether it runs, and whether messages may be sent to it."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest

from bot.channels.web import make_web
from bot.cli.ready import Readiness
from bot.core.clock import MovableClock
from bot.store import schema
from bot.store.work import Store
from tests.channels.stage import example_app
from tests.loopback import serving

HEAD = "0009"


async def at_head() -> str:
    return HEAD


async def one_behind() -> str:
    return "0008"


async def out_of_reach() -> str:
    raise ConnectionRefusedError("postgresql://bot:geheim@host")


async def never() -> str:
    await asyncio.Event().wait()
    return HEAD


def readiness(
    current: object = at_head, *, loaded: bool = True, patience: float = 1.5
) -> Readiness:
    assert callable(current)
    return Readiness(current, HEAD, lambda: loaded, patience)


async def get(url: str) -> tuple[int, object]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("lacking", [(), ("database",), ("migrations", "index")])
async def test_it_says_what_is_lacking_and_nothing_else(lacking: Sequence[str]) -> None:
    async def named() -> Sequence[str]:
        return lacking

    async with serving(make_web({}, named)) as url:
        status, said = await get(f"{url}/readyz")
        assert await get(f"{url}/healthz") == (200, {"status": "ok"})
    if lacking:
        assert (status, said) == (503, {"status": "not ready", "lacking": list(lacking)})
    else:
        assert (status, said) == (200, {"status": "ready"})


async def test_what_has_nothing_to_wait_for_is_ready() -> None:
    async with serving(make_web({})) as url:
        assert await get(f"{url}/readyz") == (200, {"status": "ready"})


async def test_all_that_is_lacking_is_named() -> None:
    assert await readiness().lacking() == ()
    assert await readiness(one_behind).lacking() == ("migrations",)
    assert await readiness(out_of_reach).lacking() == ("database",)
    assert await readiness(loaded=False).lacking() == ("index",)
    assert await readiness(one_behind, loaded=False).lacking() == ("migrations", "index")


async def test_a_database_that_hangs_is_asked_once_at_a_time_and_not_waited_for() -> None:
    asked = 0

    async def hangs() -> str:
        nonlocal asked
        asked += 1
        return await never()

    ready = readiness(hangs, patience=0.05)
    looks = await asyncio.gather(*(ready.lacking() for _ in range(20)))
    assert set(looks) == {("database",)}
    assert asked == 1
    assert await ready.lacking() == ("database",)
    assert asked == 2


async def test_a_database_that_does_not_even_end_when_cancelled_is_not_waited_for() -> None:
    over = asyncio.Event()

    async def stubborn() -> str:
        while not over.is_set():
            try:
                await over.wait()
            except asyncio.CancelledError:
                continue
        return HEAD

    ready = readiness(stubborn, patience=0.05)
    assert await ready.lacking() == ("database",)
    assert await ready.lacking() == ("database",)
    over.set()
    await asyncio.sleep(0.01)
    assert await ready.lacking() == ()


async def test_a_server_that_accepts_and_says_nothing_is_noticed_within_two_seconds() -> None:
    over = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        store = Store.open(f"postgresql://bot:geheim@127.0.0.1:{port}/vraagbaak")
        begun = time.monotonic()
        assert await Readiness.of(store, lambda: True).lacking() == ("database",)
        assert time.monotonic() - begun < 2
        over.set()
        await store.close()


async def test_a_real_database_is_ready(database_url: str) -> None:
    store = Store.open(database_url)
    assert await Readiness.of(store, lambda: True).lacking() == ()
    await store.close()


async def test_an_empty_database_lacks_its_migrations(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    assert await Readiness.of(store, lambda: True).lacking() == ("migrations",)
    await store.close()


async def test_the_index_is_loaded_once_it_holds_what_is_stored(tmp_path: Path) -> None:
    clock = MovableClock()
    async with example_app(tmp_path, clock) as app:
        index = app.bot.root.index
        ready = Readiness.of(app.store, lambda: index.loaded)
        assert await ready.lacking() == ("index",)
        await index.refresh(app.store.reading, clock.now())
        assert await ready.lacking() == ()
        assert await schema.current(app.store) == schema.head()
