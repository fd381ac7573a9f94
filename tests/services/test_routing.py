"""Questions from being sent to being rated, and coaches who are away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.core.ids import PersonId, QuestionId
from bot.proximity.model import Absence, Availability, Candidate, Ranked, Ranking
from bot.routing import rules, service
from bot.routing.model import (
    Act,
    Actor,
    Away,
    Done,
    Draft,
    Ending,
    Event,
    Outcome,
    Presser,
    Question,
    Refusal,
    Refused,
    RingTimes,
    State,
    Step,
)
from bot.routing.ports import Questions, RoutingWork
from bot.worktime.closures import Closures
from bot.worktime.worktime import WorkTime
from tests.factories import draft, sender
from tests.fake_questions import MemoryQuestions, QuestionShelf
from tests.fakes import AnyStore, MemoryStore

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Amsterdam")
COLLEGE = WorkTime(ZONE, closures=Closures(frozenset()))
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in the college."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANN, BOB, EVE, JOE = (PersonId(number) for number in (1, 2, 3, 4))
ASKER = Presser(ANN)
COACHES = {who: Presser(who, coach=True) for who in (BOB, EVE, JOE)}
BOSS = Presser(JOE, coordinator=True)


@pytest.fixture
async def memory() -> AsyncIterator[MemoryStore]:
    store = MemoryStore()
    await meet(store)
    yield store
    await store.close()


@pytest.fixture
async def met(store: AnyStore) -> AnyStore:
    """Every store there is, with the people in it."""
    await meet(store)
    return store


async def meet(store: AnyStore) -> None:
    async with store.begin() as work:
        people = [await work.people.register(sender(f"29:{one}"), "nl") for one in "abcd"]
    assert [one.id for one in people] == [ANN, BOB, EVE, JOE]


async def do(store: AnyStore, use: Callable[[RoutingWork], Awaitable[T]]) -> T:
    async with store.begin() as work:
        return await use(work)


async def send(store: AnyStore, one: Draft | None = None, at: datetime = NOW) -> Question:
    question, _ = await do(store, lambda work: service.send(work, one or draft(ANN), at))
    return question


async def act(  # noqa: PLR0913 (the use case's own)
    store: AnyStore,
    question: Question,
    what: Act,
    presser: Presser | None,
    at: datetime = NOW,
    *,
    text: str = "",
    other: PersonId | None = None,
) -> Outcome:
    return await do(
        store,
        lambda work: service.act(
            work, question.id, what, presser, at, text=text, other=other, chosen=Ending.UNSOLVED
        ),
    )


async def claim(store: AnyStore, question: Question, who: PersonId, at: datetime) -> Outcome:
    return await do(store, lambda work: service.claim(work, question.id, COACHES[who], COLLEGE, at))


async def widen(
    store: AnyStore, question: Question, at: datetime = NOW, *, channel: bool = False
) -> tuple[Question, Step] | None:
    times = RingTimes()
    return await do(
        store,
        lambda work: service.widen(work, question, near(), COLLEGE, times, at, channel=channel),
    )


async def offered(store: AnyStore, at: datetime = NOW) -> Question:
    """Return a new question that the nearest coach was asked."""
    found = await widen(store, await send(store, at=at), at)
    assert found is not None
    return found[0]


async def answered(store: AnyStore) -> Question:
    question = await offered(store)
    await claim(store, question, BOB, NOW)
    return done(await act(store, question, Act.ANSWER, COACHES[BOB], text="Zo.")).question


async def closed(store: AnyStore) -> Question:
    return done(await act(store, await answered(store), Act.SOLVED, ASKER)).question


async def now(store: AnyStore, which: QuestionId) -> Question:
    found = await do(store, lambda work: work.questions.get(which))
    assert found is not None
    return found


async def acts(store: AnyStore, question: Question) -> list[Act]:
    events = await do(store, lambda work: work.questions.events(question.id))
    return [one.act for one in events]


def near(*coaches: PersonId) -> Ranking:
    """Return coaches, all at work, the nearest first."""
    at_work = Availability(until=NOW + 7 * HOUR)
    return Ranking(
        tuple(
            Ranked(Candidate(who, available=at_work), 1 / number, 1 / number, {}, ())
            for number, who in enumerate(coaches or (BOB, EVE, JOE), 1)
        ),
        (),
    )


def done(outcome: Outcome) -> Done:
    assert isinstance(outcome, Done)
    return outcome


def refused(outcome: Outcome) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


# Sending


async def test_what_is_sent_twice_is_one_question_and_one_event(met: AnyStore) -> None:
    first = await do(met, lambda work: service.send(work, draft(ANN, wanted=BOB), NOW))
    again = await do(met, lambda work: service.send(work, draft(ANN, text="weer"), NOW + DAY))
    assert (first[1], again) == (True, (first[0], False))
    assert (first[0].state, first[0].due) == (State.OPEN, NOW)
    sent = Event(first[0].id, Act.SEND, NOW, ANN, BOB, draft().text)
    assert await do(met, lambda work: work.questions.events(first[0].id)) == [sent]


# Doing something to it


async def test_what_is_done_is_stored_with_its_event(memory: MemoryStore) -> None:
    question = await send(memory)
    outcome = done(await act(memory, question, Act.EDIT, ASKER, NOW + MINUTE, text="beter"))
    assert outcome.before == question
    assert outcome.question.draft.text == "beter"
    assert await now(memory, question.id) == outcome.question
    events = await do(memory, lambda work: work.questions.events(question.id))
    assert events[1:] == [Event(question.id, Act.EDIT, NOW + MINUTE, ANN, None, "beter")]


async def test_what_is_refused_changes_nothing_and_says_how_it_is(memory: MemoryStore) -> None:
    question = await send(memory)
    outcome = await act(memory, question, Act.EDIT, COACHES[BOB], text="anders")
    assert outcome == Refused(Refusal.NOT_YOURS, question)
    assert await now(memory, question.id) == question
    assert await acts(memory, question) == [Act.SEND]


async def test_what_is_not_there_is_gone(memory: MemoryStore) -> None:
    lost = replace(await send(memory), id=QuestionId(12345))
    assert await act(memory, lost, Act.WITHDRAW, ASKER) == Refused(Refusal.GONE)


async def test_a_question_is_handed_over_with_a_note(memory: MemoryStore) -> None:
    question = await offered(memory)
    await claim(memory, question, BOB, NOW + 5 * MINUTE)
    what = Act.HAND_OVER
    outcome = done(await act(memory, question, what, COACHES[BOB], text="weet jij dit?", other=EVE))
    assert (outcome.before.holder, outcome.question.holder) == (BOB, EVE)
    assert (outcome.question.proximity, outcome.question.claim_minutes) == (None, None)
    events = await do(memory, lambda work: work.questions.events(question.id))
    assert events[-1] == Event(question.id, what, NOW, BOB, EVE, "weet jij dit?")


async def test_a_coordinator_gives_a_question_to_a_coach(memory: MemoryStore) -> None:
    question = await offered(memory)
    outcome = done(await act(memory, question, Act.ASSIGN, BOSS, other=EVE))
    assert (outcome.question.state, outcome.question.holder) == (State.CLAIMED, EVE)


async def test_who_lost_the_role_of_coach_is_refused(memory: MemoryStore) -> None:
    question = await offered(memory)
    await claim(memory, question, BOB, NOW)
    for what in (Act.ANSWER, Act.RELEASE, Act.HAND_OVER, Act.ASK_BACK, Act.CLOSE):
        assert refused(await act(memory, question, what, Presser(BOB))).why is Refusal.NO_COACH


async def test_time_closes_what_nobody_spoke_of(memory: MemoryStore) -> None:
    question = await answered(memory)
    outcome = done(await act(memory, question, Act.EXPIRE, None, NOW + 3 * DAY))
    assert (outcome.question.state, outcome.question.solved) == (State.CLOSED, None)
    events = await do(memory, lambda work: work.questions.events(question.id))
    assert events[-1].who is None


class Slow(MemoryQuestions):
    """Something else changes a question between each look at it and each write, so many times."""

    def __init__(self, shelf: QuestionShelf, times: int) -> None:
        super().__init__(shelf)
        self._times = times

    async def save(self, question: Question, *, seen: int) -> bool:
        if self._times:
            self._times -= 1
            here = self._on.questions[question.id]
            self._on.questions[question.id] = replace(here, version=here.version + 1)
        return await super().save(question, seen=seen)


class SlowWork:
    """A unit of work whose questions are slow."""

    def __init__(self, times: int) -> None:
        self._questions = Slow(QuestionShelf(), times)

    @property
    def questions(self) -> Questions:
        return self._questions


@pytest.mark.parametrize("times", [1, 2])
async def test_who_was_overtaken_looks_again(times: int) -> None:
    work = SlowWork(times)
    question, _ = await service.send(work, draft(ANN), NOW)
    outcome = done(await service.act(work, question.id, Act.EDIT, ASKER, NOW, text="beter"))
    assert outcome.question.draft.text == "beter"
    assert outcome.question.version == times + 2
    assert len(await work.questions.events(question.id)) == 2


async def test_who_is_overtaken_every_time_hears_that_it_was_not_done() -> None:
    work = SlowWork(service.TRIES)
    question, _ = await service.send(work, draft(ANN), NOW)
    outcome = refused(await service.act(work, question.id, Act.EDIT, ASKER, NOW, text="beter"))
    assert (outcome.why, outcome.question) == (
        Refusal.GONE,
        replace(question, version=service.TRIES),
    )
    assert len(await work.questions.events(question.id)) == 1


# Claiming


async def test_a_claim_keeps_how_near_and_how_quick_the_coach_was(met: AnyStore) -> None:
    question = await offered(met)
    outcome = done(await claim(met, question, BOB, NOW + 12 * MINUTE))
    held = outcome.question
    assert (held.state, held.holder, held.claimed) == (State.CLAIMED, BOB, NOW + 12 * MINUTE)
    assert (held.proximity, held.claim_minutes, held.due) == (1.0, 12.0, held.claimed)
    assert outcome.before == question
    assert await now(met, question.id) == held
    assert await acts(met, question) == [Act.SEND, Act.OFFER, Act.CLAIM]


async def test_minutes_outside_working_time_do_not_count(memory: MemoryStore) -> None:
    late = NOW + 7 * HOUR - 10 * MINUTE
    question = await offered(memory, late)
    outcome = done(await claim(memory, question, BOB, NOW + 22 * HOUR + 5 * MINUTE))
    assert outcome.question.claim_minutes == 15


async def test_who_was_not_asked_may_claim_and_leaves_no_figures(memory: MemoryStore) -> None:
    question = await offered(memory)
    held = done(await claim(memory, question, JOE, NOW + MINUTE)).question
    assert (held.holder, held.proximity, held.claim_minutes) == (JOE, None, None)


async def test_only_an_offer_of_this_round_counts(memory: MemoryStore) -> None:
    question = await offered(memory)
    await claim(memory, question, BOB, NOW)
    await act(memory, question, Act.RELEASE, COACHES[BOB], NOW + MINUTE)
    held = done(await claim(memory, question, BOB, NOW + 9 * MINUTE)).question
    assert (held.round, held.claim_minutes) == (2, None)


async def test_of_several_that_claim_at_once_one_does_and_the_others_hear_who(
    met: AnyStore,
) -> None:
    question = await offered(met)
    outcomes = await asyncio.gather(
        *(claim(met, question, who, NOW + MINUTE) for who in (BOB, EVE, JOE))
    )
    (winner,) = [one for one in outcomes if isinstance(one, Done)]
    losers = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.why for one in losers] == [Refusal.TAKEN] * 2
    assert {one.question.holder for one in losers if one.question} == {winner.question.holder}
    assert (await acts(met, question)).count(Act.CLAIM) == 1


async def test_who_presses_twice_has_it_already(memory: MemoryStore) -> None:
    question = await offered(memory)
    await claim(memory, question, BOB, NOW)
    assert refused(await claim(memory, question, BOB, NOW)).why is Refusal.HAVE_IT


# Widening


async def test_a_question_is_offered_ring_by_ring(met: AnyStore) -> None:
    question, asked = await send(met), []
    for number, minutes in ((1, 20), (2, 40)):
        found = await widen(met, question)
        assert found is not None
        question, step = found
        assert (question.state, question.ring, question.due) == (
            State.OFFERED,
            number,
            NOW + minutes * MINUTE,
        )
        asked.append([one.coach for one in step.offers])
        assert await now(met, question.id) == question
    assert asked == [[BOB], [EVE, JOE]]
    events = await do(met, lambda work: work.questions.events(question.id))
    assert [(one.act, one.who, one.other) for one in events[1:]] == [
        (Act.OFFER, None, who) for who in (BOB, EVE, JOE)
    ]


async def test_widening_again_at_the_same_version_does_nothing(met: AnyStore) -> None:
    question = await send(met)
    assert await widen(met, question) is not None
    after = await now(met, question.id)
    assert await widen(met, question) is None
    assert await now(met, question.id) == after
    offers = await do(met, lambda work: work.questions.offers(question.id))
    assert [one.coach for one in offers] == [BOB]
    assert await acts(met, question) == [Act.SEND, Act.OFFER]


async def test_of_several_that_widen_at_once_one_does(met: AnyStore) -> None:
    question = await send(met)
    found = await asyncio.gather(*(widen(met, question) for _ in range(5)))
    assert sum(one is not None for one in found) == 1
    assert await acts(met, question) == [Act.SEND, Act.OFFER]


async def test_what_somebody_has_is_offered_to_nobody(memory: MemoryStore) -> None:
    question = await offered(memory)
    held = done(await claim(memory, question, BOB, NOW)).question
    assert await widen(memory, held) is None


async def test_what_nobody_was_asked_stays_open_and_a_channel_was(memory: MemoryStore) -> None:
    for number, (channel, state) in enumerate(((False, State.OPEN), (True, State.OFFERED))):
        question = await send(memory, draft(ANN, f"k{number}"))

        async def lonely(
            work: RoutingWork, question: Question = question, *, channel: bool = channel
        ) -> tuple[Question, Step] | None:
            nobody = Ranking((), ())
            return await service.widen(
                work, question, nobody, COLLEGE, RingTimes(), NOW, channel=channel
            )

        found = await do(memory, lonely)
        assert found is not None
        assert found[0].state is state


async def give_back(store: AnyStore, question: Question, who: PersonId) -> Question:
    async with store.begin() as work:
        outcome = await service.act(work, question.id, Act.RELEASE, COACHES[who], NOW)
        back = done(outcome).question
        await service.not_again(work, back, who, NOW)
    return back


async def asked_now(store: AnyStore, question: Question) -> list[PersonId]:
    """Return who is asked in all rings of this round, one ring after the other."""
    asked: list[PersonId] = []
    for _ in range(4):
        found = await widen(store, question)
        assert found is not None
        question, step = found
        asked += [one.coach for one in step.offers]
    return asked


async def test_who_passed_it_on_is_not_asked_again_when_it_is_given_back(met: AnyStore) -> None:
    question = await offered(met)
    await claim(met, question, BOB, NOW)
    async with met.begin() as work:
        outcome = await service.act(work, question.id, Act.HAND_OVER, COACHES[BOB], NOW, other=EVE)
        await service.not_again(work, done(outcome).question, BOB, NOW)
    back = await give_back(met, question, EVE)
    assert await asked_now(met, back) == [JOE]


async def test_who_gave_it_back_is_not_asked_again_and_others_are(met: AnyStore) -> None:
    question = await offered(met)
    await claim(met, question, BOB, NOW)
    back = await give_back(met, question, BOB)
    assert (back.state, back.round, back.due) == (State.OPEN, 2, NOW)
    assert await asked_now(met, back) == [EVE, JOE]


async def test_who_gave_it_back_before_is_not_asked_after_another_did(
    memory: MemoryStore,
) -> None:
    question = await offered(memory)
    for who in (BOB, EVE):
        await claim(memory, question, who, NOW)
        question = await give_back(memory, question, who)
    assert await asked_now(memory, question) == [JOE]


async def test_who_gave_it_back_may_still_claim_it_and_leaves_no_figures(
    memory: MemoryStore,
) -> None:
    question = await offered(memory)
    await claim(memory, question, BOB, NOW)
    back = await give_back(memory, question, BOB)
    held = done(await claim(memory, back, BOB, NOW + MINUTE)).question
    assert (held.holder, held.proximity, held.claim_minutes) == (BOB, None, None)


# Opening again, rating, waiting


async def test_what_is_opened_again_goes_back_to_its_coach(met: AnyStore) -> None:
    question = await closed(met)
    outcome = done(
        await do(met, lambda work: service.reopen(work, question.id, ASKER, NOW, back=True))
    )
    assert (outcome.question.state, outcome.question.holder) == (State.CLAIMED, BOB)
    assert (outcome.question.round, outcome.question.closed) == (1, None)
    assert await now(met, question.id) == outcome.question


async def test_what_is_opened_again_without_its_coach_is_offered_anew(met: AnyStore) -> None:
    question = await closed(met)
    later = NOW + DAY
    outcome = done(
        await do(met, lambda work: service.reopen(work, question.id, ASKER, later, back=False))
    )
    opened = outcome.question
    assert (opened.state, opened.holder, opened.round) == (State.OPEN, None, 2)
    assert (opened.due, opened.closed) == (later, None)
    assert outcome.before == question
    assert await now(met, question.id) == opened
    assert (await acts(met, question))[-1] is Act.REOPEN


async def test_what_nobody_ever_had_is_offered_anew(memory: MemoryStore) -> None:
    question = await offered(memory)
    await act(memory, question, Act.CLOSE, BOSS)
    outcome = done(
        await do(memory, lambda work: service.reopen(work, question.id, ASKER, NOW, back=True))
    )
    assert (outcome.question.state, outcome.question.holder) == (State.OPEN, None)


async def test_what_closed_long_ago_stays_closed(memory: MemoryStore) -> None:
    question = await closed(memory)
    later = NOW + 8 * DAY
    outcome = await do(
        memory, lambda work: service.reopen(work, question.id, ASKER, later, back=True)
    )
    assert outcome == Refused(Refusal.TOO_LATE, question)
    assert await now(memory, question.id) == question


async def rate(store: AnyStore, question: Question, felt: int, who: Presser = ASKER) -> Outcome:
    return await do(store, lambda work: service.rate(work, question.id, who, felt, NOW))


async def test_a_later_rating_takes_the_place_of_an_earlier_one(met: AnyStore) -> None:
    question = await closed(met)
    for felt in (1, 5, 2):
        outcome = done(await rate(met, question, felt))
        assert outcome.question.felt == felt
        assert await now(met, question.id) == outcome.question
    assert (await acts(met, question)).count(Act.RATE) == 3
    async with met.begin() as work:
        events = await work.questions.events(question.id)
    assert [one.felt for one in events if one.act is Act.RATE] == [1, 5, 2]


@pytest.mark.parametrize("felt", [0, 6, -1])
async def test_what_is_no_rating_is_not_stored(memory: MemoryStore, felt: int) -> None:
    question = await closed(memory)
    assert await rate(memory, question, felt) == Refused(Refusal.EMPTY, question)
    assert await now(memory, question.id) == question
    assert Act.RATE not in await acts(memory, question)


async def test_only_the_asker_says_how_near_it_felt(memory: MemoryStore) -> None:
    question = await closed(memory)
    outcome = await rate(memory, question, 5, COACHES[BOB])
    assert outcome == Refused(Refusal.NOT_YOURS, question)


async def test_an_answered_question_waits_for_word_and_word_stops_that(met: AnyStore) -> None:
    question = await offered(met)
    await claim(met, question, BOB, NOW)

    async def answer(work: RoutingWork) -> Question:
        what = Act.ANSWER
        said = await service.act(work, question.id, what, COACHES[BOB], NOW, text="Zo.")
        return await service.wait_for_word(work, done(said), NOW, lambda at: at + 3 * DAY)

    waiting = await do(met, answer)
    assert (waiting.state, waiting.due) == (State.ANSWERED, NOW + 3 * DAY)
    assert await now(met, question.id) == waiting
    assert await do(met, lambda work: work.questions.due(NOW + 3 * DAY, 9)) == [question.id]
    spoken = done(await act(met, question, Act.ADD, ASKER, text="nog iets")).question
    assert (spoken.state, spoken.due) == (State.CLAIMED, NOW)


# Who is away


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (None, None),
        ("2026-03-07 00:00", date(2026, 3, 6)),
        ("2026-03-06 17:00", date(2026, 3, 6)),
        ("2026-03-30 00:00", date(2026, 3, 29)),
    ],
)
async def test_who_is_away_is_so_up_to_and_with_a_day(
    memory: MemoryStore, until: str | None, last: date | None
) -> None:
    back = datetime.fromisoformat(until).replace(tzinfo=ZONE).astimezone(UTC) if until else None
    await do(memory, lambda work: work.questions.leave(Away(BOB, NOW, back)))
    leaves = await do(memory, lambda work: work.questions.leaves(NOW))
    assert rules.absences(leaves, NOW, COLLEGE, {}) == {BOB: Absence(last)}
    assert rules.absences(leaves, NOW - MINUTE, COLLEGE, {}) == {}


async def test_of_two_leaves_the_longest_counts(met: AnyStore) -> None:
    async with met.begin() as work:
        for until in (NOW + 9 * DAY, NOW + DAY):
            await work.questions.leave(Away(BOB, NOW, until))
        found = rules.absences(await work.questions.leaves(NOW), NOW, COLLEGE, {})
    assert found == {BOB: Absence(date(2026, 3, 12))}


async def test_only_what_somebody_has_is_reminded_of_and_by_one_of_two(memory: MemoryStore) -> None:
    def at_once(since: datetime) -> datetime:
        return since

    question = await send(memory)
    late = NOW + DAY
    assert (
        await do(memory, lambda work: service.remind(work, question, late, at_once, late)) is None
    )
    await claim(memory, question, BOB, NOW)
    held = await now(memory, question.id)
    for whom in (Actor.HOLDER, None):
        # The second one looked at the question before the first reminded.
        reminded = await do(memory, lambda work: service.remind(work, held, late, at_once, late))
        assert reminded is whom
    assert (await acts(memory, question)).count(Act.REMIND) == 1
