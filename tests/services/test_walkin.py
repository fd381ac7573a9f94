"""Walk-in hours through their use cases: what no press of a card that shows can reach."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.ids import BookingId, HourId, PersonId, TicketId
from bot.walkin import bookings, dates, queue, service
from bot.walkin.changed import change_hour, known_as
from bot.walkin.frame import Frame, Guest
from bot.walkin.grounds import Grounds, Leave
from bot.walkin.model import Change, Hour, Origin, Session, SlotKey, Terms
from bot.walkin.outcomes import Ahead, Booked, Changed, Emptied, Freed, Refusal, Refused, Waitlisted
from bot.walkin.ports import WalkInWork
from bot.walkin.seats import Booking, State, Ticket, Turn, Why
from bot.walkin.slots import sessions
from bot.worktime.closures import Closed, Closures
from tests.chat import OPEN_ON_WEEKDAYS
from tests.factories import NOW, hour, sender, slot_key
from tests.fake_walkin import MemoryWalkIns
from tests.fakes import MemoryStore, MemoryWork

GROUNDS = Grounds(OPEN_ON_WEEKDAYS, lambda _: OPEN_ON_WEEKDAYS)
FRAME = Frame(GROUNDS, Terms(most_open=10), NOW)
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
GONE, NOT_YOURS = Refused(Refusal.GONE), Refused(Refusal.NOT_YOURS)


def at(moment: datetime) -> Frame:
    return replace(FRAME, now=moment)


def guest(person: PersonId, topic: str = "") -> Guest:
    return Guest(person, lambda _: True, topic)


class Place:
    """A coach's hour with a slot for one, and three people."""

    def __init__(self, store: MemoryStore, made: Hour, people: list[PersonId]) -> None:
        self.store, self.hour = store, made
        self.ann, self.bob, self.cas = people
        self.key = slot_key(made.id)

    async def book(self, who: PersonId, key: SlotKey | None = None) -> Booking | None:
        async with self.store.begin() as work:
            came = await service.book(work, key or self.key, guest(who), FRAME)
        return came.booking if isinstance(came, Booked) else None

    def work(self) -> MemoryWork:
        return MemoryWork.on(self.store._shelves)


@pytest.fixture
async def place() -> Place:
    return await make_place()


async def make_place(seats: int = 1) -> Place:
    store = MemoryStore()
    async with store.begin() as work:
        names = [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(4)]
        made = await work.walkin.add_hour(hour(coach=names[0], seats=seats))
    return Place(store, made, names[1:])


async def test_what_is_not_there_is_gone(place: Place) -> None:
    none, work = BookingId(99), place.work()
    assert await service.cancel(work, none, place.ann, FRAME) == GONE
    assert await service.confirm(work, none, place.ann, FRAME) == GONE
    assert await service.free(work, none, Why.LEFT, FRAME) is None
    assert await bookings.mark(work, none, FRAME, came=True) == GONE
    assert await bookings.name_topic(work, none, guest(place.ann), FRAME) == GONE
    assert await bookings.remind(work, none, FRAME) is None
    assert await service.leave_line(work, place.key, place.ann) == GONE
    assert await service.rebook(work, none, place.key, guest(place.ann), FRAME) == GONE
    gone = replace(place.key, hour=HourId(99))
    assert await service.book(work, gone, guest(place.ann), FRAME) == GONE
    assert await service.promote(work, gone, FRAME) == ()
    assert await queue.leave(work, TicketId(99), place.ann, FRAME) == GONE
    assert await queue.finish(work, TicketId(99), place.ann, Turn.HELPED, FRAME) == GONE
    assert await queue.close(work, TicketId(99), FRAME) is None
    day = place.key.day
    assert await queue.call_next(work, HourId(99), day, place.ann, FRAME) == NOT_YOURS
    assert await queue.take_number(work, HourId(99), day, guest(place.ann), FRAME) == GONE


async def test_a_booking_does_not_move_to_where_one_is_already(place: Place) -> None:
    booking = await place.book(place.ann)
    assert booking
    came = await service.rebook(place.work(), booking.id, place.key, guest(place.ann), FRAME)
    assert came == Refused(Refusal.HAVE_IT)


