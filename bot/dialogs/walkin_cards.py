"""What walk-in hours look like to who comes. Pure: values in, a view out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.reply import (
    Block,
    Button,
    Field,
    Link,
    Reply,
    Say,
    Value,
)
from bot.core.when import on_day
from bot.dialogs.walkin_agenda import View, Visit
from bot.dialogs.walkin_grounds import place
from bot.dialogs.walkin_parts import said_on, said_when, slot, topic
from bot.people.model import Coach
from bot.walkin.model import Session
from bot.walkin.rules import LONGEST_TOPIC
from bot.walkin.seats import State, Waiting, Why

BOOKED, WAITING, OFFERED, REMINDER = (
    "walkin.booked",
    "walkin.waiting",
    "walkin.offered",
    "walkin.reminder",
)


def booked(view: View, visit: Visit) -> Reply:
    """Show somebody their booking, and what they can do with it."""
    booking, which = visit.booking, {"booking": visit.booking.id}
    data = named(view, visit)
    if not booking.open or visit.session is None:
        came = booking.state in (State.HELPED, State.NO_SHOW)
        key = f"walkin.over.{booking.state}" if came else over_key(booking.why)
        return _about(booking.id, BOOKED, [Say(key, data, "title")])
    if booking.state is State.OFFERED:
        return offered(view, visit)
    blocks: list[Block] = [
        Say("walkin.booked.title", data, "title"),
        *whereabouts(visit),
        Field(Say("walkin.booked.topic"), "topic", booking.topic, most=LONGEST_TOPIC),
    ]
    pressed = (
        Button(Say("walkin.booked.save"), buttons.NameTopic(**which).encode(), form=True),
        Button(Say("walkin.booked.move"), buttons.ShowWalkIns(moving=booking.id).encode()),
        Button(Say("walkin.booked.cancel"), buttons.CancelBooking(**which).encode()),
    )
    return _about(booking.id, BOOKED, blocks, pressed, links=links(visit))


def reminder(view: View, visit: Visit, title: str = "walkin.booked.title") -> Reply:
    """Remind somebody of their booking, or tell that it moved: what is needed to go there."""
    which = {"booking": visit.booking.id}
    blocks: list[Block] = [
        Say(title, named(view, visit), "title"),
        *whereabouts(visit),
        *topic(visit.booking.topic),
    ]
    pressed = (
        Button(Say("walkin.booked.move"), buttons.ShowWalkIns(moving=visit.booking.id).encode()),
        Button(Say("walkin.booked.cancel"), buttons.CancelBooking(**which).encode()),
    )
    return _about(visit.booking.id, REMINDER, blocks, pressed, links=links(visit))


def now_says(kind: str, view: View, visit: Visit) -> Reply:
    """Return what a card of this kind says of a booking as it is now."""
    coming = visit.booking.state is State.BOOKED and visit.session is not None
    return reminder(view, visit) if coming and kind == REMINDER else booked(view, visit)


def over_key(why: Why) -> str:
    """Return the key that says that a booking is over, and how."""
    return f"walkin.over.{why or Why.CLOSED}"


def offered(view: View, visit: Visit) -> Reply:
    """Ask somebody whether they take the seat that came free, and until when."""
    booking, which = visit.booking, {"booking": visit.booking.id}
    until = on_day(booking.due or booking.starts, view.zone, "before")
    blocks: list[Block] = [
        Say("walkin.offered.title", named(view, visit), "title"),
        *whereabouts(visit),
        Say("walkin.offered.until", {"when": until}),
    ]
    pressed = (
        Button(Say("walkin.offered.yes"), buttons.ConfirmSeat(**which).encode()),
        Button(Say("walkin.offered.no"), buttons.CancelBooking(**which).encode()),
    )
    return _about(booking.id, OFFERED, blocks, pressed)


def waits(
    view: View,
    one: Waiting,
    session: Session | None,
    number: int,
    title: str = "walkin.waiting.title",
) -> Reply:
    """Show somebody their place in the line, or tell that it moved."""
    coach = _coach(view, session)
    name = coach.person.name if coach else ""
    data: dict[str, Value] = {"when": said_on(view, one.starts), "name": name}
    blocks = (
        Say(title, data, "title"),
        Say("walkin.waiting.place", {"number": number}),
        Say("walkin.waiting.word", style="subtle"),
    )
    leave = buttons.LeaveLine(**slot(one.key)).encode()
    pressed = (
        Button(Say("walkin.waiting.leave"), leave),
        Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode()),
    )
    return Reply(WAITING, blocks, pressed, personal=True)


def whereabouts(visit: Visit) -> Iterator[Say]:
    """Yield where it is, and how the coach is called: near help is help one can walk up to."""
    yield Say("walkin.at", {"place": place(visit.session, visit.coach)})
    if visit.coach and visit.coach.profile.phone:
        yield Say("coach.phone", {"phone": visit.coach.profile.phone})


def links(visit: Visit) -> tuple[Link, ...]:
    """Return what opens the meeting, if it is online, and what puts it in one's calendar."""
    url = visit.session.hour.link if visit.session else ""
    found = {"walkin.booked.meet": url, "calendar.add": visit.calendar}
    return tuple(Link(Say(key), url) for key, url in found.items() if url)


def named(view: View, visit: Visit) -> dict[str, Value]:
    """Return when a booking is and with whom."""
    name = visit.coach.person.name if visit.coach else ""
    starts = visit.booking.starts
    time = f"{starts.astimezone(view.zone):%H:%M}"
    return {"when": said_on(view, starts), "time": time, "name": name}


def mine_rows(
    view: View, visits: Sequence[Visit], waiting: Sequence[tuple[Waiting, Session | None]]
) -> tuple[Button, ...]:
    """Return a line for each booking, and for each slot that somebody waits for."""
    booked_rows = tuple(
        Button(
            Say(f"walkin.mine.{one.booking.state}", _named(view, one.coach, one.booking.starts)),
            buttons.ShowBooking(booking=one.booking.id).encode(),
            line=True,
        )
        for one in visits
    )
    wait_rows = tuple(
        Button(
            Say("walkin.mine.waiting", _named(view, _coach(view, session), one.starts)),
            buttons.BookSlot(**slot(one.key)).encode(),
            line=True,
        )
        for one, session in waiting
    )
    return booked_rows + wait_rows


def _named(view: View, coach: Coach | None, starts: datetime) -> dict[str, Value]:
    return {"when": said_when(view, starts), "name": coach.person.name if coach else ""}


def _coach(view: View, session: Session | None) -> Coach | None:
    return view.coaches.get(session.hour.coach) if session else None


def subject_of(booking: BookingId) -> str:
    """Return what a card of a booking is about."""
    return f"booking:{booking}"


def _about(
    booking: BookingId,
    kind: str,
    blocks: Sequence[Block],
    pressed: tuple[Button, ...] = (),
    links: tuple[Link, ...] = (),
) -> Reply:
    about = subject_of(booking)
    return Reply(kind, tuple(blocks), pressed, personal=True, subject=about, links=links)
