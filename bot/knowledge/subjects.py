"""What entries and topics say, indexed, and how near a message is to each.

Four figures, each between 0 and 1: character pieces against the best single wording and against
all wordings of a subject, stems against all that it says, its answer as well, and what the words
mean against the words of its wordings (left out where the program runs without word vectors).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.index import ByTerm, Floats, Found, Query, Wordings, Words
from bot.knowledge.meaning import Meanings, WordVectors
from bot.knowledge.model import Entry, Topic
from bot.knowledge.normalise import normalise, pieces_of, stem, stop_words
from bot.knowledge.ragged import Places, ends, numbered, spans
from bot.knowledge.rules import without_fields

MEANING = 3
"""The row of `Nearness.parts` that is there with word vectors only."""
NEAREST = 32
"""Subjects, the nearest by all that they say, of which each wording is compared."""


@dataclass(frozen=True)
class Subject:
    """What an entry or a topic says, normalised. Tags count twice, but are no whole questions."""

    questions: tuple[str, ...]
    tags: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()

    @classmethod
    def of_entry(cls, entry: Entry) -> "Subject":
        questions = _plain([without_fields(entry.title), *entry.variants])
        return cls(questions, _plain(entry.tags), _plain([without_fields(entry.answer)]))

    @classmethod
    def of_topic(cls, topic: Topic) -> "Subject":
        return cls(_plain([topic.title, *topic.examples]))

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.questions, *self.tags, *self.tags, *self.answer)

    @property
    def wordings(self) -> int:
        """How many of the texts, from the first on, are wordings."""
        return len(self.questions) + len(self.tags)

    @property
    def asked(self) -> int:
        """How many of the texts are not the answer, whose prose blurs what is asked."""
        return self.wordings + len(self.tags)


@dataclass(frozen=True)
class Nearness:
    """How near a message is: in `parts` a row a figure, a column a subject."""

    parts: Floats
    worth: Floats
    """Of each of the message's stems, by rarity."""
    stems: Query
    holders: Found
    told: float = 0.0
    """How much the message's words tell of what is asked, as far as vectors say so."""

    def certainty(self, subject: int, count: int) -> dict[str, float]:
        """Return features of how sure it is that one of the first `count` subjects is meant."""
        found = {
            "explained": self.explained(subject),
            "agreement": self._agreement(subject, count),
        }
        if len(self.parts) > MEANING:
            words = self.parts[MEANING]
            found["meaning"] = float(words[subject] - words[count:].max(initial=0.0))
            found["told"] = math.log1p(self.told)
        return found

    def explained(self, subject: int) -> float:
        """Return how much of the message's content, by rarity, the subject's own words hold."""
        typed = float(self.worth @ (self.stems.weights == 1))
        each = self.holders.spread(self.worth * self.stems.weights)
        return min(float(each @ (self.holders.texts == subject)) / max(typed, 1e-9), 1.0)

    def _agreement(self, subject: int, count: int) -> float:
        """Return the share of the figures by which it is the first of the first `count`."""
        firsts: list[int] = self.parts[:, :count].argmax(axis=1).tolist()
        return firsts.count(subject) / len(firsts)


@dataclass(frozen=True)
class Subjects:
    """All of them, by number, indexed by the pieces and by the stems of their words."""

    pieces: Words
    stems: Words
    wordings: Wordings
    by_piece: ByTerm
    by_stem: ByTerm
    meanings: Meanings | None

    @classmethod
    def build(cls, subjects: Sequence[Subject], vectors: WordVectors | None = None) -> "Subjects":
        known, texts = numbered(text.split() for one in subjects for text in one.texts)
        sizes = [(one.wordings, one.asked, len(one.texts)) for one in subjects]
        wordings, asked, said = np.asarray(sizes, np.int64).reshape(-1, 3).T
        starts = ends(said)[:-1]
        pieces, stems = Words.of(known, pieces_of), Words.of(known, _stems)
        single = texts.take(spans(starts, wordings))
        questions = texts.take(spans(starts, asked)).joined(asked)
        return cls(
            pieces,
            stems,
            Wordings.build(single, wordings, pieces),
            ByTerm.build(questions, pieces),
            ByTerm.build(texts.joined(said), stems),
            Meanings.build([(*one.questions, *one.tags) for one in subjects], vectors)
            if vectors
            else None,
        )

    def near(self, meant: Mapping[str, float]) -> Nearness:
        """Compare weighted words with all subjects."""
        pieces, stems = self.pieces.query(meant), self.stems.query(meant)
        found, holders = self.by_piece.find(pieces), self.by_stem.find(stems)
        by_piece = self.by_piece.cosines(pieces, found)
        by_stem = self.by_stem.cosines(stems, holders)
        best = self.wordings.best(pieces, found, _greatest(by_piece + by_stem, NEAREST))
        worth = self.by_stem.idf[stems.terms]
        parts, told = [best, by_piece, by_stem], 0.0
        if self.meanings:
            parts.append(self.meanings.near(meant))
            told = self.meanings.told(meant)
        return Nearness(np.array(parts), worth, stems, holders, told)


def whole_questions(subjects: Sequence[Subject], least: int) -> dict[str, list[int]]:
    """Return for each question of at least so many words the numbers of those that say it."""
    found: dict[str, list[int]] = {}
    for number, subject in enumerate(subjects):
        for text in set(subject.questions):
            if text.count(" ") >= least - 1:
                found.setdefault(text, []).append(number)
    return found


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(normalise, texts))


def _stems(word: str) -> tuple[str, ...]:
    return () if word in stop_words() else (stem(word),)


def _greatest(figures: Floats, count: int) -> Places:
    """Return the places of the greatest figures, in no order."""
    if len(figures) <= count:
        return np.arange(len(figures))
    return (-figures).argpartition(count)[:count]
