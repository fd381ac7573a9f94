"""What somebody's own calendar reads: one booking, or all that they booked and hold."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.ids import PersonId
from bot.core.plural import plural
from bot.core.reply import Language, Say, Value
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import Agenda, View, Visit
from bot.dialogs.walkin_grounds import load_grounds, place
from bot.people.model import Person
from bot.walkin.calendar import (
    Calendar,
    Event,
    Status,
    called_off,
    of_booking,
    of_session,
    taken,
)
from bot.walkin.links import Links
from bot.walkin.model import Hour
from bot.walkin.slots import FURTHEST, lapsed, sessions

PAST, AHEAD = timedelta(days=30), timedelta(weeks=12)
"""How far back and ahead a calendar goes."""
Reading = Callable[[], AbstractAsyncContextManager[TurnWork]]


@dataclass(frozen=True)
class Shown:
    """A calendar, and the language of whose it is."""

    calendar: Calendar
    language: Language


@dataclass(frozen=True)
class Publisher:
    """Answers who asks for an address. None says nothing of why there is nothing."""

    reading: Reading
    agenda: Agenda
    links: Links
    clock: Clock

    async def booking(self, token: str) -> Shown | None:
        """Return one booking, until it is over."""
        which, now = self.links.booking_of(token), self.clock.now()
        if which is None:
            return None
        async with self.reading() as work:
            known = await work.walkin.booking(which)
            lasts = known is not None and now < known.ends
            person = await work.people.by_id(known.person) if known and lasts else None
            if known is None or person is None:
                return None
            view = await self.agenda.view(work, person, now)
            visit = await self.agenda.visit(work, view, known)
        events = (_booked(visit, now),)
        return Shown(Calendar(view.zone, now, events), person.language)

    async def feed(self, token: str) -> Shown | None:
        """Return all that somebody booked, and the hours that they hold."""
        key, now = self.links.key_of(token), self.clock.now()
        if key is None:
            return None
        async with self.reading() as work:
            owner = await work.feeds.owner(key)
            person = await work.people.by_id(owner) if owner else None
            if person is None or not person.active:
                return None
            view = await self.agenda.view(work, person, now)
            events = (*await self._bookings(work, view), *await self._hours(work, view, person))
        calendar = Calendar(view.zone, now, events, Say("calendar.name"))
        return Shown(calendar, person.language)

    async def _bookings(self, work: TurnWork, view: View) -> list[Event]:
        known = await work.walkin.history(view.person, view.now - PAST)
        return [_booked(one, view.now) for one in await self.agenda.visits(work, view, known)]

    async def _hours(self, work: TurnWork, view: View, person: Person) -> list[Event]:
        """Return the dates of a coach, with how many come; those that are off say so."""
        coach = view.coaches.get(person.id)
        if coach is None:
            return []
        first, last = view.frame.today - PAST, view.frame.today + AHEAD
        hours = await _own_hours(work, person.id, view)
        changes = await work.walkin.changes(first - FURTHEST)
        grounds = await load_grounds(work, [coach], self.agenda.nearby.college, view.now - PAST)
        day = timedelta(days=1)
        counts = await work.walkin.counts(view.now - PAST - day, view.now + AHEAD + day)
        found = []
        for one in sessions(hours, changes, grounds, first, last):
            many, seats = taken(one, counts)
            data: dict[str, Value] = {"taken": many, "seats": seats}
            where = Say("calendar.at", {"place": place(one, coach)})
            when = of_session(one, changes)
            title = Say(plural("calendar.session", seats), data)
            found.append(Event(when, title, where, url=one.hour.link))
        off = [
            *called_off(hours, changes, view.zone, first, last),
            *(
                of_session(one, changes, Status.CANCELLED)
                for one in lapsed(hours, changes, grounds, first, last)
            ),
        ]
        return [*found, *(Event(one, Say("calendar.session_off")) for one in off)]


async def _own_hours(work: TurnWork, coach: PersonId, view: View) -> list[Hour]:
    since = view.frame.today - PAST - FURTHEST
    return [one for one in await work.walkin.hours(since) if one.coach == coach]


def _booked(visit: Visit, now: datetime) -> Event:
    """Return a booking as who made it sees it. What they typed stays in the chat."""
    when = of_booking(visit.booking, visit.session, now)
    off = when.status is Status.CANCELLED
    title = Say("calendar.gone_off" if off else "calendar.gone")  # of a coach who left
    if visit.coach:
        title = Say(f"calendar.{when.status.lower()}", {"name": visit.coach.person.name})
    if off:
        return Event(when, title)
    phone = visit.coach.profile.phone if visit.coach else ""
    return Event(
        when,
        title,
        Say("calendar.at", {"place": place(visit.session, visit.coach)}),
        Say("coach.phone", {"phone": phone}) if phone else None,
        visit.session.hour.link if visit.session else "",
    )
