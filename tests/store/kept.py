"""A database with something in each kind of row, and all of its rows to compare."""

import asyncio
from typing import Any

from alembic import command
from sqlalchemy import Connection, select, text

from bot.core.ids import EntryId, PersonId, TicketId
from bot.core.reply import Channel, Incoming, Place
from bot.core.turn import Handled, Pending, Unmet
from bot.people.model import ChannelName, NamedChannel
from bot.people.service import plan_import
from bot.routing.model import Act, Away, Event, Offer
from bot.store import schema
from bot.store.tables import metadata
from bot.store.work import Store, Work
from bot.walkin.model import Change
from bot.walkin.seats import Ticket
from tests.factories import (
    NOW,
    booking,
    draft,
    entry,
    hour,
    listed,
    listed_coach,
    organisation,
    proposal,
    seed_plan,
    sender,
    shipped,
    slot_key,
    waiting,
)

WIFI = EntryId("wifi")
FIRST = "0001"
ODD = "één 🙂 \\. \\N 'quote' \"dubbel\"\tmet tab\nen regel; --"
Rows = dict[str, list[tuple[Any, ...]]]


def fill(url: str, waiting: str = "vraag") -> PersonId:
    """Store people, knowledge and handled messages; `waiting` is a text that `pending` holds."""
    return asyncio.run(_fill(url, waiting))


async def _fill(url: str, waiting: str) -> PersonId:
    store = Store.open(url)
    async with store.begin() as work:
        await work.people.apply(await plan_import(work, organisation(listed_coach(), listed())))
        await work.knowledge.seed(seed_plan(new=(shipped("wifi"), shipped("print"))), NOW)
        ann = await work.people.register(sender(), "nl")
        asked = await work.knowledge.record(ann.id, ODD, "answer", WIFI, 0.9, NOW)
        await work.knowledge.record(ann.id, "print?", "choices", None, 1 / 3, NOW)
        await work.knowledge.rate(ann.id, WIFI, asked, helped=True, at=NOW)
        await work.knowledge.edit(entry("wifi", title=ODD), who=ann.id, why="clearer", at=NOW)
        await work.knowledge.seed(seed_plan(proposed=(shipped("wifi", "d2"),)), NOW)
        await work.proposals.add("1|1|0", proposal(proposer=ann.id, entry=WIFI, answer=ODD))
        await work.inbox.add(Handled("teams", "m1", ann.id, NOW))
        await work.strangers.add(Unmet(Incoming(sender("29:new"), "m2", ODD), NOW, NOW))
        await work.pending.put(Pending(ann.id, "teams", "first", waiting, NOW))
        room = Place(Channel.TEAMS, "19:coaches", personal=False)
        named = NamedChannel(ChannelName.COACHES, room, ann.id, NOW)
        await work.addresses.name_channel(named)
        await work.occasions.start("retention", NOW)
        question, _ = await work.questions.add(draft(ann.id, text=ODD, asked=asked), NOW)
        await work.questions.record(Event(question.id, Act.SEND, NOW, ann.id, text=ODD))
        await work.questions.offer([Offer(question.id, ann.id, 1, 1, NOW, 1 / 3)])
        await work.questions.leave(Away(ann.id, NOW, None))
        await _fill_walkin(work, ann.id)
    await store.close()
    return ann.id


async def _fill_walkin(work: Work, who: PersonId) -> None:
    made = await work.walkin.add_hour(hour(coach=who, place=ODD))
    key = slot_key(made.id)
    await work.walkin.change_date(Change(made.id, key.day, key.day, made.start, ODD))
    await work.walkin.book(booking(who, key, topic=ODD, due=NOW))
    await work.walkin.wait(waiting(who, key, topic=ODD))
    await work.walkin.take_ticket(Ticket(TicketId(0), made.id, key.day, 1, who, NOW))
    await work.feeds.keep(who, ODD, NOW)


def register(url: str, address: str) -> None:
    asyncio.run(_register(url, address))


async def _register(url: str, address: str) -> None:
    store = Store.open(url)
    async with store.begin() as work:
        await work.people.register(sender(address), "nl")
    await store.close()


def rows(url: str) -> Rows:
    """Return the rows of every table, the migration among them."""
    return asyncio.run(_look(url))


async def _look(url: str) -> Rows:
    store = Store.open(url)
    try:
        return await store.look(_rows)
    finally:
        await store.close()


def _rows(connection: Connection) -> Rows:
    found = {
        table.name: [
            tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
        ]
        for table in metadata.sorted_tables
    }
    version = connection.execute(text("SELECT version_num FROM alembic_version"))
    return {**found, "alembic_version": [tuple(row) for row in version]}


def make_first_tables(url: str, revision: str = FIRST) -> None:
    """Bring an empty database to the first migration, as the first program did, or to another."""
    asyncio.run(_make_tables(url, revision))


async def _make_tables(url: str, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = schema._migrating_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


def step_after(head: str) -> str:
    """Return a migration of a program that is newer than this one."""
    return f"""
from alembic import op

revision = "future"
down_revision = "{head}"


def upgrade():
    op.execute("CREATE TABLE novelty (person INTEGER NOT NULL REFERENCES person (id))")
"""
