"""The statements of every turn: compiled once, so that SQLite runs them for what they cost.

SQLAlchemy's core takes several times as long to run a statement as SQLite does. On PostgreSQL,
where a statement is a message to another process, they run as any other.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_DIALECT: Any = SQLiteDialect_pysqlite()
Convert = Callable[[Any], Any]


class Prepared:
    """A statement of the core, with parameters by name. Its rows are named tuples."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def run(self, raw: sqlite3.Connection, parameters: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Return the rows, and how many were changed."""
        cursor = raw.execute(self._text, self._values(parameters))
        return [self.row(self._read(row)) for row in cursor.fetchall()], cursor.rowcount

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
    def _in(self) -> list[tuple[str, Any, Convert | None]]:
        binds = [(name, self._compiled.binds[name]) for name in self._compiled.positiontup]
        return [
            (name, bind.value, bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
            for name, bind in binds
        ]

    @cached_property
    def _out(self) -> list[Convert | None]:
        types = [column.type.dialect_impl(_DIALECT) for column in self._columns]
        return [one.result_processor(_DIALECT, None) for one in types]

    def _values(self, parameters: Mapping[str, Any]) -> list[Any]:
        return [
            convert(parameters.get(name, given)) if convert else parameters.get(name, given)
            for name, given, convert in self._in
        ]

    def _read(self, row: Sequence[Any]) -> list[Any]:
        return [
            convert(value) if convert else value
            for value, convert in zip(row, self._out, strict=True)
        ]
