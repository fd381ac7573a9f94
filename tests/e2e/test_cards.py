"""Every view, in both languages, through the card parser that Teams' own web client is built on."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.channels.cards import adaptive
from bot.core.reply import Language
from bot.i18n.text import Texts
from tests.e2e.playground import HERE, find_tools
from tests.forms import FORM
from tests.gallery import gallery

pytestmark = pytest.mark.e2e


async def checked(cards: object, folder: Path) -> tuple[int, str]:
    """Return the checker's exit code, and what it prints."""
    written = folder / "cards.json"
    written.write_text(json.dumps(cards), "utf-8")
    process = await asyncio.create_subprocess_exec(
        find_tools().node,
        str(HERE / "check_cards.cjs"),
        str(written),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


def without_charts(part: Any) -> Any:
    """Return a card with each chart as who cannot show it sees it: the parser knows no charts."""
    if isinstance(part, list):
        return [without_charts(one) for one in part]
    if not isinstance(part, dict):
        return part
    shown = part["fallback"] if str(part.get("type")).startswith("Chart.") else part
    return {name: without_charts(one) for name, one in shown.items()}


@pytest.mark.parametrize("language", get_args(Language))
async def test_every_card_is_valid(language: Language, tmp_path: Path) -> None:
    views = {**await gallery(language), "form": replace(FORM, language=language)}
    cards = {
        name: without_charts(adaptive.render(Texts("i-coach"), reply))
        for name, reply in views.items()
    }
    assert await checked(cards, tmp_path) == (0, "")


async def test_the_checker_finds_a_wrong_card(tmp_path: Path) -> None:
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "NoSuchThing"}]}
    code, said = await checked({"wrong": wrong}, tmp_path)
    assert code == 1
    assert "NoSuchThing" in said
