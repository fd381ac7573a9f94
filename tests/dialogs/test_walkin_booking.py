"""A teacher finds, books, moves and cancels; what is full has a line, in which order holds."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId, HourId
from bot.core.reply import Choose, Field, Say, Words
from bot.walkin.seats import State, Why
from tests.chat import ANN, keys, press_of
from tests.clocks import ZONE
from tests.office import AD, BEA, BOB, CAS, DEE, labels, local
from tests.walkin import WEDNESDAY, WalkInOffice, key_of, labels_of, make_walkin_office, on, rows

NOON = local("wo", 12)


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


async def test_a_hyphen_makes_it_the_list_and_not_walking_in(office: WalkInOffice) -> None:
    await office.hour(AD, weekday="wo")
    (by_hyphen,) = await office.say("walk-in")
    (by_name,) = await office.say("inloopuur")
    assert keys(by_hyphen) == keys(by_name)


async def test_the_nearest_and_soonest_are_listed_by_time_and_one_tap_books(
    office: WalkInOffice,
) -> None:
    far = await office.hour(DEE, weekday="di", seats="2")
    near = await office.hour(AD, weekday="wo")
    (found,) = await office.say("inloopuur")
    shown = labels_of(office, found)
    assert shown[:2] == [
        "morgen om 12:00 · Dee · B2.04, Havenkade · nog 2 plekken",
        "woensdag om 12:00 · Ad · B2.04, Kerngebouw · nog 1 plek",
    ]
    taps = [one.payload for one in rows(found)]
    assert [one["day"] for one in taps] == sorted(one["day"] for one in taps)
    reply = await office.press(rows(found)[1])
    assert reply.replaces
    assert (await office.show(reply))[:2] == [
        "Je komt woensdag 4 maart om 12:00 bij Ad",
        "Waar: B2.04, Kerngebouw",
    ]
    booking = await office.booking()
    assert (booking.key.hour, booking.starts) == (near.id, NOON)
    (again,) = await office.say("spreekuur")
    assert labels_of(office, again)[1].startswith("woensdag om 12:30 · Ad")
    assert far.id != near.id


async def test_the_last_seat_goes_once_and_who_is_later_waits(office: WalkInOffice) -> None:
    hour = await office.hour()
    assert (await office.book(hour)).view == "walkin.booked"
    waits = await office.book(hour, BOB)
    assert waits.view == "walkin.waiting"
    assert "Je staat op de wachtlijst, op plek 1." in await office.show(waits)
    assert (await office.book(hour, CAS)).blocks[1] == Say("walkin.waiting.place", {"number": 2})
    again = await office.book(hour, CAS)
    assert again.blocks[1] == Say("walkin.waiting.place", {"number": 2})
    (found,) = await office.say("inloop", DEE)
    assert any("vol" in one for one in labels_of(office, found)) is False
    found = await office.press(buttons.ShowWalkIns(day="2026-03-04"), DEE)
    assert labels_of(office, found)[0].endswith("vol, 2 wachten")


async def test_many_who_book_at_once_get_what_there_is(office: WalkInOffice) -> None:
    hour = await office.hour(seats="2")
    came = await asyncio.gather(*(office.book(hour, who) for who in (ANN, BOB, BEA, CAS, DEE)))
    assert sorted(one.view for one in came) == ["walkin.booked"] * 2 + ["walkin.waiting"] * 3


async def test_a_freed_seat_goes_to_who_waits_first_and_they_confirm(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    for who in (BOB, CAS):
        await office.book(hour, who)
    await office.all_read()
    over = await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    assert keys(over) == ["walkin.over.by_asker"]
    (asked,) = await office.told(BOB)
    assert (await office.show(asked))[0] == "Er is een plek vrij: woensdag 4 maart om 12:00 bij Ad"
    assert "Bevestig maandag 2 maart vóór 12:00. Anders gaat de plek naar de volgende." in (
        await office.show(asked)
    )
    assert await office.told(CAS) == []
    held = await office.booking(BOB)
    assert (held.state, held.due) == (State.OFFERED, local("ma", 12))
    # Who comes new does not go before them, and the seat is kept meanwhile.
    assert (await office.book(hour, DEE)).view == "walkin.waiting"
    sure = await office.press(press_of(asked, "walkin.offered.yes"), BOB)
    assert sure.view == "walkin.booked"
    assert (await office.booking(BOB)).state is State.BOOKED
    again = await office.press(press_of(asked, "walkin.offered.yes"), BOB)
    assert again.view == "walkin.booked"
    await office.move_to(local("ma", 13))
    assert (await office.booking(BOB)).state is State.BOOKED


async def test_who_does_not_confirm_in_time_is_followed_by_the_next(office: WalkInOffice) -> None:
    hour = await office.hour()
    for who in (ANN, BOB, CAS):
        await office.book(hour, who)
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    (asked,) = await office.told(BOB)
    await office.all_read()
    await office.move_to(local("ma", 12))
    lost = await office.booking(BOB)
    assert (lost.state, lost.why) == (State.CANCELLED, Why.EXPIRED)
    (next_asked,) = await office.told(CAS)
    assert next_asked.view == "walkin.offered"
    late = await office.press(press_of(asked, "walkin.offered.yes"), BOB)
    assert keys(late) == ["walkin.refused.expired"]
    declined = await office.press(press_of(next_asked, "walkin.offered.no"), CAS)
    assert keys(declined) == ["walkin.over.declined"]
    async with office.chat.store.reading() as work:
        assert await work.walkin.bookings(hour.id, WEDNESDAY) == []


async def test_at_night_nobody_is_woken_for_a_seat(office: WalkInOffice) -> None:
    hour = await office.hour()
    for who in (ANN, BOB):
        await office.book(hour, who)
    await office.all_read()
    await office.move_to(local("ma", 22))
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    assert await office.told(BOB) == []
    await office.move_to(local("di", 8))
    (asked,) = await office.told(BOB)
    assert asked.view == "walkin.offered"
    assert (await office.booking(BOB)).due == local("di", 10)


async def test_a_seat_that_comes_free_just_before_the_start_is_told_at_once(
    office: WalkInOffice,
) -> None:
    hour = await office.hour(start="07:00", end="08:00")
    for who in (ANN, BOB):
        await office.book(hour, who)
    await office.all_read()
    await office.move_to(local("wo", 6, 30))
    await office.all_read()
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    (asked,) = await office.told(BOB)
    assert "Bevestig woensdag 4 maart vóór 07:00. Anders gaat de plek naar de volgende." in (
        await office.show(asked)
    )


async def test_a_booking_moves_and_its_seat_goes_to_who_waits(office: WalkInOffice) -> None:
    hour = await office.hour()
    booked = await office.book(hour)
    await office.book(hour, BOB)
    await office.all_read()
    before = await office.booking()
    found = await office.press(press_of(booked, "walkin.booked.move"))
    assert keys(found)[0] == "walkin.list.move"
    moved = await office.press(rows(found)[0])
    after = await office.booking()
    assert (await office.show(moved))[0] == "Je komt woensdag 4 maart om 12:30 bij Ad"
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert after.starts == NOON + timedelta(minutes=30)
    (asked,) = await office.told(BOB)
    assert asked.view == "walkin.offered"


async def test_a_booking_that_cannot_move_stays(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    mine = await office.booking()
    full = await office.book(hour, ANN, 1, moving=mine.id)
    assert keys(full) == ["walkin.refused.full"]
    assert await office.booking() == mine
    theirs = await office.book(hour, ANN, 1, moving=(await office.booking(BOB)).id)
    assert keys(theirs) == ["walkin.refused.not_yours"]
    gone = await office.book(hour, ANN, 1, moving=BookingId(4711))
    assert keys(gone)[0] == "walkin.refused.gone"


async def test_nobody_has_more_open_bookings_than_the_college_allows(office: WalkInOffice) -> None:
    hour = await office.hour(end="14:30")
    for slot in range(3):
        await office.book(hour, slot=slot)
    many = await office.book(hour, slot=3)
    assert "Je hebt al 3 afspraken open." in (await office.show(many))[0]
    moving = await office.book(hour, slot=3, moving=(await office.booking()).id)
    assert moving.view == "walkin.booked"


async def test_what_somebody_comes_for_is_kept_and_clean(office: WalkInOffice) -> None:
    hour = await office.hour()
    booked = await office.book(hour)
    save = press_of(booked, "walkin.booked.save")
    reply = await office.press(save, topic="Toets van s1234567\n en 123456782")
    assert keys(reply)[-3:] == ["note.bsn", "note.student", "walkin.booked.kept"]
    (field,) = [one for one in reply.blocks if isinstance(one, Field)]
    assert field.value.startswith("Toets van")
    assert "1234567" not in await office.stored()
    assert (await office.booking()).version == 2
    session = buttons.ShowSession(hour=hour.id, day=WEDNESDAY)
    assert "Toets van" in labels_of(office, await office.press(session, AD))[0]
    other = await office.press(save, BOB, topic="x")
    assert keys(other) == ["walkin.refused.not_yours"]


async def test_a_booking_can_be_changed_until_it_begins(office: WalkInOffice) -> None:
    hour = await office.hour()
    booked = await office.book(hour)
    await office.move_to(NOON)
    late = await office.press(press_of(booked, "walkin.booked.cancel"))
    assert keys(late) == ["walkin.refused.too_late"]
    assert keys(await office.book(hour, BOB))[0] == "walkin.refused.too_late"
    assert (await office.booking()).state is State.BOOKED
    theirs = await office.press(buttons.CancelBooking(**on((await office.booking()).id)), BOB)
    assert keys(theirs) == ["walkin.refused.not_yours"]


async def test_who_never_got_a_seat_hears_it_once_at_the_start(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB)
    await office.all_read()
    await office.move_to(local("wo", 11, 59))
    assert await office.told(BOB) == []
    await office.move_to(local("wo", 12, 20))
    (told,) = await office.told(BOB)
    shown = await office.show(told)
    assert shown[:2] == [
        "Er kwam geen plek vrij: woensdag 4 maart om 12:00 bij Ad.",
        "Dit kan ook. Tik op een moment:",
    ]
    assert labels_of(office, told)[0].startswith("woensdag 4 maart om 12:30 · Ad")
    assert rows(told)
    assert labels_of(office, (await office.say("mijn afspraken", BOB))[0]) == [
        "Bekijk inloopuren",
        "In mijn agenda",
    ]


async def test_everyone_finds_what_they_booked_and_wait_for(office: WalkInOffice) -> None:
    (none,) = await office.say("mijn afspraken")
    assert keys(none) == ["walkin.mine.none"]
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.book(hour, slot=1)
    (mine,) = await office.say("mijn afspraken")
    assert labels_of(office, mine)[:2] == [
        "woensdag om 12:00 bij Ad",
        "woensdag om 12:30 bij Ad: op de wachtlijst",
    ]
    shown = await office.press(rows(mine)[0])
    assert (shown.view, shown.replaces) == ("walkin.booked", True)
    waits = await office.press(rows(mine)[1])
    left = await office.press(press_of(waits, "walkin.waiting.leave"))
    assert keys(left) == ["walkin.waiting.left"]
    gone = await office.press(press_of(waits, "walkin.waiting.leave"))
    assert keys(gone) == ["walkin.refused.gone"]
    theirs = await office.press(buttons.ShowBooking(**on((await office.booking()).id)), BOB)
    assert keys(theirs) == ["walkin.refused.not_yours"]
    have = await office.book(hour)
    assert have.view == "walkin.booked"


async def test_slots_are_found_by_coach_place_and_day(office: WalkInOffice) -> None:
    await office.hour(AD)
    one_place = await office.press(buttons.FindWalkIn())
    await office.hour(DEE, weekday="do")
    form = await office.press(buttons.FindWalkIn())
    asked = [
        [one.name for one in card.blocks if isinstance(one, Choose)] for card in (one_place, form)
    ]
    assert asked == [["coach", "day"], ["coach", "location", "day"]]
    send = press_of(form, "walkin.find.send")
    dee = (await office.person(DEE)).id
    found = await office.press(send, coach=str(dee), location="0", day="0")
    assert {"Dee" in one for one in labels_of(office, found)[:6]} == {True}
    assert keys(found) == ["walkin.list.found", "walkin.list.tap", "walkin.list.more"]
    place = (await office.person(DEE)).location
    found = await office.press(send, coach="0", location=str(place), day="0")
    assert "Dee" in labels_of(office, found)[0]
    found = await office.press(send, coach="0", location="0", day="2026-03-04")
    assert [one.split(" · ")[0] for one in labels_of(office, found)[:2]] == [
        "woensdag om 12:00",
        "woensdag om 12:30",
    ]
    assert keys(found) == ["walkin.list.found", "walkin.list.tap"]
    found = await office.press(send, coach="0", location="0", day="2026-03-03")
    assert keys(found) == ["walkin.list.title", "walkin.list.none"]
    assert labels(found) == ["walkin.list.find", "walkin.list.now", "walkin.list.mine"]


async def test_an_hour_is_open_to_whom_its_coach_says(office: WalkInOffice) -> None:
    team = await office.hour(BEA, open_to="team")
    here = await office.hour(CAS, open_to="location")
    assert keys(await office.book(team)) == ["walkin.refused.not_for_you"]
    assert keys(await office.book(here)) == ["walkin.refused.not_for_you"]
    assert (await office.book(here, DEE)).view == "walkin.booked"
    (found,) = await office.say("inloopuur")
    assert rows(found) == []
    own = await office.book(team, BEA)
    assert keys(own) == ["walkin.refused.own"]


async def test_what_is_not_there_is_said_with_what_is(office: WalkInOffice) -> None:
    hour = await office.hour()
    gone = await office.press(buttons.BookSlot(hour=HourId(99), day=WEDNESDAY, slot=0))
    assert keys(gone) == ["walkin.refused.gone"]
    assert labels_of(office, gone)[0].startswith("woensdag om 12:00 · Ad")
    another = await office.press(key_of(hour, 0, WEDNESDAY + timedelta(days=1)))
    assert keys(another) == ["walkin.refused.gone"]
    missing = await office.press(buttons.ShowBooking(**on(BookingId(99))))
    assert keys(missing) == ["walkin.refused.gone"]
    assert keys(await office.press(buttons.ConfirmSeat(**on(BookingId(99))))) == [
        "walkin.refused.gone"
    ]


async def test_what_is_full_shows_after_what_is_free(office: WalkInOffice) -> None:
    hour = await office.hour(end="12:30")
    await office.book(hour, BOB)
    (found,) = await office.say("inloopuur")
    shown = labels_of(office, found)
    assert shown[0].startswith("woensdag 11 maart")
    assert shown[3] == "woensdag om 12:00 · Ad · B2.04, Kerngebouw · vol"
    assert NOON.tzinfo is ZONE


async def test_where_an_hour_is_is_always_said(office: WalkInOffice) -> None:
    link = "https://meet.example/ad"
    online = await office.hour(place="", link=link)
    (found,) = await office.say("inloopuur")
    assert labels_of(office, found)[0] == "woensdag om 12:00 · Ad · online · nog 1 plek"
    booked = await office.book(online)
    assert booked.links[0].url == link
    here = await office.hour(BEA, place="C1.01")
    await office.change(BEA, location=None)
    assert "Waar: C1.01" in await office.show(await office.book(here, BOB))


async def test_a_seat_is_held_in_the_bookings_until_it_is_confirmed(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB)
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    (mine,) = await office.say("mijn afspraken", BOB)
    assert labels_of(office, mine)[0] == "woensdag om 12:00 bij Ad: bevestig je plek"
    shown = await office.press(rows(mine)[0], BOB)
    assert labels(shown) == ["walkin.offered.yes", "walkin.offered.no"]
    theirs = await office.press(press_of(shown, "walkin.offered.yes"), CAS)
    assert keys(theirs) == ["walkin.refused.not_yours"]
    session = await office.press(buttons.ShowSession(hour=hour.id, day=WEDNESDAY), AD)
    assert "Er wacht nog 1 plek op een bevestiging." in await office.show(session)


async def test_who_finds_no_hour_reads_when_the_next_begins_and_from_when_to_book(
    office: WalkInOffice,
) -> None:
    await office.hour(AD, first="15-4-2026")
    await office.hour(CAS, open_to="team", weekday="di", first="14-4-2026")
    (found,) = await office.say("inloopuur")
    shown = await office.show(found)
    assert shown[:2] == [
        "Inloopuren bij jou in de buurt",
        "Er is de komende vier weken geen inloopuur dat hierbij past.",
    ]
    assert shown[2] == (
        "Het eerstvolgende: woensdag 15 april om 12:00 bij Ad. "
        "Vanaf 18 maart 2026 kun je er een plek vastleggen."
    )
    await office.hour(BEA)
    form = await office.press(buttons.FindWalkIn())
    coach, *_ = [one for one in form.blocks if isinstance(one, Choose)]
    assert [one.label for one in coach.options[1:]] == [Words("Bea"), Words("Ad")]
    (ad,) = [one.value for one in coach.options if one.label == Words("Ad")]
    found = await office.press(press_of(form, "walkin.find.send"), coach=ad)
    assert "walkin.list.later" in keys(found)
    (found,) = await office.say("inloopuur")
    assert "walkin.list.later" not in keys(found)
    await office.move_to(datetime(2026, 3, 18, 9, tzinfo=ZONE))
    found = await office.press(press_of(form, "walkin.find.send"), coach=ad)
    assert labels_of(office, found)[0].startswith("woensdag 15 april om 12:00 · Ad")
    one_day = await office.press(buttons.ShowWalkIns(day="2026-03-19"))
    assert keys(one_day) == ["walkin.list.title", "walkin.list.none"]
