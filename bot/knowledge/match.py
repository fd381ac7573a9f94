"""Ranks the entries for a message, and decides whether to answer. In memory and pure.

How near it is to each is a sum of parts. Topics that are not ours are ranked beside the entries, so
that a message about someone's salary has something better to be near to. Then a calibrated
probability that the first entry is right decides between an answer, choices, and none.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.index import Floats
from bot.knowledge.lexicon import Lexicon, Synonyms
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
from bot.knowledge.normalise import normalise, stop_words
from bot.knowledge.ragged import Places
from bot.knowledge.ranking import Ranking, certainty, first_of
from bot.knowledge.small_talk import SmallTalkIndex, UrgentIndex
from bot.knowledge.subjects import Subject, Subjects, whole_questions

PARTS = ("wording pieces", "entry pieces", "entry stems")
"""What the rows of `Nearness.parts` are called."""
ELSEWHERE = 0.6
"""What an entry for another sector or location keeps of its score: the asker's own come first."""
RANKED = 3
QUESTION_FROM = 3
"""Words of a question that, said word for word, is the entry's own whatever else is near."""
NEAR_EQUAL = 0.5
"""What a choice has of the first one's score at least; less is only noise to choose from."""

RELATED = 0.16
"""Share of the highest score from which an entry is shown to a coach as one to answer with.

Of the 240 labelled messages in `tests/data`, 106 are such as reach a coach. From 0.16 a right entry
is among those shown for 29 of the 53 that have one, and any at all for 10 of the 53 that have none;
without a floor those are 47 and 53, and five of six lines are unrelated. It is also what a message
must have of a topic to be sent elsewhere (`Thresholds.not_ours`).
"""


@dataclass(frozen=True)
class Asker:
    """Where the asker works, by name, as far as it is known."""

    sectors: frozenset[str] = frozenset()
    location: str = ""


@dataclass(frozen=True)
class Matcher:
    """The FAQ, indexed. Entries stand in order of id, so that the order they came in is nothing."""

    entries: tuple[Entry, ...]
    topics: tuple[Topic, ...]
    lexicon: Lexicon
    subjects: Subjects
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
        said = [*map(Subject.of_entry, entries), *map(Subject.of_topic, topics)]
        subjects = Subjects.build(said)
        return cls(
            entries=entries,
            topics=topics,
            lexicon=Lexicon.of(subjects.pieces.rows, synonyms),
            subjects=subjects,
            verbatim=whole_questions(said, QUESTION_FROM),
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
        return NoAnswer(chance, hits[0].entry if hits else None)

    def rank(self, text: str, asker: Asker) -> Ranking:
        """Rank the entries; a message of stop words only has no hits."""
        plain = normalise(text)
        meant = self.lexicon.expand(plain.split())
        typed = [word for word, weight in meant.items() if weight == 1 and word not in stop_words()]
        if not typed or not (self.entries or self.topics):
            return Ranking()
        near = self.subjects.near(meant)
        weights = self.calibration.part_weights(PARTS)
        scores = weights @ near.parts
        for subject in self.verbatim.get(plain, ()):
            scores[subject] = weights.sum()
        count = len(self.entries)
        own = self._own_first(scores[:count], asker)
        best = first_of(own, RANKED)
        hits = tuple(self._hit(number, own, near.parts) for number in best)
        topics = first_of(scores[count:], 1)
        topic_score = float(scores[count + topics[0]]) if topics else 0.0
        return Ranking(
            hits=hits,
            topic=self.topics[topics[0]] if topics else None,
            topic_score=topic_score,
            features={
                **certainty(hits, topic_score),
                **self._understood(typed),
                "explained": near.explained(best[0]),
                "agreement": near.agreement(best[0], count),
            }
            if hits
            else {},
        )

    def related(self, text: str, asker: Asker) -> tuple[Hit, ...]:
        """Return the entries that have enough of a text to help somebody who answers it."""
        least = RELATED * sum(self.calibration.parts.values())
        return tuple(hit for hit in self.rank(text, asker).hits if hit.score >= least)

    def parts(self, meant: Mapping[str, float]) -> Floats:
        """Return a row a part, a column an entry or topic."""
        return self.subjects.near(meant).parts

    def _own_first(self, scores: Floats, asker: Asker) -> Floats:
        own = scores.copy()
        for place, entries in self.elsewhere:
            if not fits(place, asker):
                own[entries] *= ELSEWHERE
        return own

    def _hit(self, number: int, scores: Floats, parts: Floats) -> Hit:
        reasons = dict(zip(PARTS, parts[:, number].tolist(), strict=True))
        return Hit(self.entries[number], float(scores[number]), reasons)

    def _understood(self, typed: Sequence[str]) -> dict[str, float]:
        """Return features of the message alone, by the words that are no stop words."""
        unknown = sum(not self.lexicon.knows(word) for word in typed)
        return {"unknown": unknown / len(typed), "length": math.log1p(len(typed))}


def _by_place(entries: Sequence[Entry]) -> list[tuple[AppliesTo, Places]]:
    """Return the entries of each place, without those that are for all."""
    places: dict[AppliesTo, list[int]] = {}
    for number, entry in enumerate(entries):
        if entry.applies_to != AppliesTo():
            places.setdefault(entry.applies_to, []).append(number)
    return [(place, np.asarray(numbers, np.int64)) for place, numbers in places.items()]


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
