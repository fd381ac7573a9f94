"""Counts what happened in a week, by location of who asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select

from bot.core.ids import LocationId, PersonId
from bot.store import summary_statements as statements
from bot.store.db import Repository
from bot.summary.figures import OUTCOMES
from bot.summary.model import Counted, Opened, Rating, Said, Stale, Visits, Wait
from bot.summary.week import Span
from bot.walkin.seats import State as Seat
from bot.walkin.seats import Turn

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
            claims=await self._first(statements.CLAIMED, span),
            answers=await self._first(statements.ANSWERED, span),
            got=await self._got(span),
            visits=await self._visits(span),
            topics=_tally(await self._rows(statements.TOPICS, span)),
        )

    async def levels(self, span: Span) -> Mapping[LocationId, Counter[str]]:
        return _tally(await self._rows(statements.LEVELS, span))

    async def ratings(self, span: Span) -> Sequence[Rating]:
        return [_rating(row) for row in await self._rows(statements.RATINGS, span)]

    async def compared(self, until: datetime) -> Sequence[Rating]:
        return [_rating(row) for row in await self._run(statements.COMPARED, end=until)]

    async def said(self, until: datetime) -> Sequence[Said]:
        return [Said(*row) for row in await self._run(statements.SAID, end=until)]

    async def stale(self, day: date) -> Sequence[Stale]:
        rows = (await self._db.run(statements.STALE, {"day": day.isoformat()})).all()
        return sorted(
            (Stale(title, date.fromisoformat(due)) for title, due, _ in rows),
            key=lambda one: (one.due, one.title),
        )

    async def first(self) -> datetime | None:
        (found,) = await self._run(statements.FIRSTS)
        return min(filter(None, found), default=None)

    async def _messages(self, counts: Tally, span: Span) -> None:
        for statement in statements.MESSAGES:
            for row in await self._rows(statement, span):
                counts[LocationId(row.place)][statements.KINDS[row.name]] += int(row.many)

    async def _asked(self, counts: Tally, span: Span) -> None:
        for row in await self._rows(statements.ASKED, span):
            counts[LocationId(row.place)][OUTCOMES[row.outcome]] += row.many
            counts[LocationId(row.place)]["picked"] += int(row.picked)
        for row in await self._rows(statements.HELPED, span):
            counts[LocationId(row.place)]["helped" if row.helped else "not_helped"] += row.many

    async def _sent(self, counts: Tally, span: Span) -> None:
        for row in await self._rows(statements.SENT, span):
            names = [f"routed_{row.source}", f"ring_{row.ring}"]
            names += [f"level_{row.level}", f"role_{row.role}", *["urgent"] * row.urgent]
            for name in names:
                counts[LocationId(row.place)][name] += row.many

    async def _flows(self, counts: Tally, span: Span) -> None:
        for row in await self._rows(statements.FLOWED, span):
            counts[LocationId(row.place)][statements.FLOWS[row.act]] += row.many

    async def _open(self, moment: datetime) -> tuple[Opened, ...]:
        rows = await self._run(statements.OPEN, moment=moment)
        return tuple(Opened(LocationId(row.place), row.again or row.created) for row in rows)

    async def _first(self, statement: Select[Any], span: Span) -> tuple[Wait, ...]:
        rows = await self._rows(statement, span)
        return tuple(Wait(LocationId(row.place), row.created, row.first) for row in rows)

    async def _got(self, span: Span) -> Mapping[PersonId, int]:
        got = Counter[PersonId]()
        for statement in statements.GOT:
            for row in await self._rows(statement, span):
                got[PersonId(row.coach)] += row.many
        return got

    async def _visits(self, span: Span) -> Mapping[PersonId, Visits]:
        visits: dict[PersonId, Visits] = defaultdict(Visits)
        for row in await self._rows(statements.BOOKED, span):
            visits[row.coach] += Visits(
                booked=row.many,
                no_show=row.many * (row.state == Seat.NO_SHOW),
                helped=row.many * (row.state == Seat.HELPED),
            )
        for row in await self._rows(statements.CAME, span):
            waited = ((row.called - row.taken).total_seconds() / 60,) if row.called else ()
            visits[row.coach] += Visits(
                walked_in=1,
                no_show=int(row.state == Turn.NO_SHOW),
                helped=int(row.state == Turn.HELPED),
                waits=waited,
            )
        return dict(visits)

    async def _rows(self, statement: Select[Any], span: Span) -> Sequence[Any]:
        return await self._run(statement, start=span.start, end=span.end)

    async def _run(self, statement: Select[Any], **moments: datetime) -> Sequence[Any]:
        rows: Sequence[Any] = (await self._db.run(statement, moments)).all()
        return rows


def _tally(rows: Iterable[Any]) -> Tally:
    counts: Tally = defaultdict(Counter)
    for row in rows:
        counts[LocationId(row.place)][row.name] += row.many
    return dict(counts)


def _rating(row: Any) -> Rating:
    asker, place, felt, computed = row
    return Rating(asker, place, felt, computed)
