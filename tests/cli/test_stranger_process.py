"""Real processes: what a stranger said outlives the process that it was said to."""

import json
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import update

from bot.core.clock import SystemClock
from bot.store.tables import HandledRow, OutboxRow, StrangerRow, table_of
from tests.channels.teams.test_endpoint import BOT, TENANT
from tests.cli.test_worker import installed, opened, process, rows, until
from tests.connector import FakeConnector, fake_connector
from tests.e2e.server import free_port


def spoken(connector: FakeConnector, name: str, text: str) -> dict[str, Any]:
    return {
        "type": "message",
        "id": name,
        "channelId": "msteams",
        "serviceUrl": connector.url,
        "from": {"id": "29:ann", "name": "Ann"},
        "recipient": BOT,
        "conversation": {"id": "chat-ann", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": text,
    }


async def test_after_a_crash_other_processes_answer_it_once_and_in_order(
    tmp_path: Path, database_url: str
) -> None:
    now, port = SystemClock().now(), free_port()
    await installed(tmp_path, database_url, now)
    email = "docent1@kerncollege.example"
    async with fake_connector() as connector, opened(database_url) as store:
        connector.no_members = 503
        connector.members["chat-ann", "29:ann"] = {"id": "29:ann", "name": "Ann", "email": email}

        async def all_sent() -> bool:
            return {row.state for row in await rows(store, OutboxRow)} == {"sent"}

        async def answered() -> bool:
            return await rows(store, StrangerRow) == [] and await all_sent()

        server = ("serve", "--dev", "--no-worker")
        async with (
            process(tmp_path, database_url, *server, port=port, killed=True),
            aiohttp.ClientSession() as session,
        ):
            for name, text in (("m1", "hoi"), ("m2", "help")):
                url = f"http://127.0.0.1:{port}/api/messages"
                async with session.post(url, json=spoken(connector, name, text)) as answer:
                    assert answer.status == 200
            # What was sent and is not marked yet would be sent again.
            await until(all_sent)
        waiting = sorted(row.message_id for row in await rows(store, StrangerRow))
        assert waiting == ["chat-ann|m1", "chat-ann|m2"]
        connector.no_members = 0
        async with store.begin() as work:
            await work.strangers._db.run(update(table_of(StrangerRow)).values(due=now))
        async with (
            process(tmp_path, database_url, "worker", "--dev", port=free_port()),
            process(tmp_path, database_url, "worker", "--dev", port=free_port()),
        ):
            await until(answered)
        assert len(await rows(store, HandledRow)) == 2
    said = [json.dumps(one.activity, ensure_ascii=False) for one in connector.sent]
    assert len(said) == 4
    assert all("Ik kan nu even niet zien wie je bent." in one for one in said[:2])
    assert "Hoi" in said[2]
