"""Whose turn it is of who walked in, and how long that takes. Pure: time is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from bot.core.ids import PersonId
from bot.walkin.model import Session
from bot.walkin.seats import Booking, Ticket, Turn

IN_QUEUE = (Turn.WAITING, Turn.CALLED)
"""A number that still counts."""
STEP = 5
"""Minutes that an expected wait is rounded up to: it is an estimate, and must look like one."""
QUEUE: dict[Turn, frozenset[Turn]] = {
    Turn.CALLED: frozenset({Turn.WAITING}),
    Turn.HELPED: frozenset({Turn.CALLED, Turn.WAITING}),
    Turn.NO_SHOW: frozenset({Turn.CALLED}),
    Turn.LEFT: frozenset({Turn.WAITING, Turn.CALLED}),
    Turn.CLOSED: frozenset({Turn.WAITING}),
}
"""From which state a number can go where."""


def turned(ticket: Ticket, to: Turn, now: datetime) -> Ticket | None:
    """Return a number that goes on; None when it cannot go there."""
    if ticket.state not in QUEUE[to]:
        return None
    if to is Turn.CALLED:
        return replace(ticket, state=to, called=now)
    return replace(ticket, state=to, ended=now)


def next_in_queue(queue: Sequence[Ticket]) -> Ticket | None:
    """Return who is called next: the lowest number that waits."""
    waits = [one for one in queue if one.state is Turn.WAITING]
    return min(waits, key=lambda one: one.number, default=None)


@dataclass(frozen=True)
class Wait:
    """How many are called before somebody, and about how many minutes that takes."""

    ahead: int
    minutes: int


def number_of(person: PersonId, queue: Sequence[Ticket]) -> Ticket | None:
    """Return the number that somebody has and that still counts."""
    mine = (one for one in queue if one.person == person and one.state in IN_QUEUE)
    return next(mine, None)


def wait_of(
    person: PersonId,
    session: Session,
    queue: Sequence[Ticket],
    bookings: Sequence[Booking],
    now: datetime,
) -> Wait:
    """Return how long somebody waits by the number that they have, or by the one they would get.

    That is a slot for each who comes before them: by number, or by a seat of now. Seats in the
    same slot are helped together.
    """
    mine = number_of(person, queue)
    counts = (one for one in queue if one.state in IN_QUEUE)
    ahead = sum(mine is None or one.number < mine.number for one in counts)
    others = (one for one in bookings if one.person != person and one.open)
    turns = ahead + sum(one.starts <= now < one.ends for one in others)
    minutes = turns / session.hour.seats * session.hour.minutes
    return Wait(ahead, ceil(minutes / STEP) * STEP)
