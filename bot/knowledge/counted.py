"""Counts how often each term stands in each of many texts, without a loop over the texts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged, ends, spans

Small = NDArray[np.integer]
"""Numbers of as few bits as will do: of these there are most."""
_AT_ONCE = 100_000
"""Terms that are sorted at once."""


def damped(repeats: Small) -> NDArray[np.float32]:
    """Return 1 + log of the repeats: a term said ten times is not ten times as telling."""
    most = int(repeats.max(initial=1))
    return (1 + np.log(np.arange(1, most + 1, dtype=np.float32))).take(repeats - 1)


@dataclass(frozen=True)
class Grouped:
    """Of each group of texts its different terms, and of each of those the texts that hold it."""

    terms: Ragged
    """A row a group, the lowest term first."""
    counts: Small
    """Of each of those, how many texts hold it."""
    holders: Small
    """Those texts, by their numbers within the group."""
    repeats: Small
    """How often the term is in each of them."""


@dataclass(frozen=True)
class Counted:
    """Of each text its different terms, the lowest number first, and how often each is there."""

    terms: Ragged
    repeats: Ints

    @classmethod
    def of(cls, texts: Ragged) -> "Counted":
        """Count the values of each row."""
        bits = _Bits.of(texts.values, np.ones(1, np.int32))
        rows = np.arange(texts.count).repeat(texts.lengths) << bits.term
        return bits.counted(((rows + texts.values) << bits.repeats) + 1, texts.count)

    def through(self, words: Ragged) -> Iterator["Counted"]:
        """Count the terms of texts of which the words are counted; `words` are terms by word.

        Some texts at a time: that stays near the processor, and takes little memory.
        """
        every = np.ones(self.terms.count, np.int64)
        for part in self.grouped(words, every):
            yield Counted(part.terms, part.repeats.astype(np.int32))

    def grouped(self, words: Ragged, counts: Places) -> Iterator[Grouped]:
        """Count the terms of texts, by the groups that they stand in; `counts` texts in each.

        Some groups at a time, as in `through`.
        """
        bits = _Bits.of(words.values, self.repeats, counts)
        terms, lengths = bits.placed(words.values), words.lengths
        for part, texts in self._parts(lengths, counts):
            sizes = lengths.take(part.terms.values)
            keys = terms.take(spans(words.starts.take(part.terms.values), sizes))
            keys += bits.tags(part, texts).repeat(sizes)
            yield bits.merged(keys, len(texts))

    def _parts(self, sizes: Places, counts: Places) -> Iterator[tuple["Counted", Places]]:
        """Return some groups at a time; `sizes` tells how many terms each value is."""
        groups = ends(counts)
        upto = ends(sizes.take(self.terms.values))[self.terms.starts.take(groups)]
        first = 0
        while True:
            end = int(np.searchsorted(upto, upto[first] + _AT_ONCE, "right")) - 1
            end = min(max(end, first + 1), len(counts))
            texts = self.terms.rows(groups[first], groups[end])
            start = self.terms.starts[groups[first]]
            repeats = self.repeats[start : start + len(texts.values)]
            yield Counted(texts, repeats), counts[first:end]
            first = end
            if first >= len(counts):
                return


@dataclass(frozen=True)
class _Bits:
    """One number for group, term, text and repeats: sorting numbers is what numpy does best."""

    term: int
    text: int
    repeats: int

    @classmethod
    def of(cls, terms: Ints, repeats: Ints, counts: Places | None = None) -> "_Bits":
        texts = 0 if counts is None else int(counts.max(initial=1)) - 1
        most = [int(terms.max(initial=0)), texts, int(repeats.max(initial=0))]
        return cls(*(one.bit_length() for one in most))

    def placed(self, terms: Ints) -> Places:
        """Return the terms' part of a key."""
        placed: Places = terms.astype(np.int64) << (self.text + self.repeats)
        return placed

    def tags(self, texts: Counted, counts: Places) -> Places:
        """Return a key for each place, but for the term."""
        group = np.arange(len(counts))
        base = group << (self.term + self.text + self.repeats)
        within = spans(np.zeros_like(counts), counts) << self.repeats
        tags: Places = (base.repeat(counts) + within).repeat(texts.terms.lengths)
        return tags + texts.repeats

    def counted(self, keys: Places, texts: int) -> Counted:
        """Return each term of a text once; each text is a group of its own."""
        found = self.merged(keys, texts)
        return Counted(found.terms, found.repeats.astype(np.int32))

    def merged(self, keys: Places, groups: int) -> Grouped:
        """Return each term that is held once, with all of its repeats."""
        keys.sort()
        which = keys >> self.repeats
        new = _changes(which)
        keys &= (1 << self.repeats) - 1
        repeats = np.add.reduceat(keys, new) if len(new) else keys
        which = which.take(new)
        held = which >> self.text
        firsts = _changes(held) if self.text else np.arange(len(held))
        which &= (1 << self.text) - 1
        held = held.take(firsts)
        lengths = np.bincount(held >> self.term, minlength=groups)
        held &= (1 << self.term) - 1
        return Grouped(
            Ragged(held.astype(np.int32), ends(lengths)),
            _small(np.diff(firsts, append=len(which))),
            _small(which),
            _small(repeats),
        )


def _small(figures: Places) -> Small:
    found: Small = figures.astype(np.min_scalar_type(int(figures.max(initial=0))))
    return found


def _changes(figures: Places) -> Places:
    """Return the places of figures that are not the one before."""
    new = np.ones(len(figures), np.bool_)
    np.not_equal(figures[1:], figures[:-1], out=new[1:])
    places: Places = new.nonzero()[0]
    return places
