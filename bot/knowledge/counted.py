"""Counts how often each term stands in each of many texts, without a loop over the texts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, spans

_AT_ONCE = 100_000
"""Terms that are sorted at once."""


def damped(repeats: Ints) -> NDArray[np.float32]:
    """Return 1 + log of the repeats: a term said ten times is not ten times as telling."""
    most = int(repeats.max(initial=1))
    return (1 + np.log(np.arange(1, most + 1, dtype=np.float32))).take(repeats - 1)


@dataclass(frozen=True)
class Counted:
    """Of each text its different terms, the lowest number first, and how often each is there."""

    terms: Ragged
    repeats: Ints

    @classmethod
    def of(cls, texts: Ragged) -> "Counted":
        """Count the values of each row."""
        bits = _Bits.of(texts.values, np.ones(1, np.int32))
        rows = np.arange(texts.count).repeat(texts.lengths)
        return bits.counted(bits.keys(rows, texts.values) + 1, texts.count)

    def through(self, words: Ragged) -> Iterator["Counted"]:
        """Count the terms of texts of which the words are counted; `words` are terms by word.

        Some texts at a time: that stays near the processor, and takes little memory.
        """
        bits, lengths = _Bits.of(words.values, self.repeats), words.lengths
        for part in self._parts(lengths):
            sizes = lengths.take(part.terms.values)
            terms = words.values.take(spans(words.starts.take(part.terms.values), sizes))
            rows = np.arange(part.terms.count).repeat(part.terms.lengths).repeat(sizes)
            yield bits.counted(
                bits.keys(rows, terms) + part.repeats.repeat(sizes), part.terms.count
            )

    def _parts(self, sizes: Places) -> Iterator["Counted"]:
        """Return some texts at a time; `sizes` tells how many terms each value is."""
        upto = ends(sizes.take(self.terms.values))[self.terms.starts]
        first = 0
        while True:
            end = int(np.searchsorted(upto, upto[first] + _AT_ONCE, "right")) - 1
            end = min(max(end, first + 1), self.terms.count)
            texts = self.terms.rows(first, end)
            start = self.terms.starts[first]
            yield Counted(texts, self.repeats[start : start + len(texts.values)])
            first = end
            if first >= self.terms.count:
                return


@dataclass(frozen=True)
class _Bits:
    """One number for text, term and repeats: sorting numbers is what numpy does best."""

    term: int
    repeats: int

    @classmethod
    def of(cls, terms: Ints, repeats: Ints) -> "_Bits":
        return cls(*(int(one.max(initial=0)).bit_length() for one in (terms, repeats)))

    def keys(self, rows: Places, terms: Ints) -> Places:
        """Return a key for each place, with room for how often it is there."""
        keys: Places = ((rows << self.term) + terms) << self.repeats
        return keys

    def counted(self, keys: Places, texts: int) -> Counted:
        """Return each term of a text once, with all of its repeats."""
        keys.sort()
        held = keys >> self.repeats
        new = _changes(held)
        keys &= (1 << self.repeats) - 1
        repeats = np.add.reduceat(keys, new) if len(new) else keys
        held = held.take(new)
        lengths = np.bincount(held >> self.term, minlength=texts)
        held &= (1 << self.term) - 1
        return Counted(Ragged(held.astype(np.int32), ends(lengths)), repeats.astype(np.int32))


def _changes(figures: Places) -> Places:
    """Return the places of figures that are not the one before."""
    new = np.ones(len(figures), np.bool_)
    np.not_equal(figures[1:], figures[:-1], out=new[1:])
    places: Places = new.nonzero()[0]
    return places
