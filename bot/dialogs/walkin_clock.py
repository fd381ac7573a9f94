"""Lets time pass over walk-in hours: reminders, seats not confirmed, and hours that are off."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.ids import BookingId, HourId, TicketId
from bot.dialogs import walkin_ended
from bot.dialogs.ports import TurnWork
from bot.dialogs.safely import each, safely
from bot.dialogs.walkin_agenda import AHEAD
from bot.dialogs.walkin_grounds import load_grounds, load_sessions
from bot.dialogs.walkin_news import News
from bot.walkin import bookings, dates
from bot.walkin import service as walkin
from bot.walkin.frame import Frame
from bot.walkin.model import Hour, SlotKey
from bot.walkin.seats import State, Waiting, Why
from bot.walkin.slots import FURTHEST, slots

AT_ONCE = 50
"""Bookings that are looked at in one go when many are due."""
Begin = Callable[[], AbstractAsyncContextManager[TurnWork]]


@dataclass(frozen=True)
class WalkInClock:
    """Deals with what is due, what starts soonest first, each in a transaction of its own.

    One that goes wrong is left for the next time, and holds up no other.
    """

    begin: Begin
    news: News

    async def next_due(self, after: datetime) -> datetime | None:
        async with self.begin() as work:
            due = await work.walkin.next_due(after)
            if not await work.walkin.queued():
                return due
            ends = await walkin_ended.first_end(work, await self.frame(work, after))
            return min(filter(None, (due, ends)), default=None)

    async def run(self, now: datetime) -> int:
        """Deal with all that is due; returns how many bookings that was."""
        await self._seats(now)
        await self._over(now)
        done: set[BookingId] = set()
        while due := await self._due(now, done):
            for which in due:
                done.add(which)
                await safely(f"booking {which}", self._deal_with(which, now))
        return len(done)

    async def _seats(self, now: datetime) -> None:
        """Free the seats on which nobody will sit, and offer those to who waits."""
        await each(
            "hours that are off",
            self._called_off(now),
            lambda off: f"hour {off[0]}",
            lambda off: self._call_off(*off, now),
        )
        await each(
            "seats of who left",
            self._left(now),
            lambda which: f"booking {which}",
            lambda which: self._free(which, Why.LEFT, now),
        )
        await each(
            "free seats",
            self._fillable(now),
            lambda key: f"hour {key.hour}",
            lambda key: self._fill(key, now),
        )

    async def _over(self, now: datetime) -> None:
        """Tell who waits for what does not come any more."""
        await each(
            "lines that are over",
            self._unseated(now),
            lambda waits: f"hour {waits.key.hour}",
            lambda waits: self._close_line(waits, now),
        )
        await each(
            "numbers that are over",
            self._numbers_over(now),
            lambda number: f"number {number}",
            lambda number: self._close_number(number, now),
        )

    async def _due(self, now: datetime, done: Collection[BookingId]) -> list[BookingId]:
        async with self.begin() as work:
            found = await work.walkin.due(now, AT_ONCE + len(done))
        return [one for one in found if one not in done]

    async def _deal_with(self, which: BookingId, now: datetime) -> None:
        async with self.begin() as work:
            known = await work.walkin.booking(which)
            if known and known.state is State.OFFERED:
                freed = await walkin.free(work, which, Why.EXPIRED, await self.frame(work, now))
                if freed:
                    await self.news.freed(work, freed, now)
                return
            reminded = await bookings.remind(work, which, await self.frame(work, now))
            if reminded:
                await self.news.remind(work, *reminded, now)

    async def _free(self, which: BookingId, why: Why, now: datetime) -> None:
        async with self.begin() as work:
            freed = await walkin.free(work, which, why, await self.frame(work, now))
            if freed:
                await self.news.freed(work, freed, now)

    async def _call_off(self, hour: HourId, day: date, why: Why, now: datetime) -> None:
        async with self.begin() as work:
            frame = await self.frame(work, now)
            emptied = await dates.call_off(work, hour, day, why, frame)
            await self.news.emptied(work, emptied, now)
            await self.news.called_off(work, hour, emptied, now)

    async def _left(self, now: datetime) -> Sequence[BookingId]:
        """Return the seats of people who are gone."""
        async with self.begin() as work:
            return await work.walkin.of_gone(now)

    async def _fill(self, key: SlotKey, now: datetime) -> None:
        async with self.begin() as work:
            offered = await walkin.fill(work, key, await self.frame(work, now))
            await self.news.promoted(work, offered, now)

    async def _unseated(self, now: datetime) -> Sequence[Waiting]:
        async with self.begin() as work:
            return await work.walkin.unseated(now)

    async def _close_line(self, waits: Waiting, now: datetime) -> None:
        async with self.begin() as work:
            frame = await self.frame(work, now)
            await walkin_ended.close_line(work, self.news, waits, frame)

    async def _numbers_over(self, now: datetime) -> list[TicketId]:
        async with self.begin() as work:
            if not await work.walkin.queued():
                return []
            return await walkin_ended.over(work, await self.frame(work, now))

    async def _close_number(self, which: TicketId, now: datetime) -> None:
        async with self.begin() as work:
            frame = await self.frame(work, now)
            await walkin_ended.close_number(work, self.news, which, frame)

    async def _fillable(self, now: datetime) -> list[SlotKey]:
        """Return the slots for which somebody waits although there is a seat."""
        async with self.begin() as work:
            counts = await work.walkin.counts(now, now + AHEAD + FURTHEST)
            waiting = {key: one for key, one in counts.items() if one.waiting}
            seats = {one.id: one.seats for one in await self._hours(work, waiting, now)}
        return [key for key, one in waiting.items() if one.taken < seats.get(key.hour, 0)]

    async def _hours(
        self, work: TurnWork, waiting: Collection[SlotKey], now: datetime
    ) -> Sequence[Hour]:
        # A date that was moved can be still to come when its hour is over.
        since = now.astimezone(self.news.agenda.zone).date() - FURTHEST
        return await work.walkin.hours(since) if waiting else ()

    async def _called_off(self, now: datetime) -> list[tuple[HourId, date, Why]]:
        """Return the dates that people come for and that are off or end sooner, and why."""
        async with self.begin() as work:
            booked = await work.walkin.open_after(now)
            if not booked:
                return []
            frame = await self.frame(work, now)
            zone = frame.grounds.zone
            last = max(one.starts for one in booked).astimezone(zone).date()
            held = await load_sessions(work, frame.grounds, frame.today, last)
            there = {slot.key for one in held for slot in slots(one)}
            off = dict.fromkeys(
                (one.key.hour, one.key.day) for one in booked if one.key not in there
            )
            return [(*one, await self._why(work, one[0])) for one in off]

    async def _why(self, work: TurnWork, which: HourId) -> Why:
        hour = await work.walkin.hour(which)
        there = await work.people.coach(hour.coach) if hour else None
        return Why.CLOSED if there else Why.COACH_LEFT

    async def frame(self, work: TurnWork, now: datetime) -> Frame:
        """Return what use cases are decided in now."""
        agenda = self.news.agenda
        coaches = await work.people.coaches()
        grounds = await load_grounds(work, coaches, agenda.nearby.college, now)
        return Frame(grounds, agenda.terms, now)
