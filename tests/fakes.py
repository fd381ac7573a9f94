"""A store in memory, which passes the same contract tests as the real one."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Channel
from bot.core.turn import Handled, Heard, Pending, Unmet
from bot.occasions.model import Occasion, State
from bot.store.work import ReadOnlyError, Store
from bot.summary.report import Figures, Sent
from bot.summary.week import Week
from tests.fake_ballots import MemoryBallots
from tests.fake_knowledge import MemoryKnowledge, MemoryProposals
from tests.fake_outbox import MemoryOutbox
from tests.fake_people import MemoryAddresses, MemoryPeople
from tests.fake_polls import MemoryPolls
from tests.fake_questions import MemoryQuestions
from tests.fake_shelves import Shelves
from tests.fake_walkin import MemoryFeeds, MemoryWalkIns


class MemoryInbox:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def add(self, handled: Handled) -> bool:
        key = handled.channel, handled.message_id
        if key in self._on.handled:
            return False
        self._on.handled[key] = handled
        return True

    async def was(self, channel: str, message_id: str, heard: Heard) -> None:
        key = channel, message_id
        self._on.handled[key] = replace(self._on.handled[key], heard=heard)

    async def forget_texts(self, before: datetime) -> int:
        old = [key for key, one in self._on.handled.items() if one.at < before]
        for key in old:
            del self._on.handled[key]
        return len(old)


class MemorySummaries:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def add(self, sent: Sent) -> bool:
        return self._on.summaries.setdefault((sent.audience, sent.week), sent) is sent

    async def get(self, week: Week, audience: str) -> Sent | None:
        return self._on.summaries.get((audience, week))

    async def last(self, audience: str) -> Sent | None:
        return next(iter(await self.newest(audience, 1)), None)

    async def newest(self, audience: str, most: int) -> Sequence[Sent]:
        theirs = [one for one in self._on.summaries.values() if one.audience == audience]
        return sorted(theirs, key=lambda one: one.week, reverse=True)[:most]

    async def correct(self, week: Week, audience: str, figures: Figures, at: datetime) -> None:
        sent = self._on.summaries[audience, week]
        corrected = replace(sent, corrected=figures, corrected_at=at)
        self._on.summaries[audience, week] = corrected


class MemoryPending:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def put(self, pending: Pending) -> None:
        self._on.pending[pending.person, pending.channel, pending.kind] = pending

    async def find(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        return self._on.pending.get((person, channel, kind))

    async def take(self, person: PersonId, channel: str, kind: str) -> Pending | None:
        return self._on.pending.pop((person, channel, kind), None)

    async def forget_texts(self, before: datetime) -> int:
        old = [key for key, one in self._on.pending.items() if one.expires < before]
        for key in old:
            del self._on.pending[key]
        return len(old)


class MemoryStrangers:
    def __init__(self, shelves: Shelves) -> None:
        self._on = shelves

    async def add(self, said: Unmet) -> bool:
        who, new = said.incoming.sender, said.incoming.message_id
        waiting = self._on.strangers.values()
        if any(
            (one.incoming.sender.channel, one.incoming.message_id) == (who.channel, new)
            for one in waiting
        ):
            return False
        for one in await self.of(who.channel, who.address):
            self._on.strangers[one.id] = replace(one, due=min(one.due, said.due))
        which = self._on.next_id()
        self._on.strangers[which] = replace(said, id=which)
        return True

    async def of(self, channel: Channel, address: str) -> Sequence[Unmet]:
        whose = channel, address
        waiting = self._on.strangers.values()
        return [one for one in waiting if _whose(one) == whose]

    async def take(
        self, channels: Collection[Channel], *, now: datetime, until: datetime, most: int
    ) -> Sequence[Unmet]:
        due = [one for one in self._first(channels) if one.due <= now]
        taken = sorted(due, key=lambda one: (one.due, one.id))[:most]
        for one in taken:
            self._on.strangers[one.id] = replace(one, due=until)
        return [replace(one, due=until) for one in taken]

    async def postpone(self, said: Unmet, due: datetime) -> None:
        if one := self._on.strangers.get(said.id):
            due = due if one.due == said.due else one.due
            self._on.strangers[one.id] = replace(one, due=due, tries=one.tries + 1)

    async def drop(self, which: int) -> bool:
        return self._on.strangers.pop(which, None) is not None

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        return min((one.due for one in self._first(channels) if one.due > after), default=None)

    async def forget_texts(self, before: datetime) -> int:
        old = [which for which, one in self._on.strangers.items() if one.at < before]
        for which in old:
            del self._on.strangers[which]
        return len(old)

    def _first(self, channels: Collection[Channel]) -> Sequence[Unmet]:
        first: dict[tuple[Channel, str], Unmet] = {}
        for one in self._on.strangers.values():
            first.setdefault(_whose(one), one)
        return [one for (channel, _), one in first.items() if channel in channels]


def _whose(one: Unmet) -> tuple[Channel, str]:
    return one.incoming.sender.channel, one.incoming.sender.address


class MemoryOccasions:
    def __init__(self, shelves: Shelves) -> None:
        self._due = shelves.occasions

    async def start(self, thing: str, at: datetime) -> None:
        self._due.setdefault((thing, ""), at)

    async def last(self, thing: str) -> datetime | None:
        return max((due for (known, _), due in self._due.items() if known == thing), default=None)

    async def record(self, thing: str, occasion: Occasion, state: State, at: datetime) -> bool:
        del state, at
        key = thing, occasion.local.isoformat()
        known = key in self._due
        self._due.setdefault(key, occasion.due)
        return not known


@dataclass(frozen=True)
class MemoryWork:
    """Everything one unit of work reaches."""

    people: MemoryPeople
    addresses: MemoryAddresses
    knowledge: MemoryKnowledge
    proposals: MemoryProposals
    inbox: MemoryInbox
    pending: MemoryPending
    strangers: MemoryStrangers
    outbox: MemoryOutbox
    occasions: MemoryOccasions
    questions: MemoryQuestions
    walkin: MemoryWalkIns
    feeds: MemoryFeeds
    polls: MemoryPolls
    ballots: MemoryBallots
    summaries: MemorySummaries

    @classmethod
    def on(cls, shelves: Shelves) -> "MemoryWork":
        addresses = MemoryAddresses(shelves)
        return cls(
            MemoryPeople(shelves),
            addresses,
            MemoryKnowledge(shelves),
            MemoryProposals(shelves),
            MemoryInbox(shelves),
            MemoryPending(shelves),
            MemoryStrangers(shelves),
            MemoryOutbox(shelves.outbox, addresses.reachable, addresses.gone, addresses.tried),
            MemoryOccasions(shelves),
            MemoryQuestions(shelves.questions),
            MemoryWalkIns(shelves.walkin, lambda one: shelves.people[one].active),
            MemoryFeeds(shelves.walkin),
            MemoryPolls(shelves.polls),
            MemoryBallots(shelves.polls, shelves.outbox, shelves.handled),
            MemorySummaries(shelves),
        )


class MemoryStore:
    """Each unit works on a snapshot; a unit that ends well puts it in the place of the shelves."""

    def __init__(self) -> None:
        self._shelves = Shelves()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with self._turn:
            draft = self._shelves.snapshot()
            yield MemoryWork.on(draft)
            self._shelves = draft

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[MemoryWork]:
        draft = self._shelves.snapshot()
        before = draft.snapshot()
        yield MemoryWork.on(draft)
        if draft != before:
            raise ReadOnlyError

    async def close(self) -> None:
        """Nothing is open."""


AnyStore = Store | MemoryStore
