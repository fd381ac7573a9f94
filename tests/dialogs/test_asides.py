"""Who waits sees their question, who is away the form, and who names a coach asks that one."""

import pytest

from bot.channels.cards.plain import render
from bot.core import buttons
from bot.core.reply import Choose, Reply
from bot.people.model import Role
from bot.routing.model import Ending, Source, State
from tests import factories
from tests.chat import ANN, PASSWORD, keys, make_chat, press_of
from tests.office import AD, BEA, BOB, CAS, ROOM, Office, labels, lines, words

OF_THE_FAQ = ("answer", "choices", "no_answer", "not_ours")


def chosen(reply: Reply) -> dict[str, str]:
    """Return what is chosen in the lists of a form."""
    return {one.name: one.value for one in reply.blocks if isinstance(one, Choose)}


@pytest.mark.parametrize("text", ["status", "hoe lang duurt het nog", "al nieuws?", "spoed"])
async def test_who_waits_sees_their_question_and_what_can_be_done(
    office: Office, text: str
) -> None:
    await office.send()
    (reply,) = await office.say(text)
    assert reply.view == "question.mine"
    assert labels(reply) == ["question.mine.edit", "question.mine.withdraw"]


async def test_who_waits_for_several_sees_them_all(office: Office) -> None:
    await office.send()
    await office.send(text="zeppelin temmen")
    (reply,) = await office.say("wat is de status van mijn vraag")
    assert reply.view == "question.list"
    assert len(reply.buttons) == 2


async def test_an_answer_that_waits_for_a_word_is_shown(office: Office) -> None:
    await office.answered()
    (reply,) = await office.say("status")
    assert reply.view == "question.answered"


@pytest.mark.parametrize("text", ["al nieuws?", "waar blijft mijn antwoord", "any news?"])
async def test_who_asks_for_news_of_nothing_reads_that_nothing_is_open(
    office: Office, text: str
) -> None:
    which = await office.send()
    await office.press(buttons.Withdraw(question=which))
    (reply,) = await office.say(text)
    assert keys(reply) == ["question.none_open"]
    assert labels(reply) == ["coach.ask"]


async def test_who_waits_for_nothing_asks_the_faq(office: Office) -> None:
    which = await office.send()
    await office.press(buttons.Withdraw(question=which))
    (reply,) = await office.say("spoed")
    assert reply.view in OF_THE_FAQ


async def test_a_question_for_the_faq_goes_there_whoever_waits(office: Office) -> None:
    await office.send()
    (reply,) = await office.say("spoed: wachtwoord vergeten")
    assert reply.view == "answer"


@pytest.mark.parametrize(
    "text", ["ja opgelost, dank je!", "Dankjewel, het werkt!", "problem solved"]
)
async def test_who_says_that_it_is_solved_need_not_say_so_again(office: Office, text: str) -> None:
    which = await office.answered()
    await office.all_read()
    (reply,) = await office.say(text)
    assert (reply.view, labels(reply)[0]) == ("question.answered", "question.felt.5")
    question = await office.question(which)
    assert (question.state, question.ending) == (State.CLOSED, Ending.BY_ASKER)
    (told,) = await office.told(AD)
    assert keys(told) == ["question.told.solved"]


async def test_who_solved_it_alone_sees_the_question_that_is_still_open(office: Office) -> None:
    which = await office.claimed()
    (reply,) = await office.say("al gelukt hoor")
    assert labels(reply) == ["question.mine.withdraw"]
    assert (await office.question(which)).state is State.CLAIMED
    await office.answered()
    (reply,) = await office.say("opgelost")
    assert (reply.view, len(reply.buttons)) == ("question.list", 2)


async def test_an_answer_of_the_faq_that_solved_it_is_rated_and_can_be_taken_back(
    office: Office,
) -> None:
    await office.say("wachtwoord vergeten")
    (reply,) = await office.say("gelukt, dank je wel!")
    assert keys(reply) == ["answer.rated_yes"]
    assert await ratings(office) == (1, 0)
    after_all = await office.press(press_of(reply, "answer.rated_no_after_all"))
    assert "answer.rated_no" in keys(after_all)
    assert await ratings(office) == (0, 1)


async def ratings(office: Office) -> tuple[int, int]:
    async with office.chat.store.reading() as work:
        return await work.knowledge.ratings(PASSWORD.id)


async def test_of_two_answers_who_is_helped_says_which_one_did(office: Office) -> None:
    which = await office.answered()
    await office.say("wachtwoord vergeten")
    (reply,) = await office.say("opgelost")
    assert labels(reply) == ["answer.helped_yes", "question.answered.no"]
    assert (await office.question(which)).state is State.ANSWERED
    assert await ratings(office) == (0, 0)
    await office.wait(minutes=11)
    await office.say("opgelost")
    assert (await office.question(which)).state is State.CLOSED


async def test_who_is_helped_with_nothing_that_is_known_is_wished_well(office: Office) -> None:
    await office.say("zeilboot overtuigen")
    (reply,) = await office.say("opgelost!")
    assert keys(reply) == ["small_talk.compliment"]


async def test_in_a_channel_it_may_be_about_anything(office: Office) -> None:
    which = await office.answered()
    await office.say("opgelost", place=ROOM)
    assert (await office.question(which)).state is State.ANSWERED


