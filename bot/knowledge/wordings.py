"""Compares a message with each single wording of a few subjects, and tells the best of each.

By subject and then by term it holds the wordings that have the term: what a message does not say is
not looked at. That is what makes many long lists of wordings cheap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.knowledge.common import Within
from bot.knowledge.counted import Counted, Grouped, Small, damped
from bot.knowledge.index import Floats, Rarity, shares
from bot.knowledge.ragged import Ints, Places, ends
from bot.knowledge.terms import Query, Words


@dataclass(frozen=True)
class Wordings:
    """The terms of each single wording of all subjects."""

    rarity: Rarity
    counts: Places
    """How many wordings each subject has."""
    begins: Ints
    lengths: Small
    """Of each place in the index of the same terms by whole subjects, where the wordings of that
    subject begin that hold the term, and how many they are."""
    holders: Small
    """Those wordings, by their numbers within the subject."""
    weights: Floats
    """What the terms weigh there."""

    @classmethod
    def build(
        cls,
        texts: Counted,
        counts: Places,
        words: Words,
        order: Places,
        like: Rarity | None = None,
    ) -> "Wordings":
        """Index wordings of which each subject has `counts`, at least 1, one after another.

        `order` is that of the index of the same terms by whole subjects.
        """
        parts = list(texts.grouped(words.terms, counts))
        lengths = np.concatenate([part.counts for part in parts])
        terms = np.concatenate([part.terms.values for part in parts])
        held = np.bincount(terms, lengths, minlength=len(words.numbers) + 1).astype(np.int64)
        rarity = like.followed_by(held) if like else Rarity.of(held, texts.terms.count)
        return cls(
            rarity,
            counts,
            (np.cumsum(lengths, dtype=np.int32) - lengths).astype(np.int32).take(order),
            lengths.take(order),
            np.concatenate([part.holders for part in parts]),
            _weights(parts, counts, rarity),
        )

    def widened(self, rarity: Rarity) -> "Wordings":
        """Return the same texts beside others that have more terms."""
        return replace(self, rarity=rarity)

    def best(self, query: Query, within: Within, subjects: Places) -> Floats:
        """Return the cosine of the best wording of each of these subjects.

        `within` is what they hold of the query, by the index of the same terms by whole subjects.
        """
        starts = ends(self.counts.take(subjects))
        lengths = self.lengths.take(within.places).astype(np.int64)
        # Repeated once, and then taken: that is much faster than to repeat each.
        each = np.arange(len(lengths)).repeat(lengths)
        begins = self.begins.take(within.places).astype(np.int64)
        places: Places = (begins - lengths.cumsum() + lengths).take(each)
        places += np.arange(len(each))
        worth = self.rarity.unit(query).take(within.terms)
        weights = self.weights.take(places) * worth.take(each)
        wordings = starts.take(within.texts).take(each) + self.holders.take(places)
        sums = np.bincount(wordings, weights, minlength=int(starts[-1]))
        return shares(np.maximum.reduceat(sums, starts[:-1]) if len(subjects) else sums)


def _weights(parts: Sequence[Grouped], counts: Places, rarity: Rarity) -> Floats:
    """Return what each place weighs by rarity, so that each wording has length 1."""
    found = np.empty(sum(len(part.holders) for part in parts), np.float32)
    place = group = 0
    for part in parts:
        weights = damped(part.repeats)
        weights *= rarity.idf.take(part.terms.values).repeat(part.counts)
        firsts = ends(counts[group : group + part.terms.count])[:-1].repeat(part.terms.lengths)
        rows = firsts.repeat(part.counts) + part.holders
        norm = np.sqrt(np.bincount(rows, weights * weights, minlength=1)).astype(np.float32)
        weights /= norm.take(rows)
        found[place : place + len(weights)] = weights
        place, group = place + len(weights), group + part.terms.count
    return found
