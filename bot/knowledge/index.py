"""Finds, among many texts, those that share rare terms with a message: tf-idf and cosine, in numpy.

`ByTerm` holds for each term the texts that have it, and compares a message with all texts. Arrays
are read with `take`, which is much faster than brackets.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.counted import Counted, damped
from bot.knowledge.ragged import Places, Ragged, ends, spans
from bot.knowledge.terms import Query, Words

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """The places of a query's terms in an index, `counts` of each term, and the text at each."""

    counts: Places
    places: Places
    texts: Places

    def spread(self, figures: Floats) -> Floats:
        """Return for each place the figure of its term."""
        return figures.repeat(self.counts)


@dataclass(frozen=True)
class Rarity:
    """How rare each term is among so many texts; highest for the last, which none of them holds."""

    idf: Floats
    texts: int

    @classmethod
    def of(cls, holders: Places, texts: int) -> "Rarity":
        """Weigh terms by how many of the texts hold each."""
        return cls(np.log((1 + texts) / (1 + holders)).astype(np.float32) + 1, texts)

    def followed_by(self, holders: Places) -> "Rarity":
        """Return the same for terms it knows, and for later ones by how many texts hold them."""
        later = Rarity.of(holders[len(self.idf) - 1 :], self.texts)
        return Rarity(np.concatenate([self.idf[:-1], later.idf]), self.texts)

    def worth(self, query: Query) -> Floats:
        """Return what each term of a query weighs."""
        worth: Floats = query.weights * self.idf.take(query.terms)
        return worth


@dataclass(frozen=True)
class Weighted:
    """Texts of counted terms, each of length 1 by the rarity of its terms."""

    terms: Ragged
    weights: Floats
    rarity: Rarity

    @classmethod
    def of(cls, texts: Counted, words: Words, like: Rarity | None) -> "Weighted":
        """Weigh terms by rarity among these texts, or among others and as far as those go."""
        parts = [(part.terms, damped(part.repeats)) for part in texts.through(words.terms)]
        holders = np.zeros(len(words.numbers) + 1, np.int64)
        for terms, _ in parts:
            holders += np.bincount(terms.values, minlength=len(holders))
        rarity = like.followed_by(holders) if like else Rarity.of(holders, texts.terms.count)
        for terms, weights in parts:
            _weigh(weights, terms, rarity)
        starts = ends(np.concatenate([terms.lengths for terms, _ in parts]))
        every = np.concatenate([terms.values for terms, _ in parts])
        return cls(Ragged(every, starts), np.concatenate([one for _, one in parts]), rarity)


@dataclass(frozen=True)
class ByTerm:
    """For each term, and for the unknown one, the texts that hold it and its weight there."""

    rarity: Rarity
    starts: Places
    """Where the texts of each term start; last, the end."""
    texts: Places
    """In numbers as wide as numpy counts in: it would make them so at each message."""
    weights: Floats
    size: int

    @classmethod
    def build(cls, texts: Counted, words: Words, like: Rarity | None = None) -> "ByTerm":
        """Index texts of counted words; `like` says how rare their terms are among other texts."""
        found = Weighted.of(texts, words, like)
        size = len(found.terms.lengths)
        rows = np.arange(size).repeat(found.terms.lengths)
        # Sorted with their places in them, equals stay in order, which numpy else does slowly.
        bits = len(found.terms.values).bit_length()
        order = found.terms.values.astype(np.int64)
        order <<= bits
        order += np.arange(len(order))
        order.sort()
        order &= (1 << bits) - 1
        starts = ends(np.bincount(found.terms.values, minlength=len(words.numbers) + 1))
        weights = found.weights.take(order)
        return cls(found.rarity, starts, rows.take(order), weights, size)

    def widened(self, rarity: Rarity) -> "ByTerm":
        """Return the same texts beside others that have more terms, which none of these holds."""
        more = len(rarity.idf) - len(self.rarity.idf)
        starts = np.concatenate([self.starts, self.starts[-1:].repeat(more)])
        return replace(self, rarity=rarity, starts=starts)

    def find(self, terms: Places) -> Found:
        starts = self.starts.take(terms)
        counts = self.starts.take(terms + 1) - starts
        places = spans(starts, counts)
        return Found(counts, places, self.texts.take(places))

    def cosines(self, worth: Floats, found: Found) -> NDArray[np.number]:
        """Return for each text how much of a query it says, 0 to 1, times the query's length.

        Terms that no text holds lower all of them. Rounding makes some a little more than 1.
        """
        weights = self.weights.take(found.places) * found.spread(worth)
        return np.bincount(found.texts, weights, minlength=self.size)

    def held(self, worth: Floats, found: Found) -> NDArray[np.number]:
        """Return for each text the sum of what the terms of a query that it holds are worth."""
        return np.bincount(found.texts, found.spread(worth), minlength=self.size)


def _weigh(weights: Floats, terms: Ragged, rarity: Rarity) -> None:
    """Make of counts weights by rarity, so that each text has length 1."""
    weights *= rarity.idf.take(terms.values)
    rows = np.arange(terms.count).repeat(terms.lengths)
    norm = np.sqrt(np.bincount(rows, weights * weights, minlength=1)).astype(np.float32)
    weights /= norm.take(rows)


def length(worth: Floats) -> float:
    """Return the length of a query, never 0."""
    return max(math.sqrt(worth @ worth), 1e-9)
