"""The same question sent again while the first is open is that one, and not a second."""

from typing import Any

import pytest

from bot.core import buttons
from bot.core.ids import PersonId
from bot.core.reply import Reply
from bot.routing.model import State
from tests.chat import keys, press_of
from tests.office import AD, BOB, CAS, TEXT, Office, labels

TYPED = ("zeilboot overtuigen", "Zeilboot  OVERTUIGEN?!", "zeilboot overtuigen.\n")


async def send(office: Office, text: str = TEXT, **changes: Any) -> Reply:
    draft = buttons.SendQuestion(draft=f"other:{next(office.numbers)}")
    return await office.press(draft, **{"text": text, **changes})


@pytest.mark.parametrize("text", TYPED)
async def test_who_sends_it_again_sees_the_one_that_is_open(office: Office, text: str) -> None:
    which = await office.send()
    await office.all_read()
    reply = await send(office, text)
    assert keys(reply)[:2] == ["question.same.open", "question.mine.title"]
    assert labels(reply) == ["question.mine.edit", "question.mine.withdraw"]
    assert (reply.replaces, reply.subject) == (True, f"question:{which}")
    assert len(await office.questions()) == 1
    assert await office.told(AD) == []


@pytest.mark.parametrize("text", TYPED)
async def test_who_types_it_again_sees_the_one_that_is_open(office: Office, text: str) -> None:
    await office.send()
    (reply,) = await office.say(text)
    assert keys(reply)[0] == "question.same.open"
    assert labels(reply)[-1] == "compose.urgent"


async def test_it_shows_how_far_it_is_and_what_can_be_done(office: Office) -> None:
    which = await office.claimed(AD)
    claimed = await send(office)
    assert "question.mine.claimed" in keys(claimed)
    assert claimed.links
    await office.press(buttons.AnswerQuestion(question=which), AD, text="Zo.")
    answered = await send(office)
    assert answered.view == "question.answered"
    assert labels(answered) == ["answer.helped_yes", "question.answered.no"]


async def test_what_is_said_along_goes_with_the_first(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    reply = await send(office, note="Het is een kleine boot.")
    await office.press(press_of(reply, "question.same.add"))
    (told,) = await office.told(AD)
    assert keys(told) == ["question.told.added"]
    assert (await office.events(which))[-1].text == "Het is een kleine boot."


async def test_a_class_that_waits_now_is_a_reason_and_takes_the_place_of_the_first(
    office: Office,
) -> None:
    first = await office.send()
    await office.all_read()
    reply = await send(office, urgent=True)
    # The numbers to call come at once, whatever becomes of the question.
    assert keys(reply)[0] == "compose.call"
    again = press_of(reply, "compose.urgent")
    await office.press(again)
    await office.press(again)
    newest = await office.newest()
    assert (newest.draft.text, newest.draft.urgent) == (TEXT, True)
    assert (await office.question(first)).state is State.WITHDRAWN
    assert len(await office.questions()) == 2


async def test_what_somebody_has_stays_with_them_when_a_class_waits(office: Office) -> None:
    first = await office.claimed(AD)
    reply = await send(office, urgent=True)
    await office.press(press_of(reply, "compose.urgent"))
    assert await office.holder(first) == "Ad"
    assert (await office.newest()).id != first


async def test_another_coach_by_name_is_a_reason_one_who_was_asked_is_none(
    office: Office,
) -> None:
    await office.send()
    for who, another in ((CAS, True), (AD, False), (BOB, False)):
        reply = await send(office, coach=(await office.person(who)).id)
        assert ("question.same.anew" in labels(reply)) is another
    reply = await send(office, coach=(await office.person(CAS)).id)
    await office.press(press_of(reply, "question.same.anew"))
    assert (await office.newest()).draft.wanted == (await office.person(CAS)).id


async def test_a_hurry_too_many_makes_no_second_question(office: Office) -> None:
    for number in range(3):
        await send(office, f"{TEXT} {number}", urgent=True)
    first = await office.send()
    reply = await send(office, urgent=True)
    assert keys(reply)[:2] == ["compose.urgent_too_often", "question.same.open"]
    assert "compose.urgent" not in labels(reply)
    forged = buttons.SendQuestion(draft="f", urgent=True, instead=first)
    assert "question.same.open" in keys(await office.press(forged))
    assert (await office.newest()).id == first


async def test_what_ended_and_what_others_asked_is_asked_anew(office: Office) -> None:
    first = await office.send()
    await office.press(buttons.SendQuestion(draft="bob"), BOB, text=TEXT)
    assert len(await office.questions()) == 2
    await office.press(buttons.Withdraw(question=first))
    await send(office)
    assert len(await office.questions()) == 3


async def test_nobody_takes_the_place_of_somebody_elses_question(office: Office) -> None:
    first = await office.send()
    forged = buttons.SendQuestion(draft="f", urgent=True, instead=first)
    assert keys(await office.press(forged, BOB)) == ["compose.empty"]
    await office.press(forged, BOB, text="iets anders", coach=PersonId(0))
    assert (await office.question(first)).state is State.OFFERED
    assert (await office.newest()).asker == (await office.person(BOB)).id


@pytest.mark.parametrize("text", ["🛶🛶", "زورق شراعي"])
async def test_what_has_no_letters_of_ours_is_only_itself(office: Office, text: str) -> None:
    await send(office, text)
    await send(office, text)
    assert len(await office.questions()) == 1
    await send(office, f"{text}!")
    assert len(await office.questions()) == 2


async def test_two_long_texts_that_end_differently_are_two(office: Office) -> None:
    for end in ("dit", "dat", "dit"):
        await send(office, "zeil " * 450 + end)
    assert len(await office.questions()) == 2
