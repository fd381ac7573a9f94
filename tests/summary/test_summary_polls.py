"""The summary tells of the rounds that closed in its week, and of messages that were cut."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.ids import PersonId, PollId, RoundId
from bot.dialogs.summary_polls import Rounds
from bot.polls.model import Form, Goal, Invitation, RoundState
from bot.store.work import Store
from bot.summary.model import NOWHERE
from bot.summary.report import Asked
from bot.summary.week import Span, Week
from tests.ballots import SEAL, Booth
from tests.clocks import ZONE
from tests.factories import NOW, asks, poll, poll_form, poll_round, sender

WEEKLY = timedelta(weeks=1)
FORM = poll_form(questions=(asks(goal=Goal(0.8, 4)), asks(text="Hoe vaak?")))
MEAN = poll_form(questions=(asks(goal=Goal(0, 4)),))


async def close_round(  # noqa: PLR0913, PLR0917 (what a round is made of)
    store: Store,
    of: PollId,
    people: Sequence[PersonId],
    votes: Sequence[int],
    weeks: int,
    form: Form = FORM,
    state: RoundState = RoundState.CLOSED,
) -> RoundId:
    """Let a round be answered and closed, so many weeks later than the first."""
    later = weeks * WEEKLY
    made = poll_round(of, form=form, opened=NOW + later)
    made = replace(made, local=made.local + later, closes=made.closes + later)
    async with store.begin() as work:
        asked = [Invitation(RoundId(0), one) for one in people]
        opened = await work.polls.open_round(made, asked)
        for person, vote in zip(people, votes, strict=False):
            invited = Invitation(opened.id, person)
            # Only the first four answer the second question as well.
            more = {1: "3"} if person in people[:4] and len(form.questions) > 1 else {}
            await work.polls.answer(opened.id, invited, {0: str(vote), **more})
        closed = replace(opened, state=state, asked=len(people), unreachable=1)
        await work.polls.save_round(replace(closed, answered=len(votes)))
    return opened.id


async def test_a_round_is_told_in_the_week_in_which_it_closed(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        people = [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(8)]
        made = await work.polls.add(replace(poll(), owner=people[0], form=FORM))
    rounds: list[RoundId] = []
    for number, votes in enumerate(((1, 2, 3, 4, 5, 3), (4, 4, 4, 5, 3, 4), (5, 5, 5, 5, 5, 5))):
        rounds.append(await close_round(sql_store, made.id, people, votes, number))
    closes = poll_round(made.id).closes + WEEKLY
    week = Week.of(closes.astimezone(ZONE).date())
    async with sql_store.reading() as work:
        (told,) = await Rounds(work, ZONE).closed_in(week.span(ZONE))
        nothing = await Rounds(work, ZONE).closed_in(week.back(5).span(ZONE))
    assert nothing == []
    assert (told.title, told.invited, told.unreachable, told.answered) == (FORM.title, 8, 1, 6)
    assert told.response == 6 / 7
    assert (told.poll, told.round) == (made.id, rounds[1])
    first, second = told.questions
    assert first.counts == (("5", 1), ("4", 4), ("3", 1), ("2", 0), ("1", 0))
    assert (first.mean, first.target, first.reached) == (4, 0.8, 5 / 6)
    day = closes.astimezone(ZONE).date()
    assert first.trend == ((day - WEEKLY, 3), (day, 4))
    assert second == Asked("Hoe vaak?")


async def test_a_goal_that_is_a_mean_is_told(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        people = [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(5)]
        made = await work.polls.add(replace(poll(), owner=people[0], form=MEAN))
    await close_round(sql_store, made.id, people, (3, 4, 4, 4, 4), 0, MEAN)
    week = Week.of(poll_round(made.id).closes.astimezone(ZONE).date())
    async with sql_store.reading() as work:
        (told,) = await Rounds(work, ZONE).closed_in(week.span(ZONE))
    (only,) = told.questions
    assert (only.least, only.mean, only.target, only.reached) == (4, 3.8, None, None)


async def test_a_round_that_is_only_counted_is_not_told_yet(sql_store: Store) -> None:
    async with sql_store.begin() as work:
        people = [(await work.people.register(sender(f"29:{n}"), "nl")).id for n in range(5)]
        made = await work.polls.add(replace(poll(), owner=people[0], form=MEAN))
    await close_round(sql_store, made.id, people, [1] * 5, 0, MEAN, RoundState.COUNTED)
    await close_round(sql_store, made.id, people, [5] * 5, 1, MEAN)
    week = Week.of(poll_round(made.id).closes.astimezone(ZONE).date())
    async with sql_store.reading() as work:
        rounds = Rounds(work, ZONE)
        assert await rounds.closed_in(week.span(ZONE)) == []
        (told,) = await rounds.closed_in(week.back(-1).span(ZONE))
    assert [mean for _, mean in told.questions[0].trend] == [5]


async def test_what_is_cut_of_an_anonymous_round_is_still_counted(database_url: str) -> None:
    store = Store.open(database_url, SEAL)
    try:
        booth = Booth(store)
        people = await booth.open(*["Breda"] * 6)
        for person in people:
            await booth.vote(person, {0: "4"})
        week = Week.of(NOW.date()).span(ZONE)
        before = await commands(store, week)
        await booth.close()
        assert (before, await commands(store, week)) == (6, 6)
    finally:
        await store.close()


async def commands(store: Store, span: Span) -> int:
    async with store.reading() as work:
        return (await work.figures.counted(span)).counts[NOWHERE]["commands"]
