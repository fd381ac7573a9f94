"""Adds messages that are about to be forgotten to the counts that stay of them."""

from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.turn import Kind
from bot.store.prepared import Prepared
from bot.store.tables import HandledRow, MessageCountRow, PersonRow, table_of

_HANDLED, _COUNT = table_of(HandledRow), table_of(MessageCountRow)
_PERSON = table_of(PersonRow)
Bucket = Literal["hour", "day"]
_SQLITE = {"hour": "%Y-%m-%d %H:00:00.000000", "day": "%Y-%m-%d 00:00:00.000000"}


@cache
def before_counted(dialect: str) -> Prepared:
    """Return what counts all messages from before `before`, by the hour."""
    return _counted(dialect, "hour", _HANDLED.c.at < bindparam("before"))


@cache
def one_counted(dialect: str) -> Prepared:
    """Return what counts the message `named` of `in_channel`, by the day: no more of it stays."""
    channel = _HANDLED.c.channel == bindparam("in_channel")
    return _counted(dialect, "day", channel, _HANDLED.c.message_id == bindparam("named"))


def _counted(dialect: str, bucket: Bucket, *which: ColumnElement[bool]) -> Prepared:
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    if dialect == "sqlite":
        since: Any = func.strftime(_SQLITE[bucket], _HANDLED.c.at)
    else:
        since = func.date_trunc(bucket, _HANDLED.c.at, "UTC")
    counted = (
        select(
            since.label("hour"),
            func.coalesce(_PERSON.c.location, literal_column("0")).label("location"),
            _HANDLED.c.kind,
            func.sum(_HANDLED.c.many).label("many"),
        )
        .join(_PERSON, _PERSON.c.id == _HANDLED.c.person)
        .where(*which, _HANDLED.c.kind != Kind.EVENT.value)
        .group_by(literal_column("1"), literal_column("2"), _HANDLED.c.kind)
    )
    adding = new(_COUNT).from_select(["hour", "location", "kind", "many"], counted)
    many = _COUNT.c.many + adding.excluded.many
    keys = ["hour", "location", "kind"]
    return Prepared(adding.on_conflict_do_update(index_elements=keys, set_={"many": many}))
