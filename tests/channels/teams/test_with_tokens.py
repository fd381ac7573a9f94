"""The whole channel with real tokens: Microsoft's key server, login and connector, on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import Front
from bot.channels.teams.wiring import PATH, Credentials, open_sender, open_teams
from bot.channels.web import make_web
from bot.core.clock import MovableClock
from bot.core.reply import Channel, Sender
from bot.core.turn import Known
from bot.i18n.text import Texts
from bot.outbox.model import State
from bot.outbox.service import Courier, Ledger
from bot.people import service as people
from tests.chat import Chat, make_strangers
from tests.connector import FakeConnector, fake_connector
from tests.fakes import MemoryStore
from tests.keyserver import APP_ID, TENANT, KeyServer, key_server
from tests.login_server import LoginServer, login_server
from tests.loopback import serving


@dataclass
class Tenant:
    """Everything that Microsoft runs, and the bot's address."""

    url: str
    keys: KeyServer
    login: LoginServer
    connector: FakeConnector
    session: ClientSession
    clock: MovableClock
    store: MemoryStore

    async def say(self, authorization: str | None = None, **changes: Any) -> int:
        activity = {
            "type": "message",
            "id": "a1",
            "text": "wachtwoord vergeten",
            "channelId": "msteams",
            "serviceUrl": self.connector.url,
            "from": {"id": "29:ann", "name": "Ann"},
            "recipient": {"id": "28:bot"},
            "conversation": {"id": "chat", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **changes,
        }
        if authorization is None:
            authorization = self.keys.bearer(activity["serviceUrl"])
        headers = {"Authorization": authorization}
        async with self.session.post(self.url, data=json.dumps(activity), headers=headers) as one:
            return one.status


@pytest.fixture
async def tenant(chat: Chat) -> AsyncIterator[Tenant]:
    async with AsyncExitStack() as stack:
        keys = await stack.enter_async_context(key_server())
        login = await stack.enter_async_context(login_server())
        connector = await stack.enter_async_context(fake_connector())
        clock = MovableClock()
        credentials = Credentials(
            app_id=APP_ID,
            app_type="SingleTenant",
            password="geheim",
            tenant_id=TENANT,
            service_hosts=("smba.trafficmanager.net",),
            metadata_url=keys.url,
            login_url=login.url,
            loopback=True,
        )
        assert "geheim" not in repr(credentials)
        sender = await stack.enter_async_context(open_sender(credentials, clock, Texts("i-coach")))
        strangers = make_strangers(chat, chat.root.on_turn)
        courier = Courier(chat.clock, Ledger(chat.store.begin))
        front = Front(chat.root, strangers, courier, chat.store.reading)
        endpoint = await stack.enter_async_context(open_teams(credentials, clock, front, sender))
        url = await stack.enter_async_context(serving(make_web({PATH: endpoint.post})))
        session = await stack.enter_async_context(ClientSession())
        yield Tenant(f"{url}{PATH}", keys, login, connector, session, clock, chat.store)


async def test_a_good_token_gets_an_answer_sent_with_our_own(tenant: Tenant) -> None:
    tenant.connector.token = None
    assert await tenant.say() == 200
    assert len(tenant.connector.sent) == 1
    assert tenant.connector.authorizations[-1] == f"Bearer {tenant.login.last_token}"


async def test_ten_messages_fetch_the_keys_and_the_token_once(tenant: Tenant) -> None:
    tenant.connector.pace = None
    for number in range(10):
        assert await tenant.say(id=f"a{number}") == 200
    assert tenant.keys.fetches == 1
    assert len(set(tenant.connector.authorizations)) == 1


async def test_a_key_roll_over_works_at_the_first_message(tenant: Tenant) -> None:
    assert await tenant.say() == 200
    # Unknown keys are looked for once a minute: forged ones must not keep us busy.
    tenant.clock.move_to(tenant.clock.now() + timedelta(minutes=2))
    tenant.keys.roll_over("key-2")
    assert await tenant.say(id="a2") == 200


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x.y.z", "Basic YTpi"])
async def test_without_a_token_nobody_speaks(tenant: Tenant, authorization: str) -> None:
    assert await tenant.say(authorization) == 401
    assert tenant.connector.calls == []


async def test_a_token_for_another_bot_is_refused(tenant: Tenant) -> None:
    other = tenant.keys.bearer(tenant.connector.url, aud="another-app")
    assert await tenant.say(other) == 401
    assert tenant.connector.calls == []


async def test_a_token_for_another_service_url_is_refused(tenant: Tenant) -> None:
    other = tenant.keys.bearer("https://smba.trafficmanager.net/emea/")
    assert await tenant.say(other) == 401
    assert tenant.connector.calls == []


async def test_another_tenant_is_refused(tenant: Tenant) -> None:
    elsewhere = {"id": "0f8fad5b-d9cb-469f-a165-70867728950e"}
    assert await tenant.say(channelData={"tenant": elsewhere}) == 403
    assert tenant.connector.calls == []


async def test_who_cannot_be_read_of_is_taken_for_a_stranger_for_now(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[Any]:
        raise OSError("the database is gone, and so is what was typed")
        yield

    strangers = make_strangers(chat, chat.root.on_turn)
    front = Front(chat.root, strangers, Courier(chat.clock, Ledger(chat.store.begin)), broken)
    assert await front.known(Sender(Channel.TEAMS, "29:ann")) is Known.NOT
    assert "typed" not in caplog.text


async def test_a_login_that_fails_loses_no_reply(tenant: Tenant) -> None:
    ann = Sender(Channel.TEAMS, "29:ann", "Ann", "docent1@kerncollege.example")
    async with tenant.store.begin() as work:
        await people.recognise(work, ann, "nl")
    tenant.login.status = 500
    assert await tenant.say() == 200
    assert tenant.connector.sent == []
    async with tenant.store.reading() as work:
        (waiting,) = await work.outbox.lines(10)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 1)
