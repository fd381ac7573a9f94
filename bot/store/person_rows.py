"""How people stand in rows: read as what the features see, and written."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot.core.ids import LocationId, PersonId, TeamId
from bot.core.reply import Language, Sender
from bot.people.model import Coach, CoachProfile, Listed, Person, Role, Scope, Source
from bot.store.tables import PersonRow


def person_of(row: Any, teams: tuple[TeamId, ...]) -> Person:
    """Return a person of their row; `teams` stand in rows of their own."""
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email or "",
        language="en" if row.language == "en" else "nl",
        roles=frozenset(Role(role) for role in row.roles),
        source=Source(row.source),
        active=row.active,
        location=None if row.location is None else LocationId(row.location),
        teams=teams,
        settled=row.settled,
    )


def coaches_of(rows: Sequence[Any]) -> list[Coach]:
    """Return coaches of their rows: one a team, next to each other."""
    each = [list(own) for _, own in groupby(rows, attrgetter("id"))]
    return [
        Coach(
            person_of(own[0], tuple(TeamId(row.team) for row in own if row.team)),
            profile_of(own[0]),
            own[0].place_name or "",
        )
        for own in each
    ]


def profile_of(row: Any) -> CoachProfile:
    """Return what makes somebody a coach."""
    return CoachProfile(
        fte=row.fte,
        scope=Scope(row.scope),
        room=row.room,
        phone=row.phone,
        topics=tuple(row.topics),
        strengths=row.strengths,
        pattern=row.pattern,
        max_open=row.max_open,
    )


def new_row(sender: Sender, language: Language) -> PersonRow:
    """Return the row of who writes to us for the first time."""
    email = sender.email.lower()
    return PersonRow(
        name=sender.name,
        email=email or None,
        entra_id=sender.entra_id.lower() or None,
        roles=[Role.TEACHER],
        language=language,
        source=Source.SELF,
        findable=_findable(sender.name, email, [Role.TEACHER]),
    )


def listed_values(one: Listed, places: Mapping[str, int]) -> dict[str, Any]:
    """Return what a file says of somebody; `places` are ids of locations."""
    return {
        "name": one.name,
        "email": one.email,
        "entra_id": one.entra_id or None,
        "roles": list(one.roles),
        "source": Source.IMPORT,
        "active": True,
        "settled": bool(one.location or one.teams),
        "location": places[one.location] if one.location else None,
        "findable": _findable(one.name, one.email, one.roles),
    }


def memberships_of(person: int, teams: Iterable[int]) -> list[dict[str, Any]]:
    """Return the rows of somebody's teams, the primary one first."""
    return [{"person": person, "team": team, "place": place} for place, team in enumerate(teams)]


def _findable(name: str, email: str, roles: Iterable[str]) -> str:
    # The name stands first, so that this column gives the order of names as well.
    return "\n".join([name, email, *sorted(roles)]).casefold()
