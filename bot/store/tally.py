"""Counts what waits to be said, and what could not be."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from bot.outbox import rules
from bot.outbox.model import Reason, State, Tally
from bot.store.db import Db
from bot.store.tables import OutboxRow, table_of

_OUT = table_of(OutboxRow)
_WHY = (
    select(_OUT.c.state, _OUT.c.reason, func.count().label("many"))
    .where(_OUT.c.state != State.SENT.value, _OUT.c.reason != Reason.NEEDLESS.value)
    .group_by(_OUT.c.state, _OUT.c.reason)
)
_DOUBTFUL = select(func.count()).where(_OUT.c.doubtful > 0)


async def tally(db: Db, now: datetime) -> Tally:
    """Return the figures of the outbox, as they are now."""
    failed, dead, waiting = Counter[Reason](), Counter[Reason](), 0
    for row in (await db.run(_WHY)).all():
        if row.state == State.DEAD:
            dead[rules.reason_of(row.reason)] += row.many
            continue
        waiting += row.many
        if row.reason:
            failed[rules.reason_of(row.reason)] += row.many
    due = select(func.min(_OUT.c.at)).where(_OUT.c.state == State.WAITING.value, _OUT.c.at <= now)
    return Tally(
        waiting=waiting,
        oldest=(await db.run(due)).scalar_one(),
        failed=failed,
        dead=dead,
        doubtful=(await db.run(_DOUBTFUL)).scalar_one(),
    )
