"""When texts are forgotten, and which."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

AT = time(3, 30)
"""Local time of day: after the clock changes at 02:00 and 03:00, before anybody teaches."""


def next_due(after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `after` (aware) that texts are to be forgotten, in UTC."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), AT, zone)
    due = today if today > local else datetime.combine(local.date() + timedelta(days=1), AT, zone)
    return due.astimezone(after.tzinfo)
