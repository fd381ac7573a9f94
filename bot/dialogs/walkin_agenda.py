"""Walk-in hours as somebody sees them: which slots there are, how near, and how full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import BookingId, LocationId, PersonId
from bot.dialogs.nearby import Nearby
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_grounds import load_grounds, load_sessions
from bot.people import rules as people
from bot.people.model import Coach, Person
from bot.proximity import score
from bot.proximity.model import Asker, Candidate, Part
from bot.walkin.choice import Offer, in_order
from bot.walkin.frame import Frame, Guest, session
from bot.walkin.links import Links
from bot.walkin.model import Hour, OpenTo, Session, Terms
from bot.walkin.seats import Booking, Count
from bot.walkin.slots import slots

AHEAD = timedelta(weeks=4)
"""How far ahead slots are shown, and can be booked."""
NONE = Count()


@dataclass(frozen=True)
class View:
    """One moment's picture for one person: the coaches, how near each is, and who may come.

    `near` is between 0 and 1, of place and organisation alone: whether somebody works right now
    says nothing of an hour next week.
    """

    frame: Frame
    coaches: Mapping[PersonId, Coach]
    person: PersonId
    near: Mapping[PersonId, float]
    mates: Mapping[PersonId, bool]
    neighbours: Mapping[PersonId, bool]

    @property
    def now(self) -> datetime:
        return self.frame.now

    @property
    def zone(self) -> ZoneInfo:
        return self.frame.grounds.zone

    def may(self, hour: Hour) -> bool:
        """Tell whether an hour is open to this person."""
        match hour.open_to:
            case OpenTo.TEAM:
                return self.mates.get(hour.coach, False)
            case OpenTo.LOCATION:
                return self.neighbours.get(hour.coach, False)
            case OpenTo.EVERYONE:
                return True

    def guest(self, topic: str = "") -> Guest:
        return Guest(self.person, self.may, topic)


@dataclass(frozen=True)
class Filter:
    """What somebody looks for; what is empty does not matter."""

    coach: PersonId | None = None
    location: LocationId | None = None
    day: date | None = None

    @property
    def empty(self) -> bool:
        return not (self.coach or self.location or self.day)


@dataclass(frozen=True)
class Visit:
    """A booking with its coach and its place, as its cards need it; None: it is over.

    `calendar` is the address that puts it in somebody's own calendar; empty: there is none.
    """

    booking: Booking
    coach: Coach | None
    session: Session | None
    calendar: str = ""


@dataclass(frozen=True)
class Agenda:
    """Looks up walk-in hours. Without `links` nothing of calendars is offered."""

    nearby: Nearby
    terms: Terms
    links: Links | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.nearby.college.zone

    async def view(self, work: TurnWork, person: Person, now: datetime) -> View:
        """Return the picture for somebody."""
        college = self.nearby.college
        units, coaches = await work.people.units(), await work.people.coaches()
        asker = people.asker(person, units)
        candidates = [people.candidate(one, units, college, now) for one in coaches]
        grounds = await load_grounds(work, coaches, college, now)
        return View(
            frame=Frame(grounds, self.terms, now),
            coaches={one.person.id: one for one in coaches},
            person=person.id,
            near={one.person: self._near(asker, one, now) for one in candidates},
            mates={one.person: bool(asker.works.teams & one.works.teams) for one in candidates},
            neighbours={one.person: _neighbours(asker, one) for one in candidates},
        )

    def _near(self, asker: Asker, coach: Candidate, now: datetime) -> float:
        weights = self.nearby.weights
        found = score.parts(asker, coach, now, weights)
        return score.mean(found, weights, (Part.PLACE, Part.ORGANISATION))

    async def sessions(self, work: TurnWork, view: View, span: timedelta = AHEAD) -> list[Session]:
        """Return the sessions from today on, in order of time; those that are over left out."""
        today = view.frame.today
        found = await load_sessions(work, view.frame.grounds, today, today + span)
        return [one for one in found if one.ends > view.now]

    async def offers(self, work: TurnWork, view: View, looked_for: Filter) -> list[Offer]:
        """Return the slots that this person may book, the best first."""
        counts = await work.walkin.counts(view.now, view.now + AHEAD + timedelta(days=1))
        offers = [
            Offer(slot, view.near.get(one.hour.coach, 0.0), counts.get(slot.key, NONE))
            for one in await self.sessions(work, view)
            if view.may(one.hour)
            and one.hour.coach != view.person
            and _wanted(view, one, looked_for)
            for slot in slots(one)
            if slot.starts > view.now
        ]
        return in_order(offers, view.now, every=not looked_for.empty)

    async def visit(self, work: TurnWork, view: View, booking: Booking) -> Visit:
        """Return a booking with what its cards show."""
        there = await session(work, booking.key.hour, booking.key.day, view.frame)
        hour = await work.walkin.hour(booking.key.hour)
        coach = view.coaches.get(hour.coach) if hour else None
        calendar = self.links.booking(booking.id) if self.links else ""
        return Visit(booking, coach, there, calendar)

    async def visits(self, work: TurnWork, view: View, bookings: Sequence[Booking]) -> list[Visit]:
        """Return bookings with what their cards show."""
        return [await self.visit(work, view, one) for one in bookings]

    async def topic_of(self, work: TurnWork, view: View, was: BookingId) -> str:
        """Return what somebody came for at a booking of their own that is over."""
        known = await work.walkin.booking(was) if was else None
        return known.topic if known and known.person == view.person else ""


async def names_of(work: TurnWork, people: Iterable[PersonId]) -> dict[PersonId, str]:
    """Return what people are called."""
    found = [await work.people.by_id(one) for one in dict.fromkeys(people)]
    return {one.id: one.name for one in found if one}


def _neighbours(asker: Asker, coach: Candidate) -> bool:
    here = asker.works.location
    return here is not None and here == coach.works.location


def wanted(view: View, coach: PersonId, looked_for: Filter) -> bool:
    """Tell whether hours of a coach are looked for, on whatever day."""
    location = view.coaches[coach].person.location
    return looked_for.coach in (None, coach) and looked_for.location in (None, location)


def _wanted(view: View, one: Session, looked_for: Filter) -> bool:
    on = one.starts.astimezone(view.zone).date()
    return wanted(view, one.hour.coach, looked_for) and looked_for.day in (None, on)
