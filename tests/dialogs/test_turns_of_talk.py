"""Going on about a question, and asking two at once."""

from datetime import timedelta

from bot.core import buttons
from bot.core.reply import Channel, Incoming, Place, Reply, Say, Words
from bot.dialogs.ask import IN_SHORT
from bot.knowledge.follow_up import WINDOW
from tests import factories
from tests.chat import ANN, Chat, keys, press_of

BOB = factories.sender("29:bob", name="Bob", email="docent2@kerncollege.example")
NEW = factories.sender("29:new", name="Sanne")
SCREEN, GOES_ON = "Hoe deel ik mijn scherm?", "en de zeilboot dan?"
TWO = "Hoe deel ik mijn scherm? En hoe stel ik een nieuw wachtwoord in?"
FOLLOWS, ONE_OF = "reading.follows", "reading.one_of"


def said(reply: Reply, key: str) -> Say:
    """Return the line of a reply that bears a text of the catalogue."""
    return next(one for one in reply.blocks if isinstance(one, Say) and one.key == key)


def titles(reply: Reply) -> list[str]:
    return [one.text for one in reply.blocks if isinstance(one, Words) and one.style == "title"]


async def texts(chat: Chat) -> list[str]:
    """Return what was stored of each question, in order."""
    async with chat.store.reading() as work:
        return [one.text for one in work.knowledge._on.asked.values()]


async def test_the_card_says_what_a_message_was_read_as(chat: Chat) -> None:
    await chat.say("scherm delen in een les")
    (reply,) = await chat.say("en in de les?")
    assert reply.view == "answer"
    assert titles(reply) == [SCREEN]
    assert keys(reply)[0] == FOLLOWS
    assert said(reply, FOLLOWS).data == {"question": "scherm delen in een les"}
    assert await texts(chat) == [
        "scherm delen in een les",
        "scherm delen in een les\nen in de les?",
    ]


async def test_who_helps_reads_the_question_before_as_well(chat: Chat) -> None:
    await chat.say(SCREEN)
    (reply,) = await chat.say(GOES_ON)
    assert reply.view == "no_answer"
    assert keys(reply)[:2] == [FOLLOWS, "no_answer.text"]
    (sent,) = await chat.press(press_of(reply, "compose.send"))
    assert f"{SCREEN}\n{GOES_ON}" in [one.text for one in sent.blocks if isinstance(one, Words)]


async def test_a_question_can_be_gone_on_about_for_ten_minutes(chat: Chat) -> None:
    await chat.say(SCREEN)
    chat.clock.move_to(chat.clock.now() + WINDOW - timedelta(seconds=5))
    assert FOLLOWS in keys((await chat.say(GOES_ON))[0])
    chat.clock.move_to(chat.clock.now() + WINDOW + timedelta(seconds=1))
    assert FOLLOWS not in keys((await chat.say(GOES_ON))[0])


async def test_it_is_ones_own_question_that_one_goes_on_about(chat: Chat) -> None:
    await chat.say(SCREEN)
    assert FOLLOWS not in keys((await chat.say(GOES_ON, BOB))[0])


async def test_what_was_asked_alone_with_the_bot_is_not_told_in_a_channel(chat: Chat) -> None:
    thread = Place(Channel.TEAMS, "19:x;messageid=1", personal=False)
    await chat.say(SCREEN)
    assert FOLLOWS not in keys((await chat.say(GOES_ON, place=thread))[0])
    await chat.say(SCREEN, place=thread)
    assert FOLLOWS in keys((await chat.say(GOES_ON, place=thread))[0])


async def test_a_question_of_its_own_follows_nothing(chat: Chat) -> None:
    await chat.say(SCREEN)
    for text in ("wachtwoord vergeten", "zeilboot overtuigen", "en wachtwoord vergeten"):
        assert FOLLOWS not in keys((await chat.say(text))[0])


async def test_a_long_question_is_told_again_in_short(chat: Chat) -> None:
    await chat.say("hoe overtuig ik een zeilboot " * 20)
    question = said((await chat.say(GOES_ON))[0], FOLLOWS).data["question"]
    assert isinstance(question, str)
    assert len(question) <= IN_SHORT
    assert question.endswith("…")


async def test_going_on_when_it_comes_again_is_answered_the_same(chat: Chat) -> None:
    await chat.say(SCREEN)
    again = Incoming(ANN, "twice", GOES_ON)
    assert await chat.send(again) == await chat.send(again)
    assert len(await texts(chat)) == 2


async def test_two_questions_get_two_answers_and_count_as_two(chat: Chat) -> None:
    first, second = await chat.say(TWO)
    assert (titles(first), titles(second)) == ([SCREEN], ["Hoe stel ik een nieuw wachtwoord in?"])
    assert said(first, ONE_OF).data == {"number": 1, "count": 2, "question": SCREEN}
    assert said(second, ONE_OF).data["number"] == 2
    assert await texts(chat) == [SCREEN, "hoe stel ik een nieuw wachtwoord in?"]
    for reply, text in ((first, SCREEN), (second, "hoe stel ik een nieuw wachtwoord in?")):
        (no,) = await chat.press(press_of(reply, "answer.helped_no"))
        (sent,) = await chat.press(press_of(no, "compose.send"))
        assert text in [one.text for one in sent.blocks if isinstance(one, Words)]


async def test_two_questions_that_come_again_are_answered_the_same(chat: Chat) -> None:
    again = Incoming(ANN, "twice", TWO)
    assert await chat.send(again) == await chat.send(again)
    assert len(await texts(chat)) == 2


async def test_what_goes_on_after_two_questions_is_about_the_second(chat: Chat) -> None:
    await chat.say(TWO)
    (reply,) = await chat.say(GOES_ON)
    assert said(reply, FOLLOWS).data["question"] == "hoe stel ik een nieuw wachtwoord in?"


async def test_what_was_taken_out_and_what_came_along_is_told_once(chat: Chat) -> None:
    first, second = await chat.say(f"{TWO} 123456782", files=1)
    assert keys(first)[:3] == ["note.files", "note.bsn", ONE_OF]
    assert keys(second)[0] == ONE_OF
    assert "123456782" not in "".join(await texts(chat))


async def test_a_newcomer_who_asked_two_things_gets_both_answers(chat: Chat) -> None:
    (location,) = await chat.say(TWO, NEW)
    assert location.view == "profile.location"
    done, first, second = await chat.press(buttons.PickLocation(), NEW)
    assert done.view == "profile.done"
    assert [first.view, second.view] == ["answer", "answer"]
