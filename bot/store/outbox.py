"""Keeps what is to be said until it arrived: order in a conversation, leases, pace."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place, Reply, read_place, reply_json, write_place
from bot.outbox import rules
from bot.outbox.model import Copy, Leased, Limits, Line, Notice, Reason, Result, State, Tally
from bot.store import reach, tally
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.tables import LaneRow, OutboxRow, PaceRow, Row, table_of

_OUT, _LANE, _PACE = table_of(OutboxRow), table_of(LaneRow), table_of(PaceRow)
_EARLIER = _OUT.alias("earlier")
UNREADABLE_WAIT = timedelta(minutes=5)
_WAITING: ColumnElement[str] = literal_column(f"'{State.WAITING.value}'")
"""Written out: for a parameter in its place SQLite would plan the statement anew each time it runs,
to see whether the indexes of what waits serve."""
HORIZON = timedelta(seconds=1)
"""How far ahead turns in the tenant's pace are given out: a lease is not spent on waiting."""


def _in_the_way(now: Any) -> ColumnElement[bool]:
    """Tell what must be said before anything later: not a reminder for tomorrow, nor an edit.

    A card that is there and changes keeps its place, whatever is said after it meanwhile.
    """
    begun = or_(_EARLIER.c.answers.is_not(None), _EARLIER.c.attempts > 0)
    due = or_(begun, _EARLIER.c.not_before <= now)
    return and_(_EARLIER.c.state == _WAITING, _EARLIER.c.remote == "", due)


