"""A college of one teacher and more coaches than any has, all of whom are there to be asked."""

from bench.floor.guards import START
from bot.core.ids import PersonId
from bot.core.reply import Channel, Place, Sender
from bot.people import service as people
from bot.people.model import (
    ChannelName,
    CoachProfile,
    Listed,
    ListedUnits,
    NamedChannel,
    Organisation,
    Role,
    Scope,
)
from bot.store.work import Store

ASKER = 0
PRESSING = range(1, 101)
WATCHING = range(101, 111)
"""Have the card, and do not press."""
OFF = range(111, 121)
"""Work on another day: their card waits until then."""
COACHES = (*PRESSING, *WATCHING, *OFF)
COACHES_CHANNEL = Place(
    Channel.TEAMS, "19:coaches", personal=False, service="http://x/", tenant="t1", bot="28:bot"
)
_ANOTHER_DAY = {"do": "13:00-17:00"}
_UNITS = ListedUnits(("Kade",), ("Zorg",), {"Team 1": ("Zorg", "Kade")})


def name_of(who: int) -> str:
    """Return what somebody is called."""
    return f"Coach {who:03}" if who else "Docent"


def sender(who: int) -> Sender:
    """Return somebody as Teams knows them."""
    return Sender(Channel.TEAMS, f"29:{who}", name_of(who), f"{who}@x.example")


def place(who: int) -> Place:
    """Return somebody's own chat."""
    return Place(
        Channel.TEAMS, f"a:{who}", f"29:{who}", service="http://x/", tenant="t1", bot="28:bot"
    )


def _listed(who: int) -> Listed:
    pattern = _ANOTHER_DAY if who in OFF else {}
    profile = CoachProfile(fte=1.0, scope=Scope.INSTITUTION, pattern=pattern, max_open=50)
    return Listed(
        email=f"{who}@x.example",
        name=name_of(who),
        roles=(Role.COACH,) if who else (Role.TEACHER,),
        location="Kade",
        teams=("Team 1",),
        language="nl" if who % 10 else "en",
        coach=profile if who else None,
    )


async def gather_crowd(store: Store) -> None:
    """Import them all, let each have been met in Teams, and name the coaches' channel."""
    listed = Organisation(_UNITS, tuple(map(_listed, (ASKER, *COACHES))))
    async with store.begin() as work:
        await work.people.apply(await people.plan_import(work, listed))
        first = PersonId(0)
        for who in (ASKER, *COACHES):
            one = await work.people.register(sender(who), "nl")
            first = first or one.id
            await work.addresses.reach(Channel.TEAMS, sender(who).address, place(who))
        named = NamedChannel(ChannelName.COACHES, COACHES_CHANNEL, first, START)
        await work.addresses.name_channel(named)
