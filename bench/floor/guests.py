"""A college of one coach, who holds an hour of many slots, and of more teachers than fit in one."""

from datetime import date, time

from bench.floor.crowd import place, sender
from bot.core.ids import HourId
from bot.core.reply import Channel
from bot.people import service as people
from bot.people.model import CoachProfile, Listed, ListedUnits, Organisation, Role, Scope
from bot.store.work import Store
from bot.walkin.model import Hour

COACH = 0
GUESTS = range(1, 501)
SEATS = 6
DAY = date(2026, 1, 21)
"""A Wednesday, the day after the race."""
_UNITS = ListedUnits(("Kade",), ("Zorg",), {"Team 1": ("Zorg", "Kade")})


def _listed(who: int) -> Listed:
    coach = CoachProfile(fte=1.0, scope=Scope.INSTITUTION)
    return Listed(
        email=f"{who}@x.example",
        name=f"Docent {who:03}" if who else "Coach",
        roles=(Role.TEACHER,) if who else (Role.COACH,),
        location="Kade",
        teams=("Team 1",),
        coach=None if who else coach,
    )


async def gather_guests(store: Store) -> HourId:
    """Import them all, let each have been met in Teams, and make the hour; returns its id."""
    listed = Organisation(_UNITS, tuple(map(_listed, (COACH, *GUESTS))))
    async with store.begin() as work:
        await work.people.apply(await people.plan_import(work, listed))
        first = None
        for who in (COACH, *GUESTS):
            one = await work.people.register(sender(who), "nl")
            first = first or one
            await work.addresses.reach(Channel.TEAMS, sender(who).address, place(who))
        assert first  # noqa: S101 (there is a coach)
        hour = Hour(
            id=HourId(0),
            coach=first.id,
            weekday=DAY.weekday(),
            start=time(9),
            end=time(17),
            minutes=5,
            seats=SEATS,
            first=DAY,
            place="B2.04",
        )
        return (await work.walkin.add_hour(hour)).id
