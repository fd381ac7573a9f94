"""Turns a text key and its data into a sentence in someone's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import get_args

from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from bot.core.moments import WEEK
from bot.core.reply import Amount, Clauses, Day, Language, Unit, Value, Weekdays
from bot.core.yaml_text import read_yaml

_NAMED = "EEEE d MMMM"
_DIGITS: Mapping[Unit, str] = {
    "count": "#,##0",
    "minutes": "#,##0",
    "points": "0.0",
    "ratio": "#,##0.0#",
    "nearness": "0.00",
    "rank": "0.00",
}
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return all texts of a language, by key such as `answer.helped`."""
    tree = read_yaml(files("bot.i18n").joinpath(f"{language}.yaml").read_text("utf-8"))
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in tree.items():
        flat += (
            _flat(value, f"{prefix}{name}.")
            if isinstance(value, dict)
            else [(f"{prefix}{name}", str(value).strip())]
        )
    return flat


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def commands() -> Mapping[str, tuple[str, ...]]:
    """Return the messages that are commands, by the command's name."""
    tree = read_yaml(files("bot.i18n").joinpath("commands.yaml").read_text("utf-8"))
    return {name: tuple(texts) for name, texts in tree.items()}


@cache
def asides() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the words of messages that are no questions for the FAQ, by what they are."""
    tree = read_yaml(files("bot.i18n").joinpath("asides.yaml").read_text("utf-8"))
    return {
        kind: {name: tuple(texts) for name, texts in parts.items()} for kind, parts in tree.items()
    }


@cache
def poll_words() -> Mapping[str, Mapping[str, str]]:
    """Return by language the words with which questions of a poll are typed."""
    tree: Mapping[str, Mapping[str, str]] = read_yaml(
        files("bot.i18n").joinpath("poll_words.yaml").read_text("utf-8")
    )
    return tree


@lru_cache(maxsize=1_000)  # an answer was reviewed on one day, and says so each time
def _day(on: date, language: Language, form: str) -> str:
    return format_date(on, format=form, locale=language)


def amount(language: Language, shown: Amount) -> str:
    """Return a number as it is written; a change of a share in whole points, without its sign."""
    match shown.unit:
        case "share":
            return format_percent(shown.amount, "#,##0 %", locale=language)
        case "change":
            return format_decimal(abs(shown.amount) * 100, "0", locale=language)
        case unit:
            return format_decimal(shown.amount, _DIGITS[unit], locale=language)


@lru_cache(maxsize=10_000)
def _bare(coach_title: str, language: Language, key: str) -> str:
    return catalogue(language)[key].format_map({"coach_title": coach_title})


@dataclass(frozen=True)
class Texts:
    """The catalogues, with what every text may name: the college's title for a coach."""

    coach_title: str

    def write(self, language: Language, key: str, data: Mapping[str, Value]) -> str:
        """Return the sentence of `key`; raises KeyError when it or a placeholder is missing."""
        if not data:
            return _bare(self.coach_title, language, key)
        shown = {name: self._value(language, value) for name, value in data.items()}
        return catalogue(language)[key].format_map({"coach_title": self.coach_title, **shown})

    def _value(self, language: Language, value: Value) -> str:
        match value:
            case Day(on, named):
                return _day(on, language, _NAMED if named else "long")
            case Weekdays(days):
                names = get_day_names("wide", locale=language)
                return ", ".join(names[WEEK.index(day)] for day in days)
            case Clauses(said):
                clauses = [self.write(language, one.key, one.data) for one in said]
                return format_list(clauses, locale=language)
            case Amount():
                return amount(language, value)
            case _:
                return str(value)
