"""Ballots of anonymous rounds in memory, without the secrecy: for tests of what is around it."""

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bot.core.ids import PersonId, RoundId
from bot.core.turn import Handled
from bot.polls import disclosure
from bot.polls.frame import Secrecy
from bot.polls.model import Answer, Invitation, Key, Vote
from bot.store.sealing import LostKeyError
from bot.store.traces import subject
from tests.fake_outbox import OutboxShelf
from tests.fake_polls import Ballot, PollShelf


class MemoryBallots:
    """Fulfils `bot.polls.ports.Ballots`, and passes the same contract tests as the real one."""

    def __init__(
        self, shelf: PollShelf, outbox: OutboxShelf, handled: dict[tuple[str, str], Handled]
    ) -> None:
        self._on, self._outbox, self._handled = shelf, outbox, handled

    async def key(self, which: RoundId) -> Key:
        if which not in self._on.ballots:
            return Key.LOST
        return Key.OTHER if which in self._on.foreign else Key.READY

    async def prepare(self, which: RoundId) -> None:
        self._on.ballots[which] = {}
        self._cut(which)

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        ballot = self._of(which).get(person)
        return ballot.vote if ballot else {}

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        self._of(which)[invited.person] = Ballot(invited.group, vote)

    async def count(self, which: RoundId) -> None:
        given: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for ballot in self._of(which).values():
            for question, value in ballot.vote.items():
                given[question].append((ballot.group, value))
        del self._on.ballots[which]
        asked = Counter(one.group for key, one in self._on.invited.items() if key[0] == which)
        for question, answers in given.items():
            kept = disclosure.kept(asked, answers)
            secrets.SystemRandom().shuffle(kept)
            for number, (group, value) in enumerate(kept, 1):
                self._on.answers[which, question, number] = Answer(question, group, value)
        self._cut(which)

    def _of(self, which: RoundId) -> dict[PersonId, Ballot]:
        if which not in self._on.ballots:
            raise LostKeyError(which)
        return self._on.ballots[which]

    def _cut(self, which: RoundId) -> None:
        stored = self._outbox.stored.values()
        about = [one for one in stored if one.reply.subject == subject(which)]
        came = {(one.place.channel, one.answers) for one in about if one.answers}
        also = [one for one in stored if (one.place.channel, one.answers) in came]
        for channel, message in came:
            self._handled.pop((channel, message), None)
        for one in {*(one.id for one in (*about, *also))}:
            del self._outbox.stored[one]


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

    eraser: CountingEraser = field(default_factory=CountingEraser)

    def secrecy(self) -> Secrecy:
        return Secrecy(lambda work: work.ballots, self.eraser)
