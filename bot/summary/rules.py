"""From what was counted to the figures of each who reads them: what they share, once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.ids import LocationId, PersonId
from bot.summary import counts, rows
from bot.summary.felt import felt
from bot.summary.model import Audience, Background, Counted, Helper
from bot.summary.report import Figures, Row, Value
from bot.summary.week import Span
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class _Week:
    """What the figures of a week follow from."""

    counted: Counted
    background: Background
    college: WorkTime
    span: Span
    coaches: Mapping[PersonId, Row]


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
    week = _Week(counted, background, college, span, rows.coaches(counted, background))
    wanted = [*audiences]
    there = {place: _there(week, place) for place in {one.location for one in wanted}}
    return {one: _figures(week, there[one.location], one.coach) for one in wanted}


def _figures(week: _Week, there: _There, own: PersonId | None) -> Figures:
    counted, background, at = week.counted, week.background, there.at
    mine = [one for one in background.helpers if one.person == own] if own else there.helpers
    worked = rows.load(counted, mine) | rows.visits(counted, background, mine)
    return Figures(
        {**there.values, **worked, **there.mix},
        coaches=tuple(week.coaches[one.person] for one in mine),
        teams=() if own else rows.teams(background),
        locations=() if own or at is not None else rows.locations(counted, background),
        topics=there.topics,
        stale=background.stale,
        location=at,
    )


def _there(week: _Week, at: LocationId | None) -> _There:
    counted, background = week.counted, week.background
    found = counts.at_location(counted.counts, at)
    values = counts.answers(found) | {"stale": len(background.stale)}
    values |= counts.routing(found) | counts.waits(counted, week.college, week.span, at)
    return _There(
        at,
        [one for one in background.helpers if at is None or one.location == at],
        values | felt(background, at),
        counts.mix(found, background, at),
        rows.topics(counts.at_location(counted.topics, at)),
    )
