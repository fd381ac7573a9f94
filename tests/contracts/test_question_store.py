"""What every store promises about questions on their way to a coach."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.ids import AskedId, PersonId, QuestionId
from bot.routing.model import (
    Act,
    Away,
    Draft,
    Ending,
    Event,
    Offer,
    Question,
    Source,
    Standing,
    State,
)
from tests.factories import NOW, draft, sender
from tests.fakes import AnyStore

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
NOBODY = QuestionId(12345)


@pytest.fixture
async def people(store: AnyStore) -> list[PersonId]:
    """Return an asker, and three who could be asked."""
    async with store.begin() as work:
        names = ("29:ann", "29:bob", "29:eve", "29:joe")
        return [(await work.people.register(sender(one), "nl")).id for one in names]


async def add(store: AnyStore, one: Draft, at: datetime = NOW, **changes: Any) -> Question:
    """Store a question, and what it has become since."""
    async with store.begin() as work:
        question, _ = await work.questions.add(one, at)
        became = replace(question, **changes)
        assert await work.questions.save(became, seen=question.version)
        return became


async def get(store: AnyStore, which: QuestionId) -> Question:
    async with store.reading() as work:
        found = await work.questions.get(which)
    assert found is not None
    return found


async def save(store: AnyStore, question: Question, seen: int) -> bool:
    async with store.begin() as work:
        return await work.questions.save(question, seen=seen)


async def offer(store: AnyStore, *offers: Offer) -> None:
    async with store.begin() as work:
        await work.questions.offer(offers)


async def standings(store: AnyStore, asker: PersonId) -> Mapping[PersonId, Standing]:
    async with store.reading() as work:
        return await work.questions.standings(asker, NOW - 180 * DAY)


async def away(store: AnyStore, now: datetime) -> list[PersonId]:
    async with store.reading() as work:
        return [one.person for one in await work.questions.away(now)]


def ids(questions: Sequence[Question]) -> list[QuestionId]:
    return [one.id for one in questions]


def an_offer(question: Question, coach: PersonId, **changes: Any) -> Offer:
    return replace(Offer(question.id, coach, 1, 1, NOW, 0.75), **changes)


# One question


async def test_a_new_question_is_open_and_due_at_once(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, *_ = people
    async with store.begin() as work:
        asked = await work.knowledge.record(ann, "toets?", "refused", None, 0.1, NOW)
    whole = Draft(
        key="send|m1",
        asker=ann,
        text="één\ntwee",
        source=Source.REFUSED,
        language="en",
        asked=asked,
        note="bij tabblad 3",
        topic="toetsen",
        level="operationeel",
        role="trainer",
        wanted=bob,
        urgent=True,
    )
    async with store.begin() as work:
        question, new = await work.questions.add(whole, NOW)
    assert new
    assert question == Question(question.id, whole, State.OPEN, NOW, due=NOW)
    assert question.code == f"V-{1000 + question.id}"
    assert await get(store, question.id) == question


async def test_what_is_not_known_of_a_question_stays_unknown(
    store: AnyStore, people: list[PersonId]
) -> None:
    question = await add(store, draft(people[0]))
    assert (await get(store, question.id)).draft == draft(people[0])
    async with store.reading() as work:
        assert await work.questions.get(NOBODY) is None


async def test_of_two_with_the_same_key_the_second_is_the_first(
    store: AnyStore, people: list[PersonId]
) -> None:
    async with store.begin() as work:
        first = await work.questions.add(draft(people[0]), NOW)
        second = await work.questions.add(draft(people[1], text="anders"), NOW + DAY)
        other = await work.questions.add(draft(people[0], "k2"), NOW)
    assert second == (first[0], False)
    assert (first[1], other[1]) == (True, True)
    assert other[0].id > first[0].id


async def test_of_several_that_send_the_same_at_once_one_is_new(
    store: AnyStore, people: list[PersonId]
) -> None:
    async def send() -> tuple[Question, bool]:
        async with store.begin() as work:
            return await work.questions.add(draft(people[0]), NOW)

    sent = await asyncio.gather(*(send() for _ in range(8)))
    assert sorted(new for _, new in sent) == [False] * 7 + [True]
    assert len({question.id for question, _ in sent}) == 1


async def test_a_question_is_stored_as_it_has_become(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, *_ = people
    question = await add(store, draft(ann))
    became = replace(
        question,
        draft=replace(question.draft, text="beter gezegd", note="zie bijlage", topic="avg"),
        state=State.CLOSED,
        version=2,
        ring=3,
        round=2,
        holder=bob,
        due=None,
        claimed=NOW + MINUTE,
        answered=NOW + 2 * MINUTE,
        closed=NOW + DAY + TICK,
        answer="Zo doe je dat.",
        solved=False,
        felt=4,
        proximity=0.625,
        claim_minutes=12.5,
        ending=Ending.ELSEWHERE,
    )
    assert await save(store, became, seen=1)
    assert await get(store, question.id) == became
    back = replace(question, version=3)
    assert await save(store, back, seen=2)
    assert await get(store, question.id) == back


async def test_only_who_saw_the_newest_version_may_save(
    store: AnyStore, people: list[PersonId]
) -> None:
    question = await add(store, draft(people[0]))
    other = await add(store, draft(people[0], "k2"))
    assert await save(store, replace(question, version=2, felt=1), seen=1)
    for seen in (0, 1, 3):
        assert not await save(store, replace(question, version=seen + 1, felt=5), seen=seen)
    assert not await save(store, replace(question, id=NOBODY), seen=1)
    found = await get(store, question.id)
    assert (found.version, found.felt) == (2, 1)
    assert await get(store, other.id) == other


async def test_of_twenty_that_save_at_once_one_does(
    store: AnyStore, people: list[PersonId]
) -> None:
    question = await add(store, draft(people[0]))

    async def claim(number: int) -> bool:
        async with store.begin() as work:
            seen = await work.questions.get(question.id)
            assert seen is not None
            await asyncio.sleep(0)
            new = replace(question, version=2, claim_minutes=float(number))
            return await work.questions.save(new, seen=question.version)

    won = await asyncio.gather(*(claim(number) for number in range(20)))
    assert won.count(True) == 1
    assert (await get(store, question.id)).claim_minutes == won.index(True)


async def test_a_unit_that_fails_leaves_the_question_as_it_was(
    store: AnyStore, people: list[PersonId]
) -> None:
    question = await add(store, draft(people[0]))

    async def fail() -> None:
        async with store.begin() as work:
            await work.questions.save(replace(question, version=2), seen=1)
            await work.questions.record(Event(question.id, Act.EDIT, NOW))
            await work.questions.offer([an_offer(question, people[1])])
            await work.questions.leave(Away(people[1], NOW, None))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await get(store, question.id) == question
    async with store.reading() as work:
        assert await work.questions.events(question.id) == []
        assert await work.questions.offers(question.id) == []
        assert await work.questions.away(NOW) == []


# What happened


async def test_events_are_kept_in_the_order_in_which_they_happened(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, _ = people
    question, other = await add(store, draft(ann)), await add(store, draft(ann, "k2"))
    happened = [
        Event(question.id, Act.SEND, NOW, ann, bob, "Hoe zet ik een toets klaar?"),
        # A clock that was put back does not change what came first.
        Event(question.id, Act.CLAIM, NOW - MINUTE, bob),
        Event(question.id, Act.HAND_OVER, NOW + MINUTE, bob, eve, "weet jij dit?"),
        Event(question.id, Act.EXPIRE, NOW + DAY, ending=Ending.EXPIRED),
    ]
    for one in happened[:2]:
        async with store.begin() as work:
            await work.questions.record(one)
            await work.questions.record(Event(other.id, Act.SEND, NOW, ann))
    async with store.begin() as work:
        for one in happened[2:]:
            await work.questions.record(one)
    async with store.reading() as work:
        assert await work.questions.events(question.id) == happened
        assert len(await work.questions.events(other.id)) == 2
        assert await work.questions.events(NOBODY) == []


async def test_the_same_may_happen_twice(store: AnyStore, people: list[PersonId]) -> None:
    question = await add(store, draft(people[0]))
    again = Event(question.id, Act.ADD, NOW, people[0], text="en nog iets")
    async with store.begin() as work:
        await work.questions.record(again)
        await work.questions.record(again)
        assert await work.questions.events(question.id) == [again, again]


# Who is asked


async def test_a_coach_is_asked_once_in_a_round(store: AnyStore, people: list[PersonId]) -> None:
    _, bob, eve, joe = people
    question = await add(store, draft(people[0]))
    first = an_offer(question, bob)
    await offer(store, first, an_offer(question, eve, ring=2, at=NOW + MINUTE))
    await offer(store, an_offer(question, bob, ring=3, at=NOW + DAY, near=0.1))
    await offer(store, an_offer(question, bob, round=2, at=NOW + DAY))
    await offer(store)
    other = await add(store, draft(people[0], "k2"))
    await offer(store, an_offer(other, joe))
    async with store.reading() as work:
        assert await work.questions.offers(question.id) == [
            first,
            an_offer(question, eve, ring=2, at=NOW + MINUTE),
            an_offer(question, bob, round=2, at=NOW + DAY),
        ]
        assert await work.questions.offers(NOBODY) == []


async def test_offers_come_by_round_ring_and_moment(
    store: AnyStore, people: list[PersonId]
) -> None:
    _, bob, eve, joe = people
    question = await add(store, draft(people[0]))
    in_order = [
        an_offer(question, joe),
        an_offer(question, eve, ring=2, at=NOW - MINUTE),
        an_offer(question, bob, ring=2, at=NOW),
        an_offer(question, eve, round=2, at=NOW - DAY),
        an_offer(question, joe, round=2, at=NOW - DAY),
    ]
    await offer(store, *reversed(in_order))
    async with store.reading() as work:
        assert await work.questions.offers(question.id) == in_order


async def test_a_moment_of_another_zone_is_the_same_moment(
    store: AnyStore, people: list[PersonId]
) -> None:
    local = NOW.astimezone(ZoneInfo("Europe/Amsterdam"))
    question = await add(store, draft(people[0]), due=local)
    assert (await get(store, question.id)).due == NOW
    async with store.reading() as work:
        assert await work.questions.due(NOW, 9) == [question.id]


async def test_who_gave_it_back_is_kept_and_is_asked_nothing(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, *_ = people
    question = await add(store, draft(ann))
    back = an_offer(question, bob, ring=0, near=0.0)
    await offer(store, back)
    await offer(store, an_offer(question, bob, ring=3))
    async with store.reading() as work:
        assert await work.questions.offers(question.id) == [back]
        assert await work.questions.offered_to(bob) == []
    assert await standings(store, ann) == {}


# What is due


async def test_what_is_due_comes_oldest_first(store: AnyStore, people: list[PersonId]) -> None:
    ann = people[0]
    younger = await add(store, draft(ann, "k1"), NOW)
    oldest = await add(store, draft(ann, "k2"), NOW - DAY, due=NOW)
    same = await add(store, draft(ann, "k3"), NOW)
    await add(store, draft(ann, "k4"), NOW, due=None, state=State.CLAIMED)
    later = await add(store, draft(ann, "k5"), NOW - DAY, due=NOW + TICK, state=State.OFFERED)
    async with store.reading() as work:
        assert await work.questions.due(NOW, 9) == [oldest.id, younger.id, same.id]
        assert await work.questions.due(NOW, 2) == [oldest.id, younger.id]
        assert await work.questions.due(NOW + TICK, 2) == [oldest.id, later.id]
        assert await work.questions.due(NOW - TICK, 9) == []


async def test_what_is_due_next_is_known(store: AnyStore, people: list[PersonId]) -> None:
    async def due(after: datetime) -> datetime | None:
        async with store.reading() as work:
            return await work.questions.next_due(after)

    assert await due(NOW) is None
    for number, at in enumerate((NOW + DAY, NOW + MINUTE, None)):
        await add(store, draft(people[0], f"k{number}"), due=at)
    assert await due(NOW) == NOW + MINUTE
    assert await due(NOW + MINUTE - TICK) == NOW + MINUTE
    assert await due(NOW + MINUTE) == NOW + DAY
    assert await due(NOW + DAY) is None


# Whose they are


async def test_an_asker_sees_their_own_newest_first(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, *_ = people
    first = await add(store, draft(ann, "k1"), state=State.WITHDRAWN)
    await add(store, draft(bob, "k2"))
    last = await add(store, draft(ann, "k3"), NOW - DAY)
    async with store.reading() as work:
        assert ids(await work.questions.of_asker(ann, 9)) == [last.id, first.id]
        assert ids(await work.questions.of_asker(ann, 1)) == [last.id]
        assert await work.questions.of_asker(people[3], 9) == []


async def test_a_coach_sees_what_they_hold_oldest_first(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, _ = people
    made = [
        await add(store, draft(ann, f"k{number}"), state=state, holder=holder)
        for number, (state, holder) in enumerate(
            (
                (State.ANSWERED, bob),
                (State.CLOSED, bob),
                (State.CLAIMED, eve),
                (State.WITHDRAWN, bob),
                (State.OPEN, None),
                (State.CLAIMED, bob),
            )
        )
    ]
    async with store.reading() as work:
        assert ids(await work.questions.of_holder(bob)) == [made[0].id, made[5].id]
        assert await work.questions.of_holder(ann) == []


async def test_a_coach_sees_what_they_are_asked_in_this_round_and_nobody_has(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, _ = people
    made = [
        await add(store, draft(ann, f"k{number}"), state=state, round=2)
        for number, state in enumerate(State)
    ]
    now = {one.state: one.id for one in made}
    for one in made:
        await offer(store, an_offer(one, bob, round=1), an_offer(one, bob, round=2))
        # Eve was asked in the round before, and gave it back: that is ring 0, and no offer.
        await offer(store, an_offer(one, eve, round=1), an_offer(one, eve, round=2, ring=0))
    async with store.reading() as work:
        assert ids(await work.questions.offered_to(bob)) == [now[State.OPEN], now[State.OFFERED]]
        assert await work.questions.offered_to(eve) == []


async def test_questions_are_found_by_how_far_they_are(
    store: AnyStore, people: list[PersonId]
) -> None:
    made = [
        await add(store, draft(people[0], f"k{number}"), NOW - number * DAY, state=state)
        for number, state in enumerate((State.CLAIMED, State.OPEN, State.CLOSED, State.OPEN))
    ]
    async with store.reading() as work:
        wanted = (State.OPEN, State.CLAIMED)
        assert ids(await work.questions.in_states(wanted, 9)) == [
            made[0].id,
            made[1].id,
            made[3].id,
        ]
        assert ids(await work.questions.in_states(wanted, 2)) == [made[0].id, made[1].id]
        assert await work.questions.in_states([], 9) == []


# What stored events say of coaches


async def test_numbers_go_from_what_was_said_of_one_question_alone(
    store: AnyStore, people: list[PersonId]
) -> None:
    first, other = [await add(store, draft(people[0], f"k{number}")) for number in range(2)]
    async with store.begin() as work:
        for which in (first.id, other.id):
            for text in ("bel 06-12345678", "of ann@college.example", "nee", ""):
                await work.questions.record(Event(which, Act.ADD, NOW, people[0], text=text))
        await work.questions.forget_contacts(first.id)
        clean = [one.text for one in await work.questions.events(first.id)]
        kept = [one.text for one in await work.questions.events(other.id)]
    assert clean == ["bel [telefoon]", "of [e-mail]", "nee", ""]
    assert kept == ["bel 06-12345678", "of ann@college.example", "nee", ""]


async def test_nothing_is_said_of_whom_nothing_is_known(
    store: AnyStore, people: list[PersonId]
) -> None:
    await add(store, draft(people[0]))
    assert await standings(store, people[0]) == {}


async def test_a_coachs_load_and_speed_follow_from_what_they_hold(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, _ = people
    for number, (state, minutes) in enumerate(
        (
            (State.CLAIMED, 10.0),
            (State.CLAIMED, None),
            (State.ANSWERED, 25.0),
            (State.WITHDRAWN, 4.0),
        )
    ):
        made = draft(eve, f"k{number}")
        await add(store, made, state=state, holder=bob, claim_minutes=minutes)
    said = (await standings(store, ann))[bob]
    assert said == Standing(open=2, claim_minutes=13, helped=False, assigned=None)


@pytest.mark.parametrize("state", list(State))
async def test_who_answered_somebody_before_helped_them(
    store: AnyStore, people: list[PersonId], state: State
) -> None:
    ann, bob, eve, _ = people
    await add(store, draft(ann), state=state, holder=bob)
    helped = state in (State.ANSWERED, State.CLOSED)
    assert (await standings(store, ann))[bob].helped is helped
    assert (await standings(store, eve))[bob].helped is False


async def test_when_a_coach_was_last_asked_counts_over_all_questions(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, joe = people
    first = await add(store, draft(ann, "k1"))
    second = await add(store, draft(joe, "k2"), state=State.CLAIMED, holder=eve)
    await offer(store, an_offer(first, bob), an_offer(first, eve, at=NOW - DAY))
    await offer(store, an_offer(first, bob, round=2, at=NOW + MINUTE))
    await offer(store, an_offer(second, bob, at=NOW - MINUTE))
    assert await standings(store, ann) == {
        bob: Standing(offered=1, assigned=NOW + MINUTE),
        eve: Standing(open=1, offered=1, assigned=NOW - DAY),
    }


@pytest.mark.parametrize("state", list(State))
async def test_what_a_coach_is_asked_now_counts_until_somebody_has_it(
    store: AnyStore, people: list[PersonId], state: State
) -> None:
    ann, bob, eve, joe = people
    long_ago = NOW - 200 * DAY
    for number in range(2):
        made = draft(ann, f"k{number}")
        one = await add(store, made, state=state, round=2, version=2)
        await offer(store, an_offer(one, bob, round=2, at=long_ago))
        # Of an earlier round, and of who gave it back, nothing is asked any more.
        await offer(store, an_offer(one, eve, round=1, at=long_ago))
        await offer(store, an_offer(one, joe, round=2, ring=0, at=long_ago))
    waits = state in (State.OPEN, State.OFFERED)
    assert await standings(store, ann) == ({bob: Standing(offered=2)} if waits else {})


async def test_it_is_counted_how_often_somebody_could_not_wait(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, *_ = people
    urgent = [
        await add(store, draft(who, f"k{number}", urgent=urgent), at)
        for number, (who, at, urgent) in enumerate(
            (
                (ann, NOW, True),
                (ann, NOW + MINUTE, True),
                (ann, NOW + MINUTE, False),
                (ann, NOW - TICK, True),
                (bob, NOW, True),
            )
        )
    ]
    # Also of a question that is over: what counts is that they said so.
    await save(store, replace(urgent[0], state=State.WITHDRAWN, version=2), seen=1)
    async with store.reading() as work:
        assert await work.questions.urgent_since(ann, NOW) == 2
        assert await work.questions.urgent_since(ann, NOW - DAY) == 3
        assert await work.questions.urgent_since(people[2], NOW - DAY) == 0


async def test_what_was_long_ago_counts_no_more_but_what_is_held_does(
    store: AnyStore, people: list[PersonId]
) -> None:
    ann, bob, eve, _ = people
    long_ago = NOW - 181 * DAY
    figures = {"holder": bob, "claim_minutes": 9.0, "version": 2}
    old = await add(store, draft(ann, "k1"), long_ago, state=State.CLOSED, **figures)
    await offer(store, an_offer(old, bob, at=long_ago), an_offer(old, eve, at=long_ago))
    assert await standings(store, ann) == {}
    await add(store, draft(ann, "k2"), long_ago, state=State.CLAIMED, **figures)
    assert await standings(store, ann) == {bob: Standing(open=1)}


async def test_leave_that_ended_long_ago_is_forgotten(
    store: AnyStore, people: list[PersonId]
) -> None:
    async with store.begin() as work:
        for until in (NOW - TICK, NOW, None):
            await work.questions.leave(Away(people[1], NOW - DAY, until))
        await work.questions.forget_texts(NOW)
    async with store.reading() as work:
        kept = [one.until for one in await work.questions.leaves(NOW - DAY)]
    assert kept == [NOW, None]


# Who is away


async def test_who_leaves_is_away_until_they_said(store: AnyStore, people: list[PersonId]) -> None:
    bob = people[1]
    leave = Away(bob, NOW, NOW + DAY, for_today=True)
    async with store.begin() as work:
        await work.questions.leave(leave)
    async with store.reading() as work:
        assert await work.questions.away(NOW) == [leave]
        assert await work.questions.away(NOW + DAY - TICK) == [leave]
        assert await work.questions.away(NOW + DAY) == []
        assert await work.questions.away(NOW - TICK) == []
        assert await work.questions.leaves(NOW - TICK) == [leave]
        assert await work.questions.leaves(NOW + DAY) == []


async def test_of_two_leaves_at_once_the_longest_is_the_last(
    store: AnyStore, people: list[PersonId]
) -> None:
    _, bob, eve, _ = people
    for until in (None, NOW + DAY, NOW + MINUTE):
        async with store.begin() as work:
            await work.questions.leave(Away(bob, NOW, until))
    async with store.begin() as work:
        await work.questions.leave(Away(eve, NOW, NOW + 2 * DAY))
    async with store.reading() as work:
        found = [(one.person, one.until) for one in await work.questions.away(NOW)]
    assert found == [
        (bob, NOW + MINUTE),
        (bob, NOW + DAY),
        (eve, NOW + 2 * DAY),
        (bob, None),
    ]


@pytest.mark.parametrize("until", [NOW + 9 * DAY, None])
async def test_who_comes_back_can_be_asked_from_then_on(
    store: AnyStore, people: list[PersonId], until: datetime | None
) -> None:
    _, bob, eve, _ = people
    async with store.begin() as work:
        for who in (bob, bob, eve):
            await work.questions.leave(Away(who, NOW, until))
        assert await work.questions.come_back(bob, NOW + DAY)
        assert not await work.questions.come_back(bob, NOW + DAY)
        assert not await work.questions.come_back(people[3], NOW + DAY)
    assert await away(store, NOW + DAY - TICK) == [bob, bob, eve]
    assert await away(store, NOW + DAY) == [eve]


async def test_who_is_there_and_comes_back_stays_there(
    store: AnyStore, people: list[PersonId]
) -> None:
    bob, eve = people[1:3]
    async with store.begin() as work:
        for days in (5, 3):
            await work.questions.leave(Away(bob, NOW + days * DAY, None))
        await work.questions.leave(Away(eve, NOW + DAY, NOW + 2 * DAY))
        assert await work.questions.planned(bob, NOW) == Away(bob, NOW + 3 * DAY, None)
        assert await work.questions.come_back(bob, NOW)
        assert await work.questions.planned(bob, NOW) is None
        assert not await work.questions.come_back(people[3], NOW)
        assert await work.questions.planned(people[3], NOW) is None
    assert await away(store, NOW + 9 * DAY) == []
    assert await away(store, NOW + DAY) == [eve]


async def test_who_comes_back_today_still_goes_on_holiday(
    store: AnyStore, people: list[PersonId]
) -> None:
    bob = people[1]
    async with store.begin() as work:
        await work.questions.leave(Away(bob, NOW, NOW + DAY, for_today=True))
        await work.questions.leave(Away(bob, NOW + 5 * DAY, NOW + 9 * DAY))
        assert await work.questions.come_back(bob, NOW + MINUTE)
    assert await away(store, NOW + MINUTE) == []
    assert await away(store, NOW + 5 * DAY) == [bob]


# Retention


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN])
async def test_texts_of_what_ended_are_forgotten_and_figures_stay(
    store: AnyStore, people: list[PersonId], state: State
) -> None:
    ann, bob, *_ = people
    whole = draft(ann, note="bij tabblad 3", topic="toetsen", level="tactisch", urgent=True)
    figures: dict[str, Any] = {
        "holder": bob,
        "solved": True,
        "felt": 5,
        "proximity": 0.5,
        "claim_minutes": 7.0,
        "claimed": NOW,
    }
    ended = NOW + MINUTE
    question = await add(store, whole, state=state, closed=ended, due=None, answer="Zo.", **figures)
    sent = Event(question.id, Act.SEND, NOW, ann, bob, whole.text)
    async with store.begin() as work:
        await work.questions.record(sent)
        await work.questions.offer([an_offer(question, bob)])
        assert await work.questions.forget_texts(ended) == 0
    assert await get(store, question.id) == question
    for count in (1, 0):
        async with store.begin() as work:
            assert await work.questions.forget_texts(ended + TICK) == count
    bare = replace(whole, text="", note="")
    assert await get(store, question.id) == replace(question, draft=bare, answer="")
    async with store.reading() as work:
        assert await work.questions.events(question.id) == [replace(sent, text="")]
        assert await work.questions.offers(question.id) == [an_offer(question, bob)]


@pytest.mark.parametrize("state", [State.OPEN, State.OFFERED, State.CLAIMED, State.ANSWERED])
async def test_texts_of_what_goes_on_are_kept(
    store: AnyStore, people: list[PersonId], state: State
) -> None:
    question = await add(store, draft(people[0]), state=state, answer="Zo.")
    event = Event(question.id, Act.ADD, NOW, people[0], text="en dit")
    async with store.begin() as work:
        await work.questions.record(event)
        assert await work.questions.forget_texts(NOW + 999 * DAY) == 0
        assert await work.questions.events(question.id) == [event]
    assert await get(store, question.id) == question


async def test_only_texts_of_what_ended_before_then_are_forgotten(
    store: AnyStore, people: list[PersonId]
) -> None:
    made = [
        await add(store, draft(people[0], f"k{number}"), state=State.CLOSED, closed=at)
        for number, at in enumerate((NOW - DAY, NOW, NOW - 2 * DAY))
    ]
    async with store.begin() as work:
        assert await work.questions.forget_texts(NOW) == 2
        texts = [(await work.questions.get(one.id)) for one in made]
    assert [bool(one and one.draft.text) for one in texts] == [False, True, False]


async def test_a_question_keeps_where_it_came_from(store: AnyStore, people: list[PersonId]) -> None:
    async with store.begin() as work:
        ann = people[0]
        asked: AskedId = await work.knowledge.record(ann, "?", "refused", None, 0.1, NOW)
    question = await add(store, draft(people[0], asked=asked, source=Source.NOT_HELPED))
    await save(store, replace(question, version=2, state=State.CLAIMED), seen=1)
    found = await get(store, question.id)
    assert (found.draft.asked, found.draft.source, found.created) == (
        asked,
        Source.NOT_HELPED,
        NOW,
    )
