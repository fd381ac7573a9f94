"""A coach changes a weekly hour: from a date on it goes on by another rule, and all know it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core import walkin_buttons as buttons
from bot.core.ids import HourId
from bot.core.reply import Choose, Field
from bot.walkin.model import Change, Hour, Origin
from bot.walkin.seats import State, Why
from tests.chat import ANN, keys, press_of
from tests.office import AD, BEA, BOB, CAS, labels, local
from tests.walkin import FORM, WEDNESDAY, WalkInOffice, labels_of, make_walkin_office, on, rows

WEEK = timedelta(weeks=1)
LATER = WEDNESDAY + WEEK
FROM = {"first": "5-3-2026"}
"""The day after the first Wednesday."""


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


def change(hour: Hour, **changes: Any) -> buttons.ChangeHour:
    return buttons.ChangeHour(hour=hour.id, **{**FORM, **FROM, **changes})


async def test_the_form_shows_the_hour_as_it_is_from_tomorrow_on(office: WalkInOffice) -> None:
    hour = await office.hour(seats="3", last="1-7-2026", link="https://meet.example/ad")
    card = await office.press(buttons.ShowSession(hour=hour.id, day=WEDNESDAY), AD)
    form = await office.press(press_of(card, "walkin.session.change"), AD)
    known = {one.name: one.value for one in form.blocks if isinstance(one, Field | Choose)}
    assert known == {
        **FORM,
        "seats": "3",
        "link": "https://meet.example/ad",
        "first": "3-3-2026",
        "last": "1-7-2026",
    }
    assert labels(form) == ["walkin.change.send", "walkin.session.end", "question.back"]
    same = await office.fill(press_of(form, "walkin.change.send"), AD, **known)
    assert "walkin.change.nothing" in keys(same)
    assert len(office.hours) == 1


async def test_an_hour_that_has_not_begun_changes_from_its_beginning(office: WalkInOffice) -> None:
    hour = await office.hour(first="1-4-2026")
    form = await office.press(buttons.ChangeForm(hour=hour.id), AD)
    fields = {one.name: one.value for one in form.blocks if isinstance(one, Field)}
    assert fields["first"] == "1-4-2026"
    await office.press(change(hour, first="1-4-2026", start="11:00"), AD)
    (found,) = await office.say("inloopuur")
    assert rows(found) == []


async def test_who_has_a_moment_that_stays_keeps_it_and_the_others_are_told_once(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    await office.book(hour, CAS)
    await office.book(hour, ANN, day=LATER)
    await office.book(hour, BOB, 1, day=LATER)
    kept = await office.booking(BOB)
    await office.all_read()
    asked = await office.press(change(hour, start="12:30", end="13:30"), AD)
    assert (await office.show(asked))[0] == (
        "1 persoon met een afspraak of op de wachtlijst raakt het moment kwijt. Verander je het "
        "toch? Ik laat het weten, met andere momenten."
    )
    assert (await office.show(asked))[1] == (
        "Het wordt dan: elke woensdag, 12:30 tot 13:30, vanaf 5 maart 2026."
    )
    # Who thinks again finds what they typed, and not the hour as it was.
    again = await office.press(press_of(asked, "question.back"), AD)
    fields = {one.name: one.value for one in again.blocks if isinstance(one, Field)}
    assert (fields["start"], fields["end"]) == ("12:30", "13:30")
    assert len(office.hours) == 1
    done = await office.press(press_of(asked, "walkin.change.sure"), AD)
    assert (await office.show(done))[:5] == [
        "Je inloopuur is veranderd: elke woensdag, 12:30 tot 13:30",
        "De eerste keer: woensdag 11 maart om 12:30.",
        "Elke afspraak duurt 30 minuten. Er kan 1 persoon tegelijk komen.",
        "Er blijft 1 afspraak staan.",
        "1 persoon is het moment kwijt. Ik heb andere momenten gestuurd.",
    ]
    (told,) = await office.told(ANN)
    assert (await office.show(told))[0] == (
        "Ad heeft het inloopuur veranderd. Dit moment vervalt: woensdag 11 maart om 12:00."
    )
    assert labels_of(office, told)[1].startswith("woensdag 11 maart om 13:00 · Ad")
    assert len(rows(told)) == 3
    lost = await office.booking()
    assert (lost.state, lost.why) == (State.CANCELLED, Why.CHANGED)
    assert await office.told(BOB) == []
    same = await office.booking(BOB)
    assert (same.id, same.starts, same.seat) == (kept.id, kept.starts, kept.seat)
    assert (same.version, same.key.number) == (kept.version + 1, 0)
    before = await office.booking(CAS)
    assert (before.key.hour, before.state, await office.told(CAS)) == (hour.id, State.BOOKED, [])
    again = await office.press(press_of(asked, "walkin.change.sure"), AD)
    assert keys(again) == ["walkin.refused.gone"]
    # They are reminded of it as of any other.
    await office.move_to(local("di", 15) + WEEK)
    (reminded,) = await office.told(BOB)
    assert (await office.show(reminded))[0] == (
        "Denk aan je afspraak: woensdag 11 maart om 12:30 bij Ad"
    )


async def test_another_room_takes_no_seat_and_who_comes_hears_where(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, day=LATER)
    await office.all_read()
    done = await office.press(change(hour, place="C1.01"), AD)
    assert keys(done)[-1] == "walkin.change.kept_one"
    assert await office.told(ANN) == []
    (told,) = await office.told(BOB)
    assert (await office.show(told))[:2] == [
        "Je afspraak bij Ad is nu op een andere plek: woensdag 11 maart om 12:00",
        "Waar: C1.01, Kerngebouw",
    ]
    await office.press(press_of(told, "walkin.booked.cancel"), BOB)
    assert (await office.booking(BOB)).why is Why.BY_ASKER


async def test_with_fewer_seats_nobody_loses_theirs_and_nobody_comes_in_their_place(
    office: WalkInOffice,
) -> None:
    hour = await office.hour(seats="3")
    for who in (ANN, BOB):
        await office.book(hour, who, day=LATER)
    await office.press(change(hour, seats="1"), AD)
    assert [(await office.booking(who)).seat for who in (ANN, BOB)] == [1, 2]
    waits = await office.book(hour, CAS, day=LATER)
    assert waits.view == "walkin.waiting"
    await office.all_read()
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    # One of two seats is one too many still.
    assert await office.told(CAS) == []
    await office.press(buttons.CancelBooking(**on((await office.booking(BOB)).id)), BOB)
    (asked,) = await office.told(CAS)
    assert asked.view == "walkin.offered"


async def test_the_line_goes_along_and_what_was_shown_before_still_works(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    await office.book(hour, ANN, 1, day=LATER)
    waits = await office.book(hour, BOB, 1, day=LATER)
    await office.press(change(hour, start="12:30", end="13:30"), AD)
    third = await office.book(hour, CAS, 1, day=LATER)
    assert "Je staat op de wachtlijst, op plek 2." in await office.show(third)
    gone = await office.book(hour, CAS, 0, day=LATER)
    assert keys(gone) == ["walkin.refused.gone"]
    left = await office.press(press_of(waits, "walkin.waiting.leave"), BOB)
    assert keys(left) == ["walkin.waiting.left"]


async def test_who_waits_for_a_moment_that_is_not_there_any_more_is_told(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    for who in (ANN, BOB):
        await office.book(hour, who, day=LATER)
    await office.all_read()
    asked = await office.press(change(hour, weekday="vr"), AD)
    assert (await office.show(asked))[0].startswith("2 mensen met een afspraak")
    await office.press(press_of(asked, "walkin.change.sure"), AD)
    for who in (ANN, BOB):
        (told,) = await office.told(who)
        assert keys(told)[0] == "walkin.over.changed"
        assert labels_of(office, told)[1].startswith("vrijdag 6 maart om 12:00 · Ad")


async def test_a_date_that_was_off_or_moved_apart_stays_so(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.press(buttons.CancelDate(hour=hour.id, day=LATER), AD)
    third = LATER + WEEK
    await office.book(hour, day=third)
    moved = buttons.MoveDate(hour=hour.id, day=third, to="2026-03-19", start="09:00")
    await office.press(moved, AD)
    await office.all_read()
    await office.press(change(hour, start="12:30", end="13:30"), AD)
    assert (await office.booking()).starts.date() == date(2026, 3, 19)
    assert await office.told(ANN) == []
    (mine,) = await office.say("mijn inloopuren", AD)
    assert [label.split(" · ")[0] for label in labels_of(office, mine)[:3]] == [
        "woensdag om 12:00",
        "donderdag 19 maart om 09:00",
        "woensdag 25 maart om 12:30",
    ]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"weekday": "do", "start": "14:30", "end": "15:30"}, "walkin.wrong.clash"),
        ({"start": "twaalf"}, "walkin.wrong.time"),
        ({"first": "2-3-2026"}, "walkin.change.too_soon"),
        ({"first": "1-3-2026"}, "walkin.wrong.past"),
        ({"last": "3-3-2026"}, "walkin.wrong.last"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_changes(
    office: WalkInOffice, changes: dict[str, str], wrong: str
) -> None:
    hour = await office.hour()
    await office.hour(weekday="do", start="14:00", end="15:00")
    before = dict(office.hours)
    reply = await office.press(change(hour, **changes), AD)
    assert (reply.view, reply.replaces, keys(reply)[1]) == ("walkin.form", True, wrong)
    if wrong.endswith("clash"):
        assert (await office.show(reply))[1] == (
            "Je hebt dan al een inloopuur: 5 maart 2026, 14:00 tot 15:00."
        )
    assert dict(office.hours) == before


async def test_only_who_holds_an_hour_changes_it_and_not_one_of_the_file(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    for press in (buttons.ChangeForm(hour=hour.id), change(hour)):
        assert keys(await office.press(press, BEA)) == ["walkin.refused.not_yours"]
    unknown = buttons.ChangeForm(hour=HourId(99))
    assert keys(await office.press(unknown, AD)) == ["walkin.refused.gone"]
    async with office.chat.store.begin() as work:
        await work.walkin.save_hour(replace(hour, origin=Origin.FILE))
    for press in (buttons.ChangeForm(hour=hour.id), change(hour, start="11:00")):
        assert keys(await office.press(press, AD)) == ["walkin.refused.in_file"]


async def test_a_change_is_from_tomorrow_on_when_nothing_is_said(office: WalkInOffice) -> None:
    hour = await office.hour(weekday="ma")
    await office.book(hour, day=date(2026, 3, 2))
    await office.press(change(hour, weekday="ma", first=" ", start="12:30", end="13:30"), AD)
    old, new = office.hours.values()
    assert (old.last, new.first) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (await office.booking()).state is State.BOOKED


async def test_a_date_that_was_moved_forward_is_still_to_come_when_an_hour_changes(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    forward = WEDNESDAY - timedelta(days=1)
    async with office.chat.store.begin() as work:
        await work.walkin.change_date(Change(hour.id, WEDNESDAY, forward))
    form = await office.press(change(hour, first="4-3-2026", start="15:00", end="16:00"), AD)
    said = (
        "De datum van 4 maart 2026 is verzet naar 3 maart 2026. "
        "Verander het inloopuur vanaf een dag na 4 maart 2026."
    )
    assert said in await office.show(form)
    assert len(office.hours) == 1
    done = await office.press(change(hour, first="5-3-2026", start="15:00", end="16:00"), AD)
    assert "walkin.change.done" in keys(done)


async def test_stop_on_an_older_card_stops_no_hour_that_is_over_already(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    form = await office.press(buttons.ChangeForm(hour=hour.id), AD)
    stop = press_of(form, "walkin.session.end")
    await office.press(change(hour, start="14:00", end="15:00"), AD)
    await office.move_to(local("ma", 9) + 3 * WEEK)
    before = dict(office.hours)
    assert keys(await office.press(stop, AD)) == ["walkin.refused.gone"]
    assert keys(await office.press(buttons.ChangeForm(hour=hour.id), AD)) == ["walkin.refused.gone"]
    assert dict(office.hours) == before


async def test_who_stops_an_hour_that_goes_on_by_another_rule_can_stop_that_too(
    office: WalkInOffice,
) -> None:
    hour = await office.hour()
    form = await office.press(buttons.ChangeForm(hour=hour.id), AD)
    stop = press_of(form, "walkin.session.end")
    await office.press(change(hour, start="14:00", end="15:00"), AD)
    done = await office.press(stop, AD)
    assert (await office.show(done))[:2] == [
        "Dit inloopuur is gestopt. Er waren geen afspraken meer.",
        "Vanaf 5 maart 2026 gaat het verder: elke woensdag, 14:00 tot 15:00.",
    ]
    assert labels_of(office, done) == ["Stop ook daarmee", "Jouw inloopuren"]
    both = await office.press(press_of(done, "walkin.session.end_next"), AD)
    assert keys(both) == ["walkin.session.is_ended_none"]
    assert all(one.last == date(2026, 3, 1) for one in office.hours.values())
