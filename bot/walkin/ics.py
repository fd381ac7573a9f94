"""Writes a calendar as RFC 5545 has it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

import icalendar

from bot.core.reply import Say
from bot.walkin.calendar import Calendar, Event, Status
from bot.walkin.timezone import timezone

Write = Callable[[Say], str]
ALARM = timedelta(minutes=-15)
"""When a calendar warns, from the start: as long before as the bot itself does."""
AGAIN = timedelta(hours=1)
"""How often a calendar should look whether something changed."""


def write(calendar: Calendar, say: Write) -> bytes:
    """Return the file. Times are local, so that people see them as they were agreed."""
    written = icalendar.Calendar()
    written.add("prodid", "-//Vraagbaak//Inloopuren//NL")
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    if calendar.name:
        name = _clean(say(calendar.name))
        written.add("name", name)
        written.add("x-wr-calname", name)
        written.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        written.add("x-published-ttl", icalendar.vDuration(AGAIN))
    moments = [calendar.at, *(one.when.starts for one in calendar.events)]
    written.add_component(timezone(calendar.zone, min(moments), max(moments)))
    for event in calendar.events:
        written.add_component(_event(calendar, event, say))
    return bytes(written.to_ical())


def _event(calendar: Calendar, event: Event, say: Write) -> icalendar.Event:
    when, written = event.when, icalendar.Event()
    written.add("uid", when.uid)
    written.add("sequence", when.sequence)
    written.add("dtstamp", calendar.at)
    starts, ends = _local(calendar.zone, when.starts, when.ends)
    written.add("dtstart", starts)
    written.add("dtend", ends)
    written.add("status", when.status.value)
    written.add("class", "PRIVATE")
    off = when.status is Status.CANCELLED
    written.add("transp", "TRANSPARENT" if off else "OPAQUE")
    title = _clean(say(event.title))
    written.add("summary", title)
    for name, text in _more(event, say):
        written.add(name, text)
    if not off:
        written.add_component(_alarm(title))
    return written


def _more(event: Event, say: Write) -> Iterator[tuple[str, str]]:
    if event.place and (place := _clean(say(event.place))):
        yield "location", place
    if event.about and (about := _clean(say(event.about))):
        yield "description", about
    # In an address nothing is escaped, so what does not belong in one is left out.
    if event.url and event.url.isprintable() and " " not in event.url:
        yield "url", event.url


def _alarm(title: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    alarm.add("description", title)
    return alarm


def _local(zone: ZoneInfo, *moments: datetime) -> tuple[datetime, ...]:
    """Return moments by the clock on the wall; in UTC when one is in an hour that comes twice.

    Of such an hour local time can only name the first (RFC 5545, 3.3.5), and both ends of an
    event are to be written alike (3.8.2.2).
    """
    local = tuple(one.astimezone(zone) for one in moments)
    return moments if any(one.fold for one in local) else local


def _clean(text: str) -> str:
    """Return a text on one line, without signs that a calendar may not hold."""
    shown = (" " if sign.isspace() or category(sign)[0] == "C" else sign for sign in text)
    return " ".join("".join(shown).split())
