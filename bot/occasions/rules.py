"""When occasions are due, through both clock changes, and what becomes of those that were missed.

A local time that does not exist, in spring, happens at the first moment after it; one that exists
twice, in autumn, happens once, at the first of both.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule

from bot.occasions.model import Occasion, Rule, State
from bot.worktime.local import moment

_MARGIN = timedelta(days=2)
"""More than any change of a clock: no occasion lies further from its local time in UTC."""


def due(rule: Rule, after: datetime, until: datetime, zone: ZoneInfo) -> list[Occasion]:
    """Return the occasions after `after` up to and with `until` (both aware), in their order."""
    return list(takewhile(lambda one: one.due <= until, _occasions(rule, after, zone)))


def next_due(rule: Rule, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC of the first occasion after `after` (aware)."""
    return next(_occasions(rule, after, zone)).due


def decide(
    missed: Sequence[Occasion], now: datetime, late: timedelta
) -> list[tuple[Occasion, State]]:
    """Return what becomes of the occasions that are due, in order.

    The newest is done, if it is at most `late` ago. What it does makes up for those before it.
    """
    return [
        (one, State.DONE if one == missed[-1] and now - one.due <= late else State.SKIPPED)
        for one in missed
    ]


def _occasions(rule: Rule, after: datetime, zone: ZoneInfo) -> Iterator[Occasion]:
    """Return the occasions after `after`. A later local time is never due at an earlier moment."""
    since = after.astimezone(zone).replace(tzinfo=None) - _MARGIN
    first = rule.first or since.date()
    start = datetime.combine(first, rule.at)
    days = rrule(WEEKLY, dtstart=start, interval=rule.every, byweekday=rule.weekdays)
    found = (Occasion(local, moment(local, zone)) for local in days.xafter(since, inc=True))
    return dropwhile(lambda one: one.due <= after, found)
