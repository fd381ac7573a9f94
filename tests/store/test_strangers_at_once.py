"""What units that touch the same rows of strangers at once do to each other, on PostgreSQL."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core.reply import Channel
from bot.core.turn import Unmet
from bot.store.work import Store, Work
from tests.contracts.test_stranger_store import MINUTE, add, of, said
from tests.factories import NOW


async def forget(work: Work, waiting: list[Unmet]) -> None:
    """Forget each, as is done where somebody leaves or is given up, and let others in between."""
    for one in waiting:
        await work.strangers.drop(one.id)
        await asyncio.sleep(0.2)


@pytest.mark.parametrize("moved", [0, 1])
async def test_who_speaks_and_leaves_at_once_locks_up_nothing(
    postgres_url: str, moved: int
) -> None:
    """Rows lie on the disk in the order in which they were changed last, and not in that of ids."""
    async with Store.open(postgres_url) as store:
        later = NOW + timedelta(hours=1)
        await add(store, said("m1", due=later), said("m2", due=later))
        waiting = await of(store)
        async with store.begin() as work:
            await work.strangers.postpone(waiting[moved], later)
            # As it is done by itself after a while: then so few rows are read one after the other.
            await work.strangers._db.run(text("ANALYZE stranger_message"))

        async def speak() -> None:
            await asyncio.sleep(0.1)
            await add(store, said("m3", due=NOW + MINUTE))

        async def leave() -> None:
            async with store.begin() as work:
                await forget(work, waiting)

        await asyncio.gather(speak(), leave())
        assert [one.incoming.message_id for one in await of(store)] == ["m3"]
        async with store.reading() as work:
            assert await work.strangers.next_due([Channel.TEAMS], NOW) == NOW + MINUTE
