"""What the bot says on its own initiative about walk-in hours, each thing once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.ids import HourId
from bot.core.plural import plural
from bot.core.reply import Block, Say, Value
from bot.dialogs import walkin_cards as cards
from bot.dialogs import walkin_moments as moments
from bot.dialogs import walkin_parts as parts
from bot.dialogs.notices import tell
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import Agenda, Filter, View, Visit
from bot.dialogs.walkin_lists import GuestList, held_on, listed, rewrite
from bot.people.model import Person
from bot.walkin.choice import by_time
from bot.walkin.model import Session
from bot.walkin.outcomes import Emptied, Freed
from bot.walkin.reminders import SOON, Reminder
from bot.walkin.rules import news_until
from bot.walkin.seats import Booking, Waiting, Why
from bot.walkin.slots import slot_of


@dataclass(frozen=True)
class News:
    """Tells people what became of their seats, and keeps the cards that they have up to date."""

    agenda: Agenda

    async def promoted(self, work: TurnWork, bookings: Sequence[Booking], now: datetime) -> None:
        """Ask who waited whether they take the seat that came free: at once, but not at night."""
        for one in bookings:
            if (seen := await self._seen(work, one, now)) is None:
                continue
            person, view, visit = seen
            college = self.agenda.nearby.college
            there = view.frame.grounds.of(visit.coach.person.id) if visit.coach else college
            at = there.next_open(now) or now
            at = now if at >= (one.due or one.starts) else at
            card = cards.offered(view, visit)
            key = f"walkin|offer|{one.id}"
            await tell(work, key, person, card, at, now=now, expires=one.starts)

    async def freed(self, work: TurnWork, freed: Freed, now: datetime, shown: str = "") -> None:
        """Follow a seat that came free: the cards of who had it, of the coach, and who is next."""
        await self.follow(work, freed.booking, now, shown)
        await self.promoted(work, freed.promoted, now)
        await self.lists(work, [freed.booking], now)

    async def follow(
        self, work: TurnWork, booking: Booking, now: datetime, shown: str = ""
    ) -> None:
        """Let every card about a booking say how it is; the one that shows as `shown` is left."""
        copies = await work.outbox.copies(cards.subject_of(booking.id))
        if not copies or (seen := await self._seen(work, booking, now)) is None:
            return
        person, view, visit = seen
        for copy in {one.shown or f"#{one.id}": one for one in copies}.values():
            if copy.shown and copy.shown == shown:
                continue
            says = cards.now_says(copy.reply.view, view, visit)
            card = replace(says, language=person.language)
            needed = bool(copy.shown) or booking.open
            await work.outbox.rewrite(copy.id, card, now, needed=needed)

    async def emptied(
        self, work: TurnWork, emptied: Emptied, now: datetime, why: Why = Why.BY_COACH
    ) -> None:
        """Tell everybody once that a date is off, with the nearest other slots to tap."""
        for booking in emptied.bookings:
            await self.follow(work, booking, now)
            await self._off(work, booking, booking, now)
        for waiting in emptied.waiting:
            await self._off(work, waiting, None, now, cards.over_key(why))
        await self.lists(work, emptied.bookings, now)

    async def called_off(
        self, work: TurnWork, which: HourId, emptied: Emptied, now: datetime
    ) -> None:
        """Tell a coach that a date of theirs is off by a closing or by their leave, and who knows.

        Who said that they are away may not have thought of it.
        """
        hour = await work.walkin.hour(which)
        coach = await work.people.coach(hour.coach) if hour else None
        if coach is None or not emptied.bookings:
            return
        view = await self.agenda.view(work, coach.person, now)
        first = emptied.bookings[0]
        count = len(emptied.bookings) + len(emptied.waiting)
        data: dict[str, Value] = {"when": parts.said_on(view, first.starts), "count": count}
        card = parts.told([Say(plural("walkin.told.called_off", count), data)])
        key = f"walkin|called_off|{first.id}|{first.version}"
        until = news_until(first.starts, view.zone)
        await tell(work, key, coach.person, card, now, now=now, expires=until)

    async def no_seat(self, work: TurnWork, waits: Waiting, now: datetime) -> None:
        """Tell who waited that no seat came free, with the nearest other slots to tap."""
        await self._off(work, waits, None, now, "walkin.over.no_seat")

    async def _off(
        self,
        work: TurnWork,
        whose: Booking | Waiting,
        booking: Booking | None,
        now: datetime,
        waited: str = "",
    ) -> None:
        person = await work.people.by_id(whose.person)
        if person is None or not person.active:
            return
        view = await self.agenda.view(work, person, now)
        hour = await work.walkin.hour(whose.key.hour)
        name = parts.name_of(view, hour.coach) if hour else ""
        when = parts.said_on(view, whose.starts)
        others = [
            one
            for one in await self.agenda.offers(work, view, Filter())
            if one.left and one.slot.key != whose.key
        ]
        why = cards.over_key(booking.why) if booking else waited
        blocks: list[Block] = [Say(why, {"when": when, "name": name}, "title")]
        blocks.append(Say("walkin.told.others" if others else "walkin.told.no_others"))
        was = {"was": booking.id} if booking else {}
        rows = moments.alternatives(view, by_time(others, moments.ALTERNATIVES), stays=True, **was)
        kind = f"booking|{booking.id}|{booking.version}" if booking else f"waiting|{whose.id}"
        card = parts.told(blocks, rows)
        until = news_until(whose.starts, view.zone)
        await tell(work, f"walkin|off|{kind}", person, card, now, now=now, expires=until)

    async def moved(
        self, work: TurnWork, bookings: Sequence[Booking], now: datetime, how: str = "moved"
    ) -> None:
        """Tell who comes that their slot is at another time, or `elsewhere`: the seat stays."""
        for booking in bookings:
            await self.follow(work, booking, now)
            if (seen := await self._seen(work, booking, now)) is None:
                continue
            person, view, visit = seen
            card = cards.reminder(view, visit, f"walkin.booked.{how}")
            key = f"walkin|{how}|{booking.id}|{booking.version}"
            await tell(work, key, person, card, now, now=now, expires=booking.starts)
        await self.lists(work, bookings, now)

    async def remind(
        self, work: TurnWork, booking: Booking, which: Reminder, now: datetime
    ) -> None:
        """Remind who comes; and the coach once, of all who come that day or to that session."""
        if (seen := await self._seen(work, booking, now)) is None:
            return
        person, view, visit = seen
        card = cards.reminder(view, visit, f"walkin.remind.{which}")
        key = f"walkin|remind|{booking.id}|{booking.version}|{which}"
        await tell(work, key, person, card, now, now=now, expires=booking.starts)
        if visit.session and visit.coach:
            await self._remind_coach(work, visit.session, visit.coach.person, which, now)

    async def _remind_coach(
        self, work: TurnWork, session: Session, coach: Person, which: Reminder, now: datetime
    ) -> None:
        view = await self.agenda.view(work, coach, now)
        on = session.starts.astimezone(view.zone).date()
        sent = GuestList(which, coach.id, session.hour.id, session.day, on)
        there = sent.part(await held_on(work, self.agenda, view, coach.id, on))
        card = await listed(work, view, there, which)
        ends = max(one.ends for one in there)
        await tell(work, sent.key, coach, card, now, now=now, expires=ends)

    async def lists(self, work: TurnWork, bookings: Iterable[Booking], now: datetime) -> None:
        """Let the lists that coaches were sent say who comes now."""
        await rewrite(work, self.agenda, bookings, now)

    async def _seen(
        self, work: TurnWork, booking: Booking, now: datetime
    ) -> tuple[Person, View, Visit] | None:
        """Return a booking as whose it is sees it; None when they are there no more."""
        person = await work.people.by_id(booking.person)
        if person is None:
            return None
        view = await self.agenda.view(work, person, now)
        return person, view, await self.agenda.visit(work, view, booking)

    async def came_late(self, work: TurnWork, visit: Visit, guest: Person, now: datetime) -> None:
        """Tell a coach of who books when the list of the hour was sent already."""
        if visit.coach is None or visit.session is None:
            return
        if now < visit.session.starts - SOON:
            return
        view = await self.agenda.view(work, visit.coach.person, now)
        slot = slot_of(visit.session, visit.booking.key.number)
        at = slot.starts if slot else visit.booking.starts
        data: dict[str, Value] = {"name": guest.name, "when": parts.said_on(view, at)}
        said: tuple[Block, ...] = (Say("walkin.told.late", data), *parts.topic(visit.booking.topic))
        key = f"walkin|late|{visit.booking.id}|{visit.booking.version}"
        await tell(work, key, visit.coach.person, parts.told(said), now, now=now, expires=at)
