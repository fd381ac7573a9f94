"""Ranks the entries for a message, and decides whether to answer. In memory and pure.

Three parts, each between 0 and 1, are added: character pieces against the best single wording and
against all that an entry says, and stems against all that it says. Topics that are not ours are ranked beside the
entries, so that a message about someone's salary has something better to be near to. Then a
calibrated probability that the first entry is right decides between an answer, choices, and none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.index import Floats, TermIndex
from bot.knowledge.lexicon import Lexicon, Synonyms, weighted_stems
from bot.knowledge.model import (
    Answer,
    Choices,
    Entry,
    Faq,
    Hit,
    NoAnswer,
    NotOurs,
    Outcome,
    SmallTalk,
    Topic,
)
from bot.knowledge.normalise import content, pieces, pieces_of, stems, stop_words, words
from bot.knowledge.small_talk import SmallTalkIndex

PARTS = ("wording pieces", "entry pieces", "entry stems")
TAG_WEIGHT = 2
ELSEWHERE = 0.6
"""What an entry for another sector or location keeps of its score: the asker's own come first."""
RANKED = 3


@dataclass(frozen=True)
class Asker:
    """Where the asker works, by name, as far as it is known."""

    sectors: frozenset[str] = frozenset()
    location: str = ""


@dataclass(frozen=True)
class Ranking:
    """The best entries and topics for a message, and what tells how sure that is."""

    hits: tuple[Hit, ...]
    topic: Topic | None
    topic_score: float
    features: Mapping[str, float]


