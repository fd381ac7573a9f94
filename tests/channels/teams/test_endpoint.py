"""What Teams posts, over real HTTP: the whole bot behind it, a strict connector after it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.teams.callers import Callers
from bot.channels.teams.wiring import PATH, open_sender, open_teams
from bot.channels.web import make_web
from bot.core.clock import MovableClock
from bot.core.delivery import Sender
from bot.core.reply import Channel, Incoming
from bot.core.reply import Sender as From
from bot.core.turn import Known, Turned
from bot.dialogs.meeting import Meeting
from bot.i18n.text import Texts
from bot.outbox.model import NO_LIMITS
from bot.outbox.relay import Relay
from bot.outbox.service import Courier, Ledger
from bot.people import service as people
from tests.chat import Chat, make_strangers
from tests.connector import FakeConnector, fake_connector
from tests.loopback import serving

BOT = {"id": "28:bot", "name": "Vraagbaak"}
TENANT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
CARD = "application/vnd.microsoft.card.adaptive"
PATIENT = 10.0
"""Seconds that a look-up may take: long, on a busy machine."""


class Slow:
    """The bot, on a slow day."""

    def __init__(self, chat: Chat) -> None:
        self.chat, self.seconds = chat, 0.0
        self.seen: list[Incoming] = []
        self.ledger = Ledger(chat.store.begin)
        self.courier = Courier(chat.clock, self.ledger)
        self.strangers = make_strangers(chat, self.on_turn)

    async def known(self, sender: From) -> Known:
        async with self.chat.store.reading() as work:
            return await people.known(work, sender)

    async def on_turn(self, incoming: Incoming) -> Turned:
        self.seen.append(incoming)
        await asyncio.sleep(self.seconds)
        return await self.chat.root.on_turn(incoming)

    async def wait(self, incoming: Incoming) -> Turned:
        return await self.strangers.wait(incoming)

    async def meet(self, sender: From, channel: Sender) -> bool:
        return await self.strangers.meet(sender, lambda turned: self.send(turned, channel))

    async def leave(self, incoming: Incoming) -> None:
        await self.strangers.leave(incoming.sender, incoming.where)

    async def send(self, turned: Turned, channel: Sender) -> bool:
        heard = True
        if turned.mine:
            heard = await self.courier.send(turned.messages, channel, turned.until, turned.ahead)
        await self.ledger.flush()
        return heard


@dataclass
class Teams:
    """Teams, as the bot sees it: it posts activities, and takes what is sent to its connector."""

    url: str
    session: ClientSession
    connector: FakeConnector
    bot: Slow
    relay: Relay
    meeting: Meeting
    numbers: Any = field(default_factory=lambda: count(1))

    def activity(self, **changes: Any) -> dict[str, Any]:
        return {
            "type": "message",
            "id": f"a{next(self.numbers)}",
            "channelId": "msteams",
            "serviceUrl": self.connector.url,
            "from": {"id": "29:ann", "name": "Ann", "aadObjectId": "oid-ann"},
            "recipient": BOT,
            "conversation": {"id": "chat-ann", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **changes,
        }

    async def post(self, body: Any) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.url, data=data) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text

    async def say(self, text: str, **changes: Any) -> list[dict[str, Any]]:
        """Say something; returns what the bot sent for it."""
        before = len(self.connector.sent)
        status, _ = await self.post(self.activity(text=text, **changes))
        assert status == 200
        return [one.activity for one in self.connector.sent[before:]]

    async def later(self, minutes: float = 1) -> None:
        """Let the relay run, a minute on; strangers are looked up again first."""
        clock = self.bot.chat.clock
        clock.move_to(clock.now() + timedelta(minutes=minutes))
        await self.meeting.run(clock.now())
        await self.relay.run(clock.now())

    async def press(self, payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Press an Action.Execute; returns the body that answers it."""
        action = {"type": "Action.Execute", "verb": payload.get("kind"), "data": payload}
        status, body = await self.post(
            self.activity(
                type="invoke",
                name="adaptiveCard/action",
                value={"action": action, "trigger": "manual"},
                **changes,
            )
        )
        assert status == 200
        assert isinstance(body, dict)
        return body


