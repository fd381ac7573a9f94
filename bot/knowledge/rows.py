"""Finds as `index` does, and faster where a term is in many texts, or where there are few texts.

Such terms have a row of figures, with a column for each text: to sum rows costs much less than to
go through lists of texts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index import ByTerm, Floats, Found, Rarity
from bot.knowledge.ragged import Ints, ends
from bot.knowledge.terms import Query

ROOM = 4_000_000
"""Figures, of which 32 MB, that all terms may have rows for: some 400 subjects fit."""
SHARE = 1 / 4
"""Of the texts, in which a term is that has a row among more: it is no great waste then."""


@dataclass(frozen=True)
class Held:
    """What texts hold of a query: a row a term, and where the terms are held that have none."""

    rows: NDArray[np.float64]
    others: Found | None


@dataclass(frozen=True)
class WithRows:
    """An index by term, some or all of which have a row instead."""

    others: ByTerm
    numbers: Ints
    """Of each term its row; the first one, without figures, is that of the others."""
    weights: NDArray[np.float64]
    """What it weighs in each text. In doubles, so that sums do not depend on their order."""

    @classmethod
    def of(cls, every: ByTerm, room: int = ROOM) -> "WithRows":
        """Give rows to all terms if there is room, and else to those that are in many texts."""
        counts = np.diff(every.starts)
        least = 1.0 if counts.size * every.size <= room else SHARE * every.size
        common = (counts >= max(least, 1)).nonzero()[0]
        numbers = np.zeros(len(counts), np.int32)
        numbers[common] = np.arange(1, len(common) + 1)
        found = every.find(common)
        weights = np.zeros((len(common) + 1, every.size))
        figures = every.weights.take(found.places)
        weights[numbers.take(common).repeat(found.counts), found.texts] = figures
        left = (numbers == 0).repeat(counts).nonzero()[0]
        counts[common] = 0
        others = replace(
            every,
            starts=ends(counts),
            texts=every.texts.take(left),
            weights=every.weights.take(left),
        )
        return cls(others, numbers, weights)

    @property
    def size(self) -> int:
        """How many texts."""
        return self.others.size

    @property
    def rarity(self) -> Rarity:
        return self.others.rarity

    def widened(self, rarity: Rarity) -> "WithRows":
        """Return the same texts beside others that have more terms, which none of these holds."""
        more = np.zeros(len(rarity.idf) - len(self.numbers), np.int32)
        others = self.others.widened(rarity)
        return replace(self, others=others, numbers=np.concatenate([self.numbers, more]))

    def find(self, query: Query) -> Held:
        rows = self.weights.take(self.numbers.take(query.terms), axis=0)
        return Held(rows, self.others.find(query.terms) if self.others.texts.size else None)

    def cosines(self, unit: Floats, held: Held) -> NDArray[np.number]:
        """Return for each text how much of a query of length 1 it says, as `ByTerm.cosines`."""
        found: NDArray[np.number] = unit @ held.rows
        return found + self.others.cosines(unit, held.others) if held.others else found

    def content(self, worth: Floats, held: Held) -> NDArray[np.number]:
        """Return for each text the sum of what the terms of a query that it holds are worth."""
        found: NDArray[np.number] = worth @ (held.rows > 0)
        return found + self.others.held(worth, held.others) if held.others else found
