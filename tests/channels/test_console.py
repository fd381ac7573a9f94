"""The terminal: what is printed, and what a number presses."""

from dataclasses import dataclass, replace

import pytest
from inline_snapshot import snapshot

from bot.channels.console.mailbox import Mailbox
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.ids import MessageId
from bot.core.reply import (
    Button,
    Channel,
    Incoming,
    Option,
    Place,
    Reply,
    Say,
    Select,
    Sender,
    Words,
)
from bot.core.turn import Turned
from tests.terminal import ANN, BOB, Backstage, Bot, console

ANSWER = Reply(
    "answer",
    (Words("Hoe?", "title"), Words("Zo.\nEn [red]zo[/red]."), Say("answer.helped_question")),
    (
        Button(Say("answer.helped_yes"), {"kind": "yes"}),
        Button(Say("answer.helped_no"), {"kind": "no"}),
    ),
)
RATED = Reply(
    "answer.rated", (Words("Hoe?", "title"), Say("answer.rated_yes")), replaces=True, language="en"
)
PLACES = Reply(
    "profile.location",
    (
        Select(
            Say("profile.location"),
            (Option(Words("Kerngebouw"), "1"), Option(Say("profile.not_listed"), "0")),
            {"kind": "location", "v": 1},
            "location",
        ),
    ),
)


async def test_an_answer_is_printed_with_a_number_a_button() -> None:
    chat, out = console(Bot(ANSWER))
    await chat.enter("hoe?")
    assert out.getvalue() == snapshot(
        """\
Hoe?
Zo.
En [red]zo[/red].
Hielp dit?
  [1] Ja, opgelost
  [2] Nee

"""
    )


async def test_a_number_presses_and_only_what_is_new_is_printed() -> None:
    bot = Bot(ANSWER, RATED)
    chat, out = console(bot)
    await chat.enter("hoe?")
    out.truncate(0)
    out.seek(0)
    await chat.enter("1")
    assert bot.seen[1].button == {"kind": "yes"}
    assert bot.seen[1].text == ""
    assert out.getvalue() == "Good to hear it is solved!\n\n"


async def test_a_number_that_no_button_bears_is_a_message() -> None:
    bot = Bot(ANSWER)
    chat, _ = console(bot)
    for line in ("hoe?", "3", "0", "2024", "99999999999999999999"):
        await chat.enter(line)
    assert [one.button for one in bot.seen] == [None] * 5
    assert bot.seen[1].text == "3"


class Reached(Bot):
    """Was told something for who speaks now, and sends nothing that would overtake it."""

    async def on_turn(self, incoming: Incoming) -> Turned:
        return replace(await super().on_turn(incoming), ahead=(MessageId(7),))

    async def send(self, turned: Turned, channel: Out) -> None:
        if not turned.ahead:
            await super().send(turned, channel)


@dataclass
class Waiting(Backstage):
    """Delivers once what waited until somebody could be reached."""

    box: Mailbox
    waits: list[Reply]

    async def deliver(self) -> None:
        while self.waits:
            place = Place(Channel.CONSOLE, ANN.address)
            await self.box.deliver(Message(MessageId(7), place, self.waits.pop()))


async def test_what_waited_for_who_speaks_comes_first_and_their_reply_at_once() -> None:
    chat, out = console(Reached(RATED))
    chat.backstage = Waiting(chat.mailbox, [Reply("poll", (Words("Doe je mee?"),))])
    await chat.enter("hoe?")
    said = ["Doe je mee?", "Hoe?", "Good to hear it is solved!"]
    assert out.getvalue().split("\n") == [said[0], "", *said[1:], "", ""]


async def test_a_list_is_chosen_from_by_number() -> None:
    bot = Bot(PLACES)
    chat, out = console(bot)
    await chat.enter("hoi")
    assert "[2] Staat er niet bij" in out.getvalue()
    await chat.enter("1")
    assert bot.seen[1].button == {"kind": "location", "v": 1, "location": "1"}


async def test_every_line_is_a_message_of_its_own() -> None:
    bot = Bot()
    chat, _ = console(bot)
    await chat.enter("a")
    await chat.enter("a")
    assert bot.seen[0].message_id != bot.seen[1].message_id


async def test_someone_else_speaks_and_finds_the_own_buttons_again_later() -> None:
    bot = Bot(ANSWER)
    chat, _ = console(bot)
    await chat.enter("hoe?")
    await chat.enter("/als bob")
    await chat.enter("1")
    assert bot.seen[1].sender == BOB
    assert bot.seen[1].button is None
    await chat.enter("/als ann")
    await chat.enter("1")
    assert bot.seen[2].button == {"kind": "yes"}


async def test_who_is_not_known_is_someone_new_and_the_same_again_later() -> None:
    chat, _ = console(Bot())
    await chat.enter("/als Sanne de Wit")
    first = chat.sender
    await chat.enter("/als Bob")
    await chat.enter("/als sanne de wit")
    assert first == Sender(Channel.CONSOLE, "sanne de wit", "Sanne de Wit")
    assert chat.sender.address == first.address


async def test_a_name_of_several_lists_them_and_changes_nobody() -> None:
    chat, out = console(Bot())
    await chat.enter("/als b")
    assert chat.sender == BOB
    await chat.enter("/als ")
    assert chat.sender == BOB
    await chat.enter("/wie n")
    assert "ann@college.example" in out.getvalue()


@pytest.mark.parametrize(("step", "said"), [("+2d", "2026-11-24 10:00"), ("x", "/tijd +2d")])
async def test_the_clock_is_moved_or_the_way_to_do_it_told(step: str, said: str) -> None:
    chat, out = console(Bot())
    await chat.enter(f"/tijd {step}")
    assert out.getvalue() == f"{said}\n"
