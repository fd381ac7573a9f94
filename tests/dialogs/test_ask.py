"""Questions, answers, choices and ratings."""

from datetime import timedelta

from bot.core import buttons
from bot.core.ids import AskedId, EntryId
from bot.core.reply import Field, Reply, Say, Words
from bot.knowledge.model import Asked
from tests import factories
from tests.chat import Chat, keys
from tests.chat import press_of as button

BOB = factories.sender("29:bob", name="Bob", email="docent2@kerncollege.example")
SEND = ["compose.send", "compose.urgent", "compose.adjust"]
"""The buttons with which a question goes to a coach, or does not."""


def words(reply: Reply) -> list[str]:
    return [block.text for block in reply.blocks if isinstance(block, Words)]


def pressed(reply: Reply) -> list[str]:
    """Return the text keys of a reply's buttons."""
    return [one.label.key for one in reply.buttons if isinstance(one.label, Say)]


def fields(reply: Reply) -> list[str]:
    return [block.name for block in reply.blocks if isinstance(block, Field)]


async def answer(chat: Chat) -> Reply:
    (reply,) = await chat.say("wachtwoord vergeten")
    return reply


async def stored(chat: Chat, reply: Reply) -> Asked:
    """Return the question that a reply answers, as it was stored."""
    async with chat.store.reading() as work:
        asked = await work.knowledge.asked(reply.buttons[0].payload["asked"])
    assert asked is not None
    return asked


async def ratings(chat: Chat) -> tuple[int, int]:
    async with chat.store.reading() as work:
        return await work.knowledge.ratings(EntryId("wachtwoord-vergeten"))


async def test_an_answer_shows_its_title_text_source_and_three_buttons(chat: Chat) -> None:
    reply = await answer(chat)
    assert reply.view == "answer"
    assert words(reply) == [
        "Hoe stel ik een nieuw wachtwoord in?",
        "Ga naar de wachtwoordpagina.\nBel de servicedesk op 088 1.",
    ]
    assert keys(reply) == ["answer.source.coaches", "answer.helped_question"]
    assert len(reply.buttons) == 3


async def test_an_answer_whose_review_is_overdue_says_so(chat: Chat) -> None:
    chat.clock.move_to(chat.clock.now() + timedelta(days=181))
    assert "answer.overdue" in keys(await answer(chat))


async def test_a_rating_changes_the_card_and_can_be_changed_back(chat: Chat) -> None:
    (yes,) = await chat.press(button(await answer(chat), "answer.helped_yes"))
    assert yes.replaces
    assert keys(yes)[-1] == "answer.rated_yes"
    assert await ratings(chat) == (1, 0)
    (no,) = await chat.press(button(yes, "answer.rated_no_after_all"))
    assert "answer.rated_no" in keys(no)
    assert await ratings(chat) == (0, 1)


async def test_a_no_says_who_sees_the_question_first_why_and_by_when_and_one_tap_sends_it(
    chat: Chat,
) -> None:
    (no,) = await chat.press(button(await answer(chat), "answer.helped_no"))
    assert keys(no)[-4:] == ["answer.rated_no", "compose.who", "coach.near", "compose.word"]
    assert fields(no) == ["note"]
    assert pressed(no) == [*SEND, "answer.rated_yes_after_all"]
    (sent,) = await chat.press(button(no, "compose.send"))
    assert sent.view == "question.mine"
    assert words(sent) == ["wachtwoord vergeten"]


async def test_a_person_counts_once_an_answer_however_often_they_press(chat: Chat) -> None:
    yes = button(await answer(chat), "answer.helped_yes")
    for _ in range(3):
        await chat.press(yes)
    await chat.press(button(await answer(chat), "answer.helped_yes"))
    assert await ratings(chat) == (1, 0)
    (reply,) = await chat.say("wachtwoord vergeten", BOB)
    await chat.press(button(reply, "answer.helped_no"), BOB)
    assert await ratings(chat) == (1, 1)


async def test_who_did_not_ask_cannot_rate(chat: Chat) -> None:
    yes = button(await answer(chat), "answer.helped_yes")
    (refused,) = await chat.press(yes, BOB)
    assert keys(refused) == ["error.not_yours"]
    assert await ratings(chat) == (0, 0)


async def test_a_button_of_a_question_that_never_was_says_that_the_answer_is_gone(
    chat: Chat,
) -> None:
    made_up = buttons.Rate(asked=AskedId(4711), entry=EntryId("x"), helped=True)
    (refused,) = await chat.press(made_up)
    assert keys(refused) == ["error.entry_gone"]


async def test_a_button_of_a_deleted_entry_says_so(chat: Chat) -> None:
    yes = button(await answer(chat), "answer.helped_yes")
    async with chat.store.begin() as work:
        await work.knowledge.seed(
            factories.seed_plan(retired=(EntryId("wachtwoord-vergeten"),)), chat.clock.now()
        )
    (gone,) = await chat.press(yes)
    assert keys(gone) == ["error.entry_gone"]


