"""Walking in: a number, and being called."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import walkin_buttons as buttons
from bot.core.reply import Button, Reply, Say, Value
from bot.dialogs import walkin_parts as parts
from bot.dialogs.notices import tell
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import View
from bot.dialogs.walkin_dates import Dates
from bot.dialogs.walkin_hours import Hours
from bot.dialogs.walkin_now import AtTheDoor
from bot.dialogs.walkin_visits import Visits
from bot.walkin import queue, rules
from bot.walkin.frame import session
from bot.walkin.outcomes import Refusal, Refused
from bot.walkin.seats import Ticket


@dataclass(frozen=True)
class Door:
    """The conversations at the door of a walk-in hour."""

    hours: Hours
    visits: Visits

    async def now(self, turn: Turn) -> Reply:
        """Show who has an hour now, and what begins within the hour."""
        return await AtTheDoor(self.hours.walkin.agenda, self.visits.tickets).show(turn)

    async def take(self, turn: Turn, pressed: buttons.TakeNumber) -> Reply:
        """Take a number; who has one, sees it."""
        view = await self._view(turn)
        outcome = await queue.take_number(
            turn.work, pressed.hour, pressed.day, view.guest(), view.frame
        )
        if isinstance(outcome, Refused):
            return parts.refused(outcome)
        await self._tell_coach(turn, view, outcome)
        return replace(await self._ticket(turn, view, outcome), replaces=True)

    async def ticket(self, turn: Turn, pressed: buttons.ShowTicket) -> Reply:
        """Show somebody how far their number is."""
        found = await turn.work.walkin.ticket(pressed.ticket)
        if found is None or found.person != turn.me:
            return parts.refused(Refused(Refusal.NOT_YOURS if found else Refusal.GONE))
        return replace(await self._ticket(turn, await self._view(turn), found), replaces=True)

    async def _ticket(self, turn: Turn, view: View, ticket: Ticket) -> Reply:
        return await self.visits.tickets.card(turn.work, view, ticket)

    async def _tell_coach(self, turn: Turn, view: View, ticket: Ticket) -> None:
        hour = await turn.work.walkin.hour(ticket.hour)
        coach = view.coaches.get(hour.coach) if hour else None
        if coach is None:
            return
        data: dict[str, Value] = {"name": turn.person.name, "number": ticket.number}
        show = buttons.ShowSession(hour=ticket.hour, day=ticket.day).encode()
        card = parts.told(
            [Say("walkin.queue.came", data)], [Button(Say("walkin.list_of.open"), show)]
        )
        key, ends = f"walkin|came|{ticket.id}", await self._ends(turn, view, ticket)
        await tell(turn.work, key, coach.person, card, turn.now, now=turn.now, expires=ends)

    async def _ends(self, turn: Turn, view: View, ticket: Ticket) -> datetime:
        """Return until when a number says something: the end of its hour."""
        there = await session(turn.work, ticket.hour, ticket.day, view.frame)
        return there.ends if there else rules.news_until(ticket.taken, view.zone)

    async def leave(self, turn: Turn, pressed: buttons.LeaveQueue) -> Reply:
        """Give a number back."""
        view = await self._view(turn)
        outcome = await queue.leave(turn.work, pressed.ticket, turn.me, view.frame)
        if isinstance(outcome, Refused):
            # Of a number that is over it is said how it ended.
            return await self.ticket(turn, buttons.ShowTicket(ticket=pressed.ticket))
        shown = turn.incoming.card
        await self.visits.tickets.follow(turn.work, outcome, view.frame, shown)
        return replace(await self._ticket(turn, view, outcome), replaces=True)

    async def call(self, turn: Turn, pressed: buttons.CallNext) -> Reply:
        """Call the next number: who has it hears that it is their turn."""
        view = await self._view(turn)
        ticket = await queue.call_next(turn.work, pressed.hour, pressed.day, turn.me, view.frame)
        if isinstance(ticket, Refused):
            return parts.refused_holder(ticket)
        if ticket is None:
            return await Dates(self.hours.walkin).session(
                turn, buttons.ShowSession(hour=pressed.hour, day=pressed.day)
            )
        guest = await turn.work.people.by_id(ticket.person)
        if guest:
            theirs = await self.hours.walkin.agenda.view(turn.work, guest, turn.now)
            card = await self._ticket(turn, theirs, ticket)
            key, ends = f"walkin|turn|{ticket.id}", await self._ends(turn, view, ticket)
            await tell(turn.work, key, guest, card, turn.now, now=turn.now, expires=ends)
        await self.visits.tickets.follow(turn.work, ticket, view.frame)
        return await self.visits.show(turn, buttons.ShowVisit(ticket=ticket.id))

    async def _view(self, turn: Turn) -> View:
        return await self.hours.walkin.agenda.view(turn.work, turn.person, turn.now)
