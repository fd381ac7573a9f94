"""The summary is sent once, on the first open day of a week; what changes later is marked so."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.core import buttons
from bot.core.ids import PersonId, QuestionId, RoundId
from bot.core.reply import Amount, Reply, Say, Sender
from bot.dialogs.summary_cards import Cards
from bot.dialogs.summary_clock import Weekly
from bot.dialogs.summary_polls import Rounds
from bot.occasions.model import Rule
from bot.occasions.service import Timed
from bot.polls.model import RoundState
from bot.store.work import Store
from bot.summary.model import EVERYONE, Audience
from bot.summary.report import Sent
from bot.summary.week import Week
from bot.worktime.closures import Closed, Closures
from tests import factories
from tests.chat import ANN, COORDINATOR, OPEN_ON_WEEKDAYS, keys
from tests.clocks import ZONE
from tests.history import History, begin_history
from tests.office import AD, CAS, MONDAY

FIRST = Week.of(MONDAY.date())
NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
async def history(sqlite_url: str) -> AsyncIterator[History]:
    store = Store.open(sqlite_url)
    yield await begin_history(store)
    await store.close()


def weekly(history: History, *closed: Closed) -> Weekly:
    async def nothing(_work: Any, _now: datetime) -> None: ...

    late = timedelta(weeks=1)
    timed = Timed[Any](history.store.begin, ZONE, "summary", Rule(time(8)), nothing, late)
    college = replace(OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), closed))
    return Weekly(history.store.reading, timed, college, Cards(ZONE))


async def pass_time(history: History, job: Weekly, until: datetime) -> None:
    """Let time pass as the timetable would, from due moment to due moment."""
    await job.run(history.clock.now())
    while (due := await job.next_due(history.clock.now())) and due <= until:
        history.clock.move_to(due)
        await job.run(due)
    history.clock.move_to(until)


async def read(history: History, who: Sender) -> list[Reply]:
    """Return the summaries that somebody was sent."""
    await history.deliver()
    return [one for one in history.cards.get(who.address, []) if one.view == "summary"]


async def sent(history: History, week: Week = FIRST, audience: str = EVERYONE.key) -> Sent | None:
    async with history.store.reading() as work:
        return await work.summaries.get(week, audience)


def value(reply: Reply, key: str, name: str = "value") -> float:
    """Return the number that a line of a card tells."""
    (said,) = [one for one in reply.blocks if isinstance(one, Say) and one.key == key][:1]
    shown = said.data[name]
    assert isinstance(shown, Amount)
    return shown.amount


async def test_coordinators_and_coaches_get_it_on_monday_and_nobody_else(history: History) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    job = weekly(history)
    await pass_time(history, job, NEXT.replace(hour=7, minute=59))
    assert await sent(history) is None
    await pass_time(history, job, NEXT)
    (card,) = await read(history, COORDINATOR)
    assert value(card, "summary.headline") == 1
    assert "summary.own" not in keys(card)
    for coach in (AD, CAS):
        (own,) = await read(history, coach)
        assert "summary.own" in keys(own)
    assert await read(history, ANN) == []
    await pass_time(history, job, NEXT + timedelta(days=4))
    assert len(await read(history, COORDINATOR)) == 1


async def test_a_coach_reads_of_their_own_location_and_their_own_work(history: History) -> None:
    await history.say(ANN, "zeilboot overtuigen")
    await history.press(ANN, 0)
    await history.live(buttons.Claim(question=QuestionId(1)))
    await pass_time(history, weekly(history), NEXT)
    found = {}
    async with history.store.reading() as work:
        for coach in await work.people.coaches():
            one = await work.summaries.get(FIRST, f"coach:{coach.person.id}")
            assert one is not None
            found[coach.person.name] = one.figures
    assert [row.name for row in found["Ad"].coaches] == ["Ad"]
    assert (found["Ad"].values["questions"], found["Ad"].values["got"]) == (1, 1)
    assert (found["Cas"].values["questions"], found["Cas"].values["got"]) == (0, 0)


async def move(history: History, who: Sender, location: str | None) -> PersonId:
    """Let somebody work at another location from now on."""
    async with history.store.begin() as work:
        person = await work.people.by_address(who.channel, who.address)
        units = await work.people.units()
        assert person
        place = next((one.id for one in units.locations if one.name == location), None)
        await work.people.settle(person.id, place, None)
    return person.id


async def test_for_a_coach_who_moves_the_week_before_is_not_corrected(history: History) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    job = weekly(history)
    await pass_time(history, job, NEXT)
    coach = await move(history, AD, "Havenkade")
    await pass_time(history, job, NEXT + timedelta(days=7))
    card = (await read(history, AD))[-1]
    assert "summary.earlier" not in keys(card)
    audience = Audience(coach=coach)
    known = await sent(history, FIRST, audience.key)
    newest = await sent(history, FIRST.back(-1), audience.key)
    assert known is not None
    assert newest is not None
    assert known.corrected is None
    assert known.figures.location not in (None, newest.figures.location)
    now = await job.as_now(FIRST, replace(audience, location=newest.figures.location), NEXT)
    assert (now.corrected, now.figures.values["questions"]) == (None, 0)


async def test_a_coach_without_a_location_reads_that_it_is_of_all(history: History) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    coach = await move(history, AD, None)
    await pass_time(history, weekly(history), NEXT)
    (card,) = await read(history, AD)
    assert "summary.own_anywhere" in keys(card)
    assert "summary.own" not in keys(card)
    known = await sent(history, FIRST, Audience(coach=coach).key)
    assert known is not None
    assert (known.figures.values["questions"], known.figures.locations) == (1, ())


async def test_after_a_closed_monday_it_comes_on_the_first_open_day(history: History) -> None:
    day = NEXT.date()
    job = weekly(history, Closed(day, day + timedelta(days=1)))
    await pass_time(history, job, NEXT + timedelta(days=2, hours=-3))
    assert await sent(history) is None
    await pass_time(history, job, NEXT + timedelta(days=2))
    known = await sent(history)
    assert known is not None
    assert known.at.astimezone(ZONE) == (NEXT + timedelta(days=2)).replace(hour=8)


@pytest.mark.parametrize("closed", [1, 2])
async def test_after_a_holiday_it_tells_of_the_week_before_it(
    history: History, closed: int
) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    last = (NEXT + timedelta(weeks=closed)).replace(hour=8)
    holiday = Closed(NEXT.date(), last.date() - timedelta(days=1))
    job = weekly(history, holiday)
    await pass_time(history, job, last - timedelta(minutes=1))
    assert await sent(history) is None
    await pass_time(history, job, last)
    (card,) = await read(history, COORDINATOR)
    assert card.blocks[0] == Say("summary.title", {"week": FIRST.number}, "title")
    assert value(card, "summary.headline") == 1
    await pass_time(history, job, last + timedelta(weeks=1))
    assert [await sent(history, FIRST.back(-week)) for week in range(1, closed + 1)] == [
        None
    ] * closed
    assert await sent(history, FIRST.back(-closed - 1))


@pytest.mark.parametrize("begins", [5, 6])
async def test_from_a_closed_weekend_it_comes_on_monday(history: History, begins: int) -> None:
    job = replace(weekly(history), begins=begins)
    monday = (NEXT + timedelta(days=7)).replace(hour=8)
    await pass_time(history, job, monday - timedelta(minutes=1))
    assert await sent(history) is None
    await pass_time(history, job, monday)
    assert await sent(history)
    assert await sent(history, FIRST.back(-1)) is None


async def test_in_the_middle_of_a_week_it_is_of_the_week_before(history: History) -> None:
    job = replace(weekly(history), begins=2)
    wednesday = (NEXT + timedelta(days=2)).replace(hour=8)
    await pass_time(history, job, wednesday - timedelta(minutes=1))
    assert await sent(history) is None
    await pass_time(history, job, wednesday)
    assert await sent(history)


async def test_what_lies_before_the_first_message_is_never_sent(history: History) -> None:
    await pass_time(history, weekly(history), MONDAY + timedelta(days=4))
    assert await sent(history, FIRST.back()) is None


async def test_a_college_that_gets_it_in_the_middle_of_a_week_waits_for_the_next_day(
    history: History,
) -> None:
    history.clock.move_to(NEXT + timedelta(days=2))
    job, thursday = weekly(history), (NEXT + timedelta(days=3)).replace(hour=8)
    for moment in (history.clock.now(), history.clock.now(), thursday - timedelta(minutes=1)):
        await job.run(moment)
        assert await sent(history) is None
    await job.run(thursday)
    assert await sent(history) is not None


async def test_it_is_due_on_the_first_open_day_of_each_week_alone(history: History) -> None:
    monday = NEXT.replace(hour=8)
    day, week = timedelta(days=1), timedelta(weeks=1)
    closed = (
        Closed(NEXT.date(), NEXT.date()),
        Closed((NEXT + 7 * day).date(), (NEXT + 13 * day).date()),
    )
    job, found = weekly(history, *closed), [MONDAY]
    for _ in range(3):
        due = await job.next_due(found[-1])
        assert due
        found.append(due)
    assert found[1:] == [monday + day, monday + 2 * week, monday + 3 * week]


async def test_in_a_college_that_never_opens_it_is_never_due(history: History) -> None:
    always = Closed(MONDAY.date(), MONDAY.date() + timedelta(days=999))
    assert await weekly(history, always).next_due(MONDAY) is None


async def test_after_downtime_it_is_sent_late_and_once(history: History) -> None:
    job = weekly(history)
    await job.run(history.clock.now())
    history.clock.move_to(NEXT + timedelta(days=2))
    for _ in range(2):
        await job.run(history.clock.now())
    assert len(await read(history, COORDINATOR)) == 1


async def test_of_several_processes_one_sends(history: History) -> None:
    jobs = [weekly(history) for _ in range(4)]
    await jobs[0].run(history.clock.now())
    history.clock.move_to(NEXT)
    await asyncio.gather(*(job.run(NEXT) for job in jobs))
    for who in (COORDINATOR, AD, CAS):
        assert len(await read(history, who)) == 1


async def test_who_comes_weeks_later_gets_the_newest_alone(history: History) -> None:
    async with history.store.begin() as work:
        await work.addresses.lose(AD.channel, AD.address, "removed")
    await pass_time(history, weekly(history), NEXT + timedelta(weeks=3))
    await history.deliver()
    await history.say(AD, "hoi")
    history.clock.move_to(history.clock.now() + timedelta(minutes=5))
    titles = [one.blocks[0] for one in await read(history, AD)]
    newest = FIRST.back(-3).number
    assert titles == [Say("summary.title", {"week": newest}, "title")]


async def test_a_quiet_week_gives_a_short_card(history: History) -> None:
    await pass_time(history, weekly(history), NEXT)
    (card,) = await read(history, COORDINATOR)
    assert keys(card) == ["summary.title", "summary.days", "summary.quiet"]
    assert card.buttons == ()


async def ask_late(history: History) -> None:
    """Let a question of the first week be counted after that was sent."""
    async with history.store.begin() as work:
        ann = await work.people.by_address(ANN.channel, ANN.address)
        assert ann
        await work.knowledge.record(ann.id, "laat", "refused", None, 0, MONDAY)


async def test_a_week_that_changed_after_it_was_sent_says_so(history: History) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    job = weekly(history)
    await pass_time(history, job, NEXT)
    await ask_late(history)
    await pass_time(history, job, NEXT + timedelta(days=7))
    card = (await read(history, COORDINATOR))[-1]
    assert "summary.earlier" in keys(card)
    assert (value(card, "summary.changed", "was"), value(card, "summary.changed")) == (1, 2)
    known = await sent(history)
    assert known is not None
    assert known.corrected is not None
    assert (known.figures.values["questions"], known.corrected.values["questions"]) == (1, 2)
    await history.say(COORDINATOR, "weekoverzicht")
    await history.live(buttons.ShowSummary(week=str(FIRST)), (COORDINATOR,))
    shown = history.cards[COORDINATOR.address][-1]
    assert "summary.corrected" in keys(shown)
    as_now = await job.as_now(FIRST, EVERYONE, history.clock.now())
    assert as_now.current.values == known.corrected.values


async def test_of_the_week_before_a_holiday_the_next_summary_tells_what_changed(
    history: History,
) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    day = timedelta(days=1)
    job = weekly(history, Closed(NEXT.date(), (NEXT + 6 * day).date()))
    await pass_time(history, job, NEXT + 7 * day)
    assert await sent(history)
    await ask_late(history)
    await pass_time(history, job, NEXT + 14 * day)
    card = (await read(history, COORDINATOR))[-1]
    assert card.blocks[0] == Say("summary.title", {"week": FIRST.back(-2).number}, "title")
    assert Say("summary.earlier", {"week": FIRST.number}, "subtle") in card.blocks
    assert (value(card, "summary.changed", "was"), value(card, "summary.changed")) == (1, 2)


@pytest.mark.parametrize("closed", [0, 1])
async def test_a_round_that_was_only_counted_when_its_week_was_told_is_told_in_the_next(
    history: History, closed: int
) -> None:
    holiday = Closed(NEXT.date(), (NEXT + timedelta(days=6)).date())
    job = weekly(history, *[holiday] * closed)
    job = replace(job, polls=lambda work: Rounds(work, ZONE))
    first = await hold(history, RoundState.COUNTED)
    await pass_time(history, job, NEXT + timedelta(weeks=closed))
    second = await hold(history, RoundState.CLOSED)
    async with history.store.begin() as work:
        counted = await work.polls.round(first)
        assert counted
        await work.polls.save_round(replace(counted, state=RoundState.CLOSED))
    await pass_time(history, job, NEXT + timedelta(weeks=closed + 2))
    told = [await sent(history, FIRST.back(-week)) for week in range(closed + 3)]
    assert [[poll.round for poll in one.figures.polls] for one in told if one] == [
        [],
        [first, second],
        [],
    ]


async def hold(history: History, state: RoundState) -> RoundId:
    """Store a round that closes now, of a poll of its own."""
    async with history.store.begin() as work:
        owner = await work.people.by_address(COORDINATOR.channel, COORDINATOR.address)
        assert owner
        made = await work.polls.add(factories.poll(owner=owner.id))
        one = replace(factories.poll_round(made.id), closes=history.clock.now(), state=state)
        return (await work.polls.open_round(one, [])).id


async def test_a_week_that_stayed_the_same_is_not_corrected(history: History) -> None:
    await history.say(ANN, "wachtwoord vergeten")
    job = weekly(history)
    await pass_time(history, job, NEXT + timedelta(days=7))
    known = await sent(history)
    assert known is not None
    assert known.corrected is None
    assert (await job.as_now(FIRST, EVERYONE, history.clock.now())).corrected is None
