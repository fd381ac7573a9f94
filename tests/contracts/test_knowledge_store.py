"""What every store promises about the FAQ and what was asked."""

from datetime import date, timedelta

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import AskedId, EntryId, PersonId
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.model import (
    AppliesTo,
    Asked,
    CoachRole,
    English,
    Entry,
    Level,
    Owner,
    SeedPlan,
    Shipped,
    StoredEntry,
)
from tests.factories import NOW, entry, seed_plan, sender, shipped
from tests.fakes import AnyStore

WIFI, PRINT = EntryId("wifi"), EntryId("print")


async def seed(store: AnyStore, plan: SeedPlan) -> None:
    async with store.begin() as work:
        await work.knowledge.seed(plan, NOW)


async def edit(store: AnyStore, changed: Entry) -> None:
    async with store.begin() as work:
        await work.knowledge.edit(changed, who=None, why="clearer", at=NOW)


async def version(store: AnyStore) -> int:
    async with store.reading() as work:
        return await work.knowledge.version()


async def entries(store: AnyStore) -> list[Entry]:
    async with store.reading() as work:
        return await work.knowledge.entries()


async def stored(store: AnyStore) -> list[StoredEntry]:
    async with store.reading() as work:
        return list(await work.knowledge.stored())


async def a_person(store: AnyStore, address: str = "29:ann") -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(sender(address), "nl")).id


async def ask(store: AnyStore, person: PersonId, *, days_ago: int = 0) -> AskedId:
    at = NOW - timedelta(days=days_ago)
    async with store.begin() as work:
        return await work.knowledge.record(person, "ik kan niet inloggen", "answer", WIFI, 0.9, at)


async def rate(store: AnyStore, person: PersonId, asked: AskedId, *, helped: bool) -> None:
    async with store.begin() as work:
        await work.knowledge.rate(person, WIFI, asked, helped=helped, at=NOW)


async def ratings(store: AnyStore, entry: EntryId = WIFI) -> tuple[int, int]:
    async with store.reading() as work:
        return await work.knowledge.ratings(entry)


async def test_an_empty_store_has_version_0(store: AnyStore) -> None:
    assert await version(store) == 0
    assert await entries(store) == []


async def test_a_seeded_entry_comes_back_as_it_was(store: AnyStore) -> None:
    full = entry(
        "wifi",
        answer="Twee regels:\n1. Kies eduroam.\n2. Log in.",
        level=Level.TACTICAL,
        role=CoachRole.TRAINER,
        owner=Owner.LIBRARY,
        review_after=date(2027, 6, 1),
        applies_to=AppliesTo(("Handel",), ("Kerngebouw",)),
        shows="coach",
        english=English("Wi-Fi", "Choose eduroam."),
    )
    await seed(store, seed_plan(new=(Shipped(full, "d1"),)))
    assert await stored(store) == [StoredEntry(full, "d1", edited=False, retired=False)]
    async with store.reading() as work:
        assert await work.knowledge.entry(WIFI) == full
        assert await work.knowledge.entry(PRINT) is None


async def test_the_whole_shipped_faq_comes_back_as_it_was(store: AnyStore) -> None:
    faq = load_faq(shipped_folder())
    await seed(store, seed_plan(new=tuple(Shipped(one, "d") for one in faq.entries)))
    assert await entries(store) == sorted(faq.entries, key=lambda one: one.id)
    assert await version(store) == len(faq.entries)


async def test_entries_come_in_order_of_id(store: AnyStore) -> None:
    names = ("ab", "a-c", "aa", "b1", "b-2")
    await seed(store, seed_plan(new=tuple(shipped(name) for name in names)))
    assert [one.id for one in await entries(store)] == sorted(names)


async def test_the_version_grows_with_every_change_of_an_entry(store: AnyStore) -> None:
    seen = [await version(store)]
    await seed(store, seed_plan(new=(shipped("wifi"), shipped("print"))))
    seen.append(await version(store))
    await seed(store, seed_plan(changed=(shipped("wifi", "d2"),)))
    seen.append(await version(store))
    await edit(store, entry("wifi", title="Waar is wifi?"))
    seen.append(await version(store))
    await seed(store, seed_plan(retired=(PRINT,)))
    seen.append(await version(store))
    assert seen == sorted(set(seen))


