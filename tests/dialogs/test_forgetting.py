"""Numbers and addresses that people typed go when a question ends, wherever they were said."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core import buttons
from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Button, Choose, Field, Link, Option, Reply, Say, Sender, Words
from bot.dialogs.case import chat_with
from bot.dialogs.forgetting import cleaned
from bot.people.model import Person, Role, Source
from bot.routing.model import Act, Ending
from bot.routing.rules import ENDINGS, LONGEST_NOTE
from tests.chat import ANN, COORDINATOR, SCREEN, keys, press_of
from tests.office import AD, BEA, CAS, Office, words

PHONE, EMAIL = "06-12345678", "thuis@voorbeeld.example"
TYPED = f"Bel mij op {PHONE} of mail {EMAIL}"
CLEAN = "Bel mij op [telefoon] of mail [e-mail]"
End = Callable[[Office, QuestionId], Awaitable[object]]


async def solved(office: Office, which: QuestionId) -> None:
    await office.press(buttons.AnswerQuestion(question=which), BEA, text=f"Antwoord. {TYPED}")
    await office.press(buttons.Solved(question=which, solved=True))


def closed(ending: Ending, who: Sender) -> End:
    async def close(office: Office, which: QuestionId) -> None:
        how = await office.press(buttons.CloseQuestion(question=which), who)
        await office.press(press_of(how, f"question.close.{ending}"), who)

    return close


async def withdrawn(office: Office, which: QuestionId) -> None:
    await office.press(buttons.Withdraw(question=which))


async def expired(office: Office, which: QuestionId) -> None:
    await office.press(buttons.AnswerQuestion(question=which), BEA, text=f"Antwoord. {TYPED}")
    await office.wait(days=30)


CLOSED = closed(Ending.SOLVED, BEA)
ENDS = (
    solved,
    *(closed(one, who) for one in ENDINGS[Act.CLOSE] for who in (BEA, COORDINATOR)),
    withdrawn,
    expired,
)


async def with_numbers_everywhere(office: Office) -> QuestionId:
    """Let everybody type numbers wherever something can be typed, and leave it with Bea."""
    (asked,) = await office.say(f"zeilboot overtuigen. {TYPED}")
    which_asked = AskedId(press_of(asked, "compose.send").payload["asked"])
    compose = await office.press(buttons.AskCoach(asked=which_asked))
    await office.press(press_of(compose, "compose.adjust"), text=TYPED, note=TYPED)
    send = press_of(compose, "compose.send")
    await office.press(send, text="a" * 4_000, note=TYPED)
    await office.press(send, text=f"zeilboot overtuigen. {TYPED}", note=TYPED)
    which = (await office.newest()).id
    await office.press(buttons.EditForm(question=which))
    await office.press(buttons.EditQuestion(question=which), text=f"Toch een zeppelin. {TYPED}")
    await office.press(buttons.EditForm(question=which))
    await office.press(buttons.Claim(question=which), AD)
    await sent_and_typed_again(office, f"Toch een zeppelin. {TYPED}")
    await an_article_read(office, which)
    await office.press(buttons.AskBack(question=which), AD, text=f"Waar dan? {TYPED}")
    await office.press(buttons.AddLine(question=which), text=f"Hier. {TYPED}")
    (typed,) = await office.say(f"zeppelin temmen. {TYPED}")
    await office.press(press_of(typed, "question.is_this_yes"))
    await office.press(
        buttons.HandOver(question=which, coach=(await office.person(BEA)).id), AD, note=TYPED
    )
    await office.deliver()
    return which


async def sent_and_typed_again(office: Office, text: str) -> None:
    """Let Ann say the same while it is open: on a card of its own, and as a message."""
    card = buttons.SendQuestion(draft="once more")
    await office.press(card, text=text, note=f"{TYPED}. {'a' * LONGEST_NOTE}")
    await office.press(card, text=text, note=TYPED)
    (known,) = await office.say(text)
    assert keys(known)[0] == "question.same.open"


async def an_article_read(office: Office, which: QuestionId) -> None:
    """Let Ad look at an article after typing half an answer, and go on with that."""
    read = buttons.ReadArticle(question=which, entry=SCREEN.id)
    article = await office.press(read, AD, text=f"Probeer dit. {TYPED}")
    await office.press(press_of(article, "question.back"), AD, text=f"Probeer dit. {TYPED}")


@pytest.mark.parametrize("end", ENDS)
async def test_nothing_that_is_stored_holds_them_when_a_question_has_ended(
    office: Office, end: End
) -> None:
    which = await with_numbers_everywhere(office)
    assert await holding(office)
    await end(office, which)
    await office.deliver()
    assert await holding(office) == []
    assert "zeppelin" in (await office.question(which)).draft.text


async def holding(office: Office) -> list[str]:
    """Return all that is stored and holds a number or an address, apart from who is who."""
    shelves = office.chat.store._shelves
    async with office.chat.store.reading() as work:
        messages = [
            repr(one.reply)
            for subject in await subjects(office)
            for one in await work.outbox.copies(subject)
        ]
    stored = [
        *map(repr, shelves.asked.values()),
        *map(repr, shelves.questions.questions.values()),
        *map(repr, shelves.questions.events),
        *map(repr, shelves.outbox.stored.values()),
        *messages,
    ]
    typed = (PHONE, EMAIL, EMAIL.replace("@", "%40"))
    return [one for one in stored if any(text in one for text in typed)]


async def subjects(office: Office) -> list[str]:
    return [one.subject for one in await office.questions()]


async def test_one_whose_place_another_took_keeps_them_until_that_one_ends(office: Office) -> None:
    text = f"zeilboot overtuigen. {TYPED}"
    await office.send(text=text)
    (known,) = await office.say(text)
    await office.press(press_of(known, "compose.urgent"))
    other = await office.newest()
    assert (other.draft.urgent, other.draft.text) == (True, text)
    await withdrawn(office, other.id)
    await office.deliver()
    assert await holding(office) == []


async def test_an_offer_of_the_same_that_was_never_sent_keeps_none(office: Office) -> None:
    text = f"zeilboot overtuigen. {TYPED}"
    (unsent,) = await office.say(text)
    which = await office.send(text=text)
    known = await office.press(press_of(unsent, "compose.send"), note=TYPED)
    assert keys(known)[0] == "question.same.open"
    await withdrawn(office, which)
    assert await holding(office) == []


async def test_while_it_is_open_they_stay(office: Office) -> None:
    which = await with_numbers_everywhere(office)
    question = await office.question(which)
    assert PHONE in question.draft.text
    assert PHONE in question.draft.note
    (card,) = (await office.copies(which))["Bea"]
    assert any(PHONE in text for text in words(card))


async def test_another_question_keeps_its_own(office: Office) -> None:
    other = await office.send(text=f"zeilboot twee. {TYPED}")
    which = await office.send(text=f"zeilboot een. {TYPED}")
    await withdrawn(office, which)
    assert PHONE in (await office.question(other)).draft.text
    assert any(PHONE in one for one in await holding(office))


async def test_it_can_be_opened_again_and_closed_again(office: Office) -> None:
    which = await with_numbers_everywhere(office)
    await CLOSED(office, which)
    await office.press(buttons.Reopen(question=which))
    assert await office.holder(which) == "Bea"
    for card in (await office.copies(which))["Bea"]:
        assert any("[telefoon]" in text for text in words(card))
    await office.press(buttons.AddLine(question=which), text=f"Nog iets. {TYPED}")
    assert await holding(office)
    await CLOSED(office, which)
    assert await holding(office) == []


async def test_a_colleagues_number_from_the_files_of_the_college_stays(office: Office) -> None:
    which = await office.claimed(CAS)
    told = await office.told(ANN)
    phones = [one for card in told for one in card.blocks if isinstance(one, Say)]
    assert any("phone" in one.data for one in phones)
    await withdrawn(office, which)
    async with office.chat.store.reading() as work:
        kept = await work.outbox.copies(f"question:{which}")
    data = [one.data for copy in kept for one in copy.reply.blocks if isinstance(one, Say)]
    assert any(one.get("phone") for one in data)


def test_every_part_of_a_view_in_which_people_type_is_cleaned() -> None:
    option = Option(Words(PHONE), PHONE)
    reply = Reply(
        "question.work",
        (
            Words(TYPED),
            Field(Say("question.add"), "text", TYPED),
            Say("question.work.they_said", {"name": "Ann", "text": TYPED}),
            Say("coach.phone", {"phone": PHONE}),
            Choose(Say("question.more.colleague"), "coach", (option,), PHONE),
        ),
        (
            Button(Words(TYPED), {"kind": "send", "text": TYPED, "draft": PHONE, "v": 1}),
            Button(Say("question.row.open", {"line": TYPED}), {"question": 12}),
        ),
    )
    clean = cleaned(reply)
    assert clean.blocks == (
        Words(CLEAN),
        Field(Say("question.add"), "text", CLEAN),
        Say("question.work.they_said", {"name": "Ann", "text": CLEAN}),
        Say("coach.phone", {"phone": PHONE}),
        Choose(Say("question.more.colleague"), "coach", (option,), PHONE),
    )
    assert clean.buttons == (
        Button(Words(CLEAN), {"kind": "send", "text": CLEAN, "draft": PHONE, "v": 1}),
        Button(Say("question.row.open", {"line": CLEAN}), {"question": 12}),
    )
    assert cleaned(clean) == clean


def test_a_chat_opens_with_the_same_colleague_and_a_clean_message() -> None:
    coach = Person(
        PersonId(7), "Cas", "cas@college.example", "nl", frozenset({Role.COACH}), Source.IMPORT
    )
    reply = Reply("question.mine", (), links=chat_with(coach, f"Hoi & dag? {TYPED}"))
    (link,) = cleaned(reply).links
    query = parse_qs(urlsplit(link.url).query)
    assert query == {"users": ["cas@college.example"], "message": [f"Hoi & dag? {CLEAN}"]}
    plain = Reply("question.mine", (), links=chat_with(coach, "Hoi & dag?"))
    assert cleaned(plain) == plain
    elsewhere = Link(Say("question.chat"), "https://voorbeeld.example/pagina")
    assert cleaned(Reply("page", (), links=(elsewhere,))).links == (elsewhere,)
