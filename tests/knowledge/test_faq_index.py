"""Cosines between texts and a message, by term and by text."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.index import ByTerm, ByText, Words
from bot.knowledge.ragged import Ragged, numbered

Texts = Sequence[Sequence[str]]
texts = st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=6)
queries = st.dictionaries(st.sampled_from("abcdefxyz"), st.floats(0.1, 1.0), max_size=6)


def both(said: Texts) -> tuple[ByTerm, ByText]:
    numbers, rows = numbered(said)
    words = Words.of([word] for word in numbers)
    return ByTerm.build(rows, words), ByText.build(rows, words)


def cosines(said: Texts, query: dict[str, float]) -> list[float]:
    """Return what both indexes say, which must be the same."""
    by_term, by_text = both(said)
    found = by_term.cosines(query)
    every = np.arange(len(said)), np.ones(len(said), np.int64)
    if said:
        assert by_text.cosines(query, *every) == pytest.approx(found, abs=1e-6)
    return [float(one) for one in found]


def as_query(text: Sequence[str]) -> dict[str, float]:
    return {term: 1 + math.log(count) for term, count in Counter(text).items()}


@given(texts)
def test_the_cosine_of_a_text_with_itself_is_1(said: Texts) -> None:
    for place, text in enumerate(said):
        expected = 1.0 if text else 0.0
        assert cosines(said, as_query(text))[place] == pytest.approx(expected, abs=1e-5)


@given(texts, queries)
def test_cosines_are_between_0_and_1(said: Texts, query: dict[str, float]) -> None:
    assert all(0 <= one <= 1 for one in cosines(said, query))


@given(texts, queries)
def test_unknown_terms_lower_every_cosine(said: Texts, query: dict[str, float]) -> None:
    more = {**query, "nergens": 1.0}
    for before, after in zip(cosines(said, query), cosines(said, more), strict=True):
        assert after < before or before == 0


@given(texts, queries)
def test_texts_without_a_shared_term_score_0(said: Texts, query: dict[str, float]) -> None:
    for text, found in zip(said, cosines(said, query), strict=True):
        assert (found > 0) == bool(set(text) & set(query))


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    common, rare = cosines([["a", "x"], ["a", "b"], ["a", "c"]], {"a": 1.0, "b": 1.0})[:2]
    assert rare > common


def test_an_index_without_texts_has_no_cosines() -> None:
    assert cosines([], {"a": 1.0}) == []
    assert cosines([], {}) == []


def test_texts_without_terms_have_cosine_0() -> None:
    assert cosines([[], ["a"], []], {"a": 1.0}) == [0.0, pytest.approx(1.0), 0.0]
    assert cosines([[], []], {"a": 1.0}) == [0.0, 0.0]


def test_an_empty_query_finds_nothing() -> None:
    assert cosines([["a"], ["b"]], {}) == [0.0, 0.0]


def test_only_the_chosen_texts_are_compared() -> None:
    _, by_text = both([["a"], ["b"], ["a", "b"], ["c"], ["a"]])
    found = by_text.cosines({"a": 1.0}, np.asarray([0, 3]), np.asarray([1, 2]))
    assert found.tolist() == [pytest.approx(1.0), 0.0, pytest.approx(1.0)]


def test_an_index_knows_who_holds_a_term() -> None:
    by_term, _ = both([["a"], ["b", "c"], ["a", "c"], ["d"]])
    holders = {term: [by_term.holds(term, text) for text in range(4)] for term in "acx"}
    assert holders["a"] == [True, False, True, False]
    assert holders["c"] == [False, True, True, False]
    assert holders["x"] == [False] * 4


def test_an_unknown_term_is_the_rarest() -> None:
    by_term, _ = both([["a", "b"], ["a"]])
    terms = by_term.terms
    assert terms.rarity("x") > terms.rarity("b") > terms.rarity("a")


def test_many_texts_are_counted_in_chunks_to_the_same_figures() -> None:
    by_term, by_text = both([["a", "b"] if place % 2 else ["a"] for place in range(20_001)])
    found = by_term.cosines({"b": 1.0})
    assert np.count_nonzero(found) == 10_000
    ends = by_text.cosines({"b": 1.0}, np.asarray([0, 19_999]), np.asarray([2, 2]))
    assert ends.tolist() == pytest.approx([0.0, found[1], found[19_999], 0.0])


@given(texts)
def test_rows_of_unequal_length_stay_what_they_are(said: Texts) -> None:
    numbers, rows = numbered(said)
    names = list(numbers)
    read = [
        [names[value] for value in rows.values[start:end]]
        for start, end in zip(rows.starts, rows.starts[1:], strict=False)
    ]
    assert read == [list(text) for text in said]


def test_rows_can_be_taken_joined_and_replaced() -> None:
    rows = Ragged.of([[0, 1], [], [2], [1]])
    taken = rows.take(np.asarray([2, 0, 1]))
    assert (taken.values.tolist(), taken.starts.tolist()) == ([2, 0, 1], [0, 1, 3, 3])
    joined = rows.joined(np.asarray([2, 2]))
    assert (joined.values.tolist(), joined.starts.tolist()) == ([0, 1, 2, 1], [0, 2, 4])
    replaced = rows.through(Ragged.of([[7, 8], [], [9]]))
    assert (replaced.values.tolist(), replaced.starts.tolist()) == ([7, 8, 9], [0, 2, 2, 3, 3])
    assert rows.rows(2, 4).values.tolist() == [2, 1]
