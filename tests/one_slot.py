"""One slot of a Monday, and who has a seat in it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import BookingId, HourId, PersonId
from bot.walkin.grounds import Grounds
from bot.walkin.model import Slot, Terms
from bot.walkin.rules import Crowd, Wish
from bot.walkin.seats import Booking, Numbers
from bot.walkin.slots import session_of, slots
from bot.worktime.closures import Closed, Closures
from bot.worktime.worktime import WorkTime
from tests.factories import booking, hour

ZONE = ZoneInfo("Europe/Amsterdam")
COLLEGE = WorkTime(ZONE, closures=Closures(own=(Closed(date(2026, 2, 16), date(2026, 2, 20)),)))
GROUNDS = Grounds(COLLEGE, lambda _: COLLEGE)
COACH, ANN, BOB, CAS, DEE = map(PersonId, (1, 2, 3, 4, 5))
TERMS = Terms(most_open=3, confirm_minutes=120)
MINUTE = timedelta(minutes=1)


def a_slot(seats: int = 2) -> Slot:
    there = session_of(hour(id=HourId(1), seats=seats), [], GROUNDS, date(2026, 3, 9))
    assert there
    return slots(there)[0]


SLOT = a_slot()
KEY = SLOT.key
EMPTY = Crowd([], Numbers())
NOBODY = Numbers()


def wish(person: PersonId = ANN, *, held: int = 0, allowed: bool = True) -> Wish:
    return Wish(person, allowed, held)


def taken(person: PersonId, seat: int) -> Booking:
    return booking(person, KEY, seat=seat, id=BookingId(person))


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)
