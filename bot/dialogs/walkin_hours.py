"""The coach's side of walk-in hours: see them, set one up, and end one."""

from dataclasses import dataclass, replace

from bot.core import walkin_buttons as buttons
from bot.core.plural import plural
from bot.core.reply import Button, Day, Reply, Say, Value
from bot.dialogs import walkin_coach_cards as cards
from bot.dialogs import walkin_parts as parts
from bot.dialogs.helping import is_coach
from bot.dialogs.question import refused as no_coach
from bot.dialogs.turn import Turn
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import View
from bot.dialogs.walkin_later import later_of
from bot.routing.model import Refusal as NoCoach
from bot.routing.model import Refused as Barred
from bot.walkin import dates
from bot.walkin.changed import goes_on_as
from bot.walkin.hours import Form, hour_of, problems
from bot.walkin.model import Hour, Origin, Session
from bot.walkin.outcomes import Clash, Refusal, Refused
from bot.walkin.seats import Why
from bot.walkin.slots import first_session, slots


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

    async def end(self, turn: Turn, pressed: buttons.EndHour) -> Reply:
        """End a weekly hour now; when somebody comes later it is asked first."""
        view = await self._view(turn)
        hour = await own_hour(turn, pressed, view)
        if isinstance(hour, Refused):
            return parts.refused_holder(hour)
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

    async def _view(self, turn: Turn) -> View:
        return await self.walkin.agenda.view(turn.work, turn.person, turn.now)


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


def said_clash(found: Clash) -> Say:
    """Say which other hour is then."""
    hour = found.hour
    data: dict[str, Value] = {
        "day": Day(found.on),
        "start": f"{hour.start:%H:%M}",
        "end": f"{hour.end:%H:%M}",
    }
    return Say("walkin.wrong.clash", data)
