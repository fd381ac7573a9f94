"""When who has a booking is reminded: the working day before at 15:00, and 15 minutes before."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.worktime.worktime import WorkTime

AT = time(15)
SOON = timedelta(minutes=15)
LOOK_BACK = 60
"""Days in which a working day before is looked for: longer than any holiday."""


class Reminder(StrEnum):
    """Which of the two it is."""

    DAY_BEFORE = "day_before"
    SOON = "soon"


def day_before(starts: datetime, college: WorkTime) -> datetime:
    """Return the working day before at 15:00; the day before, of a college that is never open."""
    day = starts.astimezone(college.zone).date()
    back = (day - timedelta(days=ago) for ago in range(1, LOOK_BACK + 1))
    found = next((one for one in back if college.open_on(one)), day - timedelta(days=1))
    return _moment(found, college)


def next_reminder(starts: datetime, now: datetime, college: WorkTime) -> datetime | None:
    """Return when somebody is reminded next; None when it is too late for that."""
    moments = (day_before(starts, college), starts - SOON)
    return next((one for one in moments if one > now), None)


def which(starts: datetime, now: datetime) -> Reminder | None:
    """Return what a reminder that is due says now, however late it is; None once it has begun."""
    if now >= starts:
        return None
    return Reminder.SOON if now >= starts - SOON else Reminder.DAY_BEFORE


def _moment(day: date, college: WorkTime) -> datetime:
    return datetime.combine(day, AT, college.zone).astimezone(UTC)
