"""Every message gets a reply, once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core import buttons
from bot.core.errors import ConflictError
from bot.core.ids import AskedId, EntryId
from bot.core.reply import Incoming
from tests import factories
from tests.chat import ANN, Chat, keys, make_root
from tests.chat import press_of as button
from tests.fakes import MemoryStore


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "error.empty"),
        ("   ", "error.empty"),
        ("😀", "error.no_words"),
        ("7", "error.no_words"),
    ],
)
async def test_a_message_without_words_gets_a_hint(chat: Chat, text: str, key: str) -> None:
    (reply,) = await chat.say(text)
    assert keys(reply) == [key]


@pytest.mark.parametrize("text", ["help", "Help!", "?", "wat kun je"])
async def test_help_is_recognised(chat: Chat, text: str) -> None:
    (reply,) = await chat.say(text)
    assert reply.view == "help"


async def test_greetings_and_thanks_get_one_line(chat: Chat) -> None:
    (hello,) = await chat.say("Hoi!")
    (thanks,) = await chat.say("bedankt")
    assert keys(hello) == ["small_talk.greeting"]
    assert keys(thanks) == ["small_talk.thanks"]


@pytest.mark.parametrize(
    ("text", "view", "key"),
    [
        ("wie is mijn mediacoach?", "coach", "coach.who"),
        ("vraag een mediacoach", "compose", "compose.who"),
    ],
)
async def test_the_coach_is_found_by_the_title_of_this_college(
    chat: Chat, text: str, view: str, key: str
) -> None:
    (reply,) = await chat.say(text)
    assert reply.view == view
    assert key in keys(reply)


async def test_a_language_that_we_do_not_speak_gets_a_hint(chat: Chat) -> None:
    for text in ("taal", "taal frans"):
        (reply,) = await chat.say(text)
        assert keys(reply) == ["error.no_language"]


async def test_the_language_stays_until_it_is_changed_back(chat: Chat) -> None:
    (english,) = await chat.say("taal english")
    (later,) = await chat.say("help")
    (dutch,) = await chat.press(later.buttons[1])
    assert [reply.language for reply in (english, later, dutch)] == ["en", "en", "nl"]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"kind": "rate"},
        {"kind": "rate", "v": 1},
        {"kind": "rate", "v": 99, "asked": 1},
        {"kind": "rate", "v": 1, "asked": "een", "entry": "x", "helped": True},
        {"kind": "help", "v": 1, "more": "than there was"},
        {"kind": ["help"], "v": {}},
    ],
)
async def test_a_button_that_is_not_known_gets_a_sentence(
    chat: Chat, payload: dict[str, Any]
) -> None:
    (reply,) = await chat.send(Incoming(ANN, "old", button=payload))
    assert keys(reply) == ["error.old_button"]


async def test_help_and_coach_have_a_button(chat: Chat) -> None:
    (helped,) = await chat.press(buttons.Help())
    (coach,) = await chat.say("mijn mediacoach")
    composed = [(await chat.press(button(one, "coach.ask")))[0] for one in (helped, coach)]
    assert (helped.view, coach.view) == ("help", "coach")
    assert [keys(one)[0] for one in composed] == ["compose.type"] * 2


async def test_a_redelivered_message_gets_its_earlier_reply_and_changes_nothing(
    chat: Chat,
) -> None:
    incoming = Incoming(ANN, "same", "wachtwoord vergeten")
    first = await chat.send(incoming)
    again = await chat.send(incoming)
    assert again == first
    yes, no = (button(first[0], key) for key in ("answer.helped_yes", "answer.helped_no"))
    pressed = Incoming(ANN, "yes", button=yes.payload)
    rated = await chat.send(pressed)
    await chat.press(no)
    assert await chat.send(pressed) == rated
    async with chat.store.reading() as work:
        assert await work.knowledge.ratings(EntryId("wachtwoord-vergeten")) == (0, 1)


async def test_the_same_message_twice_at_once_is_handled_once(chat: Chat) -> None:
    incoming = Incoming(ANN, "same", "wachtwoord vergeten")
    replies = await asyncio.gather(*(chat.send(incoming) for _ in range(20)))
    assert len(set(map(repr, replies))) == 1
    async with chat.store.reading() as work:
        assert not await work.knowledge.asked(AskedId(2))


class Losing:
    """A store on which another process is first, a number of times."""

    def __init__(self, store: MemoryStore, times: int) -> None:
        self.store, self.times = store, times
        self.reading = store.reading

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        async with self.store.begin() as work:
            yield work
            if self.times:
                self.times -= 1
                raise ConflictError("someone was first")


async def test_a_turn_that_lost_against_another_process_is_done_again(chat: Chat) -> None:
    chat.root = make_root(Losing(chat.store, 2), chat.clock)
    (reply,) = await chat.say("wachtwoord vergeten")
    assert reply.view == "answer"


async def test_what_goes_wrong_is_told_logged_without_text_and_not_stored(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.root = make_root(Losing(chat.store, 99), chat.clock)
    with caplog.at_level(logging.ERROR):
        (reply,) = await chat.say("geheime vraag over mijn wachtwoord")
    assert keys(reply) == ["error.unexpected"]
    assert "geheime" not in caplog.text
    assert "a turn failed" in caplog.text
    async with chat.store.reading() as work:
        assert not await work.knowledge.asked(AskedId(1))


async def test_nobody_is_left_without_a_coach_card(chat: Chat) -> None:
    store = MemoryStore()
    chat.root = make_root(store, chat.clock)
    new = factories.sender("29:new")
    (compose,) = await chat.press(buttons.AskCoach(), new)
    (coach,) = await chat.say("wie is mijn mediacoach", new)
    assert keys(compose) == keys(coach) == ["coach.none", "coach.servicedesk"]
    assert not compose.buttons


async def test_a_sign_that_no_database_takes_does_not_lose_the_question(chat: Chat) -> None:
    (reply,) = await chat.say("wachtwoord\0 vergeten", factories.sender(name="A\0nn"))
    assert reply.view in ("answer", "profile.location")


async def test_half_an_emoji_does_not_lose_the_question(chat: Chat) -> None:
    (reply,) = await chat.say("wachtwoord \ud83d vergeten")
    assert reply.view == "answer"


async def test_who_could_not_be_looked_up_at_first_is_known_later(chat: Chat) -> None:
    (first,) = await chat.say("wachtwoord vergeten", factories.sender("29:x"))
    assert first.view == "profile.location"
    known = factories.sender("29:x", email="docent2@kerncollege.example")
    (later,) = await chat.say("wachtwoord vergeten", known)
    assert later.view == "answer"


async def test_an_old_card_does_not_move_whom_the_college_placed(chat: Chat) -> None:
    (reply,) = await chat.press(buttons.PickLocation())
    assert keys(reply) == ["error.old_button"]
    async with chat.store.reading() as work:
        person = await work.people.by_address(ANN.channel, ANN.address)
    assert person is not None
    assert person.teams
