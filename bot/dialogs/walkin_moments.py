"""The slots that somebody can choose from, each a line to tap. Pure: values in, a view out."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.plural import plural
from bot.core.reply import (
    Button,
    Clauses,
    Day,
    Reply,
    Say,
    Value,
)
from bot.dialogs.walkin_agenda import AHEAD, View
from bot.dialogs.walkin_grounds import place
from bot.dialogs.walkin_parts import name_of, said_on, said_when, slot
from bot.walkin.choice import Offer, by_time
from bot.walkin.model import Session

LIST = "walkin.list"
MOST = 6
"""Slots in a list: what still fits on a phone."""
ALTERNATIVES = 3


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
