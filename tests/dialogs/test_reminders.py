"""Who picked a question up and forgets it is reminded once; then the coordinators hear of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.dialogs.clockwork import Clockwork
from bot.routing.model import Act
from tests.chat import ANN, COORDINATOR, keys
from tests.office import AD, BEA, MONDAY, Office, labels, local

DAY = timedelta(days=1)


async def reminded(office: Office, which: QuestionId) -> int:
    return sum(one.act is Act.REMIND for one in await office.events(which))


async def test_who_forgets_is_reminded_once_and_then_the_coordinators_hear_of_it(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    await office.move_to(MONDAY + 2 * DAY - timedelta(minutes=1))
    assert await office.told(AD) == []
    await office.move_to(MONDAY + 2 * DAY)
    (told,) = await office.told(AD)
    assert (keys(told), labels(told)) == (["question.told.remind"], ["question.open_it"])
    assert "question.work.send" in labels(await office.press(told.buttons[0], AD))
    assert await office.told(COORDINATOR) == []
    await office.move_to(MONDAY + 4 * DAY)
    (card,) = await office.told(COORDINATOR)
    assert (card.view, keys(card)[0]) == ("question.open", "question.told.late")
    assert labels(card) == ["question.open.give", "question.work.close"]
    await office.wait(days=30)
    for who in (AD, ANN, COORDINATOR):
        assert await office.told(who) == []
    assert (await office.question(which)).due is None
    assert await reminded(office, which) == 2


async def test_an_answer_in_time_spares_the_reminder(office: Office) -> None:
    which = await office.claimed(AD)
    await office.wait(days=1)
    await office.press(buttons.AnswerQuestion(question=which), AD, text="Zo.")
    await office.all_read()
    await office.wait(days=5)
    assert await reminded(office, which) == 0
    assert await office.told(AD) == []


async def test_what_is_not_solved_counts_from_then_on(office: Office) -> None:
    which = await office.answered(AD)
    await office.wait(days=1)
    await office.press(buttons.Solved(question=which, solved=False))
    await office.all_read()
    await office.move_to(MONDAY + 2 * DAY)
    assert await office.told(AD) == []
    await office.move_to(MONDAY + 3 * DAY)
    assert [keys(one) for one in await office.told(AD)] == [["question.told.remind"]]


async def test_who_gets_it_from_another_is_reminded_in_turn(office: Office) -> None:
    which = await office.claimed(AD)
    await office.wait(days=2)
    bea = str((await office.person(BEA)).id)
    await office.press(buttons.HandOver(question=which), AD, coach=bea)
    await office.all_read()
    await office.wait(days=2)
    assert [keys(one) for one in await office.told(BEA)] == [["question.told.remind"]]
    assert await office.told(AD) == await office.told(COORDINATOR) == []


async def test_who_was_asked_something_back_is_reminded_once_and_nobody_else(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await office.press(buttons.AskBack(question=which), AD, text="Welk lokaal?")
    await office.all_read()
    await office.wait(days=30)
    (told,) = await office.told(ANN)
    assert (keys(told), labels(told)) == (["question.told.wait_for_you"], ["question.open_it"])
    assert await office.told(AD) == await office.told(COORDINATOR) == []
    await office.press(buttons.AddLine(question=which), text="Lokaal 12")
    await office.all_read()
    await office.wait(days=4)
    assert [keys(one) for one in await office.told(AD)] == [["question.told.remind"]]


async def test_a_reminder_comes_in_the_working_time_of_who_gets_it(office: Office) -> None:
    await office.move_to(local("vr", 16))
    await office.claimed(AD)
    await office.all_read()
    await office.press(buttons.GoAway(first="2026-03-09", last="2026-03-13"), AD)
    await office.move_to(local("di", 15, 59) + 7 * DAY)
    assert await office.told(AD) == []
    await office.move_to(local("di", 16) + 7 * DAY)
    assert [keys(one) for one in await office.told(AD)] == [["question.told.remind"]]


async def test_of_a_question_whose_coach_left_the_coordinators_hear(office: Office) -> None:
    await office.claimed(AD)
    await office.change(AD, active=False)
    await office.all_read()
    await office.wait(days=2)
    assert await office.told(AD) == []
    assert [keys(one)[0] for one in await office.told(COORDINATOR)] == ["question.told.late"]


@pytest.mark.parametrize("days", [2, 4])
async def test_two_processes_remind_once(office: Office, days: int) -> None:
    which = await office.claimed(AD)
    await office.wait(days=days - 1)
    before = await reminded(office, which)
    office.chat.clock.move_to(office.now + DAY)
    both = [Clockwork(office.chat.store.begin, office.chat.desk) for _ in range(2)]
    await asyncio.gather(*(one.run(office.now) for one in both))
    assert await reminded(office, which) == before + 1
