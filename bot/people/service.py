"""Use cases about people. Each runs inside the caller's unit of work."""

from bot.core.ids import LocationId, TeamId
from bot.core.reply import Language, Sender
from bot.people import rules
from bot.people.model import Coach, ImportPlan, Organisation, Person, Source
from bot.people.ports import PeopleWork


async def recognise(work: PeopleWork, sender: Sender, language: Language) -> Person:
    """Return who speaks: known by address, else by identity, else newly registered."""
    known = await work.people.by_address(sender.channel, sender.address)
    if known and known.source is Source.IMPORT:
        return known
    listed = await work.people.by_identity(sender.entra_id, sender.email)
    if listed:
        # Perhaps they were taken for someone new before, when their identity could not be found.
        await work.people.link(listed.id, sender)
        return listed
    return known or await work.people.register(sender, language)


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


async def own_coaches(work: PeopleWork, person: Person) -> list[Coach]:
    """Return the coaches of the college, nearest first."""
    return rules.own_coaches(person, await work.people.coaches(), await work.people.units())


async def plan_import(work: PeopleWork, organisation: Organisation) -> ImportPlan:
    """Return what importing the files would change; changes nothing."""
    return rules.plan_import(
        organisation, await work.people.stored_people(), await work.people.stored_units()
    )
