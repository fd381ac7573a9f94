"""Finds as `index` does, and faster where a term is in many texts, or where there are few texts.

Such terms have a row of figures, with a column for each text: to sum rows costs much less than to
go through lists of texts.
"""

from dataclasses import dataclass, replace

import numpy as np

from bot.knowledge.index import ByTerm, Floats, Rarity, length
from bot.knowledge.ragged import Ints, ends
from bot.knowledge.terms import Query

ROOM = 4_000_000
"""Figures that all terms may have rows for: some 400 subjects fit. 16 MB, with `content` 32."""
SHARE = 1 / 4
"""Of the texts, in which a term is that has a row among more: it is no great waste then."""


@dataclass(frozen=True)
class WithRows:
    """An index by term, some or all of which have a row instead."""

    others: ByTerm
    numbers: Ints
    """Of each term its row; the first one, without figures, is that of the others."""
    weights: Floats
    """What it weighs in each text; with `content`, then also whether it is in each text."""
    content: bool = False

    @classmethod
    def of(cls, every: ByTerm, room: int = ROOM, *, content: bool = False) -> "WithRows":
        """Give rows to all terms if there is room, and else to those that are in many texts.

        With `content` it also tells how much of a query each text holds.
        """
        counts = np.diff(every.starts)
        least = 1.0 if counts.size * every.size <= room else SHARE * every.size
        common = (counts >= max(least, 1)).nonzero()[0]
        numbers = np.zeros(len(counts), np.int32)
        numbers[common] = np.arange(1, len(common) + 1)
        found = every.find(common)
        weights = np.zeros((len(common) + 1, every.size * (2 if content else 1)), np.float32)
        rows = numbers.take(common).repeat(found.counts)
        weights[rows, found.texts] = every.weights.take(found.places)
        if content:
            weights[rows, every.size + found.texts] = 1
        left = (numbers == 0).repeat(counts).nonzero()[0]
        counts[common] = 0
        others = replace(
            every,
            starts=ends(counts),
            texts=every.texts.take(left),
            weights=every.weights.take(left),
        )
        return cls(others, numbers, weights, content)

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

    def near(self, query: Query) -> Floats:
        """Compare a query with each text, a column a text.

        The first row is how much of it the text says, 0 to 1, as by `ByTerm.cosines`; the second,
        with `content`, the sum of what the terms that the text holds are worth.
        """
        worth = self.rarity.worth(query)
        rows = self.weights.take(self.numbers.take(query.terms), axis=0)
        found: Floats = (worth @ rows).reshape(1 + self.content, self.size)
        if self.others.texts.size:
            places = self.others.find(query.terms)
            found[0] += self.others.cosines(worth, places)
            if self.content:
                found[1] += self.others.held(worth, places)
        found[0] /= length(worth)
        return found
