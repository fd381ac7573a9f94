"""Who gets a seat, who waits, who is next, and when who is reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import BookingId, HourId, PersonId, TicketId
from bot.walkin import reminders, rules
from bot.walkin.grounds import Grounds
from bot.walkin.model import Slot, SlotKey, Terms
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.reminders import Reminder
from bot.walkin.rules import Crowd, Full, Seat, Wish
from bot.walkin.seats import Booking, Line, Numbers, State, Ticket, Turn, Waiting, Why
from bot.walkin.slots import session_of, slots
from bot.worktime.closures import Closed, Closures
from bot.worktime.worktime import WorkTime
from tests.factories import NOW, booking, hour, waiting

ZONE = ZoneInfo("Europe/Amsterdam")
COLLEGE = WorkTime(ZONE, closures=Closures(own=(Closed(date(2026, 2, 16), date(2026, 2, 20)),)))
GROUNDS = Grounds(COLLEGE, lambda _: COLLEGE)
COACH, ANN, BOB, CAS, DEE = map(PersonId, (1, 2, 3, 4, 5))
TERMS = Terms(most_open=3, confirm_minutes=120)
MINUTE = timedelta(minutes=1)


def a_slot(seats: int = 2) -> Slot:
    there = session_of(hour(id=HourId(1), seats=seats), [], GROUNDS, date(2026, 3, 9))
    assert there
    return slots(there)[0]


SLOT = a_slot()
KEY = SLOT.key
EMPTY = Crowd([], Numbers())
NOBODY = Numbers()


def wish(person: PersonId = ANN, *, open: int = 0, allowed: bool = True) -> Wish:  # noqa: A002
    return Wish(person, allowed, open)


def taken(person: PersonId, seat: int) -> Booking:
    return booking(person, KEY, seat=seat, id=BookingId(person))


def decided(crowd: Crowd = EMPTY, asks: Wish | None = None, now: datetime = NOW) -> object:
    return rules.decide(SLOT, asks or wish(), crowd, TERMS, now)


def test_there_is_a_seat_until_there_is_none() -> None:
    assert decided() == Seat(1)
    assert decided(Crowd([taken(BOB, 1)], NOBODY)) == Seat(2)
    assert decided(Crowd([taken(BOB, 2)], NOBODY)) == Seat(1)
    assert decided(Crowd([taken(BOB, 2), taken(CAS, 1)], NOBODY)) == Full(0)


def test_who_comes_new_does_not_go_before_who_waits() -> None:
    assert decided(Crowd([], Numbers(1, 1))) == Full(1)
    assert decided(Crowd([], Numbers(0, 1))) == Seat(1)


def test_what_is_refused_and_why() -> None:
    full = [taken(ANN, 1)]
    assert rules.decide(None, wish(), EMPTY, TERMS, NOW) == Refused(Refusal.GONE)
    assert decided(now=SLOT.starts) == Refused(Refusal.TOO_LATE)
    assert decided(now=SLOT.starts - MINUTE) == Seat(1)
    assert decided(asks=wish(COACH)) == Refused(Refusal.OWN)
    assert decided(asks=wish(allowed=False)) == Refused(Refusal.NOT_FOR_YOU)
    assert decided(Crowd(full, NOBODY)) == Refused(Refusal.HAVE_IT)
    assert decided(Crowd([], Numbers(1, 1, mine=True))) == Refused(Refusal.IN_LINE)
    assert decided(asks=wish(open=3)) == Refused(Refusal.TOO_MANY)
    assert decided(asks=wish(open=2)) == Seat(1)
    moving = replace(wish(open=3), moving=BookingId(9))
    assert decided(asks=moving) == Seat(1)


@given(st.permutations(range(1, 5)), st.integers(0, 4), st.integers(1, 4))
def test_free_seats_go_to_who_waits_in_order_of_number(
    numbers: list[int], has: int, seats: int
) -> None:
    slot = a_slot(seats)
    there = [taken(PersonId(10 + seat), seat) for seat in range(1, min(has, seats) + 1)]
    line = [waiting(PersonId(number), KEY, number) for number in numbers]
    found = rules.promotions(slot, there, line, NOW)
    assert [one.number for one, _ in found] == list(range(1, seats - len(there) + 1))
    assert not {seat for _, seat in found} & {one.seat for one in there}
    assert len(there) + len(found) == seats
    assert rules.promotions(slot, there, line, slot.starts) == []


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("now", "by"),
    [
        (local(2026, 3, 6, 10), local(2026, 3, 6, 12)),
        (local(2026, 3, 6, 16), local(2026, 3, 9, 9)),  # Friday's last hour, and Monday's first
        (local(2026, 3, 8, 3), local(2026, 3, 9, 10)),
        (local(2026, 3, 9, 11, 30), local(2026, 3, 9, 12)),  # no longer than until it begins
    ],
)
def test_a_seat_can_be_confirmed_for_some_working_time(now: datetime, by: datetime) -> None:
    assert rules.confirm_by(SLOT.starts, COLLEGE, TERMS, now) == by


def test_a_college_that_is_always_closed_gives_until_the_start() -> None:
    closed = replace(COLLEGE, week={})
    assert rules.confirm_by(SLOT.starts, closed, TERMS, NOW) == SLOT.starts


def test_a_booking_stays_the_same_one_whatever_moves() -> None:
    known = replace(taken(ANN, 1), version=3)
    other = replace(SLOT, key=replace(KEY, number=2), starts=SLOT.starts + timedelta(hours=1))
    new = rules.rebooked(known, other, 2, COLLEGE, NOW)
    assert (new.id, new.version, new.seat, new.key) == (known.id, 4, 2, other.key)
    assert (new.starts, new.due) == (other.starts, local(2026, 3, 6, 15))
    moved = rules.moved(known, other, COLLEGE, NOW)
    assert (moved.id, moved.version, moved.key, moved.starts) == (known.id, 4, KEY, other.starts)
    assert moved.due == local(2026, 3, 6, 15)
    held = replace(known, state=State.OFFERED, due=local(2026, 3, 9, 11))
    earlier = replace(other, starts=local(2026, 3, 9, 10))
    assert rules.moved(held, earlier, COLLEGE, NOW).due == earlier.starts
    assert rules.moved(replace(held, due=None), earlier, COLLEGE, NOW).due is None
    assert rules.moved(held, other, COLLEGE, NOW).due == held.due
    over = rules.cancelled(known, Why.BY_COACH)
    assert (over.state, over.why, over.due, over.version) == (
        State.CANCELLED,
        Why.BY_COACH,
        None,
        4,
    )
    sure = rules.confirmed(held, COLLEGE, NOW)
    assert (sure.state, sure.due) == (State.BOOKED, local(2026, 3, 6, 15))


def test_new_bookings_and_places_are_of_their_slot() -> None:
    asks = replace(wish(), topic="Toets")
    new = rules.booked(SLOT, asks, 2, NOW, NOW)
    assert (new.key, new.seat, new.topic, new.starts) == (KEY, 2, "Toets", SLOT.starts)
    waits = rules.waiting(SLOT, asks, 4, NOW)
    assert (waits.number, waits.topic, waits.starts) == (4, "Toets", SLOT.starts)
    kept = rules.offered(SLOT, waits, 1, SLOT.starts, NOW)
    assert (kept.state, kept.person, kept.topic, kept.due) == (
        State.OFFERED,
        ANN,
        "Toets",
        SLOT.starts,
    )
    assert rules.left(waits).state is Line.LEFT


def test_who_may_change_a_booking_until_when() -> None:
    mine = taken(ANN, 1)
    assert rules.refusal(mine, ANN, NOW) is None
    assert rules.refusal(mine, BOB, NOW) is Refusal.NOT_YOURS
    assert rules.refusal(mine, ANN, mine.starts) is Refusal.TOO_LATE
    assert rules.refusal(None, ANN, NOW) is Refusal.GONE
    assert rules.refusal(rules.cancelled(mine, Why.BY_ASKER), ANN, NOW) is Refusal.GONE


def test_a_seat_is_confirmed_in_time_or_not() -> None:
    held = replace(taken(ANN, 1), state=State.OFFERED, due=NOW + MINUTE)
    assert rules.confirm_refusal(held, ANN, NOW) is None
    assert rules.confirm_refusal(held, BOB, NOW) is Refusal.NOT_YOURS
    assert rules.confirm_refusal(held, ANN, NOW + MINUTE) is Refusal.EXPIRED
    assert rules.confirm_refusal(rules.cancelled(held, Why.EXPIRED), ANN, NOW) is Refusal.EXPIRED
    assert rules.confirm_refusal(taken(ANN, 1), ANN, NOW) is Refusal.HAVE_IT
    assert rules.confirm_refusal(None, ANN, NOW) is Refusal.GONE
    assert not rules.expired(replace(held, due=None), NOW)


def test_when_it_can_be_said_who_came() -> None:
    mine = taken(ANN, 1)
    assert rules.mark_refusal(mine, mine.starts) is None
    assert rules.mark_refusal(mine, mine.starts - MINUTE) is Refusal.NOT_YET
    assert rules.mark_refusal(mine, mine.ends + timedelta(days=15)) is Refusal.TOO_LATE
    assert rules.mark_refusal(rules.cancelled(mine, Why.BY_ASKER), NOW) is Refusal.GONE
    assert rules.mark_refusal(replace(mine, state=State.OFFERED), mine.starts) is Refusal.GONE
    assert rules.mark_refusal(None, NOW) is Refusal.GONE


def test_a_place_in_the_line_counts_who_still_waits() -> None:
    line: list[Waiting] = [waiting(BOB, KEY, 2), waiting(ANN, KEY, 5), waiting(CAS, KEY, 7)]
    assert [rules.place_of(one, line) for one in line] == [1, 2, 3]


def ticket(number: int = 1, **changes: object) -> Ticket:
    base = Ticket(TicketId(number), HourId(1), KEY.day, number, ANN, NOW)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_number_is_called_and_then_ends() -> None:
    called = rules.turned(ticket(), Turn.CALLED, NOW)
    assert called
    assert (called.state, called.called, called.ended) == (Turn.CALLED, NOW, None)
    for end in (Turn.HELPED, Turn.NO_SHOW, Turn.LEFT):
        over = rules.turned(called, end, NOW + MINUTE)
        assert over
        assert (over.state, over.ended) == (end, NOW + MINUTE)
        assert rules.turned(over, Turn.CALLED, NOW) is None
    assert rules.turned(ticket(), Turn.NO_SHOW, NOW) is None


def test_the_lowest_number_that_waits_is_called_next() -> None:
    queue = [ticket(3), ticket(1, state=Turn.HELPED), ticket(2)]
    assert rules.next_in_queue(queue) == ticket(2)
    assert rules.next_in_queue([]) is None


def test_nobody_waits_for_themselves() -> None:
    """A number of one's own counts only what is before it, and a seat of one's own nothing."""
    session = replace(SLOT.session, hour=replace(SLOT.session.hour, seats=1, minutes=15))
    queue = [ticket(1, person=BOB), ticket(2), ticket(3, person=CAS), ticket(4, state=Turn.LEFT)]
    now = SLOT.starts + MINUTE
    waits = [rules.wait_of(who, session, queue, [], now) for who in (BOB, ANN, CAS, DEE)]
    assert [(one.ahead, one.minutes) for one in waits] == [(0, 0), (1, 15), (2, 30), (3, 45)]
    seat = replace(taken(BOB, 1), starts=SLOT.starts, ends=SLOT.ends)
    seated = [rules.wait_of(who, session, [], [seat], now).minutes for who in (BOB, ANN)]
    assert seated == [0, 15]
    over = [rules.wait_of(ANN, session, [], [seat], at).minutes for at in (NOW, SLOT.ends)]
    assert over == [0, 0]
    assert rules.wait_of(ANN, session, [], [replace(seat, state=State.HELPED)], now).minutes == 0
    assert rules.number_of(ANN, queue) == ticket(2)
    assert rules.number_of(DEE, queue) is None


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [
        (local(2026, 3, 10, 12), local(2026, 3, 9, 15)),
        (local(2026, 3, 9, 12), local(2026, 3, 6, 15)),  # Monday: on Friday
        (local(2026, 2, 23, 12), local(2026, 2, 13, 15)),  # after the holidays: before them
        (local(2026, 3, 30, 12), local(2026, 3, 27, 15)),  # over the clock change
        (local(2026, 10, 26, 12), local(2026, 10, 23, 15)),
        (local(2026, 1, 2, 12), local(2025, 12, 31, 15)),  # over the year's end
        (local(2028, 3, 1, 12), local(2028, 2, 29, 15)),
    ],
)
def test_one_is_reminded_the_working_day_before_at_three(
    starts: datetime, reminded: datetime
) -> None:
    assert reminders.day_before(starts, COLLEGE) == reminded
    assert reminders.next_reminder(starts, reminded - MINUTE, COLLEGE) == reminded
    assert reminders.next_reminder(starts, reminded, COLLEGE) == starts - timedelta(minutes=15)
    assert reminders.next_reminder(starts, starts - timedelta(minutes=15), COLLEGE) is None


def test_a_college_that_is_never_open_reminds_the_day_before() -> None:
    closed = replace(COLLEGE, week={})
    assert reminders.day_before(local(2026, 3, 9, 12), closed) == local(2026, 3, 8, 15)


def test_a_late_reminder_says_what_is_so_by_then() -> None:
    starts = datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert reminders.which(starts, starts - timedelta(hours=3)) is Reminder.DAY_BEFORE
    assert reminders.which(starts, starts - timedelta(minutes=15)) is Reminder.SOON
    assert reminders.which(starts, starts) is None


def test_a_slot_is_named_by_its_rule() -> None:
    assert SlotKey(HourId(1), date(2026, 3, 9), 0) == KEY
    assert SLOT.starts.astimezone(ZONE).time() == time(12)
