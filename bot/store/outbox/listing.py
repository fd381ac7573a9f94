"""What an administrator looks at and tries again, and what is old enough to be forgotten."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, not_, or_, select, update

from bot.core.ids import MessageId, PersonId
from bot.core.reply import read_place
from bot.outbox.model import Line, Reason, State, Tally
from bot.store import tally
from bot.store.db import Repository
from bot.store.outbox.rows import LANE, NOWHERE, OUT
from bot.store.prepared import Prepared

_NO_MORE = (*NOWHERE, Reason.NEEDLESS)
"""Why a message is dead that no trying again helps."""
_OLD = and_(OUT.c.at < bindparam("before"), OUT.c.state != State.WAITING.value)
# What is about a subject is a card that may change for longer than its message is known again.
_ANSWER = and_(OUT.c.answers.is_not(None), OUT.c.subject == "")
_FORGET_ANSWERS = Prepared(delete(OUT).where(_OLD, _ANSWER))
# The pace of the last hour goes with them, once a night.
_FORGET_LANES = Prepared(
    delete(LANE).where(
        or_(LANE.c.until.is_(None), LANE.c.until < bindparam("before", type_=LANE.c.until.type))
    )
)
_FORGET_NOTICES = Prepared(delete(OUT).where(_OLD, not_(_ANSWER)))


class Listing(Repository):
    """Lists what waits or cannot arrive, tries it again, and forgets what is over."""

    async def lines(self, limit: int) -> Sequence[Line]:
        unsaid = and_(OUT.c.state != State.SENT, OUT.c.reason != Reason.NEEDLESS)
        open_ones = select(OUT).where(unsaid).order_by(OUT.c.id).limit(limit)
        return [_line(row) for row in (await self._db.run(open_ones)).mappings()]

    async def tally(self, now: datetime) -> Tally:
        return await tally.tally(self._db, now)

    async def retry(self, which: Collection[MessageId] | None, now: datetime) -> int:
        again = update(OUT).where(
            or_(
                and_(OUT.c.state == State.WAITING, OUT.c.attempts > 0),
                and_(OUT.c.state == State.DEAD, OUT.c.reason.not_in(_NO_MORE)),
            )
        )
        if which is not None:
            again = again.where(OUT.c.id.in_([*which]))
        values = again.values(
            state=State.WAITING.value, not_before=now, at=now, attempts=0, reason=""
        )
        return int((await self._db.run(values)).rowcount)

    async def forget_texts(self, before: datetime) -> int:
        await self._db.sweep(_FORGET_LANES, {"before": before})
        return await self._db.sweep(_FORGET_ANSWERS, {"before": before})

    async def forget_notices(self, before: datetime) -> int:
        return await self._db.sweep(_FORGET_NOTICES, {"before": before})


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
