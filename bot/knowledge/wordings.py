"""Compares a message with each single wording of a few subjects, and tells the best of each.

By subject and then by term it holds the wordings that have the term: what a message does not say is
not looked at. That is what makes many long lists of wordings cheap.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.counted import Counted, Grouped, damped
from bot.knowledge.index import ByTerm, Floats, Found, Rarity, shares
from bot.knowledge.ragged import Places, Ragged, ends, spans
from bot.knowledge.terms import Query, Words


@dataclass(frozen=True)
class Wordings:
    """The terms of each single wording of all subjects."""

    rarity: Rarity
    counts: Places
    """How many wordings each subject has."""
    holders: Ragged
    """For each term of each subject, the wordings that hold it, by their numbers within it."""
    weights: Floats
    """Of those terms there."""

    @classmethod
    def build(
        cls, texts: Counted, counts: Places, words: Words, like: Rarity | None = None
    ) -> "Wordings":
        """Index wordings of which each subject has `counts`, at least 1, one after another."""
        parts = list(texts.grouped(words.terms, counts))
        holders = np.zeros(len(words.numbers) + 1, np.int64)
        for part in parts:
            counted = np.bincount(part.terms.values, part.holders.lengths, minlength=len(holders))
            holders += counted.astype(np.int64)
        rarity = like.followed_by(holders) if like else Rarity.of(holders, texts.terms.count)
        small = np.min_scalar_type(int(counts.max(initial=1)))
        every = [np.empty(0, small), *(part.holders.values.astype(small) for part in parts)]
        lengths = [np.empty(0, np.int64), *(part.holders.lengths for part in parts)]
        first = np.cumsum([0, *(part.terms.count for part in parts)])
        weights = [np.empty(0, np.float32)]
        weights += [
            _weights(part, counts[start : start + part.terms.count], rarity)
            for start, part in zip(first, parts, strict=False)
        ]
        held = Ragged(np.concatenate(every), ends(np.concatenate(lengths)))
        return cls(rarity, counts, held, np.concatenate(weights))

    def widened(self, rarity: Rarity) -> "Wordings":
        """Return the same texts beside others that have more terms."""
        return replace(self, rarity=rarity)

    def best(self, query: Query, found: Found, by_term: ByTerm, subjects: Places) -> Floats:
        """Return the cosine of the best wording of each of these subjects.

        `by_term` is the index of the same terms by whole subjects, and `found` what it has of the
        query: so it is known which of the terms each subject holds.
        """
        starts = ends(self.counts.take(subjects))
        slots = np.full(len(self.counts), -1, np.int64)
        slots[subjects] = starts[:-1]
        first = slots.take(found.texts)
        chosen = (first >= 0).nonzero()[0]
        rows = by_term.order.take(found.places.take(chosen))
        begins = self.holders.starts.take(rows)
        lengths = self.holders.starts.take(rows + 1) - begins
        places = spans(begins, lengths)
        worth = found.spread(self.rarity.unit(query)).take(chosen)
        weights = self.weights.take(places) * worth.repeat(lengths)
        wordings = first.take(chosen).repeat(lengths) + self.holders.values.take(places)
        sums = np.bincount(wordings, weights, minlength=int(starts[-1]))
        return shares(np.maximum.reduceat(sums, starts[:-1]) if len(subjects) else sums)


def _weights(part: Grouped, counts: Places, rarity: Rarity) -> Floats:
    """Return what each place weighs by rarity, so that each wording has length 1."""
    lengths = part.holders.lengths
    weights: NDArray[np.float32] = damped(part.repeats)
    weights *= rarity.idf.take(part.terms.values).repeat(lengths)
    firsts = ends(counts)[:-1].repeat(part.terms.lengths)
    rows = firsts.repeat(lengths) + part.holders.values
    norm = np.sqrt(np.bincount(rows, weights * weights, minlength=1)).astype(np.float32)
    weights /= norm.take(rows)
    return weights