async def test_a_code_opens_that_question_for_who_asked_and_for_a_coach(office: Office) -> None:
    which = await office.send()
    await office.send(text="zeppelin temmen")
    code = (await office.question(which)).code
    (mine,) = await office.say(code.lower())
    assert mine.view == "question.mine"
    (work,) = await office.say(f"hoe staat het met {code}", AD)
    assert work.view == "question.work"
    (other,) = await office.say(code, BOB)
    assert keys(other) == ["refused.no_coach"]
    (none,) = await office.say("V-9999")
    assert keys(none) == ["refused.gone"]


async def test_a_coach_who_is_away_gets_the_form_filled_in(office: Office) -> None:
    (reply,) = await office.say("ik ben er morgen niet", AD)
    assert reply.view == "duty.away_form"
    assert chosen(reply) == {"first": "2026-03-03", "last": "2026-03-03"}
    (reply,) = await office.say("ik ben vanaf vrijdag met verlof", AD)
    assert chosen(reply) == {"first": "2026-03-06", "last": "open"}


async def test_a_day_that_the_form_does_not_have_is_not_filled_in(office: Office) -> None:
    reply = await office.press(buttons.AwayForm(first="1999-01-01", last="ooit"), AD)
    assert chosen(reply) == {"first": "2026-03-02", "last": "2026-03-02"}


async def test_of_a_teacher_it_is_a_question(office: Office) -> None:
    (reply,) = await office.say("ik ben ziek")
    assert reply.view in OF_THE_FAQ


async def test_a_coach_named_in_a_message_is_who_it_goes_to(office: Office) -> None:
    (card,) = await office.say("vraag het aan Cas")
    assert card.view == "compose"
    sent = await office.press(press_of(card, "compose.send"), text="zeilboot overtuigen")
    assert sent.view == "question.mine"
    assert await office.asked((await office.newest()).id) == [("Cas", 1)]


async def test_who_just_asked_something_need_not_type_it_again(office: Office) -> None:
    await office.say("zeilboot overtuigen")
    (card,) = await office.say("vraag het aan Cas")
    assert "zeilboot overtuigen" in words(card)
    assert "compose.adjust" in labels(card)
    sent = await office.press(press_of(card, "compose.send"))
    assert sent.view == "question.mine"
    question = await office.newest()
    assert (question.draft.text, question.draft.source) == ("zeilboot overtuigen", Source.REFUSED)
    assert await office.asked(question.id) == [("Cas", 1)]
    # It is on its way: what they want of Bea is something else.
    (other,) = await office.say("vraag het aan Bea")
    assert keys(other)[0] == "compose.type"
    await office.press(buttons.Withdraw(question=question.id))
    (again,) = await office.say("vraag het aan Bea")
    assert "zeilboot overtuigen" in words(again)
    await office.press(press_of(again, "compose.send"))
    assert await office.asked((await office.newest()).id) == [("Bea", 1)]


async def test_what_was_asked_a_while_ago_is_not_meant(office: Office) -> None:
    await office.say("zeilboot overtuigen")
    await office.wait(minutes=11)
    (card,) = await office.say("vraag het aan Cas")
    assert keys(card)[0] == "compose.type"


async def test_of_several_of_that_name_the_asker_chooses(office: Office) -> None:
    await office.change(BEA, name="Bea Smit")
    await office.change(CAS, name="Cas Smit")
    (reply,) = await office.say("vraag smit")
    assert [getattr(one.label, "text", "") for one in reply.buttons] == ["Bea Smit", "Cas Smit"]
    card = await office.press(reply.buttons[1])
    await office.press(press_of(card, "compose.send"), text="zeilboot overtuigen")
    assert await office.asked((await office.newest()).id) == [("Cas Smit", 1)]


async def test_a_name_that_nearly_all_bear_is_no_name() -> None:
    crowd = [
        factories.listed_coach(f"i{number}@kerncollege.example", name=f"Coach {number}")
        for number in range(11)
    ]
    chat = await make_chat(*crowd)
    await chat.say("hoi")
    (reply,) = await chat.say("vraag coach")
    assert keys(reply)[0] == "compose.type"
    (named,) = await chat.say("vraag coach 7")
    assert "Coach 7 ziet je vraag als eerste." in [
        line.text for line in render(chat.texts, named).lines
    ]


async def test_a_coach_on_leave_can_be_asked_and_the_card_warns(office: Office) -> None:
    await office.press(buttons.GoAway(first="2026-03-02", last="2026-03-06"), CAS)
    (card,) = await office.say("vraag het aan Cas")
    assert "Cas is afwezig tot en met 6 maart 2026." in lines(office, card)
    assert "compose.send" in labels(card)


async def test_a_name_of_no_coach_is_a_question(office: Office) -> None:
    for name in ("Bob", "Ann", "zeilboot overtuigen"):
        (reply,) = await office.say(f"vraag {name}")
        assert reply.view in OF_THE_FAQ
    (own,) = await office.say("vraag het aan Ad", AD)
    assert own.view in OF_THE_FAQ


async def test_who_is_no_coach_any_more_is_not_asked(office: Office) -> None:
    cas = (await office.person(CAS)).id
    await office.change(CAS, roles=frozenset({Role.TEACHER}))
    reply = await office.press(buttons.AskNamed(coach=cas), ANN)
    assert keys(reply) == ["refused.no_such_coach"]
    assert not words(reply)