_THERE = or_(
    _OUT.c.state != State.DEAD.value, _OUT.c.remote != "", _OUT.c.changes != "", reach.UNTOLD
)
_COPIES = (
    select(
        _OUT.c.id,
        _OUT.c.person,
        _OUT.c.reply,
        _OUT.c.remote,
        _OUT.c.changes,
        reach.UNTOLD.label("untold"),
    )
    .where(_OUT.c.subject == bindparam("of_subject"), _OUT.c.subject != "", _THERE)
    .order_by(_OUT.c.id)
)
_ARRIVED = or_(_OUT.c.state == State.SENT.value, _OUT.c.remote != "", _OUT.c.doubtful > 0)
_MISSED = (
    select(_OUT.c.person)
    .where(
        _OUT.c.subject == bindparam("of_subject"),
        _OUT.c.subject != "",
        _OUT.c.person.is_not(None),
    )
    .group_by(_OUT.c.person)
    .having(func.sum(case((_ARRIVED, 1), else_=0)) == 0)
)
_IN_ITS_WAY = and_(
    _EARLIER.c.channel == bindparam("in_channel"),
    _EARLIER.c.lane == bindparam("in_lane"),
    _in_the_way(bindparam("said_at", type_=_OUT.c.at.type)),
)
_FIRST_WAITING = select(func.min(_EARLIER.c.id)).where(_IN_ITS_WAY).scalar_subquery()
_AHEAD = Prepared(
    select(_EARLIER.c.id)
    .where(_IN_ITS_WAY, _EARLIER.c.id < bindparam("of"))
    .order_by(_EARLIER.c.id)
)
_ADD = Prepared(
    insert(_OUT)
    .values({one.name: bindparam(one.name) for one in _OUT.c if one.name != "id"})
    .returning(_OUT.c.id, _FIRST_WAITING.label("first"))
)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("said_in"), 0)))
_ANSWERS = select(_OUT).where(_OUT.c.key.in_(bindparam("keys", expanding=True))).order_by(_OUT.c.id)
_NOWHERE = ("no_address", "before_the_outbox")
"""Why a message is dead that has no place to be sent to."""
_NO_MORE = (*_NOWHERE, Reason.NEEDLESS)
"""Why a message is dead that no trying again helps."""
_MOST_ANSWERS = 8
"""Replies to one message at most: found by their keys, which spares an index."""
_SETTLE = Prepared(
    update(_OUT)
    .where(
        _OUT.c.id == bindparam("of"),
        _OUT.c.version == bindparam("seen"),
        # What arrived has arrived: a try that failed may be noted later than one that did not.
        or_(
            bindparam("state_now", type_=_OUT.c.state.type) == State.SENT.value,
            _OUT.c.state == _WAITING,
        ),
    )
    .values(
        state=bindparam("state"),
        remote=func.coalesce(func.nullif(bindparam("remote"), ""), _OUT.c.remote),
        sent_at=bindparam("sent_at"),
        not_before=func.coalesce(
            bindparam("not_before", type_=_OUT.c.not_before.type), _OUT.c.not_before
        ),
        attempts=_OUT.c.attempts + bindparam("failed"),
        doubtful=_OUT.c.doubtful + bindparam("doubt"),
        reason=bindparam("reason"),
    )
)
_NEEDLESS = _OUT.c.reason == Reason.NEEDLESS.value
_REMEMBER = Prepared(
    update(_OUT)
    .where(_OUT.c.id == bindparam("of"), _OUT.c.version != bindparam("seen"))
    .values(
        remote=func.coalesce(func.nullif(bindparam("remote"), ""), _OUT.c.remote),
        doubtful=_OUT.c.doubtful + bindparam("doubt"),
        # What was needless did arrive, or may have, as it was before: now it is to be changed.
        state=case((_NEEDLESS, State.WAITING.value), else_=_OUT.c.state),
        reason=case((_NEEDLESS, ""), else_=_OUT.c.reason),
    )
)
_SINCE = bindparam("since", type_=_OUT.c.at.type)
_START = case((_OUT.c.not_before > _SINCE, _OUT.c.not_before), else_=_SINCE)
_HAS_NO_PLACE = or_(*(_OUT.c.reason == one for one in _NOWHERE))
# A message says something else now, and is tried as if it were new.
_SAYS_NOW = update(_OUT).values(
    reply=bindparam("says"),
    state=case((_HAS_NO_PLACE, _OUT.c.state), else_=State.WAITING.value),
    version=_OUT.c.version + 1,
    attempts=0,
    reason=case((_HAS_NO_PLACE, _OUT.c.reason), else_=""),
    not_before=_START,
    at=_START,
)
_CHANGE = Prepared(_SAYS_NOW.where(_OUT.c.key == bindparam("of_key")))
_THIS = _OUT.c.id == bindparam("of")
# What another unit made needless meanwhile stays so.
_REWRITE = Prepared(_SAYS_NOW.where(_THIS, not_(_NEEDLESS)))
# One that a worker holds may be on its way right now: then it is there, and is changed.
_HELD = exists().where(
    _LANE.c.channel == _OUT.c.channel, _LANE.c.lane == _OUT.c.lane, _LANE.c.until > _SINCE
)
_UNSENT = and_(_OUT.c.remote == "", _OUT.c.changes == "", _OUT.c.doubtful == 0)
_SPARE = Prepared(
    _SAYS_NOW.where(_THIS, _UNSENT, or_(_OUT.c.state == State.WAITING.value, reach.UNTOLD))
    .where(_OUT.c.answers.is_(None), ~_HELD)
    .values(state=State.DEAD.value, reason=Reason.NEEDLESS.value)
)
_OF_TENANT = and_(
    _PACE.c.channel == bindparam("in_channel"), _PACE.c.tenant == bindparam("in_tenant")
)
_PACED = select(_PACE.c.free_at).where(_OF_TENANT).with_for_update()
_NEXT_TURN = update(_PACE).where(_OF_TENANT).values(free_at=bindparam("after"))
_UNTIL = bindparam("until", type_=_PACE.c.paused_until.type)
_PAUSE = (
    update(_PACE)
    .where(_OF_TENANT, or_(_PACE.c.paused_until.is_(None), _PACE.c.paused_until < _UNTIL))
    .values(paused_until=_UNTIL)
)
_THIS_LANE = and_(_LANE.c.channel == bindparam("in_channel"), _LANE.c.lane == bindparam("in_lane"))
_LOG = Prepared(update(_LANE).where(_THIS_LANE).values(sent=bindparam("log")))
_FREE = Prepared(
    update(_LANE)
    .where(_THIS_LANE, _LANE.c.holder == bindparam("of_holder"))
    .values(holder="", until=None)
)
_OLD = and_(_OUT.c.at < bindparam("before"), _OUT.c.state != State.WAITING.value)
# What is about a subject is a card that may change for longer than its message is known again.
_ANSWER = and_(_OUT.c.answers.is_not(None), _OUT.c.subject == "")
_FORGET_ANSWERS = Prepared(delete(_OUT).where(_OLD, _ANSWER))
# The pace of the last hour goes with them, once a night.
_FORGET_LANES = Prepared(
    delete(_LANE).where(
        or_(_LANE.c.until.is_(None), _LANE.c.until < bindparam("before", type_=_LANE.c.until.type))
    )
)
_FORGET_NOTICES = Prepared(delete(_OUT).where(_OLD, not_(_ANSWER)))


