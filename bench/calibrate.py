"""Fits bot/knowledge/calibration.yaml: how the parts are added, and how sure a match is.

From two sources, each of half the weight: messages that were written for this without a look at the
FAQ (bench/data/held_out.jsonl; no word vector was made from them), and the even half of the
development messages. Once with word vectors, and once without.

    python bench/calibrate.py            fits and writes
    python bench/calibrate.py --check    fits and tells whether the file is what it would write
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.knowledge.calibration import Calibration
from bot.knowledge.evaluate import NOBODY, half_of, read_queries
from bot.knowledge.index import Floats
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.match import PARTS, RANKED, Matcher
from bot.knowledge.meaning import WordVectors
from bot.knowledge.normalise import words

Figures = NDArray[np.float64]
ROOT = Path(__file__).parent.parent
TARGET = ROOT / "bot/knowledge/calibration.yaml"
RIDGE = 1.0
STEPS = 100
SETTLED = 1e-9
"""A gain in likelihood below which a fit is done."""
NEARLY = 0.02
"""What ranks so little less well is as good: some three messages of the even half."""
GRID = {
    "pieces": (0.0, 0.5, 1.0, 1.5),
    "stems": (0.0, 0.25, 0.5, 0.75, 1.0),
    "meaning": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0),
}
FEATURES = ("score", "margin", "topic", "explained")
"""Of each the more speaks for the first entry, so that no weight is below 0."""
WITH, WITHOUT = (*FEATURES, "agreement", "meaning", "told"), (*FEATURES, "length")
NOT_OURS = {"with": 0.28, "without": 0.16}
NEAR_EQUAL = {"with": 0.8, "without": 0.5}
OUTSIDE = 2.5
"""How much a message without an answer counts: it is rarer in what is fitted on than in life."""


@dataclass(frozen=True)
class Case:
    """A message for a matcher, and the ids that would be right (none: no answer is)."""

    matcher: Matcher
    query: str
    labels: frozenset[str]


def groups(vectors: WordVectors | None) -> list[list[Case]]:
    """Return the messages of each source that are no small talk."""
    faq, nothing = load_faq(shipped_folder()), Calibration({}, {}, 0.0)
    matcher = Matcher.build(faq, shipped_synonyms(), vectors, nothing)
    development = read_queries(ROOT / "tests/data/dev_queries.jsonl")
    even = [one for one in development if half_of(one.query) == "even"]
    return [
        [
            Case(matcher, one.query, frozenset(one.labels))
            for one in some
            if not matcher.small_talk.kind(one.query)
        ]
        for some in (read_queries(ROOT / "bench/data/held_out.jsonl"), even)
    ]


def choose_parts(groups: list[list[Case]], names: Sequence[str]) -> dict[str, float]:
    """Return weights that rank a right entry first, or else high, in both groups alike.

    Many do so nearly as well as the best, which is best by luck and another one after each change
    of the FAQ; so these are the mean of all such. The greatest is 1.
    """
    measured = [[_measured(case, len(names)) for case in group if case.labels] for group in groups]
    tried = [np.array(weights) for weights in itertools.product(*(GRID[part] for part in names))]
    worth = np.array([_worth(weights, measured) for weights in tried])
    good = [one / one.sum() for one in itertools.compress(tried, worth >= worth.max() - NEARLY)]
    middle = np.mean(good, axis=0)
    chosen = np.round(middle / middle.max(), 2)
    print(f"parts {chosen}: {_worth(chosen, measured):.3f}; of {len(good)}, best {worth.max():.3f}")
    return dict(zip(names, chosen.tolist(), strict=True))


def _worth(
    weights: Floats, measured: Sequence[Sequence[tuple[Floats, NDArray[np.bool_]]]]
) -> float:
    """Return the share that has a right entry first, and half the share that has one shown."""
    found = [np.array([_before(weights, *one) for one in some]) for some in measured]
    return float(np.mean([np.mean(one == 0) + np.mean(one < RANKED) / 2 for one in found]))


def _measured(case: Case, count: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the figures of the entries, and which of them are right."""
    parts = case.matcher.parts(case.matcher.lexicon.expand(words(case.query)))
    entries = case.matcher.entries
    right = np.array([entry.id in case.labels for entry in entries])
    return parts[:count, : len(entries)], right


def _before(weights: Floats, parts: Floats, right: NDArray[np.bool_]) -> int:
    """Return how many wrong entries come before the first right one, or beside it."""
    scores = weights @ parts
    return int(np.sum(scores[~right] >= scores[right].max())) if right.any() else len(scores)


def fit(groups: list[list[Case]], parts: dict[str, float], names: Sequence[str]) -> Calibration:
    """Fit a logistic regression on whether the first entry is right."""
    blank = Calibration(parts, {}, 0.0)
    rows, rights, weights = [], [], []
    for group in groups:
        for case in group:
            ranking = replace(case.matcher, calibration=blank).rank(case.query, NOBODY)
            if ranking.hits:
                rows.append([*(ranking.features[name] for name in names), 1.0])
                rights.append(ranking.hits[0].entry.id in case.labels)
                weights.append((1 if case.labels else OUTSIDE) * 1000 / len(group))
    found = _likeliest(np.asarray(rows), np.asarray(rights, np.float64), np.asarray(weights))
    *features, bias = (round(float(one), 4) for one in found)
    return Calibration(parts, dict(zip(names, features, strict=True)), bias)


def _likeliest(x: Figures, y: Figures, w: Figures) -> Figures:
    """Return the weights, none below 0 but the last, by which `y` is likeliest; in Newton's way."""
    ridge = np.array([RIDGE] * (x.shape[1] - 1) + [0.0])
    least = np.array([0.0] * (x.shape[1] - 1) + [-np.inf])

    def loss(weights: Figures) -> float:
        logit = x @ weights
        return float(w @ (np.logaddexp(0, logit) - y * logit) + ridge @ weights**2 / 2)

    found = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ found))
        gradient = x.T @ (w * (p - y)) + ridge * found
        free = (found > least) | (gradient < 0)
        curve = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.zeros_like(found)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], gradient[free])
        tried = (np.maximum(found - step / 2**halved, least) for halved in range(30))
        better = next((one for one in tried if loss(one) < loss(found) - SETTLED), None)
        if better is None:
            break
        found = better
    return found


def main() -> int:
    """Fit, and write or compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    document = {}
    for name, vectors in (("with", WordVectors.shipped()), ("without", None)):
        cases = groups(vectors)
        parts, features = (PARTS, WITH) if vectors else (PARTS[:-1], WITHOUT)
        made = fit(cases, choose_parts(cases, parts), features)
        document[name] = {
            "parts": made.parts,
            "features": dict(made.features),
            "bias": made.bias,
            "not_ours": NOT_OURS[name],
            "near_equal": NEAR_EQUAL[name],
        }
    text = (
        f"# Made by bench/calibrate.py; do not edit.\n{yaml.safe_dump(document, sort_keys=False)}"
    )
    if check:
        same = TARGET.read_text("utf-8") == text
        print("calibration.yaml is what this would write" if same else "calibration.yaml is stale")
        return 0 if same else 1
    TARGET.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
