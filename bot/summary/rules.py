"""From what was counted to the figures: sums, shares, medians, and what is not shown of few."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, median

from bot.core.ids import LocationId, PersonId
from bot.summary.figures import LEVELS, OUTCOMES, RINGS, ROLES, SOURCES
from bot.summary.model import (
    EVERYONE,
    NOWHERE,
    TOO_FEW,
    Audience,
    Background,
    Counted,
    Figures,
    Helper,
    Opened,
    Rating,
    Row,
    Span,
    Value,
    Visits,
    Wait,
)
from bot.worktime.worktime import WorkTime

FEWEST = 5
"""People behind a figure of how help felt; of fewer one could tell who said what."""
FEWEST_RANKED = 30
"""Ratings from which a correlation of ranks says anything."""
FEWEST_SENT = 10
"""Questions on both sides from which a shift of levels is told."""
OLD_DAYS = 2
"""Open days after which an open question is old."""
MOST_ROWS = 10


def figures(
    counted: Counted,
    background: Background,
    college: WorkTime,
    span: Span,
    audience: Audience = EVERYONE,
) -> Figures:
    """Return the figures of a week for an audience."""
    at, own = audience.location, audience.coach
    counts = _at(counted.counts, at)
    helpers = [one for one in background.helpers if at is None or one.location == at]
    mine = [one for one in background.helpers if one.person == own] if own else helpers
    values = _answers(counts) | {"stale": len(background.stale)}
    values |= _routing(counts) | _waits(counted, college, span, at)
    values |= _felt(background.ratings, span, at)
    values |= _load(counted, mine) | _visits(counted, background, mine)
    values |= _mix(counts, background, at)
    return Figures(
        values,
        coaches=tuple(_coach(counted, background, one) for one in mine),
        teams=() if own else _teams(background),
        locations=() if own or at is not None else _locations(counted, background, span),
        topics=_topics(_at(counted.topics, at)),
        stale=background.stale,
        location=at,
    )


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
        "open_start": _there(counted.open_start, at),
        "open_end": _there(counted.open_end, at),
        "old": _there([one for one in counted.open_end if _is_old(one, college, span)], at),
        "claim_median": middle(claims),
        "claim_p90": slowest(claims),
        "answer_median": middle(answers),
        "answer_p90": slowest(answers),
    }


def _there(opened: Iterable[Opened], at: LocationId | None) -> int:
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


def share(part: float, whole: float) -> Value:
    """Return a share, 0 to 1; None of nothing."""
    return part / whole if whole else None


def middle(found: Sequence[float]) -> Value:
    """Return the median; None of nothing."""
    return median(found) if found else None


def slowest(found: Sequence[float]) -> Value:
    """Return what nine of ten stay under or at, by the nearest rank; None of nothing."""
    return sorted(found)[math.ceil(0.9 * len(found)) - 1] if found else None


def _felt(
    ratings: Sequence[Rating],
    span: Span,
    at: LocationId | None,
) -> dict[str, Value]:
    """Return how near help felt in the week, and how that goes with what was worked out."""
    week = _in_week(ratings, span)
    if at is None:
        there, hidden = week, False
    else:
        there = [one for one in week if one.location == at]
        hidden = at in _hidden(week)
        ratings = [one for one in ratings if one.location == at]
    near = [(one.asker, one.computed) for one in there if one.computed is not None]
    pairs = [(one.felt, one.computed) for one in ratings if one.computed is not None]
    return {
        "ratings": len(there),
        "felt": TOO_FEW if hidden else _mean([(one.asker, one.felt) for one in there]),
        "computed": TOO_FEW if hidden else _mean(near),
        "rank": correlation(pairs),
    }


def _in_week(ratings: Sequence[Rating], span: Span) -> list[Rating]:
    return [one for one in ratings if span.start <= one.at < span.end]


def _mean(found: Sequence[tuple[PersonId, float]]) -> Value:
    """Return the mean of what people said; TOO_FEW of too few people, however often they did."""
    if not found:
        return None
    people = {who for who, _ in found}
    return fmean(value for _, value in found) if len(people) >= FEWEST else TOO_FEW


def _hidden(week: Sequence[Rating]) -> set[LocationId]:
    """Return the locations whose figure is not shown: those of too few people.

    What is hidden together follows from the figure of all. So the next smallest is hidden as
    well, until that is of enough people.
    """
    # Each person once: people have one location.
    many = Counter(place for _, place in {(one.asker, one.location) for one in week})
    hidden: set[LocationId] = set()
    people = 0
    for count, place in sorted((count, place) for place, count in many.items()):
        if count >= FEWEST and (not hidden or people >= FEWEST):
            break
        hidden.add(place)
        people += count
    return hidden


def by_fives(ratings: Sequence[Rating]) -> Value:
    """Return how near help felt, by whole fives of people: one more rating changes nothing.

    Ratings are as they were given, in that order: a five that is full stays as it is.

    Who rates more than once counts once in a five, by the last word in it. So no two summaries
    tell together what one person said.
    """
    if not ratings:
        return None
    fives: list[float] = []
    people: dict[PersonId, int] = {}
    for one in ratings:
        people[one.asker] = one.felt
        if len(people) == FEWEST:
            fives.append(fmean(people.values()))
            people = {}
    return fmean(fives) if fives else TOO_FEW


def correlation(pairs: Sequence[tuple[float, float]]) -> Value:
    """Return Spearman's rank correlation, -1 to 1, of ties with their mean rank.

    TOO_FEW of fewer than `FEWEST_RANKED`; None when one side is the same everywhere.
    """
    if len(pairs) < FEWEST_RANKED:
        return TOO_FEW if pairs else None
    first, second = ranks([one for one, _ in pairs]), ranks([one for _, one in pairs])
    mean = (len(pairs) + 1) / 2
    both = sum((one - mean) * (two - mean) for one, two in zip(first, second, strict=True))
    alone = [sum((one - mean) ** 2 for one in side) for side in (first, second)]
    return both / math.sqrt(alone[0] * alone[1]) if all(alone) else None


def ranks(found: Sequence[float]) -> list[float]:
    """Return the rank of each, from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(found)), key=found.__getitem__)
    result = [0.0] * len(found)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and found[order[end]] == found[order[start]]:
            end += 1
        for place in order[start:end]:
            result[place] = (start + 1 + end) / 2
        start = end
    return result


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


