"""Ranks the entries for a message, and decides whether to answer. In memory and pure.

Three parts, each between 0 and 1, are added: character pieces against the best single wording and
against all wordings of an entry, and stems against all that it says, its answer as well. Topics
that are not ours are ranked beside the entries, so that a message about someone's salary has
something better to be near to. Then a calibrated probability that the first entry is right decides
between an answer, choices, and none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.index import ByTerm, ByText, Floats, Words
from bot.knowledge.lexicon import Lexicon, Synonyms, weighted_stems
from bot.knowledge.model import (
    Answer,
    AppliesTo,
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
from bot.knowledge.normalise import normalise, pieces_of, stem, stop_words, words
from bot.knowledge.ragged import Places, ends, numbered, spans
from bot.knowledge.rules import without_fields
from bot.knowledge.small_talk import SmallTalkIndex, UrgentIndex

PARTS = ("wording pieces", "entry pieces", "entry stems")
ELSEWHERE = 0.6
"""What an entry for another sector or location keeps of its score: the asker's own come first."""
RANKED = 3
QUESTION_FROM = 3
"""Words of a question that, said word for word, is the entry's own whatever else is near."""
NEAR_EQUAL = 0.5
"""What a choice has of the first one's score at least; less is only noise to choose from."""
NEAREST = 32
"""Entries and topics, the nearest by all that they say, of which each wording is compared."""


@dataclass(frozen=True)
class Asker:
    """Where the asker works, by name, as far as it is known."""

    sectors: frozenset[str] = frozenset()
    location: str = ""


@dataclass(frozen=True)
class Ranking:
    """The best entries and topics for a message, and what tells how sure that is.

    `features` is empty when there are no hits.
    """

    hits: tuple[Hit, ...] = ()
    topic: Topic | None = None
    topic_score: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Wordings:
    """Each single wording of all entries and topics; those of one stand side by side."""

    starts: Places
    pieces: ByText

    def best(self, query: Mapping[str, float], near: Floats) -> Floats:
        """Return the cosine of the best wording of each entry; 0 for all but the nearest."""
        places = _greatest(near, NEAREST)
        firsts = self.starts[places]
        counts = self.starts[places + 1] - firsts
        found = np.zeros(len(near), np.float32)
        cosines = self.pieces.cosines(query, firsts, counts)
        found[places] = np.maximum.reduceat(cosines, ends(counts)[:-1])
        return found


@dataclass(frozen=True)
class Matcher:
    """The FAQ, indexed. Entries stand in order of id, so that the order they came in is nothing."""

    entries: tuple[Entry, ...]
    topics: tuple[Topic, ...]
    lexicon: Lexicon
    wordings: Wordings
    entry_pieces: ByTerm
    entry_stems: ByTerm
    verbatim: Mapping[str, Sequence[int]]
    elsewhere: Sequence[tuple[AppliesTo, Places]]
    small_talk: SmallTalkIndex
    urgent: UrgentIndex
    calibration: Calibration

    @classmethod
    def build(
        cls, faq: Faq, synonyms: Synonyms, calibration: Calibration | None = None
    ) -> "Matcher":
        """Index all wordings (titles, variants, tags, examples) and all whole entries."""
        entries = tuple(sorted(faq.entries, key=lambda entry: entry.id))
        topics = tuple(sorted(faq.topics, key=lambda topic: topic.id))
        subjects = [*map(_of_entry, entries), *map(_of_topic, topics)]
        plain = [[normalise(text) for text in one.texts] for one in subjects]
        known, texts = numbered(text.split() for of_one in plain for text in of_one)
        sizes = [(one.wordings, one.asked, len(one.texts)) for one in subjects]
        wordings, asked, said = np.asarray(sizes, np.int64).reshape(-1, 3).T
        starts = ends(said)[:-1]
        pieces = Words.of(map(pieces_of, known))
        stems = Words.of([] if word in stop_words() else [stem(word)] for word in known)
        single = ByText.build(texts.take(spans(starts, wordings)), pieces)
        questions = texts.take(spans(starts, asked)).joined(asked)
        return cls(
            entries=entries,
            topics=topics,
            lexicon=Lexicon.of(known, synonyms),
            wordings=Wordings(ends(wordings), single),
            entry_pieces=ByTerm.build(questions, pieces),
            entry_stems=ByTerm.build(texts.joined(said), stems),
            verbatim=_verbatim(plain, [len(one.questions) for one in subjects]),
            elsewhere=_by_place(entries),
            small_talk=SmallTalkIndex.build(faq.small_talk),
            urgent=UrgentIndex.build(faq.urgent),
            calibration=calibration or Calibration.shipped(),
        )

    def match(self, text: str, asker: Asker, thresholds: Thresholds) -> Outcome:
        """Decide what a message meets."""
        kind = self.small_talk.kind(text)
        if kind:
            return SmallTalk(kind)
        ranking = self.rank(text, asker)
        hits, topic = ranking.hits, ranking.topic
        least = thresholds.not_ours * sum(self.calibration.parts.values())
        chance = self.calibration.probability(ranking.features) if hits else 0.0
        if hits and chance >= thresholds.answer:
            return Answer(hits[0], chance)
        if topic and ranking.topic_score >= max(least, hits[0].score if hits else 0.0):
            return NotOurs(topic, ranking.topic_score)
        if hits and chance >= thresholds.choices:
            return Choices(_near_equal(hits), chance)
        return NoAnswer(chance)

    def rank(self, text: str, asker: Asker) -> Ranking:
        """Rank the entries; a message of stop words only has no hits."""
        meant = self.lexicon.expand(words(text))
        if not (self.entries or self.topics) or not weighted_stems(meant):
            return Ranking()
        parts = self.parts(meant)
        weights = self.calibration.part_weights(PARTS)
        scores = weights @ parts
        scores[self.verbatim.get(normalise(text), [])] = weights.sum()
        count = len(self.entries)
        own = self._own_first(scores[:count], asker)
        best = _first(own, RANKED)
        topics = _first(scores[count:], 1)
        topic_score = float(scores[count + topics[0]]) if topics else 0.0
        return Ranking(
            hits=tuple(self._hit(place, own, parts) for place in best),
            topic=self.topics[topics[0]] if topics else None,
            topic_score=topic_score,
            features=self._features(meant, parts[:, :count], own, best, topic_score),
        )

    def parts(self, meant: Mapping[str, float]) -> Floats:
        """Return a row a part, a column an entry or topic."""
        by_piece: dict[str, float] = {}
        for word, weight in meant.items():
            for piece in pieces_of(word):
                by_piece[piece] = max(by_piece.get(piece, 0.0), weight)
        pieces = self.entry_pieces.cosines(by_piece)
        stems = self.entry_stems.cosines(weighted_stems(meant))
        return np.stack([self.wordings.best(by_piece, pieces + stems), pieces, stems])

    def _own_first(self, scores: Floats, asker: Asker) -> Floats:
        own = scores.copy()
        for place, entries in self.elsewhere:
            if not fits(place, asker):
                own[entries] *= ELSEWHERE
        return own

    def _hit(self, place: int, scores: Floats, parts: Floats) -> Hit:
        reasons = dict(zip(PARTS, map(float, parts[:, place]), strict=True))
        return Hit(self.entries[place], float(scores[place]), reasons)

    def _features(
        self,
        meant: Mapping[str, float],
        parts: Floats,
        scores: Floats,
        best: Sequence[int],
        topic_score: float,
    ) -> dict[str, float]:
        """Return what the calibration looks at; shares between 0 and 1 where not said otherwise."""
        if not best:
            return {}
        first, *others = best
        top = float(scores[first])
        second = float(scores[others[0]]) if others else 0.0
        typed = [word for word, weight in meant.items() if weight == 1 and word not in stop_words()]
        return {
            "score": top,
            "margin": (top - second) / top,
            "topic": (top - topic_score) / max(top, topic_score),
            "explained": self._explained(meant, first),
            "agreement": float(np.mean(np.argmax(parts, axis=1) == first)),
            "unknown": sum(not self.lexicon.knows(word) for word in typed) / len(typed),
            "length": float(np.log1p(len(typed))),
            **{name: float(part[first]) for name, part in zip(PARTS, parts, strict=True)},
        }

    def _explained(self, meant: Mapping[str, float], place: int) -> float:
        """Return how much of the message's content, by rarity, the entry's own words hold."""
        total, found = 0.0, 0.0
        for term, weight in weighted_stems(meant).items():
            worth = self.entry_stems.terms.rarity(term)
            total += worth * (weight == 1)
            found += worth * weight * self.entry_stems.holds(term, place)
        return min(found / total, 1.0)


