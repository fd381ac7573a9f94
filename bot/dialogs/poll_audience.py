"""Who can be asked in a poll: the people of the college, in the terms of polls."""

from collections.abc import Collection, Mapping

from bot.core.ids import LocationId, SectorId, TeamId
from bot.dialogs.ports import TurnWork
from bot.people.model import Person, Role, Team, Units
from bot.polls.model import Audience, Breakdown, Candidate


async def load_candidates(work: TurnWork, audience: Audience) -> list[Candidate]:
    """Return the active people with one of the roles of an audience."""
    roles = [one for one in Role if one.value in audience.roles]
    people = await work.people.with_role(*roles) if roles else []
    return candidates_of(people, await work.people.units())


def candidates_of(people: Collection[Person], units: Units) -> list[Candidate]:
    """Return people with where they belong, by id and by name."""
    teams = {one.id: one for one in units.teams}
    sectors = {one.id: one.name for one in units.sectors}
    places = {one.id: one.name for one in units.locations}
    return [_candidate(one, teams, sectors, places) for one in people]


def _candidate(
    one: Person,
    teams: Mapping[TeamId, Team],
    sectors: Mapping[SectorId, str],
    places: Mapping[LocationId, str],
) -> Candidate:
    own = [teams[team] for team in one.teams if team in teams]
    first = own[0] if own else None
    return Candidate(
        one.id,
        frozenset(role.value for role in one.roles),
        one.location,
        frozenset(team.sector for team in own),
        frozenset(team.id for team in own),
        {
            Breakdown.LOCATION: places.get(one.location, "") if one.location else "",
            Breakdown.SECTOR: sectors.get(first.sector, "") if first else "",
            Breakdown.TEAM: first.name if first else "",
        },
    )
