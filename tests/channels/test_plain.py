"""A reply as plain text: what is filled in shows, and where a link leads."""

from dataclasses import replace

from inline_snapshot import snapshot

from bot.channels.cards.plain import render
from bot.core.reply import Button, Choose, Field, Option, Reply, Say, Words
from bot.i18n.text import Texts
from tests.forms import FORM

TEXTS = Texts("mediacoach")


def test_a_form_shows_what_stands_in_it_and_a_link_where_it_leads() -> None:
    card = render(TEXTS, FORM)
    assert [f"{line.style}|{line.text}" for line in card.lines] == snapshot(
        [
            "title|Hoe deel ik mijn scherm?",
            "subtle|Hielp dit?: Klik op Delen.",
            "subtle|Bij welk team hoor je?:",
            "subtle|Op welke locatie werk je meestal?: Staat er niet bij",
            "body|  [1] Verder",
            "body|  [2] Nee",
            "body|  Vraag een mediacoach: https://teams.example/l/chat/0/0?users=ann@x.example",
        ]
    )


def test_only_the_button_of_a_form_has_fields_to_ask_for() -> None:
    send, leave = render(TEXTS, replace(FORM, language="en")).pressed
    assert send.fields == FORM.blocks[1:]
    assert send.language == "en"
    assert leave.fields == ()


def test_what_stands_in_a_field_is_taken_along_unasked_by_a_button_that_keeps_it() -> None:
    field = Field(Say("question.work.answer"), "text", "Half")
    more = Button(Say("question.work.more"), {"kind": "more"}, form=True, keeps=True)
    (press,) = render(TEXTS, Reply("x", (field,), (more,))).pressed
    assert (press.payload, press.fields) == ({"kind": "more", "text": "Half"}, ())


def test_a_choice_that_is_no_longer_in_the_list_shows_as_none() -> None:
    gone = Choose(Say("profile.team"), "team", (Option(Words("Techniek"), "1"),), "7")
    assert render(TEXTS, Reply("x", (gone,))).lines[0].text == "Bij welk team hoor je?:"