async def test_a_deleted_entry_is_not_found_any_more(chat: Chat) -> None:
    await answer(chat)
    async with chat.store.begin() as work:
        await work.knowledge.seed(
            factories.seed_plan(retired=(EntryId("wachtwoord-vergeten"),)), chat.clock.now()
        )
    assert "Hoe stel ik een nieuw wachtwoord in?" not in words(await answer(chat))


async def test_choices_offer_up_to_three_entries_and_none_of_these(chat: Chat) -> None:
    (reply,) = await chat.say("scherm opnemen")
    assert reply.view == "choices"
    assert 2 <= len(reply.buttons) - 1 <= 3
    assert button(reply, "choices.none")


async def test_a_choice_takes_the_place_of_the_choices_and_can_be_rated(chat: Chat) -> None:
    (reply,) = await chat.say("scherm opnemen")
    (picked,) = await chat.press(reply.buttons[0])
    assert picked.view == "answer"
    assert picked.replaces
    (rated,) = await chat.press(button(picked, "answer.helped_yes"))
    assert rated.view == "answer.rated"


async def test_none_of_these_shows_the_coach(chat: Chat) -> None:
    (reply,) = await chat.say("scherm opnemen")
    (none,) = await chat.press(button(reply, "choices.none"))
    assert none.replaces
    assert keys(none) == ["choices.none_chosen", "compose.who", "coach.near", "compose.word"]
    assert pressed(none) == SEND


async def test_what_is_not_ours_says_where_to_go(chat: Chat) -> None:
    (reply,) = await chat.say("wanneer krijg ik mijn loon")
    assert reply.view == "not_ours"
    assert words(reply) == ["Vraag het bij HR."]
    (compose,) = await chat.press(button(reply, "coach.ask"))
    assert keys(compose)[:2] == ["compose.title", "compose.who"]
    assert words(compose) == ["wanneer krijg ik mijn loon"]
    assert pressed(compose) == [*SEND, "compose.drop"]


async def test_what_nobody_wrote_about_is_not_guessed_at(chat: Chat) -> None:
    (reply,) = await chat.say("zeilboot overtuigen")
    assert reply.view == "no_answer"
    assert keys(reply) == ["no_answer.text", "compose.who", "coach.near", "compose.word"]
    assert pressed(reply) == SEND


async def test_an_answer_for_another_sector_says_for_which(chat: Chat) -> None:
    (reply,) = await chat.say("opname maken van de les")
    (picked,) = (
        (reply,)
        if reply.view == "answer"
        else await chat.press(next(one for one in reply.buttons if "neem" in str(one.label)))
    )
    assert "answer.elsewhere" in keys(picked)


async def test_the_entry_about_the_coach_shows_who_that_is(chat: Chat) -> None:
    (reply,) = await chat.say("contact met de digicoach zoeken")
    assert words(reply)[0] == "Wie is mijn mediacoach?"
    assert "coach.who" in keys(reply)


async def test_an_english_speaker_reads_english_where_there_is_some(chat: Chat) -> None:
    await chat.say("taal english")
    reply = await answer(chat)
    assert reply.language == "en"
    assert words(reply) == ["How do I set a new password?", "Go to the password page."]
    (dutch,) = await chat.say("scherm delen in een les")
    assert "answer.dutch_only" in keys(dutch)
    assert words(dutch)[1] == "Klik op Delen."


async def test_what_must_not_be_stored_is_not_and_the_asker_is_told(chat: Chat) -> None:
    secret = "wachtwoord vergeten van 123456782, rekening NL91 ABNA 0417 1643 00, s1234567"
    (reply,) = await chat.say(secret)
    assert keys(reply)[:3] == ["note.bsn", "note.iban", "note.student"]
    assert (
        await stored(chat, reply)
    ).text == "wachtwoord vergeten van [bsn], rekening [iban], [studentnummer]"


async def test_ten_thousand_signs_get_an_answer_and_a_remark(chat: Chat) -> None:
    (reply,) = await chat.say("wachtwoord vergeten " * 500)
    assert keys(reply)[0] == "note.long"
    assert len((await stored(chat, reply)).text) == 2000


async def test_nobody_else_can_choose_for_the_asker(chat: Chat) -> None:
    (reply,) = await chat.say("scherm opnemen")
    for pressed in (reply.buttons[0], button(reply, "choices.none")):
        (refused,) = await chat.press(pressed, BOB)
        assert keys(refused) == ["error.not_yours"]
    (picked,) = await chat.press(reply.buttons[0])
    assert picked.view == "answer"


async def test_every_view_with_a_coach_is_personal(chat: Chat) -> None:
    reply = await answer(chat)
    views = [
        *await chat.press(button(reply, "answer.helped_no")),
        *await chat.say("contact met de digicoach zoeken"),
        *await chat.say("zeilboot overtuigen"),
        *await chat.press(button((await chat.say("scherm opnemen"))[0], "choices.none")),
        *await chat.press(button(reply, "coach.ask")),
    ]
    assert all({"coach.who", "compose.who"} & set(keys(view)) and view.personal for view in views)
    assert not reply.personal
