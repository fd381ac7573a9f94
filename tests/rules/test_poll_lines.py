"""A question of a poll is typed as one line, and stands in the form as it can be typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.text import poll_words
from bot.polls.lines import read_line, read_lines, write_lines
from bot.polls.model import Asks, Goal, Kind
from bot.polls.templates import templates

WORDS = poll_words()

plain = (
    st.text("abc de?", min_size=1).map(str.strip).filter(lambda text: text and "goal" not in text)
)
goals = st.none() | st.builds(
    lambda share, least: Goal(share / 100, least), st.integers(0, 100), st.integers(1, 9999)
)
scales = st.builds(Asks, st.just(Kind.SCALE), plain, low=plain, high=plain, goal=goals)
choices = st.builds(
    Asks,
    st.sampled_from([Kind.CHOICE, Kind.CHOICES]),
    plain,
    st.lists(plain, min_size=2, max_size=10).map(tuple),
    goal=goals,
)
others = st.builds(Asks, st.sampled_from([Kind.NUMBER, Kind.OPEN, Kind.SCALE]), plain, goal=goals)


@given(st.lists(scales | choices | others), st.sampled_from(["nl", "en"]))
def test_what_is_written_reads_back_the_same(questions: list[Asks], language: str) -> None:
    assert read_lines(write_lines(questions, WORDS, language), WORDS) == tuple(questions)


@given(st.text())
def test_any_text_is_read_as_some_questions(text: str) -> None:
    assert len(read_lines(text, WORDS)) <= len(text.splitlines())


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Hoe gaat het?", Asks(Kind.SCALE, "Hoe gaat het?")),
        ("Let op: hoe gaat het?", Asks(Kind.SCALE, "Let op: hoe gaat het?")),
        ("CIJFER:Hoe? (slecht/goed)", Asks(Kind.SCALE, "Hoe?", low="slecht", high="goed")),
        ("cijfer: Hoe (in de les)?", Asks(Kind.SCALE, "Hoe (in de les)?")),
        ("scale: How? goal mean 4", Asks(Kind.SCALE, "How?", goal=Goal(0, 4))),
        ("keuze: Wat? (dit / dat)", Asks(Kind.CHOICE, "Wat?", ("dit", "dat"))),
        ("keuze: Wat?", Asks(Kind.CHOICE, "Wat?")),
        (
            "meerdere: Wat? (a / b / c) Doel: 80 % vanaf 3",
            Asks(Kind.CHOICES, "Wat?", ("a", "b", "c"), goal=Goal(0.8, 3)),
        ),
        ("open: Wat (kort)?", Asks(Kind.OPEN, "Wat (kort)?")),
        ("number: How often?", Asks(Kind.NUMBER, "How often?")),
    ],
)
def test_a_line_is_read_in_either_language(line: str, asks: Asks) -> None:
    assert read_line(line, WORDS) == asks


def test_the_templates_are_the_same_in_both_languages_and_stand_in_the_form() -> None:
    dutch, english = templates("nl"), templates("en")
    assert [one.name for one in dutch] == ["pulse", "tools", "development", "yearly", "training"]
    for one, other in zip(dutch, english, strict=True):
        assert [(asks.kind, asks.goal) for asks in one.form.questions] == [
            (asks.kind, asks.goal) for asks in other.form.questions
        ]
        lines = write_lines(one.form.questions, WORDS, "nl")
        assert read_lines(lines, WORDS) == one.form.questions
