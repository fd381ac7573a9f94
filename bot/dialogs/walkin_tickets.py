"""The card of a number that somebody took: it follows the queue, so that it never says what was."""

from dataclasses import dataclass, replace

from bot.core import walkin_buttons as buttons
from bot.core.plural import plural
from bot.core.reply import Block, Button, Link, Reply, Say, Value
from bot.dialogs import walkin_parts as parts
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import Agenda, View
from bot.dialogs.walkin_grounds import place
from bot.people.model import Coach, Person
from bot.walkin import turns
from bot.walkin.frame import Frame, session
from bot.walkin.model import Session
from bot.walkin.seats import Ticket, Turn

TICKET = "walkin.ticket"


@dataclass(frozen=True)
class Tickets:
    """Shows numbers, and keeps the cards of them up to date."""

    agenda: Agenda

    async def card(self, work: TurnWork, view: View, ticket: Ticket) -> Reply:
        """Show how far a number is, and what can be done with it."""
        there = await session(work, ticket.hour, ticket.day, view.frame)
        hour = await work.walkin.hour(ticket.hour)
        coach = view.coaches.get(hour.coach) if hour else None
        data: dict[str, Value] = {
            "name": coach.person.name if coach else "",
            "number": ticket.number,
        }
        blocks: list[Block] = [Say(f"walkin.ticket.{ticket.state}", data, "title")]
        pressed: tuple[Button, ...] = ()
        if ticket.state in turns.IN_QUEUE:
            blocks += _where(there, coach)
            if ticket.state is Turn.WAITING and there:
                blocks.append(await self.how_far(work, view, ticket, there))
            pressed = _pressed(ticket)
        link = there.hour.link if there else ""
        links = (Link(Say("walkin.booked.meet"), link),) if link else ()
        about = _subject(ticket)
        return Reply(TICKET, tuple(blocks), pressed, personal=True, links=links, subject=about)

    async def how_far(self, work: TurnWork, view: View, ticket: Ticket, there: Session) -> Say:
        """Say how far a number is that still counts, to whose it is."""
        if ticket.state is Turn.CALLED:
            name = parts.name_of(view, there.hour.coach)
            return Say("walkin.ticket.called", {"name": name})
        queue = await work.walkin.tickets(ticket.hour, ticket.day)
        come = await work.walkin.bookings(ticket.hour, ticket.day)
        wait = turns.wait_of(ticket.person, there, queue, come, view.now)
        data: dict[str, Value] = {"ahead": wait.ahead, "minutes": wait.minutes}
        key = plural("walkin.ticket.ahead", wait.ahead) if wait.ahead else "walkin.ticket.next"
        return Say(key, data, "subtle")

    async def follow(self, work: TurnWork, ticket: Ticket, frame: Frame, shown: str = "") -> None:
        """Let the cards of a number that changed, and of who waits after it, say how it is now.

        The one that shows as `shown` is left: the reply to its own press takes its place.
        """
        queue = await work.walkin.tickets(ticket.hour, ticket.day)
        waits = [one for one in queue if one.state is Turn.WAITING and one.id != ticket.id]
        for one in (ticket, *waits):
            person = await work.people.by_id(one.person)
            if person and person.active:
                await self._follow(work, one, person, frame, shown)

    async def _follow(
        self, work: TurnWork, ticket: Ticket, person: Person, frame: Frame, shown: str
    ) -> None:
        copies = await work.outbox.copies(_subject(ticket))
        if not copies:
            return
        view = await self.agenda.view(work, person, frame.now)
        card = replace(await self.card(work, view, ticket), language=person.language)
        # Of several messages that show as one card the last is what it says.
        for copy in {one.shown or f"#{one.id}": one for one in copies}.values():
            if (copy.shown and copy.shown == shown) or replace(copy.reply, replaces=False) == card:
                continue
            needed = bool(copy.shown) or ticket.state in turns.IN_QUEUE
            await work.outbox.rewrite(copy.id, card, frame.now, needed=needed)


def _where(there: Session | None, coach: Coach | None) -> list[Say]:
    where = [Say("walkin.at", {"place": place(there, coach)})]
    if coach and coach.profile.phone:
        where.append(Say("coach.phone", {"phone": coach.profile.phone}))
    return where


def _subject(ticket: Ticket) -> str:
    return f"ticket:{ticket.id}"


def _pressed(ticket: Ticket) -> tuple[Button, ...]:
    leave = buttons.LeaveQueue(ticket=ticket.id).encode()
    if ticket.state is Turn.CALLED:
        return (Button(Say("walkin.ticket.leave"), leave),)
    look = buttons.ShowTicket(ticket=ticket.id).encode()
    return (Button(Say("walkin.ticket.leave"), leave), Button(Say("walkin.ticket.look"), look))
