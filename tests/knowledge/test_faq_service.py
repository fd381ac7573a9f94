"""Asking, rating, picking, seeding, and an index as new as the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ids import AskedId, EntryId, PersonId
from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.live import SETTLES_AFTER, FaqIndex
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.model import (
    Answer,
    Asked,
    Choices,
    Entry,
    Faq,
    NoAnswer,
    NotOurs,
    SmallTalk,
    Topic,
)
from bot.knowledge.service import CollegeFields, Found, ask, choose_none, pick, rate, seed
from bot.knowledge.understanding import Reader
from tests.factories import NOW, entry
from tests.fakes import MemoryStore, MemoryWork

ANN, BOB = PersonId(1), PersonId(2)
WIFI = entry("wifi", title="Hoe kom ik op wifi?", variants=("verbinden met eduroam",), tags=())
PRINT = entry("print", title="Hoe print ik?", variants=("afdrukken op papier",), tags=())
LEAVE = Topic("verlof", "verlof", "Vraag HR.", ("vrije dag opnemen",))
FAQ = Faq((WIFI, PRINT), (LEAVE,), {"greeting": ("hoi",)})
MATCHER = Matcher.build(FAQ, Synonyms({}))
SURE, UNSURE, SILENT = Thresholds(0.0), Thresholds(1.1, 0.0), Thresholds(1.1, 1.1)


async def asking(
    store: MemoryStore, text: str, thresholds: Thresholds
) -> tuple[Found, Asked | None]:
    async with store.begin() as work:
        reader = Reader(MATCHER, Asker(), thresholds)
        (found,) = await ask(work, reader, person=ANN, text=text, now=NOW)
        return found, await work.knowledge.asked(found.asked)


async def filled(*entries: Entry) -> MemoryStore:
    store = MemoryStore()
    async with store.begin() as work:
        await seed(work, Faq(entries or FAQ.entries), NOW)
    return store


async def test_an_answer_is_stored_with_its_entry_and_text() -> None:
    found, row = await asking(MemoryStore(), "verbinden met eduroam", SURE)
    assert isinstance(found.outcome, Answer)
    chance = found.outcome.probability
    assert row == Asked(found.asked, ANN, "verbinden met eduroam", "answer", WIFI.id, chance, NOW)


async def test_choices_are_stored_with_the_first_of_them() -> None:
    found, row = await asking(MemoryStore(), "eduroam papier", UNSURE)
    assert isinstance(found.outcome, Choices)
    assert row is not None
    assert (row.outcome, row.entry) == ("choices", found.outcome.hits[0].entry.id)
    assert row.score == found.outcome.probability


async def test_what_is_not_ours_is_stored_without_an_entry() -> None:
    found, row = await asking(MemoryStore(), "een vrije dag", SILENT)
    assert isinstance(found.outcome, NotOurs)
    assert row is not None
    assert (row.outcome, row.entry, row.score) == ("not_ours", None, found.outcome.score)


async def test_what_has_no_answer_is_stored_as_refused() -> None:
    found, row = await asking(MemoryStore(), "eduroam", SILENT)
    assert isinstance(found.outcome, NoAnswer)
    assert row is not None
    assert (row.outcome, row.entry, row.score) == ("refused", None, found.outcome.probability)


async def test_small_talk_is_not_stored() -> None:
    found, row = await asking(MemoryStore(), "hoi", SURE)
    assert found == Found(AskedId(0), SmallTalk("greeting"), "hoi")
    assert row is None


async def test_who_asked_can_say_whether_it_helped() -> None:
    store = await filled()
    found, _ = await asking(store, "eduroam", SURE)
    async with store.begin() as work:
        assert await rate(work, ANN, found.asked, WIFI.id, helped=True, now=NOW) == WIFI
        assert await work.knowledge.ratings(WIFI.id) == (1, 0)


@pytest.mark.parametrize(
    ("person", "asked", "name"), [(BOB, 0, "wifi"), (ANN, 99, "wifi"), (ANN, 0, "weg")]
)
async def test_a_rating_of_what_is_gone_or_not_theirs_counts_for_nothing(
    person: PersonId, asked: int, name: str
) -> None:
    store = await filled()
    found, _ = await asking(store, "eduroam", SURE)
    about = AskedId(asked or found.asked)
    async with store.begin() as work:
        assert await rate(work, person, about, EntryId(name), helped=False, now=NOW) is None
        assert await work.knowledge.ratings(EntryId(name)) == (0, 0)


async def test_a_choice_of_the_asker_is_remembered_and_shown() -> None:
    store = await filled()
    found, _ = await asking(store, "eduroam papier", UNSURE)
    async with store.begin() as work:
        assert await pick(work, ANN, found.asked, PRINT.id) == PRINT
        assert chosen(work) == {found.asked: PRINT.id}
        assert await choose_none(work, ANN, found.asked)
        assert chosen(work) == {found.asked: None}


async def test_a_choice_of_someone_else_is_neither_shown_nor_remembered() -> None:
    store = await filled()
    found, _ = await asking(store, "eduroam papier", UNSURE)
    async with store.begin() as work:
        assert await pick(work, BOB, found.asked, PRINT.id) is None
        assert await pick(work, BOB, AskedId(99), EntryId("weg")) is None
        assert not await choose_none(work, BOB, found.asked)
        assert not await choose_none(work, ANN, AskedId(99))
        assert chosen(work) == {}


def chosen(work: MemoryWork) -> dict[AskedId, EntryId | None]:
    return work.knowledge._on.choices


async def test_seeding_stores_what_ships_once() -> None:
    store = await filled()
    async with store.begin() as work:
        assert await work.knowledge.entries() == [PRINT, WIFI]
        version = await work.knowledge.version()
        assert (await seed(work, FAQ, NOW)).empty
        assert await work.knowledge.version() == version


async def test_seeding_sees_any_change_of_an_entry_and_of_its_domain() -> None:
    store = await filled()
    newer = Faq((entry("wifi", title="Anders?"), entry("print", domain="lokaal")))
    async with store.begin() as work:
        plan = await seed(work, newer, NOW)
        assert {one.entry.id for one in plan.changed} == {"wifi", "print"}


async def test_an_index_without_entries_answers_nothing() -> None:
    index = FaqIndex(FAQ, Synonyms({}))
    assert index.matcher.match("eduroam", Asker(), SURE) == NoAnswer(0.0)
    assert index.matcher.topics == (LEAVE,)


async def test_an_index_follows_the_store() -> None:
    store, index = await filled(), FaqIndex(FAQ, Synonyms({}))
    await index.refresh(store.reading, NOW)
    first = index.matcher
    assert [one.id for one in first.entries] == ["print", "wifi"]
    await index.refresh(store.reading, NOW)
    assert index.matcher is first
    async with store.begin() as work:
        await work.knowledge.edit(entry("nieuw"), who=ANN, why="nieuw", at=NOW)
    await index.refresh(store.reading, NOW + timedelta(seconds=0.9))
    assert index.matcher is first
    await index.refresh(store.reading, NOW + timedelta(seconds=1))
    assert [one.id for one in index.matcher.entries] == ["nieuw", "print", "wifi"]


async def test_many_at_once_build_the_first_index_once() -> None:
    store, index = await filled(), FaqIndex(FAQ, Synonyms({}))
    opened = 0

    @asynccontextmanager
    async def reading() -> AsyncIterator[MemoryWork]:
        nonlocal opened
        async with store.reading() as work:
            opened += 1
            yield work

    await asyncio.gather(*(index.refresh(reading, NOW) for _ in range(5)))
    assert len(index.matcher.entries) == 2
    # Each waited for the first index, and then saw that it was new.
    assert opened == 5


async def test_who_comes_during_a_rebuild_is_answered_from_the_index_there_is() -> None:
    store, index = await filled(), FaqIndex(FAQ, Synonyms({}))
    await index.refresh(store.reading, NOW)
    old = index.matcher
    async with store.begin() as work:
        await work.knowledge.edit(entry("nieuw"), who=ANN, why="nieuw", at=NOW)
    inside, go_on = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def slow() -> AsyncIterator[MemoryWork]:
        async with store.reading() as work:
            inside.set()
            await go_on.wait()
            yield work

    building = asyncio.create_task(index.refresh(slow, NOW + timedelta(seconds=1)))
    await inside.wait()
    await index.refresh(store.reading, NOW + timedelta(seconds=3))
    assert index.matcher is old
    go_on.set()
    await building
    assert len(index.matcher.entries) == 3


MANY = tuple(
    entry(f"e{number:02}", title=f"vraag {chr(97 + number % 26)}{number}") for number in range(48)
)
LATER = NOW + timedelta(seconds=1)


async def edited(store: MemoryStore, *entries: Entry) -> None:
    async with store.begin() as work:
        for one in entries:
            await work.knowledge.edit(one, who=ANN, why="beter", at=NOW)


async def following(*changed: Entry) -> tuple[MemoryStore, FaqIndex]:
    """Return an index over many entries, of which these were changed a second later."""
    store, index = await filled(*MANY), FaqIndex(FAQ, Synonyms({}))
    await index.refresh(store.reading, NOW)
    await edited(store, *changed)
    await index.refresh(store.reading, LATER)
    return store, index


def figures(matcher: Matcher) -> list[object]:
    ranking = matcher.rank("de zoemknop van vraag a26", Asker())
    return [ranking.hits, ranking.features]


async def test_one_changed_entry_is_laid_over_the_index() -> None:
    _, index = await following(entry("e07", title="de zoemknop"))
    assert index.matcher.built.changed.keys() == {"e07"}
    assert index.matcher.rank("zoemknop", Asker()).hits[0].entry.title == "de zoemknop"
    assert len(index.matcher.entries) == 48


async def test_an_entry_that_is_retired_is_no_longer_found() -> None:
    store, index = await following()
    async with store.begin() as work:
        await seed(work, Faq(MANY[1:]), NOW)
    await index.refresh(store.reading, LATER + timedelta(seconds=1))
    assert index.matcher.built.changed == {"e00": None}
    assert index.matcher.entries == MANY[1:]


async def test_after_a_while_the_index_is_that_which_is_built_whole() -> None:
    store, index = await following(entry("e07", title="de zoemknop"))
    laid = figures(index.matcher)
    await index.refresh(store.reading, LATER + SETTLES_AFTER - timedelta(seconds=1))
    await index.settled()
    assert figures(index.matcher) == laid
    await index.refresh(store.reading, LATER + SETTLES_AFTER)
    await index.settled()
    whole = Matcher.build(replace(FAQ, entries=index.matcher.entries), Synonyms({}))
    assert figures(index.matcher) == figures(whole)
    assert index.matcher.built.changed == {}
    assert laid != figures(whole)


async def test_what_changes_while_the_index_is_built_whole_stays_live() -> None:
    store, index = await following(entry("e07", title="de zoemknop"))
    then = LATER + SETTLES_AFTER
    await index.refresh(store.reading, then)
    await edited(store, entry("e08", title="de bromknop"))
    await index.refresh(store.reading, then + timedelta(seconds=1))
    await index.settled()
    titles = {one.title for one in index.matcher.entries}
    assert {"de zoemknop", "de bromknop"} <= titles
    assert index.matcher.built.changed.keys() == {"e08"}


async def test_when_several_changed_the_index_is_built_whole_soon() -> None:
    _, index = await following(*(replace(one, answer="Anders.") for one in MANY[:2]))
    await index.settled()
    assert index.matcher.built.changed == {}
    assert [one.answer for one in index.matcher.entries[:2]] == ["Anders.", "Anders."]


async def test_when_many_changed_the_index_is_built_whole_at_once() -> None:
    _, index = await following(*(replace(one, answer="Anders.") for one in MANY[:9]))
    assert index.matcher.built.changed == {}
    assert [one.answer for one in index.matcher.entries[:9]] == ["Anders."] * 9


async def test_an_index_follows_a_store_that_went_back_to_a_backup() -> None:
    _, index = await following(entry("e07", title="de zoemknop"))
    old = await filled(*MANY[:40])
    await index.refresh(old.reading, LATER + timedelta(seconds=1))
    assert index.matcher.entries == MANY[:40]


FIELDS = CollegeFields(
    college={"phone": "1", "lms": "Canvas", "desk": "A"},
    locations={"Noord": {"phone": "2", "lms": "Moodle"}},
    sectors={"Zorg": {"lms": "itslearning"}},
)


def test_a_sector_goes_before_a_location_and_that_before_the_college() -> None:
    asker = Asker(frozenset({"Zorg"}), "Noord")
    assert FIELDS.of(asker) == {"phone": "2", "lms": "itslearning", "desk": "A"}


def test_where_nothing_is_known_the_college_counts() -> None:
    assert FIELDS.of(Asker()) == FIELDS.college
    assert FIELDS.of(Asker(frozenset({"Handel"}), "Zuid")) == FIELDS.college


def test_with_several_sectors_only_the_college_counts() -> None:
    assert FIELDS.of(Asker(frozenset({"Zorg", "Handel"}))) == FIELDS.college
