"""Use cases about people. Each runs inside the caller's unit of work."""

from bot.core.ids import LocationId, TeamId
from bot.core.reply import Language, Place, Sender
from bot.core.turn import Known
from bot.people import rules
from bot.people.model import ImportPlan, Met, Organisation, Person, Source
from bot.people.ports import PeopleWork


async def known(work: PeopleWork, sender: Sender) -> Known:
    """Return how well who speaks is known; changes nothing."""
    met = await work.addresses.met(sender.channel, sender.address)
    person = met.person if met else await work.people.by_identity(sender.entra_id, "")
    if person is None:
        return Known.NOT
    return Known.WELL if person.source is Source.IMPORT or person.email else Known.PARTLY


async def recognise(work: PeopleWork, sender: Sender, language: Language) -> Met:
    """Return who speaks: known by address, else by identity, else newly registered."""
    met = await work.addresses.met(sender.channel, sender.address)
    known = met is not None and met.person.source is Source.IMPORT
    return met if met and known else await _identified(work, sender, met, language)


async def arrive(work: PeopleWork, sender: Sender, met: Met, place: Place) -> bool:
    """Remember where someone can be reached from now on, if nobody reads along there.

    Returns whether that is news: what could not be told to them can be told now.
    """
    news = met.moved(place)
    if news:
        await work.addresses.reach(sender.channel, sender.address, place)
    return news


async def _identified(work: PeopleWork, sender: Sender, met: Met | None, language: Language) -> Met:
    listed = await work.people.by_identity(sender.entra_id, sender.email)
    if listed:
        # Perhaps they were taken for someone new before, when their identity could not be found.
        await work.people.link(listed.id, sender)
        return Met(listed)
    return met or Met(await work.people.register(sender, language))


async def settle(
    work: PeopleWork, person: Person, location: LocationId, team: TeamId
) -> Person | None:
    """Store where someone works; returns None when that place or team does not exist.

    Team 0 means that theirs is not in the list; location 0 the same.
    """
    units = await work.people.units()
    places = {place.id for place in units.locations}
    teams = {one.id for one in units.teams if one.location == location}
    if (location and location not in places) or (team and team not in teams):
        return None
    await work.people.settle(person.id, location or None, team or None)
    return await work.people.by_id(person.id)


async def plan_import(work: PeopleWork, organisation: Organisation) -> ImportPlan:
    """Return what importing the files would change; changes nothing."""
    return rules.plan_import(
        organisation, await work.people.stored_people(), await work.people.stored_units()
    )
