"""What a teacher is promised stays on the card, and stays true."""

from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.reply import Reply
from tests.chat import ANN, keys
from tests.office import AD, BEA, CAS, DEE, MONDAY, Office, lines, local

WORD = "Je hoort maandag 2 maart vóór {} iets."


def word(office: Office, reply: Reply) -> str:
    """Return the line that says by when there is word, or an empty string."""
    return next((line for line in lines(office, reply) if line.startswith("Je hoort ")), "")


async def mine(office: Office, which: QuestionId) -> Reply:
    (card,) = (await office.copies(which))["Docent Een"]
    return card


async def test_the_card_keeps_the_promise_that_was_made_before_sending(office: Office) -> None:
    compose = await office.press(buttons.AskCoach())
    assert word(office, compose) == "Je hoort vandaag vóór 11:00 iets."
    which = await office.send()
    assert word(office, await mine(office, which)) == WORD.format("11:00")
    await office.wait(minutes=30)
    assert word(office, await mine(office, which)) == WORD.format("11:00")
    (status,) = await office.say("status")
    assert word(office, status) == WORD.format("11:00")


async def test_it_is_made_anew_when_all_are_asked_and_ends_with_the_coordinators(
    office: Office,
) -> None:
    which = await office.send()
    await office.wait(hours=1)
    assert word(office, await mine(office, which)) == WORD.format("13:00")
    await office.wait(hours=2)
    assert not word(office, await mine(office, which))


async def test_it_ends_when_somebody_has_the_question_and_comes_back_when_it_is_given_back(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    assert not word(office, await mine(office, which))
    await office.press(buttons.Release(question=which), AD)
    assert word(office, await mine(office, which)) == WORD.format("11:00")


async def test_a_change_of_the_text_leaves_it_there(office: Office) -> None:
    which = await office.send()
    edited = await office.press(buttons.EditQuestion(question=which), text="zeppelin temmen")
    assert word(office, edited) == WORD.format("11:00")


async def test_of_coaches_who_went_home_nothing_is_promised_for_today(office: Office) -> None:
    await office.move_to(local("ma", 16, 50))
    which = await office.send()
    said = word(office, await mine(office, which))
    assert said == "Je hoort dinsdag 3 maart vóór 09:45 iets."


async def test_leave_of_who_would_be_asked_counts(office: Office) -> None:
    for who in (AD, BEA, CAS, DEE):
        await office.press(buttons.GoAway(first="2026-03-03", last="2026-03-03"), who)
    await office.move_to(local("ma", 16, 50))
    which = await office.send()
    said = word(office, await mine(office, which))
    # On Tuesday there is nobody for the second ring: Ad has the time of both.
    assert said == "Je hoort woensdag 4 maart vóór 10:00 iets."


async def test_a_class_that_waits_reads_numbers_and_no_promise(office: Office) -> None:
    urgent = buttons.SendQuestion(draft="u", urgent=True)
    sent = await office.press(urgent, text="zeilboot overtuigen")
    assert not word(office, sent)


@pytest.mark.parametrize("days", [0, 1, 8])
async def test_no_card_that_stays_says_today_or_tomorrow(office: Office, days: int) -> None:
    await office.move_to(MONDAY + timedelta(hours=12))
    which = await office.send()
    await office.wait(days=days)
    cards = [card for found in (await office.copies(which)).values() for card in found]
    cards += await office.say("mijn vragen", ANN)
    said = [line for card in cards for line in lines(office, card)]
    assert len(cards) > 1
    assert not [line for line in said if "vandaag" in line or "morgen" in line]


async def test_who_sees_it_later_is_named_with_the_day(office: Office) -> None:
    await office.move_to(local("vr", 20))
    which = await office.send()
    card = await mine(office, which)
    assert "question.mine.later" in keys(card)
    assert "Ad ziet je vraag maandag 9 maart om 09:00." in lines(office, card)
    assert word(office, card) == "Je hoort maandag 9 maart vóór 10:00 iets."
