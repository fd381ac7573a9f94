"""Who comes to a walk-in hour hears that it is somewhere else, whatever moved it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import BookingId
from bot.core.reply import Clauses
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_grounds import load_grounds, load_sessions, place
from bot.dialogs.walkin_news import News
from bot.walkin.bookings import elsewhere
from bot.walkin.seats import Booking, State
from bot.walkin.slots import slots


@dataclass(frozen=True)
class Where:
    """Where a booking takes place, as it is said to whose it is; `link` when it is online."""

    booking: Booking
    place: Clauses
    link: str


Rooms = Mapping[BookingId, Where]


@dataclass(frozen=True)
class RoomNews:
    """Compares where bookings take place before and after what may move them."""

    news: News

    async def rooms(self, work: TurnWork, now: datetime) -> Rooms:
        """Return where each booking to come takes place; of a date that is off nothing is known."""
        booked = await work.walkin.open_after(now)
        if not booked:
            return {}
        college, coaches = self.news.agenda.nearby.college, await work.people.coaches()
        grounds = await load_grounds(work, coaches, college, now)
        last = max(one.starts for one in booked)
        first, until = (one.astimezone(college.zone).date() for one in (now, last))
        held = await load_sessions(work, grounds, first, until)
        there = {slot.key: one for one in held for slot in slots(one)}
        known = {one.person.id: one for one in coaches}
        return {
            one.id: Where(one, place(session, known[session.hour.coach]), session.hour.link)
            for one in booked
            if (session := there.get(one.key))
        }

    async def tell(self, work: TurnWork, before: Rooms, now: datetime) -> int:
        """Tell who comes somewhere else than before; returns how many that are.

        Who was offered a seat reads it in the offer.
        """
        moved = [
            await elsewhere(work, one.booking)
            for which, one in (await self.rooms(work, now)).items()
            if which in before
            and (one.place, one.link) != (before[which].place, before[which].link)
        ]
        seated = [one for one in moved if one.state is State.BOOKED]
        for one in moved:
            if one not in seated:
                await self.news.follow(work, one, now)
        await self.news.moved(work, seated, now, "elsewhere")
        return len(seated)
