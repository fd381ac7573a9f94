"""Whatever people write within what they may, their cards stay small enough and read well."""

import json
from typing import Any

import pytest

from bot.channels.cards import adaptive
from bot.core.reply import Field, Reply, Say, Words
from bot.knowledge.proposals import LONGEST_ANSWER
from bot.routing.rules import LONGEST
from tests.channels.test_adaptive import TEXTS, lines, parts
from tests.gallery import curation_views
from tests.question_gallery import question_views

ROOM_FOR_A_NUMBER = 10
"""Signs that the gallery puts before a text, to tell one from another."""
WORST = {
    "short lines": "a\n",
    "lines with a link": "https://a.nl\n",
    "links": "https://a.nl ",
    "quotes": '"\\',
    "accents": "é",
    "emoji": "😀",
    "one word": "a",
}


def as_sent(card: Any) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode())


def fill_up(piece: str, signs: int) -> str:
    return (piece * signs)[:signs]


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
async def test_every_view_with_what_people_wrote_is_small_enough(piece: str) -> None:
    views = await question_views("nl", fill_up(piece, LONGEST - ROOM_FOR_A_NUMBER))
    views |= await curation_views("nl", fill_up(piece, LONGEST_ANSWER))
    sizes = {name: as_sent(adaptive.render(TEXTS, reply)) for name, reply in views.items()}
    assert {name: size for name, size in sizes.items() if size >= 25_000} == {}
    assert len(sizes) > 80
    assert max(sizes.values()) > LONGEST


def test_lines_stay_lines_however_many_they_are() -> None:
    few, many = (Words("\n".join(f"{one}." for one in range(most))) for most in (20, 1_000))
    assert len(adaptive.render(TEXTS, Reply("x", (few,)))["body"]) == 20
    (block,) = adaptive.render(TEXTS, Reply("x", (many,)))["body"]
    assert block["inlines"] == [{"type": "TextRun", "text": many.text}]


def test_the_first_links_open_and_the_others_can_be_read() -> None:
    text = " ".join(f"https://a.nl/{one}" for one in range(100))
    card = adaptive.render(TEXTS, Reply("x", (Words(text),)))
    assert lines(card) == [text]
    assert len([part for part in parts(card) if "selectAction" in part]) == adaptive.MOST_LINKS


def test_what_is_quoted_is_cut_first_and_what_is_said_stays_whole() -> None:
    asked, said = "😀" * 3_000, "🙂" * 3_000
    small = Say("question.work.you_said", {"text": asked}, "subtle")
    card = adaptive.render(TEXTS, Reply("x", (Words(asked, "subtle"), small, Words(said))))
    first, second, whole = lines(card)
    assert first == "😀" * 299 + "…"
    assert second == f"Jij: {first}"
    assert whole == said


def test_what_stands_in_a_form_is_never_cut() -> None:
    field = Field(Say("question.add"), "text", "😀" * 3_000, lines=True, most=LONGEST)
    card = adaptive.render(TEXTS, Reply("x", (Words("🙂" * 3_000), field)))
    assert as_sent(card) < 25_000
    (box,) = [part for part in parts(card) if part.get("type") == "Input.Text"]
    assert box["value"] == field.value
    assert lines(card) == ["🙂" * 1_499 + "…"]


def test_what_fits_is_not_cut() -> None:
    reply = Reply("x", (Words("a" * 3_000, "subtle"), Words("b" * 3_000)))
    assert lines(adaptive.render(TEXTS, reply)) == ["a" * 3_000, "b" * 3_000]
