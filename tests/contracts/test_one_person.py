"""Who was taken for somebody new, and turns out to be in the files, is one person from then on."""

from datetime import timedelta

import pytest

from bot.core.ids import AskedId, PersonId, TicketId
from bot.core.reply import Channel, Place, Sender
from bot.core.turn import Known, Pending
from bot.knowledge.model import Faq
from bot.knowledge.service import seed
from bot.outbox.model import Notice, State
from bot.people.service import known, plan_import, recognise
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
    reply,
    sender,
    slot_key,
    waiting,
)
from tests.fakes import AnyStore

EMAIL = "ann@kern.example"
STRANGER = sender("29:ann", entra_id="aa-11")
KNOWN = sender("29:ann", email=EMAIL, entra_id="aa-11")
THERE = Place(Channel.TEAMS, "a:ann", "29:ann", service="https://s", tenant="t1", bot="28:bot")
DAY = timedelta(days=1)


async def a_stranger(store: AnyStore) -> PersonId:
    """Bring in a college, and meet one of its people before it is known who that is."""
    async with store.begin() as work:
        college = organisation(listed(EMAIL), listed_coach())
        await work.people.apply(await plan_import(work, college))
        met = await recognise(work, STRANGER, "nl")
        await work.addresses.reach(Channel.TEAMS, "29:ann", THERE)
    return met.person.id


async def identified(store: AnyStore) -> PersonId:
    async with store.begin() as work:
        return (await recognise(work, KNOWN, "nl")).person.id


def wait_for(person: PersonId, kind: str, what: str) -> Pending:
    return Pending(person, "teams", kind, what, NOW + DAY)


async def test_how_well_who_speaks_is_known(store: AnyStore) -> None:
    async def known_as(who: Sender) -> Known:
        async with store.reading() as work:
            return await known(work, who)

    assert await known_as(STRANGER) is Known.NOT
    await a_stranger(store)
    assert await known_as(STRANGER) is Known.PARTLY
    await identified(store)
    assert await known_as(STRANGER) is Known.WELL
    async with store.begin() as work:
        await recognise(work, sender("29:guest", email="guest@elsewhere.example"), "nl")
        college = organisation(listed(EMAIL), listed("bob@kern.example", entra_id="bb-22"))
        await work.people.apply(await plan_import(work, college))
    assert await known_as(sender("29:guest")) is Known.WELL
    assert await known_as(sender("29:bob", entra_id="bb-22")) is Known.WELL


