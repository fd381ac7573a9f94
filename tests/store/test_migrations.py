"""The migrations lead from nothing, and from any database with rows, to today's tables."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, MetaData, delete, select, text

from bot.core.delivery import Message
from bot.core.errors import NewDatabaseError, OldDatabaseError
from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Channel, Day, Place, Reply, Say, place_json, reply_json
from bot.core.turn import Handled
from bot.outbox.model import NO_LIMITS, Line, State
from bot.people.service import plan_import
from bot.routing.model import Act, Event, Offer
from bot.store import schema
from bot.store.tables import OutboxRow, metadata, table_of
from bot.store.work import Store, Work
from tests.factories import NOW, draft, listed_coach, organisation, reply, sender
from tests.said import in_english
from tests.store.kept import make_first_tables

T = TypeVar("T")
ANN, BOB = PersonId(1), PersonId(2)
MINUTE = timedelta(minutes=1)
LATE = Reply(
    "profile",
    (Say("profile.since", {"day": Day(NOW.date()), "count": 3}),),
    replaces=True,
    personal=True,
    language="en",
)

# Rebuilds a table that others refer to: on SQLite it is dropped and made again.
FUTURE = """
import sqlalchemy as sa
from alembic import op

revision = "future"
down_revision = "HEAD"


def upgrade():
    with op.batch_alter_table("person", recreate="auto") as person:
        person.add_column(sa.Column("nickname", sa.String(), nullable=False, server_default="-"))
        person.alter_column("language", existing_type=sa.String(), type_=sa.Text())
"""

BROKEN = """
from alembic import op

revision = "broken"
down_revision = "HEAD"


def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""

ORPHANS = """
from alembic import op

revision = "orphans"
down_revision = "HEAD"


def upgrade():
    op.execute("DELETE FROM person")
"""


def folder_with(path: Path, step: str) -> Path:
    (path / "step.py").write_text(step.replace("HEAD", schema.head()))
    return path


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "100% steps"
    folder.mkdir()
    return folder


async def fill(url: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        await work.people.apply(await plan_import(work, organisation(listed_coach())))
        await work.people.register(sender("29:ann"), "nl")
    await store.close()


def nicknames(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT nickname FROM person")).scalars())


def meant_to_be_collated(connection: Connection) -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if getattr(column.type.dialect_impl(connection.dialect), "collation", None) == "C"
    }


def collated(connection: Connection) -> set[tuple[str, str]]:
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE collation_name = 'C' AND table_schema = 'public'"
        )
    )
    return {(table, column) for table, column in found}


async def mark(url: str, revision: str) -> None:
    async def write(store: Store) -> None:
        async with store.begin() as work:
            step = text("UPDATE alembic_version SET version_num = :revision")
            await work.people._db.run(step, {"revision": revision})

    store = Store.open(url)
    await write(store)
    await store.close()


async def test_from_nothing_to_head_gives_the_tables(empty_database_url: str) -> None:
    assert await schema.current(empty_database_url) is None
    await schema.upgrade(empty_database_url)
    assert await schema.current(empty_database_url) == schema.head()
    assert await schema.check(empty_database_url) == []


async def test_postgresql_sorts_by_code_point_as_sqlite_does(postgres_url: str) -> None:
    # `differences` does not look at collations, and the tests' own server happens to sort so.
    store = Store.open(postgres_url)
    sorted_so = await store.look(meant_to_be_collated)
    assert await store.look(collated) == sorted_so
    await store.close()
    assert ("faq_entry", "id") in sorted_so
    assert ("person", "findable") in sorted_so


async def test_an_empty_database_differs_from_the_tables(empty_database_url: str) -> None:
    said = in_english(await schema.differences(empty_database_url))
    assert "The table person is missing" in said


async def test_an_open_store_can_be_checked(sql_store: Store) -> None:
    await schema.require_current(sql_store)
    assert await schema.check(sql_store) == []


