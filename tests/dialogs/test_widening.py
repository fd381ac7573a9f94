"""A question that nobody picks up reaches more people, in working time."""

from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.moments import WEEK
from bot.core.reply import Say
from bot.routing.model import State
from tests import factories
from tests.chat import ANN, COORDINATOR, keys
from tests.office import AD, BEA, BOB, CAS, DEE, MONDAY, ROOM, Office, labels, local, make_office


async def test_the_nearest_coach_is_asked_alone_at_first(office: Office) -> None:
    which = await office.send()
    assert await office.asked(which) == [("Ad", 1)]
    (card,) = await office.told(AD)
    assert card.view == "question.work"
    assert labels(card) == ["question.work.claim", "question.work.not_today"]
    assert "question.work.near" in keys(card)
    assert [await office.told(who) for who in (BEA, CAS, DEE, ANN)] == [[], [], [], []]


async def test_unclaimed_it_goes_to_two_more_then_to_all_and_the_channel_then_to_coordinators(
    office: Office,
) -> None:
    which = await office.send()
    await office.move_to(MONDAY + timedelta(minutes=19))
    assert len(await office.asked(which)) == 1
    await office.move_to(MONDAY + timedelta(minutes=20))
    assert await office.asked(which) == [("Ad", 1), ("Bea", 2), ("Cas", 2)]
    assert await office.told(ROOM) == []
    await office.move_to(MONDAY + timedelta(minutes=60))
    assert (await office.asked(which))[3:] == [("Dee", 3)]
    (post,) = await office.told(ROOM)
    assert (post.view, labels(post)) == ("question.channel", ["question.work.claim"])
    assert await office.told(COORDINATOR) == []
    await office.move_to(MONDAY + timedelta(minutes=180))
    (card,) = await office.told(COORDINATOR)
    assert keys(card)[0] == "question.open.nobody"
    assert labels(card) == ["question.open.give", "question.work.close"]


async def test_nobody_is_asked_or_told_twice_however_long_it_takes(office: Office) -> None:
    which = await office.send()
    await office.move_to(MONDAY + timedelta(days=9))
    assert len(await office.asked(which)) == 4
    for who in (AD, BEA, CAS, DEE, COORDINATOR, ROOM):
        views = [one.view for one in await office.told(who)]
        assert len(views) == len(set(views)), who


async def test_a_college_without_a_named_channel_goes_on_without_it() -> None:
    office = await make_office(named=False)
    which = await office.send()
    await office.move_to(MONDAY + timedelta(days=1))
    assert len(await office.asked(which)) == 4
    assert len(await office.told(COORDINATOR)) == 1
    assert await office.told(ROOM) == []


async def test_nothing_is_said_at_night_and_the_minutes_of_a_ring_are_working_minutes(
    office: Office,
) -> None:
    await office.move_to(local("ma", 17, 50))
    which = await office.send()
    (offer,) = await office.offers(which)
    assert offer.at == local("di", 9)
    await office.move_to(local("ma", 23))
    assert await office.told(AD) == []
    await office.move_to(local("di", 9))
    assert len(await office.told(AD)) == 1
    await office.move_to(local("di", 9, 19))
    assert await office.told(BEA) == []
    await office.move_to(local("di", 9, 20))
    assert len(await office.told(BEA)) == 1


async def test_a_weekend_counts_for_nothing(office: Office) -> None:
    await office.move_to(local("vr", 16, 50))
    await office.send()
    await office.move_to(local("zo", 23, 59))
    assert len(await office.told(AD)) == 1
    for who in (BEA, CAS, DEE, COORDINATOR, ROOM):
        assert await office.told(who) == []


async def test_the_asker_reads_honestly_from_when_on_it_is_seen(office: Office) -> None:
    await office.move_to(local("za", 12))
    which = await office.send()
    (card,) = (await office.copies(which))["Docent Een"]
    assert "question.mine.later" in keys(card)
    await office.move_to(local("ma", 9, 20) + timedelta(days=7))
    (card,) = (await office.copies(which))["Docent Een"]
    assert "question.mine.asked" in keys(card)


async def test_who_comes_back_is_asked_and_the_oldest_question_goes_first() -> None:
    office = await make_office(named=False)
    away = buttons.GoAway(first="2026-03-02", last="2026-03-03")
    for who in (AD, BEA, CAS, DEE):
        await office.press(away, who)
    older = await office.send(text="zeilboot een")
    await office.wait(minutes=5)
    newer = await office.send(text="zeilboot twee")
    assert await office.asked(older) == await office.asked(newer) == []
    assert (await office.question(older)).state is State.OPEN
    await office.all_read()
    await office.press(buttons.BackAgain(), BEA)
    await office.move_to(MONDAY + timedelta(hours=2))
    shown = [one.blocks[1] for one in await office.told(BEA) if one.view == "question.work"]
    assert [getattr(one, "text", "") for one in shown] == ["zeilboot een", "zeilboot twee"]