async def test_who_was_a_stranger_first_is_one_person(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    ann = await identified(store)
    assert ann != stranger
    async with store.reading() as work:
        met = await work.addresses.met(Channel.TEAMS, "29:ann")
        assert met
        assert (met.person.id, met.place) == (ann, THERE)
        left = await work.people.by_id(stranger)
        assert left
        assert (left.active, left.email) == (False, "")
        assert not await work.addresses.can_be_told([stranger])
        assert [one.id for one in await work.people.find("Docent", 9)] == [ann]


async def test_an_identity_of_a_stranger_is_free_for_who_they_are(store: AnyStore) -> None:
    await a_stranger(store)
    ann = await identified(store)
    async with store.begin() as work:
        college = organisation(listed(EMAIL, entra_id="aa-11"), listed_coach())
        await work.people.apply(await plan_import(work, college))
        found = await work.people.by_identity("aa-11", "")
    assert found
    assert found.id == ann


async def test_what_a_stranger_asked_and_waits_for_is_theirs(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        await work.pending.put(wait_for(stranger, "first_question", "kwijt?"))
        question, _ = await work.questions.add(draft(stranger), NOW)
        asked = await work.knowledge.record(stranger, "kwijt?", "none", None, 0.0, NOW)
        await work.outbox.add(Notice("n1", reply(), NOW, person=stranger), NOW)
    ann = await identified(store)
    async with store.begin() as work:
        kept = await work.pending.take(ann, "teams", "first_question")
        assert kept
        assert (kept.person, kept.object) == (ann, "kwijt?")
        assert not await work.pending.find(stranger, "teams", "first_question")
        assert [one.id for one in await work.questions.of_asker(ann, 9)] == [question.id]
        theirs = await work.knowledge.asked(asked)
        assert theirs
        assert theirs.person == ann
        (line,) = await work.outbox.lines(9)
        assert (line.person, line.state) == (ann, State.WAITING)


async def test_what_a_stranger_booked_is_theirs(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        (coach,) = await work.people.coaches()
        its = (await work.walkin.add_hour(hour(coach=coach.person.id))).id
        key = slot_key(its)
        seat = await work.walkin.book(booking(stranger, key))
        await work.walkin.wait(waiting(stranger, slot_key(its, number=1)))
        await work.walkin.take_ticket(Ticket(TicketId(0), its, key.day, 1, stranger, NOW))
    ann = await identified(store)
    long_ago = NOW - 999 * DAY
    async with store.reading() as work:
        assert [one.id for one in await work.walkin.of_person(ann, long_ago)] == [seat.id]
        assert [one.person for one in await work.walkin.waits_of(ann, long_ago)] == [ann]
        assert [one.person for one in await work.walkin.tickets(its, key.day)] == [ann]


async def test_of_what_both_have_the_second_is_left_as_it_is(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        known = await work.people.by_identity("", EMAIL)
        assert known
        await work.pending.put(wait_for(stranger, "first_question", "van de een"))
        await work.pending.put(wait_for(known.id, "first_question", "van de ander"))
        (coach,) = await work.people.coaches()
        its = (await work.walkin.add_hour(hour(coach=coach.person.id))).id
        key = slot_key(its)
        await work.walkin.book(booking(stranger, key))
        await work.walkin.book(booking(known.id, key, seat=2))
        for number, who in enumerate((stranger, known.id), start=1):
            await work.walkin.take_ticket(Ticket(TicketId(0), its, key.day, number, who, NOW))
    ann = await identified(store)
    async with store.reading() as work:
        found = await work.pending.find(ann, "teams", "first_question")
        assert found
        assert found.object == "van de ander"
        held = {one.person for one in await work.walkin.bookings(its, key.day)}
        assert held == {stranger, ann}
        assert {one.person for one in await work.walkin.tickets(its, key.day)} == held


@pytest.mark.parametrize("last", ["stranger", "own"])
async def test_of_two_ratings_of_an_entry_the_last_word_counts(store: AnyStore, last: str) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        await seed(work, Faq((entry(), entry("scherm-delen")), (), {}, {}), NOW)
        known = await work.people.by_identity("", EMAIL)
        assert known
        both = {"stranger": stranger, "own": known.id}
        first = both["own" if last == "stranger" else "stranger"]
        one, other = entry().id, entry("scherm-delen").id
        no = AskedId(0)
        await work.knowledge.rate(first, one, no, helped=True, at=NOW)
        await work.knowledge.rate(both[last], one, no, helped=False, at=NOW + DAY)
        await work.knowledge.rate(stranger, other, no, helped=False, at=NOW)
    ann = await identified(store)
    async with store.reading() as work:
        assert await work.knowledge.ratings(one) == (0, 1)
        assert await work.knowledge.not_helped(ann) == {one, other}
        assert await work.knowledge.not_helped(stranger) == set()


async def test_the_calendar_of_a_stranger_goes_on_at_its_address(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        await work.feeds.keep(stranger, "word", NOW)
    ann = await identified(store)
    async with store.reading() as work:
        assert await work.feeds.owner("word") == ann


async def test_of_two_calendars_each_keeps_its_own(store: AnyStore) -> None:
    stranger = await a_stranger(store)
    async with store.begin() as work:
        known = await work.people.by_identity("", EMAIL)
        assert known
        await work.feeds.keep(stranger, "word", NOW)
        await work.feeds.keep(known.id, "own", NOW)
    ann = await identified(store)
    async with store.reading() as work:
        assert (await work.feeds.owner("own"), await work.feeds.owner("word")) == (ann, stranger)
