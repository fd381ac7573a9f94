"""Messages that a newer program wrote, beside which this one runs: it leaves them, and goes on."""

from dataclasses import replace
from datetime import timedelta

from bot.core.reply import Reply, Words
from bot.store.outbox.leasing import UNREADABLE_WAIT
from bot.store.tables import OutboxRow, table_of
from bot.store.work import Store
from tests.contracts.test_outbox_store import (
    MINUTE,
    about,
    add,
    answered,
    copies,
    lease,
    notice,
    settle,
    texts,
)
from tests.contracts.test_outbox_store import sent as arrived
from tests.factories import NOW

OUT = table_of(OutboxRow)
NEW = '{"view": "dreamt", "blocks": [{"what": "hologram"}]}'
LATER = NOW + UNREADABLE_WAIT


async def rewritten(store: Store, text: str, new: str) -> None:
    """Let the message that says this text say something else, as another program would."""
    async with store.begin() as work:
        which = OUT.c.reply.contains(f'"{text}"')
        await work.outbox._db.run(OUT.update().where(which).values(reply=new))


async def test_it_holds_up_nothing_else_of_its_conversation(sql_store: Store) -> None:
    await add(sql_store, notice("n1"), notice("n2"))
    await rewritten(sql_store, "n1", NEW)
    assert await lease(sql_store, holder="w1") == []
    assert texts(await lease(sql_store, holder="w2")) == ["n2"]


async def test_an_answer_that_cannot_be_read_is_in_nobodys_way(sql_store: Store) -> None:
    at = NOW + timedelta(seconds=5)
    await answered(sql_store, Reply("answer", (Words("new"),)))
    await rewritten(sql_store, "new", NEW)
    assert await lease(sql_store, at) == []
    await add(sql_store, notice("n2"))
    (leased,) = await lease(sql_store, at)
    assert texts([leased]) == ["n2"]
    await settle(sql_store, arrived(leased.message, at))
    (_, ahead) = await answered(sql_store, Reply("answer", (Words("m2"),)), to="m2", at=at)
    assert ahead == ()


async def test_who_can_read_it_sends_it_in_the_end(sql_store: Store) -> None:
    await add(sql_store, notice("n1"))
    async with sql_store.reading() as work:
        (row,) = (await work.outbox._db.run(OUT.select())).all()
    await rewritten(sql_store, "n1", NEW)
    assert await lease(sql_store) == []
    await rewritten(sql_store, "hologram", row.reply)
    assert await lease(sql_store, LATER - MINUTE) == []
    assert texts(await lease(sql_store, LATER)) == ["n1"]


async def test_the_other_copies_of_a_card_still_follow(sql_store: Store) -> None:
    await add(sql_store, notice("n1", reply=about("new")), notice("n2", reply=about("known")))
    await rewritten(sql_store, "new", NEW)
    (copy,) = await copies(sql_store)
    assert copy.reply == about("known")


async def test_what_can_be_read_is_still_reworded(sql_store: Store) -> None:
    await add(sql_store, notice("n1", reply=about("new")), notice("n2", reply=about("known")))
    await rewritten(sql_store, "new", NEW)
    async with sql_store.begin() as work:
        await work.outbox.reword(
            ("question:12",), lambda one: replace(one, blocks=(Words("quiet"),))
        )
    (copy,) = await copies(sql_store)
    assert copy.reply.blocks == (Words("quiet"),)
    async with sql_store.reading() as work:
        (row,) = (await work.outbox._db.run(OUT.select().where(OUT.c.key == "n1"))).all()
    assert row.reply == NEW
