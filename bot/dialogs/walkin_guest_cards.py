"""Who comes, as the coach reads it: in a list that is sent, and on the card of a date. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import walkin_buttons as buttons
from bot.core.ids import PersonId
from bot.core.plural import plural
from bot.core.reply import Block, Button, Reply, Say, Value
from bot.dialogs.card_parts import SHORT, cut
from bot.dialogs.walkin_agenda import View
from bot.dialogs.walkin_coach_cards import SESSION
from bot.dialogs.walkin_parts import date_of, said_on, said_when
from bot.walkin.model import Origin, Session
from bot.walkin.reminders import Reminder
from bot.walkin.rules import LONGEST_TOPIC
from bot.walkin.seats import Booking, State, Ticket, Turn
from bot.walkin.turns import IN_QUEUE

PAGE = 10
"""Visitors on a card, each a line to tap: one takes up to 1.5 KB."""
LISTED = 40
"""Visitors in a list that is only read."""
Names = Mapping[PersonId, str]
Guests = Sequence[tuple[Session, Sequence[Booking]]]


def guest_list(view: View, guests: Guests, names: Names, which: Reminder) -> Reply:
    """Show a coach who comes, in one list."""
    if not any(there for _, there in guests):
        return Reply(SESSION, (Say("walkin.list_of.nobody", style="title"),), personal=True)
    first = guests[0][0]
    begins: dict[str, Value] = {
        "when": said_on(view, first.starts),
        "time": f"{first.starts.astimezone(view.zone):%H:%M}",
    }
    title = Say(f"walkin.list_of.{which}", begins, "title")
    many = sum(len(there) for _, there in guests)
    most = LONGEST_TOPIC if many <= PAGE else SHORT
    lines = [
        Say(
            "walkin.list_of.with_topic" if one.topic else "walkin.list_of.guest",
            {
                "time": f"{one.starts.astimezone(view.zone):%H:%M}",
                "name": names.get(one.person, ""),
                "topic": cut(one.topic, most),
            },
        )
        for _, there in guests
        for one in sorted(there, key=lambda one: (one.starts, one.seat))
    ]
    if many > LISTED:
        left = many - LISTED
        more = Say(plural("walkin.list_of.more", left), {"count": left}, "subtle")
        lines = [*lines[:LISTED], more]
    show = tuple(
        Button(Say("walkin.list_of.open"), buttons.ShowSession(**date_of(one)).encode())
        for one, _ in guests[:1]
    )
    return Reply(SESSION, (title, *lines), show, personal=True)


@dataclass(frozen=True)
class Visitors:
    """Who has a seat at a session, who walked in, and what they are called."""

    bookings: Sequence[Booking]
    tickets: Sequence[Ticket]
    names: Names

    @property
    def come(self) -> Sequence[Booking]:
        return [one for one in self.bookings if one.state is not State.OFFERED]

    def page(self, now: datetime) -> int:
        """Return on which page stands who comes next; afterwards, who is not marked yet."""
        later = [place for place, one in enumerate(self.come) if one.ends > now]
        unmarked = [place for place, one in enumerate(self.come) if one.state is State.BOOKED]
        return min(later or unmarked or [0]) // PAGE


def session(view: View, one: Session, visitors: Visitors, page: int = buttons.NOW) -> Reply:
    """Show a coach one date: who comes, who walked in, and what can be done."""
    title = Say("walkin.session.title", {"when": said_when(view, one.starts)}, "title")
    blocks: list[Block] = [title]
    if not visitors.come and not visitors.tickets:
        blocks.append(Say("walkin.session.nobody"))
    blocks += _offered(visitors.bookings)
    page = visitors.page(view.now) if page == buttons.NOW else page
    rows = [*_guests(view, visitors), *_numbers(visitors)]
    pressed = (*_paged(one, rows, page), *_on_date(view, one, visitors.tickets))
    return Reply(SESSION, tuple(blocks), pressed, personal=True, replaces=True)


def _paged(one: Session, rows: Sequence[Button], page: int) -> Iterator[Button]:
    """Yield the rows of a page, and lines that lead to those before and after it."""
    page = min(page, max(len(rows) - 1, 0) // PAGE)
    first, after = page * PAGE, (page + 1) * PAGE
    there = (("earlier", page - 1, first), ("later", page + 1, len(rows) - after))
    before, more = (
        Button(
            Say(f"walkin.session.{key}", {"count": count}),
            buttons.ShowSession(**date_of(one), page=max(to, 0)).encode(),
            line=True,
        )
        for key, to, count in there
    )
    yield from (before,) if page else ()
    yield from rows[first:after]
    yield from (more,) if len(rows) > after else ()


def _on_date(view: View, one: Session, tickets: Sequence[Ticket]) -> Iterator[Button]:
    """Yield what can be done with a date."""
    which = date_of(one)
    if any(ticket.state is Turn.WAITING for ticket in tickets):
        yield Button(Say("walkin.queue.call"), buttons.CallNext(**which).encode())
    if one.starts > view.now:
        yield Button(Say("walkin.session.off"), buttons.CancelDate(**which).encode())
        yield Button(Say("walkin.session.move"), buttons.MoveDateForm(**which).encode())
        if not one.hour.once and one.hour.origin is Origin.CHAT:
            change = buttons.ChangeForm(hour=one.hour.id).encode()
            yield Button(Say("walkin.session.change"), change)
    yield Button(Say("question.back"), buttons.MyWalkIns().encode())


def _offered(bookings: Sequence[Booking]) -> Iterator[Say]:
    count = sum(one.state is State.OFFERED for one in bookings)
    if count:
        yield Say(plural("walkin.session.offered", count), {"count": count}, "subtle")


def _guests(view: View, visitors: Visitors) -> Iterator[Button]:
    for one in visitors.come:
        data: dict[str, Value] = {
            "time": f"{one.starts.astimezone(view.zone):%H:%M}",
            "name": visitors.names.get(one.person, ""),
            "topic": cut(one.topic, SHORT),
        }
        key = "with_topic" if one.topic and one.state is State.BOOKED else one.state.value
        show = buttons.ShowVisit(booking=one.id).encode()
        yield Button(Say(f"walkin.guest.{key}", data), show, line=True)


def _numbers(visitors: Visitors) -> Iterator[Button]:
    for one in visitors.tickets:
        if one.state in IN_QUEUE:
            name = visitors.names.get(one.person, "")
            data: dict[str, Value] = {"number": one.number, "name": name}
            show = buttons.ShowVisit(ticket=one.id).encode()
            yield Button(Say(f"walkin.number.{one.state}", data), show, line=True)
