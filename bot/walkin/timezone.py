"""A time zone as calendars read it (RFC 5545, 3.6.5), found by looking when its clock changes.

One that changes on the last such weekday of a month each year, as in Europe, is written as that
rule; any other change as one of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY, WEEK, MINUTE = timedelta(days=1), timedelta(weeks=1), timedelta(minutes=1)
YEARS = 2
"""Looked at before and after what the calendar holds, so that a rule can show."""


@dataclass(frozen=True)
class Shift:
    """A change of the clock: `onset` by the clock before it, and by how much it was off UTC."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def timezone(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Return a zone as it is for moments from `first` to `last`."""
    since = datetime(first.year - YEARS, 1, 1, tzinfo=UTC)
    until = datetime(last.year + YEARS, 12, 31, tzinfo=UTC)
    written = Timezone()
    written.add("tzid", zone.key)
    written.add_component(_part(_state(zone, since)))
    changes = sorted(_shifts(zone, since, until), key=lambda one: (one.onset.month, one.onset))
    for _, group in groupby(changes, key=lambda one: (one.onset.month, one.before, one.after)):
        alike = list(group)
        if _each_year(alike):
            written.add_component(_part(alike[0], _rule(alike[0])))
        else:
            for one in alike:
                written.add_component(_part(one))
    return written


def _shifts(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Shift]:
    moment = since
    while moment < until:
        if _offset(zone, moment) != _offset(zone, moment + DAY):
            yield _shift(zone, moment)
        moment += DAY


def _shift(zone: ZoneInfo, day: datetime) -> Shift:
    """Return the change of the clock in the day that begins then."""
    before, after = timedelta(), DAY
    while after - before > MINUTE:
        middle = (before + after) // 2 // MINUTE * MINUTE
        changed = _offset(zone, day + middle) != _offset(zone, day)
        before, after = (before, middle) if changed else (middle, after)
    old = _offset(zone, day)
    onset = (day + after + old).replace(tzinfo=None)
    new = _state(zone, day + after)
    return Shift(onset, old, new.after, new.name, new.summer)


def _state(zone: ZoneInfo, moment: datetime) -> Shift:
    local, offset = moment.astimezone(zone), _offset(zone, moment)
    naive = local.replace(tzinfo=None)
    return Shift(naive, offset, offset, local.tzname() or zone.key, bool(local.dst()))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _each_year(shifts: list[Shift]) -> bool:
    """Tell whether these are the last such weekday of a month, at the same time, each year."""
    same = {(one.onset.weekday(), one.onset.time()) for one in shifts}
    years = [one.onset.year for one in shifts]
    last = all((one.onset + WEEK).month != one.onset.month for one in shifts)
    return (
        last
        and len(same) == 1
        and len(years) > YEARS
        and years == list(range(years[0], years[-1] + 1))
    )


def _rule(shift: Shift) -> dict[str, object]:
    return {
        "freq": "yearly",
        "bymonth": shift.onset.month,
        "byday": f"-1{DAYS[shift.onset.weekday()]}",
    }


def _part(
    shift: Shift, rule: dict[str, object] | None = None
) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if shift.summer else TimezoneStandard()
    part.add("dtstart", shift.onset)
    part.add("tzoffsetfrom", shift.before)
    part.add("tzoffsetto", shift.after)
    part.add("tzname", shift.name)
    if rule:
        part.add("rrule", rule)
    return part
