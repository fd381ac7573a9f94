"""A whole round on a real database: asked, answered in secret, closed, and read by its maker."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ids import PersonId
from bot.core.reply import Channel, Place
from bot.dialogs.poll_cards import thing_of
from bot.dialogs.poll_clock import PollClock
from bot.dialogs.poll_news import PollNews
from bot.polls import service
from bot.polls.model import Round, RoundState
from bot.polls.service import Answered, Given, Secrecy
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
    frame = service.Frame(OPEN_ON_WEEKDAYS, clock.secrecy, MONDAY + 2 * HOUR)
    for number, person in enumerate(who[:6]):
        async with sealed.begin() as work:
            for question in (0, 1):
                given = Given(question, str(1 + number % 5))
                said = await service.answer(work, opened.id, person, given, frame)
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
