"""Rows of numbers of unequal length, one after another in memory: texts as numbers of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """Row n is `values[starts[n] : starts[n + 1]]`."""

    values: Ints
    starts: Places

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> "Ragged":
        values: list[int] = []
        ends = [0]
        for row in rows:
            values += row
            ends.append(len(values))
        return cls(np.asarray(values, np.int32), np.asarray(ends, np.int64))

    @property
    def lengths(self) -> Places:
        return np.diff(self.starts)

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


def ends(lengths: Sequence[int] | Places) -> Places:
    """Return 0 and the sums so far: where each of such ranges starts, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def spans(starts: Places, lengths: Places) -> Places:
    """Return start, start + 1, … of each range, one range after another."""
    places: Places = (starts - lengths.cumsum() + lengths).repeat(lengths)
    places += np.arange(len(places))
    return places


def numbered(rows: Iterable[Sequence[str]]) -> tuple[dict[str, int], Ragged]:
    """Return a number for each string, and the rows with numbers in the place of strings."""
    numbers: dict[str, int] = {}
    return numbers, Ragged.of(
        [numbers.setdefault(one, len(numbers)) for one in row] for row in rows
    )
