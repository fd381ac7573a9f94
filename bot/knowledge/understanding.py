"""How a message is read: as one question, as more, or as going on about the one before. Pure.

Whatever the other readings are, a certain answer to the message by itself is never given up. A
message that leaves what it is about to what was said before has none, and neither has one that
would undo what an entry only tells how to do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.calibration import Thresholds
from bot.knowledge.follow_up import (
    goes_on,
    is_fragment,
    names_nothing,
    says_little,
    subjects_of,
    together,
    undoes,
    whole_verb,
)
from bot.knowledge.lexicon import COMPOUND
from bot.knowledge.match import RANKED, Asker, Matcher
from bot.knowledge.model import Answer, Choices, Entry, Hit, NoAnswer, NotOurs, Outcome, SmallTalk
from bot.knowledge.normalise import stem, words
from bot.knowledge.rules import without_fields
from bot.knowledge.several import ways

SURE_APART = 0.5
"""Probability of each of several questions at least: for less a message is not cut up."""
EXPLAINED = 0.5
"""Share of the newer message's subjects that an entry speaks of, for it to be about both."""
_CLAUSE = re.compile(r"[.,:;?!\n]")


@dataclass(frozen=True)
class Understood:
    """One question of a message: what is stored of it, and what it met.

    `follows` is the question before it that it was read with, if any.
    """

    text: str
    outcome: Outcome
    follows: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads the messages of one asker."""

    matcher: Matcher
    asker: Asker
    thresholds: Thresholds

    def read(self, text: str, previous: str = "") -> tuple[Understood, ...]:
        """Return the questions of a message; `previous` was asked just before it, if anything."""
        alone = self._alone(text)
        if isinstance(alone, SmallTalk):
            return (Understood(text, alone),)
        if several := self._several(text, alone):
            return several
        if previous and goes_on(text):
            return (self._going_on(text, alone, previous),)
        return (Understood(text, alone),)

    def _alone(self, text: str) -> Outcome:
        """Match a message by itself. One that names nothing is certain about nothing.

        Nor is one that would undo something about what only tells how to do it.
        """
        outcome = self._match(text)
        if isinstance(outcome, Answer) and (says_little(text) or self._undoes(text, outcome)):
            return Choices((outcome.hit,), outcome.probability)
        return outcome

    def _undoes(self, text: str, answer: Answer) -> bool:
        verb = whole_verb(words(text))
        return undoes(verb) and not self._says(_stems(answer.hit.entry), verb)

    def _several(self, text: str, whole: Outcome) -> tuple[Understood, ...]:
        for parts in ways(text):
            read = tuple(Understood(part, self._match(part)) for part in parts)
            if _better_apart(whole, [one.outcome for one in read]):
                return read
        return ()

    def _going_on(self, text: str, alone: Outcome, previous: str) -> Understood:
        both = together(previous, text)
        joined = self._match(both)
        if isinstance(alone, Choices) and names_nothing(text):
            # What is near to 'hoe zet ik dat uit' by itself is near to its verb only.
            alone = NoAnswer(alone.probability)
        match alone, joined:
            case (NoAnswer(), Answer() | Choices()) if self._adds(joined, text, previous):
                return Understood(both, joined, previous)
            case (Choices() | NotOurs(), Answer()) if self._completes(joined, text):
                return Understood(both, joined, previous)
            case (NoAnswer(), NotOurs(topic=topic)) if self._topic(previous) == topic.id:
                return Understood(both, joined, previous)
            case (NoAnswer(), _):
                # Who is asked 'en daarna?' cannot help without what came before it.
                return Understood(both, NoAnswer(chance(alone), nearest_of(joined)), previous)
            case (Choices(), Answer()) if self._about(joined, text):
                return Understood(both, _either(alone, joined), previous)
            case _:
                return Understood(text, alone)

    def _adds(self, joined: Answer | Choices, text: str, previous: str) -> bool:
        """Tell whether it is about the message, and not just what left it open when it was read."""
        if not self._about(joined, text):
            return False
        before = self._match(previous) if names_nothing(text) else None
        first = hits_of(joined)[0].entry
        return not (isinstance(before, Answer) and before.hit.entry.id == first.id)

    def _completes(self, joined: Answer, text: str) -> bool:
        """Tell whether only the subject of a message was said before, and the rest is spoken of."""
        incomplete = is_fragment(text) or (says_little(text) and not names_nothing(text))
        return incomplete and self._about(joined, text, 1.0)

    def _about(self, joined: Answer | Choices, text: str, least: float = EXPLAINED) -> bool:
        """Tell whether what both met speaks of the newer message, not of the earlier one only."""
        said = _stems(hits_of(joined)[0].entry)
        subjects = subjects_of(text)
        spoken_of = sum(self._says(said, word) for word in subjects)
        return spoken_of > 0 and spoken_of >= least * len(subjects)

    def _says(self, said: frozenset[str], word: str) -> bool:
        """Tell whether a word, or what may be meant by it, is among these stems."""
        meant = self.matcher.lexicon.expand([word])
        if parts := [one for one, weight in meant.items() if weight == COMPOUND]:
            # Who asks about a coffee machine is not helped by any machine.
            return all(stem(part) in said for part in parts)
        others = self.matcher.lexicon.synonyms.of.get(word, {})
        return not said.isdisjoint(map(stem, (*meant, *others)))

    def _topic(self, text: str) -> str:
        outcome = self._match(text)
        return outcome.topic.id if isinstance(outcome, NotOurs) else ""

    def _match(self, text: str) -> Outcome:
        return self.matcher.match(text, self.asker, self.thresholds)


def chance(outcome: Outcome) -> float:
    """Return the probability that the first entry is right; 0 where there is none."""
    return 0.0 if isinstance(outcome, NotOurs | SmallTalk) else outcome.probability


def hits_of(outcome: Outcome) -> tuple[Hit, ...]:
    """Return what an outcome shows."""
    if isinstance(outcome, Answer):
        return (outcome.hit,)
    return outcome.hits if isinstance(outcome, Choices) else ()


def nearest_of(outcome: Outcome) -> Entry | None:
    """Return the entry that came nearest, whether it is shown or not."""
    if isinstance(outcome, NoAnswer):
        return outcome.nearest
    return next((hit.entry for hit in hits_of(outcome)), None)


def _better_apart(whole: Outcome, apart: Sequence[Outcome]) -> bool:
    """Tell whether to answer the parts: each is good, and nothing of the whole is lost."""
    met = {hit.entry.id for one in apart for hit in hits_of(one)[:1]}
    least = min(map(chance, apart))
    if len(met) < len(apart) or least < SURE_APART:
        return False
    answered = [one.hit.entry.id for one in apart if isinstance(one, Answer)]
    kept = any(hit.entry.id in answered for hit in hits_of(whole)[:1])
    return kept or least >= chance(whole)


def _either(alone: Choices, joined: Answer) -> Answer | Choices:
    """Return the answer that the message alone comes near to as well; else both, to choose from."""
    if joined.hit.entry.id in [hit.entry.id for hit in alone.hits]:
        return joined
    nearest, *others = alone.hits
    return Choices((nearest, joined.hit, *others)[:RANKED], alone.probability)


@lru_cache(maxsize=256)
def _stems(entry: Entry) -> frozenset[str]:
    said = (entry.title, *entry.variants, *entry.tags, entry.answer)
    clauses = [words(one) for text in said for one in _CLAUSE.split(without_fields(text))]
    verbs = filter(None, map(whole_verb, clauses))
    return frozenset(map(stem, (*verbs, *(word for clause in clauses for word in clause))))
