"""What only a database shows: rows stay inside, and what no port reads back is written."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from bot.core.errors import ConflictError, SettingsError
from bot.core.ids import AskedId, EntryId, PersonId
from bot.core.reply import Channel, Place
from bot.core.turn import Handled, Pending
from bot.outbox.model import NO_LIMITS, Notice
from bot.people.model import Role
from bot.people.service import plan_import
from bot.routing.model import Draft, Source
from bot.store.tables import AskedRow, MembershipRow, Moment, ProposalRow, RevisionRow
from bot.store.work import Store, Work, database_url
from tests.factories import (
    NOW,
    entry,
    listed,
    listed_coach,
    organisation,
    proposal,
    reply,
    seed_plan,
    sender,
    shipped,
)

WIFI = EntryId("wifi")
PLACE = Place(Channel.TEAMS, "a:ann", "29:ann")
INTEGRITY = (IntegrityError, sqlite3.IntegrityError)


def parts(value: object) -> Iterator[object]:
    """Yield a value and everything inside it."""
    yield value
    inside: list[object] = []
    if isinstance(value, Mapping):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        inside = [*value]
    elif is_dataclass(value):
        inside = [getattr(value, one.name) for one in fields(value)]
    for one in inside:
        yield from parts(one)


async def fill(work: Work) -> tuple[PersonId, AskedId]:
    await work.people.apply(await plan_import(work, organisation(listed_coach(), listed())))
    await work.knowledge.seed(seed_plan(new=(shipped("wifi"),)), NOW)
    ann = await work.people.register(sender(), "nl")
    asked = await work.knowledge.record(ann.id, "wifi?", "answer", WIFI, 0.9, NOW)
    await work.inbox.add(Handled("teams", "m1", ann.id, NOW))
    await work.addresses.reach(Channel.TEAMS, "29:ann", PLACE)
    await work.outbox.add(Notice("n1", reply(), NOW, person=ann.id), NOW)
    await work.pending.put(Pending(ann.id, "teams", "first", "vraag", NOW))
    return ann.id, asked


async def everything(work: Work, person: PersonId, asked: AskedId) -> AsyncIterator[object]:
    """Yield what each method returns that returns anything."""
    people, knowledge = work.people, work.knowledge
    draft = Draft("q1", person, "wifi?", Source.DIRECT, "nl")
    question = (await work.questions.add(draft, NOW))[0].id
    yield await people.by_address(Channel.TEAMS, "29:ann")
    yield await people.by_identity("", listed().email)
    yield await people.by_id(person)
    yield await people.register(sender("29:bob"), "nl")
    yield await people.units()
    yield await people.coaches()
    yield await people.find("", 10)
    yield await people.stored_people()
    yield await people.stored_units()
    yield await knowledge.entries()
    yield await knowledge.entry(WIFI)
    yield await knowledge.stored()
    yield await knowledge.asked(asked)
    yield await people.with_role(Role.COACH)
    yield await work.proposals.add("1|1|0", proposal(proposer=person, question=question))
    yield await work.proposals.about(question)
    yield await people.whereabouts(person)
    yield await work.addresses.met(Channel.TEAMS, "29:ann")
    yield await work.addresses.reached(Channel.TEAMS)
    yield await work.outbox.answer(person, PLACE, "m1", (reply(),), card="", at=NOW, takeover=NOW)
    yield await work.outbox.answers(Channel.TEAMS, "m1")
    yield await work.outbox.lines(10)
    yield await work.outbox.next_due([Channel.TEAMS], NOW - timedelta(days=1))
    until = NOW + timedelta(minutes=1)
    limits = {Channel.TEAMS: NO_LIMITS}
    yield await work.outbox.lease("w1", limits, now=NOW, until=until, most=10)
    yield await work.pending.find(person, "teams", "first")
    yield await work.pending.take(person, "teams", "first")


async def test_no_row_leaves_the_store(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        person, asked = await fill(work)
        seen = [value async for value in everything(work, person, asked)]
    assert all(seen)
    rows = [one for value in seen for one in parts(value) if isinstance(one, SQLModel)]
    assert rows == []


async def test_the_choice_of_an_asker_is_kept(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        person, first = await fill(work)
        second = await work.knowledge.record(person, "print?", "choices", WIFI, 0.4, NOW)
        third = await work.knowledge.record(person, "scan?", "choices", WIFI, 0.4, NOW)
        await work.knowledge.choose(second, WIFI)
        await work.knowledge.choose(third, None)
        rows = await work.knowledge._session.exec(select(AskedRow.id, AskedRow.choice))
        assert dict(rows.all()) == {first: None, second: "wifi", third: ""}


async def test_every_change_of_an_entry_has_a_revision(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        person, _ = await fill(work)
        knowledge = work.knowledge
        await knowledge.seed(seed_plan(changed=(shipped("wifi", "d2", title="Twee"),)), NOW)
        await knowledge.edit(entry("wifi", title="Drie"), who=person, why="clearer", at=NOW)
        await knowledge.seed(seed_plan(retired=(WIFI,)), NOW)
        rows = await knowledge._session.exec(select(RevisionRow).order_by(col(RevisionRow.id)))
        assert [(row.why, row.who, row.body["title"], row.at) for row in rows] == [
            ("shipped", None, entry().title, NOW),
            ("shipped", None, "Twee", NOW),
            ("clearer", person, "Drie", NOW),
            ("retired", None, "Drie", NOW),
        ]


async def test_a_proposal_is_kept_until_someone_decides(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        await fill(work)
        plan = seed_plan(proposed=(shipped("wifi", "d2", title="Nieuw"),))
        await work.knowledge.seed(plan, NOW)
        [row] = await work.knowledge._session.exec(select(ProposalRow))
        assert (row.entry, row.digest, row.state) == ("wifi", "d2", "open")
        assert row.body["title"] == "Nieuw"


async def test_a_person_has_one_primary_team(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        await fill(work)
        rows = (await work.people._session.exec(select(MembershipRow))).all()
        team = next(one.id for one in (await work.people.units()).teams if one.name == "Handel 2")
    second = MembershipRow(person=rows[0].person, team=team, place=0)
    with pytest.raises(ConflictError):
        async with sql_store.begin() as work:
            work.people._session.add(second)


async def test_what_refers_to_nothing_is_no_conflict_but_a_fault(sql_store: Store) -> None:
    with pytest.raises(INTEGRITY):
        async with sql_store.begin() as work:
            await work.knowledge.record(PersonId(99), "wifi?", "refused", None, 0.1, NOW)


async def test_an_error_of_the_database_tells_no_text(sql_store: Store) -> None:
    with pytest.raises(INTEGRITY) as caught:
        async with sql_store.begin() as work:
            await work.knowledge.record(PersonId(99), "mijn geheim", "refused", None, 0.1, NOW)
    assert "geheim" not in str(caught.value)


def test_a_moment_needs_a_time_zone() -> None:
    naive = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 (the very thing that is refused)
    moment: Any = Moment()
    with pytest.raises(ValueError, match="time zone"):
        moment.process_bind_param(naive, None)
    assert moment.process_bind_param(None, None) is None
    assert moment.process_result_value(None, None) is None


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("sqlite:///some.db", "sqlite+aiosqlite:///some.db"),
        ("sqlite+aiosqlite:////srv/a.db", "sqlite+aiosqlite:////srv/a.db"),
        ("postgresql://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgres://h/db", "postgresql+asyncpg://h/db"),
        ("postgresql+psycopg://h/db", "postgresql+asyncpg://h/db"),
        ("postgresql://h/db?sslmode=require", "postgresql+asyncpg://h/db?ssl=require"),
    ],
)
def test_a_plain_url_gets_its_driver(url: str, wanted: str) -> None:
    assert database_url(url).render_as_string(hide_password=False) == wanted


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/db"])
def test_a_url_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        database_url(url)
    assert "secret" not in str(caught.value)
