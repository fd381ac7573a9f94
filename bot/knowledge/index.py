"""Finds, among many texts, those that share rare terms with a message: tf-idf and cosine, in numpy.

An index holds for each term the texts that have it. Wordings of one subject stand side by side, so
that of each term those of a few subjects can be picked out: that is what makes many long lists of
wordings cheap. Arrays are read with `take`, which is much faster than brackets.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, spans

Floats = NDArray[np.float32]
_NO_TERMS: Places = np.empty(0, np.int64)
_CHUNK = 1_000  # texts counted at once: more would only take memory


@dataclass(frozen=True)
class Query:
    """The numbers of a message's terms, and how much each counts, 0 to 1."""

    terms: Places
    weights: Floats


@dataclass(frozen=True)
class Found:
    """The places of a query's terms in an index, `counts` of each term, and the text at each."""

    counts: Places
    places: Places
    texts: Ints

    def spread(self, figures: Floats) -> Floats:
        """Return for each place the figure of its term."""
        return figures.repeat(self.counts)


@dataclass(frozen=True)
class Words:
    """The terms of each known word, by number, and how words are cut into terms."""

    rows: Mapping[str, Places]
    terms: Ragged
    """The same, one word after another."""
    numbers: Mapping[str, int]
    """Of the terms; one that no known word has gets the number after the last."""
    cut: Callable[[str], Sequence[str]]

    @classmethod
    def of(cls, words: Iterable[str], cut: Callable[[str], Sequence[str]]) -> "Words":
        """Cut different words, whose own numbers are their places."""
        numbers: dict[str, int] = {}
        known = tuple(words)
        terms = Ragged.of(
            [numbers.setdefault(term, len(numbers)) for term in cut(word)] for word in known
        )
        rows = np.split(terms.values.astype(np.int64), terms.starts[1:-1]) if known else []
        return cls(dict(zip(known, rows, strict=True)), terms, numbers, cut)

    def query(self, meant: Mapping[str, float]) -> Query:
        """Return the terms of weighted words, each once with its greatest weight."""
        said = sorted(meant, key=meant.__getitem__)
        new: dict[str, int] = {}
        rows = [self.rows[word] if word in self.rows else self._unknown(word, new) for word in said]
        every = np.concatenate([_NO_TERMS, *rows])
        weights = np.array([meant[word] for word in said], np.float32).repeat([*map(len, rows)])
        firsts, lasts = _firsts_and_lasts(every)
        terms = np.minimum(every.take(firsts), len(self.numbers))
        return Query(terms, weights.take(lasts))

    def _unknown(self, word: str, new: dict[str, int]) -> Places:
        """Return the terms of a word; `new` tells those apart that no known word has."""
        first = len(self.numbers)
        terms = [
            self.numbers[term] if term in self.numbers else first + new.setdefault(term, len(new))
            for term in self.cut(word)
        ]
        return np.array(terms, np.int64)


@dataclass(frozen=True)
class ByTerm:
    """For each term, and for the unknown one, the texts that hold it and its weight there."""

    idf: Floats
    """How rare each term is; highest for those that no text holds."""
    texts: Ragged
    weights: Floats
    size: int

    @classmethod
    def build(cls, texts: Ragged, words: Words) -> "ByTerm":
        """Index texts that are rows of numbers of words; a term counts 1 + log of its repeats."""
        holders, weights = _counted(texts, words)
        size = len(texts.lengths)
        idf = np.log((1 + size) / (1 + holders.lengths)).astype(np.float32) + 1
        weights *= idf.repeat(holders.lengths)
        norm = np.sqrt(np.bincount(holders.values, weights**2, minlength=size))
        weights /= norm.astype(np.float32)[holders.values]
        return cls(idf, holders, weights, size)

    def find(self, query: Query) -> Found:
        starts = self.texts.starts.take(query.terms)
        counts = self.texts.starts.take(query.terms + 1) - starts
        places = spans(starts, counts)
        return Found(counts, places, self.texts.values.take(places))

    def cosines(self, query: Query, found: Found) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        return _shares(self.sums(found.places, found.texts, found.spread(self.unit(query))))

    def unit(self, query: Query) -> Floats:
        """Return the weights of the terms in a query of length 1."""
        worth = query.weights * self.idf.take(query.terms)
        return worth / np.float32(max(math.sqrt(worth @ worth), 1e-9))

    def sums(self, places: Places, texts: Ints, weights: Floats) -> NDArray[np.number]:
        """Return of each text the sum over its places, of which each has a weight in a query."""
        return np.bincount(texts, self.weights.take(places) * weights, minlength=self.size)


