"""How an hour ends: what was held, or is being held, stays; all that is to come is over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.walkin.grounds import Grounds
from bot.walkin.model import Change, Hour
from bot.walkin.slots import FURTHEST, sessions


@dataclass(frozen=True)
class Ending:
    """The last date that stays, and those before it that are off: moved, and still to come."""

    last: date
    off: tuple[date, ...] = ()

    def over(self, day: date) -> bool:
        """Tell whether a date is no more."""
        return day > self.last or day in self.off


def ending(hour: Hour, changes: Sequence[Change], grounds: Grounds, now: datetime) -> Ending:
    """Return how an hour ends now. One that ended before, does not go on for longer by it."""
    today = now.astimezone(grounds.zone).date()
    # A date that was moved forward can have begun, and one before it can have been moved back.
    around = sessions([hour], changes, grounds, today - FURTHEST, today + 2 * FURTHEST)
    begun = [one.day for one in around if one.starts <= now]
    last = max([today - timedelta(days=1), *begun])
    last = min(last, hour.last or last)
    coming = tuple(one.day for one in around if one.starts > now and one.day <= last)
    return Ending(last, coming)