def _coach(counted: Counted, background: Background, one: Helper) -> Row:
    theirs = [rating for rating in background.said if rating.coach == one.person]
    values = _load(counted, [one]) | _visits(counted, background, [one])
    values.pop("wait_median")
    rated: dict[str, Value] = {"ratings": len(theirs), "felt": by_fives(theirs)}
    return Row(one.name, values | rated)


def _teams(background: Background) -> tuple[Row, ...]:
    found = []
    for team, name in background.teams.items():
        theirs = [one for one in background.said if one.team == team]
        if theirs:
            found.append(Row(name, {"ratings": len(theirs), "felt": by_fives(theirs)}))
    return tuple(found)


def _locations(counted: Counted, background: Background, span: Span) -> tuple[Row, ...]:
    """Return the figures of each location: those that are counted add up to the total."""
    week = _in_week(background.ratings, span)
    hidden = _hidden(week)
    there = {*background.locations, *counted.counts, *(one.location for one in counted.open_end)}
    rows = []
    for place in sorted(there | {one.location for one in week}):
        counts = counted.counts.get(place, Counter())
        theirs = [(one.asker, one.felt) for one in week if one.location == place]
        values: dict[str, Value] = {
            "questions": sum(counts[name] for name in OUTCOMES.values()),
            "routed": sum(counts[f"routed_{one}"] for one in SOURCES),
            "open_end": _there(counted.open_end, place),
            "ratings": len(theirs),
            "felt": TOO_FEW if place in hidden else _mean(theirs),
        }
        if place != NOWHERE or any(values.values()):
            rows.append(Row(background.locations.get(place, ""), values))
    return tuple(rows)


def _topics(topics: Counter[str]) -> tuple[Row, ...]:
    ordered = sorted(topics.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Row(name, {"routed": many}) for name, many in ordered[:MOST_ROWS])


_TODAYS = ("stale", "fte", "load", "visits_per_fte", "rank", "shift")
"""Figures that hang on more than their week: that they change is no correction of it."""
_FELT = ("ratings", "felt", "computed")
"""Figures that stay as they were sent: that they change would tell what one person said."""
_CLOSE = 1e-6


def changed(before: Figures, after: Figures) -> tuple[str, ...]:
    """Return the figures that are not the same any more, in order; of two places, none."""
    if before.location != after.location:
        return ()
    return tuple(
        name
        for name, value in after.values.items()
        if name not in (*_TODAYS, *_FELT) and not _same(before.values.get(name), value)
    )


def as_felt(sent: Figures, now: Figures) -> Figures:
    """Return the figures of now, with how help felt as it was sent."""
    return replace(
        now,
        values={**now.values, **{name: sent.values.get(name) for name in _FELT}},
        coaches=_as_felt(sent.coaches, now.coaches),
        teams=sent.teams,
        locations=_as_felt(sent.locations, now.locations),
    )


def _as_felt(sent: Iterable[Row], now: Iterable[Row]) -> tuple[Row, ...]:
    known = {one.name: one.values for one in sent}
    return tuple(
        replace(
            one,
            values={
                name: known.get(one.name, {}).get(name) if name in _FELT else value
                for name, value in one.values.items()
            },
        )
        for one in now
    )


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, abs_tol=_CLOSE)
    return one == other
