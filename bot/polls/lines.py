"""Reads and writes a question of a poll as one line, as a coordinator types it. Pure.

    cijfer: Hoe zeker voel je je? (niet zeker / heel zeker) doel 80% vanaf 4
    meerdere: Wat gebruikte je? (Teams / Forms / Padlet) doel 80% vanaf 3
    getal: Hoe vaak? doel gemiddeld 4

The words are those of `bot/i18n/poll_words.yaml`, in any language. A line without one is a scale.
"""

import re
from collections.abc import Mapping, Sequence

from bot.polls.model import Asks, Goal, Kind

Words = Mapping[str, Mapping[str, str]]
"""By language, the word for each kind, and those for a goal."""
_IN_BRACKETS = re.compile(r"(?P<text>.*?)\s*\((?P<inside>[^()]*)\)\s*", re.DOTALL)
_ENDS = 2


def read_lines(text: str, words: Words) -> tuple[Asks, ...]:
    """Return the questions of a text, one a line; empty lines are passed over."""
    return tuple(read_line(line, words) for line in text.splitlines() if line.strip())


def read_line(line: str, words: Words) -> Asks:
    """Return the question that a line holds; whether it can be asked, the rules say."""
    kind, rest = _kind(line.strip(), words)
    rest, goal = _goal(rest, words)
    found = _IN_BRACKETS.fullmatch(rest)
    parts = tuple(one.strip() for one in found["inside"].split("/")) if found else ()
    if found and kind in (Kind.CHOICE, Kind.CHOICES):
        return Asks(kind, found["text"].strip(), tuple(filter(None, parts)), goal=goal)
    if found and kind is Kind.SCALE and len(parts) == _ENDS and all(parts):
        return Asks(kind, found["text"].strip(), low=parts[0], high=parts[1], goal=goal)
    return Asks(kind, rest.strip(), goal=goal)


def write_lines(questions: Sequence[Asks], words: Words, language: str) -> str:
    """Return questions as lines, which read back the same."""
    return "\n".join(_written(one, words[language]) for one in questions)


def _written(asks: Asks, own: Mapping[str, str]) -> str:
    parts = [f"{own[asks.kind]}: {asks.text}"]
    if asks.options:
        parts.append(f"({' / '.join(asks.options)})")
    elif asks.low and asks.high:
        parts.append(f"({asks.low} / {asks.high})")
    if asks.goal and asks.goal.share:
        share = round(asks.goal.share * 100)
        parts.append(f"{own['goal']} {share}% {own['from']} {asks.goal.least}")
    elif asks.goal:
        parts.append(f"{own['goal']} {own['mean']} {asks.goal.least}")
    return " ".join(parts)


def _kind(line: str, words: Words) -> tuple[Kind, str]:
    before, colon, after = line.partition(":")
    named = {own[kind]: kind for own in words.values() for kind in Kind}
    kind = named.get(before.strip().casefold()) if colon else None
    return (kind, after.strip()) if kind else (Kind.SCALE, line)


def _goal(text: str, words: Words) -> tuple[str, Goal | None]:
    for own in words.values():
        said = {name: re.escape(own[name]) for name in ("goal", "from", "mean")}
        share = rf"\s+{said['goal']}:?\s+(\d{{1,3}})\s*%\s+{said['from']}\s+(\d{{1,4}})\s*"
        mean = rf"\s+{said['goal']}:?\s+{said['mean']}\s+(\d{{1,4}})\s*"
        if found := re.search(f"{share}$", text, re.IGNORECASE):
            return text[: found.start()], Goal(int(found[1]) / 100, int(found[2]))
        if found := re.search(f"{mean}$", text, re.IGNORECASE):
            return text[: found.start()], Goal(0, int(found[1]))
    return text, None
