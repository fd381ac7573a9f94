"""A form in the terminal: its fields are asked in turn, and sent when the last is answered."""

from dataclasses import replace
from io import StringIO

import pytest
from inline_snapshot import snapshot

from bot.core.reply import Field, Reply, Say, Words
from tests.forms import FORM
from tests.terminal import BOB, Bot, console, typed

DONE = Reply("done", (Words("Verstuurd."),), replaces=True)
SENT = {"kind": "form", "v": 1, "text": "Klik op Delen.", "team": "", "place": "0"}


async def test_the_fields_are_asked_in_turn_and_sent_with_the_press() -> None:
    bot = Bot(FORM, DONE)
    chat, _ = console(bot)
    shown = await typed(chat, "hoi", "1")
    assert shown == snapshot("""\
Vul het formulier in. Een lege regel laat staan wat er staat. Met / stop je zonder versturen.
? Hielp dit? [Klik op Delen.]
""")
    assert await typed(chat, "Druk op Delen. ") == snapshot("? Bij welk team hoor je?\n")
    assert await typed(chat, "Techniek") == snapshot("""\
? Op welke locatie werk je meestal? [Staat er niet bij]
  [1] Kern & <b>kade</b>
  [2] Staat er niet bij
""")
    assert len(bot.seen) == 1
    assert await typed(chat, "1") == "Verstuurd.\n\n"
    assert bot.seen[1].text == ""
    assert bot.seen[1].button == {
        **SENT,
        "text": "Druk op Delen.",
        "team": "Techniek",
        "place": "1",
    }


async def test_an_empty_line_keeps_what_is_there() -> None:
    bot = Bot(FORM)
    chat, _ = console(bot)
    await typed(chat, "hoi", "1", "", " ", "")
    assert bot.seen[1].button == SENT


async def test_what_is_needed_is_asked_again_until_it_is_there() -> None:
    needed = Field(Say("profile.team"), "team", needed=True)
    bot = Bot(replace(FORM, blocks=(needed,), language="en"))
    chat, _ = console(bot)
    asked = await typed(chat, "hoi", "1", "")
    assert asked == "Please fill this in.\n? Which team are you in?\n"
    await typed(chat, "Techniek")
    assert bot.seen[1].button == {"kind": "form", "v": 1, "text": "", "team": "Techniek"}


@pytest.mark.parametrize("named", ["2", "staat er niet bij"])
async def test_a_choice_is_named_by_number_or_label(named: str) -> None:
    bot = Bot(replace(FORM, blocks=FORM.blocks[-1:]))
    chat, _ = console(bot)
    await typed(chat, "hoi", "1", named)
    assert bot.seen[1].button == {"kind": "form", "v": 1, "text": "", "team": "", "place": "0"}


async def test_what_is_not_in_the_list_is_told_and_asked_again() -> None:
    bot = Bot(replace(FORM, blocks=FORM.blocks[-1:]))
    chat, _ = console(bot)
    asked = await typed(chat, "hoi", "1", "3")
    assert asked.splitlines()[:2] == [
        "Dat staat niet in de lijst. Typ een cijfer uit de lijst.",
        "? Op welke locatie werk je meestal? [Staat er niet bij]",
    ]
    assert len(bot.seen) == 1


@pytest.mark.parametrize("line", ["/als bob", "/wie", "/tijd +2d", "/", "/onbekend"])
async def test_a_command_ends_a_form_unsent(line: str) -> None:
    bot = Bot(FORM)
    chat, _ = console(bot)
    said = await typed(chat, "hoi", "1", "Druk op Delen.", line)
    assert said.startswith("Je bent gestopt. Het formulier is niet verstuurd.\n")
    await typed(chat, "een vraag")
    assert [one.text for one in bot.seen] == ["hoi", "een vraag"]
    assert (chat.sender == BOB) == (line == "/als bob")


async def test_the_end_of_the_input_ends_a_form_unsent() -> None:
    chat, out = console(Bot(FORM))
    chat.keyboard = StringIO("hoi\n1\n/stop\n")
    await chat.run()
    assert out.getvalue().endswith("\nJe bent gestopt. Het formulier is niet verstuurd.\n")


async def test_the_other_buttons_of_a_form_ask_nothing() -> None:
    bot = Bot(FORM)
    chat, _ = console(bot)
    await typed(chat, "hoi", "2")
    assert bot.seen[1].button == {"kind": "no", "v": 1}