async def test_upgrading_twice_keeps_all_rows(database_url: str) -> None:
    await fill(database_url)
    await schema.upgrade(database_url)
    store = Store.open(database_url)
    async with store.reading() as work:
        assert len(await work.people.find("", 10)) == 2
    await store.close()


async def test_a_step_that_rebuilds_a_table_keeps_what_refers_to_it(
    database_url: str, steps: Path
) -> None:
    await fill(database_url)
    await schema.upgrade(database_url, folder_with(steps, FUTURE))
    assert await schema.current(database_url) == "future"
    store = Store.open(database_url)
    assert await store.look(nicknames) == ["-", "-"]
    async with store.begin() as work:
        [coach] = await work.people.coaches()
        ann = await work.people.by_address(Channel.TEAMS, "29:ann")
    await store.close()
    assert coach.profile == listed_coach().coach
    assert len(coach.person.teams) == 1
    assert ann is not None


async def test_a_step_that_fails_changes_nothing(database_url: str, steps: Path) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await schema.upgrade(database_url, folder_with(steps, BROKEN))
    assert await schema.check(database_url) == []


async def test_a_step_that_leaves_orphans_changes_nothing(database_url: str, steps: Path) -> None:
    await fill(database_url)
    with pytest.raises(Exception, match=r"membership|channel_address"):
        await schema.upgrade(database_url, folder_with(steps, ORPHANS))
    store = Store.open(database_url)
    async with store.reading() as work:
        assert len(await work.people.find("", 10)) == 2
    await store.close()


async def test_an_empty_database_is_too_old(empty_database_url: str) -> None:
    with pytest.raises(OldDatabaseError):
        await schema.require_current(empty_database_url)


async def test_a_database_of_a_newer_program_is_refused(database_url: str, steps: Path) -> None:
    await schema.upgrade(database_url, folder_with(steps, FUTURE))
    for refused in (schema.require_current, schema.upgrade, schema.check):
        with pytest.raises(NewDatabaseError, match="future"):
            await refused(database_url)


async def test_an_unknown_revision_is_a_newer_program(database_url: str) -> None:
    await mark(database_url, "ffff")
    with pytest.raises(NewDatabaseError, match="ffff"):
        await schema.require_current(database_url)


async def test_several_upgrades_at_once_do_it_once(empty_database_url: str) -> None:
    await asyncio.gather(*(schema.upgrade(empty_database_url) for _ in range(3)))
    assert await schema.check(empty_database_url) == []


def test_a_caller_without_an_event_loop_can_upgrade(empty_database_url: str) -> None:
    asyncio.run(schema.upgrade(empty_database_url))
    assert asyncio.run(schema.check(empty_database_url)) == []


async def in_unit(url: str, do: Callable[[Work], Awaitable[T]]) -> T:
    async with Store.open(url) as store, store.begin() as work:
        return await do(work)


def with_rows_of_the_second(url: str) -> None:
    """Make a database of the program that had an outbox, and knew no questions on their way."""
    make_first_tables(url, "0002")
    asyncio.run(in_unit(url, _as_before_questions))


async def _as_before_questions(work: Work) -> None:
    connection = work.people._db.connection
    await connection.run_sync(_insert_second_rows)


def _insert_second_rows(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection, only=["person", "asked_question", "outbox", "lane"])
    outbox = tables.tables["outbox"]
    connection.execute(tables.tables["person"].insert(), _person(ANN, "Ann"))
    asked = {"person": ANN, "text": "toets?", "outcome": "refused", "score": 0.1, "at": NOW}
    connection.execute(tables.tables["asked_question"].insert(), asked)
    connection.execute(outbox.insert(), [_said("waits"), _said("sent"), _said("gone")])
    connection.execute(outbox.delete().where(outbox.c.key == "gone"))
    lane = {"channel": "teams", "lane": "a:ann", "holder": "", "sent": "[]"}
    connection.execute(tables.tables["lane"].insert(), lane)


