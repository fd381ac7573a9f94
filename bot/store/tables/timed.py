"""Rows: what happened at its time, and the summaries that were sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from bot.store.tables.base import Moment, Row


class OccasionRow(Row, table=True):
    """What became of one time that a thing happens, `local` without a zone and to the minute.

    Under an empty `local` stands since when it happens. `at` is when that was recorded.
    """

    __tablename__ = "occasion"
    thing: str = Field(primary_key=True)
    local: str = Field(primary_key=True)
    state: str
    due: datetime = Field(sa_type=Moment)
    at: datetime = Field(sa_type=Moment)


class SummaryRow(Row, table=True):
    """The summary of a week as it was sent to an audience: `all`, or `coach:12`.

    `corrected` is how it is since figures of the week changed after that; NULL when none did.
    """

    __tablename__ = "weekly_summary"
    week: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    figures: dict[str, Any] = Field(sa_type=JSON)
    corrected: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    corrected_at: datetime | None = Field(default=None, sa_type=Moment)
