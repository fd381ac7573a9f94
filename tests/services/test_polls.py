"""What use cases of polls do when there is nothing to do, or somebody else was first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ids import PersonId, PollId, RoundId
from bot.polls import answering, service
from bot.polls.answering import Given, NotAsked, Over
from bot.polls.frame import Frame
from bot.polls.model import Candidate, Invitation, Planned, Poll, PollState, Round, RoundState
from bot.polls.service import TooFew
from tests.chat import OPEN_ON_WEEKDAYS
from tests.factories import NOW, poll, poll_form, poll_round, sender
from tests.fake_ballots import OpenSecrecy
from tests.fakes import AnyStore, MemoryStore

FRAME = Frame(OPEN_ON_WEEKDAYS, None, NOW)
LATER = replace(FRAME, now=NOW + timedelta(days=5))
NOWHERE = RoundId(4711)


async def held(store: AnyStore, **changes: object) -> tuple[Poll, Round, PersonId]:
    """Store a round in which one person is asked, whoever that is."""
    async with store.begin() as work:
        ann = (await work.people.register(sender(), "nl")).id
        made = await work.polls.add(poll(owner=ann))
        said = replace(poll_round(made.id), **changes)  # type: ignore[arg-type]  # (short hand)
        one = await work.polls.open_round(said, [Invitation(RoundId(0), ann)])
    return made, one, ann


async def test_a_round_is_closed_once_and_not_before_its_time(store: AnyStore) -> None:
    _, one, ann = await held(store)
    async with store.begin() as work:
        assert await service.close(work, one.id, [], FRAME) is None
        assert await service.close(work, NOWHERE, [], LATER) is None
        closed = await service.close(work, one.id, [ann], LATER)
        assert closed == replace(
            one, state=RoundState.CLOSED, reminds=None, asked=1, unreachable=1, answered=0
        )
        assert await service.close(work, one.id, [], LATER) is None
        assert await service.erased(work, one.id) is None
        assert await service.erased(work, NOWHERE) is None


@pytest.mark.parametrize(("told", "unreachable"), [(True, 0), (False, 1)])
async def test_of_a_round_whose_invitations_were_never_written_nobody_was_reached(
    store: AnyStore, *, told: bool, unreachable: int
) -> None:
    _, one, _ = await held(store, told=told)
    async with store.begin() as work:
        closed = await service.close(work, one.id, [], LATER)
    assert closed
    assert closed.unreachable == unreachable


async def test_who_answered_was_reached_however_it_was_told(store: AnyStore) -> None:
    _, one, ann = await held(store)
    async with store.begin() as work:
        await answering.answer(work, one.id, ann, Given(0, "4"), FRAME)
        closed = await service.close(work, one.id, [ann], LATER)
    assert closed
    assert (closed.asked, closed.unreachable, closed.answered) == (1, 0, 1)


async def test_an_anonymous_round_is_left_open_without_a_secret(store: AnyStore) -> None:
    _, one, _ = await held(store, form=poll_form(anonymous=True))
    async with store.begin() as work:
        assert await service.close(work, one.id, [], LATER) is None


async def test_what_was_written_of_a_round_is_noted_of_one_that_there_is(store: AnyStore) -> None:
    _, one, _ = await held(store)
    async with store.begin() as work:
        for which in (one.id, NOWHERE):
            await service.told(work, which, NOW)
            await service.reminded(work, which)
        known = await work.polls.round(one.id)
    assert known == replace(one, told=True, reminds=None)


async def test_after_its_time_a_round_takes_no_answer_though_nobody_closed_it(
    store: AnyStore,
) -> None:
    _, one, ann = await held(store)
    async with store.begin() as work:
        over = await answering.answer(work, one.id, ann, Given(0, "4"), LATER)
        assert over == Over(one)
        assert await answering.look(work, NOWHERE, ann, FRAME) == NotAsked()


async def test_a_new_draft_takes_the_place_of_ones_own_alone(store: AnyStore) -> None:
    async with store.begin() as work:
        ann, bob = [(await work.people.register(sender(one), "nl")).id for one in ("29:a", "29:b")]
        running = await work.polls.add(poll(owner=ann))
        hers = await service.keep_draft(work, poll(owner=ann))
        his = await service.keep_draft(work, poll(owner=bob))
        new = await service.keep_draft(work, poll(owner=ann))
        assert new.state is PollState.DRAFT
        assert await work.polls.polls() == [running, his, new]
        assert await service.change(work, replace(hers, state=PollState.ACTIVE)) is None


async def test_a_round_of_too_few_does_not_open(store: AnyStore) -> None:
    made, one, _ = await held(store)
    few = [Candidate(PersonId(at), frozenset({"teacher"})) for at in range(4)]
    plan = Planned(one.local + timedelta(days=7), NOW)
    async with store.begin() as work:
        assert await service.open_round(work, made, plan, few, FRAME) == TooFew(4)
        assert [known.id for known in await work.polls.open_rounds()] == [one.id]
        assert await work.polls.poll(PollId(4711)) is None


async def test_nothing_is_begun_anew_that_is_not_open_or_not_lost() -> None:
    store = MemoryStore()
    _, one, _ = await held(store, form=poll_form(anonymous=True))
    ours = replace(FRAME, secrecy=OpenSecrecy().secrecy())
    async with store.begin() as work:
        assert await service.renew(work, NOWHERE, ours) is None
        assert await service.renew(work, one.id, FRAME) is None
        begun = await service.renew(work, one.id, ours)
        assert begun == replace(one, lost=True, reminds=None)
        assert await service.renew(work, one.id, ours) is None
        await work.polls.save_round(replace(one, state=RoundState.CLOSED))
        assert await service.renew(work, one.id, ours) is None
