"""What every store promises of what people said of whom nobody knows who they are."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.reply import Channel, Event, Incoming, Place
from bot.core.turn import Unmet
from bot.store.tables import StrangerRow, table_of
from bot.store.work import Store
from tests.factories import NOW, sender
from tests.fakes import AnyStore

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HERE = [Channel.TEAMS]


def said(name: str, by: str = "29:new", due: datetime = NOW, **changes: Any) -> Unmet:
    place = Place(Channel.TEAMS, "chat", by, service="https://teams", tenant="t", bot="28:bot")
    incoming = Incoming(sender(by), name, "wachtwoord kwijt", place=place, room=place, files=1)
    return Unmet(replace(incoming, **changes), NOW, due)


async def add(store: AnyStore, *each: Unmet) -> list[bool]:
    async with store.begin() as work:
        return [await work.strangers.add(one) for one in each]


async def of(store: AnyStore, address: str = "29:new") -> list[Unmet]:
    async with store.reading() as work:
        return [*await work.strangers.of(Channel.TEAMS, address)]


async def take(store: AnyStore, now: datetime = NOW, most: int = 9) -> list[str]:
    async with store.begin() as work:
        taken = await work.strangers.take(HERE, now=now, until=now + MINUTE, most=most)
    return [one.incoming.message_id for one in taken]


async def due_next(store: AnyStore, after: datetime) -> datetime | None:
    async with store.reading() as work:
        return await work.strangers.next_due(HERE, after)


async def test_what_waits_is_kept_whole_and_in_order(store: AnyStore) -> None:
    first, second = said("m1"), said("m2", event=Event.INSTALLED)
    assert await add(store, first, said("m1", by="29:other"), second, first) == [
        *(True, False, True, False)
    ]
    assert [replace(one, id=0) for one in await of(store)] == [first, second]
    assert await of(store, "29:other") == []


async def test_the_first_of_each_is_taken_when_it_is_due_and_not_again_soon(
    store: AnyStore,
) -> None:
    await add(store, said("a1"), said("a2"), said("b1", by="29:b", due=NOW - SECOND))
    await add(store, said("c1", by="29:c", due=NOW + SECOND))
    assert await take(store, most=1) == ["b1"]
    assert await take(store) == ["a1"]
    assert await take(store) == []
    assert await due_next(store, NOW) == NOW + SECOND
    assert await take(store, NOW + MINUTE) == ["c1", "a1", "b1"]


async def test_a_try_that_came_to_nothing_is_counted(store: AnyStore) -> None:
    await add(store, said("m1"))
    (one,) = await of(store)
    async with store.begin() as work:
        await work.strangers.postpone(one, NOW + MINUTE)
        await work.strangers.postpone(replace(one, id=one.id + 1), NOW)
    (again,) = await of(store)
    assert (again.tries, again.due) == (1, NOW + MINUTE)
    assert await due_next(store, NOW + MINUTE) is None


async def test_who_speaks_again_is_looked_up_as_soon(store: AnyStore) -> None:
    await add(store, said("m1", due=NOW + MINUTE), said("other", by="29:b", due=NOW + MINUTE))
    await add(store, said("m2", due=NOW + SECOND))
    assert await take(store, NOW + SECOND) == ["m1"]
    await add(store, said("m3", due=NOW + 9 * MINUTE))
    assert await take(store, NOW + SECOND + MINUTE) == ["other", "m1"]


async def test_what_is_forgotten_makes_way_for_the_next(store: AnyStore) -> None:
    await add(store, said("m1"), said("m2"))
    (first, _) = await of(store)
    async with store.begin() as work:
        assert await work.strangers.drop(first.id)
        assert not await work.strangers.drop(first.id)
    assert await take(store) == ["m2"]


async def test_another_channel_is_not_looked_at(store: AnyStore) -> None:
    await add(store, said("m1", sender=sender("29:new", channel=Channel.SLACK)))
    assert await take(store) == []
    assert await due_next(store, NOW - SECOND) is None


async def test_two_that_take_at_once_do_not_take_the_same(sql_store: Store) -> None:
    await add(sql_store, *(said(f"m{number}", by=f"29:{number}") for number in range(8)))
    taken = await asyncio.gather(*(take(sql_store, most=5) for _ in range(4)))
    names = [name for each in taken for name in each]
    assert len(names) == len(set(names))


async def test_what_a_newer_program_wrote_is_left_to_that_one(sql_store: Store) -> None:
    await add(sql_store, said("m1", by="29:b"), said("m2"))
    async with sql_store.begin() as work:
        changed = table_of(StrangerRow).update().where(table_of(StrangerRow).c.id == 1)
        await work.strangers._db.run(changed.values(incoming='{"event": "dreamt"}'))
    assert await of(sql_store, "29:b") == []
    assert await take(sql_store) == ["m2"]
