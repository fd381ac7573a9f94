"""No figure of an anonymous round lets anybody be seen: the rules, against an attacker's sums."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.polls.disclosure import FEWEST, SMALLEST, WIDTH, bounds, merged, shown
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
    kept = set(shown(round_cells))
    hidden = [cell for cell in round_cells if cell.group not in kept]

    assert all(cell.answered >= FEWEST for cell in round_cells if cell.group in kept)
    if kept and hidden:
        assert all(high - low >= WIDTH for low, high in bounds(hidden))


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
