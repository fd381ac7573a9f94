"""Where a database differs from the tables that the program knows, in sentences. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table

from bot.core.reply import Clauses, Say, Value

KINDS = ("table", "column", "index", "constraint", "fk")


def sentences_of(changes: Iterable[Any]) -> list[Say]:
    """Return what is different, of what Alembic would do about it: a tuple, or a list of them.

    https://alembic.sqlalchemy.org/en/latest/api/autogenerate.html#alembic.autogenerate.compare_metadata
    """
    return [_sentence(*one) for one in _flat(changes)]


def _flat(changes: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    for one in changes:
        if isinstance(one, tuple):
            yield one
        else:
            # What is to be changed about one column.
            yield from one


def _sentence(what: str, *of: Any) -> Say:
    """Return one difference. What Alembic would add is missing, what it would remove too much."""
    act, kind = what.split("_", maxsplit=1)
    if act == "modify":
        return _changed(kind, *of)
    if kind not in KINDS:
        return Say("schema.other", {"what": what})
    thing = Say(f"schema.kind.{kind}", {"name": _name(of)})
    return Say(f"schema.{act}", {"thing": Clauses((thing,))})


def _name(of: Sequence[Any]) -> str:
    """Return the name of a table, a column (after its schema and table), or a part of one."""
    *before, last = of
    if before:
        return f"{before[-1]}.{last.name}"
    if isinstance(last, Table):
        return last.name
    return f"{last.name} ({last.table.name})"


def _changed(kind: str, _: str | None, table: str, column: str, *of: Any) -> Say:
    *_before, found, wanted = of
    data: dict[str, Value] = {"name": f"{table}.{column}"}
    match kind:
        case "type":
            return Say("schema.type", {**data, "found": str(found), "wanted": str(wanted)})
        case "nullable":
            return Say("schema.may_be_empty" if wanted else "schema.must_be_filled", data)
        case _:
            return Say("schema.default", data)
