"""A coach's day, and a coordinator's overview; and what stored events make of who is near."""

from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.reply import Choose, Reply, Say, Sender
from bot.proximity.model import Part, Ranked
from bot.routing.model import State
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.office import (
    AD,
    BEA,
    BOB,
    CAS,
    DEE,
    MONDAY,
    TEXT,
    Office,
    labels,
    lines,
    local,
    make_office,
    words,
)


def counts(reply: Reply) -> tuple[object, object]:
    """Return how many questions a coach holds and is asked, by the card."""
    said = next(one for one in reply.blocks if isinstance(one, Say) and one.key == "duty.counts")
    return said.data["held"], said.data["asked"]


async def test_my_work_shows_what_one_holds_and_is_asked_each_a_line_to_tap(
    office: Office,
) -> None:
    held = await office.claimed(AD)
    await office.send(text="zeilboot twee")
    (reply,) = await office.say("mijn werk", AD)
    assert counts(reply) == (1, 1)
    assert lines(office, reply)[2:] == [
        f"  [1] V-{1000 + held} · {TEXT} (opgepakt, maandag 2 maart om 10:00)",
        "  [2] V-1002 · zeilboot twee (wacht, maandag 2 maart om 10:00)",
        "  [3] Nu even niet",
        "  [4] Ik ben afwezig",
    ]
    assert "question.work.send" in labels(await office.press(reply.buttons[0], AD))
    assert "question.work.claim" in labels(await office.press(reply.buttons[1], AD))


async def test_not_today_passes_on_what_one_was_asked_and_keeps_what_one_has(
    office: Office,
) -> None:
    kept = await office.claimed(AD)
    which = await office.send(text="zeilboot twee")
    reply = await office.press(buttons.NotToday(), AD)
    assert (keys(reply), labels(reply)) == (["duty.not_today"], ["duty.back"])
    assert await office.asked(which) == [("Ad", 1), ("Bea", 2), ("Cas", 2)]
    assert await office.holder(kept) == "Ad"
    later = await office.send(text="zeilboot drie")
    assert await office.asked(later) == [("Bea", 1)]
    await office.move_to(local("di", 10))
    tomorrow = await office.send(text="zeilboot vier")
    assert await office.asked(tomorrow) == [("Ad", 1)]


async def test_what_others_were_asked_as_well_does_not_hurry_on(office: Office) -> None:
    which = await office.send()
    await office.wait(minutes=20)
    await office.press(buttons.NotToday(), BEA)
    assert len(await office.asked(which)) == 3


async def test_who_is_back_is_asked_again(office: Office) -> None:
    await office.say("nu even niet", AD)
    (back,) = await office.say("ik ben er weer", AD)
    assert keys(back) == ["duty.is_back"]
    (again,) = await office.say("ik ben er weer", AD)
    assert keys(again) == ["duty.was_there"]
    assert await office.asked(await office.send()) == [("Ad", 1)]


async def test_the_form_offers_a_month_of_days_and_no_end(office: Office) -> None:
    (form,) = await office.say("ik ben afwezig", AD)
    first, last = [block for block in form.blocks if isinstance(block, Choose)]
    assert (first.options[0].value, first.value) == ("2026-03-02", "2026-03-02")
    assert (len(first.options), len(last.options)) == (31, 32)
    assert last.options[-1].value == "open"


async def test_who_goes_away_is_asked_what_becomes_of_what_they_hold(office: Office) -> None:
    first = await office.claimed(AD)
    second = await office.claimed(AD, text="zeilboot twee")
    await office.all_read()
    (form,) = await office.say("afwezig", AD)
    reply = await office.press(
        press_of(form, "duty.away_send"), AD, first="2026-03-02", last="2026-03-06"
    )
    assert lines(office, reply)[:4] == [
        ("Je bent afwezig van 2 maart 2026 tot en met 6 maart 2026. Dan vraag ik je niets."),
        "Je hebt nog vragen opgepakt: 2. Zal ik ze teruggeven?",
        f"V-1001 · {TEXT}",
        "V-1002 · zeilboot twee",
    ]
    given = await office.press(press_of(reply, "duty.hand_back"), AD)
    assert given.blocks == (Say("duty.handed_back", {"count": 2}),)
    for which in (first, second):
        assert (await office.question(which)).state is State.OFFERED
        assert "Ad" not in dict(await office.asked(which))
    assert {keys(one)[0] for one in await office.told(ANN)} == {"question.told.released"}
    assert await office.told(AD) == []


