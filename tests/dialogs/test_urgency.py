"""Urgent is what a class waits for: its cards say so as long as that is true."""

from bot.core import buttons
from bot.core.reply import Reply
from bot.routing.model import State
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.office import AD, BEA, CAS, ROOM, Office, lines


def titles(cards: dict[str, list[Reply]]) -> dict[str, str]:
    return {name: keys(shown[-1])[0] for name, shown in cards.items() if name != "Docent Een"}


async def test_a_card_that_was_picked_up_says_urgent_until_the_class_is_gone(
    office: Office,
) -> None:
    which = await office.send(urgent="true")
    await office.press(buttons.Claim(question=which), AD)
    await office.wait(minutes=80)
    assert titles(await office.copies(which))["Ad"] == "question.work.urgent"
    await office.wait(minutes=15)
    # Nobody did anything: it is time that changes the card.
    assert set(titles(await office.copies(which)).values()) == {"question.work.title"}
    assert (await office.question(which)).state is State.CLAIMED


async def test_the_reminders_of_one_that_was_urgent_come_when_they_would_have(
    office: Office,
) -> None:
    which = await office.send(urgent="true")
    await office.press(buttons.Claim(question=which), AD)
    await office.all_read()
    await office.wait(days=1)
    assert await office.told(AD) == []
    await office.wait(days=2)
    (reminded,) = await office.told(AD)
    assert keys(reminded) == ["question.told.remind"]


async def test_what_nobody_picked_up_for_hours_is_not_urgent_any_more(office: Office) -> None:
    which = await office.send(urgent="true")
    await office.wait(minutes=10)
    (post,) = await office.told(ROOM)
    assert keys(post)[0] == "question.work.urgent"
    await office.wait(hours=4)
    assert set(titles(await office.copies(which)).values()) <= {
        "question.work.title",
        "question.open.nobody",
    }
    overview = await office.press(buttons.ShowQuestion(question=which), COORDINATOR)
    assert "question.work.urgent" not in keys(overview)


async def test_an_answer_ends_the_hurry(office: Office) -> None:
    which = await office.send(urgent="true")
    await office.press(buttons.Claim(question=which), AD)
    sent = await office.press(buttons.AnswerQuestion(question=which), AD, text="Zo.")
    assert keys(sent)[0] == "question.work.title"


async def test_a_card_in_a_channel_keeps_the_colleges_language_whoever_presses(
    office: Office,
) -> None:
    await office.say("taal english", CAS)
    await office.say("taal english", ANN)
    which = await office.send()
    await office.wait(hours=1)
    (post,) = await office.told(ROOM)
    assert post.language == "nl"
    (shown,) = await office.press_all(
        press_of(post, "question.work.claim"), CAS, place=ROOM, card="card-room"
    )
    assert (shown.language, lines(office, shown)[-1]) == ("nl", "Deze vraag ligt nu bij Cas.")
    assert {card.language for card in (await office.copies(which))[""]} == {"nl"}
    # What is for one who pressed in vain stays in their own.
    await office.say("taal english", BEA)
    (late,) = await office.press_all(press_of(post, "question.work.claim"), BEA, place=ROOM)
    assert (late.personal, late.language) == (True, "en")
