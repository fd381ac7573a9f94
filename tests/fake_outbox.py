"""An outbox in memory, which passes the same contract tests as the real one."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.delivery import Message
from bot.core.errors import ConflictError
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place, Reply, reply_json
from bot.outbox import rules
from bot.outbox.model import Copy, Leased, Limits, Line, Notice, Reason, Result, State, Tally

HORIZON = timedelta(seconds=1)
NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class Stored:
    """A message as it is kept. `at`: since when it is to be said; `answers`: to what message."""

    id: MessageId
    key: str
    place: Place
    reply: Reply
    at: datetime
    not_before: datetime
    person: PersonId | None = None
    state: State = State.WAITING
    expires: datetime | None = None
    answers: str | None = None
    changes: str = ""
    remote: str = ""
    attempts: int = 0
    version: int = 1
    doubtful: int = 0
    reason: str = ""

    @property
    def lane(self) -> tuple[Channel, str]:
        return self.place.channel, rules.lane(self.place)

    @property
    def tenant(self) -> tuple[Channel, str]:
        return self.place.channel, self.place.tenant

    def in_the_way(self, now: datetime) -> bool:
        """Whether what comes later waits for it; it does not for what is to be said later on."""
        begun = self.answers is not None or self.attempts > 0 or self.not_before <= now
        return self.state is State.WAITING and not self.remote and begun

    @property
    def untold(self) -> bool:
        old = self.remote or self.changes or self.answers is not None
        gone = self.reason.startswith("gone") and self.person is not None and not old
        return self.state is State.DEAD and (gone or self.reason == NO_ADDRESS)

    def message(self) -> Message:
        changes = self.remote or self.changes
        return Message(self.id, self.place, self.reply, changes, self.attempts, self.version)

    def line(self) -> Line:
        return Line(
            id=self.id,
            key=self.key,
            channel=self.place.channel,
            person=self.person,
            view=self.reply.view,
            state=self.state,
            at=self.at,
            not_before=self.not_before,
            attempts=self.attempts,
            doubtful=self.doubtful,
            reason=self.reason,
            to=self.place.conversation or self.place.person,
        )


@dataclass(frozen=True)
class Lane:
    """A conversation: who sends to it, until when, and when something was sent."""

    holder: str = ""
    until: datetime | None = None
    sent: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Pace:
    """A tenant: its next free turn, and until when it is left alone."""

    free: datetime | None = None
    paused: datetime | None = None


@dataclass
class OutboxShelf:
    """All that the outbox keeps. Values are frozen, so a copy of the shelf is a snapshot."""

    last_id: int = 0
    stored: dict[MessageId, Stored] = field(default_factory=dict)
    lanes: dict[tuple[Channel, str], Lane] = field(default_factory=dict)
    paces: dict[tuple[Channel, str], Pace] = field(default_factory=dict)

    def snapshot(self) -> "OutboxShelf":
        return OutboxShelf(self.last_id, {**self.stored}, {**self.lanes}, {**self.paces})

    def merge(self, who: PersonId, is_now: PersonId) -> None:
        for which, one in self.stored.items():
            if one.person == who:
                self.stored[which] = replace(one, person=is_now)

    def next_id(self) -> MessageId:
        self.last_id += 1
        return MessageId(self.last_id)


class Tried(Protocol):
    def __call__(self, person: PersonId, /, *, opened: bool) -> object: ...


class MemoryOutbox:
    """`reach` tells where a person can be told something; `gone` hears where they are no more."""

    def __init__(
        self,
        shelf: OutboxShelf,
        reach: Callable[[PersonId], Place | None],
        gone: Callable[[PersonId, Place], object] = lambda _person, _place: None,
        tried: Tried | None = None,
    ) -> None:
        self._on, self._reach, self._gone, self._tried = shelf, reach, gone, tried

    async def answer(  # noqa: PLR0913 (the port's own signature)
        self,
        person: PersonId | None,
        place: Place,
        message_id: str,
        replies: Sequence[Reply],
        *,
        card: str,
        at: datetime,
        takeover: datetime,
    ) -> tuple[tuple[Message, ...], tuple[MessageId, ...]]:
        lane = place.channel, rules.lane(place)
        waiting = [one for one in self._in_order() if one.lane == lane and one.in_the_way(at)]
        messages = []
        for number, reply in enumerate(replies):
            key = f"answer|{place.channel}|{message_id}|{number}"
            if self._known(key):
                raise ConflictError
            changes = card if reply.replaces else ""
            new = Stored(self._on.next_id(), key, place, reply, at, takeover, person)
            self._put(replace(new, answers=message_id, changes=changes))
            messages.append(self._on.stored[new.id].message())
        return tuple(messages), tuple(one.id for one in waiting)

    async def answers(self, channel: Channel, message_id: str) -> tuple[Message, ...]:
        return tuple(
            one.message()
            for one in self._in_order()
            if one.place.channel is channel and one.answers == message_id
        )

    async def add(self, notice: Notice, at: datetime) -> bool:
        if self._known(notice.key):
            return False
        place = notice.place or (self._reach(notice.person) if notice.person else None)
        self._put(
            Stored(
                self._on.next_id(),
                notice.key,
                place or Place(Channel.TEAMS, ""),
                notice.reply,
                max(at, notice.not_before),
                notice.not_before,
                notice.person,
                State.WAITING if place else State.DEAD,
                notice.expires,
                reason="" if place else NO_ADDRESS,
            )
        )
        return True

    async def revive(self, person: PersonId, place: Place, now: datetime) -> int:
        again = [
            one
            for one in self._in_order()
            if one.person == person and one.untold and (one.expires is None or one.expires > now)
        ]
        for one in again:
            fresh = replace(one, place=place, state=State.WAITING, attempts=0, reason="")
            self._put(replace(fresh, at=max(now, one.not_before)))
        return len(again)

    async def change(self, key: str, reply: Reply, at: datetime) -> bool:
        known = self._known(key)
        if known is None:
            return False
        state = State.DEAD if known.reason == NO_ADDRESS else State.WAITING
        due, version = max(known.not_before, at), known.version + 1
        reason = known.reason if known.reason == NO_ADDRESS else ""
        again = replace(known, reply=reply, state=state, version=version, attempts=0)
        self._put(replace(again, at=due, not_before=due, reason=reason))
        return True

    async def copies(self, subject: str) -> Sequence[Copy]:
        return [
            Copy(
                one.id,
                one.person,
                one.reply,
                one.remote or one.changes,
                untold=one.untold,
            )
            for one in self._in_order()
            if subject
            and one.reply.subject == subject
            and (one.state is not State.DEAD or one.remote or one.changes or one.untold)
        ]

    async def reword(self, subjects: Collection[str], clean: Callable[[Reply], Reply]) -> None:
        for one in self._in_order():
            if one.reply.subject and one.reply.subject in subjects:
                self._put(replace(one, reply=clean(one.reply)))

    async def missed(self, subject: str) -> Collection[PersonId]:
        about = [one for one in self._in_order() if subject and one.reply.subject == subject]
        arrived = {
            one.person for one in about if one.state is State.SENT or one.remote or one.doubtful
        }
        return {one.person for one in about if one.person and one.person not in arrived}

    async def rewrite(
        self, which: MessageId, reply: Reply, at: datetime, *, needed: bool = False
    ) -> None:
        known = self._on.stored[which]
        until = self._on.lanes.get(known.lane, Lane()).until
        unsent = not (known.remote or known.changes or known.answers or known.doubtful)
        if known.reason == Reason.NEEDLESS:
            return
        untold = known.state is State.WAITING or known.untold
        waits = unsent and untold and not (until and until > at)
        if waits and not needed:
            needless = replace(known, state=State.DEAD, reason=Reason.NEEDLESS)
            self._put(replace(needless, reply=reply, version=known.version + 1))
        else:
            await self.change(known.key, reply, at)

    async def lease(
        self,
        holder: str,
        limits: Mapping[Channel, Limits],
        *,
        now: datetime,
        until: datetime,
        most: int,
    ) -> Sequence[Leased]:
        due = sorted(
            (
                one
                for one in self._in_order()
                if one.place.channel in limits and self._due(one, now)
            ),
            key=lambda one: (one.not_before, one.id),
        )[:most]
        leased: list[Leased] = []
        for tenant in dict.fromkeys(one.tenant for one in due):
            own = [one for one in due if one.tenant == tenant]
            within, pace = limits[tenant[0]], self._on.paces.get(tenant, Pace())
            starts = rules.turns(pace.free, within.rate, len(own), now, HORIZON)
            for one in own:
                lane = self._on.lanes.get(one.lane, Lane())
                if not starts:
                    break
                free = rules.free_at(within, lane.sent, now)
                if free > starts[0]:
                    self._on.lanes[one.lane] = Lane("", free, lane.sent)
                    continue
                start = starts.pop(0)
                if within.rate is not None:
                    pace = replace(pace, free=start + rules.step(within.rate))
                    self._on.paces[tenant] = pace
                self._on.lanes[one.lane] = Lane(holder, until, lane.sent)
                leased.append(Leased(one.message(), one.at, start, lane.sent, one.expires, until))
        return leased

    async def settle(self, results: Sequence[Result]) -> None:
        for one in results:
            self._settle(one)
            known = self._on.stored.get(one.message.id)
            if known and known.person and rules.nobody_there(one):
                self._gone(known.person, one.message.place)
            if known and known.person and (rules.opened(one) or rules.not_opened(one)):
                assert self._tried
                self._tried(known.person, opened=rules.opened(one))
            lane = one.message.place.channel, rules.lane(one.message.place)
            if one.holder and lane in self._on.lanes:
                held = self._on.lanes[lane]
                sent = held.sent
                if one.state is State.SENT:
                    sent = rules.kept([*sent, one.at], one.at)
                mine = held.holder == one.holder
                self._on.lanes[lane] = Lane(sent=sent) if mine else replace(held, sent=sent)
            if one.paused:
                tenant = one.message.place.channel, one.message.place.tenant
                pace = self._on.paces.get(tenant, Pace())
                paused = max(one.paused, pace.paused or one.paused)
                self._on.paces[tenant] = replace(pace, paused=paused)

    async def release(self, holder: str) -> None:
        for lane, held in self._on.lanes.items():
            if held.holder == holder:
                self._on.lanes[lane] = Lane(sent=held.sent)

    async def give_back(self, holder: str, place: Place) -> None:
        lane = place.channel, rules.lane(place)
        held = self._on.lanes.get(lane, Lane())
        if held.holder == holder:
            self._on.lanes[lane] = Lane(sent=held.sent)

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        waiting = [one for one in self._in_order() if one.state is State.WAITING]
        due = [one.not_before for one in waiting if one.place.channel in channels]
        return min((moment for moment in due if moment > after), default=None)

    async def lines(self, limit: int) -> Sequence[Line]:
        return [
            one.line()
            for one in self._in_order()
            if one.state is not State.SENT and one.reason != Reason.NEEDLESS
        ][:limit]

    async def tally(self, now: datetime) -> Tally:
        waiting = [one for one in self._in_order() if one.state is State.WAITING]
        dead = [
            one
            for one in self._in_order()
            if one.state is State.DEAD and one.reason != Reason.NEEDLESS
        ]
        return Tally(
            len(waiting),
            min((one.at for one in waiting if one.at <= now), default=None),
            _reasons([one for one in waiting if one.reason]),
            _reasons(dead),
            sum(one.doubtful > 0 for one in self._in_order()),
        )

    async def retry(self, which: Collection[MessageId] | None, now: datetime) -> int:
        chosen = [one for one in self._in_order() if which is None or one.id in which]
        again = [
            one
            for one in chosen
            if (one.state is State.WAITING and one.attempts > 0)
            or (one.state is State.DEAD and one.reason not in (NO_ADDRESS, Reason.NEEDLESS))
        ]
        for one in again:
            fresh = replace(one, state=State.WAITING, attempts=0)
            self._put(replace(fresh, at=now, not_before=now, reason=""))
        return len(again)

    async def forget_texts(self, before: datetime) -> int:
        return self._forget(before, answers=True)

    async def forget_notices(self, before: datetime) -> int:
        return self._forget(before, answers=False)

    def _forget(self, before: datetime, *, answers: bool) -> int:
        old = [
            one.id
            for one in self._in_order()
            if (one.answers is not None and not one.reply.subject) == answers
            and one.at < before
            and one.state is not State.WAITING
        ]
        for which in old:
            del self._on.stored[which]
        return len(old)

    def _in_order(self) -> list[Stored]:
        return [self._on.stored[which] for which in sorted(self._on.stored)]

    def _known(self, key: str) -> Stored | None:
        return next((one for one in self._on.stored.values() if one.key == key), None)

    def _put(self, stored: Stored) -> None:
        # There and back, so that what a database would lose is lost here as well.
        reply = reply_json.validate_json(reply_json.dump_json(stored.reply))
        self._on.stored[stored.id] = replace(stored, reply=reply)

    def _due(self, one: Stored, now: datetime) -> bool:
        paused = self._on.paces.get(one.tenant, Pace()).paused
        until = self._on.lanes.get(one.lane, Lane()).until
        return (
            one.state is State.WAITING
            and one.not_before <= now
            and (until is None or until <= now)
            and (paused is None or paused <= now)
            and not any(
                other.id < one.id and other.lane == one.lane and other.in_the_way(now)
                for other in self._in_order()
            )
        )

    def _settle(self, result: Result) -> None:
        known = self._on.stored.get(result.message.id)
        if known is None:
            return
        known = replace(
            known,
            remote=result.remote or known.remote,
            doubtful=known.doubtful + result.doubtful,
        )
        if known.reason == Reason.NEEDLESS and (result.remote or result.doubtful):
            known = replace(known, state=State.WAITING, reason="")
        sent = result.state is State.SENT
        # A failure that is noted late takes nothing back of what arrived since.
        if result.message.version == known.version and (sent or known.state is State.WAITING):
            known = replace(
                known,
                state=result.state,
                not_before=result.not_before or known.not_before,
                attempts=known.attempts + (not sent),
                reason=result.reason,
            )
        self._on.stored[known.id] = known


def _reasons(stored: Sequence[Stored]) -> Counter[Reason]:
    return Counter(rules.reason_of(one.reason) for one in stored)