async def test_who_keeps_what_they_hold_goes_on_with_it(office: Office) -> None:
    which = await office.claimed(AD)
    reply = await office.press(buttons.GoAway(first="2026-03-02", last="2026-03-06"), AD)
    mine = await office.press(press_of(reply, "duty.keep"), AD)
    assert counts(mine) == (1, 0)
    assert "duty.away" in keys(mine)
    assert labels(mine) == ["question.row.claimed", "duty.back"]
    assert await office.holder(which) == "Ad"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-05", "2026-03-04"),
        ("2026-03-01", "2026-03-04"),
        ("gisteren", "open"),
        ("open", ""),
        ("2026-03-02", "2026-13-45"),
    ],
)
async def test_days_that_cannot_be_show_the_form_again(
    office: Office, first: str, last: str
) -> None:
    reply = await office.press(buttons.GoAway(first=first, last=last), AD)
    assert keys(reply)[0] == "duty.wrong_days"
    assert labels(reply) == ["duty.away_send"]
    assert await office.asked(await office.send()) == [("Ad", 1)]


async def test_away_from_a_later_day_begins_then_and_ends_by_itself(office: Office) -> None:
    await office.press(buttons.GoAway(first="2026-03-04", last="2026-03-05"), AD)
    asked = {}
    for day in ("ma", "wo", "do", "vr"):
        await office.move_to(local(day, 11))
        asked[day] = (await office.asked(await office.send()))[0][0]
    assert asked == {"ma": "Ad", "wo": "Bea", "do": "Bea", "vr": "Ad"}


async def test_who_is_away_when_they_would_see_it_is_not_asked(office: Office) -> None:
    await office.press(buttons.GoAway(first="2026-03-03", last="2026-03-03"), AD)
    await office.move_to(local("ma", 18))
    assert await office.asked(await office.send()) == [("Bea", 1)]
    assert await near(office, AD) is None
    await office.move_to(local("di", 18))
    assert await near(office, AD)


async def test_not_today_in_the_evening_stops_no_question_for_tomorrow(office: Office) -> None:
    await office.move_to(local("ma", 18))
    which = await office.send()
    await office.move_to(local("ma", 20))
    await office.press(buttons.NotToday(), AD)
    assert await office.asked(which) == [("Ad", 1)]
    assert await office.asked(await office.send(text="zeilboot twee")) == [("Ad", 1)]


async def test_what_one_would_see_in_a_leave_of_later_goes_on_at_once(office: Office) -> None:
    await office.move_to(local("ma", 18))
    which = await office.send()
    await office.press(buttons.GoAway(first="2026-03-03", last="2026-03-03"), AD)
    assert (await office.asked(which))[0] == ("Ad", 1)
    assert len(await office.asked(which)) == 3


async def test_what_one_sees_before_a_leave_of_later_stays_with_one(office: Office) -> None:
    which = await office.send()
    await office.press(buttons.GoAway(first="2026-03-03", last="2026-03-03"), AD)
    assert await office.asked(which) == [("Ad", 1)]


async def test_away_without_an_end_lasts_until_one_is_back(office: Office) -> None:
    reply = await office.press(buttons.GoAway(first="2026-03-02", last="open"), AD)
    assert keys(reply) == ["duty.away_open"]
    await office.wait(days=100)
    assert (await office.asked(await office.send()))[0][0] == "Bea"
    await office.press(buttons.BackAgain(), AD)
    assert (await office.asked(await office.send()))[0][0] == "Ad"


