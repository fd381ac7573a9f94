"""What an import makes of the walk-in hours in the college file."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import HourId
from bot.walkin.model import Change, Hour, OpenTo, Origin
from bot.walkin.outcomes import TakenOver
from bot.walkin.slots import FURTHEST, occurrences
from bot.walkin.takeover import counts, heir, plan
from tests.factories import hour

TODAY = date(2026, 3, 2)
NOW = datetime.combine(TODAY, time())
YESTERDAY = TODAY - timedelta(days=1)
MONDAY = date(2026, 3, 9)
MINUTE = timedelta(minutes=1)


def listed(**changes: Any) -> Hour:
    return hour(origin=Origin.FILE, first=TODAY, **changes)


def stored(which: int = 1, **changes: Any) -> Hour:
    return hour(id=HourId(which), origin=Origin.FILE, **changes)


def test_a_new_hour_comes_and_one_that_is_not_listed_ends() -> None:
    new = listed(weekday=2)
    found = plan([new], [stored()], [], NOW)
    assert found == TakenOver(
        added=(new,), ended=(stored(last=TODAY - timedelta(days=1)),), clashes=()
    )


def test_an_hour_that_is_as_listed_stays_as_it_is_whatever_day_it_is_read() -> None:
    assert plan([listed()], [stored()], [], NOW) == TakenOver()


def test_an_hour_that_was_never_held_changes_and_stays_the_same_one() -> None:
    new = stored(first=TODAY)
    found = plan([listed(seats=5, end=time(14), place="C1.01")], [new], [], NOW)
    assert found == TakenOver(changed=(replace(new, seats=5, end=time(14), place="C1.01"),))
    later, sooner = date(2026, 9, 1), date(2026, 8, 1)
    found = plan([replace(listed(), first=sooner)], [stored(first=later)], [], NOW)
    assert found == TakenOver(changed=(stored(first=sooner),))
    assert plan([listed()], [stored(first=later)], [], NOW).changed == (stored(first=TODAY),)


def test_who_may_come_and_until_when_says_nothing_of_what_was_held() -> None:
    found = plan([listed(open_to=OpenTo.TEAM, last=MONDAY)], [stored()], [], NOW)
    assert found == TakenOver(changed=(stored(open_to=OpenTo.TEAM, last=MONDAY),))


@pytest.mark.parametrize(
    "differs", [{"seats": 5}, {"place": "C1.01"}, {"link": "https://x.example"}, {"end": time(14)}]
)
def test_an_hour_that_was_held_ends_and_goes_on_by_what_differs(differs: dict[str, Any]) -> None:
    """So that weeks that are over keep the seats and the room that they had."""
    new = listed(**differs)
    found = plan([new], [stored()], [], NOW)
    assert found == TakenOver(added=(new,), ended=(stored(last=YESTERDAY),))
    assert counts(found) == (0, 1, 0)
    there = [stored(last=YESTERDAY), replace(new, id=HourId(2))]
    assert plan([new], there[1:], [], NOW) == plan([new], there, [], NOW) == TakenOver()


def test_a_date_that_has_begun_stays_and_what_differs_begins_after_it() -> None:
    new, busy = listed(seats=5), datetime.combine(TODAY, time(12))
    tomorrow = TODAY + timedelta(days=1)
    assert plan([new], [stored()], [], busy - MINUTE).added == (new,)
    found = plan([new], [stored()], [], busy)
    assert found == TakenOver(added=(replace(new, first=tomorrow),), ended=(stored(last=TODAY),))
    # Read again on the same day nothing changes, and what was is what is put back.
    there = [stored(last=TODAY), replace(new, id=HourId(2), first=tomorrow)]
    assert plan([new], there, [], busy) == TakenOver()
    assert plan([listed()], there, [], busy).changed == (stored(),)
    gone = plan([], [stored()], [], busy)
    assert gone == TakenOver(ended=(stored(last=TODAY),))
    assert counts(gone) == (0, 0, 1)
    later = listed(start=time(12, 30), end=time(14))
    moved = plan([later], [stored()], [], busy)
    assert (moved.added, moved.clashes) == ((replace(later, first=tomorrow),), ())


def test_a_date_that_was_held_before_its_turn_stays_as_it_was() -> None:
    """Next Monday's was moved forward, and is over: the new rule begins after it."""
    ahead = Change(HourId(1), MONDAY, YESTERDAY)
    new = listed(seats=5)
    found = plan([new], [stored()], [ahead], NOW)
    assert [one.last for one in found.ended] == [MONDAY]
    assert [one.first for one in found.added] == [MONDAY + timedelta(days=1)]


