"""A whole round on a real database: asked, answered in secret, closed, and read by its maker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ids import PersonId
from bot.core.reply import Channel, Place
from bot.dialogs.poll_cards import thing_of
from bot.dialogs.poll_clock import PollClock
from bot.dialogs.poll_news import PollNews
from bot.polls import answering, service
from bot.polls.answering import Answered, Given
from bot.polls.frame import Frame, Secrecy
from bot.polls.model import Round, RoundState
from bot.store.work import Store
from tests.ballots import SEAL
from tests.chat import OPEN_ON_WEEKDAYS
from tests.clocks import ZONE
from tests.factories import asks, poll, poll_form, sender

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEACHERS = 7
WORDS = asks(text="En hoe zeker voel je je?")


@pytest.fixture
async def sealed(database_url: str) -> AsyncIterator[Store]:
    opened = Store.open(database_url, SEAL)
    yield opened
    await opened.close()


def clock_of(store: Store) -> PollClock:
    secrecy = Secrecy(lambda work: work.ballots, store)
    return PollClock(store.begin, OPEN_ON_WEEKDAYS, secrecy, PollNews(ZONE))


async def people(store: Store) -> list[PersonId]:
    """Store teachers, all of whom but the last can be told something."""
    found = []
    async with store.begin() as work:
        for number in range(TEACHERS):
            who = sender(f"29:{number}", name=f"Docent {number}")
            found.append((await work.people.register(who, "nl")).id)
            place = Place(Channel.TEAMS, f"a:{number}", who.address)
            if number < TEACHERS - 1:
                await work.addresses.reach(Channel.TEAMS, who.address, place)
    return found


async def keys(store: Store) -> list[str]:
    async with store.reading() as work:
        return [line.key for line in await work.outbox.lines(100)]


async def only_round(store: Store) -> Round:
    async with store.reading() as work:
        found = [
            *await work.polls.open_rounds(),
            *await work.polls.rounds(MONDAY, MONDAY + 9 * DAY),
        ]
    return found[0]


@pytest.mark.parametrize("anonymous", [True, False])
async def test_a_round_goes_from_its_opening_to_its_results(
    sealed: Store, *, anonymous: bool
) -> None:
    who, clock = await people(sealed), clock_of(sealed)
    form = poll_form(anonymous=anonymous, questions=(asks(), WORDS))
    async with sealed.begin() as work:
        made = await work.polls.add(poll(owner=who[0], form=form))
        await work.occasions.start(thing_of(made.id), MONDAY)
    assert await clock.next_due(MONDAY) == MONDAY + HOUR
    await clock.run(MONDAY + HOUR)
    opened = await only_round(sealed)
    asked = {f"round:{opened.id}:person:{one}" for one in who}
    assert (opened.told, set(await keys(sealed))) == (True, asked)
    frame = Frame(OPEN_ON_WEEKDAYS, clock.secrecy, MONDAY + 2 * HOUR)
    for number, person in enumerate(who[:6]):
        async with sealed.begin() as work:
            for question in (0, 1):
                given = Given(question, str(1 + number % 5))
                said = await answering.answer(work, opened.id, person, given, frame)
                assert isinstance(said, Answered)
    await clock.run(opened.reminds or MONDAY)
    assert set(await keys(sealed)) == asked  # one answered nothing, and could not be told
    assert await clock.next_due(MONDAY + 2 * HOUR + 2 * DAY) == opened.closes
    await clock.run(opened.closes)
    closed = await only_round(sealed)
    assert closed.state is RoundState.CLOSED
    assert (closed.asked, closed.unreachable, closed.answered) == (7, 1, 6)
    async with sealed.reading() as work:
        answers = await work.polls.answers(opened.id)
    given_by = [None] * 6 if anonymous else who[:6]
    values = sorted((one.question, one.value) for one in answers)
    assert values == [(question, value) for question in (0, 1) for value in "112345"]
    assert {one.person for one in answers} == set(given_by)
    results = f"poll:{made.id}|results|{opened.id}|{who[0]}"
    # What stands with people of an anonymous round goes when it closes.
    assert set(await keys(sealed)) == ({results} if anonymous else {results, *asked})
    await clock.run(opened.closes)
    assert [one for one in await keys(sealed) if "results" in one] == [results]


async def test_of_two_processes_that_look_at_once_one_opens_a_round(
    sealed: Store, database_url: str
) -> None:
    who = await people(sealed)
    async with sealed.begin() as work:
        made = await work.polls.add(replace(poll(), owner=who[0]))
        await work.occasions.start(thing_of(made.id), MONDAY)
    # On SQLite each has a line of its own to stand in; on PostgreSQL one waits for the other.
    other = Store.open(database_url, SEAL)
    clocks = [clock_of(store) for store in (sealed, other)]
    await asyncio.gather(*(clock.run(MONDAY + HOUR) for clock in clocks))
    await other.close()
    opened = await only_round(sealed)
    assert opened.told
    assert sorted(await keys(sealed)) == sorted(f"round:{opened.id}:person:{one}" for one in who)


async def a_round(sealed: Store, *, anonymous: bool) -> tuple[Round, list[PersonId], Frame]:
    """Open a round of two questions for everybody."""
    who, clock = await people(sealed), clock_of(sealed)
    form = poll_form(anonymous=anonymous, questions=(asks(), WORDS))
    async with sealed.begin() as work:
        made = await work.polls.add(poll(owner=who[0], form=form))
        await work.occasions.start(thing_of(made.id), MONDAY)
    await clock.run(MONDAY + HOUR)
    frame = Frame(OPEN_ON_WEEKDAYS, clock.secrecy, MONDAY + 2 * HOUR)
    return await only_round(sealed), who, frame


@pytest.mark.parametrize("anonymous", [True, False])
async def test_who_answers_two_questions_at_once_answered_both(
    sealed: Store, database_url: str, *, anonymous: bool
) -> None:
    opened, who, frame = await a_round(sealed, anonymous=anonymous)
    other = Store.open(database_url, SEAL)

    async def answer(store: Store, person: PersonId, question: int) -> None:
        async with store.begin() as work:
            given = Given(question, "4")
            assert isinstance(
                await answering.answer(work, opened.id, person, given, frame), Answered
            )

    both = ((sealed, 0), (other, 1), (sealed, 1), (other, 0))
    await asyncio.gather(*(answer(store, one, number) for one in who for store, number in both))
    async with sealed.begin() as work:
        for one in who:
            seen = await answering.look(work, opened.id, one, frame)
            assert isinstance(seen, Answered)
            assert seen.vote == {0: "4", 1: "4"}
    await other.close()


@pytest.mark.parametrize("anonymous", [True, False])
async def test_what_was_taken_while_a_round_closed_is_counted_and_nothing_else(
    sealed: Store, database_url: str, *, anonymous: bool
) -> None:
    opened, who, frame = await a_round(sealed, anonymous=anonymous)
    other = Store.open(database_url, SEAL)
    # As when the clocks of two servers differ: one takes answers while the other closes.
    late = replace(frame, now=opened.closes)

    async def answer(person: PersonId) -> bool:
        async with other.begin() as work:
            said = await answering.answer(work, opened.id, person, Given(0, "4"), frame)
        return isinstance(said, Answered)

    async def close() -> None:
        await asyncio.sleep(0)
        async with sealed.begin() as work:
            assert await service.close(work, opened.id, (), late)

    *taken, _ = await asyncio.gather(*(answer(one) for one in who), close())
    async with sealed.reading() as work:
        answers = await work.polls.answers(opened.id)
        closed = await work.polls.round(opened.id)
    await other.close()
    assert closed
    assert closed.answered == sum(map(bool, taken))
    # Of an anonymous round fewer than five are not even kept.
    assert len(answers) == (0 if anonymous and closed.answered < 5 else closed.answered)


@pytest.mark.parametrize("anonymous", [True, False])
async def test_on_postgresql_who_answers_does_not_wait_for_others(
    postgres_url: str, *, anonymous: bool
) -> None:
    store = Store.open(postgres_url, SEAL)
    opened, who, frame = await a_round(store, anonymous=anonymous)
    async with AsyncExitStack() as together:
        for one in who:
            work = await together.enter_async_context(store.begin())
            said = await answering.answer(work, opened.id, one, Given(0, "4"), frame)
            assert isinstance(said, Answered)
    async with store.reading() as work:
        assert all(one.answered for one in await work.polls.invitations(opened.id))
    await store.close()
