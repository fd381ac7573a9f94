"""Counts what happened in a week, by location of who asked. What can be added up, SQL adds up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, literal_column, or_, select

from bot.core.ids import LocationId, PersonId
from bot.core.turn import Kind
from bot.routing.model import Act, Source
from bot.store.db import Repository
from bot.store.tables import (
    AskedRow,
    BookingRow,
    EntryRow,
    HandledRow,
    MessageCountRow,
    OfferRow,
    PersonRow,
    QuestionEventRow,
    QuestionRow,
    QueueTicketRow,
    RatingRow,
    WalkInHourRow,
    table_of,
)
from bot.summary.figures import OUTCOMES
from bot.summary.model import Counted, Opened, Rating, Said, Span, Stale, Visits, Wait
from bot.walkin.model import State as Seat
from bot.walkin.model import Turn

_PERSON = table_of(PersonRow)
_HANDLED, _COUNT = table_of(HandledRow), table_of(MessageCountRow)
_ASKED, _RATING, _ENTRY = table_of(AskedRow), table_of(RatingRow), table_of(EntryRow)
_Q, _EVENT = table_of(QuestionRow), table_of(QuestionEventRow)
_OFFER = table_of(OfferRow)
_BOOKING, _TICKET = table_of(BookingRow), table_of(QueueTicketRow)
_HOUR = table_of(WalkInHourRow)
# A number that is bound would be another one in GROUP BY, as far as PostgreSQL can tell.
_PLACE = func.coalesce(_PERSON.c.location, literal_column("0")).label("place")
_MANY = func.count().label("many")
_KINDS = {
    Kind.QUESTION.value: "heard",
    Kind.SMALL_TALK.value: "small_talk",
    Kind.COMMAND.value: "commands",
}
_CLOSING = (Act.CLOSE.value, Act.SOLVED.value, Act.EXPIRE.value)
_ENDING = (*_CLOSING, Act.WITHDRAW.value)
_FLOWS = {
    **dict.fromkeys(_CLOSING, "closed"),
    Act.WITHDRAW.value: "withdrawn",
    Act.REOPEN.value: "reopened",
    Act.HAND_OVER.value: "hand_overs",
}
_GIVEN = (Act.HAND_OVER.value, Act.ASSIGN.value)
_TAKEN = (Act.CLAIM.value, Act.ASSIGN.value)
_RATED = _EVENT.c.act == Act.RATE.value
_UNANSWERED = (Source.REFUSED.value, Source.NONE_OF_THESE.value, Source.NOT_HELPED.value)
_CAME = (Seat.BOOKED.value, Seat.HELPED.value, Seat.NO_SHOW.value)
Tally = dict[LocationId, Counter[str]]


class SqlFigures(Repository):
    """Fulfils `bot.summary.ports.Counting`."""

    async def counted(self, span: Span) -> Counted:
        counts: Tally = defaultdict(Counter)
        await self._messages(counts, span)
        await self._asked(counts, span)
        await self._sent(counts, span)
        await self._flows(counts, span)
        return Counted(
            counts=dict(counts),
            open_start=await self._open(span.start),
            open_end=await self._open(span.end),
            claims=await self._first(span, _TAKEN),
            answers=await self._first(span, (Act.ANSWER.value,)),
            got=await self._got(span),
            visits=await self._visits(span),
            topics=await self._topics(span),
        )

    async def levels(self, span: Span) -> Mapping[LocationId, Counter[str]]:
        found = _by_asker(select(_PLACE, _Q.c.level.label("name"), _MANY).select_from(_Q))
        found = found.where(*_within(_Q.c.created, span), _Q.c.level != "")
        return _tally(await self._rows(found.group_by(_PERSON.c.location, _Q.c.level)))

    async def ratings(self, span: Span) -> Sequence[Rating]:
        then = select(_EVENT.c.question).where(_RATED, *_within(_EVENT.c.at, span))
        found = _last_rated(span.end).where(_Q.c.id.in_(then.scalar_subquery()))
        return [_rating(row) for row in await self._rows(found)]

    async def compared(self, until: datetime) -> Sequence[Rating]:
        found = _last_rated(until).where(_Q.c.proximity.is_not(None))
        return [_rating(row) for row in await self._rows(found)]

    async def said(self, until: datetime) -> Sequence[Said]:
        given = (_Q.c.asker, _EVENT.c.team, _EVENT.c.coach, _EVENT.c.felt)
        found = _on_events(select(*given))
        found = found.where(_EVENT.c.felt.is_not(None), _EVENT.c.at < until)
        rows = await self._rows(found.order_by(_EVENT.c.at, _EVENT.c.id))
        return [Said(*row) for row in rows]

    async def stale(self, day: date) -> Sequence[Stale]:
        after = _ENTRY.c.body["review_after"].as_string()
        found = select(_ENTRY.c.body["title"].as_string(), after, _ENTRY.c.id)
        found = found.where(_ENTRY.c.retired.is_(False), after < day.isoformat())
        rows = await self._rows(found)
        return sorted(
            (Stale(title, date.fromisoformat(due)) for title, due, _ in rows),
            key=lambda one: (one.due, one.title),
        )

    async def first(self) -> datetime | None:
        firsts = (_HANDLED.c.at, _COUNT.c.hour, _ASKED.c.at, _Q.c.created)
        found = [(await self._db.run(select(func.min(one)))).scalar_one() for one in firsts]
        return min(filter(None, found), default=None)

    async def _messages(self, counts: Tally, span: Span) -> None:
        many = func.sum(_HANDLED.c.many).label("many")
        known = select(_PLACE, _HANDLED.c.kind.label("name"), many).select_from(_HANDLED)
        known = known.join(_PERSON, _PERSON.c.id == _HANDLED.c.person)
        known = known.where(*_within(_HANDLED.c.at, span), _HANDLED.c.kind.in_(_KINDS))
        kept = select(
            _COUNT.c.location.label("place"),
            _COUNT.c.kind.label("name"),
            func.sum(_COUNT.c.many).label("many"),
        ).where(*_within(_COUNT.c.hour, span), _COUNT.c.kind.in_(_KINDS))
        for found in (
            known.group_by(_PERSON.c.location, _HANDLED.c.kind),
            kept.group_by(_COUNT.c.location, _COUNT.c.kind),
        ):
            for row in await self._rows(found):
                counts[LocationId(row.place)][_KINDS[row.name]] += int(row.many)

    async def _asked(self, counts: Tally, span: Span) -> None:
        chosen = case((_ASKED.c.choice != "", 1), else_=0)
        asked = select(_PLACE, _ASKED.c.outcome, _MANY, func.sum(chosen).label("picked"))
        asked = asked.select_from(_ASKED).join(_PERSON, _PERSON.c.id == _ASKED.c.person)
        asked = asked.where(*_within(_ASKED.c.at, span))
        for row in await self._rows(asked.group_by(_PERSON.c.location, _ASKED.c.outcome)):
            counts[LocationId(row.place)][OUTCOMES[row.outcome]] += row.many
            counts[LocationId(row.place)]["picked"] += int(row.picked)
        rated = select(_PLACE, _RATING.c.helped, _MANY).select_from(_RATING)
        rated = rated.join(_PERSON, _PERSON.c.id == _RATING.c.person)
        rated = rated.where(*_within(_RATING.c.at, span))
        for row in await self._rows(rated.group_by(_PERSON.c.location, _RATING.c.helped)):
            counts[LocationId(row.place)]["helped" if row.helped else "not_helped"] += row.many

    async def _sent(self, counts: Tally, span: Span) -> None:
        kinds = (_Q.c.source, _Q.c.level, _Q.c.role, _Q.c.urgent)
        # A question that comes back starts again: how far it came, is what was offered of it.
        offers = select(_OFFER.c.question, func.max(_OFFER.c.ring).label("ring"))
        offers = offers.join(_Q, _Q.c.id == _OFFER.c.question)
        came = offers.where(*_within(_Q.c.created, span)).group_by(_OFFER.c.question).subquery()
        ring = case((came.c.ring > _Q.c.ring, came.c.ring), else_=_Q.c.ring).label("ring")
        found = _by_asker(select(_PLACE, *kinds, ring, _MANY).select_from(_Q))
        found = found.join(came, came.c.question == _Q.c.id, isouter=True)
        found = found.where(*_within(_Q.c.created, span)).group_by(
            _PERSON.c.location, *kinds, came.c.ring, _Q.c.ring
        )
        for row in await self._rows(found):
            names = [f"routed_{row.source}", f"ring_{row.ring}"]
            names += [f"level_{row.level}", f"role_{row.role}", *["urgent"] * row.urgent]
            for name in names:
                counts[LocationId(row.place)][name] += row.many

    async def _flows(self, counts: Tally, span: Span) -> None:
        found = _by_asker(_on_events(select(_PLACE, _EVENT.c.act, _MANY)))
        found = found.where(*_within(_EVENT.c.at, span), _EVENT.c.act.in_(_FLOWS))
        for row in await self._rows(found.group_by(_PERSON.c.location, _EVENT.c.act)):
            counts[LocationId(row.place)][_FLOWS[row.act]] += row.many

    async def _open(self, moment: datetime) -> tuple[Opened, ...]:
        """Return what was open then: one that ended later may have ended before as well."""
        reopened = _EVENT.c.act == Act.REOPEN.value
        ends = func.sum(case((reopened, -1), (_EVENT.c.act.is_(None), 0), else_=1))
        before = and_(
            _EVENT.c.question == _Q.c.id,
            _EVENT.c.at < moment,
            _EVENT.c.act.in_((*_ENDING, Act.REOPEN.value)),
        )
        again = func.max(case((reopened, _EVENT.c.at))).label("again")
        found = _by_asker(select(_PLACE, _Q.c.created, again).select_from(_Q))
        found = found.join(_EVENT, before, isouter=True)
        found = found.where(
            _Q.c.created < moment, or_(_Q.c.closed.is_(None), _Q.c.closed >= moment)
        )
        found = found.group_by(_Q.c.id, _Q.c.created, _PERSON.c.location).having(ends == 0)
        rows = await self._rows(found)
        return tuple(Opened(LocationId(row.place), row.again or row.created) for row in rows)

    async def _first(self, span: Span, acts: Sequence[str]) -> tuple[Wait, ...]:
        """Return how long who asked waited until the first of these acts, if that was then.

        Who walked in stood there: those questions were not waited for.
        """
        lately = select(_EVENT.c.question).where(*_within(_EVENT.c.at, span))
        lately = lately.where(_EVENT.c.act.in_(acts))
        first = func.min(_EVENT.c.at)
        found = _by_asker(_on_events(select(_PLACE, _Q.c.created, first.label("first"))))
        found = found.where(
            _Q.c.id.in_(lately.scalar_subquery()),
            _EVENT.c.act.in_(acts),
            _Q.c.source != Source.WALK_IN.value,
        )
        found = found.group_by(_Q.c.id, _Q.c.created, _PERSON.c.location)
        found = found.having(first >= span.start)
        rows = await self._rows(found)
        return tuple(Wait(LocationId(row.place), row.created, row.first) for row in rows)

    async def _got(self, span: Span) -> Mapping[PersonId, int]:
        got = Counter[PersonId]()
        for who, acts in ((_EVENT.c.who, (Act.CLAIM.value,)), (_EVENT.c.other, _GIVEN)):
            found = select(who.label("coach"), _MANY).where(*_within(_EVENT.c.at, span))
            found = found.where(_EVENT.c.act.in_(acts), who.is_not(None)).group_by(who)
            for row in await self._rows(found):
                got[PersonId(row.coach)] += row.many
        return got

    async def _topics(self, span: Span) -> Mapping[LocationId, Counter[str]]:
        found = _by_asker(select(_PLACE, _Q.c.topic.label("name"), _MANY).select_from(_Q))
        unanswered = (_Q.c.source.in_(_UNANSWERED), _Q.c.topic != "")
        found = found.where(*_within(_Q.c.created, span), *unanswered)
        return _tally(await self._rows(found.group_by(_PERSON.c.location, _Q.c.topic)))

    async def _visits(self, span: Span) -> Mapping[PersonId, Visits]:
        visits: dict[PersonId, Visits] = defaultdict(Visits)
        booked = select(_HOUR.c.coach, _BOOKING.c.state, _MANY).select_from(_BOOKING)
        booked = booked.join(_HOUR, _HOUR.c.id == _BOOKING.c.hour)
        booked = booked.where(*_within(_BOOKING.c.starts, span), _BOOKING.c.state.in_(_CAME))
        for row in await self._rows(booked.group_by(_HOUR.c.coach, _BOOKING.c.state)):
            visits[row.coach] += Visits(
                booked=row.many,
                no_show=row.many * (row.state == Seat.NO_SHOW),
                helped=row.many * (row.state == Seat.HELPED),
            )
        came = select(_HOUR.c.coach, _TICKET.c.state, _TICKET.c.taken, _TICKET.c.called)
        came = came.select_from(_TICKET).join(_HOUR, _HOUR.c.id == _TICKET.c.hour)
        for row in await self._rows(came.where(*_within(_TICKET.c.taken, span))):
            waited = ((row.called - row.taken).total_seconds() / 60,) if row.called else ()
            visits[row.coach] += Visits(
                walked_in=1,
                no_show=int(row.state == Turn.NO_SHOW),
                helped=int(row.state == Turn.HELPED),
                waits=waited,
            )
        return dict(visits)

    async def _rows(self, found: Select[Any]) -> Sequence[Any]:
        rows: Sequence[Any] = (await self._db.run(found)).all()
        return rows


def _within(column: Any, span: Span) -> tuple[Any, Any]:
    return column >= span.start, column < span.end


def _by_asker(found: Select[Any]) -> Select[Any]:
    return found.join(_PERSON, _PERSON.c.id == _Q.c.asker)


def _on_events(found: Select[Any]) -> Select[Any]:
    return found.select_from(_EVENT).join(_Q, _Q.c.id == _EVENT.c.question)


def _tally(rows: Iterable[Any]) -> Tally:
    counts: Tally = defaultdict(Counter)
    for row in rows:
        counts[LocationId(row.place)][row.name] += row.many
    return dict(counts)


def _last_rated(until: datetime) -> Select[Any]:
    """Return the questions that are rated, and were not rated again from then on."""
    later = select(_EVENT.c.question).where(_RATED, _EVENT.c.at >= until)
    found = _by_asker(select(_Q.c.asker, _PLACE, _Q.c.felt, _Q.c.proximity).select_from(_Q))
    found = found.where(_Q.c.felt.is_not(None), _Q.c.id.not_in(later.scalar_subquery()))
    return found.order_by(_Q.c.id)


def _rating(row: Any) -> Rating:
    asker, place, felt, computed = row
    return Rating(asker, place, felt, computed)
