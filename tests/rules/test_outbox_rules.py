"""What a failed try comes to, and how fast may be spoken."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.delivery import DeliveryError, Message, Outcome
from bot.core.ids import MessageId
from bot.core.reply import Channel, Place
from bot.outbox import rules
from bot.outbox.model import TEAMS_LIMITS, Leased, Limits, Result, State
from tests.factories import NOW, reply

PLACE = Place(Channel.TEAMS, "a:ann", "29:ann", tenant="t1")
DAY = timedelta(days=1)
RETRIED = (Outcome.REFUSED, Outcome.THROTTLED, Outcome.UNKNOWN, Outcome.UNAUTHORISED)
jitters = st.floats(0, 1)
moments = st.integers(0, 3_600_000).map(lambda ms: NOW - timedelta(milliseconds=ms))
windows = st.dictionaries(st.sampled_from([0.5, 1, 2, 30, 3600]), st.integers(1, 9))


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def message(number: int = 1, conversation: str = "a:ann", attempts: int = 0) -> Message:
    place = replace(PLACE, conversation=conversation)
    return Message(MessageId(number), place, reply(), attempts=attempts)


def leased(attempts: int = 0, expires: datetime | None = None, age: timedelta = DAY) -> Leased:
    return Leased(message(attempts=attempts), NOW - age, NOW, expires=expires)


def waits(result: Result) -> float:
    assert result.state is State.WAITING
    assert result.not_before is not None
    return (result.not_before - result.at).total_seconds()


def wait_of(error: DeliveryError, attempts: int = 0, jitter: float = 0.5) -> float:
    return waits(rules.after(error, leased(attempts), NOW, jitter))


def test_what_arrived_is_sent() -> None:
    assert rules.arrived(message(), "r1", NOW) == Result(message(), State.SENT, NOW, remote="r1")


@pytest.mark.parametrize(("attempts", "wait"), [(0, 1), (1, 2), (8, 256), (9, 300), (5000, 300)])
def test_the_wait_after_a_failure_doubles_up_to_five_minutes(attempts: int, wait: float) -> None:
    for outcome in (Outcome.REFUSED, Outcome.UNKNOWN, Outcome.THROTTLED):
        assert wait_of(DeliveryError(outcome), attempts) == wait


@given(attempts=st.integers(0, 20), jitter=jitters)
def test_the_wait_is_spread_from_half_to_one_and_a_half(attempts: int, jitter: float) -> None:
    wait = min(2.0**attempts, 300)
    spread = wait_of(DeliveryError(Outcome.REFUSED), attempts, jitter)
    assert 0.5 * wait <= spread <= 1.5 * wait


@given(told=st.floats(0, 3600), attempts=st.integers(0, 20), jitter=jitters)
def test_a_service_that_says_how_long_is_obeyed(told: float, attempts: int, jitter: float) -> None:
    error = DeliveryError(Outcome.THROTTLED, 429, retry_after=told)
    wait = wait_of(error, attempts, jitter)
    assert told - 1e-6 <= wait <= max(told, 1) + max(told / 5, 1) + 1e-6
    assert wait >= 1


@pytest.mark.parametrize("told", [float("inf"), 1e15])
def test_a_service_that_says_never_is_given_up(told: float) -> None:
    result = rules.after(DeliveryError(Outcome.THROTTLED, retry_after=told), leased(), NOW, 1)
    assert (result.state, result.reason) == (State.DEAD, "gave_up throttled")


def test_only_what_may_have_arrived_is_doubtful() -> None:
    doubtful = [rules.after(DeliveryError(one), leased(), NOW, 0).doubtful for one in Outcome]
    assert doubtful == [one is Outcome.UNKNOWN for one in Outcome]


def test_what_waits_says_what_went_wrong() -> None:
    error = DeliveryError(Outcome.THROTTLED, 429, code="Throttled", retry_after=7)
    assert rules.after(error, leased(), NOW, 0) == Result(
        message(),
        State.WAITING,
        NOW,
        not_before=NOW + seconds(7),
        reason="throttled 429 Throttled",
    )


@pytest.mark.parametrize("attempts", [0, 6, 9])
def test_a_tenant_that_does_not_know_us_is_left_alone_for_a_minute_or_more(attempts: int) -> None:
    error = DeliveryError(Outcome.UNAUTHORISED, 401)
    result = rules.after(error, leased(attempts), NOW, 0.5)
    assert waits(result) == max(60, min(2**attempts, 300))
    assert result.paused == result.not_before


def test_a_tenant_that_does_not_know_us_is_left_alone_even_when_it_is_too_late() -> None:
    error = DeliveryError(Outcome.UNAUTHORISED, 401)
    result = rules.after(error, leased(expires=NOW + seconds(60)), NOW, 0)
    assert (result.state, result.paused) == (State.DEAD, NOW + seconds(60))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            DeliveryError(Outcome.GONE, 403, code="BotNotInConversationRoster"),
            "gone 403 BotNotInConversationRoster",
        ),
        (DeliveryError(Outcome.INVALID, 413), "invalid 413"),
        (DeliveryError(Outcome.INVALID, code="ForeignServiceUrl"), "invalid ForeignServiceUrl"),
    ],
)
def test_what_never_arrives_is_not_tried_again(error: DeliveryError, reason: str) -> None:
    assert rules.after(error, leased(), NOW, 0) == Result(message(), State.DEAD, NOW, reason=reason)


def test_a_reason_is_short() -> None:
    error = DeliveryError(Outcome.GONE, 404, code="x" * 5000)
    assert len(rules.after(error, leased(), NOW, 0).reason) < 200


@pytest.mark.parametrize("outcome", RETRIED)
def test_what_comes_too_late_is_not_tried_again(outcome: Outcome) -> None:
    error = DeliveryError(outcome, retry_after=60)
    on_time = rules.after(error, leased(6, expires=NOW + seconds(65)), NOW, 0.5)
    late = rules.after(error, leased(6, expires=NOW + seconds(60)), NOW, 0.5)
    assert on_time.state is (State.DEAD if outcome is Outcome.THROTTLED else State.WAITING)
    assert (late.state, late.reason, late.not_before) == (State.DEAD, "late", None)


@pytest.mark.parametrize("outcome", RETRIED)
def test_it_is_given_up_after_three_days(outcome: Outcome) -> None:
    error = DeliveryError(outcome, 500)
    young = rules.after(error, leased(9, age=3 * DAY - seconds(301)), NOW, 0.5)
    old = rules.after(error, leased(9, age=3 * DAY - seconds(300)), NOW, 0.5)
    assert young.state is State.WAITING
    assert (old.state, old.reason) == (State.DEAD, f"gave_up {outcome} 500")


def test_what_expires_is_over_from_that_moment() -> None:
    assert rules.expired(leased(), NOW) is None
    assert rules.expired(leased(expires=NOW), NOW - timedelta(microseconds=1)) is None
    over = Result(message(), State.DEAD, NOW, reason="late")
    assert rules.expired(leased(expires=NOW), NOW) == over


def throttled(number: int, wait: float = 10, conversation: str = "") -> Result:
    where = conversation or f"a:{number}"
    error = DeliveryError(Outcome.THROTTLED, 429, retry_after=wait)
    return rules.after(error, Leased(message(number, where), NOW, NOW), NOW, 0)


def test_three_throttled_conversations_pause_a_tenant_until_the_latest_may_be_tried() -> None:
    three = [throttled(1, 10), throttled(2, 40), throttled(3, 20)]
    assert rules.pause(three) == NOW + seconds(40)
    assert rules.pause(three[:2]) is None
    assert rules.pause([throttled(number, conversation="a:same") for number in range(5)]) is None


def test_a_pause_takes_five_minutes_at_most() -> None:
    three = [throttled(1, 10), throttled(2, 4000), throttled(3, 20)]
    assert rules.pause(three) == NOW + seconds(300)


def test_a_pause_of_messages_that_are_given_up_is_over_at_once() -> None:
    dead = [replace(throttled(number), state=State.DEAD, not_before=None) for number in range(1, 4)]
    assert rules.pause(dead) == NOW


def test_a_third_throttled_conversation_says_that_the_tenant_is_throttled() -> None:
    first, second, third = map(throttled, (1, 2, 3))
    other = replace(PLACE, tenant="t2", conversation="a:eve")
    eve = Result(Message(MessageId(7), other, reply()), State.WAITING, NOW, not_before=NOW)
    assert rules.with_pause(second, [first, eve, second]) == second
    said = rules.with_pause(third, [first, eve, second, third])
    assert said == replace(third, paused=NOW + seconds(10))
    assert rules.with_pause(eve, [first, second, third, eve]) == eve


def test_what_was_throttled_a_while_ago_pauses_nothing() -> None:
    first, second, third = (
        replace(throttled(number), at=NOW + seconds(number)) for number in range(3)
    )
    assert rules.with_pause(third, [first, second, third]) == third
    soon = replace(third, at=NOW + seconds(1.9))
    assert rules.with_pause(soon, [first, second, soon]).paused
    assert rules.of_late([first, second], third.at) == [second]


def test_a_result_that_pauses_by_itself_keeps_its_pause() -> None:
    wrong = rules.after(DeliveryError(Outcome.UNAUTHORISED), leased(), NOW, 0)
    assert rules.with_pause(wrong, [wrong]) == wrong


def test_a_lane_is_a_conversation_or_who_it_is_to_be_opened_with() -> None:
    assert rules.lane(PLACE) == "a:ann"
    assert rules.lane(replace(PLACE, conversation="")) == "to:29:ann"


@given(limits=windows, sent=st.lists(moments, max_size=40))
def test_a_free_moment_is_the_first_that_keeps_within_every_window(
    limits: dict[float, int], sent: list[datetime]
) -> None:
    free = rules.free_at(Limits(limits), sent, NOW)

    def fits(at: datetime) -> bool:
        return all(
            sum(at - seconds(window) < one for one in sent) < most
            for window, most in limits.items()
        )

    assert free >= NOW
    assert fits(free)
    assert free == NOW or not fits(free - timedelta(microseconds=1))


@given(limits=windows, gaps=st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_sending_when_it_is_free_never_puts_too_many_in_a_window(
    limits: dict[float, int], gaps: list[int]
) -> None:
    log: list[datetime] = []
    now = NOW
    for gap in gaps:
        now = rules.free_at(Limits(limits), rules.kept(log, now), now + seconds(gap / 1000))
        log.append(now)
    for window, most in limits.items():
        for start in log:
            assert sum(start <= at < start + seconds(window) for at in log) <= most


def test_the_documented_limits_of_teams_are_kept_in_a_burst() -> None:
    log: list[datetime] = []
    now = NOW
    for _ in range(100):
        now = rules.free_at(TEAMS_LIMITS, log, now)
        log.append(now)
    starts = [(at - NOW).total_seconds() for at in log]
    assert starts[:10] == [0] * 7 + [1] + [2, 2]
    assert sum(at < 30 for at in starts) == 60


@given(sent=st.lists(moments, max_size=20))
def test_what_is_kept_is_the_last_hour_in_order(sent: list[datetime]) -> None:
    later = NOW + timedelta(minutes=30)
    kept = rules.kept(sent, later)
    assert list(kept) == sorted(one for one in sent if later - one < timedelta(hours=1))


@given(
    rate=st.floats(0.1, 100),
    counts=st.lists(st.integers(0, 80), max_size=8),
    gaps=st.lists(st.integers(0, 3000), min_size=8, max_size=8),
)
def test_turns_are_never_closer_than_the_rate_allows(
    rate: float, counts: list[int], gaps: list[int]
) -> None:
    free: datetime | None = None
    now, starts = NOW, list[datetime]()
    for count, gap in zip(counts, gaps, strict=False):
        now += timedelta(milliseconds=gap)
        taken = rules.turns(free, rate, count, now, seconds(1))
        assert len(taken) <= count
        assert all(now <= one <= now + seconds(1) for one in taken)
        free = taken[-1] + rules.step(rate) if taken else free
        starts += taken
    assert all(two - one >= seconds(1 / rate) for one, two in pairwise(starts))


def test_turns_follow_each_other_up_to_the_horizon() -> None:
    half = seconds(0.5)
    free = NOW + seconds(0.25)
    assert rules.turns(free, 2, 9, NOW, seconds(1)) == [free, free + half]
    assert rules.turns(None, 2, 2, NOW, seconds(1)) == [NOW, NOW + half]
    assert rules.turns(NOW - DAY, 2, 1, NOW, seconds(1)) == [NOW]
    assert rules.turns(NOW + seconds(2), 2, 1, NOW, seconds(1)) == []
    assert rules.turns(None, 2, 0, NOW, seconds(1)) == []


def test_without_a_rate_everything_may_be_sent_now() -> None:
    assert rules.turns(None, None, 3, NOW, seconds(1)) == [NOW] * 3
