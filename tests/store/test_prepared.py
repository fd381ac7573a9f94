"""A prepared statement gives the same, of the tables' types, on every database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import StatementError

from bot.core.reply import Channel, Place
from bot.outbox.model import Notice
from bot.store.prepared import Prepared
from bot.store.tables import Moment, OutboxRow, PendingRow, PersonRow, RevisionRow, table_of
from bot.store.work import Store, Work
from tests.factories import NOW, entry, listed_coach, reply, sender

PERSON, PENDING = table_of(PersonRow), table_of(PendingRow)
OUT, REVISION = table_of(OutboxRow), table_of(RevisionRow)
AMSTERDAM = timezone(timedelta(hours=2))

WHO = Prepared(
    select(
        *(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.roles, PERSON.c.active),
        *(PERSON.c.settled, PERSON.c.location),
    )
    .where(PERSON.c.name == bindparam("called"), PERSON.c.active.is_(True))
    .order_by(PERSON.c.id)
)
WAITS = Prepared(
    select(OUT.c.not_before, OUT.c.expires, OUT.c.sent_at, OUT.c.attempts, OUT.c.key.label("why"))
    .where(OUT.c.state == "waiting", OUT.c.not_before <= bindparam("now"))
    .order_by(OUT.c.id)
)
PUT = Prepared(
    insert(PENDING)
    .values({one.name: bindparam(one.name) for one in PENDING.c})
    .returning(PENDING.c.kind, PENDING.c.expires)
)
LATER = Prepared(
    update(PENDING)
    .where(PENDING.c.kind == bindparam("of"))
    .values(
        expires=func.coalesce(bindparam("until"), PENDING.c.expires),
        version=PENDING.c.version + bindparam("more"),
    )
)
DROP = Prepared(delete(PENDING).where(PENDING.c.version < bindparam("below")))
LAST = Prepared(select(func.max(PENDING.c.expires).label("last")))
BODIES = Prepared(select(REVISION.c.body, REVISION.c.who, REVISION.c.at).order_by(REVISION.c.id))
PENDINGS = Prepared(select(PENDING.c.kind, PENDING.c.version, PENDING.c.expires).order_by("kind"))


def waits(kind: str, person: int, **changes: Any) -> dict[str, Any]:
    base = {"person": person, "channel": "teams", "kind": kind, "object": "vraag"}
    return {**base, "version": 1, "expires": NOW, **changes}


async def ann(work: Work) -> int:
    return (await work.people.register(sender(), "nl")).id


async def test_values_come_back_as_the_types_of_their_tables(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        known = await ann(work)
        rows = await work.people._db.rows(WHO, {"called": "Ann"})
        assert [tuple(row) for row in rows] == [
            (known, "Ann", None, ["teacher"], True, False, None)
        ]
        (row,) = rows
        assert (row.name, row.roles, row.active, row.location) == ("Ann", ["teacher"], True, None)
        assert isinstance(row.active, bool)
        assert await work.people._db.rows(WHO, {"called": "Bob"}) == []


async def test_moments_come_back_aware_and_in_utc(sql_store: Store) -> None:
    place = Place(Channel.TEAMS, "a:ann", "29:ann")
    there = NOW.astimezone(AMSTERDAM)
    async with sql_store.begin() as work:
        later = there + timedelta(days=1)
        await work.outbox.add(Notice("n1", reply(), there, place=place, expires=later), NOW)
        await work.outbox.add(Notice("n2", reply(), there, place=place), NOW)
        await work.outbox.add(Notice("n3", reply(), later, place=place), NOW)
        rows = await work.people._db.rows(WAITS, {"now": there})
    assert [tuple(row) for row in rows] == [
        (NOW, NOW + timedelta(days=1), None, 0, "n1"),
        (NOW, None, None, 0, "n2"),
    ]
    moments = [value for row in rows for value in row if isinstance(value, datetime)]
    assert [moment.tzinfo for moment in moments] == [UTC] * 3


LOCAL = NOW.replace(tzinfo=None)


@given(st.datetimes(LOCAL.replace(year=2), LOCAL.replace(year=9998), timezones=st.timezones()))
def test_a_moment_is_written_as_sqlalchemy_writes_it(moment: datetime) -> None:
    dialect: Any = SQLiteDialect_pysqlite()
    theirs: Any = Moment().dialect_impl(dialect).bind_processor(dialect)
    assert PUT._values({**waits("a", 1), "expires": moment})[-1] == theirs(moment)


async def test_json_comes_back_as_it_was(sql_store: Store) -> None:
    odd = "één 🙂 'quote' \"dubbel\"\tmet tab\nen regel; --"
    async with sql_store.begin() as work:
        await work.knowledge.edit(entry("wifi", title=odd), who=None, why="new", at=NOW)
        (row,) = await work.people._db.rows(BODIES, {})
    assert row.body["title"] == odd
    assert row.body["tags"] == ["wachtwoord"]
    assert (row.who, row.at) == (None, NOW)


async def test_an_insert_returns_what_it_stored(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        known = await ann(work)
        there = NOW.astimezone(AMSTERDAM)
        (row,) = await work.people._db.rows(PUT, waits("first", known, expires=there))
    assert (row.kind, row.expires, row.expires.tzinfo) == ("first", NOW, UTC)


async def test_a_change_tells_how_many_rows(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        db, known = work.people._db, await ann(work)
        for kind in "abc":
            await db.rows(PUT, waits(kind, known))
        until = {"until": NOW + timedelta(days=1), "more": 2}
        assert await db.change(LATER, {"of": "a", **until}) == 1
        assert await db.change(LATER, {"of": "none", **until}) == 0
        assert await db.change(DROP, {"below": 3}) == 2
        rows = await db.rows(PENDINGS, {})
    assert [tuple(row) for row in rows] == [("a", 3, NOW + timedelta(days=1))]


async def test_many_changes_are_each_made(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        db, known = work.people._db, await ann(work)
        for kind in "abc":
            await db.rows(PUT, waits(kind, known))
        later = NOW + timedelta(hours=1)
        await db.change_each(
            LATER,
            [{"of": "a", "until": later, "more": 1}, {"of": "b", "until": None, "more": 2}],
        )
        rows = await db.rows(PENDINGS, {})
    assert [tuple(row) for row in rows] == [("a", 2, later), ("b", 3, NOW), ("c", 1, NOW)]


async def test_what_is_counted_has_the_type_of_what_it_counts(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        db, known = work.people._db, await ann(work)
        assert (await db.rows(LAST, {}))[0].last is None
        await db.rows(PUT, waits("a", known))
        assert (await db.rows(LAST, {}))[0].last == NOW


async def test_a_naive_moment_is_refused(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        naive = NOW.replace(tzinfo=None)
        with pytest.raises((ValueError, StatementError), match="time zone"):
            await work.people._db.rows(WAITS, {"now": naive})


async def test_a_unit_that_reads_sees_the_same_values(sql_store: Store) -> None:
    async def seen(work: Work) -> list[tuple[Any, ...]]:
        db = work.people._db
        found = [
            *await db.rows(WHO, {"called": "Coach Een"}),
            *await db.rows(WHO, {"called": "Ann"}),
            *await db.rows(PENDINGS, {}),
            *await db.rows(BODIES, {}),
        ]
        return [tuple(row) for row in found]

    async with sql_store.begin() as work:
        known = await ann(work)
        await work.people.register(sender("29:coach", name=listed_coach().name), "en")
        await work.people._db.rows(PUT, waits("first", known))
        await work.knowledge.edit(entry("wifi"), who=None, why="new", at=NOW)
        written = await seen(work)
    assert len(written) == 4
    async with sql_store.reading() as work:
        assert await seen(work) == written
