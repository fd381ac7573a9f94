"""Ranks the entries for a message, and decides whether to answer. In memory and pure.

How near it is to each is a sum of parts. Topics that are not ours are ranked beside the entries, so
that a message about someone's salary has something better to be near to. Then a calibrated
probability that the first entry is right decides between an answer, choices, and none.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.index import Floats
from bot.knowledge.keyword import LOOKED_AT, concerns, is_about, keyword_of, speaking_of
from bot.knowledge.lexicon import Lexicon, Synonyms
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import (
    Answer,
    AppliesTo,
    Changes,
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
from bot.knowledge.normalise import normalise, normalised, stem, stop_words
from bot.knowledge.ragged import Places
from bot.knowledge.ranking import Ranking, certainty, first_of
from bot.knowledge.small_talk import SmallTalkIndex, UrgentIndex
from bot.knowledge.subjects import MEANING, Subject, Subjects
from bot.knowledge.updates import Built, changed_in

PARTS = ("pieces", "stems", "meaning")
"""What the rows of `Nearness.parts` are called; without word vectors there is no last one."""
ELSEWHERE = 0.6
"""What an entry for another sector or location keeps of its score: the asker's own come first."""
CHATTER = ("how_are_you", "who_are_you", "compliment", "insult", "bored_or_joke")
"""Small talk that is also ranked beside the entries: nobody says it in a fixed form."""
RANKED = 3
QUESTION_FROM = 2
"""Words of a question that, said word for word, is the entry's own whatever else is near.

One word alone is what there is about it, to choose from.
"""

