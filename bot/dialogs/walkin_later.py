"""Hours outside the weeks that lists show: they begin later, or a holiday hides them."""

from collections.abc import Callable, Sequence

from bot.core.ids import PersonId
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import AHEAD, Filter, View, wanted
from bot.walkin.model import Change, Hour, Session
from bot.walkin.slots import FURTHEST, next_session


async def later_of(
    work: TurnWork, view: View, coach: PersonId, shown: Sequence[Session]
) -> list[Session]:
    """Return the first date of each hour of a coach that is not among those that are shown."""
    there = {one.hour.id for one in shown}
    hours, changes = await _known(
        work, view, lambda one: one.coach == coach and one.id not in there
    )
    grounds, since = view.frame.grounds, view.frame.today + AHEAD
    found = (next_session([one], changes, grounds, since) for one in hours)
    return sorted((one for one in found if one), key=lambda one: one.starts)


async def next_to_book(work: TurnWork, view: View, looked_for: Filter) -> Session | None:
    """Return the first date that somebody cannot book yet, of the hours that they look for."""
    hours, changes = await _known(work, view, lambda one: may_come(view, one))
    meant = [one for one in hours if wanted(view, one.coach, looked_for)]
    return next_session(meant, changes, view.frame.grounds, view.frame.today + AHEAD)


async def open_hours(work: TurnWork, view: View) -> list[Hour]:
    """Return the hours that somebody may come to, now or later."""
    return (await _known(work, view, lambda one: may_come(view, one)))[0]


def may_come(view: View, hour: Hour) -> bool:
    """Tell whether an hour is held by somebody who is there, and is open to this person."""
    return hour.coach in view.coaches and hour.coach != view.person and view.may(hour)


async def _known(
    work: TurnWork, view: View, meant: Callable[[Hour], bool]
) -> tuple[list[Hour], Sequence[Change]]:
    hours = await work.walkin.hours(view.frame.today)
    changes = await work.walkin.changes(view.frame.today - FURTHEST)
    return [one for one in hours if meant(one)], changes