async def test_the_overview_adds_up_however_much_is_open(office: Office) -> None:
    (nothing,) = await office.say("overzicht", COORDINATOR)
    assert keys(nothing) == ["overview.title", "overview.nothing"]
    for number in range(12):
        await office.send(text=f"zeilboot {number}")
    for which in (1, 12):
        await office.press(buttons.Claim(question=QuestionId(which)), BEA)
    await office.press(buttons.NotToday(), AD)
    (reply,) = await office.say("overzicht", COORDINATOR)
    shown = lines(office, reply)
    assert shown[1] == "Wacht op een mediacoach: 10. Opgepakt: 2."
    assert shown[2] == "V-1001 is bij Bea, sinds maandag 2 maart om 10:00"
    assert keys(reply)[-2:] == ["overview.more", "overview.away"]
    assert "Afwezig: Ad" in shown
    assert len(reply.buttons) == 10
    card = await office.press(reply.buttons[1], COORDINATOR)
    assert labels(card) == ["question.open.give", "question.work.close"]


async def test_who_is_away_for_a_day_reads_one_day(office: Office) -> None:
    (form,) = await office.say("afwezig", AD)
    away = press_of(form, "duty.away_send")
    reply = await office.press(away, AD, first="2026-03-03", last="2026-03-03")
    assert lines(office, reply)[0] == "Je bent afwezig op 3 maart 2026. Dan vraag ik je niets."


async def test_the_overview_says_since_when_somebody_has_a_question(office: Office) -> None:
    which = await office.send()
    await office.send(text="zeppelin temmen")
    await office.wait(minutes=20)
    await office.press(buttons.Claim(question=which), AD)
    (reply,) = await office.say("overzicht", COORDINATOR)
    shown = lines(office, reply)
    assert shown[2] == "V-1001 is bij Ad, sinds maandag 2 maart om 10:20"
    assert shown[3].endswith("; gevraagd maandag 2 maart om 10:00")


async def test_a_coordinator_who_coaches_sees_their_own_work_as_work(office: Office) -> None:
    roles = (await office.person(AD)).roles | (await office.person(COORDINATOR)).roles
    await office.change(AD, roles=roles)
    which = await office.claimed(AD)
    assert (await office.press(buttons.ShowQuestion(question=which), AD)).view == "question.work"
    other = await office.claimed(BEA)
    assert (await office.press(buttons.ShowQuestion(question=other), AD)).view == "question.open"


async def near(office: Office, coach: Sender, asker: Sender = ANN) -> Ranked | None:
    """Return how near a coach is to somebody now, by what is stored; None: passed over."""
    async with office.chat.store.reading() as work:
        found = await office.chat.root.ask.compose.nearby.to(
            work, await office.person(asker), office.now
        )
    which = (await office.person(coach)).id
    return next((one for one in found.ranking.ranked if one.coach.person == which), None)


async def part(office: Office, coach: Sender, name: Part, asker: Sender = ANN) -> float:
    found = await near(office, coach, asker)
    assert found
    return found.parts[name]


async def test_every_question_that_a_coach_picks_up_leaves_them_less_room(office: Office) -> None:
    room = [await part(office, AD, Part.FREEDOM)]
    for _ in range(3):
        await office.claimed(AD)
        room.append(await part(office, AD, Part.FREEDOM))
    assert room[0] == 1
    assert room == sorted(set(room), reverse=True)
    await office.press(buttons.AnswerQuestion(question=QuestionId(1)), AD, text="Zo.")
    assert await part(office, AD, Part.FREEDOM) == room[2]


async def test_a_coach_with_a_full_desk_is_passed_over(office: Office) -> None:
    for _ in range(5):
        await office.claimed(AD)
    assert await near(office, AD) is None
    assert await office.asked(await office.send()) == [("Bea", 1)]
    await office.press(buttons.CloseQuestion(question=QuestionId(1), ending="solved"), AD)
    assert await near(office, AD)


