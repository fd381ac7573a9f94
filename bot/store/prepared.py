"""The statements of every turn: compiled once, so that SQLite runs them for what they cost.

SQLAlchemy's core takes several times as long to run a statement as SQLite does. On PostgreSQL,
where a statement is a message to another process, they run as any other.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from bot.store.tables import Moment

_DIALECT: Any = SQLiteDialect_pysqlite()
Convert = Callable[[Any], Any]
_LOCAL = len("2026-01-31 09:00:00.000000")


class Prepared:
    """A statement of the core, with parameters by name. Its rows are named tuples."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def run(self, raw: sqlite3.Connection, parameters: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Return the rows, and how many were changed."""
        cursor = raw.execute(self._text, self._values(parameters))
        found = cursor.fetchall()
        return [self.row(self._read(row)) for row in found] if found else found, cursor.rowcount

    def run_insert(self, raw: sqlite3.Connection, parameters: Mapping[str, Any]) -> int:
        """Return the id of the row."""
        return raw.execute(self._text, self._values(parameters)).lastrowid or 0

    def run_many(self, raw: sqlite3.Connection, parameters: Iterable[Mapping[str, Any]]) -> int:
        return raw.executemany(self._text, map(self._values, parameters)).rowcount

    @cached_property
    def row(self) -> Callable[[Iterable[Any]], Any]:
        """Make a row of its values."""
        named = [column.key or "" for column in self._columns]
        fields = [
            (name if name.isidentifier() else f"column{place}", Any)
            for place, name in enumerate(named)
        ]
        make: Callable[[Iterable[Any]], Any] = NamedTuple("Row", fields)._make
        return make

    @cached_property
    def _columns(self) -> Sequence[ColumnElement[Any]]:
        return [*getattr(self.statement, "exported_columns", ())]

    @cached_property
    def _compiled(self) -> Any:
        return self.statement.compile(dialect=_DIALECT)

    @cached_property
    def _text(self) -> str:
        return str(self._compiled)

    @cached_property
    def _binds(self) -> list[tuple[str, Any]]:
        return [(name, self._compiled.binds[name]) for name in self._compiled.positiontup]

    @cached_property
    def _given(self) -> Mapping[str, Any]:
        """The values that stand in the statement itself."""
        return {name: bind.value for name, bind in self._binds if not bind.required}

    @cached_property
    def _in_order(self) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
        """Pick the values of parameters, of which there may be none, or one, by name."""
        names = [name for name, _ in self._binds]
        return itemgetter(*names) if len(names) > 1 else lambda every: [every[one] for one in names]

    @cached_property
    def _in(self) -> list[tuple[int, Convert]]:
        """The places of parameters that SQLite does not take as they are."""
        return _converted(_into(bind.type.dialect_impl(_DIALECT)) for _, bind in self._binds)

    @cached_property
    def _out(self) -> list[tuple[int, Convert]]:
        """The places of what SQLite does not return as it was."""
        types = [column.type.dialect_impl(_DIALECT) for column in self._columns]
        return _converted(one.result_processor(_DIALECT, None) for one in types)

    def _values(self, parameters: Mapping[str, Any]) -> list[Any]:
        every = {**self._given, **parameters} if self._given else parameters
        values = [*self._in_order(every)]
        for place, convert in self._in:
            values[place] = convert(values[place])
        return values

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._out:
            return row
        values = list(row)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return values


def _converted(each: Iterable[Convert | None]) -> list[tuple[int, Convert]]:
    return [(place, convert) for place, convert in enumerate(each) if convert]


def _into(kind: Any) -> Convert | None:
    """Return what makes of a value what SQLite keeps; moments, of which each row has several, fast.

    That a moment is written as SQLAlchemy writes it is tested.
    """
    if isinstance(kind, Moment):
        return _moment
    found: Convert | None = kind.bind_processor(_DIALECT)
    return found


@lru_cache(maxsize=256)  # a turn writes the same moment into several rows
def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:_LOCAL]
