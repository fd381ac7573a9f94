"""Rows of questions: how they ended before that was asked, and how they are found among many."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import event, text

from bot.core.ids import PersonId
from bot.store import schema
from bot.store.tables import QuestionEventRow, QuestionRow, table_of
from bot.store.work import Store
from tests.factories import NOW
from tests.store.kept import make_first_tables

BEFORE = "0004"
ENDED: Mapping[str, tuple[str, bool | None, Sequence[str], str | None]] = {
    "solved": ("closed", True, ("answer", "solved"), "by_asker"),
    "by a coach": ("closed", None, ("close",), None),
    "expired": ("closed", None, ("answer", "expire"), "expired"),
    "opened again, then by a coach": ("closed", None, ("expire", "reopen", "close"), None),
    "withdrawn": ("withdrawn", None, ("withdraw",), "withdrawn"),
    "open": ("claimed", None, ("expire", "reopen"), None),
}
"""State, the asker's word, what happened; and how it ended, as far as that can be known."""


async def _before(url: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        db = work.questions._db
        person = text(
            "INSERT INTO person (id, name, roles, language, source, active, settled, findable)"
            " VALUES (1, 'Ann', '[]', 'nl', 'self', TRUE, TRUE, 'ann')"
        )
        await db.run(person)
        for number, (name, (state, solved, acts, _)) in enumerate(ENDED.items(), start=1):
            question = {"id": number, "key": name, "state": state, "solved": solved, "at": NOW}
            await db.run(
                text(
                    "INSERT INTO question (id, key, asker, source, language, topic, level, role,"
                    " urgent, state, version, ring, round, created, solved) VALUES (:id, :key, 1,"
                    " 'direct', 'nl', '', '', '', FALSE, :state, 1, 1, 1, :at, :solved)"
                ),
                question,
            )
            for act in acts:
                happened = text(
                    "INSERT INTO question_event (question, act, at) VALUES (:id, :act, :at)"
                )
                await db.run(happened, {"id": number, "act": act, "at": NOW})
    await store.close()


async def _endings(url: str) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    question, happened = table_of(QuestionRow), table_of(QuestionEventRow)
    store = Store.open(url)
    async with store.reading() as work:
        found = await work.questions._db.run(question.select())
        ended = {row["key"]: row["ending"] for row in found.mappings()}
        events = await work.questions._db.run(happened.select())
        said = {(row["act"], row["ending"]) for row in events.mappings() if row["ending"]}
    await store.close()
    return ended, said


def test_of_a_question_that_ended_before_it_is_kept_how_where_that_is_known(
    empty_database_url: str,
) -> None:
    make_first_tables(empty_database_url, BEFORE)
    asyncio.run(_before(empty_database_url))
    asyncio.run(schema.upgrade(empty_database_url))
    ended, events = asyncio.run(_endings(empty_database_url))
    assert ended == {name: ending for name, (_, _, _, ending) in ENDED.items()}
    assert events == {("solved", "by_asker"), ("expire", "expired"), ("withdraw", "withdrawn")}
    assert asyncio.run(schema.check(empty_database_url)) == []


async def _rated(url: str) -> None:
    """Store two questions that are rated twice; one of them was opened again since."""
    await _before(url)
    store = Store.open(url)
    async with store.begin() as work:
        db = work.questions._db
        for one in (
            "INSERT INTO sector (id, name) VALUES (4, 'Zorg')",
            "INSERT INTO location (id, name) VALUES (5, 'Noord')",
            "INSERT INTO team (id, name, sector, location) VALUES (7, 'Zorg 1', 4, 5)",
            "INSERT INTO membership (person, team, place) VALUES (1, 7, 0)",
            "UPDATE question SET felt = 4, holder = 1 WHERE id = 1",
        ):
            await db.run(text(one))
        happened = text("INSERT INTO question_event (question, act, at) VALUES (:id, 'rate', :at)")
        for number in (1, 1, 2, 2):
            await db.run(happened, {"id": number, "at": NOW})
    await store.close()


def test_of_ratings_from_before_they_were_kept_the_last_is_known(empty_database_url: str) -> None:
    make_first_tables(empty_database_url, "0009")
    asyncio.run(_rated(empty_database_url))
    asyncio.run(schema.upgrade(empty_database_url))

    async def said() -> list[tuple[Any, ...]]:
        store = Store.open(empty_database_url)
        async with store.reading() as work:
            given = await work.figures.said(NOW + timedelta(days=1))
        await store.close()
        return [(one.asker, one.coach, one.team, one.felt) for one in given]

    assert asyncio.run(said()) == [(1, 1, 7, 4)]


async def test_how_busy_coaches_are_is_read_from_what_happened_lately_only(
    sqlite_url: str,
) -> None:
    store = Store.open(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    async with store.reading() as work:
        engine = work.questions._db.connection.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        await work.questions.standings(PersonId(1), NOW - timedelta(days=180))
        event.remove(engine, "before_cursor_execute", note)
        connection = work.questions._db.connection
        plans = [
            " ".join(
                row.detail
                for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
            )
            for said, values in asked
        ]
    await store.close()
    now, offers, questions = plans
    assert "ix_question_state" in now
    assert "SEARCH offer" in now
    assert "ix_offer_at" in offers
    assert {"ix_question_state", "ix_question_created"} <= set(questions.split())
