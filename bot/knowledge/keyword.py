"""What is meant by a message of one word that tells something: 'canvas', 'de beamer?'. Pure.

It names a subject and asks nothing, so what speaks of that subject is shown to choose from. It is
answered only when one entry alone speaks of it, and is about it.
"""

from collections.abc import Collection, Iterable

from bot.knowledge.model import Entry, Hit, Topic
from bot.knowledge.normalise import stem, stop_words, words
from bot.knowledge.rules import without_fields

MOST_WORDS = 2
LOOKED_AT = 20
"""Entries, the nearest first, of which is seen whether they speak of a keyword."""
OFTEN = 0.3
"""Share of a topic's examples that have a keyword, for the topic to be about it."""


def keyword_of(text: str) -> str:
    """Return the only word of a message that tells something; empty when it is no such message."""
    said = words(text)
    if len(said) > MOST_WORDS:
        return ""
    telling = [word for word in said if word not in stop_words()]
    return telling[0] if len(telling) == 1 else ""


def speaking_of(wanted: Collection[str], hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the hits whose entry has one of these stems in its title or tags, in their order."""
    return tuple(hit for hit in hits if _has(wanted, hit.entry.title, *hit.entry.tags))


def is_about(wanted: Collection[str], entry: Entry) -> bool:
    """Tell whether an entry has one of these stems in its title, or as a tag of its own."""
    tags = (words(tag) for tag in entry.tags)
    alone = any(len(tag) == 1 and stem(tag[0]) in wanted for tag in tags)
    return alone or _has(wanted, entry.title)


def concerns(wanted: Collection[str], topic: Topic) -> bool:
    """Tell whether a topic has one of these stems in its title, or in many of its examples."""
    having = sum(_has(wanted, example) for example in topic.examples)
    return _has(wanted, topic.title) or having >= max(OFTEN * len(topic.examples), 1)


def _has(wanted: Collection[str], *texts: str) -> bool:
    return any(stem(word) in wanted for text in texts for word in words(without_fields(text)))
