"""Who sent an activity: looked up when we do not know them, and never taken for somebody else."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.teams.callers import LOOK_UP
from bot.core.reply import Channel, Place, Sender
from bot.dialogs.meeting import AT_ONCE
from bot.people.model import REMOVED, Person
from bot.people.service import plan_import
from tests import factories
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


@pytest.mark.parametrize("status", [429, 503, 401])
async def test_a_stranger_who_cannot_be_looked_up_is_nobody_new(teams: Teams, status: int) -> None:
    before = everybody(teams)
    teams.connector.fail(status)
    (sorry,) = await teams.say("wachtwoord vergeten")
    assert WHO in said(sorry)
    assert everybody(teams) == before
    await teams.later()
    assert len(teams.connector.sent) == 2
    answer = teams.connector.sent[-1].activity
    assert answer["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert everybody(teams) == before
    assert teams.bot.seen[-1].sender.email == ANN


async def test_an_answer_that_names_nobody_makes_nobody_new(teams: Teams) -> None:
    before, known = everybody(teams), dict(teams.connector.members)
    teams.connector.members["chat-ann", "29:ann"] = {}
    (sorry,) = await teams.say("wachtwoord vergeten")
    assert WHO in said(sorry)
    assert everybody(teams) == before
    teams.connector.members.update(known)
    await teams.later()
    assert teams.bot.seen[-1].sender.email == ANN


async def test_a_press_of_a_stranger_is_to_be_pressed_again(teams: Teams) -> None:
    teams.connector.fail(503)
    body = await teams.press({"kind": "help", "v": 1})
    assert body["statusCode"] == 200
    assert "Druk over een minuut nog eens" in body["value"]
    await teams.later()
    assert teams.bot.seen == []
    assert teams.connector.sent == []


async def test_a_look_up_that_hangs_is_not_waited_for(teams: Teams) -> None:
    teams.connector.delay = 0.5
    async with endpoint.started(teams.bot.chat, teams.connector, 0.2) as again:
        (sorry,) = await again.say("wachtwoord vergeten")
    assert WHO in said(sorry)
    assert again.bot.seen == []
    assert LOOK_UP <= 2


async def test_who_is_found_out_meanwhile_is_answered_though_a_look_up_hangs(teams: Teams) -> None:
    async with endpoint.started(teams.bot.chat, teams.connector, 1.0) as again:
        teams.connector.delay = 2.0
        hangs = asyncio.create_task(again.post(again.activity(text="wachtwoord vergeten")))
        async with asyncio.timeout(10):
            while not looked_up(teams.connector):  # noqa: ASYNC110 (the connector has no event)
                await asyncio.sleep(0.01)
        teams.connector.delay = 0.0
        await again.post(again.activity(text="scherm delen"))
        assert (await hangs)[0] == 200
    summaries = [one.activity["summary"] for one in teams.connector.sent]
    assert summaries == ["Hoe deel ik mijn scherm?", "Hoe stel ik een nieuw wachtwoord in?"]


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
    assert len(teams.bot.seen) == 10
    await teams.later()
    assert len(teams.bot.seen) == 20
    new = everybody(teams)[before:]
    assert sorted(one.email for one in new) == sorted(
        f"d{number}@kerncollege.example" for number in range(20)
    )


async def test_who_cannot_be_looked_up_for_long_is_met_when_they_speak(teams: Teams) -> None:
    came = an_installation(teams, 1)
    teams.connector.fail(*[503] * 5)
    await teams.post(came)
    for _ in range(6):
        await teams.later(15)
    assert looked_up(teams.connector) == 5
    assert teams.bot.seen == []
    assert teams.connector.sent == []
    (hello,) = await teams.say("hoi", conversation=came["conversation"], **{"from": came["from"]})
    assert "D1" in said(hello)


async def test_a_stranger_who_removes_the_app_is_not_met_by_that(teams: Teams) -> None:
    before = everybody(teams)
    gone = {**an_installation(teams, 1), "action": "remove"}
    assert (await teams.post(gone))[0] == 200
    assert everybody(teams) == before


async def test_what_strangers_say_is_answered_after_a_restart(teams: Teams) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    async with endpoint.started(teams.bot.chat, teams.connector) as again:
        await again.later()
        await again.later()
    assert [one.activity["summary"] for one in teams.connector.sent[1:]] == [
        "Hoe stel ik een nieuw wachtwoord in?"
    ]


async def test_what_came_first_is_answered_first(teams: Teams) -> None:
    teams.connector.no_members = 503
    await teams.say("wachtwoord vergeten")
    await teams.say("scherm delen")
    teams.connector.no_members = 0
    *_, first, second, third = await teams.say("les opnemen")
    assert first["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert second["summary"] == "Hoe deel ik mijn scherm?"
    assert third["summary"] == "Hoe neem ik een les op?"
    await teams.later()
    assert len(teams.connector.sent) == 5


async def test_a_redelivered_message_of_a_stranger_is_told_and_answered_once(teams: Teams) -> None:
    teams.connector.no_members = 503
    for _ in range(2):
        await teams.say("wachtwoord vergeten", id="same")
    assert len(teams.connector.sent) == 1
    teams.connector.no_members = 0
    for _ in range(2):
        await teams.say("wachtwoord vergeten", id="same")
    await teams.later()
    assert len(teams.connector.sent) == 2


async def test_of_two_that_take_it_up_one_answers(teams: Teams) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    clock = teams.bot.chat.clock
    clock.move_to(clock.now() + timedelta(minutes=1))
    async with endpoint.started(teams.bot.chat, teams.connector) as other:
        await asyncio.gather(*(one.meeting.run(clock.now()) for one in (teams, other)))
        await asyncio.gather(*(one.relay.run(clock.now()) for one in (teams, other)))
    assert len(teams.connector.sent) == 2
    assert looked_up(teams.connector) == 2


async def test_what_is_not_answered_for_long_is_given_up_and_said_so(teams: Teams) -> None:
    teams.connector.no_members = 503
    await teams.say("wachtwoord vergeten")
    for minutes in (1, 1, 3, 10):
        assert len(teams.connector.sent) == 1
        await teams.later(minutes)
    assert "Het lukte me niet om te zien wie je bent." in said(teams.connector.sent[1].activity)
    await teams.later(60)
    assert len(teams.connector.sent) == 2
    assert teams.bot.chat.store._shelves.strangers == {}


async def test_after_downtime_it_is_tried_as_often_all_the_same(teams: Teams) -> None:
    teams.connector.no_members = 503
    await teams.say("wachtwoord vergeten")
    await teams.later(24 * 60)
    assert len(teams.connector.sent) == 1
    teams.connector.no_members = 0
    await teams.later()
    assert len(teams.connector.sent) == 2


async def test_numbers_that_may_not_be_stored_wait_nowhere(teams: Teams) -> None:
    teams.connector.fail(503)
    (sorry,) = await teams.say("wachtwoord vergeten van 123456782")
    assert "burgerservicenummer" in said(sorry)
    (waits,) = teams.bot.chat.store._shelves.strangers.values()
    assert waits.incoming.text == "wachtwoord vergeten van [bsn]"


async def test_danger_is_answered_at_once_whoever_tells_of_it(teams: Teams) -> None:
    teams.connector.fail(503)
    (sorry,) = await teams.say("er is brand in het lokaal")
    assert "112" in sorry["summary"]
    assert WHO in said(sorry)


async def test_what_cannot_be_stored_is_said_so(teams: Teams) -> None:
    teams.connector.fail(503)
    teams.bot.strangers = replace(teams.bot.strangers, begin=broken)
    (sorry,) = await teams.say("wachtwoord vergeten")
    assert "Er ging iets mis" in said(sorry)


async def test_a_turn_that_fails_leaves_it_to_be_tried_again(teams: Teams) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    works = teams.bot.chat.root
    teams.bot.chat.root = replace(works, begin=broken)
    await teams.later()
    assert len(teams.connector.sent) == 1
    teams.bot.chat.root = works
    await teams.later()
    assert len(teams.connector.sent) == 2


async def test_what_cannot_be_read_now_holds_up_no_new_message(teams: Teams) -> None:
    teams.bot.strangers = replace(teams.bot.strangers, reading=broken)
    (answer,) = await teams.say("wachtwoord vergeten")
    assert answer["summary"] == "Hoe stel ik een nieuw wachtwoord in?"


def broken() -> Any:
    raise OSError("out of reach")


async def test_a_turn_that_keeps_failing_is_given_up_for_what_it_is(teams: Teams) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    teams.bot.chat.root = replace(teams.bot.chat.root, begin=broken)
    for _ in range(5):
        await teams.later(10)
    assert "Er ging iets mis bij mij" in said(teams.connector.sent[-1].activity)
    assert len(teams.connector.sent) == 2


async def test_who_removes_the_app_meanwhile_is_not_made_somebody_new(teams: Teams) -> None:
    before = everybody(teams)
    there = an_installation(teams, 1)
    teams.connector.no_members = 503
    who = {"conversation": there["conversation"], "from": there["from"]}
    await teams.say("wachtwoord vergeten", **who)
    await teams.post({**there, "id": "gone", "action": "remove"})
    teams.connector.no_members = 403
    await teams.later()
    assert everybody(teams) == before
    assert len(teams.connector.sent) == 1


async def test_who_became_known_and_removes_the_app_is_answered_no_more(teams: Teams) -> None:
    there = an_installation(teams, 1)
    teams.connector.no_members = 503
    who = {"conversation": there["conversation"], "from": there["from"]}
    await teams.say("wachtwoord vergeten", **who)
    new = factories.organisation(factories.listed("d1@kern.example", entra_id="oid-1"))
    async with teams.bot.chat.store.begin() as work:
        await work.people.apply(await plan_import(work, new))
    await teams.post({**there, "id": "gone", "action": "remove"})
    await teams.later()
    assert len(teams.connector.sent) == 1
    async with teams.bot.chat.store.reading() as work:
        (left,) = [one for one in await work.addresses.unreached(Channel.TEAMS) if one.lost]
    assert left.lost == REMOVED


async def test_what_the_store_cannot_forget_of_who_removes_the_app_is_no_error(
    teams: Teams,
) -> None:
    teams.bot.strangers = replace(teams.bot.strangers, begin=broken)
    assert (await teams.post({**an_installation(teams, 1), "action": "remove"}))[0] == 200
    assert teams.connector.sent == []


async def test_a_look_up_that_breaks_is_a_try_that_came_to_nothing(teams: Teams) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")

    class Broken:
        async def find(self, sender: Sender, place: Place) -> Sender | None:
            raise ValueError(sender, place)

    teams.meeting = replace(teams.meeting, finders={Channel.TEAMS: Broken()})
    for _ in range(5):
        await teams.later(10)
    assert "Het lukte me niet" in said(teams.connector.sent[-1].activity)


async def test_while_teams_answers_nothing_it_is_not_asked_of_all_at_once(teams: Teams) -> None:
    teams.connector.no_members = 503
    for number in range(AT_ONCE + 5):
        await teams.post(an_installation(teams, number))
    tried = looked_up(teams.connector)
    await teams.later()
    assert looked_up(teams.connector) == tried + AT_ONCE
    teams.connector.no_members = 0
    await teams.later()
    assert len(teams.bot.seen) == AT_ONCE + 5


async def test_what_could_not_be_read_is_answered_with_what_they_say_next(teams: Teams) -> None:
    teams.connector.no_members = 503
    await teams.say("wachtwoord vergeten")
    teams.connector.no_members = 0
    works = teams.bot.strangers
    teams.bot.strangers = replace(works, reading=broken)
    await teams.say("scherm delen")
    teams.bot.strangers = works
    first, second = await teams.say("les opnemen")
    assert first["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    assert second["summary"] == "Hoe neem ik een les op?"


async def test_a_message_that_nothing_could_be_done_with_is_not_taken(teams: Teams) -> None:
    await teams.say("hoi")
    works = teams.bot.chat.root
    teams.bot.chat.root = replace(works, begin=broken)
    teams.connector.fail(503)
    lost = teams.activity(text="wachtwoord vergeten")
    assert (await teams.post(lost))[0] == 503
    # So it comes again.
    teams.bot.chat.root = works
    assert (await teams.post(lost))[0] == 200
    assert teams.connector.sent[-1].activity["summary"] == "Hoe stel ik een nieuw wachtwoord in?"


async def test_a_press_that_failed_says_so_itself(teams: Teams) -> None:
    await teams.say("hoi")
    teams.bot.chat.root = replace(teams.bot.chat.root, begin=broken)
    teams.connector.fail(503)
    body = await teams.press({"kind": "help", "v": 1})
    assert "Er ging iets mis bij mij" in body["value"]
    assert len(teams.connector.sent) == 1


async def test_what_comes_again_after_it_was_given_up_is_told_no_more_and_answered(
    teams: Teams,
) -> None:
    teams.connector.no_members = 503
    await teams.say("wachtwoord vergeten", id="same")
    for _ in range(5):
        await teams.later(10)
    told = len(teams.connector.sent)
    assert await teams.say("wachtwoord vergeten", id="same") == []
    teams.connector.no_members = 0
    await teams.later()
    assert len(teams.connector.sent) == told + 1


async def test_an_installation_that_nothing_could_be_done_with_is_not_taken(teams: Teams) -> None:
    teams.bot.chat.root = replace(teams.bot.chat.root, begin=broken)
    teams.connector.fail(503, 503)
    teams.bot.strangers = replace(teams.bot.strangers, begin=broken)
    assert (await teams.post(an_installation(teams, 1)))[0] == 503


async def test_what_could_not_be_answered_at_once_goes_before_what_they_say_next(
    teams: Teams,
) -> None:
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    works = teams.bot.strangers
    teams.bot.strangers = replace(works, begin=broken)
    await teams.say("hoi", id="second")
    teams.bot.strangers = works
    await teams.say("bedankt", id="third")
    await teams.later()
    summaries = [one.activity["summary"] for one in teams.connector.sent[1:]]
    assert summaries[0] == "Hoe stel ik een nieuw wachtwoord in?"
    assert [one.split()[0] for one in summaries[1:]] == ["Hoi", "Graag"]
