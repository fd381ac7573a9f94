"""Recognises greetings, thanks and calls for help, without taking a real question for one."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.knowledge.normalise import normalise

_NEAR = 88
_REST = 200 - _NEAR
_LONGEST_CRY = 20  # words
_TAUGHT = ("les over", "lessen over", "opdracht over", "voorlichting over", "lesson about")
_LONGEST = 8  # words: who writes more has something to ask
_OPENERS = ("greeting", "thanks", "bye")


@dataclass(frozen=True)
class UrgentIndex:
    """Phrases of acute danger: a message that holds all words of one speaks of it."""

    phrases: Sequence[tuple[frozenset[str], str]]
    by_word: Mapping[str, Sequence[int]]
    """The numbers of the phrases, by one word that each of them holds."""

    @classmethod
    def build(cls, urgent: Mapping[str, Sequence[str]]) -> "UrgentIndex":
        phrases = tuple(
            (frozenset(normalise(text).split()), kind)
            for kind, texts in urgent.items()
            for text in texts
        )
        by_word: dict[str, list[int]] = {}
        for number, (phrase, _) in enumerate(phrases):
            by_word.setdefault(max(phrase, key=len, default=""), []).append(number)
        return cls(phrases, by_word)

    def kind(self, text: str) -> str:
        """Return the kind of danger, or an empty string.

        Who writes at length is not in it now, and neither is who prepares a lesson about it.
        """
        plain = normalise(text)
        said = plain.split()
        held = frozenset(said) if len(said) <= _LONGEST_CRY else frozenset()
        if held.isdisjoint(self.by_word) or any(taught in plain for taught in _TAUGHT):
            return ""
        numbers = sorted(one for word in held for one in self.by_word.get(word, ()))
        return next((self.phrases[one][1] for one in numbers if self.phrases[one][0] <= held), "")


@dataclass(frozen=True)
class SmallTalkIndex:
    """All small talk by its normalised text, and the words that may surround it."""

    kind_of: Mapping[str, str]
    by_length: Sequence[str]
    openers: frozenset[str]

    @classmethod
    def build(cls, small_talk: Mapping[str, Sequence[str]]) -> "SmallTalkIndex":
        kind_of = {normalise(text): kind for kind, texts in small_talk.items() for text in texts}
        openers = frozenset(
            word
            for kind in _OPENERS
            for text in small_talk.get(kind, ())
            if len(normalise(text).split()) == 1
            for word in [normalise(text)]
        )
        return cls(kind_of, sorted(kind_of, key=len), openers)

    def kind(self, text: str) -> str:
        """Return the kind of small talk a whole message is, or an empty string."""
        plain = normalise(text)
        said = plain.split()
        if not said or len(said) > _LONGEST:
            return ""
        if found := self._nearest(plain):
            return found
        openers = [self.kind_of[word] for word in said if word in self.openers]
        if not openers:
            return ""
        rest = self._nearest(" ".join(word for word in said if word not in self.openers))
        if "thanks" in openers and (rest == "compliment" or len(openers) == len(said)):
            return "thanks"
        return openers[0] if len(openers) == len(said) else rest

    def _nearest(self, plain: str) -> str:
        if not plain:
            return ""
        if plain in self.kind_of:
            return self.kind_of[plain]
        # The ratio is what both have of the signs of both: no more than the shorter one twice.
        shortest, longest = -(-len(plain) * _NEAR // _REST), len(plain) * _REST // _NEAR
        first = bisect_left(self.by_length, shortest, key=len)
        end = bisect_right(self.by_length, longest, lo=first, key=len)
        found = process.extractOne(
            plain, self.by_length[first:end], scorer=fuzz.ratio, score_cutoff=_NEAR
        )
        return self.kind_of[found[0]] if found else ""
