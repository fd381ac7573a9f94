"""Messages that say something else later: cards that follow what they are about."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, not_, or_, select, update

from bot.core.ids import MessageId, PersonId
from bot.core.reply import Place, Reply
from bot.outbox.model import Copy, Reason, State
from bot.store import reach
from bot.store.db import Repository
from bot.store.outbox.rows import LANE, NEEDLESS, NOWHERE, OUT, reply_of, written
from bot.store.prepared import Prepared

_THERE = or_(OUT.c.state != State.DEAD.value, OUT.c.remote != "", OUT.c.changes != "", reach.UNTOLD)
_COPIES = (
    select(
        OUT.c.id,
        OUT.c.person,
        OUT.c.reply,
        OUT.c.remote,
        OUT.c.changes,
        reach.UNTOLD.label("untold"),
    )
    .where(OUT.c.subject == bindparam("of_subject"), OUT.c.subject != "", _THERE)
    .order_by(OUT.c.id)
)
_ARRIVED = or_(OUT.c.state == State.SENT.value, OUT.c.remote != "", OUT.c.doubtful > 0)
_MISSED = (
    select(OUT.c.person)
    .where(
        OUT.c.subject == bindparam("of_subject"),
        OUT.c.subject != "",
        OUT.c.person.is_not(None),
    )
    .group_by(OUT.c.person)
    .having(func.sum(case((_ARRIVED, 1), else_=0)) == 0)
)
_SINCE = bindparam("since", type_=OUT.c.at.type)
_START = case((OUT.c.not_before > _SINCE, OUT.c.not_before), else_=_SINCE)
_HAS_NO_PLACE = or_(*(OUT.c.reason == one for one in NOWHERE))
# A message says something else now, and is tried as if it were new.
_SAYS_NOW = update(OUT).values(
    reply=bindparam("says"),
    state=case((_HAS_NO_PLACE, OUT.c.state), else_=State.WAITING.value),
    version=OUT.c.version + 1,
    attempts=0,
    reason=case((_HAS_NO_PLACE, OUT.c.reason), else_=""),
    not_before=_START,
    at=_START,
)
_CHANGE = Prepared(_SAYS_NOW.where(OUT.c.key == bindparam("of_key")))
_THIS = OUT.c.id == bindparam("of")
# What another unit made needless meanwhile stays so.
_REWRITE = Prepared(_SAYS_NOW.where(_THIS, not_(NEEDLESS)))
# One that a worker holds may be on its way right now: then it is there, and is changed.
_HELD = exists().where(
    LANE.c.channel == OUT.c.channel, LANE.c.lane == OUT.c.lane, LANE.c.until > _SINCE
)
_UNSENT = and_(OUT.c.remote == "", OUT.c.changes == "", OUT.c.doubtful == 0)
_SPARE = Prepared(
    _SAYS_NOW.where(_THIS, _UNSENT, or_(OUT.c.state == State.WAITING.value, reach.UNTOLD))
    .where(OUT.c.answers.is_(None), ~_HELD)
    .values(state=State.DEAD.value, reason=Reason.NEEDLESS.value)
)


class Changing(Repository):
    """Finds what was said of a subject, and lets it say something else."""

    async def revive(self, person: PersonId, place: Place, now: datetime) -> int:
        return await reach.revive(self._db, person, place, now)

    async def change(self, key: str, reply: Reply, at: datetime) -> bool:
        now = {"says": written(reply), "since": at}
        return bool(await self._db.change(_CHANGE, {**now, "of_key": key}))

    async def copies(self, subject: str) -> Sequence[Copy]:
        found = await self._db.run(_COPIES, {"of_subject": subject})
        rows = [(row, reply_of(row["reply"])) for row in found.mappings()]
        return [_copy(row, reply) for row, reply in rows if reply]

    async def missed(self, subject: str) -> Collection[PersonId]:
        found = await self._db.run(_MISSED, {"of_subject": subject})
        return {PersonId(one) for one in found.scalars()}

    async def rewrite(
        self, which: MessageId, reply: Reply, at: datetime, *, needed: bool = False
    ) -> None:
        now = {"of": which, "says": written(reply), "since": at}
        if needed or not await self._db.change(_SPARE, now):
            await self._db.change(_REWRITE, now)

    async def reword(self, subjects: Collection[str], clean: Callable[[Reply], Reply]) -> None:
        about = select(OUT.c.id, OUT.c.reply).where(
            OUT.c.subject.in_(subjects), OUT.c.subject != ""
        )
        for row in (await self._db.run(about)).all():
            reply = reply_of(row.reply)
            says = written(clean(reply)) if reply else row.reply
            if says != row.reply:
                await self._db.run(update(OUT).where(OUT.c.id == row.id).values(reply=says))


def _copy(row: Any, reply: Reply) -> Copy:
    person = None if row["person"] is None else PersonId(row["person"])
    shown, untold = row["remote"] or row["changes"], bool(row["untold"])
    return Copy(MessageId(row["id"]), person, reply, shown, untold)
