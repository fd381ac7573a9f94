"""Brings in the people and the walk-in hours of a college's files."""

from datetime import date, datetime
from pathlib import Path

from bot.core.ids import HourId, PersonId
from bot.dialogs.nearby import Nearby
from bot.dialogs.walkin_agenda import Agenda
from bot.dialogs.walkin_news import News
from bot.dialogs.walkin_rooms import RoomNews
from bot.people.college_file import read_college
from bot.people.model import ImportPlan, ListedHour
from bot.settings import Settings
from bot.setup import setup_of
from bot.store.work import Work
from bot.walkin import dates
from bot.walkin.model import Hour, OpenTo, Origin
from bot.walkin.outcomes import TakenOver


async def bring_in(
    work: Work, settings: Settings, folder: Path, plan: ImportPlan, now: datetime
) -> tuple[TakenOver, int]:
    """Store what a folder says of people and of walk-in hours; who comes elsewhere now is told.

    Returns what changed of the hours, and how many are told.
    """
    rooms = _room_news(settings, folder)
    before = await rooms.rooms(work, now)
    if not plan.empty:
        await work.people.apply(plan)
    hours = await _take_over(work, folder, now.astimezone(settings.zone))
    return hours, await rooms.tell(work, before, now)


async def _take_over(work: Work, folder: Path, now: datetime) -> TakenOver:
    """Store the hours that the folder's college.yaml lists, and return what changed.

    `now` is local.
    """
    listed = read_college(folder / "college.yaml").walkins()
    coaches = {one.person.email: one.person.id for one in await work.people.coaches()}
    hours = [
        _hour(coaches[email], one, now.date())
        for email, theirs in listed.items()
        if email in coaches
        for one in theirs
    ]
    return await dates.take_over(work, hours, now)


def _room_news(settings: Settings, folder: Path) -> RoomNews:
    """Return what tells who comes to an hour that an import moved to another room."""
    setup = setup_of(settings, read_college(folder / "college.yaml"), secrecy=None)
    nearby = Nearby(setup.college, setup.weights)
    return RoomNews(News(Agenda(nearby, setup.walkin, setup.links)))


def _hour(coach: PersonId, one: ListedHour, today: date) -> Hour:
    return Hour(
        id=HourId(0),
        coach=coach,
        weekday=one.weekday,
        start=one.start,
        end=one.end,
        minutes=one.minutes,
        seats=one.seats,
        first=one.first or today,
        last=one.last,
        place=one.place,
        link=one.link,
        open_to=OpenTo(one.open_to),
        origin=Origin.FILE,
    )
