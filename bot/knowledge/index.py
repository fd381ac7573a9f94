"""Finds, among many texts, those that share rare terms with a message: tf-idf and cosine, in numpy.

Both indexes hold the same figures, by term or by text: by term all texts are compared at once, by
text only the chosen ones, which is what makes many long lists of wordings cheap.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, numbered, spans

Floats = NDArray[np.float32]
_CHUNK = 1_000  # texts counted at once: more would only take memory


@dataclass(frozen=True)
class Terms:
    """The numbers of all terms, and how rare each is among the texts of an index."""

    numbers: Mapping[str, int]
    idf: Floats
    """By number; the last is for terms that no text holds, and is the highest."""

    def rarity(self, term: str) -> float:
        return float(self.idf[self.numbers.get(term, -1)])

    def unit(self, query: Mapping[str, float]) -> tuple[Places, Floats]:
        """Return the terms that some text holds, and their weights in a query of length 1."""
        number = np.asarray([self.numbers.get(term, -1) for term in query], np.int64)
        worth = np.asarray(list(query.values()), np.float32) * self.idf[number]
        norm = max(float(np.sqrt((worth**2).sum())), 1e-9)
        known = number >= 0
        return number[known], worth[known] / np.float32(norm)


@dataclass(frozen=True)
class Words:
    """The terms of each word, by the word's number."""

    numbers: Mapping[str, int]
    terms: Ragged

    @classmethod
    def of(cls, terms: Iterable[Sequence[str]]) -> "Words":
        return cls(*numbered(terms))


@dataclass(frozen=True)
class ByTerm:
    """For each term the texts that hold it and its weight there."""

    terms: Terms
    texts: Ragged
    weights: Floats
    size: int

    @classmethod
    def build(cls, texts: Ragged, words: Words) -> "ByTerm":
        """Index texts that are rows of numbers of words."""
        by_text = ByText.build(texts, words)
        term = by_text.texts.values
        order = np.argsort(term, kind="stable")
        size = len(by_text.texts.lengths)
        row = np.repeat(np.arange(size, dtype=np.int32), by_text.texts.lengths)
        spread = np.bincount(term, minlength=len(words.numbers))
        lists = Ragged(row[order], ends(spread))
        return cls(by_text.terms, lists, by_text.weights[order], size)

    def cosines(self, query: Mapping[str, float]) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        number, weight = self.terms.unit(query)
        starts = self.texts.starts[number]
        lengths = self.texts.starts[number + 1] - starts
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
    def build(cls, texts: Ragged, words: Words) -> "ByText":
        """Index texts that are rows of numbers of words; a term counts 1 + log of its repeats."""
        chunks = list(_counted(texts, words))
        held = Ragged(
            np.concatenate([term for term, _, _ in chunks]),
            ends(np.concatenate([length for _, _, length in chunks])),
        )
        size = len(held.lengths)
        # One more for a term that no text holds.
        spread = np.bincount(held.values, minlength=len(words.numbers) + 1)
        idf = np.log((1 + size) / (1 + spread)).astype(np.float32) + 1
        weight = np.concatenate([count for _, count, _ in chunks]) * idf[held.values]
        norm = np.sqrt(_sums(weight**2, held.lengths))
        weight /= np.repeat(np.maximum(norm, 1e-9), held.lengths)
        return cls(Terms(words.numbers, idf), held, weight)

    def cosines(self, query: Mapping[str, float], firsts: Places, counts: Places) -> Floats:
        """Return a figure between 0 and 1 for `counts` texts from each of `firsts` on, in order."""
        number, weight = self.terms.unit(query)
        of_term = np.zeros(len(self.terms.idf), np.float32)
        of_term[number] = weight
        starts, rows = self.texts.starts, spans(firsts, counts)
        # Slices are copied much faster than places are looked up, one at a time.
        slices = [
            slice(*pair) for pair in zip(starts[firsts], starts[firsts + counts], strict=True)
        ]
        parts = of_term[np.concatenate([self.texts.values[one] for one in slices])]
        parts *= np.concatenate([self.weights[one] for one in slices])
        return np.minimum(_sums(parts, starts[rows + 1] - starts[rows]), 1.0)


def _counted(texts: Ragged, words: Words) -> Iterator[tuple[Ints, Floats, Places]]:
    """Return, a chunk of texts at a time, their terms, 1 + log of the repeats, and the lengths."""
    count, terms = len(texts.lengths), max(len(words.numbers), 1)
    for first in range(0, max(count, 1), _CHUNK):
        some = texts.rows(first, min(first + _CHUNK, count)).through(words.terms)
        size = len(some.lengths)
        row = np.repeat(np.arange(size), some.lengths)
        key, repeats = np.unique(row * terms + some.values, return_counts=True)
        row, term = np.divmod(key, terms)
        weight = 1 + np.log(repeats.astype(np.float32))
        yield term.astype(np.int32), weight, np.bincount(row, minlength=size)


def _sums(values: Floats, lengths: Places) -> Floats:
    """Return the sum of each row; the rows lie one after another."""
    # One more value, as a last row without any has no place to start; `reduceat` gives an empty
    # row the value after it.
    sums = np.add.reduceat(np.append(values, np.float32(0)), ends(lengths)[:-1])
    return np.where(lengths > 0, sums, np.float32(0))
