"""Who sent an activity: looked up when we do not know them, and never taken for somebody else."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.teams.callers import Patience
from bot.channels.teams.wiring import PATIENCE
from bot.people.model import Person
from tests.channels.teams import test_endpoint as endpoint
from tests.channels.teams.test_endpoint import TENANT, Teams, card
from tests.connector import FakeConnector

teams = endpoint.teams
ANN = "docent1@kerncollege.example"
WHO = "Ik kan nu even niet zien wie je bent."


def said(activity: object) -> str:
    return " ".join(re.findall(r"'text': '([^']+)'", str(activity)))


def looked_up(connector: FakeConnector) -> int:
    return sum("/members/" in path for _, path, _ in connector.calls)


def everybody(teams: Teams) -> list[Person]:
    return [*teams.bot.chat.store._shelves.people.values()]


async def until(done: Callable[[], bool]) -> None:
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@pytest.mark.parametrize("status", [429, 503, 401])
async def test_a_stranger_who_cannot_be_looked_up_is_nobody_new(teams: Teams, status: int) -> None:
    before = everybody(teams)
    teams.connector.fail(status)
    (sorry,) = await teams.say("wachtwoord vergeten")
    assert WHO in said(sorry)
    assert everybody(teams) == before
    await until(lambda: len(teams.connector.sent) == 2)
    answer = teams.connector.sent[-1].activity
    assert answer["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert everybody(teams) == before
    assert teams.bot.seen[-1].sender.email == ANN


async def test_a_press_of_a_stranger_is_answered_as_well(teams: Teams) -> None:
    teams.connector.fail(503)
    body = await teams.press({"kind": "help", "v": 1})
    assert body["statusCode"] == 200
    assert WHO in said(teams.connector.sent[0].activity)


async def test_a_look_up_that_hangs_is_not_waited_for(teams: Teams) -> None:
    teams.connector.delay = 0.5
    hasty = Patience(look_up=0.2, again=())
    async with endpoint.started(teams.bot.chat, teams.connector, hasty) as again:
        (sorry,) = await again.say("wachtwoord vergeten")
    assert WHO in said(sorry)
    assert again.bot.seen == []
    assert PATIENCE.look_up <= 2


async def test_whom_we_know_is_not_looked_up_after_a_restart(teams: Teams) -> None:
    await teams.say("hoi")
    assert looked_up(teams.connector) == 1
    teams.connector.members.clear()
    async with endpoint.started(teams.bot.chat, teams.connector) as again:
        (answer,) = await again.say("wachtwoord vergeten", id="after")
    assert answer["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert looked_up(teams.connector) == 1


async def test_of_whom_teams_knows_no_more_a_newcomer_is_made(teams: Teams) -> None:
    guest = {"id": "29:guest", "name": "Gast", "aadObjectId": "oid-guest"}
    (sent,) = await teams.say("wachtwoord vergeten", **{"from": guest})
    assert "Gast" in said(sent)
    # Registered without an address, so looked for again: and still answered when that fails.
    teams.connector.fail(503)
    (again,) = await teams.say("help", **{"from": guest})
    assert WHO not in said(again)


async def test_a_first_question_is_answered_also_when_it_turns_out_who_asked(
    teams: Teams,
) -> None:
    known = dict(teams.connector.members)
    teams.connector.members.clear()
    (first,) = await teams.say("wachtwoord vergeten")
    (choice,) = [one for one in card(first)["body"] if one["type"] == "ActionSet"]
    teams.connector.members.update(known)
    place = {**choice["actions"][0]["data"], "location": "1"}
    body = await teams.press(place, replyToId=teams.connector.sent[-1].id)
    assert "te oud" not in said(body)
    assert teams.connector.sent[-1].activity["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert [one.name for one in everybody(teams) if one.active and one.name == "Ann"] == []
    # The card has done its work.
    await teams.press(place, replyToId=teams.connector.sent[0].id)
    assert "te oud" in said(teams.connector.sent[-1].activity)


def an_installation(teams: Teams, number: int) -> dict[str, Any]:
    account = {"id": f"29:{number}", "name": f"D{number}", "aadObjectId": f"oid-{number}"}
    there = {"id": f"chat-{number}", "conversationType": "personal", "tenantId": TENANT}
    teams.connector.members[f"chat-{number}", f"29:{number}"] = {
        "id": f"29:{number}",
        "name": f"D{number}",
        "email": f"d{number}@kerncollege.example",
    }
    return teams.activity(
        type="installationUpdate", action="add", conversation=there, **{"from": account}
    )


async def test_of_many_who_get_the_app_at_once_each_is_known_in_the_end(teams: Teams) -> None:
    before = len(everybody(teams))
    teams.connector.fail(*[429] * 10)
    for number in range(20):
        assert (await teams.post(an_installation(teams, number)))[0] == 200
    await until(lambda: len(teams.bot.seen) == 20)
    new = everybody(teams)[before:]
    assert sorted(one.email for one in new) == sorted(
        f"d{number}@kerncollege.example" for number in range(20)
    )


async def test_who_cannot_be_looked_up_for_long_is_met_when_they_speak(teams: Teams) -> None:
    came = an_installation(teams, 1)
    teams.connector.fail(*[503] * 4)
    await teams.post(came)
    await until(lambda: looked_up(teams.connector) == 4)
    await asyncio.sleep(0.2)
    assert looked_up(teams.connector) == 4
    assert teams.bot.seen == []
    (hello,) = await teams.say("hoi", conversation=came["conversation"], **{"from": came["from"]})
    assert "D1" in said(hello)


async def test_a_stranger_who_removes_the_app_is_not_met_by_that(teams: Teams) -> None:
    before = everybody(teams)
    gone = {**an_installation(teams, 1), "action": "remove"}
    assert (await teams.post(gone))[0] == 200
    assert everybody(teams) == before