@asynccontextmanager
async def started(
    chat: Chat, connector: FakeConnector, look_up: float = PATIENT
) -> AsyncIterator[Teams]:
    """Start the bot on what is stored."""
    async with AsyncExitStack() as stack:
        bot = Slow(chat)
        sender = await stack.enter_async_context(
            open_sender(None, MovableClock(), Texts("mediacoach"))
        )
        endpoint = await stack.enter_async_context(
            open_teams(None, MovableClock(), bot, sender, look_up)
        )
        url = await stack.enter_async_context(serving(make_web({PATH: endpoint.post})))
        session = await stack.enter_async_context(ClientSession())
        relay = Relay(
            chat.store.begin,
            chat.clock,
            bot.ledger,
            {Channel.TEAMS: sender},
            {Channel.TEAMS: NO_LIMITS},
            "relay",
        )
        meeting = Meeting(
            bot.strangers,
            {Channel.TEAMS: Callers(sender, bot, look_up)},
            lambda found: bot.meet(found, sender),
        )
        yield Teams(f"{url}{PATH}", session, connector, bot, relay, meeting)


@pytest.fixture
async def teams(chat: Chat) -> AsyncIterator[Teams]:
    async with fake_connector() as connector:
        connector.pace = None
        connector.members["chat-ann", "29:ann"] = {
            "id": "29:ann",
            "name": "Ann",
            "email": "docent1@kerncollege.example",
        }
        async with started(chat, connector) as teams:
            yield teams


