"""The coach's side of walk-in hours: set one up, see who comes, cancel, move or end dates."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core import walkin_buttons as buttons
from bot.core.plural import plural
from bot.core.reply import Button, Day, Reply, Say, Value
from bot.dialogs import walkin_coach_cards as cards
from bot.dialogs import walkin_guest_cards as guest_cards
from bot.dialogs import walkin_parts as parts
from bot.dialogs.helping import is_coach
from bot.dialogs.question import refused as no_coach
from bot.dialogs.turn import Turn
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import View, names_of
from bot.dialogs.walkin_later import later_of
from bot.dialogs.walkin_line import line_moved
from bot.routing.model import Refusal as NoCoach
from bot.routing.model import Refused as Barred
from bot.walkin import dates
from bot.walkin.changed import goes_on_as
from bot.walkin.hours import Form, hour_of, problems, read_date, read_time
from bot.walkin.model import Change, Hour, Origin, Session
from bot.walkin.outcomes import Clash, Refusal, Refused
from bot.walkin.seats import Why
from bot.walkin.service import session as session_of
from bot.walkin.slots import FURTHEST, ends_at, first_session, slots


@dataclass(frozen=True)
class Hours:
    """The conversations of who holds the hours."""

    walkin: WalkIn

    async def mine(self, turn: Turn) -> Reply:
        """Show a coach their dates; and everybody what they booked."""
        own = await self.walkin.mine(turn)
        show = Button(Say("calendar.open"), buttons.ShowCalendar().encode())
        calendar = (show,) if self.walkin.agenda.links else ()
        if not is_coach(turn):
            key = "walkin.mine.title" if own else "walkin.mine.none"
            find = Button(Say("walkin.waiting.other"), buttons.ShowWalkIns().encode())
            title = Say(key, style="title")
            return Reply("walkin.mine", (title,), (*own, find, *calendar), personal=True)
        view = await self._view(turn)
        found = await self.walkin.agenda.sessions(turn.work, view)
        theirs = [one for one in found if one.hour.coach == turn.me]
        later = await later_of(turn.work, view, turn.me, theirs)
        rows = [
            (one, len(await turn.work.walkin.bookings(one.hour.id, one.day)), _seats(one))
            for one in (*theirs[: cards.MOST], *later[: cards.MOST])
        ]
        card = cards.hours(view, rows, own, soon=bool(theirs))
        return replace(card, buttons=(*card.buttons, *calendar))

    async def form(self, turn: Turn, pressed: buttons.HourForm) -> Reply:
        """Show the form for an hour, with the coach's own room."""
        coach = await turn.work.people.coach(turn.me)
        if not is_coach(turn) or coach is None:
            return no_coach(Barred(NoCoach.NO_COACH))
        return cards.hour_form(Form(place=coach.profile.room), once=pressed.once)

    async def make(self, turn: Turn, pressed: buttons.MakeHour) -> Reply:
        """Store an hour; what is wrong, and what it clashes with, stands above what was typed."""
        if not is_coach(turn):
            return no_coach(Barred(NoCoach.NO_COACH))
        view, once = await self._view(turn), pressed.once
        form = Form(**pressed.model_dump(exclude={"once"}))
        wrong = [Say(f"walkin.wrong.{one}") for one in problems(form, view.frame.today, once=once)]
        if wrong:
            return replace(cards.hour_form(form, once=once, wrong=wrong), replaces=True)
        hour = hour_of(form, turn.me, view.frame.today, once=once)
        if once and view.frame.grounds.off(turn.me, hour.first):
            wrong = [Say("walkin.wrong.closed", {"day": Day(hour.first)})]
            return replace(cards.hour_form(form, once=once, wrong=wrong), replaces=True)
        outcome = await dates.add_hour(turn.work, hour, view.frame)
        if isinstance(outcome, Clash):
            clash = [said_clash(outcome)]
            return replace(cards.hour_form(form, once=once, wrong=clash), replaces=True)
        added = outcome.hour
        first = first_session(added, (), view.frame.grounds)
        return cards.added(view, added, first)

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

    async def end(self, turn: Turn, pressed: buttons.EndHour) -> Reply:
        """End a weekly hour now; when somebody comes later it is asked first."""
        view = await self._view(turn)
        hour = await own_hour(turn, pressed, view)
        if isinstance(hour, Refused):
            return parts.refused(hour)
        later = await dates.would_be_over(turn.work, hour, view.frame)
        data: dict[str, Value] = {"count": len(later)}
        if later and not pressed.sure:
            sure = Button(
                Say("walkin.session.end_sure"), buttons.EndHour(hour=hour.id, sure=True).encode()
            )
            back = Button(Say("question.back"), buttons.MyWalkIns().encode())
            said = Say(plural("walkin.session.end_question", len(later)), data, "title")
            return Reply(cards.SESSION, (said,), (sure, back), personal=True, replaces=True)
        emptied = await dates.end_hour(turn.work, hour, Why.BY_COACH, view.frame)
        await self.walkin.news.emptied(turn.work, emptied, turn.now)
        later_one = await goes_on_as(turn.work, hour)
        return cards.ended(len(emptied.bookings), later_one)

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
        """Return a date of the coach's own; a reply says why not."""
        one = await session_of(turn.work, pressed.hour, pressed.day, view.frame)
        if one is None:
            return parts.refused(Refused(Refusal.GONE))
        if one.hour.coach != turn.me:
            return parts.refused(Refused(Refusal.NOT_YOURS))
        return one

    async def _coming(self, turn: Turn, view: View, pressed: buttons.OnDate) -> Session | Reply:
        """Return one that has not begun: who was there is told nothing more of it."""
        one = await self._own(turn, view, pressed)
        begun = isinstance(one, Session) and one.starts <= view.now
        return parts.refused(Refused(Refusal.TOO_LATE)) if begun else one


async def own_hour(turn: Turn, pressed: buttons.OnHour, view: View) -> Hour | Refused:
    """Return an hour that the coach may change in chat, or why they may not."""
    hour = await turn.work.walkin.hour(pressed.hour)
    if hour is None or hour.coach != turn.me:
        return Refused(Refusal.NOT_YOURS if hour else Refusal.GONE)
    if hour.last and hour.last < view.frame.today:
        return Refused(Refusal.GONE)
    # The next import would bring it back.
    return Refused(Refusal.IN_FILE) if hour.origin is Origin.FILE else hour


def _seats(one: Session) -> int:
    return len(slots(one)) * one.hour.seats


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


def said_clash(found: Clash) -> Say:
    """Say which other hour is then."""
    hour = found.hour
    data: dict[str, Value] = {
        "day": Day(found.on),
        "start": f"{hour.start:%H:%M}",
        "end": f"{hour.end:%H:%M}",
    }
    return Say("walkin.wrong.clash", data)


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
