"""Reads what is typed beside questions for the FAQ: who waits, is helped, away, asks one. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

from bot.core.ids import QuestionId
from bot.i18n.text import asides
from bot.knowledge.normalise import words
from bot.routing.model import FIRST_CODE

LONGEST = 12
"""Words of a message that is about nothing else: who types more has something to ask."""
_CODE = re.compile(r"\bv ?(\d{4,9})\b")
_DAYS = {"today": 0, "tomorrow": 1, "after_tomorrow": 2}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waits:
    """Somebody asks how it goes with what they sent; `question` when they named it."""

    question: QuestionId | None = None


@dataclass(frozen=True)
class IsAway:
    """Somebody says that they are away from `first` up to and with `last`; None: no end."""

    first: date
    last: date | None


@dataclass(frozen=True)
class Asks:
    """Somebody wants to ask a person, by the words of a name that may be one."""

    name: tuple[str, ...]


@dataclass(frozen=True)
class IsHelped:
    """Somebody says that it is solved."""


Aside = Waits | IsAway | Asks | IsHelped


@dataclass(frozen=True)
class _Phrases:
    """Which messages are about one thing: all words of one phrase, and none but known words."""

    about: tuple[tuple[str, ...], ...]
    known: frozenset[str]

    @cached_property
    def every(self) -> frozenset[str]:
        """All words that such a message may have."""
        return self.known.union(*self.about)

    def fit(self, said: Sequence[str]) -> bool:
        held = frozenset(said)
        if len(said) > LONGEST or not held <= self.every:  # as nearly all messages
            return False
        fitting = [phrase for phrase in self.about if held.issuperset(phrase)]
        return any(held <= self.known.union(phrase) for phrase in fitting)


def understand(text: str, today: date) -> Aside | None:
    """Return what a message says that is no question for the FAQ; None for all others."""
    said = words(text)
    if code := _CODE.search(" ".join(said)):
        rest = _CODE.sub(" ", " ".join(said)).split()
        which = int(code[1]) - FIRST_CODE
        return Waits(QuestionId(which)) if _phrases("waiting").every >= set(rest) else None
    if _phrases("waiting").fit(said):
        return Waits()
    if _phrases("helped").fit(said) and not _asks_whether(text, said):
        return IsHelped()
    if _phrases("away").fit(said):
        return IsAway(*_span(said, today))
    name = _name(said)
    return Asks(name) if name else None


def _asks_whether(text: str, said: Sequence[str]) -> bool:
    """Tell whether a message asks if it is solved, in the words of who says so."""
    begins = (words(one) for one in asides()["helped"]["asks"])
    return "?" in text or any(list(said[: len(one)]) == list(one) for one in begins)


def asks_for_news(text: str) -> bool:
    """Tell whether who asks how it goes means what they sent, and surely nothing of the FAQ."""
    held = frozenset(words(text))
    return any(held.issuperset(words(phrase)) for phrase in asides()["waiting"]["news"])


@cache
def _phrases(kind: str) -> _Phrases:
    parts = asides()[kind]
    days = (word for name, texts in parts.items() if name != "about" for word in _words(texts))
    return _Phrases(tuple(tuple(words(one)) for one in parts["about"]), frozenset(days))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from words(text)


def _name(said: Sequence[str]) -> tuple[str, ...]:
    """Return what follows on the longest of the words that come before a name."""
    if not said or len(said) > LONGEST:
        return ()
    before = _before_names().get(said[0], ())
    found = next((one for one in before if list(said[: len(one)]) == one), None)
    return tuple(said[len(found) :]) if found else ()


@cache
def _before_names() -> Mapping[str, Sequence[list[str]]]:
    """Return the words that come before a name by the first of them, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for one in sorted((words(one) for one in asides()["ask"]["before"]), key=len, reverse=True):
        found.setdefault(one[0], []).append(one)
    return found


def _span(said: Sequence[str], today: date) -> tuple[date, date | None]:
    """Return the days that are named; today when none is."""
    named = list(_named(said, today))
    if not named:
        return today, today
    (at, first, _), (end, start, last) = named[0], named[-1]
    through, before = _found(said, "through"), _found(said, "before")
    if through is not None and through < end:
        return _ordered(first if at < through else today, last)
    if before is not None and before < end:
        return _ordered(first if at < before else today, start - DAY)
    if _found(said, "from") is not None:
        return first, None
    return _ordered(first, last)


def _ordered(first: date, last: date) -> tuple[date, date]:
    return first, max(first, last)


def _named(said: Sequence[str], today: date) -> Iterator[tuple[int, date, date]]:
    """Yield each day or week that is named, where, and from and up to and with when it is."""
    monday = today - today.weekday() * DAY
    days = {name: today + ahead * DAY for name, ahead in _DAYS.items()}
    # Who means today says so: a day by its name is one that comes.
    days |= {
        name: monday + number * DAY + (7 * DAY if number <= today.weekday() else timedelta())
        for number, name in enumerate(_WEEK)
    }
    spans = {name: (day, day) for name, day in days.items()}
    spans["this_week"] = (today, monday + 6 * DAY)
    spans["next_week"] = (monday + 7 * DAY, monday + 13 * DAY)
    found = ((at, *span) for name, span in spans.items() if (at := _found(said, name)) is not None)
    yield from sorted(found)


def _found(said: Sequence[str], name: str) -> int | None:
    """Return where one of the phrases of a name stands first, if any does."""
    places = [
        at
        for phrase in map(words, asides()["away"][name])
        for at in range(len(said) - len(phrase) + 1)
        if list(said[at : at + len(phrase)]) == phrase
    ]
    return min(places, default=None)
