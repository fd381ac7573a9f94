"""Who is asked answers in one tap, changes that until the round closes, and can be left alone."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core import poll_buttons as buttons
from bot.core.ids import RoundId
from bot.core.reply import Button, Choose, Field, Reply, Words
from bot.people.model import Source
from bot.polls.model import Asks, Kind, Round
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.factories import asks, poll_form, sender
from tests.office import BOB, labels, lines, local
from tests.polls import PollOffice, make_poll_office, soon

TOOLS = asks(Kind.CHOICES, text="Wat gebruikte je?", options=("Teams", "Forms", "Padlet"))
ONE_OF = asks(Kind.CHOICE, text="Wat wil je leren?", options=("Toetsen", "Video"))
OFTEN = asks(Kind.NUMBER, text="Hoe vaak?")
WORDS = asks(Kind.OPEN, text="Wat helpt jou?")


@pytest.fixture
async def office() -> PollOffice:
    return await make_poll_office()


async def opened(office: PollOffice, **form: Any) -> tuple[Round, Reply]:
    """Open a round; returns it, and Ann's invitation."""
    await office.started(schedule=soon(office), form=replace(poll_form(), **form))
    await office.told(ANN)
    await office.move_to(local("ma", 10, 5))
    return office.rounds[-1], await office.card(ANN)


def row(reply: Reply, text: str) -> Button:
    return next(
        one for one in reply.buttons if isinstance(one.label, Words) and one.label.text == text
    )


async def test_one_tap_answers_and_it_can_be_changed(office: PollOffice) -> None:
    one, card = await opened(office)
    assert lines(office, card)[:4] == [
        "Weekpeiling",
        "Hoe dichtbij voelde hulp deze week?",
        "Niet anoniem: je naam wordt bewaard bij je antwoord. Wie de server beheert, kan dat zien.",
        "Je kunt antwoorden tot vrijdag 6 maart om 10:05.",
    ]
    thanks = await office.press(row(card, "5 · heel dichtbij"), card="card-x")
    assert thanks.view == "poll.thanks"
    assert thanks.replaces
    assert "Je kunt je antwoord wijzigen tot vrijdag 6 maart om 10:05." in lines(office, thanks)
    assert await office.vote(one.id, ANN) == {0: "5"}
    again = await office.press(press_of(thanks, "poll.thanks.change"))
    await office.press(row(again, "2"))
    assert await office.vote(one.id, ANN) == {0: "2"}
    assert [one.answered for one in await office.invitations(one.id)].count(True) == 1


async def test_questions_come_one_at_a_time_and_what_is_answered_is_kept(
    office: PollOffice,
) -> None:
    one, card = await opened(office, questions=(asks(), ONE_OF, TOOLS, OFTEN, WORDS))
    assert "Vraag 1 van 5" in lines(office, card)
    second = await office.press(row(card, "4"))
    assert "Vraag 2 van 5" in lines(office, second)
    assert await office.vote(one.id, ANN) == {0: "4"}
    third = await office.press(row(second, "Video"))
    assert [block.many for block in third.blocks if isinstance(block, Choose)] == [True]
    fourth = await office.press(press_of(third, "poll.card.send"), value="2,0")
    fifth = await office.press(press_of(fourth, "poll.card.send"), value=" 04 ")
    done = await office.press(press_of(fifth, "poll.card.send"), value="Meer tijd, s1234567")
    assert done.view == "poll.thanks"
    assert await office.vote(one.id, ANN) == {
        0: "4",
        1: "1",
        2: "0,2",
        3: "4",
        4: "Meer tijd, [studentnummer]",
    }
    change = await office.press(press_of(done, "poll.thanks.change"))
    assert keys(change) == ["poll.change.title", "poll.change.all"]
    again = await office.press(row(change, "4 · Hoe vaak?"))
    assert (await office.press(press_of(again, "poll.card.send"), value="5")).view == "poll.thanks"
    assert (await office.vote(one.id, ANN))[3] == "5"


