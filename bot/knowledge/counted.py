"""Counts how often each term stands in each of many texts, without a loop over the texts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends

_AT_ONCE = 100_000
"""Terms that are sorted at once."""


@dataclass(frozen=True)
class Counted:
    """Of each text its different terms, the lowest number first, and how often each is there."""

    terms: Ragged
    repeats: Ints

    @classmethod
    def of(cls, texts: Ragged) -> "Counted":
        """Count the values of each row."""
        return cls(texts, np.ones(len(texts.values), np.int32)).merged()

    def through(self, words: Ragged) -> Iterator["Counted"]:
        """Count the terms of texts of which the words are counted; `words` are terms by word.

        Some texts at a time: that stays near the processor, and takes little memory.
        """
        for part in self._parts(words.lengths):
            repeats = part.repeats.repeat(words.lengths.take(part.terms.values))
            yield Counted(part.terms.through(words), repeats).merged()

    @property
    def rows(self) -> Places:
        """The text that each term stands in."""
        lengths = self.terms.lengths
        return np.arange(len(lengths)).repeat(lengths)

    def damped(self) -> NDArray[np.float32]:
        """Return 1 + log of the repeats: a term said ten times is not ten times as telling."""
        most = int(self.repeats.max(initial=1))
        return (1 + np.log(np.arange(1, most + 1, dtype=np.float32))).take(self.repeats - 1)

    def _parts(self, sizes: Places) -> Iterator["Counted"]:
        """Return some texts at a time; `sizes` tells how many terms each value is."""
        upto = ends(sizes.take(self.terms.values))[self.terms.starts]
        count = len(upto) - 1
        first = 0
        while True:
            end = int(np.searchsorted(upto, upto[first] + _AT_ONCE, "right")) - 1
            end = min(max(end, first + 1), count)
            places = slice(self.terms.starts[first], self.terms.starts[end])
            yield Counted(self.terms.rows(first, end), self.repeats[places])
            first = end
            if first >= count:
                return

    def merged(self) -> "Counted":
        """Return each term of a text once, with all of its repeats."""
        # One number for text, term and repeats, in bits: sorting numbers is what numpy does best.
        for_repeats = int(self.repeats.max(initial=0)).bit_length()
        for_term = int(self.terms.values.max(initial=0)).bit_length()
        keys = (self.rows << for_term) + self.terms.values << for_repeats
        keys += self.repeats
        keys.sort()
        which = keys >> for_repeats
        new = np.flatnonzero(np.diff(which, prepend=-1))
        keys &= (1 << for_repeats) - 1
        repeats = np.add.reduceat(keys, new) if len(new) else keys
        which = which.take(new)
        lengths = np.bincount(which >> for_term, minlength=len(self.terms.lengths))
        terms = (which & ((1 << for_term) - 1)).astype(np.int32)
        return Counted(Ragged(terms, ends(lengths)), repeats.astype(np.int32))
