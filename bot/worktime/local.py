"""When a local time happens, through both changes of the clock.

One that does not exist, in spring, happens at the first moment after it; one that exists twice, in
autumn, happens once, at the first of both.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC at which a local time, without a zone, happens."""
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    # It is skipped. Read with the time of after the change it lies before the change, so the
    # change is between the two readings.
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    shift = before.astimezone(zone).utcoffset()
    seconds = range(int((found - before).total_seconds()))
    changed = bisect_left(
        seconds,
        True,  # noqa: FBT003 (what is looked for: the first for which it is so)
        key=lambda more: (before + timedelta(seconds=more)).astimezone(zone).utcoffset() != shift,
    )
    return before + timedelta(seconds=changed)
