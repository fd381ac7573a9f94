"""What words mean, as vectors: words that mean alike lie near, also those the FAQ does not use.

A message is near a subject when each of its words has one there that means about the same; words
that tell much of what is asked count more. The vectors are made by `bench/train_meaning.py`, which
says from what; the program works without them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.ragged import Places, Ragged, ends

Floats = NDArray[np.float32]
_FILE = "word_vectors.npz"
_ROOM = 4_000_000  # figures that are kept of words asked before: 16 MB


@dataclass(frozen=True)
class WordVectors:
    """A row of small numbers a word; how long the vector is says how much the word tells."""

    numbers: Mapping[str, int]
    rows: NDArray[np.int8]
    tells: Floats

    @staticmethod
    @cache
    def shipped() -> "WordVectors":
        """Return the vectors that come with the program."""
        with files("bot.knowledge").joinpath(_FILE).open("rb") as file, np.load(file) as stored:
            words = bytes(stored["words"]).decode().split("\n")
            numbers = {word: number for number, word in enumerate(words)}
            return WordVectors(numbers, stored["rows"], stored["tells"])

    @cached_property
    def _told(self) -> list[float]:
        told: list[float] = self.tells.tolist()
        return told

    def told(self, meant: Mapping[str, float]) -> dict[str, float]:
        """Return how much each known word tells of what is asked: nothing is 0, and no end to it.

        A word counts by its weight.
        """
        numbers, told = self.numbers, self._told
        return {
            word: told[numbers[word]] * weight for word, weight in meant.items() if word in numbers
        }

    def of(self, words: Sequence[str]) -> Floats:
        """Return the row of each of these known words: whole numbers up to 127."""
        places = np.asarray([self.numbers[word] for word in words], np.int64)
        rows: Floats = self.rows.take(places, axis=0).astype(np.float32)
        return rows


def alike(some: Floats, others: Floats, lengths: Floats) -> Floats:
    """Return how near each row of the one is to each of the other, 0 to 1: the cosine, if above 0.

    `lengths` are those of the others, which are many and stay the same.

    Sums of products of such whole numbers are exact in floats of this size, so that the result is
    the same whatever else is worked out at once.
    """
    both = np.outer(lengths_of(some), lengths)
    # The larger one first: that is twice as fast.
    nearness: Floats = np.maximum((others @ some.T).T, 0.0) / np.maximum(both, 1.0)
    return nearness


def lengths_of(rows: Floats) -> Floats:
    """Return how long each row is."""
    lengths: Floats = np.sqrt((rows * rows).sum(axis=1, dtype=np.float32))
    return lengths


@dataclass(frozen=True)
class Meanings:
    """The vectors of all words that the subjects use, and which words each uses."""

    vectors: WordVectors
    known: Floats
    """A row a word; the last is no word, for who uses none."""
    lengths: Floats
    """Of each of those rows."""
    used: Places
    """The rows of the words of the first subject, then of the second, and so on."""
    starts: Places
    """Where in `used` each subject starts."""
    asked: dict[str, Floats] = field(default_factory=dict, repr=False)
    """What was found for words before; it may be forgotten at any time."""
    room: int = _ROOM
    """How many figures of that are kept."""

    @classmethod
    def build(cls, said: Ragged, words: Sequence[str], vectors: WordVectors) -> "Meanings":
        """Index what each subject says: a row of numbers of words, no number twice."""
        numbers = np.asarray([vectors.numbers.get(word, -1) for word in words], np.int64)
        each = numbers.take(said.values) if len(words) else np.empty(0, np.int64)
        row = np.repeat(np.arange(len(said.lengths)), said.lengths)[each >= 0]
        rows, places = np.unique(each[each >= 0], return_inverse=True)
        some = np.vstack([vectors.rows.take(rows, axis=0), np.zeros_like(vectors.rows[:1])])
        known: Floats = some.astype(np.float32)
        # Each subject ends in the row that is no word, so that none of them is empty.
        used = np.full(len(places) + len(said.lengths), len(rows), np.int64)
        used[np.arange(len(places)) + row] = places
        lengths = np.bincount(row, minlength=len(said.lengths)) + 1
        return cls(vectors, known, lengths_of(known), used, ends(lengths)[:-1])

    def near(self, told: Mapping[str, float]) -> Floats:
        """Return for each subject, 0 to 1, how well its words say what others mean.

        `told` is how much each of those tells.
        """
        if not told:
            return np.zeros(len(self.starts), np.float32)
        self._look_up(told)
        tells = np.fromiter(told.values(), np.float32, len(told))
        # Joined, and then made rows of: that takes half the time of an array of arrays.
        rows = np.concatenate([self.asked[word] for word in told]).reshape(len(told), -1)
        nearness: Floats = tells @ rows / sum(told.values())
        return nearness

    def _look_up(self, words: Collection[str]) -> None:
        """Find how near the nearest word of each subject is to these, 0 to 1, and remember it."""
        new = [word for word in words if word not in self.asked]
        if (len(self.asked) + len(new)) * len(self.starts) > self.room:
            self.asked.clear()
            new = list(words)
        if new:
            near = alike(self.vectors.of(new), self.known, self.lengths)
            for word, row in zip(new, near, strict=True):
                self.asked[word] = np.maximum.reduceat(row.take(self.used), self.starts)
