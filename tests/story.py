"""Plays a story from a plain text file: who says what, and what must be seen.

    # A comment.
    Docent 001 says: hoe deel ik mijn scherm
      sees: Hielp dit?
      sees not: Bedoel je
    Docent 001 presses: Ja, opgelost
      sees: Fijn
    time: +2d

What must (not) be seen is looked for in the replies to the line above. A channel that plays stories
is a `Stage`; the same files run on each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

STORIES = Path(__file__).parent / "stories"

Verb = Literal["says", "presses", "sees", "sees not", "time"]
_ACT = re.compile(r"(?P<who>[^:]+?) (?P<verb>says|presses): ?(?P<what>.*)")
_SEEN = re.compile(r"\s+(?P<verb>sees not|sees): (?P<what>.+)")
_TIME = re.compile(r"time: (?P<what>.+)")


class Stage(Protocol):
    """A channel, seen from the people who use it. Each act returns what they then see."""

    async def say(self, person: str, text: str) -> str: ...

    async def press(self, person: str, label: str) -> str: ...

    async def move(self, step: str) -> str: ...


@dataclass(frozen=True)
class Step:
    """One line of a story."""

    number: int
    verb: Verb
    what: str
    who: str = ""


def read_story(path: Path) -> Iterator[Step]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _SEEN.fullmatch(line) or _TIME.fullmatch(line) or _ACT.fullmatch(line)
        assert match, f"{path.name}:{number}: not a line of a story: {line}"
        found: dict[str, Any] = match.groupdict()
        yield Step(number, found.get("verb", "time"), found["what"], found.get("who", ""))


async def play(path: Path, stage: Stage) -> int:
    """Play a story; returns how many things were looked for: a story that looks at none is none."""
    seen, looked = "", 0
    for step in read_story(path):
        match step.verb:
            case "says":
                seen = await stage.say(step.who, step.what)
            case "presses":
                seen = await stage.press(step.who, step.what)
            case "time":
                seen = await stage.move(step.what)
            case "sees" | "sees not":
                looked += 1
                there = step.what in seen
                assert there == (step.verb == "sees"), f"{path.name}:{step.number}:\n{seen}"
    return looked


def number_of(label: str, seen: str) -> str:
    """Return the number that presses a button, from the text that shows it."""
    found = re.search(rf"\[(\d+)\] {re.escape(label)}", seen)
    assert found, f"no button '{label}' in:\n{seen}"
    return found[1]