def test_an_hour_that_begins_later_than_it_did_is_another_as_what_was_held_stays() -> None:
    later = replace(listed(), first=date(2026, 9, 1))
    found = plan([later], [stored()], [], NOW)
    assert found == TakenOver(added=(later,), ended=(stored(last=YESTERDAY),))


def test_an_hour_at_another_time_is_another_hour() -> None:
    moved = listed(start=time(12, 30))
    found = plan([moved], [stored()], [], NOW)
    assert (found.added, len(found.ended)) == ((moved,), 1)


def test_an_hour_that_ends_sooner_is_another_hour_as_its_last_slots_are_gone() -> None:
    shorter = listed(end=time(12, 30))
    found = plan([shorter], [stored()], [], NOW)
    assert (found.added, len(found.ended), found.changed) == ((shorter,), 1, ())


SPRING = {"first": date(2026, 1, 5), "last": date(2026, 3, 27), "place": "A1"}
SUMMER = {"first": date(2026, 4, 6), "last": date(2026, 7, 3), "place": "B2"}


def test_two_periods_of_the_same_hour_are_two_hours_each_in_its_own_room() -> None:
    spring, summer = hour(origin=Origin.FILE, **SPRING), hour(origin=Origin.FILE, **SUMMER)
    first = plan([summer, spring], [], [], NOW)
    assert first == TakenOver(added=(replace(spring, first=TODAY), summer))
    there = [stored(1, **SPRING), stored(2, **SUMMER)]
    assert plan([summer, spring], there, [], NOW) == TakenOver()
    assert plan([spring, summer], there[:1], [], NOW) == TakenOver(added=(summer,))
    endless = replace(stored(1, **SPRING), last=None)
    assert plan([spring], [endless], [], NOW).changed == (stored(1, **SPRING),)


def test_an_hour_that_is_split_keeps_its_first_part_and_the_second_is_new() -> None:
    spring, summer = hour(origin=Origin.FILE, **SPRING), hour(origin=Origin.FILE, **SUMMER)
    found = plan([spring, summer], [stored(place="A1")], [], NOW)
    assert found == TakenOver(added=(summer,), changed=(stored(1, **SPRING),))


def test_what_is_past_in_the_file_says_nothing_of_the_past() -> None:
    """However often it is read: what is over comes no more, and none begins before today."""
    past = hour(origin=Origin.FILE, last=YESTERDAY)
    assert plan([past], [], [], NOW) == TakenOver()
    assert plan([past], [stored(last=YESTERDAY)], [], NOW) == TakenOver()
    assert plan([past], [stored()], [], NOW).ended == (stored(last=YESTERDAY),)
    longer = hour(origin=Origin.FILE)
    found = plan([longer], [stored(last=YESTERDAY)], [], NOW)
    assert found == TakenOver(added=(replace(longer, first=TODAY),))
    assert plan([longer], [stored(first=TODAY)], [], NOW) == TakenOver()


def test_of_two_hours_in_the_file_at_the_same_time_the_second_is_left_out() -> None:
    one, other = listed(), listed(start=time(12, 30), end=time(14))
    found = plan([one, other], [], [], NOW)
    assert (found.added, [left for left, _ in found.clashes]) == ((one,), [other])
    found = plan(
        [replace(one, place="C1"), other], [stored(first=TODAY), stored(2, start=time(14))], [], NOW
    )
    assert found.changed == (stored(first=TODAY, place="C1"),)
    # One that is left out stays as it was, and the next is compared with that.
    in_chat = hour(id=HourId(7), start=time(13), end=time(14))
    longer, twice = listed(end=time(13, 30)), listed(start=time(12, 45))
    found = plan([longer, twice], [stored(), in_chat], [], NOW)
    assert [(left, clash.hour) for left, clash in found.clashes] == [
        (longer, in_chat),
        (twice, stored()),
    ]


def test_an_hour_that_cannot_go_on_by_what_differs_stays_unless_another_took_its_place() -> None:
    in_chat = hour(id=HourId(7), weekday=0, start=time(13), end=time(14), first=date(2026, 4, 6))
    longer = listed(end=time(13, 30))
    found = plan([longer], [stored(), in_chat], [], NOW)
    assert (found.added, found.ended, len(found.clashes)) == ((), (), 1)
    spring = listed(place="C1", last=date(2026, 3, 27))
    summer = replace(longer, first=date(2026, 4, 6))
    found = plan([spring, summer], [stored(), in_chat], [], NOW)
    assert (found.added, found.ended) == ((spring,), (stored(last=YESTERDAY),))
    assert [left for left, _ in found.clashes] == [summer]


