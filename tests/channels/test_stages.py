"""Stories of several people at one terminal: who looks, fills in and presses."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.console.terminal import Console
from bot.core.reply import Button, Field, Reply, Say, Words
from tests.forms import FORM
from tests.story import number_of, play, read_story
from tests.terminal import ANN, BOB, Bot, console, tell, typed
from tests.typist import Typist

STORY = """
bob looks
  sees: Hoe deel ik mijn scherm?
ann says: hoi
  sees: Hielp dit?
bob fills: Bij welk team hoor je?: Techniek
bob fills: Op welke locatie werk je meestal?: Kern & <b>kade</b>
bob presses: Verder
  sees: Dank je.
bob looks
  sees not: Dank je.
ann presses: Nee
  sees: Jammer.
bob presses: Nee
  sees: Goed.
"""
ASKED = Reply(
    "x",
    (Say("answer.helped_question"),),
    (
        Button(Say("answer.helped_yes"), {"kind": "yes"}),
        Button(Say("answer.helped_no"), {"kind": "no"}),
    ),
)


def said(text: str) -> Reply:
    return Reply("x", (Words(text),))


def stage(*replies: Reply) -> tuple[Bot, Console, Typist]:
    bot = Bot(*replies)
    chat, _ = console(bot)
    return bot, chat, Typist(lambda line: typed(chat, line))


async def test_people_take_turns_and_each_presses_what_they_were_shown(tmp_path: Path) -> None:
    bot, chat, there = stage(ASKED, said("Dank je."), said("Jammer."), said("Goed."))
    await tell(chat, BOB, FORM)
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    assert await play(tmp_path / "story.txt", there) == 6
    filled = {"text": "Klik op Delen.", "team": "Techniek", "place": "1"}
    pressed = [(one.sender, one.button) for one in bot.seen[1:]]
    assert pressed == [
        (BOB, {"kind": "form", "v": 1, **filled}),
        (ANN, {"kind": "no"}),
        (BOB, {"kind": "no", "v": 1}),
    ]


async def test_what_came_while_time_moved_can_still_be_looked_at() -> None:
    _, chat, there = stage()
    await there.look("ann")
    await tell(chat, ANN, said("Het is zover."))
    assert "Het is zover." in await there.move("+2d")
    assert "Het is zover." in await there.look("ann")
    assert await there.look("ann") == ""


async def test_a_field_that_is_not_there_is_told() -> None:
    _, _, there = stage(FORM, said("Dank je."))
    await there.say("ann", "hoi")
    await there.fill("ann", "Onbekend", "x")
    with pytest.raises(AssertionError, match="no such fields: Onbekend"):
        await there.press("ann", "Verder")


async def test_an_option_that_is_not_there_is_told() -> None:
    _, _, there = stage(FORM)
    await there.say("ann", "hoi")
    await there.fill("ann", "Op welke locatie werk je meestal?", "Elders")
    with pytest.raises(AssertionError, match="no button 'Elders'"):
        await there.press("ann", "Verder")


async def test_a_needed_field_that_nobody_filled_in_is_told() -> None:
    needed = Field(Say("profile.team"), "team", needed=True)
    _, _, there = stage(replace(FORM, blocks=(needed,)))
    await there.say("ann", "hoi")
    with pytest.raises(AssertionError, match="this is not answered"):
        await there.press("ann", "Verder")


def test_a_line_that_is_none_of_a_story_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("ann looks\nann fills: zonder waarde\n", "utf-8")
    with pytest.raises(AssertionError, match=r"story.txt:2: not a line of a story"):
        list(read_story(tmp_path / "story.txt"))


def test_a_label_is_meant_whole_before_it_is_the_start_of_another_and_the_last_first() -> None:
    seen = "  [1] Nee\n  [2] Nee, later\n  [3] Nee\n  [4] Nee, nooit\n"
    assert (number_of("Nee", seen), number_of("Nee, ", seen)) == ("3", "4")