async def test_an_old_card_of_a_later_question_asks_for_what_is_missing(
    office: PollOffice,
) -> None:
    one, _ = await opened(office, questions=(asks(), ONE_OF))
    change = await office.press(buttons.ChangeAnswers(round=one.id))
    assert keys(change)[-1] == "poll.change.left"
    second = await office.press(row(change, "2 · Wat wil je leren?"))
    first = await office.press(row(second, "Video"))
    assert "Vraag 1 van 2" in lines(office, first)
    assert (await office.press(row(first, "3"))).view == "poll.thanks"


@pytest.mark.parametrize(
    ("question", "value"),
    [(asks(), "6"), (ONE_OF, "2"), (TOOLS, "7"), (OFTEN, "vier"), (WORDS, "  ")],
)
async def test_what_is_no_answer_is_asked_again_with_what_was_wrong(
    office: PollOffice, question: Asks, value: str
) -> None:
    one, _ = await opened(office, questions=(question,))
    again = await office.press(buttons.AnswerPoll(round=one.id, value=value))
    assert f"poll.wrong.{one.form.questions[0].kind}" in keys(again)
    assert await office.vote(one.id, ANN) == {}


async def test_a_question_that_there_is_not_shows_the_first(office: PollOffice) -> None:
    one, _ = await opened(office)
    for pressed in (
        buttons.AnswerPoll(round=one.id, question=9, value="1"),
        buttons.ShowPollQuestion(round=one.id, question=-1),
    ):
        assert (await office.press(pressed)).view == "poll.question"
    assert await office.vote(one.id, ANN) == {}


async def test_after_closing_a_press_says_so_kindly_and_changes_nothing(
    office: PollOffice,
) -> None:
    one, card = await opened(office)
    await office.move_to(local("vr", 10, 5))
    over = await office.press(row(card, "4"))
    assert lines(office, over) == [
        "Weekpeiling is gesloten sinds vrijdag 6 maart om 10:05",
        "Dank je wel. Wat je al antwoordde, telt mee. Bij de volgende peiling hoor je het weer.",
    ]
    for pressed in (
        buttons.ChangeAnswers(round=one.id),
        buttons.ShowPollQuestion(round=one.id),
    ):
        assert (await office.press(pressed)).view == "poll.over"
    assert await office.vote(one.id, ANN) == {}


async def test_who_was_not_asked_cannot_answer(office: PollOffice) -> None:
    one, _ = await opened(office)
    for which in (one.id, RoundId(4711)):
        said = await office.press(buttons.AnswerPoll(round=which, value="4"), COORDINATOR)
        assert keys(said) == ["poll.not_asked"]


async def test_nothing_that_is_stored_says_what_was_answered_in_secret(
    office: PollOffice,
) -> None:
    one, card = await opened(office, anonymous=True, questions=(asks(), WORDS))
    assert any("Anoniem." in line for line in lines(office, card))
    second = await office.press(row(card, "5 · heel dichtbij"))
    thanks = await office.press(press_of(second, "poll.card.send"), value="Zeilboot overtuigen")
    change = await office.press(press_of(thanks, "poll.thanks.change"))
    again = await office.press(row(change, "2 · Wat helpt jou?"))
    assert [block.value for block in again.blocks if isinstance(block, Field)] == [""]
    assert "Zeilboot" not in await office.stored()
    # The card of who answered 1 is the same as that of who answered 5.
    bobs = await office.press(row(await office.card(BOB), "1 · heel ver weg"), BOB)
    assert bobs == second
    assert await office.vote(one.id, ANN) == {}
    assert len(office.ballots[one.id]) == 2


async def test_without_its_key_a_round_takes_no_answers_and_says_so(office: PollOffice) -> None:
    one, card = await opened(office, anonymous=True)
    office.ballots.clear()
    assert keys(await office.press(row(card, "4"))) == ["poll.not_now"]
    office.with_secret(None)
    assert keys(await office.press(buttons.ChangeAnswers(round=one.id))) == ["poll.not_now"]
    assert keys(await office.press(buttons.ShowPollQuestion(round=one.id))) == ["poll.not_now"]


