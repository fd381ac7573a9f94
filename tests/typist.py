"""What the stages share that are typed at: one terminal, at which one person at a time speaks."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable

from tests.story import NUMBERED, number_of

_QUESTION = re.compile(r"^\? (.*)$", re.MULTILINE)


class Typist:
    """Switches to who acts, presses by number, and answers what a form asks.

    `enter` types a line and returns what is printed for it.
    """

    def __init__(self, enter: Callable[[str], Awaitable[str]]) -> None:
        self.enter = enter
        self.speaker = ""
        self._numbered: dict[str, str] = {}
        self._unread: dict[str, str] = {}
        self._filled: defaultdict[str, dict[str, str]] = defaultdict(dict)

    async def say(self, person: str, text: str) -> str:
        await self._turn_to(person)
        return self._read(await self.enter(text))

    async def press(self, person: str, label: str) -> str:
        await self._turn_to(person)
        number = number_of(label, self._numbered.get(person, ""))
        filled = self._filled.pop(person, {})
        return self._read(await self._answer(filled, await self.enter(number)))

    async def look(self, person: str) -> str:
        seen = self._unread.pop(person, "")
        self.speaker = person
        return seen + self._read(await self.enter(f"/als {person}"))

    async def fill(self, person: str, label: str, value: str) -> None:
        self._filled[person][label] = value

    async def move(self, step: str) -> str:
        seen = self._read(await self.enter(f"/tijd {step}"))
        # Whose turn it happens to be did nothing: they can still look at what came.
        self._unread[self.speaker] = self._unread.get(self.speaker, "") + seen
        return seen

    async def _turn_to(self, person: str) -> None:
        if person != self.speaker:
            await self.look(person)
        self._unread.pop(person, None)

    def _read(self, seen: str) -> str:
        if NUMBERED.search(seen):
            self._numbered[self.speaker] = seen
        return seen

    async def _answer(self, filled: dict[str, str], seen: str) -> str:
        """Answer what is asked, with what was filled in; the rest stays as it is."""
        before = ""
        while asked := next(reversed(_QUESTION.findall(seen)), ""):
            assert asked != before, f"this is not answered:\n{seen}"
            before = asked
            label = next((one for one in filled if _asks(asked, one)), None)
            seen = await self.enter(_line(filled.pop(label), seen) if label else "")
        assert not filled, f"no such fields: {', '.join(filled)}"
        return seen


def _asks(asked: str, label: str) -> bool:
    return asked == label or asked.startswith(f"{label} [")


def _line(value: str, seen: str) -> str:
    return number_of(value, seen) if NUMBERED.search(seen) else value
