"""Walk-in hours are offered wherever a coach is: on the coach's card, and where the FAQ ends."""

import pytest

from bot.core.reply import Reply
from tests.chat import ANN, keys, press_of
from tests.office import AD, BEA, CAS, labels, local
from tests.walkin import WalkInOffice, make_walkin_office


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


async def coach(office: WalkInOffice) -> Reply:
    return (await office.say("wie is mijn mediacoach"))[0]


async def test_the_coachs_card_says_when_the_next_hour_is(office: WalkInOffice) -> None:
    assert labels(await coach(office)) == ["coach.ask"]
    await office.hour(BEA, weekday="di")
    assert labels(await coach(office)) == ["coach.ask"]
    await office.hour(AD)
    card = await coach(office)
    assert "Inloopuur: woensdag om 12:00, B2.04, Kerngebouw." in await office.show(card)
    shown = await office.press(press_of(card, "coach.walkin_button"))
    assert shown.view == "walkin.list"
    await office.move_to(local("wo", 12, 30))
    card = await coach(office)
    assert "Nu inloopuur, tot 13:00: B2.04, Kerngebouw." in await office.show(card)
    assert labels(card)[-1] == "coach.walkin_button"
    await office.move_to(local("wo", 13))
    shown_lines = await office.show(await coach(office))
    assert "Inloopuur: woensdag 11 maart om 12:00, B2.04, Kerngebouw." in shown_lines


async def holding(office: WalkInOffice) -> dict[str, bool]:
    ann = await office.person(ANN)
    async with office.chat.store.reading() as work:
        near = await office.chat.root.coach.nearby.to(work, ann, office.now)
    return {coach.person.name: ranked.coach.available.walk_in for coach, ranked in near.all}


async def test_who_has_an_hour_now_is_nearer(office: WalkInOffice) -> None:
    await office.hour(CAS)
    assert not any((await holding(office)).values())
    await office.move_to(local("wo", 12))
    assert await holding(office) == {"Ad": False, "Bea": False, "Cas": True, "Dee": False}
    await office.move_to(local("wo", 13))
    assert not any((await holding(office)).values())


async def test_who_will_have_an_hour_counts_as_nearer_at_that_moment(office: WalkInOffice) -> None:
    await office.hour(CAS)
    ann = await office.person(ANN)
    async with office.chat.store.reading() as work:
        around = await office.chat.root.coach.nearby.around(work, ann, office.now)
    for moment, names in ((local("wo", 11, 59), []), (local("wo", 12), ["Cas"])):
        there = around.at(moment).all
        assert [one.person.name for one, near in there if near.coach.available.walk_in] == names


async def test_where_the_faq_ends_one_can_walk_in_as_well(office: WalkInOffice) -> None:
    (nothing,) = await office.say("zeilboot overtuigen")
    assert "coach.walkin_button" not in labels(nothing)
    await office.hour(AD)
    (nothing,) = await office.say("zeilboot overtuigen")
    assert labels(nothing) == [
        "compose.send",
        "compose.urgent",
        "compose.adjust",
        "coach.walkin_button",
    ]
    (answer,) = await office.say("wachtwoord vergeten")
    card = await office.press(press_of(answer, "coach.ask"))
    assert labels(card)[-2:] == ["compose.drop", "coach.walkin_button"]
    not_helped = await office.press(press_of(answer, "answer.helped_no"))
    assert "coach.walkin_button" in labels(not_helped)
    assert keys(await office.press(press_of(card, "coach.walkin_button")))[0] == "walkin.list.title"
