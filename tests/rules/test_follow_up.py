"""When a message goes on about the question before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.follow_up import (
    goes_on,
    is_fragment,
    names_nothing,
    refers_back,
    says_little,
    subjects_of,
    together,
)
from bot.knowledge.normalise import MAX_LENGTH, normalise

GOES_ON = (
    "en op mijn telefoon?",
    "En met geluid erbij?",
    "maar als het te groot is?",
    "of ipads?",
    "ook op mijn telefoon?",
    "ok, en hoe voeg ik daar studenten aan toe?",
    "bedankt! en in het weekend?",
    "hoe zit dat dan met filmpjes?",
    "hoe doe ik dat op een chromebook?",
    "waar staat die dan?",
    "kan dat ook vooraf?",
    "werkt het ook zonder internet",
    "op mijn telefoon?",
    "en dan?",
    "what about my phone?",
    "and where do I find it?",
    "does that also work on a tablet?",
    "kan ik ook bellen?",
    "is dat gratis?",
    "waarom?",
    "werkt niet",
    "nog steeds niet",
)
ITS_OWN = (
    "hoe deel ik mijn scherm in een online les?",
    "printen lukt niet",
    "het wachtwoord vergeten",
    "dat document terughalen",
    "hoe zorg ik dat ik minder meldingen krijg",
    "een student die niet kan inloggen",
    "in teams scherm delen",
    "op mijn telefoon",
    "how do I record a lesson",
    "en hoe zet ik ondertiteling bij een filmpje dat studenten zelf hebben gemaakt voor hun stage?",
    "wie is mijn i-coach",
    "engels toetsen nakijken",
    "ofwel niet",
    "",
    "ok",
)


@pytest.mark.parametrize("text", GOES_ON)
def test_these_go_on_about_what_was_asked_before(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize("text", ITS_OWN)
def test_these_say_themselves_what_they_are_about(text: str) -> None:
    assert not goes_on(text)


@pytest.mark.parametrize(
    "text", ["hoe voeg ik daar iemand aan toe", "waar vind ik die", "is it on"]
)
def test_a_word_that_stands_for_something_refers_back(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize(
    "text", ["dat document", "zorgen dat ik", "een collega die ziek is", "het digibord"]
)
def test_an_article_or_a_conjunction_refers_to_nothing(text: str) -> None:
    assert not refers_back(text)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("en hoe zet ik dat weer uit?", {"uitzetten"}),
        ("hoe haal ik de ondertitels weg", {"ondertitels", "weghalen"}),
        ("hoe zet ik ondertitels erbij", {"ondertitels", "erbij"}),
        ("werkt niet", set()),
        ("", set()),
    ],
)
def test_a_verb_that_stands_in_two_places_is_one_subject(text: str, subjects: set[str]) -> None:
    assert subjects_of(text) == subjects


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("hoe zet ik dat uit?", True),
        ("uitzetten?", False),
        ("werkt nog steeds niet", True),
        ("waarom?", True),
        ("en mijn telefoon?", False),
    ],
)
def test_a_message_may_have_a_verb_and_name_nothing(text: str, *, nothing: bool) -> None:
    assert names_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("ok, en voor mijn mentorklas?", True),
        ("maar als hij ziek is?", True),
        ("and on my phone?", True),
        ("en mijn salaris?", False),
        ("voor mijn mentorklas?", False),
        ("enquete op papier", False),
    ],
)
def test_a_message_may_be_the_rest_of_a_sentence(text: str, *, fragment: bool) -> None:
    assert is_fragment(text) is fragment


def test_both_questions_are_one_text() -> None:
    assert together("wifi op mijn laptop?", "en mijn telefoon?") == (
        "wifi op mijn laptop?\nen mijn telefoon?"
    )


@given(st.text(max_size=3_000), st.text(max_size=MAX_LENGTH))
def test_of_two_long_questions_the_newer_is_kept_whole(previous: str, text: str) -> None:
    both = together(previous, text)
    assert both.endswith(text.strip())
    assert len(both) <= MAX_LENGTH


@given(st.text(max_size=60))
def test_case_accents_and_signs_decide_nothing_but_a_question_mark(text: str) -> None:
    assert goes_on(f"{normalise(text)}?") == goes_on(f"{normalise(text).upper()} ?")


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("kan dat ook vooraf?", True),
        ("en kan dat vooraf?", True),
        ("can that be done?", True),
        ("de wifi doet het niet", False),
        ("kan dat document in het lokaal printen?", False),
        ("hoe print ik?", False),
    ],
)
def test_a_message_may_leave_what_it_is_about_to_what_was_said_before(
    text: str, *, little: bool
) -> None:
    assert says_little(text) is little
