"""A coach sets up hours in chat, and cancels, moves or ends dates: who comes hears it once."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core import buttons as questions
from bot.core import walkin_buttons as buttons
from bot.core.ids import HourId
from bot.core.reply import Choose, Field
from bot.dialogs.walkin_parts import refused
from bot.walkin import dates
from bot.walkin.model import Hour, OpenTo, Origin
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.seats import State, Why
from tests.chat import ANN, keys, press_of
from tests.clocks import ZONE
from tests.office import AD, BEA, BOB, CAS, DEE, labels, local
from tests.walkin import FORM, WEDNESDAY, WalkInOffice, labels_of, make_walkin_office, on, rows

WEEK, SESSION = timedelta(weeks=1), "walkin.session"
NOON = local("wo", 12)


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


def wednesday(hour: Any, **more: Any) -> dict[str, Any]:
    return {"hour": hour.id, "day": WEDNESDAY, **more}


async def test_a_coach_makes_a_weekly_hour_in_chat(office: WalkInOffice) -> None:
    (form,) = await office.say("nieuw inloopuur", AD)
    place = next(one for one in form.blocks if isinstance(one, Field) and one.name == "place")
    assert place.value == "B2.04"
    filled = {**FORM, "first": "4-3", "last": "1-7-2026", "link": "https://meet.example/ad"}
    made = await office.fill(press_of(form, "walkin.form.send"), AD, **filled)
    assert (await office.show(made))[0] == (
        "Je inloopuur staat erin: elke woensdag, 12:00 tot 13:00"
    )
    assert (await office.show(made))[1] == "De eerste keer: woensdag 4 maart om 12:00."
    (hour,) = office.hours.values()
    assert (hour.first, hour.last, hour.link) == (
        WEDNESDAY,
        date(2026, 7, 1),
        "https://meet.example/ad",
    )
    assert (hour.open_to, hour.origin, hour.minutes) == (OpenTo.EVERYONE, Origin.CHAT, 30)
    (mine,) = await office.say("mijn inloopuren", AD)
    assert labels_of(office, mine)[0] == "woensdag om 12:00 · 0 van 2 plekken bezet"


async def test_an_extra_date_is_one_date(office: WalkInOffice) -> None:
    form = await office.press(buttons.HourForm(once=True), AD)
    assert not any(isinstance(one, Choose) and one.name == "weekday" for one in form.blocks)
    send = press_of(form, "walkin.form.send")
    made = await office.fill(send, AD, **{**FORM, "first": "2026-03-12"})
    assert (await office.show(made))[0] == (
        "Je inloopuur staat erin: 12 maart 2026, 12:00 tot 13:00"
    )
    (hour,) = office.hours.values()
    assert (hour.once, hour.weekday) == (True, 3)
    wrong = await office.fill(send, AD, **{**FORM, "first": "2026-03-10", "start": "x"})
    assert keys(wrong)[1] == "walkin.wrong.time"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"start": "twaalf"}, "time"),
        ({"end": "25:00"}, "time"),
        ({"start": "13:00", "end": "12:00"}, "order"),
        ({"minutes": "60", "end": "12:30"}, "minutes"),
        ({"minutes": "7"}, "minutes"),
        ({"seats": "0"}, "seats"),
        ({"seats": "veel"}, "seats"),
        ({"seats": "101"}, "seats"),
        ({"place": " "}, "where"),
        ({"link": "http://meet.example"}, "link"),
        ({"link": "https://a b"}, "link"),
        ({"first": "31-2"}, "dates"),
        ({"first": "1-4-2026", "last": "1-3-2026"}, "last"),
        ({"last": "ooit"}, "dates"),
        ({"first": "1-3-2026"}, "past"),
        ({"weekday": "morgen"}, "day"),
    ],
)
async def test_what_is_wrong_stands_above_what_was_typed(
    office: WalkInOffice, changes: dict[str, str], wrong: str
) -> None:
    reply = await office.press(buttons.MakeHour(**{**FORM, **changes}), AD)
    assert (reply.view, reply.replaces) == ("walkin.form", True)
    assert f"walkin.wrong.{wrong}" in keys(reply)
    assert office.hours == {}
    fields = {one.name: one.value for one in reply.blocks if isinstance(one, Field)}
    typed = {name: value for name, value in changes.items() if name in fields}
    assert typed.items() <= fields.items()


async def test_two_hours_at_the_same_time_are_refused_and_the_clash_is_named(
    office: WalkInOffice,
) -> None:
    await office.hour()
    twice = await office.press(buttons.MakeHour(**{**FORM, "start": "12:30", "end": "14:00"}), AD)
    assert (await office.show(twice))[1] == (
        "Je hebt dan al een inloopuur: 4 maart 2026, 12:00 tot 13:00."
    )
    assert len(office.hours) == 1
    assert (await office.hour(BEA)).id


async def test_an_extra_date_on_a_closed_day_is_refused(office: WalkInOffice) -> None:
    away = questions.GoAway(first="2026-03-12", last="2026-03-12")
    await office.press(away, AD)
    form = {**FORM, "first": "12-3"}
    reply = await office.press(buttons.MakeHour(once=True, **form), AD)
    assert keys(reply)[1] == "walkin.wrong.closed"


async def test_hours_are_for_coaches(office: WalkInOffice) -> None:
    for button in (buttons.HourForm(), buttons.MakeHour(**FORM)):
        assert keys(await office.press(button, ANN)) == ["refused.no_coach"]
    hour = await office.hour()
    which = wednesday(hour)
    for other in (
        buttons.ShowSession(**which),
        buttons.CancelDate(**which),
        buttons.MoveDateForm(**which),
        buttons.MoveDate(**which),
        buttons.EndHour(hour=hour.id),
        buttons.CallNext(**which),
    ):
        assert keys(await office.press(other, BEA)) == ["walkin.refused.not_yours"]
    assert keys(await office.press(buttons.EndHour(hour=HourId(99)), AD)) == ["walkin.refused.gone"]
    gone = buttons.ShowSession(hour=hour.id, day=WEDNESDAY + timedelta(days=1))
    assert keys(await office.press(gone, AD)) == ["walkin.refused.gone"]


async def test_a_date_that_is_cancelled_is_told_once_with_three_others(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    for number, who in enumerate((ANN, BOB)):
        await office.book(hour, who, number)
    await office.book(hour, CAS)
    await office.press(
        buttons.NameTopic(**on((await office.booking()).id)), topic="Een toets klaarzetten"
    )
    await office.all_read()
    off = buttons.CancelDate(**wednesday(hour))
    asked = await office.press(off, AD)
    assert (await office.show(asked))[0].startswith("Er staan 2 afspraken. Zeg je ")
    assert (await office.booking()).state is State.BOOKED
    done = await office.press(press_of(asked, "walkin.session.off_sure"), AD)
    assert (await office.show(done))[0] == (
        "Afgezegd: woensdag 4 maart om 12:00. Ik heb het aan 3 mensen verteld."
    )
    for who, begins in ((ANN, "12:00"), (BOB, "12:30"), (CAS, "12:00")):
        (told,) = await office.told(who)
        off_line = f"Ad heeft het inloopuur afgezegd: woensdag 4 maart om {begins}."
        assert (await office.show(told))[0] == off_line
        assert len(rows(told)) == 3
    lost = await office.booking()
    assert (lost.state, lost.why) == (State.CANCELLED, Why.BY_COACH)
    assert keys(await office.press(off, AD)) == ["walkin.refused.gone"]
    await office.wait(days=1)
    assert await office.told(ANN) == []


async def test_one_tap_books_another_moment_for_the_same_thing(office: WalkInOffice) -> None:
    hour = await office.hour()
    booked = await office.book(hour)
    await office.press(press_of(booked, "walkin.booked.save"), topic="Een toets klaarzetten")
    await office.press(buttons.CancelDate(**wednesday(hour, sure=True)), AD)
    (told,) = await office.told(ANN)
    again = await office.press(rows(told)[0])
    assert again.view == "walkin.booked"
    new = await office.booking()
    assert (new.topic, new.key.day) == ("Een toets klaarzetten", WEDNESDAY + WEEK)
    theirs = rows(told)[1].payload["was"]
    await office.book(hour, BOB, day=WEDNESDAY + 2 * WEEK, was=theirs)
    assert (await office.booking(BOB)).topic == ""


async def test_a_date_without_anybody_is_off_at_once(office: WalkInOffice) -> None:
    hour = await office.hour()
    done = await office.press(buttons.CancelDate(**wednesday(hour)), AD)
    assert keys(done) == ["walkin.session.is_off_none"]
    (mine,) = await office.say("mijn inloopuren", AD)
    assert labels_of(office, mine)[0].startswith("woensdag 11 maart")


async def test_the_only_hour_that_is_off_leaves_no_other_to_tap(office: WalkInOffice) -> None:
    hour = await office.hour(last="4-3-2026")
    await office.book(hour)
    await office.all_read()
    await office.press(buttons.CancelDate(**wednesday(hour, sure=True)), AD)
    (told,) = await office.told(ANN)
    assert (keys(told)[1], rows(told)) == ("walkin.told.no_others", [])


async def test_a_date_that_moves_takes_its_bookings_along(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB)
    before = await office.booking()
    await office.all_read()
    form = await office.press(buttons.MoveDateForm(**wednesday(hour)), AD)
    send = press_of(form, "walkin.move.send")
    moved = await office.fill(send, AD, to="2026-03-05", start="9.15", place="C1.01")
    assert labels_of(office, moved)[0].startswith("09:15 · ")
    after = await office.booking()
    assert (after.id, after.key, after.seat) == (before.id, before.key, before.seat)
    assert (after.version, after.starts) == (2, local("do", 9, 15))
    (told,) = await office.told(ANN)
    assert (await office.show(told))[:2] == [
        "Ad heeft je afspraak verzet: donderdag 5 maart om 09:15",
        "Waar: C1.01, Kerngebouw",
    ]
    assert labels(told) == ["walkin.booked.move", "walkin.booked.cancel"]
    await office.press(press_of(told, "walkin.booked.cancel"))
    moved, asked = await office.told(BOB)
    assert keys(moved)[0] == "walkin.waiting.moved"
    assert "donderdag 5 maart om 09:15" in (await office.show(asked))[0]


async def test_a_date_does_not_move_onto_another_hour_or_to_where_there_is_none(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    await office.hour(weekday="do", start="14:00", end="15:00")
    move = buttons.MoveDate(**wednesday(hour))
    for changes, wrong in (
        ({"to": "2026-03-05", "start": "14:30"}, "walkin.wrong.clash"),
        ({"to": "2026-03-05", "start": "half"}, "walkin.wrong.time"),
        ({"to": "2026-03-05", "start": "23:30"}, "walkin.wrong.time"),
        ({"to": "2027-03-05", "start": "12:00"}, "walkin.wrong.dates"),
        ({"to": "x", "start": "12:00"}, "walkin.wrong.dates"),
        ({"to": "2026-03-02", "start": "09:00"}, "walkin.wrong.past"),
    ):
        reply = await office.press(move, AD, **changes)
        assert (reply.view, keys(reply)[1]) == ("walkin.form", wrong)
    async with office.chat.store.reading() as work:
        assert await work.walkin.changes(WEDNESDAY) == []


async def test_an_hour_that_ends_frees_all_that_was_to_come(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, day=WEDNESDAY + WEEK)
    await office.all_read()
    asked = await office.press(buttons.EndHour(hour=hour.id), AD)
    assert keys(asked) == ["walkin.session.end_question"]
    done = await office.press(press_of(asked, "walkin.session.end_sure"), AD)
    assert keys(done) == ["walkin.session.is_ended"]
    for who in (ANN, BOB):
        assert len(await office.told(who)) == 1
        assert (await office.booking(who)).state is State.CANCELLED
    (mine,) = await office.say("mijn inloopuren", AD)
    assert keys(mine) == ["walkin.hours.title", "walkin.hours.none"]
    other = await office.hour(DEE)
    assert keys(await office.press(buttons.EndHour(hour=other.id), DEE)) == [
        "walkin.session.is_ended_none"
    ]


async def test_ending_an_hour_ends_a_date_that_was_moved_too_and_counts_who_is_told(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    move = buttons.MoveDate(**wednesday(hour), to="2026-03-06", start="12:00", place="")
    await office.press(move, AD)
    await office.book(hour)
    await office.all_read()
    await office.move_to(local("do", 9))
    await office.all_read()
    asked = await office.press(buttons.EndHour(hour=hour.id), AD)
    assert (await office.show(asked))[0].startswith("Er staat nog 1 afspraak. Stop je ")
    done = await office.press(press_of(asked, "walkin.session.end_sure"), AD)
    assert (await office.show(done))[0] == (
        "Dit inloopuur is gestopt. Er vervalt 1 afspraak. Dat heb ik laten weten."
    )
    assert len(await office.told(ANN)) == 1
    assert (await office.booking()).why is Why.BY_COACH
    (mine,) = await office.say("mijn inloopuren", AD)
    assert keys(mine) == ["walkin.hours.title", "walkin.hours.none"]


async def test_ending_an_hour_that_is_being_held_leaves_who_is_there(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour, slot=1)
    await office.book(hour, BOB, day=WEDNESDAY + WEEK)
    await office.move_to(local("wo", 12, 20))
    await office.all_read()
    asked = await office.press(buttons.EndHour(hour=hour.id), AD)
    assert keys(asked) == ["walkin.session.end_question_one"]
    await office.press(press_of(asked, "walkin.session.end_sure"), AD)
    assert await office.told(ANN) == []
    assert len(await office.told(BOB)) == 1
    card = await office.press(buttons.ShowSession(**wednesday(hour)), AD)
    assert "12:30 · Ann" in labels_of(office, card)


async def test_a_date_that_has_begun_is_neither_cancelled_nor_moved_by_an_older_card(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    await office.book(hour)
    card = await office.press(buttons.ShowSession(**wednesday(hour)), AD)
    off, move = (press_of(card, f"walkin.session.{one}") for one in ("off", "move"))
    send = press_of(await office.press(move, AD), "walkin.move.send")
    for moment in (NOON, NOON + timedelta(days=5)):
        await office.move_to(moment)
        await office.all_read()
        for reply in (
            await office.press(off, AD),
            await office.press(move, AD),
            await office.fill(send, AD, to="2026-03-11", start="15:00", place=""),
        ):
            assert keys(reply) == ["walkin.refused.too_late"]
    assert await office.told(ANN) == []
    assert (await office.booking()).starts == NOON


async def test_a_date_moved_past_the_end_of_its_hour_can_move_again_and_is_in_the_way(
    office: WalkInOffice,
) -> None:
    hour = await office.hour(once=True, first="4-3-2026")
    await office.press(buttons.MoveDate(**wednesday(hour), to="2026-03-06", start="12:00"), AD)
    await office.book(hour)
    await office.move_to(local("do", 9))
    friday = {**FORM, "weekday": "vr"}
    taken = await office.press(buttons.MakeHour(**friday), AD)
    assert "walkin.wrong.clash" in keys(taken)
    other = await office.hour(weekday="ma")
    change = {**friday, "first": "6-3-2026"}
    taken = await office.press(buttons.ChangeHour(hour=other.id, **change), AD)
    assert "walkin.wrong.clash" in keys(taken)
    onto = buttons.MoveDate(hour=other.id, day=date(2026, 3, 9), to="2026-03-06", start="12:30")
    assert "walkin.wrong.clash" in keys(await office.press(onto, AD))
    await office.press(buttons.MoveDate(**wednesday(hour), to="2026-03-06", start="14:00"), AD)
    assert (await office.booking()).starts == local("vr", 14)


async def test_an_hour_of_the_college_file_is_not_ended_in_chat(office: WalkInOffice) -> None:
    hour = await office.hour()
    async with office.chat.store.begin() as work:
        await work.walkin.save_hour(replace(hour, origin=Origin.FILE))
    card = await office.press(buttons.ShowSession(**wednesday(hour)), AD)
    assert labels(card) == ["walkin.session.off", "walkin.session.move", "question.back"]
    refused = await office.press(buttons.EndHour(hour=hour.id), AD)
    assert keys(refused) == ["walkin.refused.in_file"]


async def test_an_hour_of_the_file_that_ends_sooner_takes_only_the_last_slot(
    office: WalkInOffice,
) -> None:
    coach = (await office.person(AD)).id
    one = Hour(HourId(0), coach, 2, time(12), time(13), 30, 1, office.now.date(), place="A1")
    listed = replace(one, origin=Origin.FILE)
    async with office.chat.store.begin() as work:
        await dates.take_over(work, [listed], office.now.astimezone(ZONE))
    (before,) = office.hours.values()
    booked = await office.book(before)
    await office.book(before, BOB, 1)
    await office.all_read()
    async with office.chat.store.begin() as work:
        await dates.take_over(
            work, [replace(listed, end=time(12, 45))], office.now.astimezone(ZONE)
        )
    _, hour = office.hours.values()
    await office.move_to(local("ma", 10, 1))
    assert await office.told(ANN) == []
    (told,) = await office.told(BOB)
    assert (await office.show(told))[0] == (
        "Het inloopuur van Ad gaat niet door: woensdag 4 maart om 12:30."
    )
    assert (await office.booking()).key.hour == hour.id
    # What was shown before still works.
    await office.press(press_of(booked, "walkin.booked.cancel"))
    assert (await office.booking()).why is Why.BY_ASKER


async def test_who_goes_on_leave_holds_no_hour_and_who_comes_hears_it(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.book(hour, CAS)
    await office.all_read()
    await office.press(questions.GoAway(first="2026-03-04", last="2026-03-04"), AD)
    await office.move_to(local("ma", 10, 1))
    for who in (ANN, BOB, CAS):
        (told,) = await office.told(who)
        assert (await office.show(told))[0].startswith(
            "Het inloopuur van Ad gaat niet door: woensdag 4 maart om 12:"
            if who is not CAS
            else "Ad heeft het inloopuur afgezegd"
        )
    (known,) = await office.told(AD)
    assert "Ik heb het aan 3 mensen verteld." in (await office.show(known))[0]
    assert (await office.booking()).why is Why.CLOSED
    (found,) = await office.say("inloopuur")
    assert labels_of(office, found)[0].startswith("woensdag 11 maart")
    await office.wait(days=1)
    assert await office.told(ANN) == []


async def test_who_waits_for_a_date_that_moves_hears_for_what_they_wait_now(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    for who in (ANN, BOB, CAS, DEE):
        await office.book(hour, who)
    await office.change(DEE, active=False)
    await office.all_read()
    move = buttons.MoveDate(**wednesday(hour), to="2026-03-06", start="15:00")
    await office.press(move, AD)
    for who, place in ((BOB, 1), (CAS, 2)):
        (told,) = await office.told(who)
        assert (await office.show(told))[:2] == [
            "Ad heeft dit inloopuur verzet. Je wacht nu op een plek vrijdag 6 maart om 15:00.",
            f"Je staat op de wachtlijst, op plek {place}.",
        ]
        assert labels(told) == ["walkin.waiting.leave", "walkin.waiting.other"]
    assert await office.told(DEE) == []
    # To another room is nothing to who waits: whoever gets a seat, reads where.
    await office.press(move.model_copy(update={"place": "C9"}), AD)
    assert await office.told(BOB) == []
    (left,) = await office.say("mijn afspraken", CAS)
    assert labels_of(office, left)[0] == "vrijdag om 15:00 bij Ad: op de wachtlijst"
    for change in (move.model_copy(update={"to": "2026-03-05"}), move):
        await office.wait(minutes=1)
        await office.press(change, AD)
    assert [keys(one)[0] for one in await office.told(BOB)] == ["walkin.waiting.moved"] * 2


async def test_what_was_held_before_somebody_went_away_stays(office: WalkInOffice) -> None:
    hour = await office.hour(start="10:00", end="11:00")
    await office.book(hour)
    await office.move_to(local("wo", 13))
    await office.press(questions.GoAway(first="2026-03-04", last="2026-03-06"), AD)
    card = await office.press(buttons.ShowSession(**wednesday(hour)), AD)
    assert labels_of(office, card)[0] == "10:00 · Ann"
    assert (await office.booking()).state is State.BOOKED


async def test_who_goes_away_during_an_hour_ends_it_there(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.move_to(NOON + timedelta(minutes=10))
    await office.all_read()
    await office.press(questions.GoAway(first="2026-03-04", last="2026-03-04"), AD)
    await office.move_to(NOON + timedelta(minutes=11))
    (told,) = await office.told(BOB)
    assert keys(told)[0] == "walkin.over.closed"
    assert await office.told(ANN) == []
    assert ((await office.booking()).state, (await office.booking(BOB)).why) == (
        State.BOOKED,
        Why.CLOSED,
    )
    late = await office.press(buttons.TakeNumber(**wednesday(hour)), CAS)
    assert keys(late) == ["walkin.refused.gone"]
    # Who pressed the wrong button takes it back, and still holds the hour.
    await office.press(questions.BackAgain(), AD)
    number = await office.press(buttons.TakeNumber(**wednesday(hour)), CAS)
    assert number.view == "walkin.ticket"


async def test_no_new_questions_today_is_no_leave(office: WalkInOffice) -> None:
    await office.hour(weekday="ma")
    await office.press(questions.NotToday(), AD)
    (found,) = await office.say("inloopuur")
    assert labels_of(office, found)[0].startswith("vandaag om 12:00 · Ad")


async def test_the_seat_of_who_leaves_the_college_goes_to_who_waits(office: WalkInOffice) -> None:
    hour = await office.hour()
    for who in (ANN, BOB):
        await office.book(hour, who)
    await office.all_read()
    await office.change(ANN, active=False)
    await office.move_to(local("ma", 10, 1))
    (asked,) = await office.told(BOB)
    assert asked.view == "walkin.offered"
    async with office.chat.store.reading() as work:
        (booking,) = await work.walkin.bookings(hour.id, WEDNESDAY)
    assert booking.state is State.OFFERED


async def test_an_hour_that_gets_more_seats_offers_them_to_who_waits(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    for who in (ANN, BOB, CAS):
        await office.book(hour, who)
    await office.all_read()
    async with office.chat.store.begin() as work:
        await work.walkin.save_hour(replace(hour, seats=2))
    await office.move_to(local("ma", 10, 1))
    (asked,) = await office.told(BOB)
    assert asked.view == "walkin.offered"
    assert await office.told(CAS) == []


async def test_seats_of_a_date_moved_past_the_end_of_its_hour_are_offered_too(
    office: WalkInOffice,
) -> None:
    hour = await office.hour(once=True, first="4-3-2026")
    await office.press(buttons.MoveDate(**wednesday(hour), to="2026-03-06", start="12:00"), AD)
    for who in (ANN, BOB):
        await office.book(hour, who)
    await office.move_to(local("do", 9))
    await office.all_read()
    async with office.chat.store.begin() as work:
        await work.walkin.save_hour(replace(hour, seats=2))
    await office.move_to(local("do", 9, 1))
    (asked,) = await office.told(BOB)
    assert asked.view == "walkin.offered"


async def test_a_date_that_moves_shows_in_the_list_that_was_sent(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.move_to(local("di", 15))
    await office.all_read()
    move = buttons.MoveDate(**wednesday(hour), to="2026-03-04", start="15:00")
    await office.press(move, AD)
    await office.deliver()
    changed = [one.reply for one in office.delivered if one.changes and one.reply.view == SESSION]
    assert "15:00 · Ann" in await office.show(changed[-1])


async def test_the_hours_of_a_coach_who_leaves_are_off(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.all_read()
    await office.change(AD, roles=frozenset())
    await office.move_to(local("ma", 10, 1))
    (told,) = await office.told(ANN)
    assert (await office.show(told))[
        0
    ] == "Dit inloopuur gaat niet door: woensdag 4 maart om 12:00."
    assert (await office.booking()).why is Why.COACH_LEFT
    assert office.now < NOON


async def test_an_hour_that_begins_much_later_is_in_its_coachs_list(office: WalkInOffice) -> None:
    await office.hour(first="15-4-2026")
    (mine,) = await office.say("mijn inloopuren", AD)
    assert keys(mine) == ["walkin.hours.title", "walkin.hours.none"]
    (row,) = rows(mine)
    assert labels_of(office, mine)[0] == "woensdag 15 april om 12:00 · 0 van 2 plekken bezet"
    assert (await office.show(await office.press(row, AD)))[0] == (
        "Je inloopuur van woensdag 15 april om 12:00"
    )
    # What is held before it stands first, and there once.
    for one in ("09:00", "10:00", "11:00"):
        await office.hour(start=one, end=f"{one[:2]}:30")
    (mine,) = await office.say("mijn inloopuren", AD)
    assert keys(mine) == ["walkin.hours.title"]
    shown = labels_of(office, mine)
    assert [one for one in shown if "april" in one] == [shown[8]]
    assert shown[8].startswith("woensdag 15 april")
    await office.move_to(local("wo", 14) + timedelta(weeks=2))
    (mine,) = await office.say("mijn inloopuren", AD)
    assert sum("15 april" in one for one in labels_of(office, mine)) <= 1


async def test_a_date_that_is_far_away_can_be_moved_around_its_own(office: WalkInOffice) -> None:
    hour = await office.hour(first="15-4-2026")
    which = {"hour": hour.id, "day": date(2026, 4, 15)}
    form = await office.press(buttons.MoveDateForm(**which), AD)
    days = next(one for one in form.blocks if isinstance(one, Choose))
    assert days.value in [one.value for one in days.options]
    assert days.options[0].value == "2026-04-01"
    moved = await office.fill(
        press_of(form, "walkin.move.send"), AD, to="2026-04-16", start="12:00", place=""
    )
    assert (await office.show(moved))[0] == "Je inloopuur van donderdag 16 april om 12:00"


async def test_an_hour_that_a_holiday_hides_for_weeks_is_still_in_the_list(
    office: WalkInOffice,
) -> None:
    await office.hour()
    away = questions.GoAway(first="2026-03-03", last="2026-04-30")
    await office.press(away, AD)
    (mine,) = await office.say("mijn inloopuren", AD)
    assert labels_of(office, mine)[0].startswith("woensdag 6 mei om 12:00")


async def test_of_one_it_is_said_as_people_say_it(office: WalkInOffice) -> None:
    await office.press(buttons.MakeHour(**{**FORM, "end": "12:30"}), AD)
    (mine,) = await office.say("mijn inloopuren", AD)
    assert labels_of(office, mine)[0] == "woensdag om 12:00 · 0 van 1 plek bezet"
    few = refused(Refused(Refusal.TOO_MANY), 1)
    assert (await office.show(few))[0] == (
        "Je hebt al 1 afspraak open. Zeg die eerst af: typ 'mijn afspraken'."
    )
