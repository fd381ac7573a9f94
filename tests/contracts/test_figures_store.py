"""What every database promises about the counts of a week."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.ids import BookingId, EntryId, HourId, LocationId, PersonId, TicketId
from bot.core.turn import Handled, Heard, Kind
from bot.knowledge.model import Faq
from bot.knowledge.service import seed
from bot.people import service as people
from bot.routing.model import Act, Event, Offer, State
from bot.store.work import Store
from bot.summary.model import NOWHERE, Rating, Said, Stale, Visits
from bot.summary.week import Span
from bot.walkin.model import Hour, SlotKey
from bot.walkin.seats import Booking, Ticket, Turn
from bot.walkin.seats import State as Seat
from tests import factories
from tests.chat import FAQ, PASSWORD, SCREEN

START = datetime(2026, 11, 15, 23, tzinfo=UTC)
WEEK = Span(START, START + timedelta(days=7))
IN_IT, BEFORE = START + timedelta(days=1), START - timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


async def a_teacher(store: Store) -> PersonId:
    async with store.begin() as work:
        return (await work.people.register(factories.sender(), "nl")).id


async def a_college(store: Store) -> tuple[PersonId, LocationId]:
    """Return a teacher of a location, and that."""
    listed = factories.listed()
    async with store.begin() as work:
        college = factories.organisation(listed, factories.listed_coach())
        await work.people.apply(await people.plan_import(work, college))
        person = await work.people.by_identity("", listed.email)
    assert person
    assert person.location
    return person.id, person.location


async def test_messages_are_counted_by_kind_also_when_they_are_forgotten(sql_store: Store) -> None:
    ann, place = await a_college(sql_store)
    heard = [
        (IN_IT, Heard(Kind.QUESTION, 2)),
        (IN_IT, Heard(Kind.QUESTION)),
        (IN_IT + timedelta(hours=5), Heard(Kind.SMALL_TALK)),
        (START, Heard(Kind.COMMAND)),
        (IN_IT, Heard(Kind.EVENT)),
        (BEFORE, Heard(Kind.COMMAND)),
        (WEEK.end, Heard(Kind.COMMAND)),
    ]
    async with sql_store.begin() as work:
        for number, (at, kind) in enumerate(heard):
            assert await work.inbox.add(Handled("teams", f"m{number}", ann, at, kind))
    for until in (BEFORE, IN_IT + MINUTE, IN_IT + timedelta(hours=6), WEEK.end + MINUTE):
        async with sql_store.begin() as work:
            await work.inbox.forget_texts(until)
            counted = await work.figures.counted(WEEK)
            assert counted.counts == {place: {"heard": 3, "small_talk": 1, "commands": 1}}


async def test_a_message_can_turn_out_to_be_something_else(sql_store: Store) -> None:
    ann = await a_teacher(sql_store)
    async with sql_store.begin() as work:
        await work.inbox.add(Handled("teams", "m1", ann, IN_IT, Heard(Kind.QUESTION)))
        await work.inbox.was("teams", "m1", Heard(Kind.SMALL_TALK))
        counted = await work.figures.counted(WEEK)
    assert counted.counts == {NOWHERE: {"small_talk": 1}}


async def test_what_was_picked_and_what_helped_is_counted(sql_store: Store) -> None:
    ann = await a_teacher(sql_store)
    async with sql_store.begin() as work:
        await seed(work, FAQ, IN_IT)
        asked = await work.knowledge.record(ann, "x", "choices", None, 0.4, IN_IT)
        for choice in (PASSWORD.id, SCREEN.id, None):
            chosen = await work.knowledge.record(ann, "x", "choices", None, 0.4, IN_IT)
            await work.knowledge.choose(chosen, choice)
        await work.knowledge.rate(ann, PASSWORD.id, asked, helped=True, at=IN_IT)
        await work.knowledge.rate(ann, SCREEN.id, asked, helped=False, at=IN_IT)
        await work.knowledge.rate(ann, EntryId("les-opnemen"), asked, helped=True, at=BEFORE)
        counted = await work.figures.counted(WEEK)
    assert counted.counts == {NOWHERE: {"choices": 4, "picked": 2, "helped": 1, "not_helped": 1}}


async def test_a_rating_counts_in_the_week_in_which_it_was_last_given(sql_store: Store) -> None:
    ann = await a_teacher(sql_store)
    async with sql_store.begin() as work:
        question, _ = await work.questions.add(factories.draft(asker=ann), IN_IT)
        felt = replace(question, felt=4, proximity=0.5, state=State.CLOSED, version=2)
        await work.questions.save(felt, seen=1)
        for minutes in (1, 5):
            at = IN_IT + minutes * MINUTE
            await work.questions.record(Event(question.id, Act.RATE, at, ann))
        last, rated = IN_IT + 5 * MINUTE, Rating(ann, NOWHERE, 4, 0.5)
        assert await work.figures.ratings(Span(START, last)) == []
        assert await work.figures.ratings(Span(START, last + MINUTE)) == [rated]
        assert await work.figures.ratings(Span(last, last + MINUTE)) == [rated]
        assert await work.figures.ratings(Span(last + MINUTE, WEEK.end)) == []
        assert await work.figures.compared(last) == []
        assert await work.figures.compared(WEEK.end) == [rated]
        await work.questions.save(replace(felt, proximity=None, version=3), seen=2)
        assert await work.figures.compared(WEEK.end) == []
        assert await work.figures.ratings(WEEK) == [replace(rated, computed=None)]


async def test_each_rating_stays_as_it_was_given(sql_store: Store) -> None:
    ann, place = await a_college(sql_store)
    async with sql_store.begin() as work:
        coaches = [one.person.id for one in await work.people.coaches()]
        person = await work.people.by_id(ann)
        assert person
        before = person.teams[0]
        added, _ = await work.questions.add(factories.draft(asker=ann), IN_IT)
        held = replace(added, holder=coaches[0], felt=5, state=State.CLOSED, version=2)
        await work.questions.save(held, seen=1)
        await work.questions.record(Event(added.id, Act.RATE, IN_IT, ann, felt=5))
        # Another rating, as somebody of no team, of another coach; and then it is opened again.
        await work.people.settle(ann, place, None)
        await work.questions.save(replace(held, holder=None, felt=1, version=3), seen=2)
        await work.questions.record(Event(added.id, Act.RATE, IN_IT + MINUTE, ann, felt=1))
        await work.questions.save(replace(held, felt=None, version=4), seen=3)
        await work.questions.record(Event(added.id, Act.REOPEN, IN_IT + 2 * MINUTE, ann))
        person = await work.people.by_id(ann)
        assert person
        assert before not in person.teams[:1]
        assert await work.figures.ratings(WEEK) == []
        first, second = await work.figures.said(WEEK.end)
        assert await work.figures.said(IN_IT + MINUTE) == [first]
    assert first == Said(ann, before, coaches[0], 5)
    assert second == Said(ann, None, None, 1)


async def test_a_question_counts_at_the_furthest_ring_that_it_reached(sql_store: Store) -> None:
    """Also when it came back since, and starts again: `now` is where it stands."""
    ann = await a_teacher(sql_store)
    reached = [(0, []), (0, [(0, 2), (1, 1)]), (2, [(0, 1)]), (4, [(0, 3)])]
    async with sql_store.begin() as work:
        for number, (now, offers) in enumerate(reached):
            draft = factories.draft(asker=ann, key=f"ring {number}")
            question, _ = await work.questions.add(draft, IN_IT)
            await work.questions.save(replace(question, ring=now, version=2), seen=1)
            told = [Offer(question.id, ann, again, ring, IN_IT, 0.5) for again, ring in offers]
            await work.questions.offer(told)
        counts = (await work.figures.counted(WEEK)).counts[NOWHERE]
    assert {name: many for name, many in counts.items() if name.startswith("ring_")} == {
        "ring_0": 1,
        "ring_2": 2,
        "ring_4": 1,
    }


async def test_visits_are_counted_by_coach(sql_store: Store) -> None:
    coach, ann = await a_teacher(sql_store), (await a_college(sql_store))[0]
    day = date(2026, 11, 16)
    hour = Hour(HourId(0), coach, 0, time(10), time(11), 15, 4, day)
    async with sql_store.begin() as work:
        made = await work.walkin.add_hour(hour)
        for slot, state in enumerate(Seat):
            key, at = SlotKey(made.id, day, slot), IN_IT + slot * MINUTE
            await work.walkin.book(
                Booking(BookingId(0), key, ann, 1, state, at, at + 15 * MINUTE, BEFORE)
            )
        for number, turn in enumerate((Turn.HELPED, Turn.NO_SHOW, Turn.LEFT), start=1):
            called = None if turn is Turn.LEFT else IN_IT + 4 * number * MINUTE
            ticket = Ticket(TicketId(0), made.id, day, number, ann, IN_IT, turn, called)
            known = await work.walkin.take_ticket(ticket)
            await work.walkin.save_ticket(replace(ticket, id=known.id))
        counted = await work.figures.counted(WEEK)
        before = await work.figures.counted(Span(START - timedelta(days=7), START))
    (visits,) = counted.visits.values()
    assert replace(visits, waits=tuple(sorted(visits.waits))) == Visits(3, 3, 2, 2, (4, 8))
    assert list(counted.visits) == [coach]
    assert before.visits == {}


async def test_entries_are_stale_once_their_day_is_over(sql_store: Store) -> None:
    day = date(2026, 11, 20)
    entries = (replace(PASSWORD, review_after=day), replace(SCREEN, review_after=day))
    async with sql_store.begin() as work:
        await seed(work, Faq(entries, (), {}, {}), BEFORE)
        await seed(work, Faq(entries[:1], (), {}, {}), BEFORE)
        assert await work.figures.stale(day) == []
        found = await work.figures.stale(day + timedelta(days=1))
    assert found == [Stale(PASSWORD.title, day)]


async def test_the_first_message_is_known_also_when_it_is_forgotten(sql_store: Store) -> None:
    ann = await a_teacher(sql_store)
    async with sql_store.begin() as work:
        assert await work.figures.first() is None
        await work.inbox.add(Handled("teams", "m1", ann, IN_IT, Heard(Kind.COMMAND)))
        assert await work.figures.first() == IN_IT
        await work.inbox.forget_texts(WEEK.end)
        assert await work.figures.first() == IN_IT.replace(minute=0)