@dataclass(frozen=True)
class _Subject:
    """What is indexed of an entry or a topic. Tags count twice, but are no whole questions."""

    questions: tuple[str, ...]
    tags: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()

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


def _of_entry(entry: Entry) -> _Subject:
    questions = (without_fields(entry.title), *entry.variants)
    return _Subject(questions, entry.tags, (without_fields(entry.answer),))


def _of_topic(topic: Topic) -> _Subject:
    return _Subject((topic.title, *topic.examples))


def _verbatim(plain: Sequence[Sequence[str]], counts: Sequence[int]) -> dict[str, list[int]]:
    """Return who says a whole question; shorter ones say too little to be sure of."""
    found: dict[str, list[int]] = {}
    for place, (texts, count) in enumerate(zip(plain, counts, strict=True)):
        for text in set(texts[:count]):
            if text.count(" ") >= QUESTION_FROM - 1:
                found.setdefault(text, []).append(place)
    return found


def _by_place(entries: Sequence[Entry]) -> list[tuple[AppliesTo, Places]]:
    """Return the entries of each place, without those that are for all."""
    places: dict[AppliesTo, list[int]] = {}
    for number, entry in enumerate(entries):
        if entry.applies_to != AppliesTo():
            places.setdefault(entry.applies_to, []).append(number)
    return [(place, np.asarray(numbers, np.int64)) for place, numbers in places.items()]


def _greatest(figures: Floats, count: int) -> Places:
    """Return the places of the greatest figures, in no order of size."""
    if len(figures) <= count:
        return np.arange(len(figures))
    return np.sort(np.argpartition(-figures, count)[:count])


def _first(figures: Floats, count: int) -> list[int]:
    """Return the places of the greatest figures above 0, in order; of equals the first."""
    left, found = figures.copy(), list[int]()
    while len(found) < min(count, len(left)) and left[place := int(np.argmax(left))] > 0:
        found.append(place)
        left[place] = 0
    return found


def _near_equal(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if hit.score >= NEAR_EQUAL * hits[0].score)


def fits(place: AppliesTo, asker: Asker) -> bool:
    """Tell whether what is for these sectors and locations is for the asker.

    What is not known of an asker excludes nothing.
    """
    sector = not place.sectors or not asker.sectors or asker.sectors & set(place.sectors)
    location = not place.locations or not asker.location or asker.location in place.locations
    return bool(sector and location)


def applies(entry: Entry, asker: Asker) -> bool:
    """Tell whether an entry is for someone there."""
    return fits(entry.applies_to, asker)
