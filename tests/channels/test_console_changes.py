"""Messages that change in the terminal: what is new is printed, and numbers keep their card."""

from dataclasses import replace

from bot.core.reply import Button, Link, Reply, Say, Words
from tests.terminal import ANN, BOB, Bot, console, tell, typed

YES = Button(Say("answer.helped_yes"), {"kind": "yes"})
NO = Button(Say("answer.helped_no"), {"kind": "no"})
OFFER = Reply("offer", (Words("Hoe deel ik mijn scherm?"), Words("Van Ann.")), (YES, NO))
TAKEN = replace(OFFER, blocks=(*OFFER.blocks, Words("Bob pakt hem op.")), buttons=())


async def test_a_press_names_the_card_that_it_is_on() -> None:
    bot = Bot()
    chat, _ = console(bot)
    first = await tell(chat, ANN, OFFER)
    second = await tell(chat, ANN, OFFER)
    shown = await typed(chat, "/wie")
    assert [f"[{number}]" in shown for number in range(1, 6)] == [True] * 4 + [False]
    await typed(chat, "2", "3")
    pressed = [(one.card, one.button) for one in bot.seen]
    assert pressed == [(first, {"kind": "no"}), (second, {"kind": "yes"})]
    assert first != second


async def test_what_is_typed_names_no_card() -> None:
    bot = Bot(OFFER)
    chat, _ = console(bot)
    await typed(chat, "hoi", "en dit?")
    assert [one.card for one in bot.seen] == ["", ""]


async def test_of_a_card_that_changes_only_what_is_new_is_printed() -> None:
    chat, _ = console(Bot())
    card = await tell(chat, ANN, OFFER)
    assert "Van Ann." in await typed(chat, "/wie x")
    await tell(chat, ANN, replace(TAKEN, buttons=(NO,)), card)
    assert await typed(chat, "/wie x") == "Bob pakt hem op.\n  [1] Nee\n\n"


async def test_a_change_without_anything_new_prints_nothing() -> None:
    chat, _ = console(Bot())
    card = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, replace(OFFER, blocks=OFFER.blocks[:1]), card)
    assert await typed(chat, "/wie x") == ""


async def test_other_buttons_alone_are_printed() -> None:
    chat, _ = console(Bot())
    card = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, replace(OFFER, buttons=(NO,)), card)
    assert await typed(chat, "/wie x") == "  [1] Nee\n\n"
    link = Link(Say("coach.ask"), "https://x.example")
    await tell(chat, ANN, replace(OFFER, buttons=(NO,), links=(link,)), card)
    assert "https://x.example" in await typed(chat, "/wie x")


async def test_who_looks_later_sees_a_card_once_and_as_it_is_now() -> None:
    chat, _ = console(Bot())
    card = await tell(chat, BOB, OFFER)
    assert await tell(chat, BOB, TAKEN, card) == card
    assert await typed(chat, "/als bob") == (
        "Hoe deel ik mijn scherm?\nVan Ann.\nBob pakt hem op.\n\n"
    )


async def test_a_change_of_what_was_never_shown_is_printed_whole() -> None:
    chat, _ = console(Bot())
    await tell(chat, ANN, TAKEN, "console-of-yesterday")
    assert (await typed(chat, "/wie x")).startswith("Hoe deel ik mijn scherm?\n")


async def test_what_one_person_saw_is_new_to_another() -> None:
    chat, _ = console(Bot())
    await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, BOB, OFFER)
    assert "Van Ann." in await typed(chat, "/als bob")


async def test_a_message_without_buttons_leaves_the_numbers_of_the_one_before() -> None:
    bot = Bot()
    chat, _ = console(bot)
    card = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, Reply("note", (Words("Morgen is er koffie."),)))
    await typed(chat, "/wie x", "1")
    assert (bot.seen[0].card, bot.seen[0].button) == (card, {"kind": "yes"})


async def test_a_button_that_a_change_took_away_is_gone() -> None:
    bot = Bot()
    chat, _ = console(bot)
    card = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, TAKEN, card)
    await typed(chat, "/wie x", "1")
    assert (bot.seen[0].button, bot.seen[0].text) == (None, "1")


async def test_words_are_not_said_again_for_another_language_but_sentences_are() -> None:
    chat, _ = console(Bot())
    reply = Reply("x", (Words("Hoe?"), Say("answer.helped_question")))
    card = await tell(chat, ANN, reply)
    await typed(chat, "/wie x")
    await tell(chat, ANN, replace(reply, language="en"), card)
    assert await typed(chat, "/wie x") == "Did this help?\n\n"


async def test_a_card_above_is_shown_once_more_and_the_numbers_press_it() -> None:
    bot = Bot()
    chat, _ = console(bot)
    cards = []
    for words in ("Eerste", "Tweede", "Derde"):
        cards.append(await tell(chat, ANN, replace(OFFER, blocks=(Words(words),))))
        await typed(chat, "/wie x")
    await tell(chat, ANN, Reply("note", (Words("Morgen is er koffie."),)))
    assert (await typed(chat, "/wie x", "/kaart")).startswith("Tweede")
    await typed(chat, "2")
    assert (bot.seen[0].card, bot.seen[0].button) == (cards[1], {"kind": "no"})
    assert (await typed(chat, "/kaart")).startswith("Eerste")
    told = await typed(chat, "/kaart")
    assert "geen kaart met knoppen" in told
    await typed(chat, "1")
    assert bot.seen[1].card == cards[0]


async def test_a_card_above_is_shown_as_it_is_now_and_not_when_it_has_no_buttons() -> None:
    chat, _ = console(Bot())
    first = await tell(chat, ANN, replace(OFFER, blocks=(Words("Eerste"),)))
    second = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, replace(OFFER, blocks=(Words("Derde"),)))
    await typed(chat, "/wie x")
    await tell(chat, ANN, TAKEN, second)
    await tell(chat, ANN, replace(OFFER, blocks=(Words("Anders"),)), first)
    # What changed stands lowest on the screen, and is what the numbers press.
    assert "Anders" in await typed(chat, "/wie x")
    assert (await typed(chat, "/kaart")).startswith("Derde")
    assert "geen kaart met knoppen" in await typed(chat, "/kaart")


async def test_when_the_numbers_press_nothing_the_last_card_with_buttons_is_shown() -> None:
    chat, _ = console(Bot())
    assert "geen kaart met knoppen" in await typed(chat, "/kaart")
    await tell(chat, ANN, replace(OFFER, blocks=(Words("Eerste"),)))
    await typed(chat, "/wie x")
    last = await tell(chat, ANN, OFFER)
    await typed(chat, "/wie x")
    await tell(chat, ANN, TAKEN, last)
    assert (await typed(chat, "/wie x", "/kaart")).startswith("Eerste")
