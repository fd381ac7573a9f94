"""What every store promises about walk-in hours, seats, lines and numbers."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import BookingId, HourId, PersonId, TicketId
from bot.people.service import plan_import
from bot.store.work import Store
from bot.walkin import bookings, dates, service
from bot.walkin.changed import change_hour
from bot.walkin.frame import Frame, Guest
from bot.walkin.grounds import Grounds
from bot.walkin.model import Change, Hour, OpenTo, Origin, SlotKey, Terms
from bot.walkin.outcomes import Booked, Changed, Refusal, Refused, Waitlisted
from bot.walkin.seats import Booking, Count, Line, Numbers, State, Ticket, Turn, Why
from tests.chat import OPEN_ON_WEEKDAYS
from tests.factories import (
    NOW,
    booking,
    hour,
    listed,
    organisation,
    sender,
    slot_key,
    waiting,
)
from tests.fakes import AnyStore

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def people(store: AnyStore, count: int = 3) -> list[PersonId]:
    async with store.begin() as work:
        return [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(count)]


async def an_hour(store: AnyStore, coach: PersonId, said: Hour | None = None) -> Hour:
    async with store.begin() as work:
        return await work.walkin.add_hour(replace(said or hour(), coach=coach))


async def book(store: AnyStore, one: Booking) -> Booking:
    async with store.begin() as work:
        return await work.walkin.book(one)


async def a_slot(store: AnyStore) -> tuple[list[PersonId], SlotKey]:
    who = await people(store)
    return who, slot_key((await an_hour(store, who[0])).id)


async def test_an_hour_comes_back_as_it_was_made(store: AnyStore) -> None:
    (coach, *_) = await people(store)
    said = hour(
        weekday=4,
        start=time(9, 5),
        last=date(2026, 6, 1),
        link="https://meet.example/x",
        open_to=OpenTo.TEAM,
        origin=Origin.FILE,
    )
    made = await an_hour(store, coach, said)
    assert made == replace(said, id=made.id, coach=coach)
    async with store.begin() as work:
        assert await work.walkin.hour(made.id) == made
        assert await work.walkin.hour(HourId(4711)) is None
        ended = replace(made, last=date(2026, 3, 1), seats=5)
        await work.walkin.save_hour(ended)
        assert await work.walkin.hour(made.id) == ended


async def test_hours_that_ended_are_left_out(store: AnyStore) -> None:
    (coach, *_) = await people(store)
    endless = await an_hour(store, coach)
    ended = await an_hour(store, coach, hour(last=date(2026, 3, 1)))
    async with store.reading() as work:
        assert await work.walkin.hours(date(2026, 3, 1)) == [endless, ended]
        assert await work.walkin.hours(date(2026, 3, 2)) == [endless]


async def test_the_last_word_on_a_date_counts(store: AnyStore) -> None:
    (coach, *_) = await people(store)
    made = await an_hour(store, coach)
    off = Change(made.id, date(2026, 3, 9))
    moved = replace(off, to=date(2026, 3, 10), start=time(14, 30), place="C1.01")
    async with store.begin() as work:
        await work.walkin.change_date(off)
        assert await work.walkin.changes(date(2026, 3, 9)) == [off]
        await work.walkin.change_date(moved)
        await work.walkin.change_date(replace(off, day=date(2026, 3, 2)))
        assert await work.walkin.changes(date(2026, 3, 9)) == [moved]
        assert len(await work.walkin.changes(date(2026, 3, 1))) == 2


async def test_a_booking_comes_back_as_it_was_made(store: AnyStore) -> None:
    who, key = await a_slot(store)
    said = booking(who[1], key, topic="Toets", due=NOW, seat=2)
    made = await book(store, said)
    assert made == replace(said, id=made.id)
    async with store.begin() as work:
        assert await work.walkin.booking(made.id) == made
        assert await work.walkin.booking(BookingId(4711)) is None
        over = replace(made, state=State.CANCELLED, why=Why.BY_ASKER, due=None, version=2)
        assert await work.walkin.save(over, seen=1)
        assert await work.walkin.booking(made.id) == over
        assert not await work.walkin.save(replace(over, version=3), seen=1)
        assert await work.walkin.booking(made.id) == over


async def test_a_seat_goes_once(store: AnyStore) -> None:
    who, key = await a_slot(store)
    first = await book(store, booking(who[0], key))
    with pytest.raises(ConflictError):
        await book(store, booking(who[1], key))
    other = await book(store, booking(who[1], replace(key, number=1)))
    with pytest.raises(ConflictError):
        async with store.begin() as work:
            await work.walkin.save(replace(other, key=key, version=2), seen=1)
    async with store.begin() as work:
        await work.walkin.save(replace(first, state=State.CANCELLED, version=2), seen=1)
        assert await work.walkin.save(replace(other, key=key, version=2), seen=1)


async def test_nobody_has_two_seats_in_a_slot(store: AnyStore) -> None:
    who, key = await a_slot(store)
    await book(store, booking(who[0], key))
    with pytest.raises(ConflictError):
        await book(store, booking(who[0], key, seat=2))


async def test_of_many_who_take_the_same_seat_at_once_one_has_it(store: AnyStore) -> None:
    who, key = await a_slot(store)
    came = await asyncio.gather(
        *(book(store, booking(one, key)) for one in who), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in came) == ["Booking", *["ConflictError"] * 2]


async def test_what_time_does_is_no_change_that_a_calendar_shows(store: AnyStore) -> None:
    who, key = await a_slot(store)
    made = await book(store, booking(who[0], key, due=NOW))
    async with store.begin() as work:
        await work.walkin.remind_at(made.id, NOW + DAY)
        assert await work.walkin.booking(made.id) == replace(made, due=NOW + DAY)
        await work.walkin.remind_at(made.id, None)
        assert await work.walkin.booking(made.id) == replace(made, due=None)


async def test_bookings_are_found_by_session_hour_person_and_time(store: AnyStore) -> None:
    who, key = await a_slot(store)
    later = await book(store, booking(who[0], replace(key, number=1)))
    second = await book(store, booking(who[1], key, seat=2, state=State.OFFERED))
    first = await book(store, booking(who[0], key))
    gone = booking(who[2], key, seat=2, state=State.CANCELLED)
    helped = await book(store, booking(who[2], replace(key, number=2), state=State.HELPED))
    await book(store, gone)
    async with store.reading() as work:
        found = work.walkin
        assert await found.bookings(key.hour, key.day) == [first, second, later, helped]
        assert await found.bookings(key.hour, key.day + DAY) == []
        assert {one.id for one in await found.upcoming(key.hour, NOW)} == {
            *(one.id for one in (first, second, later))
        }
        assert await found.upcoming(key.hour, first.starts) == [later]
        assert await found.upcoming(HourId(4711), NOW) == []
        assert await found.of_person(who[0], first.starts) == [first, later]
        assert await found.of_person(who[0], first.ends) == [later]
        assert await found.of_person(who[2], NOW) == []
        assert await found.open_after(first.starts) == [later]


async def test_bookings_of_who_left_are_found(store: AnyStore) -> None:
    async with store.begin() as work:
        college = organisation(listed(), listed("docent2@kerncollege.example"))
        await work.people.apply(await plan_import(work, college))
        ann, bob = await work.people.find("docent", 2)
        made = await work.walkin.add_hour(hour(coach=ann.id))
        key = slot_key(made.id)
        await work.walkin.book(booking(ann.id, key))
        left = await work.walkin.book(booking(bob.id, key, seat=2))
        assert await work.walkin.of_gone(NOW) == []
        await work.people.apply(await plan_import(work, organisation(listed())))
        assert await work.walkin.of_gone(NOW) == [left.id]
        assert await work.walkin.of_gone(left.starts) == []


async def test_what_is_due_comes_soonest_first(store: AnyStore) -> None:
    who, key = await a_slot(store)
    later = await book(store, booking(who[0], replace(key, number=1), due=NOW - DAY))
    first = await book(store, booking(who[1], key, due=NOW))
    planned = await book(store, booking(who[2], key, seat=2, due=NOW + MINUTE))
    async with store.reading() as work:
        assert await work.walkin.due(NOW, 5) == [first.id, later.id]
        assert await work.walkin.due(NOW, 1) == [first.id]
        assert await work.walkin.next_due(NOW) == planned.due
        assert await work.walkin.next_due(NOW + MINUTE) is None


async def test_a_line_has_numbers_that_are_given_once(store: AnyStore) -> None:
    who, key = await a_slot(store)
    async with store.begin() as work:
        assert await work.walkin.numbers(key, who[0]) == Numbers(0, 0, mine=False)
        first = await work.walkin.wait(waiting(who[0], key, 1, topic="Toets"))
        second = await work.walkin.wait(waiting(who[1], key, 2))
        other = await work.walkin.wait(waiting(who[0], replace(key, number=1)))
        assert await work.walkin.line(key) == [first, second]
        assert await work.walkin.waits_of(who[0], NOW) == [first, other]
        assert await work.walkin.waits_of(who[0], first.starts) == [other]
        assert await work.walkin.lines(key.hour, first.starts) == [other]
        await work.walkin.save_waiting(replace(second, state=Line.OFFERED))
        assert await work.walkin.line(key) == [first]
        assert await work.walkin.numbers(key, who[0]) == Numbers(1, 2, mine=True)
        assert await work.walkin.numbers(key, who[1]) == Numbers(1, 2, mine=False)
    with pytest.raises(ConflictError):
        async with store.begin() as work:
            await work.walkin.wait(waiting(who[2], key, 2))


async def test_who_waits_goes_along_to_another_slot(store: AnyStore) -> None:
    who, key = await a_slot(store)
    async with store.begin() as work:
        first = await work.walkin.wait(waiting(who[0], key, 1))
        there = replace(first, key=replace(key, number=1))
        await work.walkin.save_waiting(there)
        assert (await work.walkin.line(key), await work.walkin.line(there.key)) == ([], [there])


async def test_who_waits_for_a_slot_that_begins_is_found(store: AnyStore) -> None:
    who, key = await a_slot(store)
    async with store.begin() as work:
        first = await work.walkin.wait(waiting(who[0], key))
        later = await work.walkin.wait(waiting(who[1], replace(key, number=1)))
        await work.walkin.wait(waiting(who[2], key, 2, state=Line.LEFT))
    async with store.reading() as work:
        assert await work.walkin.unseated(first.starts - MINUTE) == []
        assert await work.walkin.unseated(first.starts) == [first]
        assert await work.walkin.unseated(later.starts) == [first, later]
        assert await work.walkin.next_due(NOW) == first.starts
        assert await work.walkin.next_due(first.starts) == later.starts
    await book(store, booking(who[2], key, due=first.starts + MINUTE))
    async with store.reading() as work:
        assert await work.walkin.next_due(first.starts) == first.starts + MINUTE


async def test_slots_are_counted(store: AnyStore) -> None:
    who, key = await a_slot(store)
    one = await book(store, booking(who[0], key))
    await book(store, booking(who[1], key, seat=2, state=State.CANCELLED))
    other = replace(key, number=1)
    await book(store, booking(who[1], other, state=State.OFFERED))
    async with store.begin() as work:
        await work.walkin.wait(waiting(who[2], key))
        await work.walkin.wait(waiting(who[1], key, 2, state=Line.LEFT))
        counted = await work.walkin.counts(one.starts, one.starts + DAY)
        assert counted == {key: Count(1, 1), other: Count(1, 0)}
        assert await work.walkin.counts(one.starts + MINUTE, one.starts + DAY) == {
            other: Count(1, 0)
        }
        assert await work.walkin.counts(NOW, one.starts) == {}


async def test_numbers_of_who_walks_in(store: AnyStore) -> None:
    who, key = await a_slot(store)
    said = Ticket(TicketId(0), key.hour, key.day, 1, who[1], NOW)
    async with store.begin() as work:
        second = await work.walkin.take_ticket(replace(said, number=2, person=who[2]))
        first = await work.walkin.take_ticket(said)
        assert await work.walkin.tickets(key.hour, key.day) == [first, second]
        assert await work.walkin.tickets(key.hour, key.day + DAY) == []
        assert await work.walkin.queued() == [second, first]
        called = replace(first, state=Turn.CALLED, called=NOW + MINUTE, ended=NOW + DAY)
        await work.walkin.save_ticket(called)
        assert await work.walkin.ticket(first.id) == called
        assert await work.walkin.queued() == [second]
        assert await work.walkin.ticket(TicketId(4711)) is None
    with pytest.raises(ConflictError):
        async with store.begin() as work:
            await work.walkin.take_ticket(said)


async def test_what_people_came_for_is_forgotten(store: AnyStore) -> None:
    who, key = await a_slot(store)
    made = await book(store, booking(who[0], key, topic="Toets"))
    async with store.begin() as work:
        await work.walkin.wait(waiting(who[1], key, topic="Cijfers"))
        assert await work.walkin.forget_texts(made.starts) == 0
        assert await work.walkin.forget_texts(made.starts + MINUTE) == 2
        assert await work.walkin.forget_texts(made.starts + MINUTE) == 0
        assert await work.walkin.booking(made.id) == replace(made, topic="")


async def test_who_holds_an_hours_lock_is_alone_there(sql_store: Store) -> None:
    who, key = await a_slot(sql_store)

    async def number(person: PersonId) -> int:
        async with sql_store.begin() as work:
            await work.walkin.lock(key.hour)
            given = (await work.walkin.numbers(key, person)).last + 1
            await asyncio.sleep(0)
            await work.walkin.wait(waiting(person, key, given))
            return given

    assert sorted(await asyncio.gather(*map(number, who))) == [1, 2, 3]


async def test_of_several_who_remind_at_once_one_does(store: AnyStore) -> None:
    who, key = await a_slot(store)
    made = await book(store, booking(who[1], key, due=NOW))
    frame = Frame(Grounds(OPEN_ON_WEEKDAYS, lambda _: OPEN_ON_WEEKDAYS), Terms(), NOW)

    async def remind() -> bool:
        async with store.begin() as work:
            return await bookings.remind(work, made.id, frame) is not None

    assert sorted(await asyncio.gather(*(remind() for _ in range(4)))) == [False] * 3 + [True]


async def test_of_several_who_want_the_last_seat_at_once_one_has_it_and_the_rest_wait(
    store: AnyStore,
) -> None:
    who = await people(store, 6)
    made = await an_hour(store, who[0], hour(seats=1))
    key = slot_key(made.id)
    frame = Frame(Grounds(OPEN_ON_WEEKDAYS, lambda _: OPEN_ON_WEEKDAYS), Terms(), NOW)

    async def take(person: PersonId) -> int:
        async with store.begin() as work:
            came = await service.book(work, key, Guest(person, lambda _: True), frame)
        return came.waiting.number if isinstance(came, Waitlisted) else 0

    assert sorted(await asyncio.gather(*map(take, who[1:]))) == [0, 1, 2, 3, 4]


async def test_who_books_while_an_hour_changes_comes_to_the_new_one_or_hears_that_it_is_gone(
    store: AnyStore,
) -> None:
    who = await people(store, 9)
    made = await an_hour(store, who[0], hour(seats=9))
    key = slot_key(made.id, number=1)
    frame = Frame(Grounds(OPEN_ON_WEEKDAYS, lambda _: OPEN_ON_WEEKDAYS), Terms(), NOW)
    later = replace(made, id=HourId(0), first=key.day, start=time(12, 15), end=time(13, 15))

    async def take(person: PersonId) -> PersonId | None:
        async with store.begin() as work:
            came = await service.book(work, key, Guest(person, lambda _: True), frame)
        assert isinstance(came, Booked) or came == Refused(Refusal.GONE)
        return came.booking.person if isinstance(came, Booked) else None

    async def change() -> None:
        async with store.begin() as work:
            assert isinstance(await change_hour(work, made.id, later, frame, sure=False), Changed)

    first = [take(one) for one in who[1:5]]
    *came, _ = await asyncio.gather(*first, *(take(one) for one in who[5:]), change())
    async with store.reading() as work:
        (new,) = [one for one in await work.walkin.hours(key.day) if one.id != made.id]
        there = await work.walkin.upcoming(new.id, NOW)
        assert await work.walkin.upcoming(made.id, NOW) == []
    assert {one.person for one in there} == set(filter(None, came))
    assert {one.key for one in there} <= {slot_key(new.id)}


async def test_who_has_a_slot_that_the_file_still_has_keeps_it_and_what_was_said_of_a_date_stays(
    store: AnyStore,
) -> None:
    who = await people(store)
    today, second = date(2026, 3, 9), date(2026, 3, 16)
    morning = datetime.combine(today, time(9))
    one = hour(coach=who[0], origin=Origin.FILE, first=today)
    async with store.begin() as work:
        await dates.take_over(work, [one], morning)
        (old,) = await work.walkin.hours(today)
        await work.walkin.change_date(Change(old.id, second, second + DAY))
        await work.walkin.take_ticket(Ticket(TicketId(0), old.id, today, 1, who[2], NOW))
    slots = [slot_key(old.id, day, number) for day in (today, second) for number in (2, 3)]
    kept, lost, later, _ = [await book(store, booking(who[1], key)) for key in slots]
    async with store.begin() as work:
        await work.walkin.save(replace(kept, state=State.HELPED), seen=1)
        for key in slots:
            await work.walkin.wait(waiting(who[2], key))
        shorter = replace(one, end=time(12, 45), last=second - DAY)
        summer = replace(one, end=time(12, 45), first=second, place="B2")
        found = await dates.take_over(work, [shorter, summer], morning)
    assert [ended.last for ended in found.ended] == [today - DAY]
    async with store.reading() as work:
        new, after = await work.walkin.hours(today)
        assert await work.walkin.booking(lost.id) == lost
        for was, now in ((replace(kept, state=State.HELPED), new), (later, after)):
            key = replace(was.key, hour=now.id)
            assert await work.walkin.bookings(now.id, key.day) == [replace(was, key=key, version=2)]
            assert [one.person for one in await work.walkin.line(key)] == [who[2]]
        assert {one.key.number for one in await work.walkin.lines(old.id, NOW)} == {3}
        assert [one.person for one in await work.walkin.tickets(new.id, today)] == [who[2]]
        assert Change(after.id, second, second + DAY) in await work.walkin.changes(today)
    # As often as it is read.
    async with store.begin() as work:
        again = await dates.take_over(work, [shorter, summer], morning)
        assert (again.added, again.changed, again.ended) == ((), (), ())


async def test_all_that_somebody_booked_is_found_also_what_is_over(store: AnyStore) -> None:
    (who, other, _), key = await a_slot(store)
    over = await book(store, booking(who, key, state=State.CANCELLED, why=Why.BY_ASKER))
    again = await book(store, booking(who, key))
    later = await book(store, booking(who, replace(key, number=1)))
    await book(store, booking(other, key, seat=2))
    async with store.reading() as work:
        first = over.ends - MINUTE
        assert await work.walkin.history(who, first) == [over, again, later]
        assert await work.walkin.history(who, over.ends) == [later]
        assert await work.walkin.history(who, later.ends) == []
