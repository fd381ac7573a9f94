"""Calls to a connector on loopback that is as strict as Teams, and what each failure means."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector

from bot.channels.teams.connector import Connector, open_session
from bot.channels.teams.errors import ConnectorError, TokenError
from bot.channels.teams.service_urls import ServiceUrls
from bot.channels.teams.token import ClientSecretToken, NoToken
from bot.core.clock import MovableClock
from bot.core.delivery import Outcome
from tests.connector import FakeConnector, fake_connector
from tests.login_server import login_server

CHAT = "a:1"
THREAD = "19:x@thread.tacv2;messageid=1/2?3#4"
HELLO = {"type": "message", "text": "hoi"}
LOOPBACK = ServiceUrls(loopback=True)
FAST = ClientTimeout(total=0.3, connect=0.2)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def teams(clock: MovableClock) -> AsyncIterator[FakeConnector]:
    async with fake_connector(clock) as teams:
        yield teams


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
def connector(session: ClientSession) -> Connector:
    return Connector(session, NoToken(), LOOPBACK, FAST)


class Shown:
    """A token source with one token."""

    def __init__(self, token: str) -> None:
        self.shown = token

    async def token(self) -> str:
        return self.shown


async def failure(
    connector: Connector, url: str, activity: dict[str, Any] | None = None
) -> ConnectorError:
    with pytest.raises(ConnectorError) as failed:
        await connector.send(url, CHAT, HELLO if activity is None else activity)
    return failed.value


# What is sent


async def test_a_message_is_sent_and_gets_an_id(connector: Connector, teams: FakeConnector) -> None:
    assert await connector.send(teams.url, CHAT, HELLO) == "1"
    assert [(one.conversation, one.activity, one.reply_to) for one in teams.sent] == [
        (CHAT, HELLO, "")
    ]


async def test_a_service_url_needs_no_slash_at_its_end(
    connector: Connector, teams: FakeConnector
) -> None:
    await connector.send(teams.url.rstrip("/"), CHAT, HELLO)
    assert teams.texts(CHAT) == ["hoi"]


async def test_ids_are_quoted(connector: Connector, teams: FakeConnector) -> None:
    await connector.reply(teams.url, THREAD, "f:1/2", HELLO)
    assert (teams.sent[0].conversation, teams.sent[0].reply_to) == (THREAD, "f:1/2")
    assert teams.calls[0][1].endswith(
        "/19%3Ax%40thread.tacv2%3Bmessageid%3D1%2F2%3F3%234/activities/f%3A1%2F2"
    )


@pytest.mark.parametrize("odd", ["", ".", ".."])
async def test_an_id_that_would_name_another_address_is_not_sent(
    connector: Connector, teams: FakeConnector, odd: str
) -> None:
    with pytest.raises(ConnectorError) as failed:
        await connector.update(teams.url, CHAT, odd, HELLO)
    assert failed.value.outcome is Outcome.INVALID
    assert teams.calls == []


async def test_a_message_can_be_changed_and_taken_back(
    connector: Connector, teams: FakeConnector
) -> None:
    message = await connector.send(teams.url, CHAT, HELLO)
    changed = {"type": "message", "text": "dag"}
    assert await connector.update(teams.url, CHAT, message, changed) == message
    assert teams.now_showing(message) == changed
    await connector.delete(teams.url, CHAT, message)
    assert teams.now_showing(message) is None
    with pytest.raises(ConnectorError) as failed:
        await connector.update(teams.url, CHAT, message, changed)
    assert failed.value.outcome is Outcome.GONE


async def test_a_new_conversation_names_its_tenant_and_is_the_same_each_time(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.only_known = True
    bot, member = {"id": "28:bot"}, {"id": "29:ann"}
    chat = await connector.create_conversation(teams.url, "tenant", bot, member)
    assert await connector.create_conversation(teams.url, "tenant", bot, member) == chat
    assert teams.conversations[0] == {
        "isGroup": False,
        "bot": bot,
        "members": [member],
        "tenantId": "tenant",
        "channelData": {"tenant": {"id": "tenant"}},
    }
    await connector.send(teams.url, chat, HELLO)
    assert teams.texts(chat) == ["hoi"]


async def test_a_conversation_without_an_id_may_have_been_made(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.fail(200)
    with pytest.raises(ConnectorError) as failed:
        await connector.create_conversation(teams.url, "tenant", {"id": "b"}, {"id": "m"})
    assert failed.value.outcome is Outcome.UNKNOWN


async def test_a_member_is_found_by_id(connector: Connector, teams: FakeConnector) -> None:
    ann = {"id": "29:ann", "name": "Ann", "email": "ann@college.nl"}
    teams.members[CHAT, "29:ann"] = ann
    assert await connector.member(teams.url, CHAT, "29:ann") == ann
    with pytest.raises(ConnectorError) as failed:
        await connector.member(teams.url, CHAT, "29:bob")
    assert (failed.value.outcome, failed.value.code) == (
        Outcome.GONE,
        "MemberNotFoundInConversation",
    )


async def test_letters_of_every_kind_arrive_and_half_an_emoji_does_no_harm(
    connector: Connector, teams: FakeConnector
) -> None:
    await connector.send(teams.url, CHAT, {"type": "message", "text": "één 👍 \ud83d!"})
    assert teams.texts() == ["één 👍 ?!"]


async def test_an_accepted_message_without_an_id_is_no_failure(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.fail(202)
    assert await connector.send(teams.url, CHAT, {"type": "typing"}) == ""


async def test_the_token_is_shown_and_fetched_once_for_a_hundred_sends(
    session: ClientSession, teams: FakeConnector, clock: MovableClock
) -> None:
    teams.token = "token-1"
    teams.pace = None
    async with login_server() as login:
        source = ClientSecretToken(session, clock, "app", "secret", "tenant", login.url)
        connector = Connector(session, source, LOOPBACK)
        await asyncio.gather(*(connector.send(teams.url, CHAT, HELLO) for _ in range(100)))
        assert len(login.asked) == 1
    assert set(teams.authorizations) == {"Bearer token-1"}
    assert len(teams.sent) == 100


async def test_in_dev_mode_no_authorization_is_shown(
    connector: Connector, teams: FakeConnector
) -> None:
    await connector.send(teams.url, CHAT, HELLO)
    assert teams.authorizations == [""]


# What failures mean


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, Outcome.INVALID),
        (400, Outcome.INVALID),
        (401, Outcome.UNAUTHORISED),
        (403, Outcome.GONE),
        (404, Outcome.GONE),
        (408, Outcome.UNKNOWN),
        (412, Outcome.THROTTLED),
        (413, Outcome.INVALID),
        (429, Outcome.THROTTLED),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
    ],
)
async def test_a_status_says_what_became_of_the_message(
    connector: Connector, teams: FakeConnector, status: int, outcome: Outcome
) -> None:
    teams.fail(status, headers={"Location": "http://127.0.0.1:1/"})
    failed = await failure(connector, teams.url)
    assert (failed.outcome, failed.status, failed.retry_after) == (outcome, status, None)
    assert len(teams.calls) == 1


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("-1", None), ("soon", None), ("٣", None), ("", None)]
)
async def test_the_time_to_wait_is_read_in_seconds(
    connector: Connector, teams: FakeConnector, value: str, seconds: float | None
) -> None:
    teams.fail(429, headers={"Retry-After": value})
    assert (await failure(connector, teams.url)).retry_after == seconds


async def test_an_answer_after_the_message_was_accepted_leaves_it_unknown(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.fail(502, accept=True)
    assert (await failure(connector, teams.url)).outcome is Outcome.UNKNOWN
    assert teams.texts() == ["hoi"]


async def test_a_timeout_after_the_message_was_accepted_leaves_it_unknown(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.delay = 5.0
    failed = await failure(connector, teams.url)
    assert (failed.outcome, failed.status) == (Outcome.UNKNOWN, None)
    assert teams.texts() == ["hoi"]


async def test_a_connection_lost_after_the_message_was_accepted_leaves_it_unknown(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.fail(0, accept=True)
    failed = await failure(connector, teams.url)
    assert (failed.outcome, failed.status) == (Outcome.UNKNOWN, None)
    assert teams.texts() == ["hoi"]


async def test_nothing_was_sent_to_a_port_that_is_closed(connector: Connector) -> None:
    failed = await failure(connector, "http://127.0.0.1:1/")
    assert (failed.outcome, failed.status) == (Outcome.REFUSED, None)


async def test_nothing_was_sent_when_no_connection_came_free(teams: FakeConnector) -> None:
    teams.delay = 1.0
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        patient = Connector(session, NoToken(), LOOPBACK)
        busy = asyncio.create_task(patient.send(teams.url, "a:2", HELLO))
        await asyncio.sleep(0.1)
        assert len(teams.calls) == 1
        failed = await failure(Connector(session, NoToken(), LOOPBACK, FAST), teams.url)
        assert failed.outcome is Outcome.REFUSED
        await busy
    assert teams.texts(CHAT) == []


async def test_nothing_is_sent_outside_the_allow_list(
    session: ClientSession, teams: FakeConnector
) -> None:
    class Watched(Shown):
        async def token(self) -> str:
            raise AssertionError("no token may be fetched for a foreign address")

    failed = await failure(Connector(session, Watched(""), ServiceUrls()), teams.url)
    # A setting of ours says so: once it is mended, the message is sent.
    assert (failed.outcome, failed.status) == (Outcome.REFUSED, None)
    assert failed.code == "ServiceUrlNotAllowed"
    assert teams.calls == []


async def test_nothing_is_sent_without_a_token(
    session: ClientSession, teams: FakeConnector, clock: MovableClock
) -> None:
    async with login_server() as login:
        login.status = 401
        source = ClientSecretToken(session, clock, "app", "wrong", "tenant", login.url)
        failed = await failure(Connector(session, source, LOOPBACK), teams.url)
    assert isinstance(failed, TokenError)
    assert failed.outcome is Outcome.UNAUTHORISED
    assert teams.calls == []


async def test_a_redirect_is_not_followed(connector: Connector, teams: FakeConnector) -> None:
    async with fake_connector() as other:
        teams.fail(307, headers={"Location": f"{other.url}v3/conversations/x/activities"})
        assert (await failure(connector, teams.url)).outcome is Outcome.INVALID
        assert other.calls == []


async def test_an_error_shows_no_text_of_a_message(
    connector: Connector, teams: FakeConnector
) -> None:
    teams.max_bytes = 100
    failed = await failure(connector, teams.url, {"type": "message", "text": "geheim " * 50})
    assert str(failed) == "invalid 413 MessageSizeTooBig"


# The fake is as strict as Teams


async def test_the_eighth_message_in_a_second_is_throttled_per_conversation(
    connector: Connector, teams: FakeConnector, clock: MovableClock
) -> None:
    for _ in range(7):
        await connector.send(teams.url, CHAT, HELLO)
    failed = await failure(connector, teams.url)
    assert (failed.outcome, failed.retry_after) == (Outcome.THROTTLED, 1)
    await connector.send(teams.url, "a:2", HELLO)
    clock.offset += timedelta(seconds=1)
    await connector.send(teams.url, CHAT, HELLO)
    assert len(teams.texts(CHAT)) == 8


async def test_a_message_over_28_kilobytes_is_too_big(
    connector: Connector, teams: FakeConnector
) -> None:
    frame = len(json.dumps({"type": "message", "text": ""}, separators=(",", ":")))
    fits = {"type": "message", "text": "x" * (28 * 1024 - frame)}
    await connector.send(teams.url, CHAT, fits)
    failed = await failure(connector, teams.url, {**fits, "text": fits["text"] + "x"})
    assert (failed.outcome, failed.status) == (Outcome.INVALID, 413)


async def test_an_activity_without_a_type_is_not_taken(
    connector: Connector, teams: FakeConnector
) -> None:
    failed = await failure(connector, teams.url, {"text": "hoi"})
    assert (failed.outcome, failed.status) == (Outcome.INVALID, 400)


async def test_an_unknown_conversation_an_uninstalled_bot_and_a_wrong_token_are_told(
    session: ClientSession, teams: FakeConnector
) -> None:
    teams.token = "right"
    assert (await failure(Connector(session, Shown("left"), LOOPBACK), teams.url)).status == 401
    connector = Connector(session, Shown("right"), LOOPBACK)
    teams.only_known = True
    assert (await failure(connector, teams.url)).status == 404
    teams.known.add(CHAT)
    await connector.send(teams.url, CHAT, HELLO)
    teams.uninstalled |= {CHAT, "29:ann"}
    failed = await failure(connector, teams.url)
    assert (failed.outcome, failed.code) == (Outcome.GONE, "BotNotInConversationRoster")
    with pytest.raises(ConnectorError) as gone:
        await connector.create_conversation(teams.url, "t", {"id": "b"}, {"id": "29:ann"})
    assert gone.value.outcome is Outcome.GONE
