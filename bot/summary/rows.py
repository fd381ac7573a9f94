"""The lists of a summary, a row for each coach, team, location and topic; and what coaches did."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.core.ids import PersonId
from bot.summary.counts import many_open
from bot.summary.felt import by_fives, hidden, mean
from bot.summary.figures import OUTCOMES, SOURCES
from bot.summary.measures import middle, share
from bot.summary.model import NOWHERE, Background, Counted, Helper, Said, Visits
from bot.summary.report import TOO_FEW, Row, Value

MOST_ROWS = 10
T = TypeVar("T")


def load(counted: Counted, helpers: Sequence[Helper]) -> dict[str, Value]:
    """Return what coaches got together, and how that is for their hours."""
    got = sum(counted.got.get(one.person, 0) for one in helpers)
    fte = sum(one.fte for one in helpers)
    return {"got": got, "fte": fte, "load": share(got, fte)}


def visits(counted: Counted, background: Background, helpers: Sequence[Helper]) -> dict[str, Value]:
    """Return what came of the walk-in hours of coaches together."""
    people = [one.person for one in helpers]
    found = sum((counted.visits.get(one, Visits()) for one in people), Visits())
    fte = sum(one.fte for one in helpers)
    return {
        "seats": sum(background.seats.get(one, 0) for one in people),
        "booked": found.booked,
        "walked_in": found.walked_in,
        "no_show": found.no_show,
        "wait_median": middle(found.waits),
        "visits_helped": found.helped,
        "visits_per_fte": share(found.helped, fte),
    }


def coaches(counted: Counted, background: Background) -> Mapping[PersonId, Row]:
    """Return the row of each coach."""
    said = _by(background.said, lambda one: one.coach)
    return {
        one.person: _coach(counted, background, one, said.get(one.person, ()))
        for one in background.helpers
    }


def _coach(counted: Counted, background: Background, one: Helper, said: Sequence[Said]) -> Row:
    values = load(counted, [one]) | visits(counted, background, [one])
    values.pop("wait_median")
    rated: dict[str, Value] = {"ratings": len(said), "felt": by_fives(said)}
    return Row(one.name, values | rated, one.person)


def teams(background: Background) -> tuple[Row, ...]:
    """Return a row for each team of which somebody rated help."""
    said = _by(background.said, lambda one: one.team)
    return tuple(
        Row(name, {"ratings": len(said[team]), "felt": by_fives(said[team])}, team)
        for team, name in background.teams.items()
        if team in said
    )


def locations(counted: Counted, background: Background) -> tuple[Row, ...]:
    """Return the figures of each location: those that are counted add up to the total."""
    week = background.ratings
    few = hidden(week)
    there = {*background.locations, *counted.counts, *(one.location for one in counted.open_end)}
    rows = []
    for place in sorted(there | {one.location for one in week}):
        counts = counted.counts.get(place, Counter())
        theirs = [one for one in week if one.location == place]
        values: dict[str, Value] = {
            "questions": sum(counts[name] for name in OUTCOMES.values()),
            "routed": sum(counts[f"routed_{one}"] for one in SOURCES),
            "open_end": many_open(counted.open_end, place),
            "ratings": len(theirs),
            "felt": TOO_FEW if place in few else mean(theirs),
        }
        if place != NOWHERE or any(values.values()):
            rows.append(Row(background.locations.get(place, ""), values, place))
    return tuple(rows)


def topics(found: Counter[str]) -> tuple[Row, ...]:
    """Return the topics that were sent on most."""
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Row(name, {"routed": many}) for name, many in ordered[:MOST_ROWS])


def _by(said: Iterable[Said], whose: Callable[[Said], T | None]) -> Mapping[T, Sequence[Said]]:
    """Return ratings by whose they are, in their order."""
    found = defaultdict[T, list[Said]](list)
    for one in said:
        if (who := whose(one)) is not None:
            found[who].append(one)
    return found
