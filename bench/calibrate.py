"""Fits bot/knowledge/calibration.yaml: how the parts are added, and how sure a match is.

From two sources, each of half the weight: the FAQ's own wordings, each asked of an index that does
not hold it (five folds; in each a fifth of the entries and topics is left out whole, so that their
wordings are questions without an answer), and the even half of the development messages.

    python bench/calibrate.py            fits and writes
    python bench/calibrate.py --check    fits and tells whether the file is what it would write
"""

import argparse
import itertools
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from bot.knowledge.calibration import Calibration
from bot.knowledge.evaluate import NOBODY, half_of, read_queries
from bot.knowledge.index import Floats
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.match import PARTS, Matcher
from bot.knowledge.model import Faq
from bot.knowledge.normalise import words

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "bot/knowledge/calibration.yaml"
FOLDS = 5
RIDGE = 1.0
STEPS = 25
GRID = {
    "wording pieces": (0.0, 0.25, 0.5, 0.75, 1.0),
    "entry pieces": (0.0, 0.5, 1.0, 1.5),
    "entry stems": (0.0, 0.25, 0.5, 0.75, 1.0),
}
FEATURES = (
    "score",
    "margin",
    "topic",
    "explained",
    "agreement",
    "unknown",
    "length",
    "wording pieces",
    "entry stems",
)


@dataclass(frozen=True)
class Case:
    """A message for a matcher, and the ids that would be right (none: no answer is)."""

    matcher: Matcher
    query: str
    labels: frozenset[str]


def folds(faq: Faq) -> list[Case]:
    """Return each wording as a message to an index that does not hold it."""
    cases: list[Case] = []
    for fold in range(FOLDS):
        kept = Faq(
            tuple(
                replace(entry, variants=tuple(_without(entry.variants, fold)))
                for place, entry in enumerate(faq.entries)
                if place % FOLDS != fold
            ),
            tuple(
                replace(topic, examples=tuple(_without(topic.examples, fold)))
                for place, topic in enumerate(faq.topics)
                if place % FOLDS != fold
            ),
        )
        matcher = Matcher.build(kept, shipped_synonyms())
        ids = {entry.id for entry in kept.entries}
        for entry in faq.entries:
            labels = frozenset({entry.id} & ids)
            cases += [Case(matcher, text, labels) for text in entry.variants[fold::FOLDS]]
        for topic in faq.topics:
            cases += [Case(matcher, text, frozenset()) for text in topic.examples[fold::FOLDS]]
    return cases


def _without(texts: tuple[str, ...], fold: int) -> list[str]:
    return [text for place, text in enumerate(texts) if place % FOLDS != fold]


def development(faq: Faq) -> list[Case]:
    """Return the even half of the development messages, for the whole FAQ."""
    matcher = Matcher.build(faq, shipped_synonyms())
    queries = read_queries(ROOT / "tests/data/dev_queries.jsonl")
    return [
        Case(matcher, one.query, frozenset(one.labels))
        for one in queries
        if half_of(one.query) == "even" and not matcher.small_talk.kind(one.query)
    ]


def choose_parts(groups: list[list[Case]]) -> dict[str, float]:
    """Return the weights that rank a right entry first most often, both groups alike."""
    measured = [[(case, _parts(case)) for case in group if case.labels] for group in groups]
    best, chosen = -1.0, {}
    for weights in itertools.product(*(GRID[part] for part in PARTS)):
        right = [
            [_first(case, np.asarray(weights) @ parts) in case.labels for case, parts in group]
            for group in measured
        ]
        shares = [float(np.mean(group)) for group in right]
        if float(np.mean(shares)) > best:
            best, chosen = float(np.mean(shares)), dict(zip(PARTS, weights, strict=True))
            wordings, messages = shares
            print(f"parts {weights}: top1 {wordings:.3f} wordings, {messages:.3f} even half")
    return chosen


def _parts(case: Case) -> Floats:
    return case.matcher.parts(case.matcher.lexicon.expand(words(case.query)))


def _first(case: Case, scores: Floats) -> str:
    return case.matcher.entries[int(np.argmax(scores[: len(case.matcher.entries)]))].id


def fit(groups: list[list[Case]], parts: dict[str, float]) -> Calibration:
    """Fit a logistic regression on whether the first entry is right, in Newton's way."""
    blank = Calibration(parts, {}, 0.0)
    rows, rights, weights = [], [], []
    for group in groups:
        for case in group:
            ranking = replace(case.matcher, calibration=blank).rank(case.query, NOBODY)
            if ranking.hits:
                rows.append([*(ranking.features[name] for name in FEATURES), 1.0])
                rights.append(ranking.hits[0].entry.id in case.labels)
                weights.append(1000 / len(group))
    x, y, w = np.asarray(rows), np.asarray(rights, np.float64), np.asarray(weights)
    found = np.zeros(x.shape[1])
    ridge = np.diag([RIDGE] * len(FEATURES) + [0.0])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ found))
        gradient = x.T @ (w * (p - y)) + ridge @ found
        found -= np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + ridge, gradient)
    *features, bias = (round(float(one), 4) for one in found)
    return Calibration(parts, dict(zip(FEATURES, features, strict=True)), bias)


def main() -> int:
    """Fit, and write or compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    faq = load_faq(shipped_folder())
    groups = [folds(faq), development(faq)]
    made = fit(groups, choose_parts(groups))
    document = {"parts": made.parts, "features": dict(made.features), "bias": made.bias}
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
