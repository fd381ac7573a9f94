"""From what was counted to the figures of each who reads them: sums, shares, medians."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.core.ids import LocationId, PersonId
from bot.summary.felt import by_fives, felt, hidden, mean
from bot.summary.figures import LEVELS, OUTCOMES, RINGS, ROLES, SOURCES
from bot.summary.measures import middle, share, slowest
from bot.summary.model import (
    NOWHERE,
    TOO_FEW,
    Audience,
    Background,
    Counted,
    Figures,
    Helper,
    Opened,
    Row,
    Said,
    Span,
    Value,
    Visits,
    Wait,
)
from bot.worktime.worktime import WorkTime

FEWEST_SENT = 10
"""Questions on both sides from which a shift of levels is told."""
OLD_DAYS = 2
"""Open days after which an open question is old."""
MOST_ROWS = 10
T = TypeVar("T")


@dataclass(frozen=True)
class _Week:
    """What the figures of a week follow from."""

    counted: Counted
    background: Background
    college: WorkTime
    span: Span
    said_of: Mapping[PersonId, Sequence[Said]]
    """Ratings by whose help they are of."""


@dataclass(frozen=True)
class _There:
    """What all who read of a location have in common; of everywhere together without one."""

    at: LocationId | None
    helpers: Sequence[Helper]
    values: Mapping[str, Value]
    mix: Mapping[str, Value]
    topics: tuple[Row, ...]


def figures(
    counted: Counted,
    background: Background,
    college: WorkTime,
    span: Span,
    audiences: Iterable[Audience],
) -> Mapping[Audience, Figures]:
    """Return the figures of a week for each audience.

    What several have in common is worked out once: all that happened at one location.
    """
    week = _Week(counted, background, college, span, _by(background.said, lambda one: one.coach))
    wanted = [*audiences]
    there = {place: _there(week, place) for place in {one.location for one in wanted}}
    return {one: _figures(week, there[one.location], one.coach) for one in wanted}


def _figures(week: _Week, there: _There, own: PersonId | None) -> Figures:
    counted, background, at = week.counted, week.background, there.at
    mine = [one for one in background.helpers if one.person == own] if own else there.helpers
    worked = _load(counted, mine) | _visits(counted, background, mine)
    return Figures(
        {**there.values, **worked, **there.mix},
        coaches=tuple(_coach(week, one) for one in mine),
        teams=() if own else _teams(background),
        locations=() if own or at is not None else _locations(counted, background),
        topics=there.topics,
        stale=background.stale,
        location=at,
    )


def _there(week: _Week, at: LocationId | None) -> _There:
    counted, background = week.counted, week.background
    counts = _at(counted.counts, at)
    values = _answers(counts) | {"stale": len(background.stale)}
    values |= _routing(counts) | _waits(counted, week.college, week.span, at)
    return _There(
        at,
        [one for one in background.helpers if at is None or one.location == at],
        values | felt(background, at),
        _mix(counts, background, at),
        _topics(_at(counted.topics, at)),
    )


def _by(said: Iterable[Said], whose: Callable[[Said], T | None]) -> Mapping[T, Sequence[Said]]:
    """Return ratings by whose they are, in their order."""
    found = defaultdict[T, list[Said]](list)
    for one in said:
        if (who := whose(one)) is not None:
            found[who].append(one)
    return found


def _at(counts: Mapping[LocationId, Counter[str]], at: LocationId | None) -> Counter[str]:
    """Return what was counted at one location, or everywhere together."""
    if at is not None:
        return counts.get(at, Counter())
    return sum(counts.values(), Counter())


def _answers(counts: Counter[str]) -> dict[str, Value]:
    values: dict[str, Value] = {name: counts[name] for name in OUTCOMES.values()}
    questions = sum(counts[name] for name in OUTCOMES.values())
    rated = counts["helped"] + counts["not_helped"]
    return {
        "messages": counts["heard"] + counts["small_talk"] + counts["commands"],
        "questions": questions,
        **{name: counts[name] for name in ("small_talk", "commands", "picked")},
        **values,
        "from_faq": share(counts["certain"] + counts["picked"], questions),
        "helped": counts["helped"],
        "not_helped": counts["not_helped"],
        "helped_share": share(counts["helped"], rated),
    }


def _routing(counts: Counter[str]) -> dict[str, Value]:
    sources = {f"routed_{one}": counts[f"routed_{one}"] for one in SOURCES}
    flows = ("urgent", "reopened", "closed", "withdrawn", "hand_overs")
    return {
        "routed": sum(sources.values()),
        **sources,
        **{name: counts[name] for name in flows},
        **{f"ring_{ring}": counts[f"ring_{ring}"] for ring in RINGS},
    }


def _waits(
    counted: Counted, college: WorkTime, span: Span, at: LocationId | None
) -> dict[str, Value]:
    claims = _minutes(counted.claims, college, at)
    answers = _minutes(counted.answers, college, at)
    return {
        "open_start": _many(counted.open_start, at),
        "open_end": _many(counted.open_end, at),
        "old": _many([one for one in counted.open_end if _is_old(one, college, span)], at),
        "claim_median": middle(claims),
        "claim_p90": slowest(claims),
        "answer_median": middle(answers),
        "answer_p90": slowest(answers),
    }


def _many(opened: Iterable[Opened], at: LocationId | None) -> int:
    return sum(at is None or one.location == at for one in opened)


def _is_old(one: Opened, college: WorkTime, span: Span) -> bool:
    late = college.days_after(one.since, OLD_DAYS)
    return late is not None and late <= span.end


def _minutes(waits: Sequence[Wait], college: WorkTime, at: LocationId | None) -> list[float]:
    return [
        college.minutes_between(one.since, one.until)
        for one in waits
        if at is None or one.location == at
    ]


def _load(counted: Counted, helpers: Sequence[Helper]) -> dict[str, Value]:
    got = sum(counted.got.get(one.person, 0) for one in helpers)
    fte = sum(one.fte for one in helpers)
    return {"got": got, "fte": fte, "load": share(got, fte)}


def _visits(
    counted: Counted, background: Background, helpers: Sequence[Helper]
) -> dict[str, Value]:
    people = [one.person for one in helpers]
    visits = sum((counted.visits.get(one, Visits()) for one in people), Visits())
    fte = sum(one.fte for one in helpers)
    return {
        "seats": sum(background.seats.get(one, 0) for one in people),
        "booked": visits.booked,
        "walked_in": visits.walked_in,
        "no_show": visits.no_show,
        "wait_median": middle(visits.waits),
        "visits_helped": visits.helped,
        "visits_per_fte": share(visits.helped, fte),
    }


def _mix(counts: Counter[str], background: Background, at: LocationId | None) -> dict[str, Value]:
    levels = {f"level_{one}": counts[f"level_{one}"] for one in LEVELS}
    roles = {f"role_{one}": counts[f"role_{one}"] for one in ROLES}
    return {**levels, **roles, "shift": _shift(background, at)}


def _shift(background: Background, at: LocationId | None) -> Value:
    """Return by how much the share of questions beyond the buttons grew since the start."""
    then, now = _at(background.first_levels, at), _at(background.last_levels, at)
    if min(then.total(), now.total()) < FEWEST_SENT:
        return None
    return _beyond(now) - _beyond(then)


def _beyond(levels: Counter[str]) -> float:
    return 1 - levels[LEVELS[0]] / levels.total()


def _coach(week: _Week, one: Helper) -> Row:
    theirs = week.said_of.get(one.person, ())
    values = _load(week.counted, [one]) | _visits(week.counted, week.background, [one])
    values.pop("wait_median")
    rated: dict[str, Value] = {"ratings": len(theirs), "felt": by_fives(theirs)}
    return Row(one.name, values | rated, one.person)


def _teams(background: Background) -> tuple[Row, ...]:
    said = _by(background.said, lambda one: one.team)
    return tuple(
        Row(name, {"ratings": len(said[team]), "felt": by_fives(said[team])}, team)
        for team, name in background.teams.items()
        if team in said
    )


def _locations(counted: Counted, background: Background) -> tuple[Row, ...]:
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
            "open_end": _many(counted.open_end, place),
            "ratings": len(theirs),
            "felt": TOO_FEW if place in few else mean(theirs),
        }
        if place != NOWHERE or any(values.values()):
            rows.append(Row(background.locations.get(place, ""), values, place))
    return tuple(rows)


def _topics(topics: Counter[str]) -> tuple[Row, ...]:
    ordered = sorted(topics.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Row(name, {"routed": many}) for name, many in ordered[:MOST_ROWS])
