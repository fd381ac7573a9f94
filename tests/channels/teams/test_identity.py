"""Real tokens, signed with RS256, against a key server on loopback."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.teams.connector import open_session
from bot.channels.teams.errors import RefusedError
from bot.channels.teams.identity import Allowed, DevIdentity, Identity
from bot.channels.teams.keys import Keys
from bot.channels.teams.service_urls import ServiceUrls
from bot.core.clock import MovableClock
from tests.keyserver import APP_ID, TENANT, KeyServer, key_server, private_key

URL = "https://smba.trafficmanager.net/emea/"
ALLOWED = Allowed(APP_ID, frozenset({TENANT}))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def activity(**changes: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "channelId": "msteams",
        "serviceUrl": URL,
        "conversation": {"id": "a:1", "tenantId": TENANT},
        "from": {"id": "29:1"},
        "channelData": {"tenant": {"id": TENANT}},
        **changes,
    }


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def server(clock: MovableClock) -> AsyncIterator[KeyServer]:
    async with key_server(clock) as server:
        yield server


@pytest.fixture
async def keys(server: KeyServer, clock: MovableClock) -> AsyncIterator[Keys]:
    async with open_session() as session:
        keys = Keys(session, clock, server.url, timeout=0.2)
        yield keys
        await keys.close()


@pytest.fixture
def identity(keys: Keys, clock: MovableClock) -> Identity:
    return Identity(ALLOWED, keys, clock)


async def refusal(
    identity: Identity | DevIdentity, authorization: str, sent: dict[str, Any] | None = None
) -> int:
    with pytest.raises(RefusedError) as refused:
        await identity.check(authorization, activity() if sent is None else sent)
    return refused.value.status


async def test_what_teams_sent_is_let_in(identity: Identity, server: KeyServer) -> None:
    await identity.check(server.bearer(URL), activity())


async def test_the_scheme_may_be_written_in_any_case(identity: Identity, server: KeyServer) -> None:
    await identity.check(server.bearer(URL).replace("Bearer", "bearer"), activity())


async def test_a_name_in_capitals_is_the_same_app_and_tenant(
    keys: Keys, clock: MovableClock, server: KeyServer
) -> None:
    loud = Allowed(APP_ID.upper(), frozenset({TENANT.upper()}))
    await Identity(loud, keys, clock).check(server.bearer(URL), activity())


# The token


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer x", "Bearer a.b.c", "Bearer ..",
     "Bearer é.é.é", "Bearer \udc80.a.b", "Bearer " + "a" * 7000],
)  # fmt: skip
async def test_no_token_or_a_malformed_one_is_refused(
    identity: Identity, server: KeyServer, authorization: str
) -> None:
    assert await refusal(identity, authorization) == 401
    assert server.fetches == 0


async def test_json_nested_too_deep_to_read_is_refused(identity: Identity) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5000).decode()
    assert await refusal(identity, f"Bearer {deep}.{deep}.{deep}") == 401


async def test_a_token_signed_by_another_under_a_known_name_is_refused(
    identity: Identity, server: KeyServer
) -> None:
    forged = jwt.encode(
        server.claims(URL), private_key("thief"), "RS256", headers={"kid": server.kid}
    )
    assert await refusal(identity, f"Bearer {forged}") == 401


async def test_a_token_whose_claims_were_changed_is_refused(
    identity: Identity, server: KeyServer
) -> None:
    header, _, signature = server.sign(server.claims(URL, aud="another")).split(".")
    claims = base64.urlsafe_b64encode(json.dumps(server.claims(URL)).encode()).decode().strip("=")
    assert await refusal(identity, f"Bearer {header}.{claims}.{signature}") == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-app"},
        {"aud": None},
        {"aud": [APP_ID]},
        {"iss": "https://api.botframework.us"},
        {"iss": None},
        {"serviceurl": "https://smba.trafficmanager.net/amer/"},
        {"serviceurl": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": float("nan")},
        {"nbf": "0"},
        {"nbf": float("nan")},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(
    identity: Identity, server: KeyServer, changes: dict[str, Any]
) -> None:
    assert await refusal(identity, server.bearer(URL, **changes)) == 401


async def test_a_token_is_good_until_five_minutes_after_it_expired(
    identity: Identity, server: KeyServer, clock: MovableClock
) -> None:
    bearer = server.bearer(URL)
    clock.offset += HOUR + 4 * MINUTE
    await identity.check(bearer, activity())
    clock.offset += 2 * MINUTE
    assert await refusal(identity, bearer) == 401


async def test_a_token_is_good_from_five_minutes_before_it_begins(
    identity: Identity, server: KeyServer, clock: MovableClock
) -> None:
    begins = int((clock.now() + HOUR).timestamp())
    bearer = server.bearer(URL, nbf=begins, exp=begins + 3600)
    assert await refusal(identity, bearer) == 401
    clock.offset += HOUR - 4 * MINUTE
    await identity.check(bearer, activity())


async def test_a_time_too_large_to_calculate_with_does_no_harm(
    identity: Identity, server: KeyServer
) -> None:
    await identity.check(server.bearer(URL, exp=10**400), activity())
    assert await refusal(identity, server.bearer(URL, nbf=10**400)) == 401


async def test_a_token_without_a_signature_is_refused(
    identity: Identity, server: KeyServer
) -> None:
    bare = jwt.encode(server.claims(URL), "", "none", headers={"kid": server.kid})
    assert await refusal(identity, f"Bearer {bare}") == 401
    assert server.fetches == 0


async def test_the_public_key_is_no_secret_to_sign_with(
    identity: Identity, server: KeyServer
) -> None:
    public = private_key(server.kid).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # By hand: PyJWT itself would not sign with this.
    header = _encoded({"alg": "HS256", "typ": "JWT", "kid": server.kid})
    claims = _encoded(server.claims(URL))
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(f"{header}.{claims}".encode(), pem)
    forged = f"{header}.{claims}.{base64.urlsafe_b64encode(signature).decode().strip('=')}"
    assert await refusal(identity, f"Bearer {forged}") == 401


async def test_a_key_without_the_endorsement_for_teams_signs_nothing_here(
    identity: Identity, server: KeyServer
) -> None:
    server.endorsements = ["webchat"]
    assert await refusal(identity, server.bearer(URL)) == 401


@given(authorization=st.text(max_size=200) | st.text(max_size=200).map("Bearer {}".format))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_header_says_it_is_a_refusal_and_no_crash(authorization: str) -> None:
    async def check() -> int:
        async with open_session() as session:
            clock = MovableClock()
            keys = Keys(session, clock, "http://127.0.0.1:9/")
            return await refusal(Identity(ALLOWED, keys, clock), authorization)

    assert asyncio.run(check()) == 401


# The lists


@pytest.mark.parametrize(
    "changes",
    [
        {"conversation": {"id": "a:1", "tenantId": "another"}},
        {"channelData": {"tenant": {"id": "another"}}},
        {"channelData": {"tenant": {"id": ""}}},
        {"channelData": {"tenant": {"id": [TENANT]}}},
        {"channelData": {}, "conversation": {"id": "a:1"}},
        {"channelData": "none", "conversation": {"id": "a:1"}},
        {"channelId": "webchat"},
        {"channelId": ["msteams"]},
        {"channelId": None},
    ],
    ids=str,
)
async def test_another_tenant_no_tenant_or_another_channel_is_refused(
    identity: Identity, server: KeyServer, changes: dict[str, Any]
) -> None:
    assert await refusal(identity, server.bearer(URL), activity(**changes)) == 403


@pytest.mark.parametrize(
    "changes", [{"channelData": None}, {"conversation": {"id": "a:1"}}], ids=str
)
async def test_one_place_that_names_the_tenant_is_enough(
    identity: Identity, server: KeyServer, changes: dict[str, Any]
) -> None:
    await identity.check(server.bearer(URL), activity(**changes))


async def test_a_service_url_that_is_not_on_the_list_is_refused_even_with_a_good_token(
    identity: Identity, server: KeyServer
) -> None:
    elsewhere = "https://evil.example/"
    sent = activity(serviceUrl=elsewhere)
    assert await refusal(identity, server.bearer(elsewhere), sent) == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"serviceUrl": None},
        {"serviceUrl": ""},
        {"serviceUrl": 7},
        {"conversation": None},
        {"conversation": {}},
        {"conversation": "a:1"},
        {"from": None},
        {"from": {"id": ""}},
    ],
    ids=str,
)
async def test_an_activity_that_cannot_be_answered_is_a_bad_request(
    identity: Identity, server: KeyServer, changes: dict[str, Any]
) -> None:
    assert await refusal(identity, server.bearer(URL), activity(**changes)) == 400
    assert await refusal(DevIdentity(), "", activity(**changes)) == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "tenantId"]), inner),
)


@given(st.dictionaries(st.sampled_from(["serviceUrl", "conversation", "from"]), JSON))
async def test_whatever_an_activity_holds_it_is_a_refusal_and_no_crash(
    sent: dict[str, Any],
) -> None:
    assert await refusal(DevIdentity(), "", sent) in {400, 403}


GOOD_URLS = [
    "https://smba.trafficmanager.net",
    "https://smba.trafficmanager.net/emea/",
    "https://SMBA.trafficmanager.net:443/emea/9a0b-c/",
    "https://smba.onyx.prod.teams.trafficmanager.net/",
]
BAD_URLS = [
    "http://smba.trafficmanager.net/",
    "http://smba.trafficmanager.net:443/",
    "https://smba.trafficmanager.net:8443/",
    "https://smba.trafficmanager.net./",
    "https://attacker.trafficmanager.net/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://evil.example/smba.trafficmanager.net",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:443@evil.example/",
    "https://evil.example#@smba.trafficmanager.net/",
    "https://evil.example?@smba.trafficmanager.net/",
    "https://evil.example\\@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net\\.evil.example/",
    "https://smba.trafficmanager.net/?next=",
    "https://smba.trafficmanager.net/#",
    "https://smba.trafficmanager.net/a/../../b",
    "https://smba.trafficmanager.net/%2e%2e/",
    "https:/smba.trafficmanager.net/",
    "https:///smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    " https://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/\n",
    "https://smba.trafficmanager.net\r\nHost: evil.example/",
    "https://smba.trafficmanager.net\t.evil.example/",
    "https://ſmba.trafficmanager.net/",
    "https://smba。trafficmanager.net/",
    "https://smba.trafficmanager.net:/",
    "ftp://smba.trafficmanager.net/",
    "file:///etc/passwd",
    "",
    "https://",
]
LOOPBACK_URLS = [
    "http://localhost:3978/_connector",
    "http://127.0.0.1:1/",
    "https://127.9.9.9/",
    "http://[::1]:5000/x/",
]
INNER_URLS = [
    "http://169.254.169.254/metadata/",
    "https://169.254.169.254/",
    "https://10.0.0.1/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/",
    "http://localhost@evil.example/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00::1]/",
    "http://127.0.0.1:99999/",
    "ftp://127.0.0.1/",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_the_service_urls_of_teams_are_allowed(url: str) -> None:
    assert ServiceUrls().allow(url)


@pytest.mark.parametrize("url", [*BAD_URLS, *LOOPBACK_URLS, *INNER_URLS])
def test_every_other_service_url_is_not(url: str) -> None:
    assert not ServiceUrls().allow(url)


@pytest.mark.parametrize("url", LOOPBACK_URLS)
async def test_dev_mode_lets_this_machine_in_without_a_token(url: str) -> None:
    await DevIdentity().check("", activity(serviceUrl=url))


@pytest.mark.parametrize("url", [one for one in [*GOOD_URLS, *BAD_URLS, *INNER_URLS] if one])
async def test_dev_mode_lets_nothing_else_in(url: str) -> None:
    assert await refusal(DevIdentity(), "", activity(serviceUrl=url)) == 403


def test_a_host_with_a_leading_dot_allows_all_under_it() -> None:
    urls = ServiceUrls((".Teams.Example.nl", "other.nl:8443"))
    assert urls.allow("https://a.teams.example.nl/")
    assert urls.allow("https://a.b.teams.example.nl/")
    assert urls.allow("https://other.nl:8443/")
    for url in ("teams.example.nl", ".teams.example.nl", "evilteams.example.nl", "other.nl"):
        assert not urls.allow(f"https://{url}/")


# The keys


async def test_the_first_message_after_a_key_roll_over_is_let_in(
    identity: Identity, server: KeyServer, clock: MovableClock
) -> None:
    await identity.check(server.bearer(URL), activity())
    old = server.bearer(URL)
    server.roll_over("key-2")
    clock.offset += 2 * MINUTE
    await identity.check(server.bearer(URL), activity())
    assert server.fetches == 2
    assert await refusal(identity, old) == 401


async def test_unknown_keys_cause_one_fetch_a_minute(
    identity: Identity, server: KeyServer, clock: MovableClock
) -> None:
    for name in ("a", "b", "c"):
        unknown = server.sign(server.claims(URL), kid=name)
        assert await refusal(identity, f"Bearer {unknown}") == 401
    assert server.fetches == 1
    clock.offset += MINUTE
    unknown = server.sign(server.claims(URL), kid="a")
    assert await refusal(identity, f"Bearer {unknown}") == 401
    assert server.fetches == 2


async def test_a_hundred_checks_at_once_fetch_the_keys_once(
    identity: Identity, server: KeyServer
) -> None:
    server.delay = 0.05
    bearer = server.bearer(URL)
    await asyncio.gather(*(identity.check(bearer, activity()) for _ in range(100)))
    assert server.fetches == 1


async def test_a_caller_that_gives_up_does_not_stop_the_fetch_for_the_others(
    identity: Identity, server: KeyServer
) -> None:
    server.delay = 0.05
    bearer = server.bearer(URL)
    first = asyncio.create_task(identity.check(bearer, activity()))
    await asyncio.sleep(0.01)
    first.cancel()
    await identity.check(bearer, activity())
    assert server.fetches == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 302},
        {"delay": 5.0},
        {"body": "<html>"},
        {"body": ""},
        {"body": "[]"},
        {"body": '{"keys": []}'},
        {"body": '{"keys": 7}'},
        {"body": '{"keys": [null, {"kty": "RSA", "kid": "key-1", "n": "!", "e": "AQAB"}]}'},
        {"body": '{"keys": [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}]}'},
    ],
    ids=str,
)
async def test_a_key_server_in_trouble_stops_no_token_whose_key_is_known(
    identity: Identity, server: KeyServer, clock: MovableClock, trouble: dict[str, Any]
) -> None:
    await identity.check(server.bearer(URL), activity())
    for name, value in trouble.items():
        setattr(server, name, value)
    for age in (21 * HOUR, 4 * HOUR, 100 * HOUR):
        clock.offset += age
        async with asyncio.timeout(1):
            await identity.check(server.bearer(URL), activity())


@pytest.mark.parametrize(
    "trouble", [{"status": 500}, {"status": 302}, {"delay": 5.0}, {"body": "<html>"}], ids=str
)
async def test_a_key_that_cannot_be_fetched_is_a_refusal_in_time_and_tried_again(
    identity: Identity, server: KeyServer, clock: MovableClock, trouble: dict[str, Any]
) -> None:
    healthy = replace(server)
    for name, value in trouble.items():
        setattr(server, name, value)
    async with asyncio.timeout(1):
        assert await refusal(identity, server.bearer(URL)) == 401
    server.status, server.delay, server.body = healthy.status, healthy.delay, healthy.body
    assert await refusal(identity, server.bearer(URL)) == 401
    clock.offset += timedelta(seconds=5)
    await identity.check(server.bearer(URL), activity())


async def test_a_slow_key_server_does_not_hold_up_others(
    identity: Identity, server: KeyServer
) -> None:
    await identity.check(server.bearer(URL), activity())
    server.delay = 5.0
    ticks = 0
    stranger = asyncio.create_task(
        refusal(identity, f"Bearer {server.sign(server.claims(URL), kid='x')}")
    )
    while not stranger.done():
        await identity.check(server.bearer(URL), activity())
        await asyncio.sleep(0.01)
        ticks += 1
    assert await stranger == 401
    assert ticks >= 1


async def test_keys_are_renewed_in_the_background_before_a_day_has_passed(
    identity: Identity, keys: Keys, server: KeyServer, clock: MovableClock
) -> None:
    await keys.load()
    clock.offset += 19 * HOUR
    await identity.check(server.bearer(URL), activity())
    assert server.fetches == 1
    clock.offset += 2 * HOUR
    server.delay = 0.05
    await identity.check(server.bearer(URL), activity())
    await identity.check(server.bearer(URL), activity())
    assert server.fetches == 1
    async with asyncio.timeout(10):
        while keys._flight.running:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.01)
    assert server.fetches == 2
    await identity.check(server.bearer(URL), activity())
    await asyncio.sleep(0.1)
    assert server.fetches == 2


async def test_a_key_that_was_withdrawn_is_no_longer_good_after_a_day(
    identity: Identity, server: KeyServer, clock: MovableClock
) -> None:
    await identity.check(server.bearer(URL), activity())
    server.published = ["key-2"]
    clock.offset += 25 * HOUR
    assert await refusal(identity, server.bearer(URL)) == 401


async def test_one_key_that_cannot_be_read_does_not_spoil_the_others(
    identity: Identity, server: KeyServer
) -> None:
    good = server.key_set()["keys"]
    server.body = json.dumps({"keys": [{"kty": "EC", "kid": "odd"}, {"n": 1}, *good]})
    await identity.check(server.bearer(URL), activity())


async def test_keys_over_https_are_not_fetched_without_it(
    server: KeyServer, clock: MovableClock
) -> None:
    class Downgraded(Keys):
        async def _get(self, url: str) -> Any:
            return {"jwks_uri": "http://keys.example/", **server.key_set(), "asked": url}

    async with open_session() as session:
        keys = Downgraded(session, clock, "https://keys.example/")
        assert await keys.find("key-1") is None


async def test_a_fetch_under_way_ends_with_the_program(keys: Keys, server: KeyServer) -> None:
    server.delay = 5.0
    waiting = asyncio.create_task(keys.load())
    await asyncio.sleep(0.01)
    await keys.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def _encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().strip("=")
