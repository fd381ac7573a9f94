"""What words mean, as vectors: near to words that mean alike, also those the FAQ does not use."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.meaning import Floats, Meanings, WordVectors, alike, lengths_of
from bot.knowledge.ragged import numbered

KNOWN = {
    "wifi": (100, 0, 0),
    "draadloos": (90, 10, 0),
    "wachtwoord": (0, 100, 0),
    "inlogcode": (10, 90, 0),
    "mijn": (0, 0, 100),
}
TELLS = (2.0, 2.0, 2.0, 2.0, 0.1)
VECTORS = WordVectors(
    {word: number for number, word in enumerate(KNOWN)},
    np.array([*KNOWN.values()], np.int8),
    np.array(TELLS, np.float32),
)
SUBJECTS = (("mijn wifi",), ("wachtwoord",), ("zomaar iets",), ())


def meanings() -> Meanings:
    known, said = numbered(" ".join(texts).split() for texts in SUBJECTS)
    return Meanings.build(said, list(known), VECTORS)


def near(*words: str) -> list[float]:
    found: list[float] = meanings().near(VECTORS.told(dict.fromkeys(words, 1.0))).tolist()
    return found


def nearness(some: list[str], others: list[str]) -> Floats:
    """Return how near shipped words are to others."""
    shipped = WordVectors.shipped()
    rows = shipped.of(others)
    return alike(shipped.of(some), rows, lengths_of(rows))


def test_a_word_that_a_subject_uses_is_wholly_near() -> None:
    assert near("wifi")[0] == pytest.approx(1.0)


def test_a_word_that_means_about_the_same_is_near_and_another_is_not() -> None:
    wifi, password, *_ = near("draadloos")
    assert wifi > 0.9
    assert password < 0.2


def test_a_word_that_tells_much_outweighs_one_that_tells_little() -> None:
    wifi, password, *_ = near("mijn", "inlogcode")
    assert password > 0.9 > wifi


def test_a_word_counts_as_much_as_it_was_meant() -> None:
    index = meanings()
    sure = index.near(VECTORS.told({"wifi": 1.0, "wachtwoord": 0.5}))
    assert sure[0] > sure[1]


def test_a_message_of_unknown_words_and_a_subject_of_them_are_near_to_nothing() -> None:
    assert near("qwerty") == [0, 0, 0, 0]
    assert near("wifi")[2:] == [0, 0]


def test_what_was_found_before_changes_nothing() -> None:
    index = meanings()
    told = VECTORS.told({"draadloos": 1.0, "inlogcode": 1.0})
    first, again = index.near(told), index.near(told)
    assert first.tolist() == again.tolist()
    assert near("draadloos", "inlogcode") == first.tolist()


def test_no_more_is_remembered_than_there_is_room_for_and_nothing_found_changes() -> None:
    index, wide = replace(meanings(), room=3 * len(SUBJECTS)), meanings()
    for asked in (["wifi", "draadloos"], ["wifi", "inlogcode", "mijn"], ["mijn", "wachtwoord"]):
        told = VECTORS.told(dict.fromkeys(asked, 1.0))
        assert index.near(told).tolist() == wide.near(told).tolist()
        assert len(index.asked) <= 3


@given(st.dictionaries(st.sampled_from([*KNOWN, "qwerty"]), st.floats(0.1, 1)))
def test_nearness_is_a_share_whatever_was_typed(meant: dict[str, float]) -> None:
    found = meanings().near(VECTORS.told(meant))
    assert np.all((found >= 0) & (found <= 1 + 1e-6))


def test_the_words_that_are_shipped_are_plain_and_each_has_a_direction() -> None:
    shipped = WordVectors.shipped()
    assert len(shipped.numbers) == len(shipped.rows) == len(shipped.tells) > 40_000
    assert np.all(shipped.tells > 0)
    assert np.all(np.abs(shipped.rows).max(axis=1) == 127)


def test_nearness_is_the_same_whatever_is_worked_out_at_once() -> None:
    words = list(WordVectors.shipped().numbers)[:300]
    at_once = nearness(words, words)
    for number in (0, 7, 299):
        alone = nearness(words[number : number + 1], words)
        assert alone[0].tolist() == at_once[number].tolist()


@pytest.mark.parametrize(
    ("word", "near_to", "far_from"),
    [
        ("internet", "wifi", "rubric"),
        ("inlogcode", "wachtwoord", "camera"),
        ("filmpje", "video", "wachtwoord"),
    ],
)
def test_shipped_words_lie_near_those_that_mean_alike(
    word: str, near_to: str, far_from: str
) -> None:
    near, far = nearness([word], [near_to, far_from])[0]
    assert near > far