def test_a_date_that_was_changed_apart_stays_so_for_the_hour_that_goes_on() -> None:
    """Its coach made room for another hour: they do not clash."""
    extra = hour(id=HourId(7), first=MONDAY, last=MONDAY)
    off, past = Change(HourId(1), MONDAY), Change(HourId(1), date(2026, 2, 23))
    shorter = listed(end=time(12, 45))
    assert plan([shorter], [stored(), extra], [off, past], NOW).added == (shorter,)
    assert plan([shorter], [stored(), extra], [past], NOW).added == ()


def test_a_date_of_an_hour_that_ended_can_be_in_the_way_when_it_was_moved() -> None:
    moved = Change(HourId(1), date(2026, 2, 23), MONDAY)
    found = plan([listed()], [stored(last=YESTERDAY)], [moved], NOW)
    assert [(clash.hour, clash.on) for _, clash in found.clashes] == [
        (stored(last=YESTERDAY), MONDAY)
    ]


def test_a_slot_goes_to_who_has_that_moment_now() -> None:
    spring, summer = stored(1, **SPRING), stored(2, **SUMMER, end=time(12, 45))
    for day, number, new in (
        (MONDAY, 3, spring),
        (MONDAY, 4, None),
        (date(2026, 4, 13), 2, summer),
        (date(2026, 4, 13), 3, None),
        (date(2026, 4, 14), 0, None),
        (date(2026, 7, 13), 0, None),
    ):
        assert heir(day, number, [spring, summer]) == new


def test_what_was_made_in_chat_is_left_alone_and_goes_first() -> None:
    in_chat = hour(id=HourId(7), start=time(12, 45), end=time(14))
    assert plan([], [in_chat], [], NOW) == TakenOver()
    new = listed()
    found = plan([new], [in_chat], [], NOW)
    assert found.added == ()
    ((left_out, clash),) = found.clashes
    assert (left_out, clash.hour, clash.on) == (new, in_chat, TODAY)


WEEK = timedelta(weeks=1)


@st.composite
def files(draw: st.DrawFn) -> list[Hour]:
    """Return periods of one hour that do not overlap, as the file is checked for."""
    days = sorted(draw(st.sets(st.integers(-12, 12), min_size=2, max_size=6)))
    spans = list(zip(days[::2], days[1::2], strict=False))
    ends = draw(st.lists(st.sampled_from([45, 50, 55]), min_size=len(spans), max_size=len(spans)))
    return [
        hour(
            origin=Origin.FILE,
            first=TODAY + first * WEEK,
            last=TODAY + last * WEEK - timedelta(days=1),
            end=time(12, end),
            seats=end % 7,
        )
        for (first, last), end in zip(spans, ends, strict=True)
    ]


def taken_over(listed: list[Hour], known: list[Hour], now: datetime) -> list[Hour]:
    found = plan(listed, known, [], now)
    assert found.clashes == ()
    there = {one.id: one for one in (*known, *found.changed, *found.ended)}
    for number, one in enumerate(found.added, len(known) + 1):
        there[HourId(number)] = replace(one, id=HourId(number))
    return list(there.values())


def held(hours: list[Hour], first: date, last: date) -> list[tuple[date, time, int]]:
    return sorted(
        (at.on, at.end, at.hour.seats) for one in hours for at in occurrences(one, [], first, last)
    )


@given(
    read=st.lists(
        st.tuples(files(), st.integers(0, 3), st.sampled_from([0, 12])), min_size=1, max_size=4
    )
)
def test_what_is_to_come_is_as_listed_and_what_was_held_stays_whatever_was_read_before(
    read: list[tuple[list[Hour], int, int]],
) -> None:
    known, now = list[Hour](), NOW
    for listed, weeks, at in read:
        # On a day that goes on time does not go back.
        at_least = max(now.hour if not weeks else 0, at)
        now = datetime.combine(now.date() + weeks * WEEK, time(at_least))
        today = now.date()
        later = today + 30 * WEEK
        goes_on = bool(at_least and held(known, today, today))
        to_come = today + goes_on * timedelta(days=1)
        begun = to_come - timedelta(days=1)
        before = held(known, today - 30 * WEEK, begun)
        known = taken_over(listed, known, now)
        assert held(known, today - 30 * WEEK, begun) == before
        assert held(known, to_come, later) == held(listed, to_come, later)
        since = [one for one in known if one.last is None or one.last >= today - FURTHEST]
        assert plan(listed, since, [], now) == TakenOver()