def _said(key: str) -> dict[str, Any]:
    place = Place(Channel.TEAMS, "a:ann", "29:ann")
    return {
        "key": key,
        "channel": "teams",
        "lane": "a:ann",
        "tenant": "",
        "person": ANN,
        "place": place_json.dump_json(place).decode(),
        "reply": reply_json.dump_json(reply(key)).decode(),
        "state": "sent" if key == "sent" else "waiting",
        "not_before": NOW,
        "attempts": 2,
        "version": 3,
        "doubtful": 1,
        "remote": "r7" if key == "sent" else "",
        "changes": "",
        "reason": "",
        "at": NOW,
    }


def _person(which: PersonId, name: str) -> dict[str, Any]:
    return {
        "id": which,
        "name": name,
        "roles": ["teacher"],
        "language": "nl",
        "source": "self",
        "active": True,
        "settled": False,
        "findable": "",
    }


def with_first_rows(url: str) -> None:
    """Make a database of the first program, that answered some messages."""
    make_first_tables(url)
    asyncio.run(in_unit(url, _as_before_the_outbox))


async def _as_before_the_outbox(work: Work) -> None:
    connection = work.people._db.connection
    await connection.run_sync(_insert_first_rows)


def _insert_first_rows(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection, only=["person", "channel_address", "handled_message", "pending"])
    rows: dict[str, list[dict[str, Any]]] = {
        "person": [_person(ANN, "Ann"), _person(BOB, "Bob")],
        "channel_address": [
            {"channel": "teams", "address": "29:ann", "person": ANN},
            {"channel": "console", "address": "ann", "person": ANN},
            {"channel": "teams", "address": "29:bob", "person": BOB},
        ],
        "handled_message": [
            _handled("late", BOB, NOW + MINUTE, LATE),
            _handled("sent", ANN, NOW, reply("één"), reply("twee"), sent=True),
            _handled("unsent", BOB, NOW - MINUTE, reply("drie"), reply("vier")),
            _handled("silent", ANN, NOW, sent=True),
            _handled("sent", ANN, NOW, reply("vijf"), channel="slack", sent=True),
        ],
        "pending": [
            {
                "person": BOB,
                "channel": "teams",
                "kind": "first",
                "object": "vraag",
                "version": 1,
                "expires": NOW,
            }
        ],
    }
    for name, values in rows.items():
        connection.execute(tables.tables[name].insert(), values)


def _handled(
    message_id: str,
    person: PersonId,
    at: datetime,
    *replies: Reply,
    channel: str = "teams",
    sent: bool = False,
) -> dict[str, Any]:
    return {
        "channel": channel,
        "message_id": message_id,
        "person": person,
        "replies": [reply_json.dump_python(one, mode="json") for one in replies],
        "at": at,
        "sent": sent,
    }


def test_replies_of_before_the_outbox_are_in_it(empty_database_url: str) -> None:
    with_first_rows(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))
    assert asyncio.run(schema.check(empty_database_url)) == []

    async def told(work: Work) -> dict[str, tuple[Message, ...]]:
        names = ("sent", "unsent", "late", "silent", "never")
        return {name: await work.outbox.answers(Channel.TEAMS, name) for name in names}

    found = asyncio.run(in_unit(empty_database_url, told))
    assert {name: [one.reply for one in messages] for name, messages in found.items()} == {
        "sent": [reply("één"), reply("twee")],
        "unsent": [reply("drie"), reply("vier")],
        "late": [LATE],
        "silent": [],
        "never": [],
    }
    for one in (one for messages in found.values() for one in messages):
        assert one.place == Place(Channel.TEAMS, "")
        assert (one.changes, one.attempts, one.version) == ("", 0, 1)


