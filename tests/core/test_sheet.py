"""A file opens in columns in a spreadsheet, and no cell of it is taken for a formula."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.sheet import safe, sheet

SIGNS = ("=", "+", "-", "@")
texts = st.text(alphabet=st.sampled_from([*SIGNS, *"a1 \"\t\r\n,;'|"]), max_size=12)


def cells(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def test_a_spreadsheet_knows_the_alphabet_and_the_columns() -> None:
    text = sheet(("naam", "zei"), [("Zoë", 'a;b "c"\nd'), ("", "1,5")])
    assert text.startswith('\ufeff"naam";"zei"\r\n"Zoë";')
    assert cells(text, ";") == [["naam", "zei"], ["Zoë", 'a;b "c"\nd'], ["", "1,5"]]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3), st.sampled_from(";,\t"))
def test_no_cell_is_a_formula_whatever_a_program_separates_by(
    rows: list[tuple[str, str]], delimiter: str
) -> None:
    text = sheet(("a", "b"), [[safe(one) for one in row] for row in rows])
    for row in cells(text, delimiter):
        assert not [one for one in row if one.lstrip().startswith(SIGNS)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("x,=1", "x,'=1"),
        ("x\t=1\n-2", "x\t'=1\n'-2"),
        (' "@a', "' \"@a"),
        ("\uff1d1", "'\uff1d1"),
        ("\ttab", "'\ttab"),
    ],
)
def test_a_sign_that_begins_a_formula_is_defused(text: str, written: str) -> None:
    assert safe(text) == written


@pytest.mark.parametrize("text", ["", "Ann", "a = b", "1; 2, 3", "e-mail", "'=1", "a@b.nl"])
def test_a_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert safe(text) == text
