"""An office in which coaches hold walk-in hours, and time passes over them as well."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.channels.cards.plain import write
from bot.core import walkin_buttons as buttons
from bot.core.ids import BookingId
from bot.core.jobs import Job
from bot.core.reply import Button, Language, Reply, Sender
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_clock import WalkInClock
from bot.dialogs.walkin_news import News
from bot.walkin.model import Hour, SlotKey, Terms
from bot.walkin.seats import Booking, Ticket
from tests.chat import ANN
from tests.office import AD, BOB, Office, lines, make_office

WEDNESDAY = date(2026, 3, 4)
FORM = {
    "weekday": "wo",
    "start": "12:00",
    "end": "13:00",
    "minutes": "30",
    "seats": "1",
    "place": "B2.04",
    "open_to": "everyone",
}
"""An hour of two slots on Wednesday, each for one."""


@dataclass
class WalkInOffice(Office):
    """Everybody's conversation about walk-in hours."""

    @property
    def clock(self) -> WalkInClock:
        agenda = Agenda(self.chat.desk.nearby, Terms())
        return WalkInClock(self.chat.store.begin, News(agenda))

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (*super().jobs, self.clock)

    async def hour(self, who: Sender = AD, **changes: Any) -> Hour:
        """Let a coach make an hour in chat."""
        reply = await self.press(buttons.MakeHour(**{**FORM, **changes}), who)
        assert reply.view == "walkin.hours", lines(self, reply)
        return max(self.hours.values(), key=lambda one: one.id)

    @property
    def hours(self) -> Mapping[Any, Hour]:
        return self.chat.store._shelves.walkin.hours

    @property
    def tickets(self) -> list[Ticket]:
        return list(self.chat.store._shelves.walkin.tickets.values())

    async def fill(self, button: Button, who: Sender, **filled_in: Any) -> Reply:
        """Press a button of a form, one field of which is called `place`."""
        return await self.press(replace(button, payload={**button.payload, **filled_in}), who)

    async def book(self, hour: Hour, who: Sender = ANN, slot: int = 0, **more: Any) -> Reply:
        return await self.press(key_of(hour, slot, **more), who)

    async def booking(self, who: Sender = ANN) -> Booking:
        """Return the newest booking of somebody."""
        person = (await self.person(who)).id
        found = self.chat.store._shelves.walkin.bookings.values()
        return max((one for one in found if one.person == person), key=lambda one: one.id)

    async def show(self, reply: Reply) -> list[str]:
        return lines(self, reply)


def key_of(hour: Hour, slot: int = 0, day: date = WEDNESDAY, **more: Any) -> buttons.BookSlot:
    return buttons.BookSlot(hour=hour.id, day=day, slot=slot, **more)


def slot_key(hour: Hour, slot: int = 0, day: date = WEDNESDAY) -> SlotKey:
    return SlotKey(hour.id, day, slot)


def labels_of(office: Office, reply: Reply) -> list[str]:
    """Return what the buttons of a reply say."""
    return [write(office.chat.texts, "nl", one.label) for one in reply.buttons]


def on(booking: BookingId) -> dict[str, BookingId]:
    return {"booking": booking}


def rows(reply: Reply) -> list[Button]:
    return [one for one in reply.buttons if one.line]


async def make_walkin_office(language: Language = "nl") -> WalkInOffice:
    """Open the office on a Monday at ten."""
    office = await make_office(language=language)
    for who in (ANN, BOB):
        await office.change(who, name=who.name)
    return WalkInOffice(office.chat, office.numbers)
