"""What entries and topics say, indexed, and how near a message is to each.

Three figures, each between 0 and 1: character pieces against all wordings of a subject, stems
against all that it says, its answer as well, and what the words mean against the words of its
wordings (left out where the program runs without word vectors).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, compress

import numpy as np

from bot.knowledge.index import Floats
from bot.knowledge.layer import Layer, Sizes, WholeQuestions
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Entry, Topic
from bot.knowledge.normalise import normalised, pieces_of, stem, stop_words
from bot.knowledge.ragged import Places, numbered_words
from bot.knowledge.rules import without_fields
from bot.knowledge.terms import Words

MEANING = 2
"""The row of `Nearness.parts` that is there with word vectors only."""


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
    def asked(self) -> int:
        """How many of the texts are not the answer, whose prose blurs what is asked."""
        return len(self.texts) - len(self.answer)


@dataclass(frozen=True)
class Nearness:
    """How near a message is: in `parts` a row a figure, a column a subject."""

    parts: Floats
    held: Floats
    """Of each subject, what its own words hold of the message's content, by rarity."""
    typed: float
    """The whole content of the message, by rarity, without what was only guessed."""

    told: float = 0.0
    """How much the message's words tell of what is asked, as far as vectors say so."""

    def certainty(self, subject: int, count: int) -> dict[str, float]:
        """Return features of how sure it is that one of the first `count` subjects is meant."""
        found = {
            "explained": min(float(self.held[subject]) / max(self.typed, 1e-9), 1.0),
            "agreement": self._agreement(subject, count),
        }
        if len(self.parts) > MEANING:
            words = self.parts[MEANING]
            found["meaning"] = float(words[subject] - words[count:].max(initial=0.0))
            found["told"] = math.log1p(self.told)
        return found

    def _agreement(self, subject: int, count: int) -> float:
        """Return the share of the figures by which it is the first of the first `count`."""
        firsts: list[int] = self.parts[:, :count].argmax(axis=1).tolist()
        return firsts.count(subject) / len(firsts)


@dataclass(frozen=True)
class Subjects:
    """All of them, by number, indexed by the pieces and by the stems of their words.

    Those that changed since the index was built stand in a second layer, over the first. `order`
    has for each subject its column, where those of the second layer follow those of the first;
    columns that are not in it are of what was changed or removed.
    """

    pieces: Words
    stems: Words
    layers: tuple[Layer, ...]
    whole: tuple[WholeQuestions, ...]
    """Of each layer."""
    order: Places
    vectors: WordVectors | None

    @classmethod
    def build(cls, subjects: Sequence[Subject], vectors: WordVectors | None = None) -> "Subjects":
        """Index subjects, whose numbers are their places."""
        order = np.arange(len(subjects))
        none = cls(Words.of((), pieces_of), Words.of((), _stems), (), (), order, vectors)
        return none._followed_by(subjects)

    def with_changed(self, changed: Sequence[Subject], order: Places) -> "Subjects":
        """Return subjects that were built whole with others over them.

        How rare a term is stays what it was, but for terms that only the others have.
        """
        return replace(self._followed_by(changed) if changed else self, order=order)

    def near(self, meant: Mapping[str, float]) -> Nearness:
        """Compare weighted words with all subjects."""
        pieces, stems = self.pieces.query(meant), self.stems.query(meant)
        tells = self.vectors.told(meant) if self.vectors else {}
        figures = self._ordered([layer.near(pieces, stems, tells) for layer in self.layers])
        worth = self.layers[0].by_stem.rarity.idf.take(stems.terms)
        typed = float(worth @ (stems.weights == 1))
        return Nearness(figures[1:], figures[0], typed, sum(tells.values()))

    def saying(self, question: str) -> list[int]:
        """Return the numbers of those that say a question word for word."""
        if not any(question in whole.first for whole in self.whole):
            return []
        columns = [
            first + column
            for first, whole in zip(self._firsts, self.whole, strict=True)
            for column in whole.saying(question)
        ]
        said: list[int] = np.isin(self.order, columns).nonzero()[0].tolist()
        return said

    def spoken(self) -> frozenset[str]:
        """Return all words that subjects say."""
        gone = np.ones(self.size, np.bool_)
        gone[self.order] = False
        held = np.zeros(len(self.pieces.known), np.int64)
        for first, layer in zip(self._firsts, self.layers, strict=True):
            left = layer.speakers_but(gone[first : first + layer.size].nonzero()[0])
            held[: len(left)] += left
        return frozenset(compress(self.pieces.known, held > 0))

    def _ordered(self, figures: Sequence[Floats]) -> Floats:
        """Return the columns of all layers in the order of the subjects."""
        if len(figures) == 1 and len(self.order) == self.size:
            return figures[0]  # none came, and none went
        return np.concatenate(figures, axis=-1).take(self.order, axis=-1)

    @cached_property
    def size(self) -> int:
        """How many columns there are."""
        return sum(layer.size for layer in self.layers)

    @property
    def _firsts(self) -> list[int]:
        """The first column of each layer."""
        return [0, *accumulate(layer.size for layer in self.layers[:-1])]

    def _followed_by(self, subjects: Sequence[Subject]) -> "Subjects":
        texts = (text for one in subjects for text in one.texts)
        known, rows = numbered_words(texts, self.pieces.known)
        pieces, stems = self.pieces.with_more(known), self.stems.with_more(known)
        sizes = Sizes.of((one.asked, len(one.texts)) for one in subjects)
        below = self.layers[0] if self.layers else None
        layer = Layer.build(rows, sizes, pieces, stems, below).with_meanings(self.vectors, pieces)
        layers = (below.under(layer), layer) if below else (layer,)
        whole = WholeQuestions.of([one.questions for one in subjects])
        return Subjects(pieces, stems, layers, (*self.whole, whole), self.order, self.vectors)


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(normalised(list(texts)))


def _stems(word: str) -> tuple[str, ...]:
    return () if word in stop_words() else (stem(word),)
