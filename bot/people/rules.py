"""Decisions about people: what an import changes, and whose coach someone is."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.ids import SectorId
from bot.people.model import (
    Coach,
    ImportPlan,
    Listed,
    ListedUnits,
    Organisation,
    Person,
    Scope,
    Source,
    StoredPerson,
    Units,
)

LARGE_SHARE = 0.05
"""An import that deactivates a larger share at once asks for `--yes`."""


def plan_import(
    file: Organisation, stored: Sequence[StoredPerson], units: ListedUnits
) -> ImportPlan:
    """Compare the files with what is stored.

    Deactivates only those whom an import brought and who are no longer listed; who registered
    themselves stays, and becomes imported once a file lists them.
    """
    known = {person.listed.email: person for person in stored}
    listed = {person.email for person in file.people}
    ids = {person.entra_id for person in file.people}
    kept = [
        (_as_known(person, known[person.email].listed, ids), known[person.email])
        for person in file.people
        if person.email in known
    ]
    imported = [one for one in stored if one.source is Source.IMPORT and one.active]
    return ImportPlan(
        units=file.units,
        new_units=_new_units(file.units, units),
        new=tuple(person for person in file.people if person.email not in known),
        changed=tuple(person for person, old in kept if _differs(person, old)),
        gone=tuple(sorted(one.listed.email for one in imported if one.listed.email not in listed)),
        imported=len(imported),
    )


def _as_known(person: Listed, old: Listed, listed_ids: Collection[str]) -> Listed:
    # The language is the person's own choice once they are known: an import never takes it back.
    # Nor does a file without Entra ids, a column that may be left out, erase those that are known,
    # unless it gives the id to someone else.
    own_id = "" if old.entra_id in listed_ids else old.entra_id
    return replace(person, language=old.language, entra_id=person.entra_id or own_id)


def _differs(person: Listed, old: StoredPerson) -> bool:
    return (old.source, old.active, old.listed) != (Source.IMPORT, True, person)


def _new_units(file: ListedUnits, stored: ListedUnits) -> tuple[str, ...]:
    return (
        *(name for name in file.locations if name not in stored.locations),
        *(name for name in file.sectors if name not in stored.sectors),
        *(name for name, place in file.teams.items() if stored.teams.get(name) != place),
    )


def needs_consent(plan: ImportPlan) -> bool:
    """Tell whether the plan deactivates more than 5 % of those whom imports brought."""
    return len(plan.gone) > LARGE_SHARE * plan.imported


def own_coaches(person: Person, coaches: Sequence[Coach], units: Units) -> list[Coach]:
    """Return the coaches nearest to `person`, best first; all of them, so that nobody has none.

    Same team, then the coach of the same sector, of the same location, then the others. The input
    order does not matter: names break ties.
    """
    sector_of = {team.id: team.sector for team in units.teams}
    own_sectors = {sector_of[team] for team in person.teams if team in sector_of}

    def distance(coach: Coach) -> tuple[int, bool, str, int]:
        other = coach.person
        sectors: set[SectorId] = {sector_of[team] for team in other.teams if team in sector_of}
        same_place = other.location is not None and other.location == person.location
        near = [
            bool(set(other.teams) & set(person.teams)),
            coach.profile.scope is not Scope.TEAM and bool(sectors & own_sectors),
            coach.profile.scope in (Scope.LOCATION, Scope.INSTITUTION) and same_place,
            coach.profile.scope is Scope.INSTITUTION,
        ]
        rank = near.index(True) if True in near else len(near)
        return rank, not same_place, other.name, other.id

    others = (coach for coach in coaches if coach.person.id != person.id and coach.person.active)
    return sorted(others, key=distance)
