"""An index of what some subjects say: all of them, or those that changed since all were indexed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.knowledge.counted import Counted
from bot.knowledge.index import ByTerm, Floats
from bot.knowledge.meaning import Meanings, WordVectors
from bot.knowledge.ragged import Places, Ragged, ends, spans
from bot.knowledge.rows import WithRows
from bot.knowledge.terms import Query, Words


@dataclass(frozen=True)
class Sizes:
    """Of each subject how many of its texts are there, and how many but the answer, the last."""

    asked: Places
    said: Places

    @classmethod
    def of(cls, sizes: Iterable[tuple[int, int]]) -> "Sizes":
        return cls(*np.array(list(sizes), np.int64).reshape(-1, 2).T)


@dataclass(frozen=True)
class Layer:
    """The subjects have columns, from 0 on."""

    by_piece: WithRows
    by_stem: WithRows
    words: Ragged
    """Of each subject the different words that it says."""
    speakers: Places
    """Of each word how many subjects say it."""
    asked: Ragged
    """Of each subject the different words of its wordings."""
    meanings: Meanings | None = None
    """What those mean, where there are word vectors."""

    @classmethod
    def build(
        cls, texts: Ragged, sizes: Sizes, pieces: Words, stems: Words, like: "Layer | None"
    ) -> "Layer":
        """Index texts of words by their pieces and stems; rarity may be like another layer's."""
        asked = texts.take(spans(ends(sizes.said)[:-1], sizes.asked)).joined(sizes.asked)
        said, questions = Counted.of(texts.joined(sizes.said)), Counted.of(asked)
        rare = (like.by_piece.rarity, like.by_stem.rarity) if like else (None, None)
        return cls(
            WithRows.of(ByTerm.build(questions, pieces, rare[0])),
            WithRows.of(ByTerm.build(said, stems, rare[1]), content=True),
            said.terms,
            np.bincount(said.terms.values, minlength=len(pieces.known)),
            questions.terms,
        )

    def with_meanings(self, vectors: WordVectors | None, words: Words) -> "Layer":
        """Return the same with what the words of the wordings mean, if there are vectors."""
        if not vectors:
            return self
        return replace(self, meanings=Meanings.build(self.asked, list(words.known), vectors))

    @property
    def size(self) -> int:
        """How many subjects."""
        return self.by_piece.size

    def under(self, other: "Layer") -> "Layer":
        """Return the same beside a layer that came later, whose words may have terms of its own."""
        return replace(
            self,
            by_piece=self.by_piece.widened(other.by_piece.rarity),
            by_stem=self.by_stem.widened(other.by_stem.rarity),
        )

    def speakers_but(self, gone: Places) -> Places:
        """Return of each word how many subjects say it, without some of them."""
        unsaid = self.words.take(gone).values
        return self.speakers - np.bincount(unsaid, minlength=len(self.speakers))

    def near(self, pieces: Query, stems: Query, tells: Mapping[str, float]) -> Floats:
        """Compare a message with what the subjects say: a column a subject.

        The rows: how much of the message's content each holds, cosine by pieces, cosine by stems,
        and where there are vectors how well its words say what those mean that tell something.
        """
        rows: Floats = np.empty((4 if self.meanings else 3, self.size), np.float32)
        (rows[1],) = self.by_piece.near(pieces)
        rows[2], rows[0] = self.by_stem.near(stems)
        np.minimum(rows[1:3], 1, out=rows[1:3])
        if self.meanings:
            rows[3] = self.meanings.near(tells)
        return rows


@dataclass(frozen=True)
class WholeQuestions:
    """Who says a question word for word, by number."""

    first: Mapping[str, int]
    also: Mapping[str, Sequence[int]]
    """Of questions that several say, the others."""

    @classmethod
    def of(cls, questions: Sequence[Iterable[str]]) -> "WholeQuestions":
        """Index what each of some subjects says."""
        first: dict[str, int] = {}
        also: dict[str, list[int]] = {}
        for number, said in enumerate(questions):
            for text in said:
                if first.setdefault(text, number) != number:
                    also.setdefault(text, []).append(number)
        return cls(first, also)

    def saying(self, text: str) -> list[int]:
        """Return who says it."""
        return [self.first[text], *self.also.get(text, ())] if text in self.first else []