async def test_with_another_secret_who_presses_reads_why_and_what_to_do(
    office: PollOffice,
) -> None:
    one, card = await opened(office, anonymous=True)
    office.foreign.add(one.id)
    for pressed in (row(card, "4"), buttons.ChangeAnswers(round=one.id)):
        said = await office.press(pressed)
        assert keys(said) == ["poll.other_secret"]
        assert one.form.title in lines(office, said)[0]
    office.foreign.clear()
    assert keys(await office.press(row(card, "4")))[0] == "poll.thanks.title"


@pytest.mark.parametrize("anonymous", [True, False])
async def test_who_types_a_number_that_is_not_kept_reads_so_unless_that_tells_whose_answer_it_is(
    office: PollOffice, *, anonymous: bool
) -> None:
    _, card = await opened(office, anonymous=anonymous, questions=(WORDS,))
    assert any("burgerservice-" in line for line in lines(office, card))
    sends = press_of(card, "poll.card.send")
    thanks = await office.press(sends, value="Bel over 111222333 of s1234567")
    told = [key for key in keys(thanks) if key.startswith("note.")]
    assert told == ([] if anonymous else ["note.bsn", "note.student"])
    plain = await office.press(sends, value="Bel me niet")
    assert not any(key.startswith("note.") for key in keys(plain))


async def test_a_word_is_enough_to_be_asked_no_more_and_again(office: PollOffice) -> None:
    (no,) = await office.say("geen peilingen")
    assert keys(no) == ["poll.asked.declined"]
    await opened_without_ann(office)
    yes = await office.press(press_of(no, "poll.asked.again"))
    assert (keys(yes), labels(yes)) == (["poll.asked.wanted"], ["poll.asked.stop"])
    assert keys((await office.say("no polls"))[0]) == ["poll.asked.declined"]
    assert keys((await office.say("wel peilingen"))[0]) == ["poll.asked.wanted"]


async def opened_without_ann(office: PollOffice) -> None:
    await office.started(schedule=soon(office))
    await office.told(ANN)
    await office.move_to(local("ma", 10, 5))
    assert await office.told(ANN) == []
    assert len(await office.invitations(office.rounds[0].id)) == 5


async def test_who_stops_halfway_is_not_reminded(office: PollOffice) -> None:
    await opened(office)
    await office.say("geen peilingen")
    await office.told(ANN)
    await office.move_to(local("do", 10))
    assert await office.told(ANN) == []


@pytest.mark.parametrize("anonymous", [False, True])
async def test_who_answers_and_turns_out_to_be_asked_twice_has_one_vote(
    office: PollOffice, *, anonymous: bool
) -> None:
    stranger, email = sender("29:zoe", name="Zoë"), "zoe@kerncollege.example"
    await office.say("hoi", stranger)
    ghost = (await office.person(stranger)).id
    async with office.chat.store.begin() as work:
        own = await work.people.register(sender("29:elsewhere", email=email), "nl")
    office.chat.store._shelves.people[own.id] = replace(own, source=Source.IMPORT)
    one, _ = await opened(office, anonymous=anonymous)
    asked = {each.person for each in await office.invitations(one.id)}
    assert {ghost, own.id} <= asked
    answer = buttons.AnswerPoll(round=one.id, value="5")
    assert (await office.press(answer, stranger)).view == "poll.thanks"
    # By now Teams can say who it is.
    again = buttons.AnswerPoll(round=one.id, value="2")
    assert (await office.press(again, replace(stranger, email=email))).view == "poll.thanks"
    left = await office.invitations(one.id)
    assert {each.person for each in left} == asked - {ghost}
    assert [each.person for each in left if each.answered] == [own.id]
    if anonymous:
        assert [*office.ballots[one.id]] == [own.id]
    else:
        assert await office.vote(one.id, replace(stranger, email=email)) == {0: "2"}
