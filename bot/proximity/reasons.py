"""Why a coach is near or passed over, as clauses that follow on a name."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil

from bot.core.moments import WEEK
from bot.core.reply import Day, Language, Say, Value, Weekdays
from bot.proximity import score
from bot.proximity.model import Asker, Availability, Candidate, Part, Weights

DAYS_BY_NAME = 7
FEW = 2
QUICK, STEP = 120, 5
"""A usual claim time is named up to so many minutes, and in steps of so many."""
STRONG = 0.75
"""From a strength of 4 on it is worth a word."""
COMMON: Language = "nl"
"""That someone here speaks it needs no word."""
_ORGANISATION = {
    score.SAME_TEAM: "near.same_team",
    score.SAME_SECTOR: "near.same_sector",
    score.SAME_COLLEGE: "near.same_college",
}
"""Who works for the asker's location: their place says so already."""


def reasons(
    asker: Asker, coach: Candidate, found: Mapping[Part, float], weights: Weights, now: datetime
) -> tuple[Say, ...]:
    """Return the reasons for a score, what adds most to it first; a part that weighs 0 has none."""
    said = [
        (weight * found[part], why)
        for part, why in _said(asker, coach, found, now)
        if (weight := weights.adds[part])
    ]
    return tuple(why for _, why in sorted(said, key=lambda one: -one[0]))


def passed_over(asker: Asker, coach: Candidate) -> Say | None:
    """Return why a coach cannot be asked; None when they can."""
    available = coach.available
    if coach.person == asker.person:
        return Say("near.passed.asker")
    if available.absence:
        last = available.absence.last
        if last is None:
            return Say("near.passed.absent")
        return Say("near.passed.absent_to", {"day": Day(last)})
    if not available.reached:
        return Say("near.passed.unreached")
    if available.open is not None and available.open >= available.max_open:
        return Say("near.passed.full", {"count": available.open})
    return None


def back(available: Availability, now: datetime) -> Say:
    """Return when a coach who does not work now does so again."""
    again = available.back
    if again is None:
        return Say("near.off")
    data: dict[str, Value] = {"time": f"{again:%H:%M}"}
    match (again.date() - now.astimezone(again.tzinfo).date()).days:
        case 0:
            return Say("near.back_today", data)
        case 1:
            return Say("near.back_tomorrow", data)
        case ahead if ahead < DAYS_BY_NAME:
            day = Weekdays((WEEK[again.weekday()],))
            return Say("near.back_weekday", {**data, "day": day})
        case _:
            return Say("near.back_on", {**data, "day": Day(again.date())})


def _said(
    asker: Asker, coach: Candidate, found: Mapping[Part, float], now: datetime
) -> Iterator[tuple[Part, Say]]:
    if found[Part.PLACE]:
        yield Part.PLACE, Say("near.same_location")
    if found[Part.ORGANISATION] in _ORGANISATION:
        yield Part.ORGANISATION, Say(_ORGANISATION[found[Part.ORGANISATION]])
    yield from _availability(coach.available, now)
    if found[Part.EXPERTISE]:
        yield Part.EXPERTISE, Say("near.expert")
    if found[Part.STRENGTH] >= STRONG:
        yield Part.STRENGTH, Say("near.strong")
    if found[Part.LANGUAGE] and asker.language != COMMON:
        yield Part.LANGUAGE, Say("near.language")
    if found[Part.CONTINUITY]:
        yield Part.CONTINUITY, Say("near.helped")


def _availability(available: Availability, now: datetime) -> Iterator[tuple[Part, Say]]:
    until, minutes, count = available.until, available.claim_minutes, available.open
    yield (
        Part.WORKING,
        Say("near.until", {"time": f"{until:%H:%M}"}) if until else back(available, now),
    )
    if available.walk_in:
        yield Part.WALK_IN, Say("near.walk_in")
    if minutes is not None and minutes <= QUICK:
        yield Part.SPEED, Say("near.quick", {"minutes": max(ceil(minutes / STEP), 1) * STEP})
    if count is not None:
        yield Part.FREEDOM, _desk(count, available.offered)


def _desk(count: int, new: int) -> Say:
    """Return what a coach has and what they are asked, so that neither sounds like nothing."""
    if not new:
        key = ("near.open_none", "near.open_one")[count] if count < FEW else "near.open_many"
        return Say(key, {"count": count})
    if not count:
        return Say("near.open_only_new" if new < FEW else "near.open_only_new_many", {"new": new})
    key = "near.open_one_and_new" if count < FEW else "near.open_many_and_new"
    return Say(key, {"count": count, "new": new})