class SqlOutbox(Repository):
    """Fulfils `bot.outbox.ports.Outbox` and `bot.retention.ports.Forgetful`."""

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
        await self._in_line(place)
        messages, ahead = list[Message](), tuple[MessageId, ...]()
        for number, reply in enumerate(replies[:_MOST_ANSWERS]):
            row = {
                **_new(_answer_key(place.channel, message_id, number), place, reply, at),
                "person": person,
                "not_before": takeover,
                "answers": message_id,
                "changes": card if reply.replaces else "",
            }
            lane = {"in_channel": row["channel"], "in_lane": row["lane"], "said_at": at}
            ((added, first),) = await self._db.rows(_ADD, {**row, **lane})
            if number == 0 and first not in (None, added):
                found = await self._db.rows(_AHEAD, {**lane, "of": added})
                ahead = tuple(MessageId(one.id) for one in found)
            messages.append(Message(MessageId(added), place, reply, row["changes"]))
        return tuple(messages), ahead

    async def answers(self, channel: Channel, message_id: str) -> tuple[Message, ...]:
        found = await self._db.run(_ANSWERS, {"keys": answer_keys(channel, message_id)})
        return tuple(_message(row) for row in found.mappings())

    async def add(self, notice: Notice, at: datetime) -> bool:
        place = notice.place or await reach.place_of(self._db, notice.person)
        await self._in_line(place or _nowhere())
        since = max(at, notice.not_before)
        row = _new(notice.key, place or _nowhere(), notice.reply, since)
        row |= {"person": notice.person, "not_before": notice.not_before}
        row |= {"expires": notice.expires}
        if place is None:
            row |= {"state": State.DEAD, "reason": "no_address"}
        return bool(await self._db.change(_notice(self._db.dialect), row))

    async def revive(self, person: PersonId, place: Place, now: datetime) -> int:
        return await reach.revive(self._db, person, place, now)

    async def change(self, key: str, reply: Reply, at: datetime) -> bool:
        now = {"says": _reply(reply), "since": at}
        return bool(await self._db.change(_CHANGE, {**now, "of_key": key}))

    async def copies(self, subject: str) -> Sequence[Copy]:
        found = await self._db.run(_COPIES, {"of_subject": subject})
        return [_copy(row) for row in found.mappings()]

    async def missed(self, subject: str) -> Collection[PersonId]:
        found = await self._db.run(_MISSED, {"of_subject": subject})
        return {PersonId(one) for one in found.scalars()}

    async def rewrite(
        self, which: MessageId, reply: Reply, at: datetime, *, needed: bool = False
    ) -> None:
        now = {"of": which, "says": _reply(reply), "since": at}
        if needed or not await self._db.change(_SPARE, now):
            await self._db.change(_REWRITE, now)

    async def reword(self, subjects: Collection[str], clean: Callable[[Reply], Reply]) -> None:
        about = select(_OUT.c.id, _OUT.c.reply).where(
            _OUT.c.subject.in_(subjects), _OUT.c.subject != ""
        )
        for row in (await self._db.run(about)).all():
            says = _reply(clean(reply_json.validate_json(row.reply)))
            if says != row.reply:
                await self._db.run(update(_OUT).where(_OUT.c.id == row.id).values(reply=says))

    async def lease(
        self,
        holder: str,
        limits: Mapping[Channel, Limits],
        *,
        now: datetime,
        until: datetime,
        most: int,
    ) -> Sequence[Leased]:
        found = await self._db.run(_due(limits, now, most, self._db.dialect))
        leased: list[Leased] = []
        for key, group in _by_tenant([dict(row) for row in found.mappings()]).items():
            within = limits[Channel(key[0])]
            starts = await self._free_turns(key, within, len(group), now)
            taken: list[Leased] = []
            for row in group:
                if len(taken) == len(starts):
                    break
                # A turn that one cannot use is for the next one.
                start = starts[len(taken)]
                if await self._take(row, holder, within, now=now, start=start, until=until):
                    taken += await self._read(row, start, until, now)
            await self._use_turns(key, within, taken)
            leased += taken
        return leased

    async def _take(  # noqa: PLR0913 (three moments)
        self,
        row: Mapping[str, Any],
        holder: str,
        limits: Limits,
        *,
        now: datetime,
        start: datetime,
        until: datetime,
    ) -> bool:
        """Hold a conversation, unless others do; one whose window is full until it is not."""
        free = rules.free_at(limits, _moments(row["sent"]), now)
        if free > start:
            await self._hold(row, "", free, now)
            return False
        return await self._hold(row, holder, until, now)

    async def _read(
        self, row: Mapping[str, Any], start: datetime, until: datetime, now: datetime
    ) -> list[Leased]:
        try:
            leased = _leased(row, start, _moments(row["sent"]))
        except ValidationError:
            await self._postpone(row, now)
            return []
        return [replace(leased, until=until)]

    async def _postpone(self, row: Mapping[str, Any], now: datetime) -> None:
        """Leave a message that a newer program wrote to that program; ours cannot read it."""
        later = update(_OUT).where(_OUT.c.id == row["id"])
        await self._db.run(later.values(not_before=now + UNREADABLE_WAIT, reason="unreadable"))

    async def settle(self, results: Sequence[Result]) -> None:
        # In order of their ids, as `copies` are: so two that change the same ones cannot lock up.
        rows = sorted(map(_settled, results), key=itemgetter("of"))
        if not rows:
            return
        if await self._db.change_each(_SETTLE, rows) != len(rows):
            there = [row for row in rows if row["remote"] or row["doubt"]]
            names = ("of", "seen", "remote", "doubt")
            versions = [{name: row[name] for name in names} for row in there]
            await self._db.change_each(_REMEMBER, versions)
        await self._free([one for one in results if one.holder])
        await reach.lose(self._db, results)
        for one in results:
            if one.paused:
                await self._pause(one)

    async def release(self, holder: str) -> None:
        mine = update(_LANE).where(_LANE.c.holder == holder)
        await self._db.run(mine.values(holder="", until=None))

    async def give_back(self, holder: str, place: Place) -> None:
        lane = {"in_channel": place.channel.value, "in_lane": rules.lane(place)}
        await self._db.change(_FREE, {**lane, "of_holder": holder})

    async def next_due(self, channels: Collection[Channel], after: datetime) -> datetime | None:
        when = select(func.min(_OUT.c.not_before)).where(
            _OUT.c.state == _WAITING,
            _of(channels, self._db.dialect),
            _OUT.c.not_before > after,
        )
        found: datetime | None = (await self._db.run(when)).scalar_one()
        return found

    async def lines(self, limit: int) -> Sequence[Line]:
        unsaid = and_(_OUT.c.state != State.SENT, _OUT.c.reason != Reason.NEEDLESS)
        open_ones = select(_OUT).where(unsaid).order_by(_OUT.c.id).limit(limit)
        return [_line(row) for row in (await self._db.run(open_ones)).mappings()]

    async def tally(self, now: datetime) -> Tally:
        return await tally.tally(self._db, now)

    async def retry(self, which: Collection[MessageId] | None, now: datetime) -> int:
        again = update(_OUT).where(
            or_(
                and_(_OUT.c.state == State.WAITING, _OUT.c.attempts > 0),
                and_(_OUT.c.state == State.DEAD, _OUT.c.reason.not_in(_NO_MORE)),
            )
        )
        if which is not None:
            again = again.where(_OUT.c.id.in_([*which]))
        values = again.values(
            state=State.WAITING.value, not_before=now, at=now, attempts=0, reason=""
        )
        return int((await self._db.run(values)).rowcount)

    async def forget_texts(self, before: datetime) -> int:
        await self._db.sweep(_FORGET_LANES, {"before": before})
        return await self._db.sweep(_FORGET_ANSWERS, {"before": before})

    async def forget_notices(self, before: datetime) -> int:
        return await self._db.sweep(_FORGET_NOTICES, {"before": before})

    async def _in_line(self, place: Place) -> None:
        """Let what is said in one conversation be stored in the order of its ids."""
        if self._db.dialect == "postgresql":
            lane = f"{place.channel}|{rules.lane(place)}"
            await self._db.run(_ONE_AT_A_TIME, {"said_in": lane})

    async def _free_turns(
        self, key: tuple[str, str], limits: Limits, count: int, now: datetime
    ) -> Sequence[datetime]:
        """Return the next turns in the tenant's pace, which nobody else can take meanwhile."""
        if limits.rate is None:
            return [now] * count
        which = {"channel": key[0], "tenant": key[1]}
        await self._db.run(_once(self._db.dialect, PaceRow), which)
        free = (await self._db.run(_PACED, _named(which))).scalar_one()
        return rules.turns(free, limits.rate, count, now, HORIZON)

    async def _use_turns(
        self, key: tuple[str, str], limits: Limits, leased: Sequence[Leased]
    ) -> None:
        if limits.rate is not None and leased:
            after = leased[-1].start + rules.step(limits.rate)
            which = {"in_channel": key[0], "in_tenant": key[1]}
            await self._db.run(_NEXT_TURN, {**which, "after": after})

    async def _hold(
        self, row: Mapping[str, Any], holder: str, until: datetime, now: datetime
    ) -> bool:
        values = {
            "channel": row["channel"],
            "lane": row["lane"],
            "holder": holder,
            "until": until,
            "sent": _log(_moments(row["sent"])),
        }
        return bool((await self._db.run(_take(self._db.dialect), {**values, "now": now})).rowcount)

    async def _free(self, results: Sequence[Result]) -> None:
        """Write down what was sent to the conversations, and free those that are still held."""
        if not results:
            return
        names = {rules.lane(one.message.place) for one in results}
        channels = {one.message.place.channel.value for one in results}
        here = select(_LANE).where(_LANE.c.channel.in_(channels), _LANE.c.lane.in_(names))
        sent = {(row.channel, row.lane): _moments(row.sent) for row in await self._db.run(here)}
        freed = []
        for one in results:
            key = one.message.place.channel.value, rules.lane(one.message.place)
            if one.state is State.SENT:
                sent[key] = rules.kept((*sent.get(key, ()), one.at), one.at)
            log = _log(sent.get(key, ()))
            lane = {"in_channel": key[0], "in_lane": key[1]}
            freed.append({**lane, "log": log, "of_holder": one.holder})
        await self._db.change_each(_LOG, freed)
        await self._db.change_each(_FREE, freed)

    async def _pause(self, result: Result) -> None:
        which = {"channel": result.message.place.channel, "tenant": result.message.place.tenant}
        await self._db.run(_once(self._db.dialect, PaceRow), which)
        await self._db.run(_PAUSE, {**_named(which), "until": result.paused})


