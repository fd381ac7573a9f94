"""Keeps questions on their way. The version in the condition of a write decides who was first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import PersonId, QuestionId
from bot.core.redaction import without_contacts
from bot.routing.model import Away, Draft, Event, Offer, Question, Standings, State
from bot.store.db import Repository
from bot.store.prepared import Prepared
from bot.store.question_rows import away_of, event_of, new_values, offer_of, question_of, values_of
from bot.store.standings import standings_of
from bot.store.tables import (
    AwayRow,
    MembershipRow,
    OfferRow,
    QuestionEventRow,
    QuestionRow,
    Row,
    table_of,
)

_Q, _EVENT = table_of(QuestionRow), table_of(QuestionEventRow)
_OFFER, _AWAY = table_of(OfferRow), table_of(AwayRow)
_MEMBER = table_of(MembershipRow)
_UNCLAIMED = (State.OPEN.value, State.OFFERED.value)
_HELD = (State.CLAIMED.value, State.ANSWERED.value)
_ENDED = (State.CLOSED.value, State.WITHDRAWN.value)
_BY_NOW = bindparam("now", type_=_Q.c.created.type)
_OF_ASKER = Prepared(
    select(_Q)
    .where(_Q.c.asker == bindparam("of"))
    .order_by(_Q.c.id.desc())
    .limit(bindparam("most", type_=Integer()))
)
_LEAVES = Prepared(
    select(_AWAY)
    # What was called off ends when it begins.
    .where(
        or_(_AWAY.c.until.is_(None), and_(_AWAY.c.until > _BY_NOW, _AWAY.c.until > _AWAY.c.start))
    )
    # Of two at once the longest is last: who reads them into a mapping keeps that one.
    .order_by(_AWAY.c.until.is_(None), _AWAY.c.until, _AWAY.c.id)
)


class SqlQuestions(Repository):
    """Fulfils `bot.routing.ports.Questions` and `bot.retention.ports.Forgetful`."""

    async def add(self, draft: Draft, now: datetime) -> tuple[Question, bool]:
        added = await self._db.run(_once(self._db.dialect, QuestionRow), new_values(draft, now))
        found = await self._db.run(select(_Q).where(_Q.c.key == draft.key))
        return question_of(found.mappings().one()), bool(added.rowcount)

    async def get(self, which: QuestionId) -> Question | None:
        row = (await self._db.run(select(_Q).where(_Q.c.id == which))).mappings().one_or_none()
        return question_of(row) if row else None

    async def save(self, question: Question, *, seen: int) -> bool:
        unchanged = update(_Q).where(_Q.c.id == question.id, _Q.c.version == seen)
        return bool((await self._db.run(unchanged.values(values_of(question)))).rowcount)

    async def record(self, event: Event) -> None:
        new = insert(_EVENT)
        if event.felt is not None:
            new = new.values(_rated(event.question))
        await self._db.run(
            new,
            {
                "question": event.question,
                "act": event.act.value,
                "at": event.at,
                "who": event.who,
                "other": event.other,
                "text": event.text or None,
                "ending": event.ending.value if event.ending else None,
                "felt": event.felt,
            },
        )

    async def events(self, which: QuestionId) -> Sequence[Event]:
        happened = select(_EVENT).where(_EVENT.c.question == which).order_by(_EVENT.c.id)
        return [event_of(row) for row in (await self._db.run(happened)).mappings()]

    async def forget_contacts(self, which: QuestionId) -> None:
        said = select(_EVENT.c.id, _EVENT.c.text)
        said = said.where(_EVENT.c.question == which, _EVENT.c.text.is_not(None))
        for row in (await self._db.run(said)).all():
            clean = without_contacts(row.text)
            if clean != row.text:
                await self._db.run(update(_EVENT).where(_EVENT.c.id == row.id).values(text=clean))

    async def offer(self, offers: Sequence[Offer]) -> None:
        for one in offers:
            row = {
                "question": one.question,
                "coach": one.coach,
                "round": one.round,
                "ring": one.ring,
                "at": one.at,
                "near": one.near,
            }
            await self._db.run(_once(self._db.dialect, OfferRow), row)

    async def offers(self, which: QuestionId) -> Sequence[Offer]:
        asked = select(_OFFER).where(_OFFER.c.question == which)
        asked = asked.order_by(_OFFER.c.round, _OFFER.c.ring, _OFFER.c.at, _OFFER.c.coach)
        return [offer_of(row) for row in (await self._db.run(asked)).mappings()]

    async def due(self, now: datetime, limit: int) -> Sequence[QuestionId]:
        late = select(_Q.c.id).where(_Q.c.due.is_not(None), _Q.c.due <= now)
        oldest = late.order_by(_Q.c.created, _Q.c.id).limit(limit)
        return [QuestionId(one) for one in (await self._db.run(oldest)).scalars()]

    async def next_due(self, after: datetime) -> datetime | None:
        later = select(func.min(_Q.c.due)).where(_Q.c.due.is_not(None), _Q.c.due > after)
        found: datetime | None = (await self._db.run(later)).scalar_one()
        return found

    async def of_asker(self, person: PersonId, limit: int) -> Sequence[Question]:
        found = await self._db.rows(_OF_ASKER, {"of": person, "most": limit})
        return [question_of(row._asdict()) for row in found]

    async def of_holder(self, person: PersonId) -> Sequence[Question]:
        held = select(_Q).where(_Q.c.holder == person, _Q.c.state.in_(_HELD))
        return await self._all(held.order_by(_Q.c.id))

    async def offered_to(self, person: PersonId) -> Sequence[Question]:
        asked = and_(_OFFER.c.question == _Q.c.id, _OFFER.c.round == _Q.c.round)
        open_ones = (
            select(_Q)
            .join(_OFFER, asked)
            .where(_OFFER.c.coach == person, _OFFER.c.ring > 0, _Q.c.state.in_(_UNCLAIMED))
            .order_by(_Q.c.id)
        )
        return await self._all(open_ones)

    async def in_states(self, states: Collection[State], limit: int) -> Sequence[Question]:
        wanted = select(_Q).where(_Q.c.state.in_([one.value for one in states]))
        return await self._all(wanted.order_by(_Q.c.id).limit(limit))

    async def standings(self, asker: PersonId, since: datetime) -> Standings:
        return await standings_of(self._db, asker, since)

    async def urgent_since(self, person: PersonId, since: datetime) -> int:
        said = select(func.count()).where(
            _Q.c.asker == person, _Q.c.urgent.is_(True), _Q.c.created >= since
        )
        return int((await self._db.run(said)).scalar_one())

    async def leave(self, away: Away) -> None:
        row = {"person": away.person, "start": away.start, "until": away.until}
        await self._db.run(insert(_AWAY), {**row, "for_today": away.for_today})

    async def come_back(self, person: PersonId, now: datetime) -> bool:
        still = or_(_AWAY.c.until.is_(None), _AWAY.c.until > now)
        mine = update(_AWAY).where(_AWAY.c.person == person, still)
        if (await self._db.run(mine.where(_AWAY.c.start <= now).values(until=now))).rowcount:
            return True
        return bool((await self._db.run(mine.values(until=_AWAY.c.start))).rowcount)

    async def planned(self, person: PersonId, now: datetime) -> Away | None:
        lasts = or_(_AWAY.c.until.is_(None), _AWAY.c.until > _AWAY.c.start)
        later = select(_AWAY).where(_AWAY.c.person == person, _AWAY.c.start > now, lasts)
        first = (await self._db.run(later.order_by(_AWAY.c.start).limit(1))).mappings().first()
        return away_of(first) if first else None

    async def away(self, now: datetime) -> Sequence[Away]:
        return [one for one in await self.leaves(now) if one.start <= now]

    async def leaves(self, now: datetime) -> Sequence[Away]:
        return [away_of(row._asdict()) for row in await self._db.rows(_LEAVES, {"now": now})]

    async def forget_texts(self, before: datetime) -> int:
        ended = and_(_Q.c.state.in_(_ENDED), _Q.c.closed < before)
        old = select(_Q.c.id).where(ended).scalar_subquery()
        await self._db.run(delete(_AWAY).where(_AWAY.c.until < before))
        events = update(_EVENT).where(_EVENT.c.question.in_(old), _EVENT.c.text.is_not(None))
        await self._db.run(events.values(text=None))
        texts = update(_Q).where(ended, _Q.c.text.is_not(None))
        found = await self._db.run(texts.values(text=None, note=None, answer=None))
        return int(found.rowcount)

    async def _all(self, which: Any) -> Sequence[Question]:
        return [question_of(row) for row in (await self._db.run(which)).mappings()]


@cache
def _once(dialect: str, table: type[Row]) -> Insert:
    """Return an insert that does nothing when the row is there."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return new(table_of(table)).on_conflict_do_nothing()


def _rated(which: QuestionId) -> Mapping[str, Any]:
    """Return whose help is rated, and of which team the asker is by now."""
    coach = select(_Q.c.holder).where(_Q.c.id == which)
    primary = and_(_MEMBER.c.person == _Q.c.asker, _MEMBER.c.place == 0)
    team = select(_MEMBER.c.team).join(_Q, primary).where(_Q.c.id == which)
    return {"coach": coach.scalar_subquery(), "team": team.scalar_subquery()}
