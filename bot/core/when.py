"""Says when something is, as people do: vandaag, morgen, maandag; or so that it stays true."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.moments import WEEK
from bot.core.reply import Clauses, Day, Say, Value, Weekdays

DAYS_BY_NAME = 7
DAYS_WITHOUT_YEAR = 180


def when(
    moment: datetime, now: datetime, zone: ZoneInfo, key: Literal["when", "before"] = "when"
) -> Clauses:
    """Return a clause such as `vandaag om 14:00`, or `vandaag vóór 14:00`, in local time."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    data: dict[str, Value] = {"time": f"{there:%H:%M}"}
    match (there.date() - here.date()).days:
        case 0:
            return Clauses((Say(f"{key}.today", data),))
        case 1:
            return Clauses((Say(f"{key}.tomorrow", data),))
        case ahead if 0 < ahead < DAYS_BY_NAME:
            day = Weekdays((WEEK[there.weekday()],))
            return Clauses((Say(f"{key}.weekday", {**data, "day": day}),))
        case far if abs(far) < DAYS_WITHOUT_YEAR:
            return on_day(moment, zone, key)
        case _:
            return Clauses((Say(f"{key}.on", {**data, "day": Day(there.date())}),))


def on_day(moment: datetime, zone: ZoneInfo, key: Literal["when", "before"] = "when") -> Clauses:
    """Return a clause that stays true, such as `maandag 30 november om 10:00`, in local time.

    What stays in a chat is read on another day: `morgen` is another day by then.
    """
    there = moment.astimezone(zone)
    data: dict[str, Value] = {"time": f"{there:%H:%M}", "day": Day(there.date(), named=True)}
    return Clauses((Say(f"{key}.dated", data),))
