"""Ballots of anonymous rounds in memory, without the secrecy: for tests of what is around it."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.ids import PersonId, RoundId
from bot.polls.model import Answer, Invitation, Vote
from bot.polls.service import Secrecy


@dataclass
class OpenBallots:
    """Fulfils `bot.polls.ports.Ballots` in one unit of work of the store in memory."""

    work: Any
    kept: dict[RoundId, dict[PersonId, tuple[str, Vote]]]

    async def ready(self, which: RoundId) -> bool:
        return which in self.kept

    async def prepare(self, which: RoundId) -> None:
        self.kept[which] = {}

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        return self.kept[which].get(person, ("", {}))[1]

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        self.kept[which][invited.person] = invited.group, vote

    async def count(self, which: RoundId) -> None:
        shelf = self.work.polls._on
        given = [
            Answer(question, group, value)
            for group, vote in self.kept.pop(which).values()
            for question, value in vote.items()
        ]
        ordered = sorted(given, key=lambda one: (one.question, one.value))
        for number, one in enumerate(ordered):
            shelf.answers[which, one.question, number] = one
        invited = {key: replace(one) for key, one in shelf.invited.items() if key[0] == which}
        shelf.invited.update(invited)


@dataclass
class CountingEraser:
    """Fulfils `bot.polls.ports.Eraser`; remembers how often it was asked, and can break."""

    asked: int = 0
    broken: bool = False

    async def erase(self) -> None:
        if self.broken:
            raise OSError("no space left")
        self.asked += 1


@dataclass
class OpenSecrecy:
    """What a server with a secret has."""

    kept: dict[RoundId, dict[PersonId, tuple[str, Vote]]] = field(default_factory=dict)
    eraser: CountingEraser = field(default_factory=CountingEraser)

    def secrecy(self) -> Secrecy:
        return Secrecy(lambda work: OpenBallots(work, self.kept), self.eraser)
