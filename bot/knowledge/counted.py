"""Counts how often each term stands in each of many texts, without a loop over the texts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, spans

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
        spelled = cls(texts, np.ones(len(texts.values), np.int32))
        bits = _Bits.of(spelled, texts.values)
        return bits.merged(spelled.tagged(bits) + (texts.values << bits.repeats), texts.count)

    def through(self, words: Ragged) -> Iterator["Counted"]:
        """Count the terms of texts of which the words are counted; `words` are terms by word.

        Some texts at a time: that stays near the processor, and takes little memory.
        """
        bits = _Bits.of(self, words.values)
        terms, lengths = words.values.astype(np.int64) << bits.repeats, words.lengths
        for part in self._parts(lengths):
            counts = lengths.take(part.terms.values)
            keys = terms.take(spans(words.starts.take(part.terms.values), counts))
            keys += part.tagged(bits).repeat(counts)
            yield bits.merged(keys, part.terms.count)

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

    def tagged(self, bits: "_Bits") -> Places:
        """Return a key for each place, but for the term."""
        return (self.rows << (bits.term + bits.repeats)) + self.repeats


@dataclass(frozen=True)
class _Bits:
    """One number for text, term and repeats, in bits: sorting numbers is what numpy does best."""

    term: int
    repeats: int

    @classmethod
    def of(cls, texts: Counted, terms: Ints) -> "_Bits":
        most = int(texts.repeats.max(initial=0))
        return cls(int(terms.max(initial=0)).bit_length(), most.bit_length())

    def merged(self, keys: Places, texts: int) -> Counted:
        """Return each term of a text once, with all of its repeats."""
        keys.sort()
        which = keys >> self.repeats
        first = np.ones(len(which), np.bool_)
        np.not_equal(which[1:], which[:-1], out=first[1:])
        new = first.nonzero()[0]
        keys &= (1 << self.repeats) - 1
        repeats = np.add.reduceat(keys, new) if len(new) else keys
        which = which.take(new)
        lengths = np.bincount(which >> self.term, minlength=texts)
        which &= (1 << self.term) - 1
        return Counted(Ragged(which.astype(np.int32), ends(lengths)), repeats.astype(np.int32))
