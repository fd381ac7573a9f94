"""The questions that one message may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.several import MOST, ways

SCREEN, RECORD = "hoe deel ik mijn scherm", "hoe neem ik een les op"


def first(text: str) -> tuple[str, ...]:
    return next(ways(text), ())


@pytest.mark.parametrize(
    "text",
    [
        f"{SCREEN}? {RECORD}?",
        f"{SCREEN}? En {RECORD}?",
        f"{SCREEN}?\n{RECORD}?",
        f"{SCREEN}? Daarnaast: {RECORD}?",
        f"{SCREEN}? verder, {RECORD}?",
        f"ik heb 2 vragen: {SCREEN}? en ook {RECORD}?",
        f"Hoi, twee vraagjes. 1. {SCREEN}? 2. {RECORD}?",
    ],
)
def test_question_marks_lines_and_numbers_part_questions(text: str) -> None:
    assert first(text) == (f"{SCREEN}?", f"{RECORD}?")


@pytest.mark.parametrize(
    "text",
    [
        f"{SCREEN} en {RECORD}",
        f"{SCREEN}, en ook {RECORD}",
        f"{SCREEN} en daarnaast {RECORD}",
        f"{SCREEN}\n{RECORD}",
        f"- {SCREEN}\n- {RECORD}",
        f"1) {SCREEN} 2) {RECORD}",
        f"vraag 1: {SCREEN} vraag 2: {RECORD}",
    ],
)
def test_words_part_questions_without_marks(text: str) -> None:
    assert first(text) == (SCREEN, RECORD)


def test_numbered_keywords_are_questions() -> None:
    assert first("1. wifi telefoon 2. printen") == ("wifi telefoon", "printen")


def test_what_is_told_goes_with_the_question_after_it() -> None:
    told = (
        "Mijn laptop is stuk. Hoe krijg ik een nieuwe laptop? En hoe kom ik op de wifi? Groet, Jan"
    )
    assert first(told) == (
        "Mijn laptop is stuk. Hoe krijg ik een nieuwe laptop?",
        "hoe kom ik op de wifi? Groet, Jan",
    )


def test_three_questions_are_three() -> None:
    assert len(first(f"{SCREEN}? {RECORD}? waar kan ik printen?")) == MOST


@pytest.mark.parametrize(
    "text",
    [
        SCREEN,
        f"{SCREEN}?",
        f"{SCREEN} en geluid?",
        "Mijn tas is weg met mijn laptop erin. Er stonden dossiers op. Waar moet ik zijn?",
        f"{SCREEN}? Dat lukt niet.",
        f"{SCREEN}? en hoe doe ik dat op mijn telefoon?",
        "hoe maak ik een team? en hoe voeg ik daar studenten aan toe?",
        f"{SCREEN}? hoe dan?",
        "hallo? is daar iemand?",
        f"{SCREEN}? {RECORD}? waar kan ik printen? en hoe kom ik op de wifi?",
        "toets klaarzetten en nakijken",
        "ik log in en kan mijn rooster niet zien",
        "versie 2. 1. kapot",
        "HELP map gewist!! Is daar nog iets van te redden??",
        "??????",
        "",
    ],
)
def test_these_are_one(text: str) -> None:
    assert list(ways(text)) == []


@pytest.mark.parametrize("sign", [" ", "\n", "\t", "en ", "1. ", "? ", "hoe a? ", "en ook, "])
def test_a_message_of_one_thing_over_and_over_holds_no_more_than_one_reading(sign: str) -> None:
    assert len(list(ways(f"hoe {sign * (2_000 // len(sign))} wifi"))) <= 1


@given(st.text(alphabet="abehowt?.,! \n1234567890", max_size=120))
def test_every_part_stands_in_the_message_in_order(text: str) -> None:
    for parts in ways(text):
        assert 1 < len(parts) <= MOST
        place = 0
        line = " ".join(text.split())
        for part in parts:
            place = line.index(" ".join(part.split()), place)