def test_what_was_sent_before_the_outbox_is_sent_and_the_rest_is_dead(
    empty_database_url: str,
) -> None:
    with_first_rows(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))

    async def open_lines(work: Work) -> list[Line]:
        return [*await work.outbox.lines(50)]

    lines = asyncio.run(in_unit(empty_database_url, open_lines))
    assert [(one.key, one.person, one.at) for one in lines] == [
        ("answer|teams|unsent|0", BOB, NOW - MINUTE),
        ("answer|teams|unsent|1", BOB, NOW - MINUTE),
        ("answer|teams|late|0", BOB, NOW + MINUTE),
    ]
    assert {(one.state, one.reason) for one in lines} == {(State.DEAD, "before_the_outbox")}

    async def states(work: Work) -> list[tuple[Any, ...]]:
        out = table_of(OutboxRow)
        row = select(out.c.channel, out.c.answers, out.c.state, out.c.reason, out.c.sent_at)
        sent = row.where(out.c.state != "dead").order_by(out.c.id)
        return [tuple(one) for one in await work.people._db.run(sent)]

    assert sorted(asyncio.run(in_unit(empty_database_url, states))) == [
        ("slack", "sent", "sent", "", NOW),
        ("teams", "sent", "sent", "", NOW),
        ("teams", "sent", "sent", "", NOW),
    ]


def test_what_was_handled_before_the_outbox_still_was_and_life_goes_on(
    empty_database_url: str,
) -> None:
    with_first_rows(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))

    async def go_on(work: Work) -> None:
        for channel, name in (("teams", "sent"), ("teams", "silent"), ("slack", "sent")):
            assert not await work.inbox.add(Handled(channel, name, ANN, NOW))
        assert await work.inbox.add(Handled("teams", "new", ANN, NOW))
        place = Place(Channel.TEAMS, "a:ann", "29:ann")
        messages, ahead = await work.outbox.answer(
            ANN, place, "new", (reply(),), card="", at=NOW, takeover=NOW
        )
        assert not ahead
        assert await work.outbox.answers(Channel.TEAMS, "new") == messages
        *before, last = await work.outbox.lines(50)
        assert last.id == messages[0].id > max(one.id for one in before)

    asyncio.run(in_unit(empty_database_url, go_on))


def test_addresses_of_before_the_outbox_lead_to_the_same_people(empty_database_url: str) -> None:
    with_first_rows(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))

    async def who(work: Work) -> list[tuple[PersonId, Place | None, str]]:
        keys = (
            (Channel.TEAMS, "29:ann"),
            (Channel.CONSOLE, "ann"),
            (Channel.TEAMS, "29:bob"),
        )
        met = [await work.addresses.met(*key) for key in keys]
        return [(one.person.id, one.place, one.lost) for one in met if one]

    found = asyncio.run(in_unit(empty_database_url, who))
    assert found == [(ANN, None, ""), (ANN, None, ""), (BOB, None, "")]

    async def reach(work: Work) -> Place | None:
        place = Place(Channel.TEAMS, "a:bob", "29:bob")
        await work.addresses.reach(Channel.TEAMS, "29:bob", place)
        met = await work.addresses.met(Channel.TEAMS, "29:bob")
        pending = await work.pending.find(BOB, "teams", "first")
        assert pending is not None
        assert (pending.object, pending.expires) == ("vraag", NOW)
        return met.place if met else None

    assert asyncio.run(in_unit(empty_database_url, reach)) == Place(
        Channel.TEAMS, "a:bob", "29:bob"
    )