def _new(key: str, place: Place, reply: Reply, at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "channel": place.channel.value,
        "lane": rules.lane(place),
        "tenant": place.tenant,
        "person": None,
        "place": write_place(place),
        "reply": _reply(reply),
        "state": State.WAITING.value,
        "expires": None,
        "attempts": 0,
        "version": 1,
        "doubtful": 0,
        "remote": "",
        "changes": "",
        "answers": None,
        "subject": reply.subject,
        "reason": "",
        "at": at,
        "sent_at": None,
    }


def _answer_key(channel: Channel, message_id: str, number: int) -> str:
    return f"answer|{channel}|{message_id}|{number}"


def answer_keys(channel: Channel, message_id: str) -> list[str]:
    """Return the keys that the replies to a message can have."""
    return [_answer_key(channel, message_id, number) for number in range(_MOST_ANSWERS)]


def _nowhere() -> Place:
    return Place(Channel.TEAMS, "")


def _reply(reply: Reply) -> str:
    return reply_json.dump_json(reply).decode()


@cache
def _once(dialect: str, table: type[Row] = OutboxRow) -> Insert:
    """Return an insert that does nothing when the row is there."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return new(table_of(table)).on_conflict_do_nothing()


@cache
def _notice(dialect: str) -> Prepared:
    """Return the insert of a notice whose key is perhaps known. A poll tells a thousand at once."""
    columns = [one.name for one in _OUT.c if one.name != "id"]
    return Prepared(_once(dialect).values({name: bindparam(name) for name in columns}))


@cache
def _take(dialect: str) -> Insert:
    """Return an insert of a lane that takes over one that nobody holds, and no other."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = new(_LANE).values({name: bindparam(name) for name in ("channel", "lane", "holder")})
    row = row.values(until=bindparam("until"), sent=bindparam("sent"))
    return row.on_conflict_do_update(
        index_elements=["channel", "lane"],
        set_={"holder": row.excluded.holder, "until": row.excluded.until},
        where=or_(
            _LANE.c.until.is_(None), _LANE.c.until <= bindparam("now", type_=_LANE.c.until.type)
        ),
    )


