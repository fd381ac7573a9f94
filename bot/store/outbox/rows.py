"""The tables of the outbox, and what a row of them says."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Insert, and_, literal_column, or_
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.delivery import Message
from bot.core.ids import MessageId
from bot.core.reply import Reply, read_place, reply_json
from bot.outbox.model import Reason, State
from bot.store.tables import LaneRow, OutboxRow, PaceRow, Row, table_of

OUT, LANE, PACE = table_of(OutboxRow), table_of(LaneRow), table_of(PaceRow)
EARLIER = OUT.alias("earlier")
WAITING: ColumnElement[str] = literal_column(f"'{State.WAITING.value}'")
"""Written out: for a parameter in its place SQLite would plan the statement anew each time it runs,
to see whether the indexes of what waits serve."""
NEEDLESS = OUT.c.reason == Reason.NEEDLESS.value
UNREADABLE = "unreadable"
"""Why a message waits that a newer program wrote."""
NOWHERE = ("no_address", "before_the_outbox")
"""Why a message is dead that has no place to be sent to."""


def in_the_way(now: Any) -> ColumnElement[bool]:
    """Tell what must be said before anything later: not a reminder for tomorrow, nor an edit.

    A card that is there and changes keeps its place, whatever is said after it meanwhile. What only
    a newer program can read holds up nobody: perhaps there is none any more.
    """
    begun = or_(EARLIER.c.answers.is_not(None), EARLIER.c.attempts > 0)
    due = or_(begun, EARLIER.c.not_before <= now)
    read = EARLIER.c.reason != UNREADABLE
    return and_(EARLIER.c.state == WAITING, EARLIER.c.remote == "", due, read)


@cache
def once(dialect: str, table: type[Row] = OutboxRow) -> Insert:
    """Return an insert that does nothing when the row is there."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return new(table_of(table)).on_conflict_do_nothing()


def written(reply: Reply) -> str:
    """Return a reply as it is stored."""
    return reply_json.dump_json(reply).decode()


def reply_of(text: str) -> Reply | None:
    """Return a reply that is stored, or None for what only a newer program can read."""
    try:
        return reply_json.validate_json(text)
    except ValidationError:
        return None


def moments_of(log: str | None) -> tuple[datetime, ...]:
    """Read when something was sent to a conversation lately."""
    return tuple(datetime.fromtimestamp(at, UTC) for at in json.loads(log or "[]"))


def log_of(moments: Iterable[datetime]) -> str:
    """Write what `moments_of` reads."""
    return json.dumps([at.timestamp() for at in moments])


def message_of(row: Any) -> Message:
    """Return the message of a row."""
    return Message(
        id=MessageId(row["id"]),
        place=read_place(row["place"]),
        reply=reply_json.validate_json(row["reply"]),
        changes=row["remote"] or row["changes"],
        attempts=row["attempts"],
        version=row["version"],
    )
