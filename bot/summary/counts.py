"""What was counted at one location, or everywhere together, as figures: sums, shares, medians."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.core.ids import LocationId
from bot.summary.figures import LEVELS, OUTCOMES, RINGS, ROLES, SOURCES
from bot.summary.measures import middle, share, slowest
from bot.summary.model import Background, Counted, Opened, Wait
from bot.summary.report import Value
from bot.summary.week import Span
from bot.worktime.worktime import WorkTime

FEWEST_SENT = 10
"""Questions on both sides from which a shift of levels is told."""
OLD_DAYS = 2
"""Open days after which an open question is old."""


def at_location(counts: Mapping[LocationId, Counter[str]], at: LocationId | None) -> Counter[str]:
    """Return what was counted at one location, or everywhere together."""
    if at is not None:
        return counts.get(at, Counter())
    return sum(counts.values(), Counter())


def answers(counts: Counter[str]) -> dict[str, Value]:
    """Return what came in, and what the FAQ had to say of it."""
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


def routing(counts: Counter[str]) -> dict[str, Value]:
    """Return what was sent to coaches, and what became of questions."""
    sources = {f"routed_{one}": counts[f"routed_{one}"] for one in SOURCES}
    flows = ("urgent", "reopened", "closed", "withdrawn", "hand_overs")
    return {
        "routed": sum(sources.values()),
        **sources,
        **{name: counts[name] for name in flows},
        **{f"ring_{ring}": counts[f"ring_{ring}"] for ring in RINGS},
    }


def waits(
    counted: Counted, college: WorkTime, span: Span, at: LocationId | None
) -> dict[str, Value]:
    """Return what is still open, and how long who asked waited."""
    claims = _minutes(counted.claims, college, at)
    answered = _minutes(counted.answers, college, at)
    return {
        "open_start": many_open(counted.open_start, at),
        "open_end": many_open(counted.open_end, at),
        "old": many_open([one for one in counted.open_end if _is_old(one, college, span)], at),
        "claim_median": middle(claims),
        "claim_p90": slowest(claims),
        "answer_median": middle(answered),
        "answer_p90": slowest(answered),
    }


def many_open(opened: Iterable[Opened], at: LocationId | None) -> int:
    """Return how many of these are of a location."""
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


def mix(counts: Counter[str], background: Background, at: LocationId | None) -> dict[str, Value]:
    """Return of which level and for which role questions were, and how that shifts."""
    levels = {f"level_{one}": counts[f"level_{one}"] for one in LEVELS}
    roles = {f"role_{one}": counts[f"role_{one}"] for one in ROLES}
    return {**levels, **roles, "shift": _shift(background, at)}


def _shift(background: Background, at: LocationId | None) -> Value:
    """Return by how much the share of questions beyond the buttons grew since the start."""
    then, now = at_location(background.first_levels, at), at_location(background.last_levels, at)
    if min(then.total(), now.total()) < FEWEST_SENT:
        return None
    return _beyond(now) - _beyond(then)


def _beyond(levels: Counter[str]) -> float:
    return 1 - levels[LEVELS[0]] / levels.total()
