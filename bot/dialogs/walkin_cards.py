"""What walk-in hours look like to who comes. Pure: values in, a view out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId, PersonId
from bot.core.plural import plural
from bot.core.reply import (
    Block,
    Button,
    Clauses,
    Day,
    Field,
    Link,
    Reply,
    Say,
    Value,
    Words,
)
from bot.core.when import on_day, when
from bot.dialogs.walkin_agenda import AHEAD, View, Visit
from bot.dialogs.walkin_grounds import place
from bot.people.model import Coach
from bot.walkin.choice import Offer, by_time
from bot.walkin.model import Session, SlotKey
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.rules import LONGEST_TOPIC
from bot.walkin.seats import State, Waiting, Why

LIST, BOOKED, WAITING, OFFERED, REMINDER, TOLD = (
    "walkin.list",
    "walkin.booked",
    "walkin.waiting",
    "walkin.offered",
    "walkin.reminder",
    "walkin.told",
)
MOST = 6
"""Slots in a list: what still fits on a phone."""
ALTERNATIVES = 3
Which = Mapping[str, Any]


def slot(key: SlotKey) -> dict[str, Any]:
    """Return the fields of a button that name a slot."""
    return {"hour": key.hour, "day": key.day, "slot": key.number}


def date_of(session: Session) -> dict[str, Any]:
    """Return the fields of a button that name a date of an hour."""
    return {"hour": session.hour.id, "day": session.day}


def said_when(view: View, moment: datetime) -> Clauses:
    """Return when something is, as people say it who look at it now."""
    return when(moment, view.now, view.zone)


def said_on(view: View, moment: datetime) -> Clauses:
    """Return when something is, on a card that stays in a chat and is read again."""
    return on_day(moment, view.zone)


def far(view: View, coach: PersonId) -> Clauses:
    """Return how far somebody has to go."""
    near = view.mates.get(coach, False) and "team"
    here = view.neighbours.get(coach, False) and "here"
    return Clauses((Say(f"walkin.far.{near or here or 'elsewhere'}"),))


def listed(view: View, offers: Sequence[Offer], moving: BookingId, *, found: bool) -> Reply:
    """Show slots, each a line to tap that books it; `found`: they were looked for."""
    key = "found" if found and offers else "title"
    title = Say("walkin.list.move" if moving else f"walkin.list.{key}", style="title")
    said = [Say("walkin.list.none" if not offers else "walkin.list.tap", style="subtle")]
    if found and len(offers) > MOST:
        said.append(Say("walkin.list.more", style="subtle"))
    find = buttons.FindWalkIn(moving=moving).encode()
    others = (
        Button(Say("walkin.list.find"), find),
        Button(Say("walkin.list.now"), buttons.WalkInNow().encode()),
        Button(Say("walkin.list.mine"), buttons.MyWalkIns().encode()),
    )
    shown = offers[:MOST] if found else by_time(offers, MOST)
    rows = alternatives(view, shown, moving=moving)
    return Reply(LIST, (title, *said), (*rows, *others), personal=True)


def later(view: View, first: Session | None) -> tuple[Say, ...]:
    """Say when an hour is that cannot be booked yet, and from when it can."""
    if first is None:
        return ()
    on = first.starts.astimezone(view.zone).date()
    name = name_of(view, first.hour.coach)
    data: dict[str, Value] = {
        "when": said_when(view, first.starts),
        "name": name,
        "since": Day(on - AHEAD),
    }
    return (Say("walkin.list.later", data),)


def alternatives(
    view: View,
    offers: Sequence[Offer],
    *,
    moving: BookingId = buttons.NO_BOOKING,
    was: BookingId = buttons.NO_BOOKING,
    stays: bool = False,
) -> tuple[Button, ...]:
    """Return a line for each slot: when, with whom, where, and how full; a tap books it.

    `stays`: they are told, and may be read on another day.
    """
    return tuple(
        Button(
            Say(_row_key(one), _row(view, one, said_on if stays else said_when)),
            buttons.BookSlot(**slot(one.slot.key), moving=moving, was=was).encode(),
            line=True,
        )
        for one in offers
    )


def _row_key(one: Offer) -> str:
    if not one.left:
        return plural("walkin.row.full", one.count.waiting, none=True)
    return "walkin.row.last" if one.left == 1 else "walkin.row.free"


def _row(view: View, one: Offer, says: Callable[[View, datetime], Clauses]) -> dict[str, Value]:
    session = one.slot.session
    coach = view.coaches[session.hour.coach]
    return {
        "when": says(view, one.slot.starts),
        "name": coach.person.name,
        "place": place(session, coach),
        "left": one.left,
        "waiting": one.count.waiting,
    }


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


def told(
    said: Sequence[Block], pressed: Sequence[Button] = (), subject: str = "", **more: Any
) -> Reply:
    """Say something about a walk-in hour on our own initiative."""
    return Reply(TOLD, tuple(said), tuple(pressed), personal=True, subject=subject, **more)


def refused(outcome: Refused, most: int = 0) -> Reply:
    """Say why something was not done; `most` is how many bookings somebody may have open."""
    key = f"walkin.refused.{outcome.why}"
    if outcome.why is Refusal.TOO_MANY:
        key = plural("walkin.refused.too_many", most)
    said = Say(key, {"count": most})
    show = Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode())
    return Reply("walkin.refused", (said,), (show,), personal=True)


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


def topic(text: str) -> Iterator[Words]:
    """Yield what somebody comes for, if they said so."""
    if text:
        yield Words(text, "subtle")


def subject_of(booking: BookingId) -> str:
    """Return what a card of a booking is about."""
    return f"booking:{booking}"


def name_of(view: View, person: PersonId) -> str:
    """Return a coach's name."""
    return view.coaches[person].person.name if person in view.coaches else ""


def _about(
    booking: BookingId,
    kind: str,
    blocks: Sequence[Block],
    pressed: tuple[Button, ...] = (),
    links: tuple[Link, ...] = (),
) -> Reply:
    about = subject_of(booking)
    return Reply(kind, tuple(blocks), pressed, personal=True, subject=about, links=links)
