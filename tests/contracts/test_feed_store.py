"""What every store promises about the words under which calendars are read."""

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import PersonId
from tests.factories import NOW, sender
from tests.fakes import AnyStore

NOBODY = PersonId(99)


async def two(store: AnyStore) -> tuple[PersonId, PersonId]:
    async with store.begin() as work:
        return (
            (await work.people.register(sender("29:1"), "nl")).id,
            (await work.people.register(sender("29:2"), "nl")).id,
        )


async def keep(store: AnyStore, who: PersonId, key: str) -> None:
    async with store.begin() as work:
        await work.feeds.keep(who, key, NOW)


async def test_a_word_leads_to_who_it_was_made_for(store: AnyStore) -> None:
    ann, bob = await two(store)
    await keep(store, ann, "anns")
    await keep(store, bob, "bobs")
    async with store.reading() as work:
        assert [await work.feeds.owner(key) for key in ("anns", "bobs")] == [ann, bob]
        assert [await work.feeds.key_of(who) for who in (ann, bob)] == ["anns", "bobs"]


async def test_a_word_that_nobody_has_leads_to_nobody(store: AnyStore) -> None:
    ann, _ = await two(store)
    await keep(store, ann, "anns")
    async with store.reading() as work:
        for key in ("", "ANNS", "anns ", "ann"):
            assert await work.feeds.owner(key) is None
        assert await work.feeds.key_of(NOBODY) is None


async def test_a_new_word_takes_the_place_of_the_old_one(store: AnyStore) -> None:
    ann, bob = await two(store)
    for key in ("first", "second", "second"):
        await keep(store, ann, key)
    await keep(store, bob, "first")
    async with store.reading() as work:
        assert await work.feeds.key_of(ann) == "second"
        assert await work.feeds.owner("first") == bob


async def test_what_is_dropped_leads_to_nobody(store: AnyStore) -> None:
    ann, bob = await two(store)
    await keep(store, ann, "anns")
    await keep(store, bob, "bobs")
    async with store.begin() as work:
        assert await work.feeds.drop(ann)
        assert not await work.feeds.drop(ann)
    async with store.reading() as work:
        assert await work.feeds.owner("anns") is None
        assert await work.feeds.key_of(ann) is None
        assert await work.feeds.owner("bobs") == bob


async def test_no_two_have_the_same_word(store: AnyStore) -> None:
    ann, bob = await two(store)
    await keep(store, ann, "same")
    with pytest.raises(ConflictError):
        await keep(store, bob, "same")
    async with store.reading() as work:
        assert await work.feeds.owner("same") == ann
        assert await work.feeds.key_of(bob) is None
