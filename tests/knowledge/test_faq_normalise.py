"""From a message to words, stems and pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.knowledge.normalise import (
    MAX_LENGTH,
    content,
    normalise,
    normalised,
    pieces_of,
    stem,
    stems,
    stop_words,
    words,
)


@given(st.text())
@example("ﷺ" * MAX_LENGTH)
@example("㏂ " * MAX_LENGTH)
@example("𝐇𝐚𝐥𝐥𝐨 İstanbul ŉ ǰ ß e\u0301's")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_only_plain_letters_digits_and_single_blanks_are_left(text: str) -> None:
    plain = normalise(text)
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert plain == " ".join(plain.split())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Coördinator één café", "coordinator een cafe"),
        ("cafe\u0301's", "cafes"),
        ("foto's", "fotos"),
        ("foto’s foto´s foto`s", "fotos fotos fotos"),
        ("'s avonds", "s avonds"),
        ("i-coach", "icoach"),
        ("icoach", "icoach"),
        ("I‑coach", "icoach"),
        ("e-mail en m-schijf", "email en mschijf"),
        ("wi-fi", "wi fi"),
        ("Help!!! 😀 printer👩‍🏫stuk", "help printer stuk"),
        ("wacht\u00adwoord wacht\u200bwoord", "wachtwoord wachtwoord"),
        ("𝐰𝐚𝐜𝐡𝐭 WOORD Ⅳ ½", "wacht woord iv 1 2"),
        ("Straße", "strasse"),
        ("heeeeel laaaang", "heel laang"),
        ("1111 vs 11", "1111 vs 11"),
        ("مرحبا", ""),
        ("😀", ""),
        ("", ""),
        ("  \n\t ", ""),
    ],
)
def test_a_text_becomes_plain_words(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.lists(st.text(st.sampled_from("aAé e-i'`’\n\t?3")) | st.text(), max_size=6))
@example(["x" * 1_500, "aaa  bbb-c ", ""])
def test_many_texts_are_normalised_as_each_is(texts: list[str]) -> None:
    assert normalised(texts) == [normalise(text) for text in texts]


def test_ten_thousand_signs_are_cut_and_the_start_is_kept() -> None:
    plain = normalise("wachtwoord " * 1_000)
    assert len(plain) <= MAX_LENGTH
    assert plain.startswith("wachtwoord wachtwoord ")
    assert len(normalise("x1" * 5_000)) == MAX_LENGTH


def test_words_are_what_blanks_part() -> None:
    assert words("Waar is mijn i-coach?") == ["waar", "is", "mijn", "icoach"]
    assert words("!?") == []


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("printers") == stem("printer")
    assert stem("schermen") == stem("scherm")


def test_stems_leave_out_stop_words_and_keep_their_order() -> None:
    assert stems("Hoe deel ik mijn scherm in de les?") == [
        stem("deel"),
        stem("scherm"),
        stem("les"),
    ]
    assert stems("hoe wat waar") == []


def test_stop_words_are_in_the_form_of_words() -> None:
    assert {"hoe", "mn", "zijn", "the"} <= stop_words()
    assert all(normalise(word) == word for word in stop_words())


def test_content_is_the_same_for_wordings_that_say_the_same() -> None:
    assert content("Hoe deel ik mijn scherm?") == content("mijn scherm delen, hoe dan")
    assert content("scherm delen") != content("scherm opnemen")


def test_pieces_mark_the_edges_of_a_word() -> None:
    assert pieces_of("lessen") == (" les", "less", "esse", "ssen", "sen ")
    assert pieces_of("pc") == (" pc ",)
    assert pieces_of("a") == ()


@given(st.text(alphabet="abcdef", min_size=1))
def test_pieces_have_three_to_five_signs_of_the_word(word: str) -> None:
    assert all(len(piece) == 4 and piece in f" {word} " for piece in pieces_of(word))
