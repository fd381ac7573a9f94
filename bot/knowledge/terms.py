"""Known words and the terms they are cut into, by number, and a message in the same terms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Places, Ragged, numbered


@dataclass(frozen=True)
class Query:
    """The numbers of a message's terms, and how much each counts, 0 to 1.

    In order of number: sums of floats then do not depend on the order of the words.
    """

    terms: Places
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """The terms of each known word, by number, and how words are cut into terms."""

    known: Mapping[str, int]
    terms: Ragged
    numbers: Mapping[str, int]
    """Of the terms; one that no known word has gets the number after the last."""
    cut: Callable[[str], Sequence[str]]
    asked: dict[str, Mapping[int, float]] = field(default_factory=dict, repr=False, compare=False)
    """The terms of known words that were asked for before; there are no more than those."""

    @classmethod
    def of(cls, words: Iterable[str], cut: Callable[[str], Sequence[str]]) -> "Words":
        """Cut different words, whose own numbers are their places."""
        return cls({}, Ragged.of([]), {}, cut).with_more(words)

    def with_more(self, words: Iterable[str]) -> "Words":
        """Return these words and more; words and terms that are known keep their numbers."""
        new = [word for word in words if word not in self.known]
        known = {**self.known, **{word: len(self.known) + place for place, word in enumerate(new)}}
        numbers, terms = numbered(map(self.cut, new), self.numbers)
        return Words(known, self.terms.followed_by(terms), numbers, self.cut)

    def query(self, meant: Mapping[str, float]) -> Query:
        """Return the terms of weighted words, each once with its greatest weight."""
        weights: dict[int, float] = {}
        new: dict[str, int] = {}
        typed = {*meant.values()} == {1}  # and nothing guessed at, as in most messages
        # In a dict a term keeps its first place, and gets the last weight; for so few it is fast.
        for word in meant if typed else sorted(meant, key=meant.__getitem__):
            row = self.asked.get(word)
            if row is None:
                row = self._row(word, new)
            weights.update(row if typed else dict.fromkeys(row, meant[word]))
        terms = np.fromiter(weights.keys(), np.int64, len(weights))
        counts = np.fromiter(weights.values(), np.float32, len(weights))
        if typed:  # all count the same
            terms.sort()
        else:
            order = terms.argsort()
            terms, counts = terms.take(order), counts.take(order)
        return Query(np.minimum(terms, len(self.numbers)) if new else terms, counts)

    def _row(self, word: str, new: dict[str, int]) -> Mapping[int, float]:
        """Return the terms of a word, each as 1; `new` tells those apart that no known word has."""
        if word in self.known:
            row = dict.fromkeys(self.terms.row(self.known[word]).tolist(), 1.0)
            return self.asked.setdefault(word, row)
        first, known = len(self.numbers), self.numbers
        return {
            known[term] if term in known else first + new.setdefault(term, len(new)): 1.0
            for term in self.cut(word)
        }
