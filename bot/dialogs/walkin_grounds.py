"""Where walk-in hours take place: what is known of the college, and of its coaches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.ids import PersonId
from bot.core.reply import Clauses, Say
from bot.dialogs.ports import TurnWork
from bot.people.model import Coach
from bot.routing.model import Away
from bot.walkin.grounds import Grounds, Leave
from bot.walkin.model import Change, Hour, Session
from bot.walkin.slots import FURTHEST, sessions
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class Timetable:
    """The walk-in hours of the college: who holds one can be told of any moment."""

    hours: Sequence[Hour]
    changes: Sequence[Change]
    grounds: Grounds

    def any_from(self, at: datetime) -> bool:
        """Tell whether there are hours that go on then."""
        day = at.astimezone(self.grounds.zone).date()
        return any(one.last is None or one.last >= day for one in self.hours)

    def holding(self, at: datetime) -> set[PersonId]:
        """Return the coaches who hold a walk-in hour then."""
        day = at.astimezone(self.grounds.zone).date()
        held = sessions(self.hours, self.changes, self.grounds, day, day)
        return {one.hour.coach for one in held if one.starts <= at < one.ends}


async def load_timetable(
    work: TurnWork,
    coaches: Iterable[Coach],
    leaves: Iterable[Away],
    college: WorkTime,
    now: datetime,
) -> Timetable:
    """Return the walk-in hours from today on."""
    # A date that moves to today can belong to an hour that ended before.
    since = now.astimezone(college.zone).date() - FURTHEST
    hours, changes = await work.walkin.hours(since), await work.walkin.changes(since)
    return Timetable(hours, changes, grounds_of(coaches, leaves, college))


async def load_grounds(
    work: TurnWork, coaches: Iterable[Coach], college: WorkTime, now: datetime
) -> Grounds:
    """Return when each coach holds no hours, as `grounds_of` says."""
    return grounds_of(coaches, await work.questions.leaves(now), college)


def grounds_of(coaches: Iterable[Coach], leaves: Iterable[Away], college: WorkTime) -> Grounds:
    """Return when each coach holds no hours.

    That is when the college or their location is closed, while they are away, and once they left.
    Who wants no questions for the rest of a day still holds an hour on it.
    """
    there = {one.person.id: college.of({}, one.location) for one in coaches}
    away = defaultdict[PersonId, list[Leave]](list)
    for one in leaves:
        if not one.for_today:
            away[one.person].append(Leave(one.start, one.until))
    return Grounds(college, there.get, away)


async def load_sessions(work: TurnWork, grounds: Grounds, first: date, last: date) -> list[Session]:
    """Return all sessions in a span of dates, in order of time."""
    # A date that moves here can belong to an hour that ended before.
    hours = await work.walkin.hours(first - FURTHEST)
    changes = await work.walkin.changes(first - FURTHEST)
    return sessions(hours, changes, grounds, first, last)


async def next_of(
    work: TurnWork, coaches: Collection[Coach], coach: PersonId, college: WorkTime, now: datetime
) -> Session | None:
    """Return the next walk-in hour of a coach, or the one that goes on now."""
    today = now.astimezone(college.zone).date()
    grounds = await load_grounds(work, coaches, college, now)
    found = await load_sessions(work, grounds, today, today + FURTHEST)
    return next((one for one in found if one.hour.coach == coach and one.ends > now), None)


def place(session: Session | None, coach: Coach | None) -> Clauses:
    """Return where an hour is: the room, and the location; or that it is online."""
    room = session.place if session else ""
    if session and session.hour.link and not room:
        return Clauses((Say("walkin.place.online"),))
    room = room or (coach.profile.room if coach else "")
    location = coach.location if coach else ""
    if room and location:
        return Clauses((Say("walkin.place.room", {"room": room, "location": location}),))
    known = room or location
    return Clauses((Say("walkin.place.named" if known else "walkin.place.ask", {"place": known}),))
