"""Cards keep the rules for cards, and look as they should."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.channels.cards import adaptive
from bot.core import buttons
from bot.core.reply import Button, Field, Language, Reply, Say, Words, reply_json
from bot.i18n.text import Texts
from tests.forms import FORM
from tests.gallery import gallery

TEXTS = Texts("mediacoach")
LANGUAGES: tuple[Language, ...] = get_args(Language)


def parts(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a card."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from parts(value)
    if isinstance(tree, list):
        for value in tree:
            yield from parts(value)


def lines(card: dict[str, Any]) -> list[str]:
    """Return what a reader of the card sees, a line a text or button."""
    seen = []
    for part in parts(card):
        if part.get("type") == "RichTextBlock":
            seen.append("".join(run["text"] for run in part["inlines"]))
        if part.get("type") == "Action.Execute":
            seen.append(f"[{part['title']}]")
    return seen


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_view_keeps_the_rules_for_cards(language: Language) -> None:
    views = await gallery(language)
    assert len(views) >= 110
    for name, reply in views.items():
        card = adaptive.render(TEXTS, reply)
        assert len(json.dumps(card).encode()) < 25_000, name
        shown = [one for one in card.get("actions", []) if one.get("mode") != "secondary"]
        assert len(shown) <= 4, name
        assert 0 < len(adaptive.summary(TEXTS, reply)) <= 120, name
        assert reply.language == language, name
        assert not [part for part in parts(card) if part.get("type") == "TextBlock"], name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_button_works_in_older_clients_too_and_comes_back_as_it_went(
    language: Language,
) -> None:
    pressed = 0
    for reply in (await gallery(language)).values():
        for part in parts(adaptive.render(TEXTS, reply)):
            if part.get("type") == "Action.Execute":
                pressed += 1
                fallback = part["fallback"]
                assert (fallback["type"], fallback["data"]) == ("Action.Submit", part["data"])
                assert buttons.decode(part["data"])
    assert pressed > 30


async def test_the_answer_reads_so_in_dutch() -> None:
    shown = adaptive.render(TEXTS, (await gallery("nl"))["answer"])
    today = lines(shown).pop(3)
    assert today.startswith("Bron: de mediacoach. Nagekeken op")
    assert [one for one in lines(shown) if one != today] == snapshot(
        [
            "Hoe stel ik een nieuw wachtwoord in?",
            "Ga naar de wachtwoordpagina.",
            "Bel de servicedesk op 088 1.",
            "Hielp dit?",
            "[Ja, opgelost]",
            "[Nee]",
            "[Vraag een mediacoach]",
        ]
    )


async def test_the_answer_reads_so_in_english() -> None:
    shown = adaptive.render(TEXTS, (await gallery("en"))["answer"])
    today = lines(shown).pop(2)
    assert today.startswith("Source: the mediacoach. Reviewed on")
    assert [one for one in lines(shown) if one != today] == snapshot(
        [
            "How do I set a new password?",
            "Go to the password page.",
            "Did this help?",
            "[Yes, solved]",
            "[No]",
            "[Ask your mediacoach]",
        ]
    )


async def test_choices_are_lines_to_tap_because_titles_are_long_on_a_phone() -> None:
    shown = adaptive.render(TEXTS, (await gallery("nl"))["choices"])
    rows = [part for part in shown["body"] if part["type"] == "Container"]
    assert len(rows) == 2
    assert [action["title"] for action in shown["actions"]] == ["Geen van deze"]


async def test_a_list_does_not_hinder_the_other_buttons() -> None:
    shown = adaptive.render(TEXTS, (await gallery("nl"))["location"])
    (send,) = [part for part in parts(shown["body"]) if part.get("type") == "Action.Execute"]
    (english,) = shown["actions"]
    assert (send["associatedInputs"], english["associatedInputs"]) == ("auto", "none")
    (select,) = [part for part in parts(shown) if part.get("type") == "Input.ChoiceSet"]
    assert select["id"] not in send["data"]


def test_an_address_is_a_link_that_shows_where_it_goes_without_the_full_stop() -> None:
    reply = Reply("x", (Words("Ga naar https://x.nl/a-(b). Of http://y.nl, of javascript:x."),))
    links = [
        (run["text"], run["selectAction"]["url"])
        for run in parts(adaptive.render(TEXTS, reply))
        if "selectAction" in run
    ]
    assert links == [("https://x.nl/a-(b", "https://x.nl/a-(b")]


@given(st.text(max_size=300))
def test_what_people_write_shows_as_they_wrote_it(text: str) -> None:
    card = adaptive.render(TEXTS, Reply("x", (Words("eerst"), Words(text))))
    shown = "\n".join(lines(card)[1:])
    assert shown == "\n".join(line for line in text.splitlines() if line.strip())


def test_a_fifth_button_goes_behind_more() -> None:
    button = Button(Say("help.english"), buttons.Help().encode())
    actions = adaptive.render(TEXTS, Reply("x", (Words("x"),), (button,) * 6))["actions"]
    assert [action.get("mode") for action in actions] == [None] * 4 + ["secondary"] * 2


def test_the_summary_is_the_loudest_text_and_cut_to_size() -> None:
    quiet = Say("answer.helped_question", style="subtle")
    assert adaptive.summary(TEXTS, Reply("x", (quiet, Words("Hoe?\nZo.", "title")))) == "Hoe? Zo."
    assert adaptive.summary(TEXTS, Reply("x", (quiet,))) == "Hielp dit?"
    assert adaptive.summary(TEXTS, Reply("x", (Words("a" * 500),))) == "a" * 119 + "…"


async def test_a_redelivered_reply_renders_to_the_same_card() -> None:
    reply = (await gallery("nl"))["answer"]
    stored = reply_json.validate_json(reply_json.dump_json(reply))
    assert adaptive.render(TEXTS, stored) == adaptive.render(TEXTS, reply)


def test_a_form_has_a_box_for_each_field_and_a_list_to_choose_from() -> None:
    shown = adaptive.render(TEXTS, FORM)
    assert shown["body"][1:] == snapshot(
        [
            {
                "type": "Input.Text",
                "id": "text",
                "label": "Hielp dit?",
                "isRequired": True,
                "errorMessage": "Vul hier nog iets in.",
                "value": "Klik op Delen.",
                "maxLength": 1000,
                "isMultiline": True,
            },
            {
                "type": "Input.Text",
                "id": "team",
                "label": "Bij welk team hoor je?",
                "maxLength": 80,
            },
            {
                "type": "Input.ChoiceSet",
                "id": "place",
                "label": "Op welke locatie werk je meestal?",
                "value": "0",
                "choices": [
                    {"title": "Kern & <b>kade</b>", "value": "1"},
                    {"title": "Staat er niet bij", "value": "0"},
                ],
                "style": "compact",
                "placeholder": "Kies uit de lijst",
            },
        ]
    )


def test_only_the_button_of_a_form_takes_along_what_was_filled_in() -> None:
    send, leave, _ = adaptive.render(TEXTS, FORM)["actions"]
    for action in (send, send["fallback"]):
        assert action["associatedInputs"] == "auto"
        assert action["data"] == {"kind": "form", "v": 1}
    assert leave["associatedInputs"] == leave["fallback"]["associatedInputs"] == "none"


def test_a_line_to_tap_can_take_along_what_was_filled_in() -> None:
    row = Button(Words("Zo?"), {"kind": "form", "v": 1, "text": "x"}, form=True)
    body = adaptive.render(TEXTS, replace(FORM, buttons=(row,)))["body"]
    assert body[-1]["selectAction"]["associatedInputs"] == "auto"
    assert body[-1]["selectAction"]["data"] == {"kind": "form", "v": 1}


def test_a_number_of_signs_is_a_whole_number() -> None:
    most = [
        part["maxLength"] for part in adaptive.render(TEXTS, FORM)["body"] if "maxLength" in part
    ]
    assert json.dumps(most) == "[1000, 80]"


def test_a_link_opens_its_address_and_counts_as_a_button_after_the_others() -> None:
    actions = adaptive.render(TEXTS, replace(FORM, links=FORM.links * 3))["actions"]
    assert [action["type"] for action in actions] == ["Action.Execute"] * 2 + ["Action.OpenUrl"] * 3
    assert [action.get("mode") for action in actions] == [None] * 4 + ["secondary"]
    assert actions[2]["title"] == "Vraag een mediacoach"
    assert actions[2]["url"] == FORM.links[0].url


def test_the_summary_of_a_form_alone_is_its_first_label() -> None:
    assert adaptive.summary(TEXTS, replace(FORM, blocks=FORM.blocks[1:])) == "Hielp dit?"


def test_a_long_form_is_small_enough() -> None:
    fields = [Field(Say("profile.team"), f"f{number}", "€" * 1_000) for number in range(5)]
    card = adaptive.render(TEXTS, replace(FORM, blocks=tuple(fields)))
    assert len(json.dumps(card, ensure_ascii=False).encode()) < 25_000
