"""Decisions about people: what an import changes, and what counts in how near they are."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.ids import TeamId
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
from bot.proximity.model import Asker, Availability, Candidate, Serves, Workplace
from bot.worktime.worktime import WorkTime

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


def asker(person: Person, units: Units) -> Asker:
    """Return who asks, as ranking coaches knows them."""
    return Asker(person.id, workplace(person, units), person.language)


def candidate(coach: Coach, units: Units, college: WorkTime, now: datetime) -> Candidate:
    """Return a coach, as ranking knows them.

    Walk-in hours, open questions, how fast they claim and absences are unknown here.
    """
    profile, works = coach.profile, workplace(coach.person, units)
    return Candidate(
        person=coach.person.id,
        works=works,
        serves=_serves(profile.scope, works),
        available=availability(coach, college, now),
        topics=frozenset(profile.topics),
        strengths=profile.strengths,
        language=coach.person.language,
    )


def availability(coach: Coach, college: WorkTime, now: datetime) -> Availability:
    """Return whether a coach works now, until when, and else when again."""
    profile = coach.profile
    hours = college.of(profile.pattern, coach.location)
    until = hours.until(now) if hours.is_open(now) else None
    back = None if until else hours.next_open(now)
    return Availability(
        until=until and until.astimezone(college.zone),
        back=back and back.astimezone(college.zone),
        max_open=profile.max_open,
        fte=profile.fte,
    )


def workplace(person: Person, units: Units) -> Workplace:
    """Return where someone works; who gave no location works where their first team does."""
    teams = [units.by_team[team] for team in person.teams if team in units.by_team]
    location = person.location or next((team.location for team in teams), None)
    return Workplace(location, frozenset(person.teams), frozenset(team.sector for team in teams))


def _serves(scope: Scope, works: Workplace) -> Serves:
    everyone = scope is Scope.INSTITUTION
    return Serves(
        sectors=frozenset() if scope is Scope.TEAM else works.sectors,
        location=works.location if everyone or scope is Scope.LOCATION else None,
        everyone=everyone,
    )


def settled_teams(teams: Sequence[TeamId], team: TeamId | None) -> list[TeamId]:
    """Return someone's teams once `team` is their primary one; None leaves them without any.

    A team that is theirs already comes first; a new one comes in the place of the primary one.
    """
    if team is None:
        return []
    others = teams if team in teams else teams[1:]
    return [team, *(other for other in others if other != team)]