async def test_who_is_away_is_passed_over_until_they_are_back(office: Office) -> None:
    await office.press(buttons.NotToday(), AD)
    assert await near(office, AD) is None
    await office.press(buttons.BackAgain(), AD)
    assert await near(office, AD)


async def test_who_helped_somebody_before_is_nearer_to_them_and_to_nobody_else(
    office: Office,
) -> None:
    before = await part(office, BEA, Part.CONTINUITY)
    which = await office.send()
    await office.press(buttons.Claim(question=which), BEA)
    assert await part(office, BEA, Part.CONTINUITY) == before == 0
    await office.press(buttons.AnswerQuestion(question=which), BEA, text="Zo.")
    assert await part(office, BEA, Part.CONTINUITY) == 1
    assert await part(office, BEA, Part.CONTINUITY, BOB) == 0


async def test_who_picks_up_fast_is_nearer_than_who_is_slow(office: Office) -> None:
    unknown = await part(office, AD, Part.SPEED)
    fast = await office.send()
    await office.wait(minutes=2)
    await office.press(buttons.Claim(question=fast), AD)
    cas = str((await office.person(CAS)).id)
    slow = await office.send(text="zeilboot twee", coach=cas)
    await office.wait(minutes=60)
    await office.press(buttons.Claim(question=slow), CAS)
    assert await part(office, AD, Part.SPEED) > unknown > await part(office, CAS, Part.SPEED)


async def test_the_speed_of_who_picked_up_is_not_that_of_who_got_it_from_them(
    office: Office,
) -> None:
    unknown = await part(office, CAS, Part.SPEED)
    which = await office.send()
    await office.wait(minutes=2)
    await office.press(buttons.Claim(question=which), AD)
    cas = str((await office.person(CAS)).id)
    await office.press(buttons.HandOver(question=which), AD, coach=cas)
    assert await part(office, CAS, Part.SPEED) == unknown
    assert (await office.question(which)).proximity is None


async def test_who_does_not_work_is_less_easily_reached_and_so_less_near(office: Office) -> None:
    at_ten = await near(office, AD)
    await office.move_to(MONDAY + timedelta(hours=9))
    at_seven = await near(office, AD)
    assert at_ten
    assert at_seven
    assert at_ten.parts[Part.WORKING] == 1
    assert at_seven.parts[Part.WORKING] < 1
    assert at_seven.proximity < at_ten.proximity


async def test_of_two_who_are_as_near_the_one_asked_longest_ago_goes_first(office: Office) -> None:
    await office.press(buttons.NotToday(), AD)
    await office.press(buttons.NotToday(), BEA)
    asked = []
    for number in range(4):
        which = await office.send(text=f"zeilboot {number}")
        asked += [name for name, _ in await office.asked(which)]
        await office.wait(minutes=1)
    assert asked == ["Cas", "Dee", "Cas", "Dee"]


async def test_how_near_it_was_worked_out_to_be_stands_beside_how_near_it_felt(
    office: Office,
) -> None:
    expected = await near(office, AD)
    which = await office.send()
    await office.press(buttons.Claim(question=which), AD)
    await office.press(buttons.AnswerQuestion(question=which), AD, text="Zo.")
    await office.press(buttons.Solved(question=which, solved=True))
    await office.press(buttons.Felt(question=which), felt="5")
    question = await office.question(which)
    assert expected
    assert (question.proximity, question.felt) == (expected.proximity, 5)


async def test_a_coach_reads_english_when_they_speak_it() -> None:
    office = await make_office(language="en")
    await office.claimed(AD)
    (reply,) = await office.say("my work", AD)
    assert lines(office, reply)[1] == "Picked up: 1. Asked of you: 0." or counts(reply) == (1, 0)
    assert reply.language == "en"
    assert words(reply) == []
    assert (await office.say("overview", COORDINATOR))[0].language == "en"
    assert [one.language for one in await office.told(DEE)] == []
