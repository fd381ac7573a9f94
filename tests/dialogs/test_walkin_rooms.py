"""Who comes to a walk-in hour hears that an import moved it to another room, and each time once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import walkin_buttons as buttons
from bot.core.reply import Reply
from bot.dialogs.walkin_grounds import load_sessions
from bot.dialogs.walkin_rooms import RoomNews
from bot.walkin import dates
from bot.walkin.model import Hour, Origin
from bot.walkin.seats import State
from tests.chat import ANN, keys
from tests.clocks import ZONE
from tests.office import AD, BOB, CAS, local
from tests.walkin import WEDNESDAY, WalkInOffice, labels_of, make_walkin_office, on


@pytest.fixture
async def office() -> WalkInOffice:
    """An office with an hour of Ad from the college file, to which Ann and Bob come."""
    office = await make_walkin_office()
    hour = replace(await office.hour(), origin=Origin.FILE)
    async with office.chat.store.begin() as work:
        await work.walkin.save_hour(hour)
    await office.book(hour)
    await office.book(hour, BOB, 1)
    await office.all_read()
    return office


async def bring_in(office: WalkInOffice, *listed: Hour) -> int:
    """Take over what a college file lists; returns how many hear of another place."""
    rooms = RoomNews(office.clock.news)
    async with office.chat.store.begin() as work:
        before = await rooms.rooms(work, office.now)
        await dates.take_over(work, listed, office.now.astimezone(ZONE))
        return await rooms.tell(work, before, office.now)


def file_hour(office: WalkInOffice, **changes: Any) -> Hour:
    return replace(next(iter(office.hours.values())), **changes)


async def shown(office: WalkInOffice, replies: Sequence[Reply]) -> list[list[str]]:
    return [(await office.show(one))[:2] for one in replies]


async def test_who_comes_hears_of_another_room_and_each_time_once(office: WalkInOffice) -> None:
    before = await office.booking()
    moved = file_hour(office, place="C9")
    assert await bring_in(office, moved) == 2
    says = "Je afspraak bij Ad is nu op een andere plek: woensdag 4 maart om 12:00"
    assert await shown(office, await office.told(ANN)) == [[says, "Waar: C9, Kerngebouw"]]
    assert len(await office.told(BOB)) == 1
    after = await office.booking()
    assert (after.id, after.starts, after.version) == (before.id, before.starts, 2)
    assert await bring_in(office, moved) == 0
    assert await office.told(ANN) == []
    assert await bring_in(office, replace(moved, place="B2.04")) == 2
    assert await shown(office, await office.told(ANN)) == [[says, "Waar: B2.04, Kerngebouw"]]
    assert await bring_in(office, replace(moved, link="https://meet.example/ad")) == 2


async def test_who_comes_in_a_next_period_with_another_room_keeps_their_seat_and_hears_it(
    office: WalkInOffice,
) -> None:
    first = file_hour(office, last=WEDNESDAY)
    later = WEDNESDAY + timedelta(weeks=1)
    await office.book(first, CAS, day=later)
    await office.all_read()
    second = replace(first, first=later, last=None, place="C9")
    assert await bring_in(office, first, second) == 1
    says = "Je afspraak bij Ad is nu op een andere plek: woensdag 11 maart om 12:00"
    assert await shown(office, await office.told(CAS)) == [[says, "Waar: C9, Kerngebouw"]]
    await office.move_to(local("ma", 10, 1))
    assert await office.told(ANN) == await office.told(BOB) == []
    assert (await office.booking(CAS)).state is State.BOOKED


async def test_a_room_of_one_date_stays_whatever_the_room_of_the_hour_becomes(
    office: WalkInOffice,
) -> None:
    which = {"hour": file_hour(office).id, "day": WEDNESDAY}
    await office.press(buttons.MoveDate(**which, to="2026-03-04", start="12:00", place="A1"), AD)
    await office.all_read()
    assert await bring_in(office, file_hour(office, place="C9")) == 0
    assert await office.told(ANN) == []


async def test_who_was_offered_a_seat_reads_the_place_in_the_offer(office: WalkInOffice) -> None:
    hour = file_hour(office)
    await office.book(hour, CAS)
    await office.press(buttons.CancelBooking(**on((await office.booking()).id)))
    (offer,) = await office.told(CAS)
    assert (await office.booking(CAS)).state is State.OFFERED
    assert await bring_in(office, replace(hour, place="C9")) == 1
    assert await office.told(CAS) == []
    (now,) = [one.reply for one in office.delivered if one.changes and one.reply.view == offer.view]
    assert "Waar: C9, Kerngebouw" in await office.show(now)


async def test_weeks_that_are_over_keep_the_room_and_the_seats_that_they_had(
    office: WalkInOffice,
) -> None:
    was, later = file_hour(office), WEDNESDAY + timedelta(weeks=1)
    await office.book(was, CAS, day=later)
    await office.move_to(local("wo", 12, 10))
    await office.press(buttons.TakeNumber(hour=was.id, day=WEDNESDAY), CAS)
    await office.all_read()
    # Also of today, while it goes on.
    assert await bring_in(office, replace(was, place="C9", seats=4)) == 1
    async with office.chat.store.reading() as work:
        view = await office.clock.news.agenda.view(work, await office.person(AD), office.now)
        held = await load_sessions(work, view.frame.grounds, WEDNESDAY, later)
    assert [(one.day, one.place, one.hour.seats) for one in held] == [
        (WEDNESDAY, "B2.04", 1),
        (later, "C9", 4),
    ]
    card = await office.press(buttons.ShowSession(hour=was.id, day=WEDNESDAY), AD)
    names = [one.split(" · ")[1] for one in labels_of(office, card)[:3]]
    assert names == ["Ann", "Bob", "Cas"]
    assert (await office.booking(CAS)).key.hour != was.id
    (told,) = await office.told(CAS)
    assert "Waar: C9, Kerngebouw" in await office.show(told)


async def test_of_an_hour_that_is_over_nobody_hears_of_a_room(office: WalkInOffice) -> None:
    hour = file_hour(office)
    assert await bring_in(office) == 0
    await office.move_to(local("ma", 10, 1))
    assert [keys(one)[0] for one in await office.told(ANN)] == ["walkin.over.closed"]
    assert await bring_in(office, replace(hour, place="C9")) == 0
    assert await office.told(ANN) == []
