"""A coach changes a weekly hour: from a date on it goes on by another rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core import walkin_buttons as buttons
from bot.core.reply import Day, Reply, Say
from bot.dialogs import walkin_coach_cards as cards
from bot.dialogs import walkin_parts as parts
from bot.dialogs.turn import Turn
from bot.dialogs.walkin import WalkIn
from bot.dialogs.walkin_agenda import View
from bot.dialogs.walkin_hours import own_hour, said_clash
from bot.walkin import changed
from bot.walkin.hours import Form, form_of, hour_of, problems
from bot.walkin.model import Hour
from bot.walkin.outcomes import Ahead, Changed, Clash, Refused, Unsure
from bot.walkin.seats import Why
from bot.walkin.slots import first_session

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Changing:
    """The conversation about another rule for an hour. One date is moved in `walkin_dates`."""

    walkin: WalkIn

    async def form(self, turn: Turn, pressed: buttons.ChangeForm) -> Reply:
        """Show an hour as it is, to be changed from tomorrow on, or from when it begins.

        Who was asked whether they are sure finds what they typed.
        """
        view = await self._view(turn)
        hour = await own_hour(turn, pressed, view)
        if isinstance(hour, Refused):
            return parts.refused_holder(hour)
        if pressed.start:
            typed = Form(**pressed.model_dump(exclude={"hour"}))
            return cards.change_form(hour.id, typed)
        first = max(view.frame.today + DAY, hour.first)
        return cards.change_form(hour.id, form_of(hour, first))

    async def change(self, turn: Turn, pressed: buttons.ChangeHour) -> Reply:
        """Let it go on so; when somebody would lose a seat it is asked first."""
        view = await self._view(turn)
        old = await own_hour(turn, pressed, view)
        if isinstance(old, Refused):
            return parts.refused_holder(old)
        form = Form(**pressed.model_dump(exclude={"hour", "sure"}))
        tomorrow = view.frame.today + DAY
        form = form if form.first.strip() else replace(form, first=tomorrow.isoformat())
        wrong = list(_wrong(form, old, view.frame.today))
        if wrong:
            return cards.change_form(old.id, form, wrong)
        new = hour_of(form, turn.me, view.frame.today, once=False)
        outcome = await changed.change_hour(turn.work, old.id, new, view.frame, sure=pressed.sure)
        match outcome:
            case Refused():
                return parts.refused_holder(outcome)
            case Clash() | Ahead():
                return cards.change_form(old.id, form, [_in_the_way(outcome)])
            case Unsure(lost=count):
                return cards.sure(pressed, new, count)
            case Changed():
                return await self._changed(turn, view, old, outcome)

    async def _changed(self, turn: Turn, view: View, old: Hour, outcome: Changed) -> Reply:
        """Tell who lost their seat; who keeps it hears of it only when it is somewhere else."""
        news, hour, over = self.walkin.news, outcome.hour, outcome.lost
        await news.emptied(turn.work, over, turn.now, Why.CHANGED)
        if (hour.place, hour.link) != (old.place, old.link):
            await news.moved(turn.work, outcome.kept, turn.now, "elsewhere")
        else:
            for booking in outcome.kept:
                await news.follow(turn.work, booking, turn.now)
            await news.lists(turn.work, outcome.kept, turn.now)
        first = first_session(hour, await turn.work.walkin.changes(hour.first), view.frame.grounds)
        lost = len(over.bookings) + len(over.waiting)
        return cards.changed(view, hour, first, len(outcome.kept), lost)

    async def _view(self, turn: Turn) -> View:
        return await self.walkin.agenda.view(turn.work, turn.person, turn.now)


def _wrong(form: Form, old: Hour, today: date) -> Iterator[Say]:
    found = [Say(f"walkin.wrong.{one}") for one in problems(form, today, once=False)]
    yield from found
    if found:
        return
    new = hour_of(form, old.coach, today, once=False)
    if new.first <= today:
        yield Say("walkin.change.too_soon")
    elif replace(new, id=old.id, first=old.first) == old:
        yield Say("walkin.change.nothing")


def _in_the_way(found: Clash | Ahead) -> Say:
    """Say which other date an hour cannot go on by this rule for."""
    if isinstance(found, Clash):
        return said_clash(found)
    return Say("walkin.change.ahead", {"day": Day(found.day), "to": Day(found.to)})
