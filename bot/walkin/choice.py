"""Which slots are shown first: near and soon, and free before full. Pure: time is an argument."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.walkin.model import Slot
from bot.walkin.seats import Count

DAY = timedelta(days=1)
EACH = 2
"""Dates of one coach that are shown before those of others."""
A_DAY = 0.05
"""What a day's waiting costs of nearness: a week is as far as from one's own team to another sector
in the same building."""


@dataclass(frozen=True)
class Offer:
    """A slot, how near its coach is (0 to 1), and how full it is."""

    slot: Slot
    near: float
    count: Count

    @property
    def left(self) -> int:
        """How many seats are free: none while somebody waits, who goes first."""
        return 0 if self.count.waiting else max(self.slot.seats - self.count.taken, 0)


def in_order(offers: Sequence[Offer], now: datetime, *, every: bool) -> list[Offer]:
    """Return slots, the best first; of each session its first free one, unless all are wanted.

    Of a session that is full it is the first with the shortest line. A coach's next dates leave
    room for those of others.
    """
    if every:
        return sorted(offers, key=lambda one: (one.slot.starts, -one.near, one.slot.key.hour))
    best: dict[object, Offer] = {}
    for one in sorted(offers, key=lambda one: (not one.left, one.count.waiting, one.slot.starts)):
        best.setdefault((one.slot.key.hour, one.slot.key.day), one)
    first = sorted(
        best.values(), key=lambda one: (-worth(one, now), one.slot.starts, one.slot.key.hour)
    )
    seen = Counter[PersonId]()
    later: dict[Offer, bool] = {}
    for one in first:
        coach = one.slot.session.hour.coach
        later[one] = seen[coach] >= EACH
        seen[coach] += bool(one.left)
    return sorted(first, key=lambda one: (not one.left, later[one]))


def by_time(best: Sequence[Offer], most: int) -> list[Offer]:
    """Return the first so many of those that `in_order` chose in order of time: free before full.

    Which they are, nearness decides too; a list that jumps through the days is hard to read.
    """
    return sorted(best[:most], key=lambda one: (not one.left, one.slot.starts))


def worth(one: Offer, now: datetime) -> float:
    """Return what a slot is worth to somebody: less with each day that they wait for it."""
    return one.near - A_DAY * ((one.slot.starts - now) / DAY)
