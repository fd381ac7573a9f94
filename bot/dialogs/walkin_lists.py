"""The lists of who comes that a coach is sent: of a day, and of an hour that begins soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.ids import HourId, PersonId
from bot.core.reply import Reply
from bot.dialogs import walkin_guest_cards as cards
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import Agenda, View, names_of
from bot.people.model import Person
from bot.walkin.model import Session
from bot.walkin.reminders import Reminder
from bot.walkin.seats import Booking, State


@dataclass(frozen=True)
class GuestList:
    """Names a list: of one date of an hour when that begins soon, else of a coach's whole day.

    `day` is the rule's own date, `on` the one that it takes place on.
    """

    which: Reminder
    coach: PersonId
    hour: HourId
    day: date
    on: date

    @property
    def key(self) -> str:
        """What makes it one message, however often it is sent."""
        if self.which is Reminder.SOON:
            return f"walkin|soon|{self.hour}|{self.day}|{self.on}"
        return f"walkin|day|{self.coach}|{self.on}"

    def part(self, held: Sequence[Session]) -> Sequence[Session]:
        """Return what stands in it of all that the coach holds on that day."""
        if self.which is Reminder.DAY_BEFORE:
            return held
        return [one for one in held if (one.hour.id, one.day) == (self.hour, self.day)]


async def held_on(
    work: TurnWork, agenda: Agenda, view: View, coach: PersonId, on: date
) -> list[Session]:
    """Return what a coach holds on a day, what is over left out."""
    return [
        one
        for one in await agenda.sessions(work, view)
        if one.hour.coach == coach and one.starts.astimezone(view.zone).date() == on
    ]


async def listed(work: TurnWork, view: View, there: Sequence[Session], which: Reminder) -> Reply:
    """Return the list of who comes to these, without who has not confirmed yet."""
    guests = [
        (one, [known for known in found if known.state is not State.OFFERED])
        for one in there
        if (found := await work.walkin.bookings(one.hour.id, one.day))
    ]
    names = await names_of(work, [one.person for _, bookings in guests for one in bookings])
    return cards.guest_list(view, guests, names, which)


async def rewrite(
    work: TurnWork, agenda: Agenda, bookings: Iterable[Booking], now: datetime
) -> None:
    """Let the lists that were sent of the dates of these bookings say who comes now, if anybody."""
    dates = {
        (one.key.hour, one.key.day, one.starts.astimezone(agenda.zone).date()) for one in bookings
    }
    for which, day, on in sorted(dates):
        hour = await work.walkin.hour(which)
        coach = await work.people.by_id(hour.coach) if hour else None
        if coach:
            of = [GuestList(one, coach.id, which, day, on) for one in Reminder]
            await _rewrite(work, agenda, coach, of, now)


async def _rewrite(
    work: TurnWork, agenda: Agenda, coach: Person, lists: Sequence[GuestList], now: datetime
) -> None:
    view = await agenda.view(work, coach, now)
    held = await held_on(work, agenda, view, coach.id, lists[0].on)
    for sent in lists:
        card = await listed(work, view, sent.part(held), sent.which)
        await work.outbox.change(sent.key, replace(card, language=coach.language), now)
