"""Measures what each part of the matching is worth: alone, all together, and each left out.

    python bench/answers.py                    the development halves and our own messages
    python bench/answers.py PATH               and the FAQs of others in that folder, NAME.kb.jsonl
                                               with its messages in NAME.jsonl
    python bench/answers.py --quick            all parts together alone, exits 0

A part that is left out leaves the weights of the others as they are; `no vectors` has weights and a
calibration of its own. Shares of in-scope messages; `false` are shares of the others.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.match import array_megabytes
from bot.knowledge.calibration import Thresholds
from bot.knowledge.evaluate import Figures, Labelled, figures, half_of, observe, read_queries
from bot.knowledge.lexicon import Synonyms, shipped_synonyms
from bot.knowledge.load import load_faq, shipped_folder, with_shipped_topics
from bot.knowledge.match import PARTS, Matcher
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Faq

ROOT = Path(__file__).parent.parent
DATA = ROOT / "bench/data"
NAMED = (
    "top1",
    "top3",
    "answer_right",
    "answer_wrong",
    "choices_right",
    "false_answer",
    "false_choices",
)
SHOWN, FALSE = NAMED[:5], NAMED[5:]
LEAST = {"top1": 0.85, "top3": 0.95, "answer_right": 0.65, "answer or choices right": 0.88}
MOST = {"answer_wrong": 0.03, "false_answer": 0.04, "near": 0.07, "false_choices": 0.20}
"""To reach on the odd half, which nothing is fitted to."""


@dataclass(frozen=True)
class Way:
    """A way of matching, the seconds its index took, and the megabytes it takes."""

    name: str
    matcher: Matcher
    seconds: float
    megabytes: float


def ways(faq: Faq) -> Iterator[Way]:
    """Yield all parts, each alone, each left out, and what else can be left out."""
    vectors, synonyms = WordVectors.shipped(), shipped_synonyms()
    whole = _built("all", faq, synonyms, vectors)
    yield whole
    for part in PARTS:
        yield _weighted(whole, f"{part} alone", {part: 1.0})
    weights = whole.matcher.calibration.parts
    for part in PARTS:
        left = {name: weight for name, weight in weights.items() if name != part}
        yield _weighted(whole, f"no {part}", left)
    yield _built("no synonyms", faq, Synonyms({}), vectors)
    silent = replace(faq, topics=tuple(topic for topic in faq.topics if topic.where))
    yield _built("no unanswered topics", silent, synonyms, vectors)
    yield _built("no vectors", faq, synonyms, None)


def _built(name: str, faq: Faq, synonyms: Synonyms, vectors: WordVectors | None) -> Way:
    start = time.perf_counter()
    matcher = Matcher.build(faq, synonyms, vectors)
    return Way(name, matcher, time.perf_counter() - start, array_megabytes(matcher))


def _weighted(whole: Way, name: str, weights: Mapping[str, float]) -> Way:
    parts = {part: weights.get(part, 0.0) for part in PARTS}
    calibration = replace(whole.matcher.calibration, parts=parts)
    return replace(whole, name=name, matcher=replace(whole.matcher, calibration=calibration))


def table_of(title: str, faq: Faq, messages: Sequence[Labelled]) -> Table:
    """Return a row a way; chances are calibrated for all parts, and for none but the last row."""
    table = Table("", *SHOWN, *FALSE, "near", "median ms", "p99 ms", "build s", "MB", title=title)
    for way in ways(faq):
        seen = observe(way.matcher, messages, Thresholds())
        near = figures([one for one in seen if one.labelled.kind == "near"])
        table.add_row(*_cells(way, figures(seen), near))
    return table


def _cells(way: Way, found: Figures, near: Figures) -> Iterator[str]:
    calibrated = way.name == "all" or way.name in (
        "no synonyms",
        "no unanswered topics",
        "no vectors",
    )
    yield way.name
    for name in (*SHOWN, *FALSE):
        share: float | None = getattr(found, name)
        shown = share is not None and (calibrated or name in ("top1", "top3"))
        yield f"{share:.3f}" if shown else ""
    yield f"{near.false_answer:.3f}" if calibrated and near.false_answer is not None else ""
    yield f"{found.ms_per_query['median']:.2f}"
    yield f"{found.ms_per_query['p99']:.2f}"
    yield f"{way.seconds:.2f}"
    yield f"{way.megabytes:.0f}"


def reached(faq: Faq, odd: Sequence[Labelled]) -> tuple[str, bool]:
    """Return the figures of the odd half beside those to reach, and whether they are."""
    matcher = Matcher.build(faq, shipped_synonyms(), WordVectors.shipped())
    seen = observe(matcher, odd, Thresholds())
    near = figures([one for one in seen if one.labelled.kind == "near"]).false_answer
    found = {name: share or 0.0 for name, share in vars(figures(seen)).items() if name in NAMED}
    found["answer or choices right"] = found["answer_right"] + found["choices_right"]
    found["near"] = near or 0.0
    told = [f"{name} at least {least} (is {found[name]:.3f})" for name, least in LEAST.items()]
    told += [f"{name} at most {most} (is {found[name]:.3f})" for name, most in MOST.items()]
    fine = all(found[name] >= least for name, least in LEAST.items())
    return ", ".join(told), fine and all(found[name] <= most for name, most in MOST.items())


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("others", nargs="?", type=Path, help="a folder with FAQs of others")
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    faq = load_faq(shipped_folder())
    development = read_queries(ROOT / "tests/data/dev_queries.jsonl")
    even, odd = (
        [one for one in development if half_of(one.query) == half] for half in ("even", "odd")
    )
    held, blind = (
        read_queries(ROOT / f"bench/data/{name}.jsonl") for name in ("held_out", "blind")
    )
    plain = read_queries(ROOT / "tests/data/plain_queries.jsonl")
    sets = {
        "even half": even,
        "odd half": odd,
        "held out (chances are fitted to it)": held,
        "blind (written by somebody who saw no entry)": blind,
        "plain first questions (nothing is fitted to them)": plain,
    }
    console = Console(width=170)
    for title, messages in sets.items() if not chosen.quick else ():
        console.print(table_of(title, faq, messages))
    for path in sorted(chosen.others.glob("*.kb.jsonl")) if chosen.others else []:
        messages = read_queries(path.with_name(path.name.replace(".kb.", ".")))
        for other in sorted(chosen.others.glob("*negatives.jsonl")):
            messages += read_queries(other)
        console.print(
            table_of(
                path.name.removesuffix(".kb.jsonl"), with_shipped_topics(load_faq(path)), messages
            )
        )
    told, fine = reached(faq, odd)
    print(f"to reach on the odd half: {told}: {'reached' if fine else 'MISSED'}")
    return 0 if fine or chosen.quick else 1


if __name__ == "__main__":
    sys.exit(main())