RELATED = 0.2
"""Chance that the first entry is right, from which the nearest are shown to a coach to answer with.

Of the labelled messages in `tests/data` 94 are such as reach a coach. From 0.2 a right entry is
among those shown for 36 of the 41 that have one, and any at all for 3 of the 53 that have none.
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
    built: Built
    elsewhere: Sequence[tuple[AppliesTo, Places]]
    small_talk: SmallTalkIndex
    urgent: UrgentIndex
    calibration: Calibration

    @classmethod
    def build(
        cls,
        faq: Faq,
        synonyms: Synonyms,
        vectors: WordVectors | None = None,
        calibration: Calibration | None = None,
    ) -> "Matcher":
        """Index all wordings (titles, variants, tags, examples) and all whole entries.

        Without vectors it goes by the letters of words alone.
        """
        entries = tuple(sorted(faq.entries, key=lambda entry: entry.id))
        topics = tuple(sorted([*faq.topics, *chatter(faq)], key=lambda topic: topic.id))
        said = [*map(Subject.of_entry, entries), *map(Subject.of_topic, topics)]
        subjects = Subjects.build(said, vectors)
        return cls(
            entries=entries,
            topics=topics,
            lexicon=Lexicon.of(subjects.spoken(), synonyms),
            subjects=subjects,
            built=Built.of(subjects, entries),
            elsewhere=_by_place(entries),
            small_talk=SmallTalkIndex.build(faq.small_talk),
            urgent=UrgentIndex.build(faq.urgent),
            calibration=calibration or Calibration.shipped(meaning=vectors is not None),
        )

    def updated(self, changes: Changes) -> "Matcher":
        """Return the matcher with some entries changed; that takes much less time than `build`.

        How rare a term is stays what it was when the index was built whole, so that scores differ a
        little from those of one that is built whole again.
        """
        entries, built = changed_in(self.entries, changes), self.built.with_changes(changes)
        subjects = built.over(entries)
        return replace(
            self,
            entries=entries,
            lexicon=self.lexicon.of_words(subjects.spoken()),
            subjects=subjects,
            built=built,
            elsewhere=_by_place(entries),
        )

    def match(self, text: str, asker: Asker, thresholds: Thresholds) -> Outcome:
        """Decide what a message meets."""
        kind = self.small_talk.kind(text)
        if kind:
            return SmallTalk(kind)
        keyword = keyword_of(text)
        ranking = self.rank(text, asker, LOOKED_AT if keyword else RANKED)
        if keyword:
            return self._meant_by(keyword, ranking, thresholds)
        hits, topic = ranking.hits, ranking.topic
        least = self.calibration.not_ours * sum(self.calibration.parts.values())
        chance = self.chance(ranking)
        if hits and chance >= thresholds.answer:
            return Answer(hits[0], chance)
        nearest = topic and ranking.topic_score >= max(least, hits[0].score if hits else 0.0)
        if nearest and (elsewhere := _elsewhere(ranking)):
            return elsewhere
        if hits and (chance >= thresholds.choices or self._named(text, hits)):
            return Choices(self._near_equal(hits), chance)
        return NoAnswer(chance, hits[0].entry if hits else None)

    def _meant_by(self, keyword: str, ranking: Ranking, thresholds: Thresholds) -> Outcome:
        """Return what a message of one telling word meets."""
        wanted = set(map(stem, self.lexicon.expand([keyword])))
        hits, chance = ranking.hits, self.chance(ranking)
        named = speaking_of(wanted, hits)
        if len(named) == 1 and chance >= thresholds.answer and is_about(wanted, named[0].entry):
            return Answer(named[0], chance)
        first = named[0].score if named else 0.0
        nearest = ranking.topic and ranking.topic_score > first and concerns(wanted, ranking.topic)
        if nearest and (elsewhere := _elsewhere(ranking)):
            return elsewhere
        if named or chance >= thresholds.choices:
            return Choices((named or hits)[:RANKED], chance)
        return NoAnswer(chance, hits[0].entry if hits else None)

    def _near_equal(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        least = self.calibration.near_equal * hits[0].score
        return tuple(hit for hit in hits if hit.score >= least)

    def _named(self, text: str, hits: Sequence[Hit]) -> bool:
        """Tell whether a message is a tag of one of these and no more: then they may be meant."""
        plain = normalise(text)
        return any(plain in normalised(hit.entry.tags) for hit in hits)

    def chance(self, ranking: Ranking) -> float:
        """Return the chance, 0 to 1, that the first entry is right."""
        return self.calibration.probability(ranking.features) if ranking.hits else 0.0

    def rank(self, text: str, asker: Asker, most: int = RANKED) -> Ranking:
        """Rank the entries, at most so many; a message of stop words only has no hits."""
        plain = normalise(text)
        meant = self.lexicon.expand(plain.split())
        typed = [word for word, weight in meant.items() if weight == 1 and word not in stop_words()]
        if not typed or not (self.entries or self.topics):
            return Ranking()
        near = self.subjects.near(meant)
        scores = self._weights @ near.parts
        if plain.count(" ") >= QUESTION_FROM - 1 and (said := self.subjects.saying(plain)):
            scores[said] = self._weights.sum()
        count = len(self.entries)
        own = self._own_first(scores[:count], asker)
        best = first_of(own, most)
        hits = tuple([Hit(self.entries[number], float(own[number])) for number in best])
        topics = first_of(scores[count:], 1)
        topic_score = float(scores[count + topics[0]]) if topics else 0.0
        return Ranking(
            hits=hits,
            topic=self.topics[topics[0]] if topics else None,
            topic_score=topic_score,
            features={
                **certainty(hits, topic_score),
                **near.certainty(best[0], count),
                "length": math.log1p(len(typed)),
            }
            if hits
            else {},
        )

    @cached_property
    def _weights(self) -> Floats:
        """What each part weighs; without word vectors there is no last one."""
        return self.calibration.part_weights(PARTS if self.subjects.vectors else PARTS[:MEANING])

    def related(self, text: str, asker: Asker) -> tuple[Hit, ...]:
        """Return the entries that have enough of a text to help somebody who answers it."""
        ranking = self.rank(text, asker)
        return self._near_equal(ranking.hits) if self.chance(ranking) >= RELATED else ()

    def parts(self, meant: Mapping[str, float]) -> Floats:
        """Return a row a part, a column an entry or topic."""
        return self.subjects.near(meant).parts

    def _own_first(self, scores: Floats, asker: Asker) -> Floats:
        own = scores.copy()
        for place, entries in self.elsewhere:
            if not fits(place, asker):
                own[entries] *= ELSEWHERE
        return own


def chatter(faq: Faq) -> list[Topic]:
    """Return as topics the small talk that people put into words of their own."""
    return [
        Topic(f"small talk: {kind}", texts[0], "", texts[1:], kind)
        for kind, texts in faq.small_talk.items()
        if kind in CHATTER and texts
    ]


def _elsewhere(ranking: Ranking) -> Outcome | None:
    """Return what is said of the nearest topic; None where it only says that no entry is meant."""
    match ranking.topic:
        case Topic(small_talk=kind) if kind:
            return SmallTalk(kind)
        case Topic(where=where) as topic if where:
            return NotOurs(topic, ranking.topic_score)
        case _:
            return None


def _by_place(entries: Sequence[Entry]) -> list[tuple[AppliesTo, Places]]:
    """Return the entries of each place, without those that are for all."""
    places: dict[AppliesTo, list[int]] = {}
    for number, entry in enumerate(entries):
        if entry.applies_to.sectors or entry.applies_to.locations:
            places.setdefault(entry.applies_to, []).append(number)
    return [(place, np.asarray(numbers, np.int64)) for place, numbers in places.items()]


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
