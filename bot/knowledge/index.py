"""Finds, among many texts, those that share rare terms with a message: tf-idf and cosine, in numpy.

Both indexes hold the same figures, by term or by text: by term all texts are compared at once, by
text only the chosen ones, which is what makes many long lists of wordings cheap.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, spans

Floats = NDArray[np.float32]
_CHUNK = 2_000_000  # values counted at once: sorting more would only take memory


@dataclass(frozen=True)
class Terms:
    """The numbers of all terms, and how rare each is among the texts of an index."""

    numbers: Mapping[str, int]
    idf: Floats
    unknown: float
    """What a term counts that no text holds; more than any that one does."""

    def unit(self, query: Mapping[str, float]) -> tuple[Places, Floats]:
        """Return the terms that some text holds, and their weights in a query of length 1."""
        pairs = [(self.numbers.get(term, -1), weight) for term, weight in query.items()]
        number = np.asarray([number for number, _ in pairs], np.int64)
        weight = np.asarray([weight for _, weight in pairs], np.float32)
        known = number >= 0
        worth = weight * np.where(known, self.idf[number], np.float32(self.unknown))
        norm = max(float(np.sqrt((worth**2).sum())), 1e-9)
        return number[known], (worth[known] / norm).astype(np.float32)


@dataclass(frozen=True)
class ByTerm:
    """For each term the texts that hold it and its weight there."""

    terms: Terms
    texts: Ragged
    weights: Floats
    size: int

    @classmethod
    def build(cls, numbers: Mapping[str, int], texts: Ragged) -> "ByTerm":
        """Index texts that are rows of numbers of terms."""
        by_text = ByText.build(numbers, texts)
        term = by_text.texts.values
        order = np.argsort(term, kind="stable")
        size = len(by_text.texts.lengths)
        row = np.repeat(np.arange(size, dtype=np.int32), by_text.texts.lengths)
        spread = np.bincount(term, minlength=len(numbers))
        lists = Ragged(row[order], ends(spread))
        return cls(by_text.terms, lists, by_text.weights[order], size)

    def cosines(self, query: Mapping[str, float]) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        number, weight = self.terms.unit(query)
        starts, lengths = self.texts.starts[number], self.texts.lengths[number]
        places = spans(starts, lengths)
        parts = self.weights[places] * np.repeat(weight, lengths)
        found = np.bincount(self.texts.values[places], parts, minlength=self.size)
        return np.minimum(found, 1.0).astype(np.float32)

    def holds(self, term: str, text: int) -> bool:
        """Tell whether a text holds a term."""
        number = self.terms.numbers.get(term)
        if number is None:
            return False
        start, end = self.texts.starts[number : number + 2]
        place = start + np.searchsorted(self.texts.values[start:end], text)
        return bool(place < end and self.texts.values[place] == text)


@dataclass(frozen=True)
class ByText:
    """For each text its terms and their weights there."""

    terms: Terms
    texts: Ragged
    weights: Floats

    @classmethod
    def build(cls, numbers: Mapping[str, int], texts: Ragged) -> "ByText":
        """Index texts that are rows of numbers of terms; a term counts 1 + log of its repeats."""
        chunks = list(_counted(texts, len(numbers)))
        held = Ragged(
            np.concatenate([term for term, _, _ in chunks]),
            ends(np.concatenate([length for _, _, length in chunks])),
        )
        size = len(held.lengths)
        spread = np.bincount(held.values, minlength=len(numbers))
        idf = np.log((1 + size) / (1 + spread)).astype(np.float32) + 1
        weight = np.concatenate([count for _, count, _ in chunks]) * idf[held.values]
        norm = np.sqrt(_sums(weight**2, held.starts))
        weight /= np.repeat(np.maximum(norm, 1e-9), held.lengths)
        return cls(Terms(numbers, idf, float(np.log(1 + size)) + 1), held, weight)

    def cosines(self, query: Mapping[str, float], rows: Places) -> Floats:
        """Return a figure between 0 and 1 for each of the texts with these numbers."""
        number, weight = self.terms.unit(query)
        of_term = np.zeros(len(self.terms.idf), np.float32)
        of_term[number] = weight
        lengths = self.texts.lengths[rows]
        places = spans(self.texts.starts[rows], lengths)
        parts = of_term[self.texts.values[places]] * self.weights[places]
        return np.minimum(_sums(parts, ends(lengths)), 1.0)


def _counted(texts: Ragged, terms: int) -> Iterator[tuple[Ints, Floats, Places]]:
    """Return, a chunk of texts at a time, their terms, 1 + log of the repeats, and the lengths."""
    count = len(texts.lengths)
    step = max(1, _CHUNK * count // max(len(texts.values), 1))
    for first in range(0, max(count, 1), step):
        some = texts.rows(first, min(first + step, count))
        size = len(some.lengths)
        row = np.repeat(np.arange(size), some.lengths)
        key, repeats = np.unique(row * terms + some.values, return_counts=True)
        weight = 1 + np.log(repeats.astype(np.float32))
        row, term = np.divmod(key, max(terms, 1))
        yield term.astype(np.int32), weight, np.bincount(row, minlength=size)


def _sums(values: Floats, starts: Places) -> Floats:
    # From running sums, as `reduceat` has no sum of an empty row.
    running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.diff(running[starts]).astype(np.float32)
