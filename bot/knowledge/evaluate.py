"""Measures matching on labelled messages, each without what came before it."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from bot.core.ids import EntryId
from bot.knowledge.calibration import Thresholds
from bot.knowledge.load import read_lines
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.model import Answer, Choices, Hit, Outcome

Half = Literal["even", "odd"]
NOBODY = Asker()
DRAWS, SEED = 1_000, 20_261_127


class Labelled(BaseModel):
    """A message with all entries that would help; no labels: nothing should be answered."""

    model_config = ConfigDict(frozen=True)
    query: str
    labels: tuple[EntryId, ...]
    kind: str


@dataclass(frozen=True)
class Seen:
    """What a message met, how sure its first entry was, and how long it took (milliseconds)."""

    labelled: Labelled
    hits: tuple[Hit, ...]
    outcome: Outcome
    ms: float
    chance: float


def read_queries(path: Path) -> list[Labelled]:
    """Read a JSONL file of `{"query", "labels", "kind"}`; raises FaqFileError."""
    return read_lines(path, Labelled)


def half_of(query: str) -> Half:
    """Return the half a message belongs to: its sha256 as an integer is even or odd."""
    return "odd" if int(hashlib.sha256(query.encode()).hexdigest(), 16) % 2 else "even"


def observe(matcher: Matcher, queries: Iterable[Labelled], thresholds: Thresholds) -> list[Seen]:
    """Match each message once; ranking for the figures is not part of the time."""
    seen = []
    for one in queries:
        start = time.perf_counter()
        outcome = matcher.match(one.query, NOBODY, thresholds)
        took = (time.perf_counter() - start) * 1000
        ranking = matcher.rank(one.query, NOBODY)
        seen.append(Seen(one, ranking.hits, outcome, took, matcher.chance(ranking)))
    return seen


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1; None where there was nothing to count."""

    in_scope: int
    out_of_scope: int
    top1: float | None
    top3: float | None
    answer_right: float | None
    answer_wrong: float | None
    choices_right: float | None
    refused: float | None
    false_answer: float | None
    false_choices: float | None
    ms_per_query: Mapping[str, float]


def figures(seen: Sequence[Seen]) -> Figures:
    """Count. Topics that are not ours, and small talk, count as refused."""
    inside = [one for one in seen if one.labelled.labels]
    outside = [one for one in seen if not one.labelled.labels]
    times = [one.ms for one in seen] or [0.0]
    return Figures(
        in_scope=len(inside),
        out_of_scope=len(outside),
        **{
            name: _share(inside if within else outside, holds)
            for name, (within, holds) in SHARES.items()
        },
        ms_per_query={
            "median": round(float(np.median(times)), 3),
            "p99": round(float(np.percentile(times, 99)), 3),
        },
    )


@dataclass(frozen=True)
class Reliability:
    """Messages whose first entry was thought right with a chance in a range.

    How many there are, their mean chance, and the share that was right: in a good calibration the
    last two are alike.
    """

    above: float
    below: float
    messages: int
    chance: float | None
    right: float | None


def reliability(seen: Sequence[Seen], ranges: int = 5) -> list[Reliability]:
    """Return a line for each range of chances, from the lowest."""
    lines = []
    for number in range(ranges):
        above, below = number / ranges, (number + 1) / ranges
        some = [one for one in seen if above <= one.chance < below or one.chance == below == 1]
        lines.append(
            Reliability(
                above,
                below,
                len(some),
                round(sum(one.chance for one in some) / len(some), 4) if some else None,
                _share(some, lambda one: _right(one, one.hits[:1])),
            )
        )
    return lines


def intervals(seen: Sequence[Seen]) -> dict[str, tuple[float, float]]:
    """Return for each share between which figures it lies in 95 of 100 draws (bootstrap).

    Messages are drawn anew as often as there are, in-scope ones and others apart.
    """
    draw = np.random.default_rng(SEED)
    found: dict[str, tuple[float, float]] = {}
    for name, (within, holds) in SHARES.items():
        told = np.array([holds(one) for one in seen if bool(one.labelled.labels) == within], float)
        if len(told):
            means = draw.choice(told, (DRAWS, len(told))).mean(axis=1)
            low, high = np.percentile(means, (2.5, 97.5))
            found[name] = (round(float(low), 4), round(float(high), 4))
    return found


def report(seen: Sequence[Seen]) -> dict[str, object]:
    """Return what `faq evaluate --json` prints.

    The figures overall and per kind, how far the overall ones can be trusted, and whether chances
    are what they say.
    """
    kinds = sorted({one.labelled.kind for one in seen})
    return {
        "overall": asdict(figures(seen)),
        "kinds": {
            kind: asdict(figures([one for one in seen if one.labelled.kind == kind]))
            for kind in kinds
        },
        "intervals": intervals(seen),
        "reliability": [asdict(one) for one in reliability(seen)],
    }


def _share(seen: Sequence[Seen], holds: Callable[[Seen], bool]) -> float | None:
    return round(sum(map(holds, seen)) / len(seen), 4) if seen else None


def _answered(one: Seen) -> bool:
    return isinstance(one.outcome, Answer)


def _chosen(one: Seen) -> bool:
    return isinstance(one.outcome, Choices)


def _shown(one: Seen) -> tuple[Hit, ...]:
    if isinstance(one.outcome, Answer):
        return (one.outcome.hit,)
    return one.outcome.hits if isinstance(one.outcome, Choices) else ()


def _right(one: Seen, hits: Sequence[Hit]) -> bool:
    return any(hit.entry.id in one.labelled.labels for hit in hits)


SHARES: Mapping[str, tuple[bool, Callable[[Seen], bool]]] = {
    "top1": (True, lambda one: _right(one, one.hits[:1])),
    "top3": (True, lambda one: _right(one, one.hits[:3])),
    "answer_right": (True, lambda one: _answered(one) and _right(one, _shown(one))),
    "answer_wrong": (True, lambda one: _answered(one) and not _right(one, _shown(one))),
    "choices_right": (True, lambda one: _chosen(one) and _right(one, _shown(one))),
    "refused": (True, lambda one: not (_answered(one) or _chosen(one))),
    "false_answer": (False, _answered),
    "false_choices": (False, _chosen),
}
"""What each share of the in-scope messages (True), or of the others, counts."""
