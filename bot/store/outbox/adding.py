"""What is said: replies to a message, and notices, in the order of their conversation."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from bot.core.delivery import Message
from bot.core.ids import MessageId, PersonId
from bot.core.reply import Channel, Place, Reply, write_place
from bot.outbox import rules
from bot.outbox.model import Notice, State
from bot.store import reach
from bot.store.db import Repository
from bot.store.outbox.rows import EARLIER, OUT, in_the_way, message_of, once, written
from bot.store.prepared import Prepared

_AHEAD = Prepared(
    select(EARLIER.c.id)
    .where(
        EARLIER.c.channel == bindparam("in_channel"),
        EARLIER.c.lane == bindparam("in_lane"),
        in_the_way(bindparam("said_at", type_=OUT.c.at.type)),
    )
    .order_by(EARLIER.c.id)
)
_ADD = Prepared(
    insert(OUT).values({one.name: bindparam(one.name) for one in OUT.c if one.name != "id"})
)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("said_in"), 0)))
_MOST_ANSWERS = 8
"""Replies to one message at most: found by their keys, which spares an index."""
_ANSWERS = select(OUT).where(OUT.c.key.in_(bindparam("keys", expanding=True))).order_by(OUT.c.id)


class Adding(Repository):
    """Stores what is said."""

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
        if not replies:
            return (), ()
        await self._in_line(place)
        ahead = await self._ahead(place, at)
        messages = list[Message]()
        for number, reply in enumerate(replies[:_MOST_ANSWERS]):
            row = {
                **_new(_answer_key(place.channel, message_id, number), place, reply, at),
                "person": person,
                "not_before": takeover,
                "answers": message_id,
                "changes": card if reply.replaces else "",
            }
            added = MessageId(await self._db.add(_ADD, row))
            messages.append(Message(added, place, reply, row["changes"]))
        return tuple(messages), ahead

    async def _ahead(self, place: Place, at: datetime) -> tuple[MessageId, ...]:
        """Return what is to be said in that conversation before anything new."""
        lane = {"in_channel": place.channel.value, "in_lane": rules.lane(place), "said_at": at}
        return tuple([MessageId(one.id) for one in await self._db.rows(_AHEAD, lane)])

    async def answers(self, channel: Channel, message_id: str) -> tuple[Message, ...]:
        found = await self._db.run(_ANSWERS, {"keys": answer_keys(channel, message_id)})
        return tuple(message_of(row) for row in found.mappings())

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

    async def _in_line(self, place: Place) -> None:
        """Let what is said in one conversation be stored in the order of its ids."""
        if self._db.dialect == "postgresql":
            lane = f"{place.channel}|{rules.lane(place)}"
            await self._db.run(_ONE_AT_A_TIME, {"said_in": lane})


def _new(key: str, place: Place, reply: Reply, at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "channel": place.channel.value,
        "lane": rules.lane(place),
        "tenant": place.tenant,
        "person": None,
        "place": write_place(place),
        "reply": written(reply),
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


@cache
def _notice(dialect: str) -> Prepared:
    """Return the insert of a notice whose key is perhaps known. A poll tells a thousand at once."""
    columns = [one.name for one in OUT.c if one.name != "id"]
    return Prepared(once(dialect).values({name: bindparam(name) for name in columns}))
