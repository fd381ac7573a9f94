"""What docs/teams.md tells an administrator is what the program does."""

import re
from pathlib import Path

import pytest

from bot.channels.teams.wiring import PATH
from bot.summary.links import CHART
from bot.walkin.links import BOOKING, FEED

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "teams.md").read_text("utf-8")
SOURCE = "\n".join(one.read_text("utf-8") for one in sorted((ROOT / "bot").rglob("*.py")))
LOGGED = re.findall(r'\b_?log\.\w+\(\s*"([^"]+)"', SOURCE)
QUOTED = [
    text
    for row in PAGE.splitlines()
    if row.startswith("| the log says")
    for text in re.findall(r"`([^`]+)`", row.split(" | ")[0])
]


def is_logged(text: str) -> bool:
    """Tell whether a line of the log can be this text; an ellipsis stands for anything."""
    written = text.replace("…", "x")
    return any(
        re.fullmatch(".+".join(map(re.escape, re.split(r"%[sd]", one))), written) for one in LOGGED
    )


@pytest.mark.parametrize("text", QUOTED)
def test_what_the_log_is_said_to_say_it_can_say(text: str) -> None:
    refused = re.fullmatch(r"40\d: (.+)", text)
    assert is_logged(text) or (refused and (refused[1] == "…" or f'"{refused[1]}"' in SOURCE))


def test_the_page_says_what_a_wrong_secret_looks_like() -> None:
    assert {"no token was given: …", "message … did not arrive: …"} <= set(QUOTED)


@pytest.mark.parametrize("path", [PATH, BOOKING, FEED, CHART, "/healthz", "/readyz"])
def test_each_path_that_is_read_from_outside_is_named_at_the_top(path: str) -> None:
    assert f"`{path}" in PAGE.split("## 1.")[0]
