"""Which words a message may have meant by those that the FAQ does not use, with weights."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.yaml_text import read_yaml
from bot.knowledge.normalise import normalise, stop_words
from bot.knowledge.ragged import Places

TYPO, COMPOUND, SYNONYM, ENGLISH = 0.8, 0.7, 0.5, 0.6
"""How much a word counts that was not typed but may have been meant; what was typed counts 1."""

_TYPO_FROM = 4  # signs; shorter words are near too many others
_TYPO_CUTOFF = 0.74
_TYPO_LONGER = 2  # signs, or shorter
_TYPO_LIMIT = 2
_PART_FROM = 3
_REMEMBERED = 10_000  # words that were guessed at: some MB
_MEANINGS = 2  # of an English word, the best first
_LINKS = ("", "s", "en", "e", "n")


@dataclass(frozen=True)
class Synonyms:
    """For each word the words that may stand for it, with their weight."""

    of: Mapping[str, Mapping[str, float]]


@cache
def shipped_synonyms() -> Synonyms:
    """Read the synonyms and the English words that come with the program."""
    text = files("bot.knowledge").joinpath("synonyms.yaml").read_text("utf-8")
    document = read_yaml(text)
    of: dict[str, dict[str, float]] = {}
    for group in document["groups"]:
        plain = [normalise(str(word)) for word in group]
        for word in plain:
            others = {other: SYNONYM for other in plain if other != word}
            of.setdefault(word, {}).update(others)
    for english, dutch in document["english"].items():
        meanings = {normalise(str(word)): ENGLISH for word in dutch[:_MEANINGS]}
        of.setdefault(normalise(str(english)), {}).update(meanings)
    return Synonyms(of)


@dataclass(frozen=True)
class Lexicon:
    """All words of the FAQ; `expand` turns a message into weighted words of it."""

    known: frozenset[str]
    by_length: Sequence[str]
    """Those a typing error may stand for, the shortest first."""
    signs: Places
    """Which signs each of those has, as bits."""
    synonyms: Synonyms
    guessed: dict[str, Mapping[str, float]] = field(default_factory=dict, repr=False, compare=False)
    """What was guessed of words before; it may be forgotten at any time."""

    @classmethod
    def of(cls, words: Iterable[str], synonyms: Synonyms) -> "Lexicon":
        known = frozenset(words)
        by_length = sorted(filter(_guessable, known), key=_shortest_first)
        return cls(known, by_length, np.array([*map(_signs, by_length)], np.int64), synonyms)

    def of_words(self, known: frozenset[str]) -> "Lexicon":
        """Return the lexicon of these words, of which almost all are known here."""
        if known == self.known:
            return self
        by_length = [word for word in self.by_length if word in known]
        signs = dict(zip(self.by_length, self.signs.tolist(), strict=True))
        for word in filter(_guessable, known - self.known):
            insort(by_length, word, key=_shortest_first)
            signs[word] = _signs(word)
        ordered = np.array([signs[word] for word in by_length], np.int64)
        return Lexicon(known, by_length, ordered, self.synonyms)

    def expand(self, typed: Sequence[str]) -> dict[str, float]:
        """Return each word that may be meant with its weight, 1 for what was typed.

        Only for words that the FAQ does not use another is guessed: where it does use them they
        mean what they say, and synonyms would only blur that.
        """
        meant = dict.fromkeys(typed, 1.0)
        for word in [one for one in meant if one not in self.known and one not in stop_words()]:
            for guess, weight in self._guesses(word).items():
                meant[guess] = max(meant.get(guess, 0.0), weight)
        for joined in [first + second for first, second in pairwise(typed)]:
            if joined in self.known and joined not in stop_words():
                meant.setdefault(joined, COMPOUND)
        return meant

    def knows(self, word: str) -> bool:
        """Tell whether the word is understood without guessing at what was typed."""
        return word in self.known or word in self.synonyms.of or word in stop_words()

    def _usable(self, word: str) -> bool:
        return word in self.known and word not in stop_words()

    def _guesses(self, word: str) -> Mapping[str, float]:
        if word not in self.guessed:
            if len(self.guessed) >= _REMEMBERED:
                self.guessed.clear()
            self.guessed[word] = self._guess(word)
        return self.guessed[word]

    def _guess(self, word: str) -> Mapping[str, float]:
        others = self.synonyms.of.get(word, {})
        if used := {other: weight for other, weight in others.items() if self._usable(other)}:
            return used
        if len(word) < _TYPO_FROM or word.isdigit():
            return {}
        parts = self._split(word)
        return dict.fromkeys(parts, COMPOUND) if parts else self._typos(word)

    def _split(self, word: str) -> tuple[str, ...]:
        """Return the two known words that a compound is made of, the longest first part first."""
        for end in range(len(word) - _PART_FROM, _PART_FROM - 1, -1):
            head, tail = word[:end], word[end:]
            if not self._usable(tail):
                continue
            for link in _LINKS:
                first = head.removesuffix(link)
                if len(first) >= _PART_FROM and self._usable(first):
                    return first, tail
        return ()

    def _typos(self, word: str) -> dict[str, float]:
        longest = len(word) + _TYPO_LONGER
        first = bisect_left(self.by_length, len(word) - _TYPO_LONGER, key=len)
        end = bisect_right(self.by_length, longest, key=len)
        most = int((1 - _TYPO_CUTOFF) * longest + 0.01)  # a little more: floats are not exact
        alike = _alike(self.signs[first:end], _signs(word), most).tolist()
        found = process.extract(
            word,
            list(map(self.by_length[first:end].__getitem__, alike)),
            scorer=OSA.normalized_similarity,
            score_cutoff=_TYPO_CUTOFF,
            limit=_TYPO_LIMIT,
        )
        return {other: TYPO * score for other, score, _ in found}


def _guessable(word: str) -> bool:
    """Tell whether a typing error may stand for the word."""
    return len(word) >= _TYPO_FROM and word not in stop_words()


def _shortest_first(word: str) -> tuple[int, str]:
    return len(word), word


def _signs(word: str) -> int:
    """Return a bit for each sign of a word."""
    return sum({1 << ord(sign) % 64 for sign in word})


def _alike(signs: Places, other: int, most: int) -> Places:
    """Return the places of words that have at most so many signs more, and fewer, than another.

    One typing error takes and adds one of them at most, so that others need not be compared.
    """
    more, fewer = signs & ~other, other & ~signs
    for _ in range(most):  # takes the lowest bit away
        more &= more - 1
        fewer &= fewer - 1
    places: Places = ((more | fewer) == 0).nonzero()[0]
    return places
