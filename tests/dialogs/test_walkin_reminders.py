"""Who comes is reminded the working day before and 15 minutes before; the coach in one list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core import walkin_buttons as buttons
from bot.core.reply import Reply
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_news import News
from bot.walkin.model import Terms
from bot.walkin.reminders import Reminder
from bot.walkin.seats import Booking, State
from bot.worktime.closures import Closed
from tests.chat import ANN, keys, press_of
from tests.office import AD, BEA, BOB, CAS, local
from tests.walkin import FORM, WEDNESDAY, WalkInOffice, make_walkin_office, on

THREE = local("di", 15)


@pytest.fixture
async def office() -> WalkInOffice:
    return await make_walkin_office()


async def test_several_in_several_slots_are_reminded_once_and_the_coach_in_one_list(
    office: WalkInOffice,
) -> None:
    hour, other = await office.hour(), await office.hour(AD, start="14:00", end="15:00")
    bea = await office.hour(BEA)
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.book(other, CAS)
    await office.book(bea, BOB)
    await office.press(buttons.NameTopic(**on((await office.booking()).id)), topic="Toets")
    await office.all_read()
    await office.move_to(THREE - timedelta(minutes=1))
    for who in (ANN, BOB, CAS, AD, BEA):
        assert await office.told(who) == []
    await office.move_to(THREE)
    (told,) = await office.told(ANN)
    assert (await office.show(told))[:2] == [
        "Denk aan je afspraak: woensdag 4 maart om 12:00 bij Ad",
        "Waar: B2.04, Kerngebouw",
    ]
    assert sorted([(await office.show(one))[0] for one in await office.told(BOB)]) == [
        "Denk aan je afspraak: woensdag 4 maart om 12:00 bij Bea",
        "Denk aan je afspraak: woensdag 4 maart om 12:30 bij Ad",
    ]
    (listed,) = await office.told(AD)
    assert (await office.show(listed))[:4] == [
        "Wie komen er bij je inloopuur? Je begint woensdag 4 maart om 12:00.",
        "12:00 · Ann · Toets",
        "12:30 · Bob",
        "14:00 · Cas",
    ]
    assert len(await office.told(BEA)) == 1
    await office.all_read()
    await office.move_to(local("wo", 11, 45))
    (soon,) = await office.told(ANN)
    assert (await office.show(soon))[0] == "Zo meteen: om 12:00 bij Ad"
    (soon_list,) = await office.told(AD)
    assert (await office.show(soon_list))[:3] == [
        "Je inloopuur begint om 12:00. Dit zijn je afspraken:",
        "12:00 · Ann · Toets",
        "12:30 · Bob",
    ]
    await office.all_read()
    await office.move_to(local("wo", 12, 15))
    assert [(await office.show(one))[0] for one in await office.told(BOB)] == [
        "Zo meteen: om 12:30 bij Ad"
    ]
    assert await office.told(AD) == []
    await office.wait(days=2)
    assert await office.told(ANN) == []


async def test_monday_is_reminded_of_on_friday(office: WalkInOffice) -> None:
    hour = await office.hour(weekday="ma")
    await office.book(hour, day=WEDNESDAY + timedelta(days=5))
    await office.all_read()
    await office.move_to(local("vr", 15))
    (told,) = await office.told(ANN)
    assert (await office.show(told))[0] == "Denk aan je afspraak: maandag 9 maart om 12:00 bij Ad"
    await office.move_to(local("vr", 15) + timedelta(days=2, hours=20))
    assert await office.told(ANN) == []


async def test_what_was_cancelled_is_not_reminded_of(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    await office.all_read()
    await office.move_to(THREE)
    assert await office.told(ANN) == []
    (listed,) = await office.told(AD)
    assert "12:30 · Bob" in await office.show(listed)
    assert not any("Ann" in one for one in await office.show(listed))
    # What changes after the list was sent, shows in it.
    await office.press(buttons.CancelBooking(**on((await office.booking(BOB)).id)), BOB)
    assert keys(await last_list(office)) == ["walkin.list_of.nobody"]
    await office.move_to(local("wo", 12))
    assert await office.told(AD) == []


async def test_who_moves_away_is_gone_from_the_list(office: WalkInOffice) -> None:
    hour, other = await office.hour(), await office.hour(BEA, weekday="do")
    await office.book(hour)
    await office.move_to(THREE)
    await office.all_read()
    moving = (await office.booking()).id
    await office.book(other, day=WEDNESDAY + timedelta(days=1), moving=moving)
    assert keys(await last_list(office)) == ["walkin.list_of.nobody"]


async def test_a_list_that_was_sent_follows_a_date_that_goes_away(office: WalkInOffice) -> None:
    hour, other = await office.hour(), await office.hour(AD, start="14:00", end="15:00")
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.book(other, CAS)
    await office.move_to(THREE)
    await office.press(buttons.CancelDate(hour=hour.id, day=WEDNESDAY, sure=True), AD)
    assert (await office.show(await last_list(office)))[:2] == [
        "Wie komen er bij je inloopuur? Je begint woensdag 4 maart om 14:00.",
        "14:00 · Cas",
    ]
    later = {**FORM, "first": "4-3-2026", "start": "15:00", "end": "16:00"}
    await office.press(buttons.ChangeHour(hour=other.id, **later, sure=True), AD)
    assert keys(await last_list(office)) == ["walkin.list_of.nobody"]


async def test_who_comes_on_another_day_is_gone_from_the_list(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.move_to(THREE)
    moved = buttons.MoveDate(hour=hour.id, day=WEDNESDAY, to="2026-03-05", start="12:00")
    await office.press(moved, AD)
    assert (await office.booking()).starts == local("do", 12)
    assert keys(await last_list(office)) == ["walkin.list_of.nobody"]


async def last_list(office: WalkInOffice) -> Reply:
    """Return how the list that Ad was sent reads now."""
    await office.deliver()
    last = [one for one in office.delivered if one.changes and one.place.conversation == "29:ad"]
    return last[-1].reply


async def test_two_processes_and_a_restart_remind_once(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.all_read()
    office.chat.clock.move_to(THREE)
    await asyncio.gather(*(office.clock.run(THREE) for _ in range(3)))
    await office.clock.run(THREE)
    assert len(await office.told(ANN)) == 1
    assert len(await office.told(AD)) == 1


async def test_after_downtime_the_reminder_says_what_is_so_by_then(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.all_read()
    office.chat.clock.move_to(local("wo", 11, 50))
    await office.clock.run(office.now)
    (told,) = await office.told(ANN)
    assert keys(told)[0] == "walkin.remind.soon"
    (other,) = await office.told(BOB)
    assert keys(other)[0] == "walkin.remind.day_before"
    office.chat.clock.move_to(local("wo", 12, 31))
    await office.clock.run(office.now)
    assert await office.told(BOB) == []
    assert (await office.booking(BOB)).due is None


async def test_who_books_when_the_list_was_sent_is_told_of(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.move_to(local("wo", 11, 50))
    await office.all_read()
    await office.book(hour)
    (told,) = await office.told(AD)
    assert (await office.show(told))[0] == "Ann komt zo bij je inloopuur: woensdag 4 maart om 12:00"
    await office.move_to(local("wo", 13))
    assert await office.told(ANN) == []


async def test_a_reminder_follows_its_booking(office: WalkInOffice) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.all_read()
    await office.move_to(THREE)
    (told,) = await office.told(ANN)
    save = buttons.NameTopic(**on((await office.booking()).id))
    await office.press(save, topic="Toets")
    await office.deliver()
    changed = [one.reply for one in office.delivered if one.changes]
    assert changed[-1].view in {"walkin.reminder", "walkin.session"}
    await office.press(press_of(told, "walkin.booked.cancel"), card="elsewhere")
    await office.deliver()
    views = [one.reply for one in office.delivered if one.changes]
    assert any(keys(one) == ["walkin.over.by_asker"] for one in views)
    assert (await office.booking()).state is State.CANCELLED


async def test_what_goes_wrong_with_one_holds_up_no_other(
    office: WalkInOffice, caplog: pytest.LogCaptureFixture
) -> None:
    hour = await office.hour()
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.all_read()
    ann = (await office.booking()).id
    clock = office.clock

    async def remind(work: Any, booking: Booking, which: Reminder, now: datetime) -> None:
        if booking.id == ann:
            raise RuntimeError("Toets van Ann")
        await News.remind(clock.news, work, booking, which, now)

    broken: Any = Broken(clock.news.agenda, remind)
    office.chat.clock.move_to(THREE)
    await replace(clock, news=broken).run(office.now)
    assert len(await office.told(BOB)) == 1
    assert await office.told(ANN) == []
    assert caplog.messages == [f"time passed by booking {ann}: RuntimeError"]
    await office.clock.run(office.now)
    assert len(await office.told(ANN)) == 1


@dataclass(frozen=True)
class Broken:
    """News that goes wrong for somebody."""

    agenda: Agenda
    remind: Any


async def test_an_offer_waits_for_the_next_day_on_which_the_hours_location_is_open(
    office: WalkInOffice,
) -> None:
    await office.book(await office.hour(CAS))
    offered = replace(await office.booking(), state=State.OFFERED, due=local("wo", 10))
    await office.all_read()
    nearby, today = office.chat.desk.nearby, office.now.date()
    college = replace(nearby.college, closed_at={"Havenkade": (Closed(today, today),)})
    news = News(Agenda(replace(nearby, college=college), Terms()))
    async with office.chat.store.begin() as work:
        await news.promoted(work, [offered], office.now)
    await office.move_to(local("ma", 17))
    assert await office.told(ANN) == []
    await office.move_to(local("di", 9))
    assert [one.view for one in await office.told(ANN)] == ["walkin.offered"]


class SeatsOnly:
    """Walk-in hours of which only the seats themselves can be read."""

    def __init__(self, walkin: object) -> None:
        self._walkin = walkin

    def __getattr__(self, name: str) -> object:
        if name in ("open_after", "of_gone", "counts", "unseated", "queued"):
            raise OSError(name)
        return getattr(self._walkin, name)


async def test_what_cannot_be_looked_up_holds_up_no_reminder(office: WalkInOffice) -> None:
    await office.book(await office.hour())
    await office.all_read()

    @asynccontextmanager
    async def begin() -> AsyncIterator[Any]:
        async with office.chat.store.begin() as work:
            walkin: Any = SeatsOnly(work.walkin)
            yield replace(work, walkin=walkin)

    office.chat.clock.move_to(THREE)
    await replace(office.clock, begin=begin).run(THREE)
    assert len(await office.told(ANN)) == 1
