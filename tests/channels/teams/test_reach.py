"""Who can be told something in Teams, over real HTTP: met, added, never met, gone and back."""

from typing import Any

import pytest

from bot.core.ids import PersonId
from bot.core.reply import Channel, Reply, Say
from bot.outbox.model import Line, Notice
from bot.people.model import Reach
from bot.people.service import plan_import
from tests.channels.teams import test_endpoint as endpoint
from tests.channels.teams.test_endpoint import BOT, TENANT, Teams
from tests.factories import listed, organisation

teams = endpoint.teams
ANN = {"id": "29:ann", "aadObjectId": "oid-ann"}
THREAD = {"id": "19:c@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT}
COORDINATOR = {"id": "29:cor", "name": "Co", "aadObjectId": "oid-cor"}
KNOWN = {"id": "29:cor", "name": "Co", "email": "coordinator1@kerncollege.example"}
SAID = Reply("reminder", (Say("reminder.title", style="title"),))
MENTION = {"type": "mention", "mentioned": BOT, "text": "<at>Vraagbaak</at>"}


async def add(teams: Teams, *members: object, **changes: Any) -> None:
    added = teams.activity(type="conversationUpdate", membersAdded=[*members], **changes)
    assert (await teams.post(added))[0] == 200


async def install(teams: Teams, action: str) -> None:
    assert (await teams.post(teams.activity(type="installationUpdate", action=action)))[0] == 200


async def reach(teams: Teams) -> Reach:
    async with teams.bot.chat.store.reading() as work:
        return await work.addresses.reached(Channel.TEAMS)


async def person(teams: Teams, email: str = "docent1@kerncollege.example") -> PersonId:
    async with teams.bot.chat.store.reading() as work:
        known = await work.people.by_identity("", email)
    assert known
    return known.id


async def a_stranger(teams: Teams) -> PersonId:
    """Return somebody of the college whom the bot never met."""
    async with teams.bot.chat.store.begin() as work:
        new = organisation(listed("new@kern.example", entra_id="oid-new"))
        await work.people.apply(await plan_import(work, new))
    return await person(teams, "new@kern.example")


async def notify(teams: Teams, who: PersonId, key: str = "n1") -> None:
    chat = teams.bot.chat
    async with chat.store.begin() as work:
        notice = Notice(key, SAID, chat.clock.now(), person=who)
        await work.outbox.add(notice, chat.clock.now())


async def lines(teams: Teams) -> list[Line]:
    async with teams.bot.chat.store.reading() as work:
        return [*await work.outbox.lines(50)]


async def test_who_is_added_can_be_reached_and_gets_no_second_welcome(teams: Teams) -> None:
    await add(teams, BOT, ANN)
    assert (await reach(teams)).reached == 1
    await install(teams, "add")
    await add(teams, ANN, BOT)
    assert len(teams.connector.sent) == 1
    await notify(teams, await person(teams))
    await teams.later()
    assert teams.connector.sent[-1].conversation == "chat-ann"


@pytest.mark.parametrize("members", [[], [BOT], [{"id": "28:other-bot"}], [{}], [None]])
async def test_who_is_no_person_is_not_met(teams: Teams, members: list[object]) -> None:
    await add(teams, *members)
    assert teams.bot.seen == []


async def test_who_joins_a_team_is_not_met_by_that(teams: Teams) -> None:
    await add(teams, ANN, conversation=THREAD)
    assert teams.bot.seen == []


async def test_who_was_never_met_is_told_in_a_chat_that_is_opened(teams: Teams) -> None:
    await teams.say("hoi")
    await notify(teams, await a_stranger(teams))
    await teams.later()
    (opened,) = teams.connector.conversations
    assert (opened["members"], opened["bot"]) == ([{"id": "oid-new"}], {"id": "28:bot"})
    assert opened["tenantId"] == TENANT
    assert teams.connector.sent[-1].conversation.startswith("a:")
    assert await lines(teams) == []


async def test_what_could_not_be_told_a_stranger_comes_with_the_installation(
    teams: Teams,
) -> None:
    await teams.say("hoi")
    new = await a_stranger(teams)
    teams.connector.uninstalled.add("oid-new")
    await notify(teams, new)
    await teams.later()
    (dead,) = await lines(teams)
    assert (dead.to, dead.reason) == ("oid-new", "gone 403 ForbiddenOperationException")
    account = {"id": "29:new", "aadObjectId": "oid-new"}
    there = {"id": "chat-new", "conversationType": "personal", "tenantId": TENANT}
    await add(teams, BOT, account, conversation=there, **{"from": account})
    await teams.later()
    assert teams.connector.sent[-1].conversation == "chat-new"
    assert await lines(teams) == []


async def test_who_is_gone_is_lost_until_they_say_something(teams: Teams) -> None:
    await teams.say("hoi")
    ann = await person(teams)
    teams.connector.uninstalled |= {"chat-ann"}
    await notify(teams, ann)
    await teams.later()
    figures = await reach(teams)
    assert (figures.reached, figures.lost) == (0, 1)
    await notify(teams, ann, "n2")
    teams.connector.uninstalled.clear()
    await teams.say("hoi")
    assert (await reach(teams)).reached == 1
    await teams.later()
    assert await lines(teams) == []
    assert [one.conversation for one in teams.connector.sent[-2:]] == ["chat-ann"] * 2


async def test_a_coordinator_points_out_a_channel_without_its_thread(teams: Teams) -> None:
    teams.connector.members[str(THREAD["id"]), "29:cor"] = KNOWN
    text = "<at>Vraagbaak</at> dit is het kanaal van de coaches"
    (said,) = await teams.say(
        text, conversation=THREAD, entities=[MENTION], **{"from": COORDINATOR}
    )
    assert "dit is vanaf nu het kanaal van de coaches" in str(said)
    assert teams.connector.sent[-1].conversation == THREAD["id"]
    async with teams.bot.chat.store.reading() as work:
        (named,) = await work.addresses.named_channels()
    place = named.place
    assert (place.conversation, place.personal) == ("19:c@thread.tacv2", False)
    assert (place.service, place.tenant, place.bot) == (teams.connector.url, TENANT, "28:bot")
    chat = teams.bot.chat
    async with chat.store.begin() as work:
        await work.outbox.add(Notice("post", SAID, chat.clock.now(), place=place), named.at)
    await teams.later()
    assert teams.connector.sent[-1].conversation == "19:c@thread.tacv2"
