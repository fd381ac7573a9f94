"""Which words a message may have meant by those that the FAQ does not use, with weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.yaml_text import read_yaml
from bot.knowledge.normalise import normalise, stem, stop_words

TYPO, COMPOUND, SYNONYM, ENGLISH = 0.8, 0.7, 0.5, 0.6
"""How much a word counts that was not typed but may have been meant; what was typed counts 1."""

_TYPO_FROM = 4  # signs; shorter words are near too many others
_TYPO_CUTOFF = 0.74
_TYPO_LIMIT = 2
_PART_FROM = 3
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
    by_length: Mapping[int, Sequence[str]]
    synonyms: Synonyms

    @classmethod
    def of(cls, words: Iterable[str], synonyms: Synonyms) -> "Lexicon":
        known = frozenset(words)
        by_length: dict[int, list[str]] = {}
        for word in sorted(known - stop_words()):
            if len(word) >= _TYPO_FROM:
                by_length.setdefault(len(word), []).append(word)
        return cls(known, by_length, synonyms)

    def expand(self, typed: Sequence[str]) -> dict[str, float]:
        """Return each word that may be meant with its weight, 1 for what was typed.

        Only for words that the FAQ does not use another is guessed: where it does use them they
        mean what they say, and synonyms would only blur that.
        """
        meant = dict.fromkeys(typed, 1.0)
        for word in dict.fromkeys(typed):
            for guess, weight in self._guesses(word).items():
                meant[guess] = max(meant.get(guess, 0.0), weight)
        for first, second in pairwise(typed):
            if first + second in self.known:
                meant.setdefault(first + second, COMPOUND)
        return meant

    def knows(self, word: str) -> bool:
        """Tell whether the word is understood without guessing at what was typed."""
        return word in self.known or word in self.synonyms.of or word in stop_words()

    def _usable(self, word: str) -> bool:
        return word in self.known and word not in stop_words()

    def _guesses(self, word: str) -> Mapping[str, float]:
        if word in self.known or word in stop_words():
            return {}
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
        near = range(len(word) - 2, len(word) + 3)
        candidates = [other for length in near for other in self.by_length.get(length, ())]
        found = process.extract(
            word,
            candidates,
            scorer=OSA.normalized_similarity,
            score_cutoff=_TYPO_CUTOFF,
            limit=_TYPO_LIMIT,
        )
        return {other: TYPO * score for other, score, _ in found}


def weighted_stems(meant: Mapping[str, float]) -> dict[str, float]:
    """Return the stems of the words that are no stop words, each with its greatest weight."""
    found: dict[str, float] = {}
    for word, weight in meant.items():
        if word not in stop_words():
            one = stem(word)
            found[one] = max(found.get(one, 0.0), weight)
    return found
