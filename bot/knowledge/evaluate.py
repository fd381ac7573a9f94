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


class Labelled(BaseModel):
    """A message with all entries that would help; no labels: nothing should be answered."""

    model_config = ConfigDict(frozen=True)
    query: str
    labels: tuple[EntryId, ...]
    kind: str


@dataclass(frozen=True)
class Seen:
    """What a message met, and how long it took (milliseconds)."""

    labelled: Labelled
    hits: tuple[Hit, ...]
    outcome: Outcome
    ms: float


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
        seen.append(Seen(one, matcher.rank(one.query, NOBODY).hits, outcome, took))
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
        top1=_share(inside, lambda one: _right(one, one.hits[:1])),
        top3=_share(inside, lambda one: _right(one, one.hits[:3])),
        answer_right=_share(inside, lambda one: _answered(one) and _right(one, _shown(one))),
        answer_wrong=_share(inside, lambda one: _answered(one) and not _right(one, _shown(one))),
        choices_right=_share(inside, lambda one: _chosen(one) and _right(one, _shown(one))),
        refused=_share(inside, lambda one: not (_answered(one) or _chosen(one))),
        false_answer=_share(outside, _answered),
        false_choices=_share(outside, _chosen),
        ms_per_query={
            "median": round(float(np.median(times)), 3),
            "p99": round(float(np.percentile(times, 99)), 3),
        },
    )


def report(seen: Sequence[Seen]) -> dict[str, object]:
    """Return the figures overall and per kind, as `faq evaluate --json` prints them."""
    kinds = sorted({one.labelled.kind for one in seen})
    return {
        "overall": asdict(figures(seen)),
        "kinds": {
            kind: asdict(figures([one for one in seen if one.labelled.kind == kind]))
            for kind in kinds
        },
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
