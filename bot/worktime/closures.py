"""Days on which nobody works: the national holidays that count here, and the college's own.

The rules of the holidays: Algemene termijnenwet, article 3. Which ones schools close on:
government.nl, "On which public holidays are schools closed in the Netherlands?": all of these but
Good Friday, which each school decides on. Holidays that are always on a Sunday are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from dateutil.easter import easter

SUNDAY = 6
LUSTRUM = 5


class Holiday(StrEnum):
    """A national holiday, by the name that college.yaml uses."""

    NEW_YEAR = "nieuwjaarsdag"
    GOOD_FRIDAY = "goede-vrijdag"
    EASTER_MONDAY = "tweede-paasdag"
    KINGS_DAY = "koningsdag"
    LIBERATION_DAY = "bevrijdingsdag"
    LIBERATION_DAY_LUSTRUM = "bevrijdingsdag-lustrum"
    """Only in 2030, 2035 and so on, as some labour agreements have it."""
    ASCENSION_DAY = "hemelvaartsdag"
    WHIT_MONDAY = "tweede-pinksterdag"
    CHRISTMAS_DAY = "eerste-kerstdag"
    BOXING_DAY = "tweede-kerstdag"


SCHOOLS_CLOSE = tuple(
    one for one in Holiday if one not in (Holiday.GOOD_FRIDAY, Holiday.LIBERATION_DAY_LUSTRUM)
)


@cache
def holidays_of(year: int) -> Mapping[Holiday, date]:
    """Return the holidays of a year, from 2014 on (before, there was no King's Day)."""
    sunday, kings_day = easter(year), date(year, 4, 27)
    days = {
        Holiday.NEW_YEAR: date(year, 1, 1),
        Holiday.GOOD_FRIDAY: sunday - timedelta(days=2),
        Holiday.EASTER_MONDAY: sunday + timedelta(days=1),
        Holiday.KINGS_DAY: kings_day - timedelta(days=kings_day.weekday() == SUNDAY),
        Holiday.LIBERATION_DAY: date(year, 5, 5),
        Holiday.ASCENSION_DAY: sunday + timedelta(days=39),
        Holiday.WHIT_MONDAY: sunday + timedelta(days=50),
        Holiday.CHRISTMAS_DAY: date(year, 12, 25),
        Holiday.BOXING_DAY: date(year, 12, 26),
    }
    if year % LUSTRUM == 0:
        days[Holiday.LIBERATION_DAY_LUSTRUM] = days[Holiday.LIBERATION_DAY]
    return days


@dataclass(frozen=True)
class Closed:
    """Days in a row, the last one included: a school holiday, a day of study."""

    first: date
    last: date


@dataclass(frozen=True)
class Closures:
    """All days on which the college is closed, whatever day of the week it is."""

    holidays: frozenset[Holiday] = frozenset(SCHOOLS_CLOSE)
    own: tuple[Closed, ...] = ()

    def on(self, day: date) -> bool:
        """Tell whether the college is closed on a day."""
        national = holidays_of(day.year)
        return any(national.get(one) == day for one in self.holidays) or any(
            closed.first <= day <= closed.last for closed in self.own
        )
