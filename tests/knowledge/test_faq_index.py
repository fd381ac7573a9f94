"""Cosines between texts and a message."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.counted import Counted
from bot.knowledge.index import ByTerm, length
from bot.knowledge.ragged import Ragged, numbered, numbered_words
from bot.knowledge.rows import WithRows
from bot.knowledge.terms import Words

Texts = Sequence[Sequence[str]]
texts = st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=6)
queries = st.dictionaries(st.sampled_from("abcdefxyz"), st.floats(0.1, 1.0), max_size=6)


def index(said: Texts) -> tuple[Words, Ragged]:
    """Return texts of words that are each one term."""
    numbers, rows = numbered(said)
    return Words.of(numbers, lambda word: (word,)), rows


def cosines(said: Texts, query: dict[str, float]) -> list[float]:
    words, rows = index(said)
    by_term, asked = ByTerm.build(Counted.of(rows), words), words.query(query)
    worth = by_term.rarity.worth(asked)
    found = by_term.cosines(worth, by_term.find(asked.terms)) / length(worth)
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
    assert all(0 <= one <= 1 + 1e-6 for one in cosines(said, query))


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


@pytest.mark.parametrize("room", [0, 1_000_000])
@given(said=texts.map(lambda some: some * 3), query=queries)
def test_terms_with_rows_count_as_the_others_do(
    room: int, said: Texts, query: dict[str, float]
) -> None:
    words, rows = index(said)
    whole, asked = ByTerm.build(Counted.of(rows), words), words.query(query)
    worth, found = whole.rarity.worth(asked), whole.find(asked.terms)
    by_cosine = pytest.approx(whole.cosines(worth, found) / length(worth), abs=1e-6)
    (cosines,) = WithRows.of(whole, room).near(asked)
    assert cosines == by_cosine
    cosines, content = WithRows.of(whole, room, content=True).near(asked)
    assert cosines == by_cosine
    assert content == pytest.approx(whole.held(worth, found), abs=1e-5)


def test_of_many_texts_a_term_of_few_has_no_row() -> None:
    words, rows = index([["a", "b"], *[["a"]] * 9])
    whole, asked = ByTerm.build(Counted.of(rows), words), words.query({"a": 1, "b": 1, "x": 1})
    assert WithRows.of(whole, 0).numbers.take(asked.terms).tolist() == [1, 0, 0]
    assert WithRows.of(whole).numbers.take(asked.terms).tolist() == [1, 2, 0]


def test_an_index_knows_who_holds_a_term() -> None:
    words, rows = index([["a"], ["b", "c"], ["a", "c"], ["d"]])
    found = ByTerm.build(Counted.of(rows), words).find(
        words.query({"c": 1.0, "x": 1.0, "a": 1.0}).terms
    )
    assert found.texts.tolist() == [0, 2, 1, 2]
    assert found.spread(np.asarray([0.1, 0.2, 0.3], np.float32)).tolist() == pytest.approx(
        [0.1, 0.1, 0.2, 0.2]
    )


def test_an_unknown_term_is_the_rarest() -> None:
    words, rows = index([["a", "b"], ["a"]])
    often, once, unknown = ByTerm.build(Counted.of(rows), words).rarity.idf
    assert unknown > once > often


def test_a_term_of_several_words_keeps_the_greatest_weight() -> None:
    words = Words.of(["ab", "bc"], tuple)
    query = words.query({"ab": 1.0, "bc": 0.5})
    assert dict(zip(query.terms.tolist(), query.weights.tolist(), strict=True)) == {
        words.numbers["a"]: 1.0,
        words.numbers["b"]: 1.0,
        words.numbers["c"]: 0.5,
    }


def test_unknown_terms_are_told_apart_and_each_counts_once() -> None:
    words = Words.of(["ab"], tuple)
    assert sorted(words.query({"axy": 1.0, "yz": 1.0}).terms.tolist()) == [0, 2, 2, 2]


def test_many_texts_are_counted_in_chunks_to_the_same_figures() -> None:
    found = cosines([["a", "b"] if place % 2 else ["a"] for place in range(200_001)], {"b": 1.0})
    assert np.count_nonzero(found) == 100_000
    assert [found[0], found[199_999], found[200_000]] == [0.0, found[1], 0.0]


@given(texts, st.lists(st.lists(st.sampled_from("xyz"), max_size=9), min_size=6, max_size=6))
def test_terms_are_counted_as_if_texts_were_spelled_out(
    said: Texts, terms: Sequence[Sequence[str]]
) -> None:
    numbers, rows = numbered(said)
    names, spelled = numbered(terms[number] for number in range(len(numbers)))
    found = [
        dict(zip(part.terms.row(text).tolist(), part.repeats[place:].tolist(), strict=False))
        for part in Counted.of(rows).through(spelled)
        for text, place in enumerate(part.terms.starts[:-1])
    ]
    expected = [Counter(term for word in text for term in terms[numbers[word]]) for text in said]
    assert found == [{names[term]: count for term, count in one.items()} for one in expected]


@given(st.lists(st.lists(st.sampled_from(["aan", "b", "uit"]), max_size=4), max_size=1_200))
def test_words_of_texts_get_the_numbers_of_rows(said: Texts) -> None:
    (names, rows), (same, words) = numbered(said), numbered_words(map(" ".join, said))
    assert (names, rows.values.tolist()) == (same, words.values.tolist())
    assert rows.starts.tolist() == words.starts.tolist()


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