async def test_when_nobody_can_be_asked_the_coordinators_hear_it_at_once() -> None:
    office = await make_office(named=False)
    for who in (AD, BEA, CAS, DEE):
        await office.press(buttons.NotToday(), who)
    which = await office.send()
    (mine,) = (await office.copies(which))["Docent Een"]
    assert "question.mine.nobody" in keys(mine)
    assert [one.view for one in await office.told(COORDINATOR)] == ["question.open"]


async def test_a_coordinator_who_left_is_told_nothing(office: Office) -> None:
    await office.change(COORDINATOR, active=False)
    await office.send()
    await office.move_to(MONDAY + timedelta(days=1))
    assert await office.told(COORDINATOR) == []


async def test_an_offer_that_was_not_sent_yet_is_spared_who_need_not_see_it(
    office: Office,
) -> None:
    await office.move_to(local("ma", 18))
    which = await office.send()
    await office.press(buttons.Withdraw(question=which), ANN)
    await office.move_to(local("di", 12))
    assert await office.told(AD) == []


async def test_the_asker_is_told_when_all_are_asked_and_when_the_coordinators_are(
    office: Office,
) -> None:
    await office.send()
    await office.move_to(MONDAY + timedelta(minutes=59))
    assert await office.told(ANN) == []
    await office.move_to(MONDAY + timedelta(minutes=60))
    assert [keys(one) for one in await office.told(ANN)] == [["question.told.widened"]]
    await office.move_to(MONDAY + timedelta(minutes=180))
    assert [keys(one) for one in await office.told(ANN)] == [["question.told.coordinator"]]
    await office.wait(days=9)
    assert await office.told(ANN) == []


async def test_nothing_of_it_is_told_at_night_or_when_the_question_was_just_sent(
    office: Office,
) -> None:
    week = buttons.GoAway(first="2026-03-02", last="2026-03-08")
    for who in (BEA, CAS, DEE):
        await office.press(week, who)
    await office.move_to(local("ma", 20))
    which = await office.send()
    await office.press(week, AD)
    assert (await office.question(which)).ring == 3
    await office.send(text="zeilboot twee")
    await office.move_to(local("di", 8))
    assert await office.told(ANN) == []


async def test_who_cannot_be_told_anything_is_passed_over(office: Office) -> None:
    async with office.chat.store.begin() as work:
        await work.addresses.lose(AD.channel, AD.address, "removed")
    assert await office.asked(await office.send()) == [("Bea", 1)]
    (said,) = await office.say("wie is mijn mediacoach")
    assert said.blocks[0] == Say("coach.who", {"name": "Ad"}, "title")
    ad = str((await office.person(AD)).id)
    assert await office.asked(await office.send(coach=ad, text="zeilboot twee")) == [("Ad", 1)]


async def test_when_nobody_can_be_told_anything_the_card_waits_for_the_nearest(
    office: Office,
) -> None:
    async with office.chat.store.begin() as work:
        for who in (AD, BEA, CAS, DEE):
            await work.addresses.lose(who.channel, who.address, "removed")
    assert await office.asked(await office.send()) == [("Ad", 1)]


async def test_a_question_that_goes_wrong_holds_up_no_other(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = await office.send(BOB)
    await office.press(buttons.Claim(question=wrong), AD)
    await office.press(buttons.AnswerQuestion(question=wrong), AD, text="Zo doe je dat.")
    people = office.chat.store._shelves.people
    del people[(await office.person(BOB)).id]
    await office.move_to(MONDAY + timedelta(days=14))
    newer = await office.send()
    await office.wait(minutes=20)
    assert len(await office.asked(newer)) == 3
    assert (await office.question(wrong)).state is State.ANSWERED
    assert f"question {wrong}: LookupError" in caplog.text
    assert "zeilboot" not in caplog.text


async def test_the_channel_hears_nothing_at_night(office: Office) -> None:
    await office.move_to(local("ma", 22))
    for who in (AD, BEA, CAS, DEE):
        await office.press(buttons.GoAway(first="2026-03-02", last="2026-03-03"), who)
    await office.send()
    await office.move_to(local("di", 7, 59))
    assert await office.told(ROOM) == []
    await office.move_to(local("di", 8))
    assert [one.view for one in await office.told(ROOM)] == ["question.channel"]


async def test_the_channel_hears_at_night_of_a_class_that_waits(office: Office) -> None:
    await office.move_to(local("ma", 21, 30))
    late = factories.profile(pattern=dict.fromkeys(WEEK, "09:00-23:00"))
    async with office.chat.store.begin() as work:
        for who in (AD, BEA, CAS, DEE):
            work.people._on.profiles[(await office.person(who)).id] = late
    await office.send(urgent="true")
    await office.move_to(local("ma", 21, 40))
    assert [one.view for one in await office.told(ROOM)] == ["question.channel"]


async def test_who_works_is_told_at_once_and_who_does_not_when_they_do_again(
    office: Office,
) -> None:
    desk, ad = office.chat.desk, (await office.person(AD)).id
    ann = (await office.person(ANN)).id
    async with office.chat.store.begin() as work:
        assert await desk.works_at(work, ad, office.now) == office.now
        assert await desk.works_at(work, ad, local("vr", 18)) == local("ma", 9) + timedelta(days=7)
        assert await desk.works_at(work, ann, local("za", 9)) == local("ma", 8) + timedelta(days=7)
