"""The file of figures says what the card says, and no spreadsheet takes it for formulas."""

import csv
from dataclasses import replace
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.cards import plain
from bot.dialogs.summary_cards import Cards
from bot.i18n.text import Texts
from bot.summary.figures import UNITS
from bot.summary.model import Stale
from bot.summary.report import Figures, Part, PollRound, Row
from bot.summary.table import HEADER, lines, write_csv
from tests.summary_examples import WEEK, ZONE, sent

FULL = sent().figures
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_file_holds_each_figure_of_the_card() -> None:
    found = sent()
    rows = read(write_csv(found.week, found.audience, found.figures))
    known = {row["figure"]: row["value"] for row in rows if not row["item"]}
    assert list(known) == list(UNITS)
    for name, value in found.figures.values.items():
        shown = known[name]
        assert shown == "" if value is None else abs(float(shown) - float(value)) < 1e-4
    cards = Cards(ZONE).whole(found, "nl")
    text = "\n".join(line.text for card in cards for line in plain.render(Texts("x"), card).lines)
    for name in ("messages", "routed", "closed", "ratings", "visits_helped"):
        assert known[name] in text
    for row in rows:
        if row["figure"] in ("load", "visits_per_fte") and row["item"]:
            assert row["item"] in text
            assert f"{float(row['value']):.1f}".replace(".", ",") in text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from([*DANGEROUS, "a", " ", '"', ",", ";", "\n", "'"])))
def test_no_cell_is_taken_for_a_formula(name: str) -> None:
    rows = (Row(name, {"got": 1, "felt": "too_few"}),)
    figures = replace(
        FULL,
        coaches=rows,
        topics=(Row(name, {"routed": -1}),),
        stale=(Stale(name, WEEK.monday),),
        polls=(PollRound(name, 5, 0, 5),),
    )
    text = write_csv(WEEK, name, figures)
    table = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert tuple(table[0]) == HEADER
    for row in table[1:]:
        assert len(row) == len(HEADER)
        words = (*row[:5], row[6])
        assert not [cell for cell in words if cell.startswith(DANGEROUS)]
        assert not row[5].startswith(DANGEROUS) or float(row[5]) < 0


def test_a_goal_that_is_a_mean_stands_in_the_card_and_in_the_file() -> None:
    found = sent()
    card = Cards(ZONE).section(found, Part.POLLS, "nl", found.at)
    text = [line.text for line in plain.render(Texts("x"), card).lines]
    assert "Doel: gemiddeld 4 of meer. Nu: 3,8." in text
    rows = read(write_csv(found.week, found.audience, found.figures))
    aims = [(row["item"], row["value"]) for row in rows if row["figure"] == "least"]
    assert aims == [("Hoe gaat het met ict in je les?: Hoe goed kun je zelf verder?", "4")]


def test_what_was_not_measured_is_an_empty_cell() -> None:
    (row,) = [one for one in read(write_csv(WEEK, "all", Figures({}))) if one["figure"] == "rank"]
    assert (row["value"], row["unit"]) == ("", "rank")
    assert not [one for one in lines(Figures({})) if one.item]