def card(activity: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = activity["attachments"]
    assert attachment["contentType"] == CARD
    content: dict[str, Any] = attachment["content"]
    return content


def payload(shown: dict[str, Any], title: str) -> dict[str, Any]:
    """Return what a card's button with this title sends."""
    found = [one for one in shown["actions"] if one["title"] == title]
    data: dict[str, Any] = found[0]["data"]
    return data


async def test_a_question_gets_a_card_with_a_summary_for_the_phone(teams: Teams) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    assert sent["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    titles = [action["title"] for action in card(sent)["actions"]]
    assert titles == ["Ja, opgelost", "Nee", "Vraag een mediacoach"]


async def test_a_press_is_answered_with_the_card_that_takes_its_place(teams: Teams) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    body = await teams.press(payload(card(sent), "Ja, opgelost"))
    assert (body["statusCode"], body["type"]) == (200, CARD)
    assert "Fijn dat het is opgelost!" in json.dumps(body["value"], ensure_ascii=False)
    assert len(teams.connector.sent) == 1


async def test_an_older_clients_submit_changes_the_card_in_its_place(teams: Teams) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    shown = teams.connector.sent[0].id
    value = payload(card(sent), "Ja, opgelost")
    assert await teams.say("", value=value, replyToId=shown) == []
    (update,) = teams.connector.updates
    assert update.id == shown
    assert "Fijn dat het is opgelost!" in json.dumps(update.activity, ensure_ascii=False)


async def test_a_press_that_replaces_nothing_keeps_the_card_and_sends_a_message(
    teams: Teams,
) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    body = await teams.press(payload(card(sent), "Vraag een mediacoach"))
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert body["value"]
    assert "Coach Een" in json.dumps(teams.connector.sent[-1].activity)


async def test_an_old_button_gets_a_sentence(teams: Teams) -> None:
    await teams.say("hoi")
    body = await teams.press({"kind": "rate", "v": 99})
    assert body["statusCode"] == 200
    assert "te oud" in json.dumps(teams.connector.sent[-1].activity)


async def test_a_redelivered_message_is_answered_once(teams: Teams) -> None:
    activity = teams.activity(text="wachtwoord vergeten")
    for _ in range(3):
        assert (await teams.post(activity))[0] == 200
    assert len(teams.connector.sent) == 1


async def test_a_reply_that_did_not_arrive_is_sent_by_the_relay_and_once(teams: Teams) -> None:
    activity = teams.activity(text="wachtwoord vergeten")
    await teams.say("hoi")
    teams.connector.fail(503)
    for _ in range(2):  # Teams may well send it again
        assert (await teams.post(activity))[0] == 200
    assert len(teams.connector.sent) == 1
    await teams.later()
    (_, late) = teams.connector.sent
    assert late.activity["summary"] == "Hoe stel ik een nieuw wachtwoord in?"
    await teams.later()
    assert len(teams.connector.sent) == 2


async def test_what_comes_after_a_reply_that_did_not_arrive_waits_for_it(teams: Teams) -> None:
    await teams.say("hoi")
    teams.connector.fail(503)
    await teams.say("wachtwoord vergeten")
    assert await teams.say("hoe deel ik mijn scherm") == []
    await teams.later()
    summaries = [one.activity["summary"] for one in teams.connector.sent]
    assert summaries[1:] == ["Hoe stel ik een nieuw wachtwoord in?", "Hoe deel ik mijn scherm?"]


async def test_a_redelivered_press_gets_the_same_card_again(teams: Teams) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    first = await teams.press(payload(card(sent), "Nee"), id="same")
    again = await teams.press(payload(card(sent), "Nee"), id="same")
    assert first == again


async def test_the_own_mention_is_taken_out_just_where_it_stands(teams: Teams) -> None:
    mention = "<at>Vraagbaak</at>"
    entity = {"type": "mention", "mentioned": BOT, "text": mention}
    await teams.say(f"{mention} is Vraagbaak ook een wachtwoord vergeten?", entities=[entity])
    assert teams.bot.seen[-1].text == "is Vraagbaak ook een wachtwoord vergeten?"


async def test_in_a_channel_the_answer_comes_in_the_thread(teams: Teams) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    (sent,) = await teams.say("wachtwoord vergeten", conversation=thread)
    assert card(sent)
    assert teams.connector.sent[-1].conversation == "19:c;messageid=1"


async def test_what_is_personal_comes_in_the_own_chat_with_one_line_in_the_thread(
    teams: Teams,
) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    await teams.say("wie is mijn mediacoach", conversation=thread)
    apart, said = teams.connector.sent[-2:]
    assert apart.conversation != "19:c;messageid=1"
    assert "Coach Een" in json.dumps(apart.activity)
    assert said.conversation == "19:c;messageid=1"
    assert said.activity["text"] == "Dit is persoonlijk. Ik heb je geantwoord in onze eigen chat."
    assert "Coach" not in json.dumps(said.activity)


async def test_a_personal_answer_is_not_sent_again_for_the_line_in_the_thread(
    teams: Teams,
) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    await teams.say("hoi")
    teams.connector.uninstalled.add("19:c;messageid=1")  # the line there gets 403
    (apart,) = await teams.say("wie is mijn mediacoach", conversation=thread)
    assert "Coach Een" in json.dumps(apart)
    before = len(teams.connector.sent)
    await teams.later()
    assert len(teams.connector.sent) == before


async def test_who_has_no_chat_with_the_bot_is_told_to_open_one(teams: Teams) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    teams.connector.uninstalled.add("29:ann")
    (said,) = await teams.say("wie is mijn mediacoach", conversation=thread)
    assert said["text"].startswith("Dit is persoonlijk. Open de chat met mij")


async def test_someone_unknown_in_a_channel_is_answered_without_a_first_conversation(
    teams: Teams,
) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    new = {"id": "29:new", "name": "Sanne"}
    (sent,) = await teams.say("wachtwoord vergeten", conversation=thread, **{"from": new})
    assert "Hoe stel ik een nieuw wachtwoord in?" in json.dumps(card(sent))


async def test_an_installation_is_welcomed_once(teams: Teams) -> None:
    await teams.post(teams.activity(type="installationUpdate", action="add", id="i1"))
    await teams.post(
        teams.activity(type="conversationUpdate", membersAdded=[BOT, {"id": "29:ann"}], id="i2")
    )
    (sent,) = teams.connector.sent
    assert "Hoi Docent Een! Ik ben Vraagbaak." in json.dumps(sent.activity)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [{"id": "29:ann"}]},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:bob"}]},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
        {"type": "messageUpdate", "channelData": {"eventType": "undeleteMessage"}},
        {"type": "typing"},
        {"type": "event", "name": "application/vnd.microsoft.readReceipt"},
        {"type": "endOfConversation"},
        {"type": "somethingNew"},
        {"text": "hallo", "from": {"id": "28:other-bot"}},
    ],
)
async def test_what_asks_nothing_gets_no_message(teams: Teams, changes: dict[str, Any]) -> None:
    assert (await teams.post(teams.activity(**changes)))[0] == 200
    assert teams.connector.sent == []


