"""The page of figures names each figure, and no other."""

import re
from pathlib import Path

from bot.summary.figures import PARTS, UNITS

PAGE = Path("docs/figures.md").read_text("utf-8")


def test_each_figure_stands_on_the_page_once_in_order() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(UNITS)


def test_no_two_sections_have_the_same_figure() -> None:
    assert len(UNITS) == sum(map(len, PARTS.values()))
