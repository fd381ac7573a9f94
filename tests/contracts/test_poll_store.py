"""What every store promises about polls, their rounds, who is asked, and what is answered."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.errors import ConflictError
from bot.core.ids import LocationId, PersonId, PollId, RoundId, SectorId, TeamId
from bot.polls.model import (
    Answer,
    Audience,
    Breakdown,
    ClosedDay,
    Goal,
    Invitation,
    Kind,
    Poll,
    PollState,
    Round,
    RoundState,
    Schedule,
)
from tests.factories import NOW, asks, poll, poll_form, poll_round, sender
from tests.fakes import AnyStore

DAY = timedelta(days=1)


async def people(store: AnyStore, count: int = 3) -> list[PersonId]:
    async with store.begin() as work:
        return [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(count)]


async def a_poll(store: AnyStore, owner: PersonId) -> Poll:
    async with store.begin() as work:
        return await work.polls.add(replace(poll(), owner=owner))


async def opened(store: AnyStore, of: Poll, who: list[PersonId], **changes: Any) -> Round:
    said = replace(poll_round(of.id), **changes)
    async with store.begin() as work:
        return await work.polls.open_round(said, [Invitation(RoundId(0), one, "A") for one in who])


async def test_a_poll_comes_back_as_it_was_made(store: AnyStore) -> None:
    (owner, *_) = await people(store)
    said = Poll(
        PollId(0),
        owner,
        poll_form(
            questions=(
                asks(goal=Goal(0.8, 4)),
                asks(Kind.CHOICES, options=("Teams", "Forms, en meer"), low="", high=""),
            ),
            anonymous=False,
            breakdown=Breakdown.TEAM,
        ),
        Audience(
            frozenset({"teacher", "coach"}),
            frozenset({LocationId(1)}),
            frozenset({SectorId(2)}),
            frozenset({TeamId(3)}),
        ),
        Schedule(date(2026, 3, 9), time(9, 30), 2, ClosedDay.SKIP),
        PollState.DRAFT,
    )
    async with store.begin() as work:
        made = await work.polls.add(said)
        assert made == replace(said, id=made.id)
        assert await work.polls.poll(made.id) == made
        assert await work.polls.poll(PollId(4711)) is None


async def test_of_two_changes_of_the_same_version_one_is_stored(store: AnyStore) -> None:
    made = await a_poll(store, (await people(store))[0])
    first, second = (
        replace(made, state=state, version=2) for state in (PollState.PAUSED, PollState.ACTIVE)
    )
    async with store.begin() as work:
        assert await work.polls.save(first, seen=1)
        assert not await work.polls.save(second, seen=1)
        assert await work.polls.poll(made.id) == first


async def test_polls_that_are_stopped_are_not_listed(store: AnyStore) -> None:
    (owner, *_) = await people(store)
    going, stopped = await a_poll(store, owner), await a_poll(store, owner)
    async with store.begin() as work:
        await work.polls.save(replace(stopped, state=PollState.STOPPED), seen=stopped.version)
        assert await work.polls.polls() == [going]


async def test_polls_that_are_stopped_are_found_apart_when_they_had_rounds(store: AnyStore) -> None:
    who = await people(store)
    made = [await a_poll(store, who[0]) for _ in range(4)]
    for one in made[1:]:
        await opened(store, one, who)
    async with store.begin() as work:
        over = [replace(one, state=PollState.STOPPED) for one in made[:3]]
        for one in over:
            await work.polls.save(one, seen=one.version)
        assert await work.polls.stopped(9) == [over[2], over[1]]
        assert await work.polls.stopped(1) == [over[2]]


async def test_a_poll_has_each_round_once(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    await opened(store, made, who)
    with pytest.raises(ConflictError):
        await opened(store, made, who)
    other = await a_poll(store, who[0])
    assert (await opened(store, other, who)).poll == other.id


async def test_a_round_comes_back_as_it_was_opened_and_as_it_was_changed(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    first = await opened(store, made, who)
    assert first == replace(poll_round(made.id), id=first.id)
    async with store.begin() as work:
        assert await work.polls.round(first.id) == first
        assert await work.polls.lock_round(first.id) == first
        assert await work.polls.share_round(first.id) == first
        assert await work.polls.lock_round(RoundId(4711)) is None
        assert await work.polls.share_round(RoundId(4711)) is None
        changed = replace(first, told=True, reminds=None, asked=3, unreachable=1, answered=2)
        changed = replace(changed, lost=True, state=RoundState.COUNTED)
        await work.polls.save_round(changed)
        assert await work.polls.round(first.id) == changed
        assert await work.polls.round(RoundId(4711)) is None


async def test_rounds_are_found_by_how_far_they_are_and_when_they_close(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    local = poll_round(made.id).local
    rounds = [
        await opened(
            store, made, who, local=local + number * DAY, closes=NOW + ends * DAY, state=state
        )
        for number, (ends, state) in enumerate(
            [
                (9, RoundState.OPEN),
                (5, RoundState.OPEN),
                (3, RoundState.COUNTED),
                (2, RoundState.CLOSED),
                (1, RoundState.CLOSED),
            ]
        )
    ]
    late, soon, counted, second, first = rounds
    async with store.reading() as work:
        assert await work.polls.open_rounds() == [soon, late]
        assert await work.polls.counted() == [counted]
        assert await work.polls.rounds(NOW + DAY, NOW + 3 * DAY) == [first, second]
        assert await work.polls.rounds_of(made.id, 2) == [second, counted]
        assert await work.polls.rounds_of(PollId(4711), 2) == []


async def test_who_is_asked_is_known_by_person_and_whether_they_answered(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    first = await opened(store, made, who[:2])
    async with store.begin() as work:
        await work.polls.mark_answered(first.id, who[1])
        assert await work.polls.invitations(first.id) == [
            Invitation(first.id, who[0], "A"),
            Invitation(first.id, who[1], "A", answered=True),
        ]
        assert await work.polls.lock_invitation(first.id, who[0]) == Invitation(
            first.id, who[0], "A"
        )
        assert await work.polls.lock_invitation(first.id, who[2]) is None


async def test_the_last_answer_of_each_counts(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    first = await opened(store, made, who)
    async with store.begin() as work:
        ann, bob, _ = await work.polls.invitations(first.id)
        await work.polls.answer(first.id, ann, {0: "4", 1: "0,1"})
        await work.polls.answer(first.id, bob, {0: "2"})
        await work.polls.answer(first.id, ann, {0: "5", 1: ""})
        assert await work.polls.vote(first.id, ann.person) == {0: "5", 1: ""}
        assert await work.polls.vote(first.id, who[2]) == {}
        assert await work.polls.answers(first.id) == [
            Answer(0, "A", "5", ann.person),
            Answer(0, "A", "2", bob.person),
            Answer(1, "A", "", ann.person),
        ]
        await work.polls.answer(first.id, bob, {})
        assert await work.polls.vote(first.id, bob.person) == {}


async def test_who_wants_no_polls_is_remembered_until_they_do(store: AnyStore) -> None:
    ann, bob, _ = await people(store)
    async with store.begin() as work:
        for who in (ann, ann, bob):
            await work.polls.decline(who, asked=False)
        assert set(await work.polls.declined()) == {ann, bob}
        await work.polls.decline(ann, asked=True)
        await work.polls.decline(ann, asked=True)
        assert set(await work.polls.declined()) == {bob}


async def test_what_was_said_in_words_is_forgotten_and_the_figures_stay(store: AnyStore) -> None:
    who = await people(store)
    made = await a_poll(store, who[0])
    form = poll_form(questions=(asks(), asks(Kind.OPEN), asks(Kind.CHOICES, options=("a", "b"))))
    local = poll_round(made.id).local
    states = (RoundState.CLOSED, RoundState.CLOSED, RoundState.OPEN)
    rounds = [
        await opened(
            store,
            made,
            who,
            form=form,
            local=local + at * DAY,
            closes=NOW + days * DAY,
            state=state,
        )
        for at, (state, days) in enumerate(zip(states, (-1, 0, -1), strict=True))
    ]
    async with store.begin() as work:
        for one in rounds:
            await work.polls.answer(one.id, Invitation(one.id, who[0]), {0: "4", 1: "Ja", 2: ""})
        assert await work.polls.forget_texts(NOW) == 1
        assert await work.polls.forget_texts(NOW) == 0
        votes = [await work.polls.vote(one.id, who[0]) for one in rounds]
    kept = {0: "4", 1: "Ja", 2: ""}
    assert votes == [{**kept, 1: ""}, kept, kept]