@dataclass(frozen=True)
class Wordings:
    """Each single wording of all subjects, beside an index of the same terms by subject."""

    firsts: Places
    """The number of each subject's first wording."""
    single: ByTerm
    starts: Ints
    """Of each place in the other index where in `single` its wordings start; last, the end."""

    @classmethod
    def build(cls, texts: Ragged, counts: Places, words: Words) -> "Wordings":
        """Index wordings of which each subject has `counts`, one after another."""
        single = ByTerm.build(texts, words)
        subject = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[single.texts.values]
        new = np.diff(subject, prepend=np.int32(-1)) != 0
        # Where a term starts, the last subject of the one before may be its first.
        new[single.texts.starts[single.texts.starts < len(new)]] = True
        starts = np.append(np.flatnonzero(new), len(new)).astype(np.int32)
        return cls(ends(counts)[:-1], single, starts)

    def best(self, query: Query, found: Found, subjects: Places) -> Floats:
        """Return the cosine of the best wording of these subjects, 0 for others."""
        chosen = np.zeros(len(self.firsts), np.bool_)
        chosen[subjects] = True
        kept = chosen.take(found.texts).nonzero()[0]
        place = found.places.take(kept)
        starts = self.starts.take(place).astype(np.int64)
        counts = self.starts.take(place + 1) - starts
        of = np.arange(len(counts)).repeat(counts)
        places = (starts - counts.cumsum() + counts).take(of)
        places += np.arange(len(of))
        weights = found.spread(self.single.unit(query)).take(kept).take(of)
        sums = self.single.sums(places, self.single.texts.values.take(places), weights)
        return _shares(np.maximum.reduceat(sums, self.firsts))


def _firsts_and_lasts(numbers: Places) -> tuple[Places, Places]:
    """Return where each of the numbers stands first, in order, and where that one stands last."""
    order = numbers.argsort(kind="stable")
    ordered = numbers.take(order)
    new = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    count = len(numbers)
    firsts, lasts = order.compress(new[:count]), order.compress(new[1 : count + 1])
    again = firsts.argsort()
    return firsts.take(again), lasts.take(again)


def _shares(figures: NDArray[np.number]) -> Floats:
    shares: Floats = np.minimum(figures, 1.0).astype(np.float32)
    return shares


def _counted(texts: Ragged, words: Words) -> tuple[Ragged, Floats]:
    """Return for each term the texts that hold it, and 1 + log of its repeats in each."""
    chunks = list(_counted_in_chunks(texts, words))
    none = np.zeros(len(words.numbers) + 1, np.int64)
    starts = ends(sum((counts for counts, _, _ in chunks), none))
    rows, weights = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    free = starts[:-1].copy()
    for counts, row, weight in chunks:
        places = spans(free, counts)
        rows[places], weights[places] = row, weight
        free += counts
    return Ragged(rows, starts), weights


def _counted_in_chunks(texts: Ragged, words: Words) -> Iterator[tuple[Places, Ints, Floats]]:
    """Return of some texts at a time how many hold each term, which, and 1 + log of repeats."""
    count = len(texts.lengths)
    for first in range(0, max(count, 1), _CHUNK):
        some = texts.rows(first, min(first + _CHUNK, count)).through(words.terms)
        row = np.repeat(np.arange(len(some.lengths)), some.lengths)
        key, repeats = np.unique(some.values * np.int64(_CHUNK) + row, return_counts=True)
        term, row = np.divmod(key, _CHUNK)
        counts = np.bincount(term, minlength=len(words.numbers) + 1)
        yield counts, (row + first).astype(np.int32), 1 + np.log(repeats.astype(np.float32))
