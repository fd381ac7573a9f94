"""No figure of an anonymous round lets anybody be seen: the rules, against an attacker's sums."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.polls.disclosure import (
    FEWEST,
    HIDDEN,
    SMALLEST,
    WIDTH,
    bounds,
    kept,
    may_add,
    may_count,
    merged,
    shown,
)
from bot.polls.model import Cell


@st.composite
def cells(draw: st.DrawFn) -> list[Cell]:
    asked = draw(st.lists(st.integers(SMALLEST, 30), min_size=1, max_size=6))
    return [
        Cell(f"g{number}", size, draw(st.integers(0, size))) for number, size in enumerate(asked)
    ]


def possible(hidden: list[Cell]) -> list[tuple[int, int]]:
    """Try every way in which the hidden groups can have answered; an independent reckoning."""
    together = sum(cell.answered for cell in hidden)
    ways = [
        way for way in product(*(range(cell.asked + 1) for cell in hidden)) if sum(way) == together
    ]
    return [(min(of), max(of)) for of in zip(*ways, strict=True)]


@given(cells())
def test_no_hidden_group_can_be_narrowed_down(round_cells: list[Cell]) -> None:
    left = set(shown(round_cells))
    hidden = [cell for cell in round_cells if cell.group not in left]

    assert all(cell.answered >= FEWEST for cell in round_cells if cell.group in left)
    if left and hidden:
        assert all(high - low >= WIDTH for low, high in bounds(hidden))


Rule = Callable[[Sequence[Cell]], tuple[str, ...]]


def few_hidden(round_cells: Sequence[Cell]) -> tuple[str, ...]:
    """Hide groups with too few respondents, and nothing else."""
    return tuple(cell.group for cell in round_cells if cell.answered >= FEWEST)


def next_smallest_hidden(round_cells: Sequence[Cell]) -> tuple[str, ...]:
    """Hide, beside those, the next smallest by respondents until the bounds are wide enough."""
    by_size = sorted(round_cells, key=lambda cell: (cell.answered, cell.asked, cell.group))
    hidden = [cell for cell in by_size if cell.answered < FEWEST]
    left = [cell for cell in by_size if cell.answered >= FEWEST]
    while hidden and left and any(high - low < WIDTH for low, high in bounds(hidden)):
        hidden.append(left.pop(0))
    return tuple(sorted(cell.group for cell in left))


def least_known(asked: Sequence[int], rule: Rule) -> int:
    """Attack every round of these groups, knowing the rule; returns the least that is left unknown.

    That is how many numbers of respondents a hidden group can have, in all rounds of which the
    same would be shown.
    """
    rounds: dict[tuple[tuple[str, ...], int, tuple[int, ...]], list[tuple[int, ...]]] = {}
    for answered in product(*(range(size + 1) for size in asked)):
        round_cells = [
            Cell(str(at), size, count)
            for at, (size, count) in enumerate(zip(asked, answered, strict=True))
        ]
        if sum(answered) >= FEWEST and (left := rule(round_cells)):
            told = left, sum(answered), tuple(answered[int(name)] for name in left)
            rounds.setdefault(told, []).append(answered)
    return min(
        len({*of})
        for (left, *_), alike in rounds.items()
        for at, of in enumerate(zip(*alike, strict=True))
        if str(at) not in left
    )


@pytest.mark.parametrize("asked", [(10, 10, 10), (10, 12, 18), (14, 10, 11), (10, 10, 10, 11)])
def test_who_knows_the_rule_learns_of_a_hidden_group_at_most_that_it_is_small(
    asked: tuple[int, ...],
) -> None:
    assert least_known(asked, few_hidden) == 1
    assert least_known(asked, next_smallest_hidden) == 1
    assert least_known(asked, shown) >= len(range(FEWEST))


scores = st.integers(1, 5)


@st.composite
def scored(draw: st.DrawFn) -> list[tuple[Cell, list[int]]]:
    """Draw groups with what each answered on a scale."""
    found = draw(cells())
    return [
        (one, draw(st.lists(scores, min_size=one.answered, max_size=one.answered))) for one in found
    ]


def sums(of: Cell, others: Sequence[Cell], count: int, total: int) -> tuple[int, int]:
    """Return the least and the most that the scores of a hidden group can add up to.

    Known are how many each was asked, and of all hidden ones together the respondents and the sum:
    the linear bounds, one number of respondents after the other.
    """
    room = sum(one.asked for one in others)
    ways = [
        (max(mine, total - 5 * (count - mine)), min(5 * mine, total - (count - mine)))
        for mine in range(of.asked + 1)
        if 0 <= count - mine <= room
    ]
    possible_ways = [way for way in ways if way[0] <= way[1]]
    return min(low for low, _ in possible_ways), max(high for _, high in possible_ways)


@given(scored())
@settings(deadline=None)  # much is drawn
def test_no_sum_of_a_hidden_group_can_be_narrowed_down(
    answers: list[tuple[Cell, list[int]]],
) -> None:
    left = shown([cell for cell, _ in answers])
    hidden = [(cell, given_) for cell, given_ in answers if cell.group not in left]
    everything = [score for _, given_ in hidden for score in given_]
    for cell, given_ in hidden if left else []:
        others = [other for other, _ in hidden if other is not cell]
        low, high = sums(cell, others, len(everything), sum(everything))

        assert low <= sum(given_) <= high
        assert high - low >= WIDTH
        # Nor by who knows each answer of all hidden groups together, from the distribution.
        fewest, most = bounds([cell, *others])[0]
        known = sorted(everything)
        assert sum(known[len(known) - most :]) - sum(known[:fewest]) >= WIDTH


@given(scored())
@settings(deadline=None)  # much is drawn
def test_what_is_kept_names_no_group_that_is_hidden(answers: list[tuple[Cell, list[int]]]) -> None:
    asked = {cell.group: cell.asked for cell, _ in answers}
    given_ = [(cell.group, str(score)) for cell, found in answers for score in found]
    left = kept(asked, given_)
    counts = Counter(group for group, _ in left)

    if len(given_) < FEWEST:
        assert left == []
        return
    assert [value for _, value in left] == [value for _, value in given_]
    assert all(count >= FEWEST for count in counts.values())
    assert {*counts} - {HIDDEN} == {*shown([cell for cell, _ in answers])}


@given(cells(), st.data())
def test_no_count_of_a_hidden_group_can_be_narrowed_down(
    round_cells: list[Cell], data: st.DataObject
) -> None:
    left = shown(round_cells)
    hidden = [cell for cell in round_cells if cell.group not in left]
    everything = sum(cell.answered for cell in hidden)
    did = data.draw(st.lists(st.booleans(), min_size=everything, max_size=everything))
    if not left or not hidden or not may_count(did):
        return
    for at, cell in enumerate(hidden):
        most = bounds([cell, *hidden[:at], *hidden[at + 1 :]])[0][1]
        # Each may have none of those who did, and of those who did not, or as many as there are.
        for count in (sum(did), everything - sum(did)):
            assert min(count, most) >= WIDTH


def test_what_nobody_or_everybody_of_the_hidden_groups_did_is_not_told_of_the_others() -> None:
    assert may_count([])
    assert may_count([True] * 5 + [False] * 5)
    assert not may_count([False] * 12)
    assert not may_count([True] * 12)
    assert may_add([])
    assert may_add([0] * 11 + [5])
    assert not may_add([0] * 12)


@pytest.mark.parametrize("score", [1, 5])
def test_when_all_hidden_answers_are_at_one_end_no_mean_is_told(score: int) -> None:
    assert not may_add([score] * 12, 1, 5)
    assert not may_add([score] * 11 + [3], 1, 5)
    assert may_add([score] * 9 + [3] * 3, 1, 5)
    assert may_add([], 1, 5)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=4))
def test_the_bounds_are_what_trying_all_ways_gives(sizes: list[tuple[int, int]]) -> None:
    hidden = [Cell(str(at), max(size), min(size)) for at, size in enumerate(sizes)]

    assert bounds(hidden) == possible(hidden)


def test_one_group_that_is_hidden_takes_the_next_smallest_with_it() -> None:
    few, some, many = Cell("Breda", 12, 3), Cell("Tilburg", 20, 9), Cell("Etten", 30, 25)

    assert shown([many, few, some]) == ("Etten",)


def test_a_round_with_too_few_respondents_shows_no_group() -> None:
    assert shown([Cell("Breda", 20, 4)]) == ()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=9))
def test_a_group_that_is_asked_is_large_enough_or_there_is_no_breakdown(sizes: list[int]) -> None:
    groups = [(f"g{number}", size) for number, size in enumerate(sizes)]
    under = merged(groups, "overig")
    large: dict[str, int] = {}
    for name, size in groups:
        large[under[name]] = large.get(under[name], 0) + size

    assert set(under) == {name for name, _ in groups}
    assert set(large) == {""} or (len(large) > 1 and min(large.values()) >= SMALLEST)
