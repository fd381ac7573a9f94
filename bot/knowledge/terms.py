"""Known words and the terms they are cut into, by number, and a message in the same terms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Ints, Places, Ragged

_NO_TERMS: Places = np.empty(0, np.int64)


@dataclass(frozen=True)
class Query:
    """The numbers of a message's terms, and how much each counts, 0 to 1."""

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

    @classmethod
    def of(cls, words: Iterable[str], cut: Callable[[str], Sequence[str]]) -> "Words":
        """Cut different words, whose own numbers are their places."""
        return cls({}, Ragged.of([]), {}, cut).with_more(words)

    def with_more(self, words: Iterable[str]) -> "Words":
        """Return these words and more; words and terms that are known keep their numbers."""
        new = [word for word in words if word not in self.known]
        known = {**self.known, **{word: len(self.known) + place for place, word in enumerate(new)}}
        numbers = dict(self.numbers)
        terms = Ragged.of(
            [numbers.setdefault(term, len(numbers)) for term in self.cut(word)] for word in new
        )
        return Words(known, self.terms.followed_by(terms), numbers, self.cut)

    def query(self, meant: Mapping[str, float]) -> Query:
        """Return the terms of weighted words, each once with its greatest weight."""
        said = sorted(meant, key=meant.__getitem__)
        new: dict[str, int] = {}
        rows = [self._row(word, new) for word in said]
        every = np.concatenate([_NO_TERMS, *rows])
        weights = np.array([meant[word] for word in said], np.float32).repeat([*map(len, rows)])
        firsts, lasts = _firsts_and_lasts(every)
        terms = np.minimum(every.take(firsts), len(self.numbers))
        return Query(terms, weights.take(lasts))

    def _row(self, word: str, new: dict[str, int]) -> Ints | Places:
        """Return the terms of a word; `new` tells those apart that no known word has."""
        if word in self.known:
            return self.terms.row(self.known[word])
        first = len(self.numbers)
        terms = [
            self.numbers[term] if term in self.numbers else first + new.setdefault(term, len(new))
            for term in self.cut(word)
        ]
        return np.array(terms, np.int64)


def _firsts_and_lasts(numbers: Places) -> tuple[Places, Places]:
    """Return where each of the numbers stands first, in order, and where that one stands last."""
    order = numbers.argsort(kind="stable")
    ordered = numbers.take(order)
    new = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    count = len(numbers)
    firsts, lasts = order.compress(new[:count]), order.compress(new[1 : count + 1])
    again = firsts.argsort()
    return firsts.take(again), lasts.take(again)
