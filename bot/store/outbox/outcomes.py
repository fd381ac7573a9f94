"""What became of tries: marked, and written in the log of each conversation."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, case, func, or_, update

from bot.outbox.model import Result, State
from bot.store import reach
from bot.store.db import Repository
from bot.store.outbox import lanes, pace
from bot.store.outbox.rows import NEEDLESS, OUT, WAITING
from bot.store.prepared import Prepared

_SETTLE = Prepared(
    update(OUT)
    .where(
        OUT.c.id == bindparam("of"),
        OUT.c.version == bindparam("seen"),
        # What arrived has arrived: a try that failed may be noted later than one that did not.
        or_(
            bindparam("state_now", type_=OUT.c.state.type) == State.SENT.value,
            OUT.c.state == WAITING,
        ),
    )
    .values(
        state=bindparam("state"),
        remote=func.coalesce(func.nullif(bindparam("remote"), ""), OUT.c.remote),
        sent_at=bindparam("sent_at"),
        not_before=func.coalesce(
            bindparam("not_before", type_=OUT.c.not_before.type), OUT.c.not_before
        ),
        attempts=OUT.c.attempts + bindparam("failed"),
        doubtful=OUT.c.doubtful + bindparam("doubt"),
        reason=bindparam("reason"),
    )
)
_REMEMBER = Prepared(
    update(OUT)
    .where(OUT.c.id == bindparam("of"), OUT.c.version != bindparam("seen"))
    .values(
        remote=func.coalesce(func.nullif(bindparam("remote"), ""), OUT.c.remote),
        doubtful=OUT.c.doubtful + bindparam("doubt"),
        # What was needless did arrive, or may have, as it was before: now it is to be changed.
        state=case((NEEDLESS, State.WAITING.value), else_=OUT.c.state),
        reason=case((NEEDLESS, ""), else_=OUT.c.reason),
    )
)


class Outcomes(Repository):
    """Stores what became of tries."""

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
        await lanes.free(self._db, [one for one in results if one.holder])
        await reach.lose(self._db, results)
        for one in results:
            if one.paused:
                await pace.pause(self._db, one)


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
