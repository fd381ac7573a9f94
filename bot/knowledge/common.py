"""Finds as `index` does, and faster where a few terms are in many texts, as with pieces of words.

Most of what a message finds is of those. They stand apart, as a row of figures for each with a
column for each text: to sum such rows costs much less than to go through lists of texts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index import ByTerm, Floats, Found, Rarity, shares
from bot.knowledge.ragged import Ints, Places
from bot.knowledge.terms import Query

SHARE = 1 / 4
"""Of the texts, from which on a term is common. A row has room for all, so it is no great waste."""


@dataclass(frozen=True)
class Held:
    """Which terms of a query are common, by their places in it, and where the others are held."""

    common: Places
    rows: Places
    """Of the common ones."""
    rare: Places
    found: Found
    """Of the others."""


@dataclass(frozen=True)
class Within:
    """Places in an index; of each the term, by its place in the query, and the text, of a few."""

    places: Places
    terms: Places
    texts: Places


@dataclass(frozen=True)
class WithCommon:
    """An index by term, with its common terms once more."""

    every: ByTerm
    rows: Ints
    """Of each term its row, -1 if it is not common."""
    weights: NDArray[np.float64]
    """What it weighs in each text. In doubles, so that sums do not depend on their order."""
    places: Ints
    """Where in the index that is, -1 where a text does not hold it: row after row."""

    @classmethod
    def of(cls, every: ByTerm) -> "WithCommon":
        """Set the common terms apart."""
        counts = np.diff(every.starts)
        common = (counts >= max(SHARE * every.size, 1)).nonzero()[0]
        rows = np.full(len(counts), -1, np.int32)
        rows[common] = np.arange(len(common))
        found = every.find(common)
        cells = np.arange(len(common)).repeat(found.counts) * every.size + found.texts
        places = np.full(len(common) * every.size, -1, np.int32)
        places[cells] = found.places
        weights = np.zeros(len(places))
        weights[cells] = every.weights.take(found.places)
        return cls(every, rows, weights.reshape(len(common), every.size), places)

    @property
    def size(self) -> int:
        """How many texts."""
        return self.every.size

    @property
    def rarity(self) -> Rarity:
        return self.every.rarity

    def widened(self, rarity: Rarity) -> "WithCommon":
        """Return the same texts beside others that have more terms, which none of these holds."""
        more = np.full(len(rarity.idf) - len(self.rows), -1, np.int32)
        every = self.every.widened(rarity)
        return replace(self, every=every, rows=np.concatenate([self.rows, more]))

    def find(self, query: Query) -> Held:
        rows = self.rows.take(query.terms)
        common, rare = (rows >= 0).nonzero()[0], (rows < 0).nonzero()[0]
        found = self.every.find(query.terms.take(rare))
        return Held(common, rows.take(common).astype(np.int64), rare, found)

    def cosines(self, query: Query, held: Held) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        unit, found = self.rarity.unit(query), held.found
        weights = self.every.weights.take(found.places) * found.spread(unit.take(held.rare))
        sums = np.bincount(found.texts, weights, minlength=self.size)
        return shares(sums + unit.take(held.common) @ self.weights.take(held.rows, axis=0))

    def within(self, held: Held, texts: Places) -> Within:
        """Return what some of the texts hold."""
        places = self.places.take((held.rows * self.size)[:, np.newaxis] + texts).ravel()
        there = (places >= 0).nonzero()[0]
        numbers = np.full(self.size, -1)
        numbers[texts] = np.arange(len(texts))
        which = numbers.take(held.found.texts)
        chosen = (which >= 0).nonzero()[0]
        row = there // max(len(texts), 1)
        rare = held.rare.repeat(held.found.counts)
        return Within(
            np.concatenate([places.take(there), held.found.places.take(chosen)]),
            np.concatenate([held.common.take(row), rare.take(chosen)]),
            np.concatenate([there - row * len(texts), which.take(chosen)]),
        )
