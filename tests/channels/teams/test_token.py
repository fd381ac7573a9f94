"""The token that the bot shows: fetched once for all, renewed in time, its secret never shown."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.teams.connector import open_session
from bot.channels.teams.errors import ConnectorError, TokenError
from bot.channels.teams.token import ClientSecretToken, ManagedIdentityToken, NoToken
from bot.core.clock import MovableClock
from bot.core.delivery import Outcome
from tests.login_server import LoginServer, login_server

SECRET = "a-very~secret.word"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def server() -> AsyncIterator[LoginServer]:
    async with login_server() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
async def source(
    server: LoginServer, session: ClientSession, clock: MovableClock
) -> AsyncIterator[ClientSecretToken]:
    source = ClientSecretToken(session, clock, "app", SECRET, "tenant", server.url)
    yield source
    await source.close()


async def failure(source: ClientSecretToken) -> TokenError:
    with pytest.raises(TokenError) as failed:
        await source.token()
    return failed.value


async def settle(source: ClientSecretToken) -> None:
    """Let a fetch in the background end."""
    if source._flight.running:
        await source._flight.join()


async def test_the_app_asks_its_own_tenant_with_its_secret(
    source: ClientSecretToken, server: LoginServer
) -> None:
    assert await source.token() == "token-1"
    assert server.asked == [
        {
            "tenant": "tenant",
            "grant_type": "client_credentials",
            "client_id": "app",
            "client_secret": SECRET,
            "scope": "https://api.botframework.com/.default",
        }
    ]


async def test_a_hundred_sends_at_once_fetch_one_token(
    source: ClientSecretToken, server: LoginServer
) -> None:
    server.delay = 0.05
    tokens = await asyncio.gather(*(source.token() for _ in range(100)))
    assert set(tokens) == {"token-1"}
    assert len(server.asked) == 1


async def test_a_token_is_kept_until_five_minutes_before_it_expires(
    source: ClientSecretToken, server: LoginServer, clock: MovableClock
) -> None:
    await source.token()
    clock.offset += 54 * MINUTE
    assert await source.token() == "token-1"
    await settle(source)
    assert len(server.asked) == 1


async def test_then_a_new_one_is_fetched_while_nobody_waits(
    source: ClientSecretToken, server: LoginServer, clock: MovableClock
) -> None:
    await source.token()
    clock.offset += 56 * MINUTE
    server.delay = 0.05
    tokens = await asyncio.gather(*(source.token() for _ in range(100)))
    assert set(tokens) == {"token-1"}
    await settle(source)
    assert await source.token() == "token-2"
    assert len(server.asked) == 2


async def test_an_expired_token_is_never_given(
    source: ClientSecretToken, clock: MovableClock
) -> None:
    await source.token()
    clock.offset += 60 * MINUTE
    assert await source.token() == "token-2"


async def test_a_token_for_a_minute_is_not_fetched_for_every_send(
    source: ClientSecretToken, server: LoginServer
) -> None:
    server.lifetime = 60
    for _ in range(3):
        await source.token()
    await settle(source)
    assert len(server.asked) == 1


async def test_a_failed_renewal_keeps_the_old_token_while_it_is_valid(
    source: ClientSecretToken, server: LoginServer, clock: MovableClock
) -> None:
    await source.token()
    server.status = 500
    clock.offset += 56 * MINUTE
    for _ in range(3):
        assert await source.token() == "token-1"
        await settle(source)
    assert len(server.asked) == 2
    clock.offset += MINUTE
    assert await source.token() == "token-1"
    await settle(source)
    assert len(server.asked) == 3
    clock.offset += 4 * MINUTE
    assert (await failure(source)).outcome is Outcome.REFUSED
    server.status = 200
    clock.offset += MINUTE
    assert await source.token() == "token-5"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.UNAUTHORISED),
        (401, Outcome.UNAUTHORISED),
        (403, Outcome.UNAUTHORISED),
        (429, Outcome.THROTTLED),
        (307, Outcome.REFUSED),
        (500, Outcome.REFUSED),
        (503, Outcome.REFUSED),
    ],
)
async def test_without_a_token_the_error_says_why(
    source: ClientSecretToken, server: LoginServer, status: int, outcome: Outcome
) -> None:
    server.status = status
    server.headers = {"Retry-After": "30"}
    server.answer = {
        "error": "invalid_client",
        "error_codes": [7000215],
        "error_description": f"AADSTS7000215: Invalid client secret {SECRET} for app",
    }
    failed = await failure(source)
    assert isinstance(failed, ConnectorError)
    assert (failed.outcome, failed.status) == (outcome, status)
    assert (failed.code, failed.retry_after) == ("invalid_client 7000215", 30)


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "x"},
        {"access_token": "", "expires_in": 3600},
        {"access_token": 7, "expires_in": 3600},
        {"access_token": "x", "expires_in": "soon"},
        {"access_token": "x", "expires_in": 0},
        {"access_token": "x", "expires_in": 10**30},
        {"expires_in": 3600},
    ],
    ids=str,
)
async def test_an_answer_that_makes_no_sense_is_no_token(
    source: ClientSecretToken, server: LoginServer, answer: dict[str, Any]
) -> None:
    server.answer = answer
    failed = await failure(source)
    assert (failed.outcome, failed.status, failed.code) == (Outcome.REFUSED, 200, "unreadable")


async def test_a_login_service_that_is_away_was_sent_nothing(
    session: ClientSession, clock: MovableClock
) -> None:
    source = ClientSecretToken(session, clock, "app", SECRET, "tenant", "http://127.0.0.1:1/")
    failed = await failure(source)
    assert (failed.outcome, failed.status) == (Outcome.REFUSED, None)


async def test_a_failure_is_not_repeated_for_every_message(
    source: ClientSecretToken, server: LoginServer, clock: MovableClock
) -> None:
    server.status, server.headers = 429, {"Retry-After": "30"}
    failures = [await failure(source) for _ in range(3)]
    assert len(server.asked) == 1
    assert failures[0] is not failures[1]
    clock.offset += timedelta(seconds=29)
    await failure(source)
    assert len(server.asked) == 1
    clock.offset += timedelta(seconds=2)
    await failure(source)
    assert len(server.asked) == 2


async def test_the_secret_and_the_token_are_never_shown(
    source: ClientSecretToken, server: LoginServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await source.token()
    shown = [repr(source), str(source), repr(vars(source)["_given"]), repr(source._request())]
    server.status = 401
    source._given = None
    shown += [str(await failure(source)), caplog.text]
    assert "app" in shown[0]
    assert not any(SECRET in text or "token-1" in text for text in shown)


async def test_the_secret_is_not_sent_on_to_another_address(
    source: ClientSecretToken, server: LoginServer
) -> None:
    async with login_server() as other:
        server.status, server.headers = 307, {"Location": other.url.format(tenant="x")}
        assert (await failure(source)).outcome is Outcome.REFUSED
        assert other.asked == []


async def test_a_tenant_cannot_lead_to_another_address(
    server: LoginServer, session: ClientSession, clock: MovableClock
) -> None:
    source = ClientSecretToken(session, clock, "app", SECRET, "../evil", server.url)
    await source.token()
    assert server.asked[0]["tenant"] == "../evil"


async def test_an_app_service_gives_its_identity_by_the_address_in_the_environment(
    server: LoginServer, session: ClientSession, clock: MovableClock
) -> None:
    server.answer = {
        "access_token": "machine-token",
        "expires_on": str(int((clock.now() + 60 * MINUTE).timestamp())),
    }
    environ = {"IDENTITY_ENDPOINT": server.machine_url, "IDENTITY_HEADER": "inner-secret"}
    source = ManagedIdentityToken(session, clock, "app", environ)
    assert await source.token() == "machine-token"
    asked = server.asked[0]
    assert asked["X-IDENTITY-HEADER"] == "inner-secret"
    assert asked["api-version"] == "2019-08-01"
    assert asked["resource"] == "https://api.botframework.com"
    assert asked["client_id"] == "app"
    assert "inner-secret" not in repr(source)


async def test_a_virtual_machine_gives_its_identity_by_its_own_address(
    server: LoginServer, session: ClientSession, clock: MovableClock
) -> None:
    server.lifetime = "3600"
    source = ManagedIdentityToken(session, clock, "app", {}, server.machine_url)
    assert await source.token() == "token-1"
    asked = server.asked[0]
    assert (asked["Metadata"], asked["api-version"]) == ("true", "2018-02-01")
    clock.offset += 61 * MINUTE
    assert await source.token() == "token-2"


async def test_dev_mode_shows_no_token() -> None:
    assert await NoToken().token() == ""