async def test_a_seat_that_was_confirmed_does_not_expire(place: Place) -> None:
    first = await place.book(place.ann)
    await place.book(place.bob)
    assert first
    async with place.store.begin() as work:
        freed = await service.cancel(work, first.id, place.ann, FRAME)
        assert isinstance(freed, Freed)
        (held,) = freed.promoted
        assert held.due
        early = at(held.due - MINUTE)
        assert await service.free(work, held.id, Why.EXPIRED, early) is None
        assert isinstance(await service.confirm(work, held.id, place.bob, early), Booked)
        assert await service.free(work, held.id, Why.EXPIRED, at(held.due)) is None
        assert await service.free(work, first.id, Why.LEFT, FRAME) is None
        assert await bookings.remind(work, held.id, early) is None


async def test_a_reminder_that_is_over_is_passed_by(place: Place) -> None:
    booking = await place.book(place.ann)
    assert booking
    async with place.store.begin() as work:
        assert await bookings.remind(work, booking.id, at(booking.starts)) is None
        known = await work.walkin.booking(booking.id)
    assert known
    assert (known.due, known.version) == (None, booking.version)


async def test_a_topic_is_cut_to_what_a_card_holds(place: Place) -> None:
    async with place.store.begin() as work:
        came = await service.book(work, place.key, guest(place.ann, "x" * 999), FRAME)
        assert isinstance(came, Booked)
        assert len(came.booking.topic) == 200
        named = await bookings.name_topic(work, came.booking.id, guest(place.ann, "y" * 999), FRAME)
        assert isinstance(named, Booked)
        assert named.booking.topic == "y" * 200


async def test_an_hour_that_moves_to_where_a_slot_is_none_keeps_its_bookings(
    place: Place,
) -> None:
    # In the night of the clock change that hour is skipped: it has no slots.
    night = hour(coach=place.hour.coach, weekday=6, start=time(4), end=time(5), first=NOW.date())
    async with place.store.begin() as work:
        made = await work.walkin.add_hour(night)
        key = SlotKey(made.id, date(2026, 3, 22), 3)
        await service.book(work, key, guest(place.ann), FRAME)
        await service.book(work, key, guest(place.bob), FRAME)
        await service.book(work, key, guest(place.cas), FRAME)
        change = Change(made.id, key.day, date(2026, 3, 29), time(2, 30))
        moved = await dates.move_date(work, change, FRAME)
        assert moved == Emptied((), ())
        kept = await work.walkin.bookings(made.id, key.day)
    assert [one.version for one in kept] == [1, 1]


async def test_reminders_and_offers_go_by_the_open_days_of_the_hours_own_location(
    place: Place,
) -> None:
    # The two days before the weekend before the hour on Monday.
    days = Closures(frozenset(), (Closed(date(2026, 3, 5), date(2026, 3, 6)),))
    closed = replace(OPEN_ON_WEEKDAYS, closures=days)
    frame = replace(FRAME, grounds=replace(GROUNDS, at=lambda _: closed))
    wednesday = datetime(2026, 3, 4, 15, tzinfo=GROUNDS.zone)
    async with place.store.begin() as work:
        booked = await service.book(work, place.key, guest(place.ann), frame)
        await service.book(work, place.key, guest(place.bob), frame)
        assert isinstance(booked, Booked)
        assert booked.booking.due == wednesday
        late = replace(frame, now=wednesday + timedelta(hours=1))
        said = await bookings.remind(work, booked.booking.id, replace(frame, now=wednesday))
        assert said
        reminded = await work.walkin.booking(booked.booking.id)
        assert reminded
        assert reminded.due == reminded.starts - 15 * MINUTE
        key = replace(place.key, number=1)
        moved = await service.rebook(work, reminded.id, key, guest(place.ann), frame)
        assert isinstance(moved, Booked)
        assert moved.booking.due == wednesday
        change = Change(place.hour.id, place.key.day, place.key.day, time(14))
        assert isinstance(later := await dates.move_date(work, change, frame), Emptied)
        assert {one.due for one in later.bookings if one.state is State.BOOKED} == {wednesday}
        (offer,) = moved.promoted
        confirmed = await service.confirm(work, offer.id, place.bob, frame)
        assert isinstance(confirmed, Booked)
        assert confirmed.booking.due == wednesday
        await service.book(work, place.key, guest(place.cas), late)
        freed = await service.cancel(work, offer.id, place.bob, late)
        assert isinstance(freed, Freed)
        # What is left of that day, and then the morning of the hour itself.
        (offered,) = freed.promoted
        until = closed.after(late.now, frame.terms.confirm_minutes)
        assert until
        assert (offered.due, until.date()) == (until, place.key.day)


