"""Where a database differs is told in sentences, of whatever Alembic finds."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
)

from bot.store.differences import sentences_of
from tests.said import in_english


def _tables(*columns: Column[int] | Column[str] | Index | UniqueConstraint) -> MetaData:
    found = MetaData()
    Table("desk", found, Column("id", Integer, primary_key=True))
    Table("lamp", found, Column("id", Integer, primary_key=True), *columns)
    return found


def _different(there: MetaData, wanted: MetaData) -> list[str]:
    engine = create_engine("sqlite://")
    there.create_all(engine)
    options = {"compare_type": True, "compare_server_default": True}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        said = in_english(sentences_of(compare_metadata(context, wanted)))
    engine.dispose()
    return sorted(said)


def test_a_table_that_is_missing_or_too_much_is_named() -> None:
    more = _tables()
    Table("chair", more, Column("id", Integer, primary_key=True))
    assert _different(_tables(), more) == ["The table chair is missing"]
    assert _different(more, _tables()) == ["The table chair should not be there"]


def test_a_column_is_named_with_its_table() -> None:
    more = _tables(Column("colour", String))
    assert _different(_tables(), more) == ["The column lamp.colour is missing"]
    assert _different(more, _tables()) == ["The column lamp.colour should not be there"]


def test_what_belongs_to_a_table_is_named_with_it() -> None:
    there = _tables(Column("colour", String), Column("desk", Integer))
    wanted = _tables(
        Column("colour", String),
        Column("desk", Integer, ForeignKey("desk.id", name="on_desk")),
        Index("by_colour", "colour"),
        UniqueConstraint("colour", "desk", name="once"),
    )
    assert _different(there, wanted) == [
        "The constraint once (lamp) is missing",
        "The index by_colour (lamp) is missing",
        "The reference on_desk (lamp) is missing",
    ]


def test_a_column_of_another_kind_tells_both() -> None:
    there, wanted = _tables(Column("colour", String)), _tables(Column("colour", Integer))
    assert _different(there, wanted) == [
        "The column lamp.colour is VARCHAR, it must be INTEGER",
    ]


def test_all_that_is_wrong_with_one_column_is_told() -> None:
    loose = _tables(Column("colour", String, server_default="red"))
    strict = _tables(Column("colour", String, nullable=False))
    assert _different(loose, strict) == [
        "The column lamp.colour begins with another value",
        "The column lamp.colour may be empty, it must not be possible",
    ]
    assert "The column lamp.colour may not be empty, it must be possible" in _different(
        strict, loose
    )


def test_what_has_no_sentence_is_named_all_the_same() -> None:
    (said,) = in_english(sentences_of([("add_table_comment", Table("desk", MetaData()), None)]))
    assert said == "Something is not as it must be: add_table_comment"
