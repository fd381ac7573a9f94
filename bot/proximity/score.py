"""The parts of a score, and what they come to. Nearer, freer or more expert never scores less."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.ids import SectorId
from bot.proximity.model import (
    AVAILABILITY,
    FIT,
    PROXIMITY,
    Asker,
    Availability,
    Candidate,
    Part,
    Weights,
)

SAME_SPOT, SAME_LOCATION = 1.0, 0.6
SAME_TEAM, SAME_SECTOR, SAME_SITE, SAME_COLLEGE = 1.0, 0.7, 0.5, 0.3
UNKNOWN = 0.5
BACK_SOON = 0.5
"""Of who is off, but comes back this moment; over the week to come this goes down to 0."""
WEEK = timedelta(weeks=1)
USUAL_MINUTES = 20
"""In these a question is picked up at a speed of one half: the time that ring 1 has."""
USUAL_LOAD = 4
"""Open questions a full-time coach has at a freedom of one half."""
OFFERED = 1 / 3
"""What a question weighs that a coach is asked: three are in the first two rings, one takes it."""
LEAST_FTE = 0.05
"""The smallest appointment that the research found."""
BEST, LEAST = 5, 1
"""Strengths in the college's file."""


def parts(asker: Asker, coach: Candidate, now: datetime, weights: Weights) -> dict[Part, float]:
    """Return each part of a coach's score for who asks."""
    found = {
        Part.PLACE: place(asker, coach),
        Part.ORGANISATION: organisation(asker, coach),
        **_available(coach.available, now),
        **_fit(asker, coach),
    }
    return {**found, Part.AVAILABILITY: mean(found, weights, AVAILABILITY)}


def mean(found: Mapping[Part, float], weights: Weights, of: Sequence[Part]) -> float:
    """Return the mean of some parts by their weights; 0 when all of those are 0."""
    total = sum(weights.shares[part] for part in of)
    return sum(weights.shares[part] * found[part] for part in of) / total if total else 0.0


def proximity(found: Mapping[Part, float], weights: Weights) -> float:
    """Return how near a coach is, from its three parts."""
    return mean(found, weights, PROXIMITY)


def score(found: Mapping[Part, float], weights: Weights) -> float:
    """Return what coaches are ranked by: proximity, and for a share how well they fit."""
    return (1 - weights.fit) * proximity(found, weights) + weights.fit * mean(found, weights, FIT)


def place(asker: Asker, coach: Candidate) -> float:
    """Return how near someone's desk is.

    The steps that the college's files know now: the same team at the same location, which stands
    for the same room or floor; the same location; elsewhere, also when a place is unknown.
    Building and campus come between these as soon as a file holds them.
    """
    here = asker.works.location
    if here is None or here != coach.works.location:
        return 0.0
    return SAME_SPOT if asker.works.teams & coach.works.teams else SAME_LOCATION


def organisation(asker: Asker, coach: Candidate) -> float:
    """Return how near someone is in the college: their own team, or for whom they work."""
    works, serves = asker.works, coach.serves
    shared: frozenset[SectorId] = works.sectors & serves.sectors
    steps = (
        (SAME_TEAM, bool(works.teams & coach.works.teams)),
        (SAME_SECTOR, bool(shared)),
        (SAME_SITE, works.location is not None and works.location == serves.location),
        (SAME_COLLEGE, serves.everyone),
    )
    return next((step for step, reached in steps if reached), 0.0)


def load(available: Availability) -> float:
    """Return the open questions a full-time coach would have with as full a desk."""
    questions = (available.open or 0) + OFFERED * available.offered
    return questions / max(available.fte, LEAST_FTE)


def _available(available: Availability, now: datetime) -> dict[Part, float]:
    minutes, known = available.claim_minutes, available.open is not None
    return {
        Part.WORKING: _working(available, now),
        Part.WALK_IN: float(available.walk_in),
        Part.SPEED: UNKNOWN if minutes is None else _falling(minutes, USUAL_MINUTES),
        Part.FREEDOM: _falling(load(available), USUAL_LOAD) if known else UNKNOWN,
    }


def _working(available: Availability, now: datetime) -> float:
    if available.until:
        return 1.0
    if available.back is None:
        return 0.0
    wait = max(available.back - now, timedelta())
    return BACK_SOON * max(1 - wait / WEEK, 0.0)


def _falling(amount: float, half: float) -> float:
    """Return 1 for nothing, one half at `half`, and ever less for more."""
    return half / (half + max(amount, 0.0))


def _fit(asker: Asker, coach: Candidate) -> dict[Part, float]:
    strength = coach.strengths.get(asker.role, LEAST)
    return {
        Part.EXPERTISE: float(asker.topic in coach.topics),
        Part.STRENGTH: (strength - LEAST) / (BEST - LEAST),
        Part.LANGUAGE: float(asker.language == coach.language),
        Part.CONTINUITY: float(coach.helped),
    }