async def test_what_was_marked_does_not_move(place: Place) -> None:
    booking = await place.book(place.ann)
    assert booking
    async with place.store.begin() as work:
        await bookings.mark(work, booking.id, at(booking.starts), came=True)
        change = Change(place.hour.id, place.key.day, date(2026, 3, 10))
        moved = await dates.move_date(work, change, FRAME)
    assert moved == Emptied((), ())


async def test_who_has_begun_does_not_move(place: Place) -> None:
    booking = await place.book(place.ann)
    assert booking
    async with place.store.begin() as work:
        change = Change(place.hour.id, place.key.day, date(2026, 3, 10))
        assert await dates.move_date(work, change, at(booking.starts)) == Emptied((), ())


async def test_calling_off_one_date_leaves_the_others(place: Place) -> None:
    later = replace(place.key, day=place.key.day + timedelta(weeks=1))
    await place.book(place.ann)
    await place.book(place.ann, later)
    await place.book(place.bob, later)
    ends = datetime.combine(place.key.day, time(23), GROUNDS.zone)
    away = replace(GROUNDS, leaves={place.hour.coach: [Leave(NOW, ends)]})
    async with place.store.begin() as work:
        frame = replace(FRAME, grounds=away)
        off = await dates.call_off(work, place.hour.id, place.key.day, Why.CLOSED, frame)
        left = await work.walkin.upcoming(place.hour.id, NOW)
    assert ([one.why for one in off.bookings], off.waiting) == ([Why.CLOSED], ())
    assert [one.key for one in left] == [later]


async def test_the_hours_of_a_file_are_taken_over(place: Place) -> None:
    new = hour(coach=place.hour.coach, weekday=2, origin=Origin.FILE, first=NOW.date())
    async with place.store.begin() as work:
        first = await dates.take_over(work, [new], NOW)
        assert first.added == (new,)
        changed = await dates.take_over(work, [replace(new, seats=9)], NOW)
        assert [one.seats for one in changed.changed] == [9]
        (stored,) = [one for one in await work.walkin.hours(NOW.date()) if one.seats == 9]
        number = Ticket(TicketId(0), stored.id, NOW.date(), 1, place.ann, NOW)
        await work.walkin.take_ticket(number)
        ended = await dates.take_over(work, [], NOW)
        assert [one.last for one in ended.ended] == [NOW.date() - timedelta(days=1)]
        assert await work.walkin.hours(NOW.date()) == [place.hour]
        assert len(await work.walkin.tickets(stored.id, NOW.date())) == 1


async def test_only_the_coach_of_an_hour_says_what_became_of_a_number(place: Place) -> None:
    there = at(datetime(2026, 3, 9, 11, tzinfo=NOW.tzinfo))
    async with place.store.begin() as work:
        ticket = await queue.take_number(
            work, place.hour.id, place.key.day, guest(place.ann), there
        )
        assert not isinstance(ticket, Refused)
        done = await queue.finish(work, ticket.id, place.bob, Turn.HELPED, there)
        assert done == NOT_YOURS


async def test_a_number_is_over_with_its_hour_and_not_before(place: Place) -> None:
    there = at(datetime(2026, 3, 9, 11, tzinfo=NOW.tzinfo))
    async with place.store.begin() as work:
        ticket = await queue.take_number(
            work, place.hour.id, place.key.day, guest(place.ann), there
        )
        assert not isinstance(ticket, Refused)
        assert await queue.close(work, ticket.id, there) is None
        evening = at(datetime(2026, 3, 9, 20, tzinfo=NOW.tzinfo))
        closed = await queue.close(work, ticket.id, evening)
        assert closed is not None
        assert closed.state is Turn.CLOSED
        assert await queue.close(work, ticket.id, evening) is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["book", "cancel", "confirm", "expire", "leave"]), st.integers(0, 5)),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, seats=st.integers(1, 3))