@dataclass(frozen=True)
class Matcher:
    """The FAQ, indexed. Building takes a second for 1,000 entries; asking a few milliseconds."""

    entries: tuple[Entry, ...]
    topics: tuple[Topic, ...]
    lexicon: Lexicon
    first_wording: np.ndarray[tuple[int], np.dtype[np.int64]]
    wording_pieces: TermIndex
    entry_pieces: TermIndex
    entry_stems: TermIndex
    vocabulary: tuple[frozenset[str], ...]
    small_talk: SmallTalkIndex
    calibration: Calibration = field(default_factory=Calibration.shipped)

    @classmethod
    def build(
        cls, faq: Faq, synonyms: Synonyms, calibration: Calibration | None = None
    ) -> "Matcher":
        """Index all wordings (titles, variants, tags, examples) and all whole entries."""
        subjects = [*map(_of_entry, faq.entries), *map(_of_topic, faq.topics)]
        wordings = [text for subject in subjects for text in subject.wordings]
        counts = [len(subject.wordings) for subject in subjects]
        return cls(
            entries=faq.entries,
            topics=faq.topics,
            lexicon=Lexicon.of((subject.whole for subject in subjects), synonyms),
            first_wording=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
            wording_pieces=TermIndex.build([pieces(text) for text in wordings]),
            entry_pieces=TermIndex.build([pieces(subject.whole) for subject in subjects]),
            entry_stems=TermIndex.build([stems(subject.whole) for subject in subjects]),
            vocabulary=tuple(content(subject.whole) for subject in subjects),
            small_talk=SmallTalkIndex.build(faq.small_talk),
            calibration=calibration or Calibration.shipped(),
        )

    def match(self, text: str, asker: Asker, thresholds: Thresholds) -> Outcome:
        """Decide what a message meets."""
        kind = self.small_talk.kind(text)
        if kind:
            return SmallTalk(kind)
        ranking = self.rank(text, asker)
        if not ranking.hits:
            return NoAnswer(0.0)
        chance = self.calibration.probability(ranking.features)
        if chance >= thresholds.answer:
            return Answer(ranking.hits[0], chance)
        if ranking.topic and ranking.topic_score > ranking.hits[0].score:
            return NotOurs(ranking.topic, ranking.topic_score)
        if chance >= thresholds.choices:
            return Choices(ranking.hits, chance)
        return NoAnswer(chance)

    def rank(self, text: str, asker: Asker) -> Ranking:
        """Rank the entries; a message without a word of the FAQ has no hits."""
        meant = self.lexicon.expand(words(text))
        parts = self._parts(meant)
        scores = self.calibration.part_weights(PARTS) @ parts
        count = len(self.entries)
        own = scores[:count] * self._own_first(asker)
        best = np.argsort(-own, kind="stable")[:RANKED]
        hits = tuple(
            Hit(
                self.entries[place],
                float(own[place]),
                dict(zip(PARTS, map(float, parts[:, place]), strict=True)),
            )
            for place in best
            if own[place] > 0
        )
        topic = int(np.argmax(scores[count:])) if self.topics else -1
        topic_score = float(scores[count + topic]) if self.topics else 0.0
        return Ranking(
            hits=hits,
            topic=self.topics[topic] if topic_score > 0 else None,
            topic_score=topic_score,
            features=self._features(meant, parts[:, :count], own, best, topic_score),
        )

    def _parts(self, meant: Mapping[str, float]) -> Floats:
        """Return a row a part, a column an entry or topic."""
        by_piece: dict[str, float] = {}
        for word, weight in meant.items():
            for piece in pieces_of(word):
                by_piece[piece] = max(by_piece.get(piece, 0.0), weight)
        return np.stack(
            [
                self._best_wording(self.wording_pieces.cosines(by_piece)),
                self.entry_pieces.cosines(by_piece),
                self.entry_stems.cosines(weighted_stems(meant)),
            ]
        )

    def _best_wording(self, cosines: Floats) -> Floats:
        return np.asarray(np.maximum.reduceat(cosines, self.first_wording), np.float32)

    def _own_first(self, asker: Asker) -> Floats:
        return np.asarray(
            [1.0 if applies(entry, asker) else ELSEWHERE for entry in self.entries], np.float32
        )

    def _features(
        self,
        meant: Mapping[str, float],
        parts: Floats,
        scores: Floats,
        best: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]],
        topic_score: float,
    ) -> dict[str, float]:
        """Return what the calibration looks at; shares between 0 and 1 where not said otherwise."""
        first = int(best[0])
        second = float(scores[best[1]]) if len(best) > 1 else 0.0
        top = float(scores[first])
        typed = [word for word, weight in meant.items() if weight == 1 and word not in stop_words()]
        return {
            "score": top,
            "margin": (top - second) / max(top, 1e-9),
            "topic": (top - topic_score) / max(top, topic_score, 1e-9),
            "explained": self._explained(meant, first),
            "agreement": float(np.mean(np.argmax(parts, axis=1) == first)),
            "unknown": sum(not self.lexicon.knows(word) for word in typed) / max(len(typed), 1),
            "length": float(np.log1p(len(typed))),
            **{name: float(part[first]) for name, part in zip(PARTS, parts, strict=True)},
        }

    def _explained(self, meant: Mapping[str, float], place: int) -> float:
        """Return how much of the message's content, by rarity, the entry's own words hold."""
        index, total, found = self.entry_stems, 0.0, 0.0
        rarest = float(index.idf.max(initial=1.0))
        own = self.vocabulary[place]
        for one, weight in weighted_stems(meant).items():
            term = index.terms.get(one)
            worth = rarest if term is None else float(index.idf[term])
            total += worth * (weight == 1)
            found += worth * weight if one in own else 0.0
        return min(found / total, 1.0) if total else 0.0


@dataclass(frozen=True)
class _Subject:
    wordings: tuple[str, ...]
    whole: str


def _of_entry(entry: Entry) -> _Subject:
    wordings = (entry.title, *entry.variants, *entry.tags)
    return _Subject(wordings, " ".join([*wordings, *entry.tags * (TAG_WEIGHT - 1), entry.answer]))


def _of_topic(topic: Topic) -> _Subject:
    wordings = (topic.title, *topic.examples)
    return _Subject(wordings, " ".join(wordings))


def applies(entry: Entry, asker: Asker) -> bool:
    """Tell whether an entry is for someone there; an unknown place excludes nothing."""
    sectors, locations = entry.applies_to.sectors, entry.applies_to.locations
    return (not sectors or not asker.sectors or bool(asker.sectors & set(sectors))) and (
        not locations or not asker.location or asker.location in locations
    )
