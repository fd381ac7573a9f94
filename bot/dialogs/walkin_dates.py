"""One date of a walk-in hour, to the coach who holds it: who comes, and off or moved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core import walkin_buttons as buttons
from bot.core.plural import plural
from bot.core.reply import Button, Reply, Say, Value
from bot.dialogs import walkin_coach_cards as cards
from bot.dialogs import walkin_guest_cards as guest_cards
from bot.dialogs import walkin_parts as parts
from bot.dialogs.turn import Turn
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import View, names_of
from bot.dialogs.walkin_hours import said_clash
from bot.dialogs.walkin_line import line_moved
from bot.walkin import dates
from bot.walkin.changed import known_as
from bot.walkin.frame import session as session_of
from bot.walkin.hours import read_date, read_time
from bot.walkin.model import Change, Session, SlotKey
from bot.walkin.outcomes import Clash, Refusal, Refused
from bot.walkin.seats import Why
from bot.walkin.slots import FURTHEST, ends_at


@dataclass(frozen=True)
class Dates:
    """The conversations about one date."""

    walkin: WalkIn

    async def session(self, turn: Turn, pressed: buttons.ShowSession) -> Reply:
        """Show one date."""
        view = await self._view(turn)
        one = await self._own(turn, view, pressed)
        return one if isinstance(one, Reply) else await self.card(turn, view, one, pressed.page)

    async def card(self, turn: Turn, view: View, one: Session, page: int = buttons.NOW) -> Reply:
        """Return the card of one date."""
        bookings = await turn.work.walkin.bookings(one.hour.id, one.day)
        tickets = await turn.work.walkin.tickets(one.hour.id, one.day)
        people = [*(known.person for known in bookings), *(known.person for known in tickets)]
        names = await names_of(turn.work, people)
        return guest_cards.session(view, one, guest_cards.Visitors(bookings, tickets, names), page)

    async def cancel_date(self, turn: Turn, pressed: buttons.CancelDate) -> Reply:
        """Let a date not take place; when somebody comes it is asked first."""
        view = await self._view(turn)
        one = await self._coming(turn, view, pressed)
        if isinstance(one, Reply):
            return one
        come = await turn.work.walkin.bookings(one.hour.id, one.day)
        if come and not pressed.sure:
            return _sure(view, one, len(come))
        emptied = await dates.cancel_date(turn.work, one.hour.id, one.day, Why.BY_COACH, view.frame)
        await self.walkin.news.emptied(turn.work, emptied, turn.now)
        told = len(emptied.bookings) + len(emptied.waiting)
        when = parts.said_on(view, one.starts)
        key = plural("walkin.session.is_off", told, none=True)
        return _done(Say(key, {"when": when, "count": told}))

    async def move_form(self, turn: Turn, pressed: buttons.MoveDateForm) -> Reply:
        """Show to which days a date can go: those on which its coach is there."""
        view = await self._view(turn)
        one = await self._coming(turn, view, pressed)
        return one if isinstance(one, Reply) else cards.move_form(view, one, _days(view, one))

    async def move(self, turn: Turn, pressed: buttons.MoveDate) -> Reply:
        """Move a date; who comes keeps their seat and hears of it."""
        view = await self._view(turn)
        one = await self._coming(turn, view, pressed)
        if isinstance(one, Reply):
            return one
        change = _change(view, one, pressed)
        if isinstance(change, Say):
            return cards.move_form(view, one, _days(view, one), [change])
        before = await turn.work.walkin.bookings(one.hour.id, one.day)
        outcome = await dates.move_date(turn.work, change, view.frame)
        if isinstance(outcome, Clash):
            return cards.move_form(view, one, _days(view, one), [said_clash(outcome)])
        await self.walkin.news.moved(turn.work, outcome.bookings, turn.now)
        await line_moved(turn.work, self.walkin.agenda, outcome.waiting, turn.now)
        # The list of the day that it was on, which may be another one.
        await self.walkin.news.lists(turn.work, before, turn.now)
        there = await session_of(turn.work, one.hour.id, one.day, view.frame)
        return await self.card(turn, view, there or one)

    async def _view(self, turn: Turn) -> View:
        return await self.walkin.agenda.view(turn.work, turn.person, turn.now)

    async def _own(self, turn: Turn, view: View, pressed: buttons.OnDate) -> Session | Reply:
        """Return a date of the coach's own, also by the name that it had; a reply says why not."""
        first = SlotKey(pressed.hour, pressed.day, 0)
        known = await known_as(turn.work, first, view.frame)
        one = await session_of(turn.work, known.hour, known.day, view.frame)
        if one is None:
            return parts.refused_holder(Refused(Refusal.GONE))
        if one.hour.coach != turn.me:
            return parts.refused_holder(Refused(Refusal.NOT_YOURS))
        return one

    async def _coming(self, turn: Turn, view: View, pressed: buttons.OnDate) -> Session | Reply:
        """Return one that has not begun: who was there is told nothing more of it."""
        one = await self._own(turn, view, pressed)
        begun = isinstance(one, Session) and one.starts <= view.now
        return parts.refused_holder(Refused(Refusal.TOO_LATE)) if begun else one


def _days(view: View, one: Session) -> list[date]:
    """Return the days to which a date can go, its own among them."""
    on = one.starts.astimezone(view.zone).date()
    first = view.frame.today if on < view.frame.today + FURTHEST else on - FURTHEST / 2
    ahead = (first + timedelta(days=days) for days in range(FURTHEST.days))
    near = (day for day in ahead if abs(day - one.day) <= FURTHEST)
    return [day for day in near if not view.frame.grounds.off(one.hour.coach, day)]


def _change(view: View, one: Session, pressed: buttons.MoveDate) -> Change | Say:
    """Return how a date changes; or what is wrong with what was filled in."""
    start, to = read_time(pressed.start), read_date(pressed.to, view.frame.today)
    if start is None or ends_at(one.hour, start) is None:
        return Say("walkin.wrong.time")
    if to is None or to not in _days(view, one):
        return Say("walkin.wrong.dates")
    if datetime.combine(to, start, view.zone) <= view.now:
        return Say("walkin.wrong.past")
    return Change(one.hour.id, one.day, to, start, pressed.place.strip())


def _sure(view: View, one: Session, count: int) -> Reply:
    """Ask whether a date is off although somebody comes."""
    which = parts.date_of(one)
    data: dict[str, Value] = {"when": parts.said_when(view, one.starts), "count": count}
    sure = Button(Say("walkin.session.off_sure"), buttons.CancelDate(**which, sure=True).encode())
    back = Button(Say("question.back"), buttons.ShowSession(**which).encode())
    said = Say(plural("walkin.session.off_question", count), data, "title")
    return Reply(cards.SESSION, (said,), (sure, back), personal=True, replaces=True)


def _done(said: Say) -> Reply:
    show = Button(Say("walkin.hours.title"), buttons.MyWalkIns().encode())
    return Reply(cards.SESSION, (said,), (show,), personal=True, replaces=True)
