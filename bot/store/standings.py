"""How coaches stand: what they hold, are asked, and how fast they were."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from bot.core.ids import PersonId
from bot.routing.model import Standing, Standings, State
from bot.store.db import Db
from bot.store.prepared import Prepared
from bot.store.tables import OfferRow, QuestionRow, table_of

_Q, _OFFER = table_of(QuestionRow), table_of(OfferRow)
_UNCLAIMED = (State.OPEN.value, State.OFFERED.value)
_HELPED = (State.ANSWERED.value, State.CLOSED.value)
_LATELY = _Q.c.created >= bindparam("since", type_=_Q.c.created.type)
_NOUGHT: ColumnElement[int] = literal_column("0")
"""Added to what is grouped by: else SQLite goes through all rows ever in the order of that column,
in place of finding those of the last months (34 against 7 ms with 20,000 questions)."""


def _in(column: Any, states: Collection[str]) -> ColumnElement[bool]:
    """Return a condition on a state that is a parameter each, as what is prepared needs."""
    return or_(*(column == one for one in states))


def _held() -> Prepared:
    """Select how each coach stands with what they picked up."""
    claimed = _Q.c.state == State.CLAIMED.value
    holder = (_Q.c.holder + _NOUGHT).label("holder")
    open_now = func.sum(case((claimed, 1), else_=0))
    mine = and_(_Q.c.asker == bindparam("of_asker"), _in(_Q.c.state, _HELPED), _LATELY)
    return Prepared(
        select(
            holder,
            func.cast(open_now, Integer).label("open"),
            func.avg(case((_LATELY, _Q.c.claim_minutes))).label("minutes"),
            func.sum(case((mine, 1), else_=0)).label("helped"),
        )
        .where(_Q.c.holder.is_not(None), or_(claimed, _LATELY))
        .group_by(holder)
    )


def _asked_now() -> Prepared:
    """Select how much each coach is asked now that nobody picked up."""
    same = and_(_OFFER.c.question == _Q.c.id, _OFFER.c.round == _Q.c.round)
    coach = (_OFFER.c.coach + _NOUGHT).label("coach")
    now = select(coach, func.count().label("offered")).select_from(_Q).join(_OFFER, same)
    return Prepared(now.where(_in(_Q.c.state, _UNCLAIMED), _OFFER.c.ring > 0).group_by(coach))


def _asked_last() -> Prepared:
    """Select when each coach was last asked, of who was lately."""
    coach = (_OFFER.c.coach + _NOUGHT).label("coach")
    last = select(coach, func.max(_OFFER.c.at).label("last"))
    lately = _OFFER.c.at >= bindparam("since", type_=_OFFER.c.at.type)
    return Prepared(last.where(_OFFER.c.ring > 0, lately).group_by(coach))


_STANDING_HELD, _STANDING_NOW, _STANDING_LAST = _held(), _asked_now(), _asked_last()


async def standings_of(db: Db, asker: PersonId, since: datetime) -> Standings:
    """Return how each coach stands who holds or was asked anything; what is old does not count."""
    which = {"of_asker": asker, "since": since}
    offered = {row.coach: row.offered for row in await db.rows(_STANDING_NOW, {})}
    last = {row.coach: row.last for row in await db.rows(_STANDING_LAST, which)}
    rows = {row.holder: row for row in await db.rows(_STANDING_HELD, which)}
    return {
        PersonId(person): _standing(rows.get(person), offered.get(person, 0), last.get(person))
        for person in {*rows, *offered, *last}
    }


def _standing(held: Any, offered: int, last: datetime | None) -> Standing:
    if held is None:
        return Standing(offered=offered, assigned=last)
    minutes = None if held.minutes is None else float(held.minutes)
    return Standing(int(held.open), offered, minutes, bool(held.helped), last)