def test_what_was_said_before_questions_is_kept_and_is_about_nothing(
    empty_database_url: str,
) -> None:
    with_rows_of_the_second(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))
    assert asyncio.run(schema.check(empty_database_url)) == []

    async def rows(work: Work) -> list[tuple[Any, ...]]:
        out = table_of(OutboxRow)
        kept = (out.c.key, out.c.state, out.c.attempts, out.c.version, out.c.doubtful)
        row = select(*kept, out.c.remote, out.c.at, out.c.subject).order_by(out.c.id)
        return [tuple(one) for one in await work.people._db.run(row)]

    assert asyncio.run(in_unit(empty_database_url, rows)) == [
        ("waits", "waiting", 2, 3, 1, "", NOW, ""),
        ("sent", "sent", 2, 3, 1, "r7", NOW, ""),
    ]

    async def go_on(work: Work) -> None:
        assert await work.outbox.copies("") == []
        (line,) = await work.outbox.lines(9)
        assert (line.key, line.person, line.to) == ("waits", ANN, "a:ann")
        assert await work.outbox.change("sent", reply("nieuw"), NOW)
        limits = {Channel.TEAMS: NO_LIMITS}
        (leased,) = await work.outbox.lease("w1", limits, now=NOW, until=NOW + MINUTE, most=9)
        assert leased.message.reply == reply("waits")

    asyncio.run(in_unit(empty_database_url, go_on))


def test_ids_of_what_is_said_still_only_grow(empty_database_url: str) -> None:
    """Else a try that is noted late would be taken for one of another message."""
    with_rows_of_the_second(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))

    async def say(work: Work, key: str = "n1") -> int:
        place = Place(Channel.TEAMS, "a:ann", "29:ann")
        (message,), _ = await work.outbox.answer(
            ANN, place, key, (reply(),), card="", at=NOW, takeover=NOW
        )
        return message.id

    async def say_and_drop(work: Work) -> int:
        which = await say(work, "n0")
        out = table_of(OutboxRow)
        await work.people._db.run(delete(out).where(out.c.id == which))
        return which

    dropped = asyncio.run(in_unit(empty_database_url, say_and_drop))
    assert asyncio.run(in_unit(empty_database_url, say)) > dropped


def test_what_was_asked_before_can_be_sent_to_a_coach(empty_database_url: str) -> None:
    with_rows_of_the_second(empty_database_url)
    asyncio.run(schema.upgrade(empty_database_url))

    async def send(work: Work) -> None:
        asked = await work.knowledge.asked(AskedId(1))
        assert asked is not None
        assert (asked.text, asked.person) == ("toets?", ANN)
        question, new = await work.questions.add(draft(ANN, asked=asked.id), NOW)
        assert new
        assert question.code == "V-1001"
        assert await work.questions.get(question.id) == question
        assert await work.questions.away(NOW) == []

    asyncio.run(in_unit(empty_database_url, send))


async def test_who_passed_a_question_on_before_that_was_kept_is_not_asked_again(
    database_url: str,
) -> None:
    """Of three who had it: who gave it back had been kept, and who answered is still asked."""

    async def had_it(work: Work) -> tuple[QuestionId, list[PersonId]]:
        people = [
            (await work.people.register(sender(f"29:{number}"), "nl")).id for number in range(3)
        ]
        passed, back, answered = people
        which = (await work.questions.add(draft(passed), NOW))[0].id
        for who, act in ((passed, Act.HAND_OVER), (back, Act.RELEASE), (answered, Act.ANSWER)):
            await work.questions.offer([Offer(which, who, 1, 1, NOW, 0.5)])
            await work.questions.record(Event(which, act, NOW, who, text=""))
        await work.questions.record(Event(which, Act.HAND_OVER, NOW + MINUTE, passed, text=""))
        await work.questions.offer([Offer(which, back, 2, 0, NOW, 0.0)])
        return which, people

    which, people = await in_unit(database_url, had_it)
    await mark(database_url, "0011")
    await schema.upgrade(database_url)
    offers = await in_unit(database_url, lambda work: work.questions.offers(which))
    assert [one for one in offers if not one.ring] == [
        Offer(which, people[0], 0, 0, NOW + MINUTE, 0.0),
        Offer(which, people[1], 2, 0, NOW, 0.0),
    ]
    assert len(offers) == 5
