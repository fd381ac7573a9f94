"""The teacher's side of a slot in a walk-in hour: book, move, cancel, wait, confirm."""

import re
from dataclasses import dataclass, replace

from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.redaction import redact
from bot.core.reply import Button, Reply, Say
from bot.dialogs import walkin_cards as cards
from bot.dialogs import walkin_moments as moments
from bot.dialogs import walkin_parts as parts
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import Agenda, Filter, View
from bot.dialogs.walkin_finding import offers_for
from bot.dialogs.walkin_news import News
from bot.walkin import bookings, changed, rules
from bot.walkin import service as walkin
from bot.walkin.choice import by_time
from bot.walkin.frame import session
from bot.walkin.model import Session, SlotKey
from bot.walkin.outcomes import Booked, BookOutcome, Refusal, Refused, Waitlisted
from bot.walkin.seats import Waiting


@dataclass(frozen=True)
class WalkIn:
    """The conversations of who comes."""

    agenda: Agenda
    news: News
    student_number: re.Pattern[str]

    async def book(self, turn: Turn, pressed: buttons.BookSlot) -> Reply:
        """Book a slot with one tap, or wait for it; a booking that moves goes there."""
        view = await self._view(turn)
        key = await changed.known_as(turn.work, _key(pressed), view.frame)
        if pressed.moving:
            before = await turn.work.walkin.booking(pressed.moving)
            outcome: BookOutcome = await walkin.rebook(
                turn.work, pressed.moving, key, view.guest(), view.frame
            )
            reply = await self._booked(turn, view, key, outcome, moved=True)
            if before and isinstance(outcome, Booked):
                # The coach whom they do not go to any more sees that as well.
                await self.news.lists(turn.work, [before], turn.now)
            return reply
        topic = await self.agenda.topic_of(turn.work, view, pressed.was)
        outcome = await walkin.book(turn.work, key, view.guest(topic), view.frame)
        return await self._booked(turn, view, key, outcome)

    async def _booked(
        self, turn: Turn, view: View, key: SlotKey, outcome: BookOutcome, *, moved: bool = False
    ) -> Reply:
        match outcome:
            case Booked(booking=booking, promoted=promoted):
                visit = await self.agenda.visit(turn.work, view, booking)
                await self.news.lists(turn.work, [booking], turn.now)
                await self.news.came_late(turn.work, visit, turn.person, turn.now)
                if moved:
                    await self.news.follow(turn.work, booking, turn.now, turn.incoming.card)
                    await self.news.promoted(turn.work, promoted, turn.now)
                return replace(cards.booked(view, visit), replaces=True)
            case Waitlisted(waiting=waiting, place=number):
                return await self._waits(turn, view, waiting, number)
            case Refused(why=Refusal.HAVE_IT):
                mine = await turn.work.walkin.of_person(turn.me, turn.now)
                found = next((one.id for one in mine if one.key == key), None)
                return await self._show(turn, view, found)
            case Refused(why=Refusal.IN_LINE):
                line = await turn.work.walkin.line(key)
                mine_waits = next(one for one in line if one.person == turn.me)
                number = rules.place_of(mine_waits, line)
                return await self._waits(turn, view, mine_waits, number)
            case Refused():
                return await self._refused(turn, view, outcome)

    async def _waits(self, turn: Turn, view: View, waiting: Waiting, number: int) -> Reply:
        there = await session(turn.work, waiting.key.hour, waiting.key.day, view.frame)
        return replace(cards.waits(view, waiting, there, number), replaces=True)

    async def _refused(self, turn: Turn, view: View, outcome: Refused) -> Reply:
        """Say why not, and show what there is: nobody is sent away with nothing."""
        reply = parts.refused(outcome, self.agenda.terms.most_open)
        if outcome.why not in (Refusal.GONE, Refusal.TOO_LATE, Refusal.FULL, Refusal.EXPIRED):
            return reply
        offers = await offers_for(turn, self.agenda, view, Filter())
        others = by_time([one for one in offers if one.left], moments.ALTERNATIVES)
        return replace(reply, buttons=(*moments.alternatives(view, others), *reply.buttons))

    async def booking(self, turn: Turn, pressed: buttons.ShowBooking) -> Reply:
        """Show somebody their booking as it is now."""
        return await self._show(turn, await self._view(turn), pressed.booking)

    async def _show(self, turn: Turn, view: View, which: BookingId | None) -> Reply:
        known = await turn.work.walkin.booking(which) if which else None
        if known is None or known.person != turn.me:
            return parts.refused(Refused(Refusal.NOT_YOURS if known else Refusal.GONE))
        visit = await self.agenda.visit(turn.work, view, known)
        return replace(cards.booked(view, visit), replaces=turn.incoming.button is not None)

    async def topic(self, turn: Turn, pressed: buttons.NameTopic) -> Reply:
        """Keep what one comes for: the coach sees it."""
        view = await self._view(turn)
        clean = redact(pressed.topic, self.student_number)
        text = " ".join(clean.text.split())
        outcome = await bookings.name_topic(
            turn.work, pressed.booking, view.guest(text), view.frame
        )
        if isinstance(outcome, Refused):
            return parts.refused(outcome)
        await self.news.follow(turn.work, outcome.booking, turn.now, turn.incoming.card)
        await self.news.lists(turn.work, [outcome.booking], turn.now)
        visit = await self.agenda.visit(turn.work, view, outcome.booking)
        card = cards.booked(view, visit)
        kept = Say("walkin.booked.kept", style="subtle")
        notes = (Say(f"note.{secret}", style="subtle") for secret in sorted(clean.found))
        return replace(card, blocks=(*card.blocks, *notes, kept), replaces=True)

    async def cancel(self, turn: Turn, pressed: buttons.CancelBooking) -> Reply:
        """Give a seat up; who waits first is asked at once."""
        view = await self._view(turn)
        outcome = await walkin.cancel(turn.work, pressed.booking, turn.me, view.frame)
        if isinstance(outcome, Refused):
            return await self._refused(turn, view, outcome)
        await self.news.freed(turn.work, outcome, turn.now, turn.incoming.card)
        visit = await self.agenda.visit(turn.work, view, outcome.booking)
        again = Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode())
        return replace(cards.booked(view, visit), buttons=(again,), replaces=True)

    async def confirm(self, turn: Turn, pressed: buttons.ConfirmSeat) -> Reply:
        """Take the seat that came free."""
        view = await self._view(turn)
        outcome = await walkin.confirm(turn.work, pressed.booking, turn.me, view.frame)
        if isinstance(outcome, Refused):
            if outcome.why is Refusal.HAVE_IT:
                return await self._show(turn, view, pressed.booking)
            return await self._refused(turn, view, outcome)
        await self.news.follow(turn.work, outcome.booking, turn.now, turn.incoming.card)
        return await self._booked(turn, view, outcome.booking.key, outcome)

    async def leave(self, turn: Turn, pressed: buttons.LeaveLine) -> Reply:
        """Wait no longer."""
        view = await self._view(turn)
        key = await changed.known_as(turn.work, _key(pressed), view.frame)
        outcome = await walkin.leave_line(turn.work, key, turn.me)
        if isinstance(outcome, Refused):
            return parts.refused(outcome)
        again = Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode())
        said = Say("walkin.waiting.left")
        return Reply(cards.WAITING, (said,), (again,), personal=True, replaces=True)

    async def mine(self, turn: Turn) -> tuple[Button, ...]:
        """Return a line for each booking, and for each slot that somebody waits for."""
        view = await self._view(turn)
        booked = await turn.work.walkin.of_person(turn.me, turn.now)
        visits = await self.agenda.visits(turn.work, view, booked)
        waiting: list[tuple[Waiting, Session | None]] = [
            (one, await session(turn.work, one.key.hour, one.key.day, view.frame))
            for one in await turn.work.walkin.waits_of(turn.me, turn.now)
        ]
        return cards.mine_rows(view, visits, waiting)

    async def _view(self, turn: Turn) -> View:
        return await self.agenda.view(turn.work, turn.person, turn.now)


def _key(pressed: buttons.OnSlot) -> SlotKey:
    return SlotKey(pressed.hour, pressed.day, pressed.slot)
