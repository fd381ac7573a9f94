"""What the cards of walk-in hours are made of: when, who, how far, and why not. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core import walkin_buttons as buttons
from bot.core.ids import PersonId
from bot.core.plural import plural
from bot.core.reply import (
    Block,
    Button,
    Clauses,
    Reply,
    Say,
    Words,
)
from bot.core.when import on_day, when
from bot.dialogs.walkin_agenda import View
from bot.walkin.model import Session, SlotKey
from bot.walkin.outcomes import Refusal, Refused

TOLD = "walkin.told"


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


def refused_holder(outcome: Refused) -> Reply:
    """Say to who holds walk-in hours why something was not done, with the way to their own."""
    mine = Button(Say("walkin.hours.title"), buttons.MyWalkIns().encode())
    return replace(refused(outcome), buttons=(mine,))


def topic(text: str) -> Iterator[Words]:
    """Yield what somebody comes for, if they said so."""
    if text:
        yield Words(text, "subtle")


def name_of(view: View, person: PersonId) -> str:
    """Return a coach's name."""
    return view.coaches[person].person.name if person in view.coaches else ""