async def test_the_same_entry_is_seeded_once(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    with pytest.raises(ConflictError):
        await seed(store, seed_plan(new=(shipped("print"), shipped("wifi", "d2"))))
    assert [one.origin for one in await stored(store)] == ["d1"]


async def test_a_changed_entry_takes_the_place_of_the_earlier(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    await seed(store, seed_plan(changed=(shipped("wifi", "d2", title="Nieuw", domain="video"),)))
    newer = entry("wifi", title="Nieuw", domain="video")
    assert await stored(store) == [StoredEntry(newer, "d2", edited=False, retired=False)]


async def test_a_retired_entry_is_kept_but_not_shown(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"), shipped("print"))))
    await seed(store, seed_plan(retired=(WIFI,)))
    assert [one.id for one in await entries(store)] == ["print"]
    assert [(one.entry.id, one.retired) for one in await stored(store)] == [
        ("print", False),
        ("wifi", True),
    ]
    async with store.reading() as work:
        assert await work.knowledge.entry(WIFI) is None


async def test_a_retired_entry_that_is_shipped_again_is_shown_again(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    await seed(store, seed_plan(retired=(WIFI,)))
    await seed(store, seed_plan(changed=(shipped("wifi", "d2"),)))
    assert [one.id for one in await entries(store)] == ["wifi"]


async def test_what_the_college_edits_is_theirs(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    mine = entry("wifi", answer="Vraag de balie.", domain="lokaal")
    await edit(store, mine)
    assert await stored(store) == [StoredEntry(mine, "d1", edited=True, retired=False)]


async def test_the_college_can_add_an_entry(store: AnyStore) -> None:
    await edit(store, entry("wifi"))
    assert await stored(store) == [StoredEntry(entry("wifi"), "", edited=True, retired=False)]


async def test_an_edit_brings_a_retired_entry_back(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    await seed(store, seed_plan(retired=(WIFI,)))
    await edit(store, entry("wifi", title="Toch"))
    assert [one.title for one in await entries(store)] == ["Toch"]


async def test_a_proposal_leaves_the_entry_as_the_college_wrote_it(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    mine = entry("wifi", answer="Vraag de balie.")
    await edit(store, mine)
    before = await version(store)
    await seed(store, seed_plan(proposed=(shipped("wifi", "d2", answer="Anders."),)))
    assert await stored(store) == [
        StoredEntry(mine, "d1", edited=True, retired=False, proposed="d2")
    ]
    assert await version(store) == before


async def test_a_question_is_stored_as_it_was_asked(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    ann = await a_person(store)
    asked = await ask(store, ann)
    async with store.begin() as work:
        refused = await work.knowledge.record(ann, "iets", "refused", None, 0.125, NOW)
    async with store.reading() as work:
        assert await work.knowledge.asked(asked) == Asked(
            asked, ann, "ik kan niet inloggen", "answer", WIFI, 0.9, NOW
        )
        assert await work.knowledge.asked(refused) == Asked(
            refused, ann, "iets", "refused", None, 0.125, NOW
        )
        assert await work.knowledge.asked(AskedId(999)) is None
    assert asked != refused


async def test_a_choice_leaves_the_question_as_it_was(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    asked = await ask(store, await a_person(store))
    async with store.reading() as work:
        before = await work.knowledge.asked(asked)
    async with store.begin() as work:
        await work.knowledge.choose(asked, WIFI)
        await work.knowledge.choose(asked, None)
        await work.knowledge.choose(AskedId(999), None)
    async with store.reading() as work:
        assert await work.knowledge.asked(asked) == before


async def test_ratings_count_people_whom_it_helped_and_whom_not(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"), shipped("print"))))
    for address, helped in (("29:a", True), ("29:b", True), ("29:c", False)):
        person = await a_person(store, address)
        await rate(store, person, await ask(store, person), helped=helped)
    assert await ratings(store) == (2, 1)
    assert await ratings(store, PRINT) == (0, 0)


async def test_a_later_rating_takes_the_place_of_the_earlier(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    ann = await a_person(store)
    await rate(store, ann, await ask(store, ann), helped=True)
    await rate(store, ann, await ask(store, ann), helped=False)
    assert await ratings(store) == (0, 1)


async def test_what_did_not_help_somebody_is_theirs_and_by_their_last_word(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"), shipped("print"))))
    ann, bob = await a_person(store, "29:a"), await a_person(store, "29:b")
    await rate(store, ann, await ask(store, ann), helped=False)
    await rate(store, bob, await ask(store, bob), helped=True)
    async with store.reading() as work:
        assert await work.knowledge.not_helped(ann) == {WIFI}
        assert await work.knowledge.not_helped(bob) == set()
    await rate(store, ann, await ask(store, ann), helped=True)
    async with store.reading() as work:
        assert await work.knowledge.not_helped(ann) == set()


async def test_an_entry_can_be_rated_without_a_question(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    await rate(store, await a_person(store), AskedId(0), helped=True)
    assert await ratings(store) == (1, 0)


async def test_old_texts_are_forgotten_and_figures_stay(store: AnyStore) -> None:
    await seed(store, seed_plan(new=(shipped("wifi"),)))
    ann = await a_person(store)
    old, young = await ask(store, ann, days_ago=181), await ask(store, ann, days_ago=179)
    await rate(store, ann, old, helped=True)
    async with store.begin() as work:
        assert await work.knowledge.forget_texts(NOW - timedelta(days=180)) == 1
    async with store.begin() as work:
        assert await work.knowledge.forget_texts(NOW - timedelta(days=180)) == 0
        forgotten, kept = await work.knowledge.asked(old), await work.knowledge.asked(young)
    assert forgotten is not None
    assert kept is not None
    assert (forgotten.text, forgotten.outcome, forgotten.score) == ("", "answer", 0.9)
    assert kept.text == "ik kan niet inloggen"
    assert await ratings(store) == (1, 0)


async def test_a_text_is_forgotten_in_the_unit_that_recorded_it(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        asked = await work.knowledge.record(ann, "iets", "refused", None, 0.1, NOW)
        await work.knowledge.forget_texts(NOW + timedelta(seconds=1))
        found = await work.knowledge.asked(asked)
    assert found is not None
    assert found.text == ""


async def test_numbers_go_from_a_question_that_was_asked(store: AnyStore) -> None:
    ann = await a_person(store)
    async with store.begin() as work:
        first, other = [
            await work.knowledge.record(ann, "bel 06-12345678", "refused", None, 0.1, NOW)
            for _ in range(2)
        ]
        await work.knowledge.forget_contacts(first)
        await work.knowledge.forget_contacts(AskedId(999_999))
    async with store.reading() as work:
        found = [await work.knowledge.asked(which) for which in (first, other)]
    assert [one.text for one in found if one] == ["bel [telefoon]", "bel 06-12345678"]