async def test_an_edited_message_is_answered_anew(teams: Teams) -> None:
    await teams.say("hallo", id="m")
    (sent,) = await teams.say(
        "wachtwoord vergeten",
        id="m",
        type="messageUpdate",
        timestamp="2026-11-22T10:00:00Z",
        channelData={"eventType": "editMessage", "tenant": {"id": TENANT}},
    )
    assert "wachtwoord" in json.dumps(sent)


async def test_files_are_neither_read_nor_kept_and_the_sender_is_told(teams: Teams) -> None:
    html = {"contentType": "text/html", "content": "<p>wachtwoord vergeten</p>"}
    picture = {"contentType": "image/png", "contentUrl": "https://example.com/x.png"}
    (alone,) = await teams.say("", attachments=[picture])
    (both,) = await teams.say("wachtwoord vergeten", attachments=[html, picture])
    (none,) = await teams.say("wachtwoord vergeten", attachments=[html])
    assert "Je bestand heb ik niet gelezen" in json.dumps(alone)
    assert "Je bestand heb ik niet gelezen" in json.dumps(both)
    assert "Je bestand" not in json.dumps(none)


@pytest.mark.parametrize(
    "name", ["message/submitAction", "task/fetch", "composeExtension/query", "", None]
)
async def test_an_invoke_that_is_not_ours_gets_an_empty_body_and_no_error(
    teams: Teams, name: str | None
) -> None:
    status, body = await teams.post(teams.activity(type="invoke", name=name, value={}))
    assert (status, body) == (200, {})


@pytest.mark.parametrize("value", [None, {}, {"action": "x"}, {"action": {"data": []}}, [1]])
async def test_a_press_without_a_payload_gets_a_sentence(teams: Teams, value: Any) -> None:
    status, body = await teams.post(
        teams.activity(type="invoke", name="adaptiveCard/action", value=value)
    )
    assert status == 200
    assert body["statusCode"] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"type": 1}', b"\xff", b"[" * 9000])
async def test_what_is_no_activity_is_a_bad_request(teams: Teams, body: bytes) -> None:
    assert (await teams.post(body))[0] == 400


@pytest.mark.parametrize("lacking", ["serviceUrl", "conversation", "from"])
async def test_an_activity_that_lacks_what_it_needs_is_a_bad_request(
    teams: Teams, lacking: str
) -> None:
    activity = teams.activity(text="hoi")
    del activity[lacking]
    assert (await teams.post(activity))[0] == 400


async def test_a_service_url_elsewhere_is_refused_before_anything_is_sent(teams: Teams) -> None:
    elsewhere = teams.activity(text="hoi", serviceUrl="http://169.254.169.254/latest")
    assert (await teams.post(elsewhere))[0] == 403
    assert teams.bot.seen == []


async def test_typing_shows_when_an_answer_takes_longer(teams: Teams) -> None:
    teams.bot.seconds = 1.3
    (answer,) = await teams.say("wachtwoord vergeten")
    (typing,) = teams.connector.typing
    assert typing.activity == {"type": "typing"}
    assert typing.conversation == "chat-ann"
    assert card(answer)


async def test_a_sender_is_looked_up_once(teams: Teams) -> None:
    for _ in range(3):
        await teams.say("hoi")
    assert [one.sender.email for one in teams.bot.seen] == ["docent1@kerncollege.example"] * 3
    assert sum("/members/" in path for _, path, _ in teams.connector.calls) == 1


async def test_a_hundred_at_once_each_get_their_own_answer(teams: Teams) -> None:
    posts = [
        teams.post(
            teams.activity(
                text="wachtwoord vergeten",
                **{"from": {"id": f"29:{number}", "name": f"Docent {number}"}},
                conversation={"id": f"chat-{number}", "tenantId": TENANT},
            )
        )
        for number in range(100)
    ]
    assert {status for status, _ in await asyncio.gather(*posts)} == {200}
    assert len({one.conversation for one in teams.connector.sent}) == 100


async def test_text_of_people_cannot_mention_or_hide_a_link(teams: Teams) -> None:
    name = "<at>Iedereen</at> [klik](https://evil.example)"
    (sent,) = await teams.say("hoi", **{"from": {"id": "29:x", "name": name}})
    assert "<at>Iedereen</at> [klik](" in json.dumps(sent, ensure_ascii=False)
    assert "entities" not in sent
    assert '"type": "TextBlock"' not in json.dumps(sent)
    runs = [run for block in card(sent)["body"] for run in block.get("inlines", [])]
    links = [run for run in runs if "selectAction" in run]
    assert [run["text"] for run in links] == [run["selectAction"]["url"] for run in links]
    assert links