def _of(channels: Collection[Channel], dialect: str) -> ColumnElement[bool]:
    """Return a condition that leaves a planner no choice but the order in which they are due.

    SQLite would take the index of the lanes, and sort all that wait. PostgreSQL, told of one
    channel and knowing no figures yet, would look for what is earlier by that channel alone.
    """
    names = [one.value for one in channels]
    if dialect == "postgresql":
        return _OUT.c.channel.in_([*names, ""])
    return _OUT.c.channel.concat("").in_(names)


def _due(channels: Collection[Channel], now: datetime, most: int, dialect: str) -> Select[Any]:
    """Select the first waiting message of each free conversation, where it is due."""
    earlier = exists().where(
        _EARLIER.c.channel == _OUT.c.channel,
        _EARLIER.c.lane == _OUT.c.lane,
        _in_the_way(now),
        _EARLIER.c.id < _OUT.c.id,
    )
    lane = and_(_LANE.c.channel == _OUT.c.channel, _LANE.c.lane == _OUT.c.lane)
    pace = and_(_PACE.c.channel == _OUT.c.channel, _PACE.c.tenant == _OUT.c.tenant)
    return (
        select(_OUT, _LANE.c.sent)
        .join(_LANE, lane, isouter=True)
        .join(_PACE, pace, isouter=True)
        .where(
            _OUT.c.state == _WAITING,
            _OUT.c.not_before <= now,
            _of(channels, dialect),
            or_(_LANE.c.until.is_(None), _LANE.c.until <= now),
            or_(_PACE.c.paused_until.is_(None), _PACE.c.paused_until <= now),
            ~earlier,
        )
        # As the index has it, so that it reads no further than `most`; ties are as they were added.
        .order_by(_OUT.c.not_before)
        .limit(most)
        .with_for_update(of=_OUT, skip_locked=True)
    )


