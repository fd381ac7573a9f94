"""Rounds open, remind and close at their time, each once, whatever happens in between."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ids import RoundId
from bot.core.reply import Sender
from bot.dialogs.poll_news import PollNews
from bot.dialogs.ports import TurnWork
from bot.outbox.model import NO_LIMITS, Result, State
from bot.polls import planning
from bot.polls.model import Audience, ClosedDay, PollState, Round, RoundState
from bot.worktime.closures import Closed, Closures
from tests.chat import ANN, COORDINATOR, OPEN_ON_WEEKDAYS, keys
from tests.clocks import ZONE
from tests.factories import poll_form
from tests.office import BOB, MONDAY, local
from tests.polls import TEACHERS, PollOffice, make_poll_office, soon

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SECRET = poll_form(anonymous=True)


@pytest.fixture
async def office() -> PollOffice:
    return await make_poll_office()


async def read_by_all(office: PollOffice) -> None:
    for who in (*TEACHERS, COORDINATOR):
        await office.told(who)


async def news(office: PollOffice) -> list[list[str]]:
    return [keys(one) for one in await office.told(COORDINATOR)]


async def answers(office: PollOffice, who: Sender) -> None:
    person = await office.person(who)
    async with office.chat.store.begin() as work:
        for one in await work.polls.open_rounds():
            await work.polls.mark_answered(one.id, person.id)


async def test_a_round_opens_at_its_time_and_asks_each_of_the_audience_once(
    office: PollOffice,
) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 4))
    assert office.rounds == []
    await office.move_to(local("ma", 10, 5))
    (opened,) = office.rounds
    assert opened.closes == local("vr", 10, 5)
    assert [len(await office.told(who)) for who in (*TEACHERS, COORDINATOR)] == [1] * 6 + [0]
    await office.look()
    await office.move_to(local("ma", 12))
    assert [len(await office.told(who)) for who in TEACHERS] == [0] * 6
    assert len(await office.invitations(opened.id)) == len(TEACHERS)


async def test_who_answered_nothing_is_reminded_once_halfway(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5))
    await answers(office, ANN)
    await read_by_all(office)
    await office.move_to(local("wo", 10, 4))
    assert await office.told(BOB) == []
    await office.move_to(local("wo", 10, 5))
    (reminder,) = await office.told(BOB)
    assert keys(reminder)[0] == "poll.card.reminder"
    assert await office.told(ANN) == []
    await office.move_to(local("vr", 10))
    assert await office.told(BOB) == []


async def test_a_poll_that_says_so_reminds_nobody(office: PollOffice) -> None:
    await office.started(schedule=soon(office), form=poll_form(remind=False))
    await office.move_to(local("ma", 10, 5))
    await read_by_all(office)
    await office.move_to(local("vr", 10))
    assert await office.told(BOB) == []


async def test_a_round_closes_with_its_counts_and_the_next_one_opens(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5))
    await answers(office, ANN)
    await read_by_all(office)
    await office.move_to(local("vr", 10, 5))
    (closed,) = office.rounds
    assert (closed.state, closed.asked, closed.unreachable, closed.answered) == (
        RoundState.CLOSED,
        6,
        0,
        1,
    )
    assert len(await office.told(COORDINATOR)) == 1
    await office.move_to(local("ma", 10, 5) + 7 * DAY)
    assert len(office.rounds) == 2


async def test_who_was_told_in_vain_is_no_non_responder_and_is_not_reminded(
    office: PollOffice,
) -> None:
    await office.started(schedule=soon(office))
    office.chat.clock.move_to(local("ma", 10, 5))
    await office.clock.run(office.now)
    bob = (await office.person(BOB)).id
    async with office.chat.store.begin() as work:
        leased = await work.outbox.lease(
            "x", {BOB.channel: NO_LIMITS}, now=office.now, until=office.now + MINUTE, most=50
        )
        for one in leased:
            gone = one.message.place.person == BOB.address
            state, reason = (State.DEAD, "gone 403") if gone else (State.SENT, "")
            said = Result(one.message, state, office.now, reason=reason, holder="x")
            await work.outbox.settle([said])
        await work.outbox.release("x")
        assert await work.outbox.missed(f"round:{office.rounds[0].id}") == {bob}
    await read_by_all(office)
    await office.move_to(local("wo", 12))
    assert await office.told(BOB) == []
    await office.move_to(local("vr", 11))
    assert (office.rounds[0].asked, office.rounds[0].unreachable) == (6, 1)


async def test_who_was_not_sent_anything_yet_is_not_reminded_and_no_non_responder(
    office: PollOffice,
) -> None:
    await office.started(schedule=soon(office))
    for moment in (local("ma", 10, 5), local("wo", 12), local("vr", 11)):
        office.chat.clock.move_to(moment)  # the channel is down: nothing is delivered
        await office.clock.run(office.now)
    async with office.chat.store.reading() as work:
        keys_ = [line.key for line in await work.outbox.lines(100)]
    assert [one for one in keys_ if "remind:" in one] == []
    assert (office.rounds[0].asked, office.rounds[0].unreachable) == (6, 6)


async def at(office: PollOffice, moment: datetime) -> list[int]:
    """Let the timetable look at a moment, without a look in between; returns what each is told."""
    office.chat.clock.move_to(moment)
    await office.look()
    return [len(await office.told(who)) for who in TEACHERS]


async def test_what_is_late_waits_for_the_working_day(office: PollOffice) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office))
    assert await at(office, local("di", 23)) == [0] * 6
    (opened,) = office.rounds
    assert opened.told
    assert await at(office, local("wo", 7)) == [0] * 6
    assert await at(office, local("wo", 9)) == [1] * 6
    assert opened.reminds
    assert local("do", 8) < opened.reminds < local("do", 11)
    assert await at(office, local("do", 20)) == [0] * 6  # the reminder is late as well
    assert await at(office, local("vr", 9)) == [1] * 6


async def test_a_time_at_night_that_was_chosen_is_kept(office: PollOffice) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office, minutes=10 * 60))
    assert await at(office, local("ma", 20, 1)) == [1] * 6


async def test_who_is_asked_again_after_a_loss_is_not_asked_at_night_nor_who_declined(
    office: PollOffice,
) -> None:
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    await read_by_all(office)
    office.ballots.clear()
    async with office.chat.store.begin() as work:
        await work.polls.decline((await office.person(BOB)).id, asked=False)
    assert await at(office, local("ma", 23)) == [0] * 6
    assert await at(office, local("di", 9)) == [int(who is not BOB) for who in TEACHERS]


async def test_who_is_invited_late_is_not_reminded_at_once(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 11))
    await read_by_all(office)
    async with office.chat.store.begin() as work:
        await work.polls.save_round(replace(office.rounds[0], told=False))
    assert await at(office, local("wo", 12)) == [0] * 6
    assert (office.rounds[0].told, office.rounds[0].reminds) == (True, None)
    assert await at(office, local("do", 12)) == [0] * 6


async def test_nobody_is_invited_to_a_round_that_is_over(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 11))
    async with office.chat.store.begin() as work:
        await work.polls.save_round(replace(office.rounds[0], told=False))
    await read_by_all(office)
    assert await at(office, local("vr", 11)) == [0] * 6
    (closed,) = office.rounds
    assert (closed.state, closed.told, closed.unreachable) == (RoundState.CLOSED, False, 6)


async def test_who_wants_no_polls_is_not_asked(office: PollOffice) -> None:
    bob = (await office.person(BOB)).id
    async with office.chat.store.begin() as work:
        await work.polls.decline(bob, asked=False)
    await read_by_all(office)
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5))
    assert await office.told(BOB) == []
    assert len(await office.invitations(office.rounds[0].id)) == 5


async def test_fewer_than_five_are_never_asked_and_the_maker_hears_it(office: PollOffice) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office), audience=Audience(frozenset({"coordinator"})))
    await office.move_to(local("ma", 11))
    assert office.rounds == []
    assert await news(office) == [["poll.skipped.title", "poll.skipped.few"]]
    await office.look()
    assert await news(office) == []


async def test_what_was_missed_is_sent_late_while_it_makes_sense(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    office.chat.clock.move_to(local("wo", 10, 5))  # half of its four days
    await office.look()
    (opened,) = office.rounds
    assert opened.closes == local("vr", 10, 5)
    assert opened.reminds == local("do", 10, 5)


async def test_what_was_missed_too_long_is_skipped_and_never_sent(office: PollOffice) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office))
    office.chat.clock.move_to(local("wo", 10, 6))
    await office.look()
    assert office.rounds == []
    assert await news(office) == [["poll.skipped.title", "poll.skipped.late"]]
    await office.move_to(local("ma", 10, 5) + 7 * DAY)
    assert len(office.rounds) == 1


async def test_of_several_that_were_missed_one_is_sent(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    office.chat.clock.move_to(local("ma", 11) + 21 * DAY)
    await office.look()
    assert [one.local.date() for one in office.rounds] == [local("ma", 0).date() + 21 * DAY]


async def test_after_holidays_everybody_is_asked_once(office: PollOffice) -> None:
    monday = local("ma", 0).date()
    office.college = replace(
        OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), (Closed(monday, monday + 8 * DAY),))
    )
    await office.started(schedule=soon(office))
    await office.move_to(local("wo", 10) + 7 * DAY)
    assert office.rounds == []
    await office.move_to(local("wo", 11) + 7 * DAY)
    (opened,) = office.rounds
    assert opened.local.date() == monday + 7 * DAY
    # Its four days end on Sunday. The next one is on Monday: two rounds are never open at once.
    assert opened.closes == local("ma", 10, 5) + 14 * DAY


async def test_a_round_that_moves_to_the_day_before_the_next_is_one_with_it(
    office: PollOffice,
) -> None:
    tuesday = local("di", 0).date()
    week = Closed(tuesday + 6 * DAY, tuesday + 12 * DAY)
    office.college = replace(OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), (week,)))
    await office.started(schedule=replace(soon(office), first=tuesday))
    await read_by_all(office)
    await office.move_to(local("ma", 12) + 14 * DAY)
    assert [one.local.date() for one in office.rounds] == [tuesday]
    await office.move_to(local("di", 10, 5) + 14 * DAY)
    assert [one.local.date() for one in office.rounds] == [tuesday, tuesday + 14 * DAY]
    told = [keys(one)[0] for one in await office.told(COORDINATOR)]
    assert "poll.skipped.title" not in told


@pytest.mark.parametrize(
    ("last", "opened", "told"),
    [
        (7, [0, 7], []),
        (9, [0], ["poll.skipped.title", "poll.skipped.waited"]),
        (11, [0, 14], []),
    ],
)
async def test_a_round_that_a_changed_holiday_brings_forward_waits_for_the_one_before_it(
    office: PollOffice, last: int, opened: list[int], told: list[str]
) -> None:
    """Its holiday is from Thursday for so many days after the Monday, until it is called off."""
    monday = local("ma", 0).date()
    holiday = Closed(monday + 3 * DAY, monday + last * DAY)
    office.college = replace(OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), (holiday,)))
    await read_by_all(office)
    await office.started(schedule=soon(office))
    await office.move_to(local("di", 10))
    office.college = OPEN_ON_WEEKDAYS
    (first,) = office.rounds
    for day in range(1, 12):
        await office.move_to(local("di", 10) + day * DAY)
        still = [one for one in office.rounds if one.state is RoundState.OPEN]
        assert len(still) <= 1
        assert (first.id in {one.id for one in still}) is (first.closes > office.now)
    await office.move_to(local("ma", 10, 5) + 14 * DAY - MINUTE)
    later = [local("ma", 0).date() + day * DAY for day in opened if day < 14]
    assert [one.local.date() for one in office.rounds] == later
    news_of = [keys(one) for one in await office.told(COORDINATOR)]
    assert [one for one in news_of if one[0] == "poll.skipped.title"] == ([told] if told else [])
    await office.move_to(local("ma", 10, 6) + 14 * DAY)
    assert office.rounds[-1].local.date() == monday + 14 * DAY


async def test_a_round_on_a_closed_day_can_be_skipped(office: PollOffice) -> None:
    monday = local("ma", 0).date()
    office.college = replace(
        OPEN_ON_WEEKDAYS, closures=Closures(frozenset(), (Closed(monday, monday),))
    )
    await office.started(schedule=soon(office, closed_day=ClosedDay.SKIP))
    await office.move_to(local("ma", 11) + 7 * DAY)
    assert [one.local.date() for one in office.rounds] == [monday + 7 * DAY]


async def test_a_paused_poll_sends_nothing_and_what_it_missed_is_over(office: PollOffice) -> None:
    made = await office.started(schedule=soon(office), state=PollState.PAUSED)
    await office.move_to(local("ma", 10, 6))
    async with office.chat.store.begin() as work:
        await work.polls.save(replace(made, state=PollState.ACTIVE, version=2), seen=1)
    await office.move_to(local("di", 10))
    assert office.rounds == []
    await office.move_to(local("ma", 10, 5) + 7 * DAY)
    assert len(office.rounds) == 1


async def test_an_anonymous_round_is_counted_erased_and_then_told(office: PollOffice) -> None:
    assert office.secret
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    await read_by_all(office)
    office.secret.eraser.broken = True
    await office.move_to(local("vr", 11))
    assert office.states == [RoundState.COUNTED]
    assert await news(office) == []
    office.secret.eraser.broken = False
    await office.look()
    assert office.states == [RoundState.CLOSED]
    assert office.secret.eraser.asked == 1
    assert len(await news(office)) == 1


async def test_anonymous_rounds_that_close_together_are_erased_together(
    office: PollOffice,
) -> None:
    assert office.secret
    for _ in range(3):
        await office.started(schedule=soon(office, every=0), form=SECRET)
    await office.move_to(local("ma", 11))
    await read_by_all(office)
    await office.move_to(local("vr", 11))
    assert office.states == [RoundState.CLOSED] * 3
    assert office.secret.eraser.asked == 1
    assert len(await news(office)) == 3


@dataclass(frozen=True)
class NewsOfOthers(PollNews):
    """Breaks on what came of one round."""

    broken: RoundId

    async def results(self, work: TurnWork, closed: Round, now: datetime) -> None:
        if closed.id == self.broken:
            raise ValueError(closed)
        await super().results(work, closed, now)


async def test_one_round_whose_results_cannot_be_told_holds_up_no_other(
    office: PollOffice,
) -> None:
    for _ in range(2):
        await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 10, 5))
    await read_by_all(office)
    office.chat.clock.move_to(local("vr", 10, 5))
    await replace(office.clock, news=NewsOfOthers(ZONE, office.rounds[0].id)).run(
        local("vr", 10, 5)
    )
    assert office.states == [RoundState.COUNTED, RoundState.CLOSED]
    await office.clock.run(local("vr", 10, 6))
    assert office.states == [RoundState.CLOSED, RoundState.CLOSED]


async def test_a_poll_whose_time_cannot_be_worked_out_holds_up_no_other(
    office: PollOffice,
) -> None:
    await office.started(schedule=soon(office, every=0))
    never = replace(soon(office), first=date.max)
    await office.started(schedule=never)
    await office.started(schedule=soon(office, every=0))
    await office.clock.run(local("ma", 10, 5))
    assert len(office.rounds) == 2


async def test_without_a_secret_no_anonymous_round_opens_and_the_maker_hears_it(
    office: PollOffice,
) -> None:
    await read_by_all(office)
    office.secret = None
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    assert office.rounds == []
    assert await news(office) == [["poll.skipped.title", "poll.skipped.no_secret"]]


async def test_a_round_waits_for_the_secret_to_be_counted(office: PollOffice) -> None:
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    kept, office.secret = office.secret, None
    await office.move_to(local("vr", 11))
    assert office.states == [RoundState.OPEN]
    office.secret = kept
    await office.look()
    assert office.states == [RoundState.CLOSED]


async def test_a_round_that_was_begun_with_another_secret_waits_and_its_maker_hears_it(
    office: PollOffice,
) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    await read_by_all(office)
    office.foreign.add(office.rounds[0].id)
    await office.move_to(local("ma", 9) + 7 * DAY)
    assert office.states == [RoundState.OPEN]
    assert await news(office) == [["poll.stuck.title", "poll.stuck.secret"]]
    # Nobody is reminded of what they cannot answer; and the next one is of the new secret.
    assert await office.told(ANN) == []
    await office.move_to(local("ma", 11) + 7 * DAY)
    assert office.states == [RoundState.OPEN, RoundState.OPEN]
    office.foreign.clear()
    await office.look()
    assert office.states == [RoundState.CLOSED, RoundState.OPEN]


async def test_who_answered_a_round_of_which_the_votes_are_lost_is_asked_again_and_why(
    office: PollOffice,
) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office), form=SECRET)
    await office.move_to(local("ma", 11))
    await answers(office, ANN)
    (one,) = office.rounds
    await office.move_to(one.closes - timedelta(hours=1))
    office.ballots.clear()  # as after a backup that was put back
    await office.look()
    (begun,) = office.rounds
    assert (begun.lost, begun.told, begun.state) == (True, True, RoundState.OPEN)
    assert begun.closes - office.now > timedelta(days=1)
    assert not any(asked.answered for asked in await office.invitations(one.id))
    for who in TEACHERS:
        card = await office.card(who)
        assert "poll.card.lost" in keys(card)
    await answers(office, ANN)
    await office.move_to(begun.closes + timedelta(minutes=1))
    assert [(one.state, one.answered) for one in office.rounds] == [(RoundState.CLOSED, 1)]


async def test_invitations_that_were_broken_off_are_written_once_each(office: PollOffice) -> None:
    await read_by_all(office)
    await office.started(schedule=soon(office))
    await office.move_to(local("ma", 10, 5))
    async with office.chat.store.begin() as work:
        await work.polls.save_round(replace(office.rounds[0], told=False))
    await office.look()
    assert office.rounds[0].told
    assert [len(await office.told(who)) for who in TEACHERS] == [1] * 6


async def test_a_poll_of_once_has_one_round(office: PollOffice) -> None:
    await office.started(schedule=soon(office, every=0))
    await office.move_to(local("ma", 11) + 60 * DAY)
    assert len(office.rounds) == 1
    assert await office.clock.next_due(office.now) is None


async def test_the_clock_says_when_it_is_due_next(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    clock = office.clock
    assert await clock.next_due(office.now) == local("ma", 10, 5)
    await office.move_to(local("ma", 10, 5))
    assert await clock.next_due(office.now) == local("wo", 10, 5)
    await office.move_to(local("wo", 10, 5))
    assert await clock.next_due(office.now) == local("vr", 10, 5)
    await office.move_to(local("vr", 10, 5))
    assert await clock.next_due(office.now) == local("ma", 10, 5) + 7 * DAY


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 14 * 24), min_size=1, max_size=6), st.integers(1, 2))
async def test_however_long_it_is_down_each_round_is_sent_once_or_skipped_once(
    hours: list[int], every: int
) -> None:
    office = await make_poll_office()
    made = await office.started(schedule=soon(office, every=every))
    for gap in hours:
        office.chat.clock.move_to(office.now + gap * timedelta(hours=1))
        await office.look()
    wanted = planning.due(made.schedule, MONDAY, office.now, office.college)
    shelves = office.chat.store._shelves
    recorded = [local for thing, local in shelves.occasions if thing == f"poll:{made.id}" and local]
    assert recorded == [one.local.isoformat() for one in wanted]
    sent = [one.local for one in office.rounds]
    assert sorted({*sent}) == sorted(sent)
    assert {*sent} <= {one.local for one in wanted}
    async with office.chat.store.reading() as work:
        told = [line.key for line in await work.outbox.lines(1_000)]
    assert len(told) == len({*told})
