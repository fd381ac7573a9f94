"""Reads calendars with two parsers that know nothing of each other, ours not among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import vobject


@dataclass(frozen=True)
class Read:
    """An event as a parser reads it; `alarm` is from the start."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    status: str
    title: str
    place: str = ""
    about: str = ""
    url: str = ""
    alarm: timedelta | None = None


def read(body: bytes) -> list[Read]:
    """Return the events, on which both parsers agree."""
    ours, others = _icalendar(body), _vobject(body)
    assert ours == others
    return ours


def _icalendar(body: bytes) -> list[Read]:
    calendar = icalendar.Calendar.from_ical(body)
    assert not calendar.errors
    return [_event(one) for one in calendar.walk("VEVENT")]


def _event(one: Any) -> Read:
    assert not one.errors
    alarms = one.walk("VALARM")
    return Read(
        uid=str(one["UID"]),
        sequence=int(one["SEQUENCE"]),
        starts=one.decoded("DTSTART").astimezone(UTC),
        ends=one.decoded("DTEND").astimezone(UTC),
        status=str(one["STATUS"]),
        title=str(one["SUMMARY"]),
        place=str(one.get("LOCATION", "")),
        about=str(one.get("DESCRIPTION", "")),
        url=str(one.get("URL", "")),
        alarm=alarms[0].decoded("TRIGGER") if alarms else None,
    )


def _vobject(body: bytes) -> list[Read]:
    calendar = vobject.readOne(body.decode())
    return [
        Read(
            uid=one.uid.value,
            sequence=int(one.sequence.value),
            starts=one.dtstart.value.astimezone(UTC),
            ends=one.dtend.value.astimezone(UTC),
            status=one.status.value,
            title=one.summary.value,
            place=one.location.value if hasattr(one, "location") else "",
            about=one.description.value if hasattr(one, "description") else "",
            url=one.url.value if hasattr(one, "url") else "",
            alarm=one.valarm.trigger.value if hasattr(one, "valarm") else None,
        )
        for one in getattr(calendar, "vevent_list", [])
    ]


def property_lines(body: bytes, name: str) -> Sequence[str]:
    """Return the lines of a property, as they stand there."""
    unfolded = body.decode().replace("\r\n ", "")
    return [one for one in unfolded.split("\r\n") if one.partition(":")[0].split(";")[0] == name]
