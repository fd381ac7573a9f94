"""An anonymous round as the store sees it: who is asked, what comes in, and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Generic, TypeVar

from bot.core.ids import PersonId, RoundId
from bot.core.reply import Channel, Place, Reply, Say
from bot.core.turn import Handled
from bot.polls.model import Answer, Invitation, Vote
from bot.store.sealing import Protection, Seal
from bot.store.work import Store
from tests.factories import NOW, poll, poll_round, sender
from tests.fakes import MemoryStore

SECRET = "een lang en willekeurig geheim van de school"
SEAL = Seal(SECRET)
NOT_OPEN = RoundId(0)
S = TypeVar("S", Store, MemoryStore)


def without(**left_out: bool) -> Seal:
    return Seal(SECRET, Protection(**left_out))


@dataclass
class Booth(Generic[S]):
    """A round in which people vote as in real turns: message, reply, ballot, all in one unit."""

    store: S
    round: RoundId = NOT_OPEN
    invited: dict[PersonId, str] = field(default_factory=dict)
    votes: dict[PersonId, Vote] = field(default_factory=dict)
    times: dict[PersonId, datetime] = field(default_factory=dict)
    presses: int = 0

    async def open(self, *groups: str) -> list[PersonId]:
        """Ask one person of each group; prepare the round's key."""
        async with self.store.begin() as work:
            people = [
                (await work.people.register(sender(f"29:{token_hex(8)}"), "nl")).id for _ in groups
            ]
            self.invited = dict(zip(people, groups, strict=True))
            made = await work.polls.add(replace(poll(), owner=people[0]))
            asked = [Invitation(NOT_OPEN, one, group) for one, group in self.invited.items()]
            self.round = (await work.polls.open_round(poll_round(made.id), asked)).id
            await work.ballots.prepare(self.round)
        return people

    async def vote(self, person: PersonId, vote: Vote) -> None:
        self.presses += 1
        at = NOW + timedelta(minutes=self.presses)
        message = f"press-{self.round}-{self.presses}"
        async with self.store.begin() as work:
            assert await work.inbox.add(Handled("teams", message, person, at))
            known = await work.ballots.vote(self.round, person)
            invited = Invitation(self.round, person, self.invited[person])
            await work.ballots.answer(self.round, invited, {**known, **vote})
            await work.polls.mark_answered(self.round, person)
            said = Reply("poll", (Say("greeting"),), replaces=True, subject=f"round:{self.round}")
            place = Place(Channel.TEAMS, f"a:{person}", f"29:{person}")
            await work.outbox.answer(person, place, message, [said], card="c", at=at, takeover=at)
        self.votes[person] = {**self.votes.get(person, {}), **vote}
        self.times[person] = at

    async def count(self) -> None:
        async with self.store.begin() as work:
            await work.ballots.count(self.round)

    async def close(self) -> None:
        """Count a round of a database, and erase."""
        await self.count()
        assert isinstance(self.store, Store)
        await self.store.erase()

    async def answers(self) -> Sequence[Answer]:
        async with self.store.reading() as work:
            return await work.polls.answers(self.round)


def spread(answers: Sequence[Answer]) -> Mapping[int, list[tuple[str, str]]]:
    """Return what was answered to each question, in the order of the answers."""
    found: dict[int, list[tuple[str, str]]] = {}
    for one in answers:
        found.setdefault(one.question, []).append((one.group, one.value))
    return found
