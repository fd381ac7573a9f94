"""Rows of numbers of unequal length, one after another in memory: texts as numbers of words."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Places = NDArray[np.int64]
T = TypeVar("T")
_AT_ONCE = 500  # rows of strings
_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Ragged:
    """Row n is `values[starts[n] : starts[n + 1]]`."""

    values: Ints
    starts: Places

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> "Ragged":
        values, ends = array("i"), array("q", [0])
        for row in rows:
            values.extend(row)
            ends.append(len(values))
        return cls(np.array(values, np.int32), np.array(ends, np.int64))

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> Places:
        return np.diff(self.starts)

    def row(self, number: int) -> Ints:
        return self.values[self.starts[number] : self.starts[number + 1]]

    def rows(self, first: int, end: int) -> "Ragged":
        """Return the rows from `first` up to `end`."""
        starts = self.starts[first : end + 1]
        return Ragged(self.values[starts[0] : starts[-1]], starts - starts[0])

    def take(self, rows: Places) -> "Ragged":
        """Return the rows with these numbers, in this order."""
        lengths = self.lengths[rows]
        return Ragged(self.values.take(spans(self.starts[rows], lengths)), ends(lengths))

    def joined(self, counts: Places) -> "Ragged":
        """Return rows that each hold as many rows as `counts` says, one after another."""
        return Ragged(self.values, self.starts[ends(counts)])

    def through(self, other: "Ragged") -> "Ragged":
        """Return the rows with the row of `other` in the place of each value."""
        found = other.take(self.values.astype(np.int64))
        return Ragged(found.values, found.starts[self.starts])

    def followed_by(self, other: "Ragged") -> "Ragged":
        """Return these rows, and then those of the other."""
        starts = np.concatenate([self.starts, other.starts[1:] + self.starts[-1]])
        return Ragged(np.concatenate([self.values, other.values]), starts)


def ends(lengths: Sequence[int] | Places) -> Places:
    """Return 0 and the sums so far: where each of such ranges starts, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def spans(starts: Places, lengths: Places) -> Places:
    """Return start, start + 1, … of each range, one range after another."""
    places: Places = (starts - lengths.cumsum() + lengths).repeat(lengths)
    places += np.arange(len(places))
    return places


def numbered(
    rows: Iterable[Sequence[str]], known: Mapping[str, int] = _NONE
) -> tuple[dict[str, int], Ragged]:
    """Return a number for each string, and the rows with numbers in the place of strings.

    Those that are known keep their numbers, 0 and up; new ones get the next.
    """
    some = ((list(chain.from_iterable(part)), map(len, part)) for part in _some(rows))
    return _numbered(some, known)


def numbered_words(
    texts: Iterable[str], known: Mapping[str, int] = _NONE
) -> tuple[dict[str, int], Ragged]:
    """Do as `numbered` with the words of texts, which stand one blank apart."""
    some = (
        (" ".join(part).split(), (text.count(" ") + 1 if text else 0 for text in part))
        for part in _some(texts)
    )
    return _numbered(some, known)


def _some(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield some at a time: all strings at once would take more memory than all else."""
    left = iter(rows)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def _numbered(
    parts: Iterable[tuple[list[str], Iterable[int]]], known: Mapping[str, int]
) -> tuple[dict[str, int], Ragged]:
    numbers: defaultdict[str, int] = defaultdict(None, known)
    numbers.default_factory = numbers.__len__
    found, lengths = [np.empty(0, np.int32)], array("q")
    for strings, counts in parts:
        found.append(np.fromiter(map(numbers.__getitem__, strings), np.int32, len(strings)))
        lengths.extend(counts)
    return dict(numbers), Ragged(np.concatenate(found), ends(np.asarray(lengths, np.int64)))
