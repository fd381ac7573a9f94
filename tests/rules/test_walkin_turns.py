"""Whose turn it is of who walked in, and how long that takes."""

from dataclasses import replace

from bot.core.ids import HourId, TicketId
from bot.walkin import turns
from bot.walkin.seats import State, Ticket, Turn
from tests.factories import NOW
from tests.one_slot import (
    ANN,
    BOB,
    CAS,
    DEE,
    KEY,
    MINUTE,
    SLOT,
    taken,
)


def ticket(number: int = 1, **changes: object) -> Ticket:
    base = Ticket(TicketId(number), HourId(1), KEY.day, number, ANN, NOW)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_number_is_called_and_then_ends() -> None:
    called = turns.turned(ticket(), Turn.CALLED, NOW)
    assert called
    assert (called.state, called.called, called.ended) == (Turn.CALLED, NOW, None)
    for end in (Turn.HELPED, Turn.NO_SHOW, Turn.LEFT):
        over = turns.turned(called, end, NOW + MINUTE)
        assert over
        assert (over.state, over.ended) == (end, NOW + MINUTE)
        assert turns.turned(over, Turn.CALLED, NOW) is None
    assert turns.turned(ticket(), Turn.NO_SHOW, NOW) is None


def test_the_lowest_number_that_waits_is_called_next() -> None:
    queue = [ticket(3), ticket(1, state=Turn.HELPED), ticket(2)]
    assert turns.next_in_queue(queue) == ticket(2)
    assert turns.next_in_queue([]) is None


def test_nobody_waits_for_themselves() -> None:
    """A number of one's own counts only what is before it, and a seat of one's own nothing."""
    session = replace(SLOT.session, hour=replace(SLOT.session.hour, seats=1, minutes=15))
    queue = [ticket(1, person=BOB), ticket(2), ticket(3, person=CAS), ticket(4, state=Turn.LEFT)]
    now = SLOT.starts + MINUTE
    waits = [turns.wait_of(who, session, queue, [], now) for who in (BOB, ANN, CAS, DEE)]
    assert [(one.ahead, one.minutes) for one in waits] == [(0, 0), (1, 15), (2, 30), (3, 45)]
    seat = replace(taken(BOB, 1), starts=SLOT.starts, ends=SLOT.ends)
    seated = [turns.wait_of(who, session, [], [seat], now).minutes for who in (BOB, ANN)]
    assert seated == [0, 15]
    over = [turns.wait_of(ANN, session, [], [seat], at).minutes for at in (NOW, SLOT.ends)]
    assert over == [0, 0]
    assert turns.wait_of(ANN, session, [], [replace(seat, state=State.HELPED)], now).minutes == 0
    assert turns.number_of(ANN, queue) == ticket(2)
    assert turns.number_of(DEE, queue) is None
