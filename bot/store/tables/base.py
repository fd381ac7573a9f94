"""What all tables have in common: names of constraints, moments, and how texts are sorted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, String, Table, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The order of code points: without it PostgreSQL sorts as its locale does, and skips hyphens.
Sortable = String().with_variant(String(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment: stored in UTC, aware when read; raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


class Row(SQLModel):
    """Base of all rows."""

    metadata = metadata


async def replace_row(
    session: AsyncSession, table: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Write a row in the place of the one with the same primary key, if any, in one statement."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(table).values(**key, **values)
    await session.exec(row.on_conflict_do_update(index_elements=list(key), set_=values))


def table_of(row: type[Row]) -> Table:
    """Return the table of rows, for statements of the core."""
    return metadata.tables[str(row.__tablename__)]
