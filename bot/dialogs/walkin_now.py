"""Who has a walk-in hour now, and how long that takes; what begins soon can be booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core import walkin_buttons as buttons
from bot.core.buttons import AskCoach
from bot.core.plural import plural
from bot.core.reply import Block, Button, Reply, Say, Value
from bot.dialogs import walkin_cards as cards
from bot.dialogs import walkin_moments as moments
from bot.dialogs import walkin_parts as parts
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import Agenda, Filter, View
from bot.dialogs.walkin_grounds import place
from bot.dialogs.walkin_tickets import Tickets
from bot.walkin import turns
from bot.walkin.choice import by_time
from bot.walkin.model import Session
from bot.walkin.seats import Booking, State, Ticket

NOW = "walkin.now"
MOST = 4
"""Hours in the list of who is there now."""
SOON = timedelta(hours=1)
"""How long before it begins an hour is shown beside those of now."""


@dataclass(frozen=True)
class AtTheDoor:
    """Shows where somebody can walk in."""

    agenda: Agenda
    tickets: Tickets

    async def show(self, turn: Turn) -> Reply:
        """Show who has an hour now: how far, how many wait, and how long; and what begins soon."""
        view = await self.agenda.view(turn.work, turn.person, turn.now)
        there = [
            one
            for one in await self.agenda.sessions(turn.work, view, SOON)
            if view.may(one.hour) and one.hour.coach != turn.me
        ]
        there.sort(key=lambda one: (-view.near.get(one.hour.coach, 0.0), one.starts))
        mine = await turn.work.walkin.of_person(turn.me, turn.now)
        begun = [one for one in there if one.starts <= turn.now][:MOST]
        soon = [one for one in there if turn.now < one.starts <= turn.now + SOON]
        blocks: list[Block] = [Say("walkin.now.title", style="title")]
        rows: list[Button] = []
        for one in begun:
            said, row = await self._held(turn, view, one, mine)
            blocks += said
            rows.append(row)
        later = await self._soon(turn, view, soon, mine)
        if begun:
            blocks += [Say("walkin.now.later")] if later else []
            return Reply(NOW, tuple(blocks), (*rows, *later), personal=True)
        find = Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode())
        ask = Button(Say("coach.ask"), AskCoach().encode())
        if not later:
            return Reply(NOW, (Say("walkin.now.nobody"),), (find, ask), personal=True)
        none = (Say("walkin.now.soon", style="title"), Say("walkin.list.tap", style="subtle"))
        return Reply(NOW, none, (*later, find, ask), personal=True)

    async def _held(
        self, turn: Turn, view: View, one: Session, mine: Sequence[Booking]
    ) -> tuple[list[Block], Button]:
        """Return what is said of an hour that goes on, and what can be tapped."""
        coach = view.coaches[one.hour.coach]
        data: dict[str, Value] = {
            "name": coach.person.name,
            "place": place(one, coach),
            "far": parts.far(view, one.hour.coach),
            "until": f"{one.ends.astimezone(view.zone):%H:%M}",
        }
        queue = await turn.work.walkin.tickets(one.hour.id, one.day)
        said: list[Block] = [Say("walkin.now.now", data)]
        number = turns.number_of(turn.me, queue)
        seat = next((own for own in mine if _is_of(own, one) and own.state is State.BOOKED), None)
        if number:
            said += await self._own(turn, view, one, number)
            look = buttons.ShowTicket(ticket=number.id).encode()
            row = Button(Say("walkin.now.look", data), look, line=True)
        elif seat:
            starts = f"{seat.starts.astimezone(view.zone):%H:%M}"
            said.append(Say("walkin.now.seat", {"time": starts}, "subtle"))
            (row,) = await self._rows(turn, view, [seat])
        else:
            said.append(await self._wait(turn, one, queue))
            take = buttons.TakeNumber(**parts.date_of(one)).encode()
            row = Button(Say("walkin.now.take", data), take, line=True)
        if coach.profile.phone:
            said.append(Say("coach.phone", {"phone": coach.profile.phone}, "subtle"))
        return said, row

    async def _own(self, turn: Turn, view: View, one: Session, number: Ticket) -> tuple[Say, ...]:
        """Say how far the number is that somebody has."""
        data: dict[str, Value] = {"number": number.number}
        how_far = await self.tickets.how_far(turn.work, view, number, one)
        return Say("walkin.now.yours", data, "subtle"), how_far

    async def _wait(self, turn: Turn, one: Session, queue: Sequence[Ticket]) -> Say:
        """Say how long it takes who takes a number now."""
        bookings = await turn.work.walkin.bookings(one.hour.id, one.day)
        wait = turns.wait_of(turn.me, one, queue, bookings, turn.now)
        data: dict[str, Value] = {"waiting": wait.ahead, "minutes": wait.minutes}
        if wait.ahead:
            return Say(plural("walkin.now.wait", wait.ahead), data, "subtle")
        return Say(f"walkin.now.{'free' if wait.minutes else 'at_once'}", data, "subtle")

    async def _soon(
        self, turn: Turn, view: View, soon: Sequence[Session], mine: Sequence[Booking]
    ) -> tuple[Button, ...]:
        """Return a line for each hour that begins soon: one's own seat in it, or one to book."""
        own = [one for one in mine if any(_is_of(one, there) for there in soon)]
        taken = {(one.key.hour, one.key.day) for one in own}
        offers = [
            one
            for one in await self.agenda.offers(turn.work, view, Filter())
            if one.slot.session in soon and (one.slot.key.hour, one.slot.key.day) not in taken
        ]
        return (
            *await self._rows(turn, view, own),
            *moments.alternatives(view, by_time(offers, MOST)),
        )

    async def _rows(self, turn: Turn, view: View, own: Sequence[Booking]) -> tuple[Button, ...]:
        return cards.mine_rows(view, await self.agenda.visits(turn.work, view, own), ())


def _is_of(booking: Booking, session: Session) -> bool:
    return (booking.key.hour, booking.key.day) == (session.hour.id, session.day)
