"""Finds as `index` does, and faster where a few terms are in many texts, as with pieces of words.

Most of what a message finds is of those. They stand apart, as a row of figures for each with a
column for each text: to sum such rows costs much less than to go through lists of texts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index import ByTerm, Floats, Rarity, shares
from bot.knowledge.ragged import Ints
from bot.knowledge.terms import Query

SHARE = 1 / 4
"""Of the texts, from which on a term is common. A row has room for all, so it is no great waste."""


@dataclass(frozen=True)
class WithCommon:
    """An index by term, with its common terms once more."""

    every: ByTerm
    rows: Ints
    """Of each term its row, -1 if it is not common."""
    weights: NDArray[np.float64]
    """What it weighs in each text. In doubles, so that sums do not depend on their order."""

    @classmethod
    def of(cls, every: ByTerm) -> "WithCommon":
        """Set the common terms apart."""
        counts = np.diff(every.starts)
        common = (counts >= max(SHARE * every.size, 1)).nonzero()[0]
        rows = np.full(len(counts), -1, np.int32)
        rows[common] = np.arange(len(common))
        found = every.find(common)
        weights = np.zeros((len(common), every.size))
        weights[np.arange(len(common)).repeat(found.counts), found.texts] = every.weights.take(
            found.places
        )
        return cls(every, rows, weights)

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

    def cosines(self, query: Query) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        rows, unit = self.rows.take(query.terms), self.rarity.unit(query)
        common, rare = (rows >= 0).nonzero()[0], (rows < 0).nonzero()[0]
        found = self.every.find(query.terms.take(rare))
        weights = self.every.weights.take(found.places) * found.spread(unit.take(rare))
        sums = np.bincount(found.texts, weights, minlength=self.size)
        return shares(sums + unit.take(common) @ self.weights.take(rows.take(common), axis=0))