async def test_who_removed_the_bot_gets_no_redeliveries(teams: Teams) -> None:
    teams.connector.uninstalled.add("chat-ann")
    assert (await teams.post(teams.activity(text="wachtwoord vergeten")))[0] == 200
    assert teams.connector.sent == []


async def test_the_same_id_in_two_conversations_is_two_messages(teams: Teams) -> None:
    await teams.say("wie is mijn mediacoach", id="same")
    bob = {"id": "29:bob", "name": "Bob"}
    (sent,) = await teams.say(
        "wachtwoord vergeten",
        id="same",
        conversation={"id": "chat-bob", "conversationType": "personal", "tenantId": TENANT},
        **{"from": bob},
    )
    assert "Coach Een" not in json.dumps(sent)


async def test_a_message_without_an_id_is_a_bad_request(teams: Teams) -> None:
    assert (await teams.post(teams.activity(text="hoi", id="")))[0] == 400


async def test_a_redelivery_while_the_first_is_under_way_is_answered_once(teams: Teams) -> None:
    teams.bot.seconds = 0.3
    activity = teams.activity(text="wachtwoord vergeten")
    answers = await asyncio.gather(*(teams.post(activity) for _ in range(5)))
    assert {status for status, _ in answers} == {200}
    assert len(teams.connector.sent) == 1


async def test_a_coach_is_not_shown_to_a_whole_channel_by_a_press(teams: Teams) -> None:
    thread = {"id": "19:c;messageid=1", "conversationType": "channel", "tenantId": TENANT}
    (sent,) = await teams.say("wachtwoord vergeten", conversation=thread)
    shown = teams.connector.sent[-1].id
    body = await teams.press(payload(card(sent), "Nee"), conversation=thread, replyToId=shown)
    assert body["value"] == "Dit is persoonlijk. Ik heb je geantwoord in onze eigen chat."
    public = [one for one in teams.connector.sent if one.conversation == thread["id"]]
    assert "Coach Een" not in json.dumps([one.activity for one in public])
    assert teams.connector.updates == []
    private = [one for one in teams.connector.sent if one.conversation != thread["id"]]
    assert "Coach Een" in json.dumps([one.activity for one in private])


async def test_a_press_changes_the_card_for_everyone_and_for_good(teams: Teams) -> None:
    (sent,) = await teams.say("wachtwoord vergeten")
    shown = teams.connector.sent[0].id
    body = await teams.press(payload(card(sent), "Ja, opgelost"), replyToId=shown)
    (update,) = teams.connector.updates
    assert card(update.activity) == body["value"]


async def test_a_new_package_is_no_reason_to_say_hello_again(teams: Teams) -> None:
    await teams.post(teams.activity(type="installationUpdate", action="add-upgrade"))
    assert teams.connector.sent == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("<at>Vraagbaak</at>&nbsp;help", "help"),
        ("<at>Vraagbaak</at> vraag van <at>Jan</at> &amp; mij\n", "vraag van Jan & mij"),
    ],
)
async def test_what_teams_wraps_a_message_in_is_taken_off(
    teams: Teams, text: str, heard: str
) -> None:
    entity = {"type": "mention", "mentioned": BOT, "text": "<at>Vraagbaak</at>"}
    await teams.say(text, entities=[entity])
    assert teams.bot.seen[-1].text == heard


async def test_an_installation_without_an_id_is_nobody_elses(teams: Teams) -> None:
    for number in range(2):
        chat = {"id": f"chat-{number}", "conversationType": "personal", "tenantId": TENANT}
        sender = {"id": f"29:{number}", "name": f"Docent {number}"}
        await teams.post(
            teams.activity(
                type="installationUpdate",
                action="add",
                id="",
                conversation=chat,
                **{"from": sender},
            )
        )
    said = [one.activity["summary"] for one in teams.connector.sent]
    assert said == ["Hoi Docent 0! Ik ben Vraagbaak.", "Hoi Docent 1! Ik ben Vraagbaak."]