def _by_tenant(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["channel"], row["tenant"]), []).append(row)
    return groups


def _named(which: Mapping[str, Any]) -> dict[str, Any]:
    return {f"in_{name}": value for name, value in which.items()}


def _moments(log: str | None) -> tuple[datetime, ...]:
    return tuple(datetime.fromtimestamp(at, UTC) for at in json.loads(log or "[]"))


def _log(moments: Iterable[datetime]) -> str:
    return json.dumps([at.timestamp() for at in moments])


def _message(row: Any) -> Message:
    return Message(
        id=MessageId(row["id"]),
        place=read_place(row["place"]),
        reply=reply_json.validate_json(row["reply"]),
        changes=row["remote"] or row["changes"],
        attempts=row["attempts"],
        version=row["version"],
    )


def _copy(row: Any) -> Copy:
    person = None if row["person"] is None else PersonId(row["person"])
    reply = reply_json.validate_json(row["reply"])
    shown, untold = row["remote"] or row["changes"], bool(row["untold"])
    return Copy(MessageId(row["id"]), person, reply, shown, untold)


def _leased(row: Any, start: datetime, sent: tuple[datetime, ...]) -> Leased:
    return Leased(_message(row), row["at"], start, sent, row["expires"])


def _settled(result: Result) -> dict[str, Any]:
    sent = result.state is State.SENT
    return {
        "of": result.message.id,
        "seen": result.message.version,
        "state": result.state.value,
        "state_now": result.state.value,
        "remote": result.remote,
        "sent_at": result.at if sent else None,
        "not_before": result.not_before,
        "failed": 0 if sent else 1,
        "doubt": int(result.doubtful),
        "reason": result.reason,
    }


def _line(row: Any) -> Line:
    place = read_place(row["place"])
    return Line(
        id=MessageId(row["id"]),
        key=row["key"],
        channel=row["channel"],
        person=None if row["person"] is None else PersonId(row["person"]),
        view=str(json.loads(row["reply"]).get("view", "")),
        state=State(row["state"]),
        at=row["at"],
        not_before=row["not_before"],
        attempts=row["attempts"],
        doubtful=row["doubtful"],
        reason=row["reason"],
        to=place.conversation or place.person,
    )
