"""Keeps what was sent of each week. The primary key decides who sends it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.db import Repository
from bot.store.tables import SummaryRow, table_of
from bot.summary.report import Figures, Sent
from bot.summary.week import Week

_SENT = table_of(SummaryRow)
_JSON: TypeAdapter[Figures] = TypeAdapter(Figures)


class SqlSummaries(Repository):
    """Fulfils `bot.summary.ports.Summaries`."""

    async def add(self, sent: Sent) -> bool:
        new = sqlite.insert if self._db.dialect == "sqlite" else postgresql.insert
        row = {
            "week": str(sent.week),
            "audience": sent.audience,
            "at": sent.at,
            "figures": _JSON.dump_python(sent.figures, mode="json"),
        }
        once = new(_SENT).values(row).on_conflict_do_nothing()
        return bool((await self._db.run(once)).rowcount)

    async def get(self, week: Week, audience: str) -> Sent | None:
        found = select(_SENT).where(_SENT.c.week == str(week), _SENT.c.audience == audience)
        row = (await self._db.run(found)).one_or_none()
        return _sent(row) if row else None

    async def last(self, audience: str) -> Sent | None:
        return next(iter(await self.newest(audience, 1)), None)

    async def newest(self, audience: str, most: int) -> Sequence[Sent]:
        # A week is written so that the order of its signs is that of time.
        theirs = select(_SENT).where(_SENT.c.audience == audience)
        found = theirs.order_by(_SENT.c.week.desc()).limit(most)
        return [_sent(row) for row in (await self._db.run(found)).all()]

    async def correct(self, week: Week, audience: str, figures: Figures, at: datetime) -> None:
        this = update(_SENT).where(_SENT.c.week == str(week), _SENT.c.audience == audience)
        now = {"corrected": _JSON.dump_python(figures, mode="json"), "corrected_at": at}
        await self._db.run(this.values(now))


def _sent(row: Any) -> Sent:
    return Sent(
        week=Week.read(row.week),
        audience=row.audience,
        at=row.at,
        figures=_JSON.validate_python(row.figures),
        corrected=_JSON.validate_python(row.corrected) if row.corrected else None,
        corrected_at=row.corrected_at,
    )
