"""An anonymous round as the store sees it: who is asked, what comes in, and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, insert, select, update

from bot.core.ids import PersonId, RoundId
from bot.core.reply import Channel, Place, Reply, Say
from bot.core.turn import Handled
from bot.polls.model import Answer, Invitation, Vote
from bot.store.sealing import Protection, Seal
from bot.store.tables import (
    PollAnswerRow,
    PollBallotRow,
    PollInvitationRow,
    PollKeyRow,
    PollRoundRow,
    PollRow,
    table_of,
)
from bot.store.work import Store, Work
from tests.factories import NOW, sender

SECRET = "een lang en willekeurig geheim van de school"
SEAL = Seal(SECRET)
NOT_OPEN = RoundId(0)
ROUND = table_of(PollRoundRow)
INVITED = table_of(PollInvitationRow)
BALLOT = table_of(PollBallotRow)
KEY = table_of(PollKeyRow)
ANSWER = table_of(PollAnswerRow)


def without(**left_out: bool) -> Seal:
    return Seal(SECRET, Protection(**left_out))


@dataclass
class Booth:
    """A round in which people vote as in real turns: message, reply, ballot, all in one unit."""

    store: Store
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
            self.round = await _round(work, people[0])
            self.invited = dict(zip(people, groups, strict=True))
            rows = [
                {"round": self.round, "person": person, "grp": group, "answered": False}
                for person, group in self.invited.items()
            ]
            await work.ballots._db.run(insert(INVITED), rows)
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
            theirs = (INVITED.c.round == self.round, INVITED.c.person == person)
            await work.ballots._db.run(update(INVITED).where(*theirs).values(answered=True))
            said = Reply("poll", (Say("greeting"),), replaces=True, subject=f"round:{self.round}")
            place = Place(Channel.TEAMS, f"a:{person}", f"29:{person}")
            await work.outbox.answer(person, place, message, [said], card="c", at=at, takeover=at)
        self.votes[person] = {**self.votes.get(person, {}), **vote}
        self.times[person] = at

    async def count(self) -> None:
        async with self.store.begin() as work:
            await work.ballots.count(self.round)

    async def close(self) -> None:
        await self.count()
        await self.store.erase()

    async def answers(self) -> Sequence[Answer]:
        rows = await self.store.look(self._answers)
        return [Answer(question, group, value, person) for question, group, value, person in rows]

    def _answers(self, connection: Connection) -> list[tuple[int, str, str, PersonId | None]]:
        columns = (ANSWER.c.question, ANSWER.c.grp, ANSWER.c.value, ANSWER.c.person)
        found = select(*columns).where(ANSWER.c.round == self.round)
        rows = connection.execute(found.order_by(ANSWER.c.question, ANSWER.c.number))
        return [(row[0], row[1], row[2], row[3]) for row in rows]


async def _round(work: Work, owner: PersonId) -> RoundId:
    poll = insert(table_of(PollRow)).values(
        owner=owner, form="{}", audience="{}", schedule="{}", state="active", version=1
    )
    made = (await work.ballots._db.run(poll.returning(table_of(PollRow).c.id))).scalar_one()
    named = {"poll": made, "local": "2026-03-02T10:00", "form": "{}", "state": "open"}
    times = {"opened": NOW, "closes": NOW + timedelta(days=4)}
    counts = {"asked": 0, "unreachable": 0, "answered": 0, "lost": False}
    values = {**named, **times, **counts}
    new = insert(ROUND).values(values).returning(ROUND.c.id)
    return RoundId((await work.ballots._db.run(new)).scalar_one())


def spread(answers: Sequence[Answer]) -> Mapping[int, list[tuple[str, str]]]:
    """Return what was answered to each question, in the order of the answers."""
    found: dict[int, list[tuple[str, str]]] = {}
    for one in answers:
        found.setdefault(one.question, []).append((one.group, one.value))
    return found