async def test_there_are_never_more_in_a_slot_than_seats_and_none_is_free_while_one_waits(
    steps: list[tuple[str, int]], seats: int
) -> None:
    place = await make_place(seats)
    async with place.store.begin() as work:
        people = [(await work.people.register(sender(f"p{n}"), "nl")).id for n in range(6)]
    numbers: list[int] = []
    for what, who in steps:
        async with place.store.begin() as work:
            person = people[who]
            mine = await work.walkin.of_person(person, NOW)
            if what == "book":
                came = await service.book(work, place.key, guest(person), FRAME)
                numbers += [came.waiting.number] if isinstance(came, Waitlisted) else []
            elif what == "leave":
                await service.leave_line(work, place.key, person)
            elif mine and what == "cancel":
                await service.cancel(work, mine[0].id, person, FRAME)
            elif mine and what == "confirm":
                await service.confirm(work, mine[0].id, person, FRAME)
            elif mine and mine[0].due:
                await service.free(work, mine[0].id, Why.EXPIRED, at(mine[0].due))
            there = await work.walkin.bookings(place.hour.id, place.key.day)
            line = await work.walkin.line(place.key)
        taken = {one.seat for one in there}
        assert len(taken) == len(there) <= seats
        assert taken <= set(range(1, seats + 1))
        assert not line or len(there) == seats
        assert all(one.state in (State.OFFERED, State.BOOKED) for one in there)
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("start", [time(12), time(15)])
async def test_a_date_that_was_moved_forward_does_not_end_with_the_old_rule(
    place: Place, start: time
) -> None:
    """Whether the new rule would have that date too, or not."""
    work, first = place.work(), place.key.day
    then = at(datetime.combine(first, time(9), GROUNDS.zone))
    to = first + timedelta(days=1)
    moved = Change(place.hour.id, first + WEEK, to)
    await work.walkin.change_date(moved)
    before = await sessions_on(work, to)
    assert before
    for weekday in range(2):
        new = replace(place.hour, id=HourId(0), first=first + timedelta(days=2), start=start)
        new = replace(new, weekday=(place.hour.weekday + weekday) % 7, end=time(start.hour + 1))
        outcome = await change_hour(work, place.hour.id, new, then, sure=True)
        assert outcome == Ahead(moved.day, to)
        assert await sessions_on(work, to) == before
    new = replace(new, first=moved.day + timedelta(days=1))
    assert isinstance(await change_hour(work, place.hour.id, new, then, sure=True), Changed)
    assert await sessions_on(work, to) == [
        replace(one, hour=replace(one.hour, last=moved.day)) for one in before
    ]


async def sessions_on(work: WalkInWork, day: date) -> list[Session]:
    hours, changes = await work.walkin.hours(day), await work.walkin.changes(day - 4 * WEEK)
    return sessions(hours, changes, FRAME.grounds, day, day)


class GoesOn(MemoryWalkIns):
    """Another press lets the hour go on by another rule just before the lock is had."""

    def __init__(self, place: Place) -> None:
        shelf = place.store._shelves.walkin
        super().__init__(shelf, lambda _: True)
        self.place, self.locked = place, list[HourId]()

    async def lock(self, *hours: HourId) -> None:
        if not self.locked:
            first = self.place.hour.first + WEEK
            new = replace(self.place.hour, id=HourId(0), seats=5, first=first)
            await change_hour(self.place.work(), self.place.hour.id, new, FRAME, sure=True)
        self.locked += hours


async def test_a_seat_of_an_hour_that_just_went_on_is_freed_under_the_lock_of_the_new_one(
    place: Place,
) -> None:
    later = replace(place.key, day=place.key.day + WEEK)
    booking = await place.book(place.ann, later)
    assert booking
    walkin = GoesOn(place)
    work = replace(place.work(), walkin=walkin)
    freed = await service.cancel(work, booking.id, place.ann, FRAME)
    assert isinstance(freed, Freed)
    new = max(place.store._shelves.walkin.hours)
    assert (freed.booking.key.hour, walkin.locked) == (new, [place.hour.id, new])


async def test_what_a_slot_was_called_before_its_hour_changed_still_leads_to_it(
    place: Place,
) -> None:
    work, moved = place.work(), replace(place.hour, id=HourId(0), start=time(12, 15), end=time(13))
    second = place.hour.first + WEEK
    outcome = await change_hour(
        work, place.hour.id, replace(moved, first=second), FRAME, sure=False
    )
    assert isinstance(outcome, Changed)
    for number, now in ((0, None), (1, 0), (9, None)):
        old = SlotKey(place.hour.id, second, number)
        new = old if now is None else SlotKey(outcome.hour.id, second, now)
        assert await known_as(work, old, FRAME) == new
    for same in (place.key, SlotKey(HourId(99), second, 0)):
        assert await known_as(work, same, FRAME) == same
    assert await change_hour(work, HourId(99), moved, FRAME, sure=True) == GONE
    theirs = replace(moved, coach=place.ann, first=second)
    assert await change_hour(work, outcome.hour.id, theirs, FRAME, sure=True) == NOT_YOURS
    listed = await work.walkin.add_hour(replace(moved, origin=Origin.FILE))
    file = Refused(Refusal.IN_FILE)
    assert await change_hour(work, listed.id, moved, FRAME, sure=True) == file
