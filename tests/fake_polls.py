"""Polls in memory, which pass the same contract tests as the real ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.errors import ConflictError
from bot.core.ids import PersonId, PollId, RoundId
from bot.polls.model import Answer, Invitation, Kind, Poll, PollState, Round, RoundState, Vote


@dataclass(frozen=True)
class Ballot:
    """What somebody answers in secret: not to be seen in what a test says that is stored."""

    group: str = field(repr=False)
    vote: Vote = field(repr=False)


@dataclass
class PollShelf:
    """All that is kept of polls. Values are frozen: a copy of the shelf is a snapshot."""

    last_id: int = 0
    polls: dict[PollId, Poll] = field(default_factory=dict)
    rounds: dict[RoundId, Round] = field(default_factory=dict)
    invited: dict[tuple[RoundId, PersonId], Invitation] = field(default_factory=dict)
    answers: dict[tuple[RoundId, int, int], Answer] = field(default_factory=dict)
    declined: set[PersonId] = field(default_factory=set)
    ballots: dict[RoundId, dict[PersonId, Ballot]] = field(default_factory=dict)
    foreign: set[RoundId] = field(default_factory=set)
    """Rounds that were begun with another secret than the server has by now."""

    def snapshot(self) -> "PollShelf":
        return PollShelf(
            self.last_id,
            {**self.polls},
            {**self.rounds},
            {**self.invited},
            {**self.answers},
            {*self.declined},
            {which: {**votes} for which, votes in self.ballots.items()},
            {*self.foreign},
        )

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def merge(self, who: PersonId, is_now: PersonId) -> None:
        if who in self.declined:
            self.declined = {*self.declined, is_now} - {who}
        for which, one in self.rounds.items():
            theirs, own = self.invited.get((which, who)), self.invited.get((which, is_now))
            opened, secret = one.state is RoundState.OPEN, one.form.anonymous
            if theirs is None or not (opened or not (secret or own)):
                continue
            if secret and theirs.answered and which in self.foreign:
                if own and not own.answered:
                    del self.invited[which, is_now]
                continue
            self._merge_votes(who, replace(own or theirs, person=is_now))
            del self.invited[which, who]
            answered = theirs.answered or bool(own and own.answered)
            self.invited[which, is_now] = replace(own or theirs, person=is_now, answered=answered)

    def _merge_votes(self, who: PersonId, seat: Invitation) -> None:
        """Their own vote stands, if there is one."""
        which, is_now = seat.round, seat.person
        own = any(key[0] == which and one.person == is_now for key, one in self.answers.items())
        for key, one in list(self.answers.items()):
            if key[0] == which and one.person == who:
                del self.answers[key]
                if not own:
                    given = replace(one, group=seat.group, person=is_now)
                    self.answers[which, one.question, is_now] = given
        ballots = self.ballots.get(which, {})
        if ballot := ballots.pop(who, None):
            ballots.setdefault(is_now, replace(ballot, group=seat.group))


class MemoryPolls:
    """Fulfils `bot.polls.ports.Polls` and `bot.retention.ports.Forgetful`."""

    def __init__(self, shelf: PollShelf) -> None:
        self._on = shelf

    async def add(self, poll: Poll) -> Poll:
        new = replace(poll, id=PollId(self._on.next_id()))
        self._on.polls[new.id] = new
        return new

    async def save(self, poll: Poll, *, seen: int) -> bool:
        known = self._on.polls.get(poll.id)
        if known is None or known.version != seen:
            return False
        self._on.polls[poll.id] = poll
        return True

    async def poll(self, which: PollId) -> Poll | None:
        return self._on.polls.get(which)

    async def polls(self) -> Sequence[Poll]:
        known = sorted(self._on.polls.items())
        return [one for _, one in known if one.state is not PollState.STOPPED]

    async def stopped(self, most: int) -> Sequence[Poll]:
        held = {one.poll for one in self._all()}
        known = sorted(self._on.polls.items(), reverse=True)
        over = [one for which, one in known if which in held and one.state is PollState.STOPPED]
        return over[:most]

    async def open_round(self, opened: Round, invitations: Collection[Invitation]) -> Round:
        if any((one.poll, one.local) == (opened.poll, opened.local) for one in self._all()):
            raise ConflictError
        new = replace(opened, id=RoundId(self._on.next_id()))
        self._on.rounds[new.id] = new
        for one in invitations:
            self._on.invited[new.id, one.person] = replace(one, round=new.id)
        return new

    async def round(self, which: RoundId) -> Round | None:
        return self._on.rounds.get(which)

    async def save_round(self, changed: Round) -> None:
        self._on.rounds[changed.id] = changed

    async def open_rounds(self) -> Sequence[Round]:
        return [one for one in self._all() if one.state is RoundState.OPEN]

    async def counted(self) -> Sequence[Round]:
        return [one for one in self._all() if one.state is RoundState.COUNTED]

    async def rounds(self, since: datetime, until: datetime) -> Sequence[Round]:
        return [one for one in self._done() if since <= one.closes < until]

    async def rounds_of(self, poll: PollId, most: int) -> Sequence[Round]:
        return [one for one in self._done() if one.poll == poll][-most:]

    async def lock_round(self, which: RoundId) -> Round | None:
        """Units never run at once here."""
        return self._on.rounds.get(which)

    async def share_round(self, which: RoundId) -> Round | None:
        return self._on.rounds.get(which)

    async def lock_invitation(self, which: RoundId, person: PersonId) -> Invitation | None:
        return self._on.invited.get((which, person))

    async def invitations(self, which: RoundId) -> Sequence[Invitation]:
        return [one for key, one in sorted(self._on.invited.items()) if key[0] == which]

    async def mark_answered(self, which: RoundId, person: PersonId) -> None:
        known = self._on.invited[which, person]
        self._on.invited[which, person] = replace(known, answered=True)

    async def mark_unanswered(self, which: RoundId) -> None:
        for one in await self.invitations(which):
            self._on.invited[which, one.person] = replace(one, answered=False)

    async def answers(self, which: RoundId) -> Sequence[Answer]:
        return [one for key, one in sorted(self._on.answers.items()) if key[0] == which]

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        theirs = [one for one in await self.answers(which) if one.person == person]
        return {one.question: one.value for one in theirs}

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        person = invited.person
        for key in [key for key, one in self._on.answers.items() if one.person == person]:
            if key[0] == which:
                del self._on.answers[key]
        for question, value in vote.items():
            given = Answer(question, invited.group, value, person)
            self._on.answers[which, question, person] = given

    async def forget_texts(self, before: datetime) -> int:
        old = {
            key: replace(one, value="")
            for key, one in self._on.answers.items()
            for known in [self._on.rounds[key[0]]]
            if known.state is not RoundState.OPEN
            and known.closes < before
            and known.form.questions[one.question].kind is Kind.OPEN
            and one.value
        }
        self._on.answers.update(old)
        return len(old)

    async def decline(self, person: PersonId, *, asked: bool) -> None:
        change = self._on.declined.discard if asked else self._on.declined.add
        change(person)

    async def declined(self) -> Collection[PersonId]:
        return {*self._on.declined}

    def _all(self) -> list[Round]:
        return sorted(self._on.rounds.values(), key=lambda one: (one.closes, one.id))

    def _done(self) -> list[Round]:
        return [one for one in self._all() if one.state is not RoundState.OPEN]
