"""What was found for a message, and what the scores tell of how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.knowledge.index import Floats
from bot.knowledge.model import Hit, Topic

LEAST = 0.001
"""A score below which all are the same."""


@dataclass(frozen=True)
class Ranking:
    """The best entries and topics for a message, and what tells how sure that is.

    `features` is empty when there are no hits.
    """

    hits: tuple[Hit, ...] = ()
    topic: Topic | None = None
    topic_score: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)


def certainty(hits: Sequence[Hit], topic_score: float) -> dict[str, float]:
    """Return features of the scores.

    How near the first is (in doublings), how far before the second (a share), and before the
    nearest topic.
    """
    top = hits[0].score
    second = hits[1].score if len(hits) > 1 else 0.0
    return {
        "score": math.log2(max(top, LEAST)),
        "margin": (top - second) / top,
        "topic": top - topic_score,
    }


def first_of(figures: Floats, count: int) -> list[int]:
    """Return the places of the greatest figures above 0, in order; of equals the first."""
    left, found = figures.copy(), list[int]()
    while len(found) < min(count, len(left)) and left[place := int(left.argmax())] > 0:
        found.append(place)
        left[place] = 0
    return found
