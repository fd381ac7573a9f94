"""Which words of the FAQ a message may have meant."""

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.knowledge.lexicon import (
    COMPOUND,
    ENGLISH,
    SYNONYM,
    TYPO,
    Lexicon,
    Synonyms,
    shipped_synonyms,
)
from bot.knowledge.normalise import normalise, stop_words

KNOWN = [
    "wachtwoord",
    "printer",
    "scherm",
    "les",
    "rooster",
    "opname",
    "bestand",
    "cijfer",
    "lijst",
    "map",
    "de",
    "niet",
]


ALIKE = st.text("aeprt1", min_size=4, max_size=12)


def lexicon(*known: str, synonyms: Mapping[str, Mapping[str, float]] | None = None) -> Lexicon:
    return Lexicon.of(known or KNOWN, Synonyms(synonyms or {}))


def test_what_was_typed_counts_1() -> None:
    assert lexicon().expand(["wachtwoord", "les"]) == {"wachtwoord": 1.0, "les": 1.0}


@pytest.mark.parametrize("typed", ["wachtword", "wahctwoord", "wachtwooord", "wachtwoort"])
def test_a_typing_error_finds_its_word(typed: str) -> None:
    meant = lexicon().expand([typed])
    assert set(meant) == {typed, "wachtwoord"}
    assert meant[typed] == 1.0
    assert 0.5 < meant["wachtwoord"] < TYPO


@given(st.frozensets(ALIKE), ALIKE)
def test_no_typing_error_is_missed(known: frozenset[str], typed: str) -> None:
    shares = [
        OSA.normalized_similarity(typed, word)
        for word in known - stop_words()
        if abs(len(word) - len(typed)) <= 2
    ]
    nearest = sorted((TYPO * share for share in shares if share >= 0.74), reverse=True)[:2]
    found = Lexicon.of(known, Synonyms({}))._typos(typed)
    assert sorted(found.values(), reverse=True) == nearest


def test_a_nearer_word_weighs_more() -> None:
    meant = lexicon("printer", "sprinter").expand(["prnter"])
    assert meant["printer"] > meant.get("sprinter", 0.0)


@pytest.mark.parametrize("typed", ["lea", "mip", "1234", "12345678"])
def test_short_words_and_numbers_are_not_taken_for_typing_errors(typed: str) -> None:
    assert lexicon("les", "map", "1235", "12345679").expand([typed]) == {typed: 1.0}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("lesrooster", {"les", "rooster"}),
        ("roosterslijst", {"rooster", "lijst"}),
        ("printermap", {"printer", "map"}),
        ("cijferenlijst", {"cijfer", "lijst"}),
        ("mapelijst", {"map", "lijst"}),
    ],
)
def test_a_compound_is_split_at_its_link_letters(typed: str, parts: set[str]) -> None:
    weights = {typed: 1.0, **dict.fromkeys(parts, COMPOUND)}
    assert lexicon().expand([typed]) == weights


def test_the_longest_first_part_wins() -> None:
    meant = lexicon("les", "lesrooster", "roosterlijst", "lijst").expand(["lesroosterlijst"])
    assert set(meant) == {"lesroosterlijst", "lesrooster", "lijst"}


def test_a_compound_is_not_split_at_stop_words() -> None:
    assert lexicon("niet", "printer", "hoe").expand(["nietprinter"]).keys() <= {
        "nietprinter",
        "printer",
    }
    assert "niet" not in lexicon("niet", "printer").expand(["printerniet"])


def test_words_that_the_faq_joins_are_joined() -> None:
    assert lexicon("wachtwoord").expand(["wacht", "woord"])["wachtwoord"] == COMPOUND


def test_a_typed_word_keeps_its_weight_when_it_is_also_a_joined_one() -> None:
    assert lexicon("wachtwoord").expand(["wachtwoord", "wacht", "woord"])["wachtwoord"] == 1.0


def test_a_synonym_stands_in_for_an_unknown_word() -> None:
    meant = lexicon(synonyms={"paswoord": {"wachtwoord": SYNONYM}}).expand(["paswoord"])
    assert meant == {"paswoord": 1.0, "wachtwoord": SYNONYM}


def test_a_synonym_that_the_faq_does_not_use_is_no_guess() -> None:
    meant = lexicon(synonyms={"toegangscode": {"pincode": SYNONYM}}).expand(["toegangscode"])
    assert meant == {"toegangscode": 1.0}


def test_the_greatest_weight_counts_when_two_words_mean_the_same() -> None:
    both = {"paswoord": {"wachtwoord": SYNONYM}, "password": {"wachtwoord": ENGLISH}}
    meant = lexicon(synonyms=both).expand(["paswoord", "password"])
    assert meant["wachtwoord"] == ENGLISH


def test_english_words_are_understood() -> None:
    meant = Lexicon.of(["wachtwoord"], shipped_synonyms()).expand(["password"])
    assert meant["wachtwoord"] == ENGLISH


def test_the_shipped_synonyms_are_normalised_and_never_name_themselves() -> None:
    of = shipped_synonyms().of
    assert all(normalise(word) == word for word in of)
    assert all(word not in others for word, others in of.items())
    assert {weight for others in of.values() for weight in others.values()} == {SYNONYM, ENGLISH}


def test_known_words_are_never_replaced() -> None:
    other = {"les": {"rooster": SYNONYM}, "printer": {"scherm": SYNONYM}}
    assert lexicon(synonyms=other).expand(["les", "printer"]) == {"les": 1.0, "printer": 1.0}


def test_stop_words_are_never_replaced() -> None:
    other = {"hoe": {"les": SYNONYM}}
    assert lexicon(synonyms=other).expand(["hoe"]) == {"hoe": 1.0}


@given(st.lists(st.text(alphabet="hoewatniedlspr", min_size=1, max_size=9), max_size=5))
@example(["d", "e"])
def test_a_stop_word_is_never_a_guess(typed: list[str]) -> None:
    known = [*KNOWN, "hoe", "wat", "waar", "welke", "gewoon"]
    synonyms = {word: {"hoe": SYNONYM, "les": SYNONYM} for word in typed}
    meant = lexicon(*known, synonyms=synonyms).expand(typed)
    assert not (set(meant) - set(typed)) & stop_words()
    assert set(meant) - set(typed) <= set(known)
    assert all(0 < weight <= 1 for weight in meant.values())
    assert all(meant[word] == 1 for word in typed)


def test_knowing_is_understanding_without_a_guess() -> None:
    words = lexicon(synonyms={"paswoord": {"wachtwoord": SYNONYM}})
    assert words.knows("printer")
    assert words.knows("paswoord")
    assert words.knows("hoe")
    assert not words.knows("prnter")
