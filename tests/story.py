"""Plays a story from a plain text file: who says what, and what must be seen.

    # A comment.
    Docent 001 says: hoe deel ik mijn scherm
      sees: Hielp dit?
      sees not: Bedoel je
    Docent 001 presses: Ja, opgelost
      sees: Fijn
    time: +2d

    Coach 01 looks
      sees: Docent 001 heeft een vraag
    Coach 01 fills: Je antwoord: Klik op Delen.
    Coach 01 presses: Stuur

What must (not) be seen is looked for in the replies to the line above. Who `looks` sees what came
or changed since they last did something; of a card that changed some channels show all, others only
what is new. What someone `fills` in, under the label of a field or a list (where it is an option's
label), goes along with their next press. Whoever spoke since, each presses what they were shown
last. A channel that plays stories is a `Stage`; the same files run on each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

STORIES = Path(__file__).parent / "stories"
NUMBERED = re.compile(r"^ +\[(\d+)\] (.*)$", re.MULTILINE)
"""What can be pressed in a terminal: its number, and its label."""

Verb = Literal["says", "presses", "looks", "fills", "sees", "sees not", "time"]
_LINES = (
    re.compile(r"\s+(?P<verb>sees not|sees): (?P<what>.+)"),
    re.compile(r"(?P<verb>time): (?P<what>.+)"),
    re.compile(r"(?P<who>[^:]+?) (?P<verb>says|presses): ?(?P<what>.*)"),
    re.compile(r"(?P<who>[^:]+?) (?P<verb>fills): (?P<label>[^:]+): (?P<what>.+)"),
    re.compile(r"(?P<who>[^:]+?) (?P<verb>looks)"),
)


class Stage(Protocol):
    """A channel, seen from the people who use it. Each act returns what they then see."""

    async def say(self, person: str, text: str) -> str: ...

    async def press(self, person: str, label: str) -> str: ...

    async def look(self, person: str) -> str: ...

    async def fill(self, person: str, label: str, value: str) -> None: ...

    async def move(self, step: str) -> str: ...


@dataclass(frozen=True)
class Step:
    """One line of a story."""

    number: int
    verb: Verb
    what: str = ""
    who: str = ""
    label: str = ""


def read_story(path: Path) -> Iterator[Step]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = next(filter(None, (kind.fullmatch(line) for kind in _LINES)), None)
        assert match, f"{path.name}:{number}: not a line of a story: {line}"
        found: dict[str, Any] = match.groupdict()
        yield Step(number, **found)


async def play(path: Path, stage: Stage) -> int:
    """Play a story; returns how many things were looked for: a story that looks at none is none."""
    seen, looked = "", 0
    for step in read_story(path):
        match step.verb:
            case "says":
                seen = await stage.say(step.who, step.what)
            case "presses":
                seen = await stage.press(step.who, step.what)
            case "looks":
                seen = await stage.look(step.who)
            case "fills":
                await stage.fill(step.who, step.label, step.what)
                seen = ""
            case "time":
                seen = await stage.move(step.what)
            case "sees" | "sees not":
                looked += 1
                there = step.what in seen
                assert there == (step.verb == "sees"), f"{path.name}:{step.number}:\n{seen}"
    return looked


def best(label: str, titles: Sequence[str]) -> int | None:
    """Return which title is meant: the last that is the label, else the last that begins so."""
    exact = [number for number, title in enumerate(titles) if title.strip() == label]
    start = [number for number, title in enumerate(titles) if title.strip().startswith(label)]
    return next(iter(exact[-1:] or start[-1:]), None)


def number_of(label: str, seen: str) -> str:
    """Return the number that presses a button, from the text that shows it."""
    shown = NUMBERED.findall(seen)
    which = best(label, [title for _, title in shown])
    assert which is not None, f"no button '{label}' in:\n{seen}"
    return str(shown[which][0])
