"""How walk-in hours, bookings, the line and numbers are written in rows, and read from them."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from bot.core.ids import BookingId, HourId, PersonId, TicketId, WaitingId
from bot.walkin.model import Change, Hour, OpenTo, Origin, SlotKey
from bot.walkin.seats import Booking, Line, State, Ticket, Turn, Waiting, Why


def _key(row: Mapping[str, Any]) -> SlotKey:
    return SlotKey(HourId(row["hour"]), row["day"], row["slot"])


def _key_values(key: SlotKey) -> dict[str, Any]:
    return {"hour": key.hour, "day": key.day, "slot": key.number}


_SAME = ("weekday", "minutes", "seats", "first", "last", "place", "link")


def hour_values(hour: Hour) -> dict[str, Any]:
    """Return the columns of an hour."""
    return {
        "coach": hour.coach,
        "start": hour.start.isoformat("minutes"),
        "end": hour.end.isoformat("minutes"),
        "open_to": hour.open_to.value,
        "origin": hour.origin.value,
        **{name: getattr(hour, name) for name in _SAME},
    }


def hour_of(row: Mapping[str, Any]) -> Hour:
    """Return an hour as it was stored."""
    return Hour(
        id=HourId(row["id"]),
        coach=PersonId(row["coach"]),
        start=time.fromisoformat(row["start"]),
        end=time.fromisoformat(row["end"]),
        open_to=OpenTo(row["open_to"]),
        origin=Origin(row["origin"]),
        **{name: row[name] for name in _SAME},
    )


def change_of(row: Mapping[str, Any]) -> Change:
    """Return a change of a date as it was stored."""
    start = time.fromisoformat(row["start"]) if row["start"] else None
    return Change(HourId(row["hour"]), row["day"], row["moved_to"], start, row["place"])


def booking_values(booking: Booking) -> dict[str, Any]:
    """Return the columns of a booking."""
    same = ("person", "seat", "starts", "ends", "made", "version", "due")
    return {
        **_key_values(booking.key),
        **{name: getattr(booking, name) for name in same},
        "topic": booking.topic or None,
        "state": booking.state.value,
        "why": booking.why.value,
    }


def booking_of(row: Mapping[str, Any]) -> Booking:
    """Return a booking as it was stored."""
    return Booking(
        id=BookingId(row["id"]),
        key=_key(row),
        person=PersonId(row["person"]),
        state=State(row["state"]),
        why=Why(row["why"]),
        topic=row["topic"] or "",
        **{name: row[name] for name in ("seat", "starts", "ends", "made", "version", "due")},
    )


def waiting_values(waiting: Waiting) -> dict[str, Any]:
    """Return the columns of a place in the line."""
    return {
        **_key_values(waiting.key),
        **{name: getattr(waiting, name) for name in ("person", "number", "starts", "at")},
        "topic": waiting.topic or None,
        "state": waiting.state.value,
    }


def waiting_of(row: Mapping[str, Any]) -> Waiting:
    """Return a place in the line as it was stored."""
    return Waiting(
        id=WaitingId(row["id"]),
        key=_key(row),
        person=PersonId(row["person"]),
        topic=row["topic"] or "",
        state=Line(row["state"]),
        **{name: row[name] for name in ("number", "starts", "at")},
    )


def ticket_values(ticket: Ticket) -> dict[str, Any]:
    """Return the columns of a number."""
    same = ("hour", "day", "number", "person", "taken", "called", "ended")
    return {**{name: getattr(ticket, name) for name in same}, "state": ticket.state.value}


def ticket_of(row: Mapping[str, Any]) -> Ticket:
    """Return a number as it was stored."""
    return Ticket(
        id=TicketId(row["id"]),
        hour=HourId(row["hour"]),
        person=PersonId(row["person"]),
        state=Turn(row["state"]),
        **{name: row[name] for name in ("day", "number", "taken", "called", "ended")},
    )
