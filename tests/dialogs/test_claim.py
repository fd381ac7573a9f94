"""The coach's side: pick up, answer, ask back, hand over, give back, close; and who may not."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.core import buttons
from bot.core.buttons import Payload, decode
from bot.core.ids import EntryId, PersonId, QuestionId
from bot.core.reply import Button, Choose, Field, Place, Reply, Say, Sender
from bot.people.model import Role
from bot.routing.model import Act, State
from tests.chat import ANN, COORDINATOR, SCREEN, keys, press_of
from tests.office import AD, BEA, BOB, CAS, DEE, ROOM, TEXT, Office, labels, lines, words


async def give(office: Office, which: QuestionId, to: Sender, by: Sender, note: str = "") -> Reply:
    """Give a question to somebody: hand it over, or assign it as the coordinator."""
    coach = str((await office.person(to)).id)
    if by is COORDINATOR:
        return await office.press(buttons.Assign(question=which), by, coach=coach)
    return await office.press(buttons.HandOver(question=which), by, coach=coach, note=note)


def articles(reply: Reply) -> list[Button]:
    """Return the lines of a card that show an article."""
    return [one for one in reply.buttons if isinstance(decode(one.payload), buttons.ReadArticle)]


def typed(reply: Reply) -> str:
    """Return what stands in the field of the answer."""
    fields = (one for one in reply.blocks if isinstance(one, Field))
    return "".join(one.value for one in fields if one.name == "text")


async def close(office: Office, which: QuestionId, who: Sender, ending: str = "solved") -> Reply:
    return await office.press(buttons.CloseQuestion(question=which, ending=ending), who)


async def test_of_two_coaches_the_second_reads_who_was_first(office: Office) -> None:
    which = await office.claimed(AD)
    late = await office.press(buttons.Claim(question=which), BEA)
    assert lines(office, late)[0] == "Ad was je voor en heeft V-1001 al opgepakt."
    assert (late.replaces, late.buttons) == (True, ())
    again = await office.press(buttons.Claim(question=which), AD)
    assert keys(again) == ["refused.have_it"]
    assert await office.holder(which) == "Ad"


async def test_of_all_who_press_at_once_one_has_it(office: Office) -> None:
    which = await office.send()
    pressed = [office.press(buttons.Claim(question=which), who) for who in (AD, BEA, CAS, DEE)]
    replies = await asyncio.gather(*pressed)
    assert [keys(one)[0] for one in replies].count("refused.taken") == 3
    assert [one.act for one in await office.events(which)].count(Act.CLAIM) == 1


async def test_in_the_channel_everybody_sees_who_it_is_and_the_coach_gets_the_card_alone(
    office: Office,
) -> None:
    which = await office.send()
    await office.wait(hours=1)
    (post,) = await office.told(ROOM)
    claim = press_of(post, "question.work.claim")
    await office.all_read()
    (shown,) = await office.press_all(claim, CAS, place=ROOM)
    assert (shown.view, shown.personal, shown.replaces) == ("question.channel", False, True)
    assert lines(office, shown)[-1] == "Deze vraag ligt nu bij Cas."
    (own,) = [one for one in await office.told(CAS) if one.view == "question.work"][-1:]
    assert press_of(own, "question.work.send")
    (late,) = await office.press_all(claim, DEE, place=ROOM)
    assert (keys(late), late.personal) == (["refused.taken"], True)
    (no_coach,) = await office.press_all(claim, BOB, place=ROOM)
    assert (keys(no_coach), no_coach.personal) == (["refused.no_coach"], True)
    assert await office.holder(which) == "Cas"


async def test_every_copy_of_the_card_follows_the_question(office: Office) -> None:
    which = await office.send()
    await office.wait(hours=4)
    assert {name: len(cards) for name, cards in (await office.copies(which)).items()} == {
        "Docent Een": 1,
        "Ad": 1,
        "Bea": 1,
        "Cas": 1,
        "Dee": 1,
        "": 1,
        "Coördinator Een": 1,
    }
    await office.press(buttons.Claim(question=which), BEA)
    await office.deliver()
    said = {
        name: " ".join(lines(office, cards[0]))
        for name, cards in (await office.copies(which)).items()
        if name != "Bea"
    }
    assert len(said) == 6
    assert all("Bea" in text for text in said.values()), said
    await office.press(buttons.Withdraw(question=which), ANN)
    for name, cards in (await office.copies(which)).items():
        for card in cards:
            shown = labels(card)
            assert not {"question.work.claim", "question.work.send"} & set(shown), name


async def test_who_cannot_be_reached_yet_reads_later_how_the_question_is_by_then(
    office: Office,
) -> None:
    away = Place(AD.channel, AD.address, AD.address)
    async with office.chat.store.begin() as work:
        await work.addresses.lose(AD.channel, AD.address, "removed")
        assert work.addresses.reachable((await work.people.coaches())[0].person.id) is None
    which = await office.send()
    await office.press(buttons.Claim(question=which), BEA)
    await office.all_read()
    await office.say("hoi", AD, place=away)
    assert not [one for one in await office.told(AD) if "question.work.claim" in labels(one)]


async def test_a_coach_answers_with_an_article_in_the_askers_language(office: Office) -> None:
    await office.say("taal english", ANN)
    which = await office.claimed(text="wachtwoord vergeten")
    await office.all_read()
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    line = articles(card)[0]
    assert line.line
    shown = await office.press(line, AD)
    as_read = "How do I set a new password?\nGo to the password page."
    assert (words(shown)[1], shown.replaces) == (as_read, True)
    assert labels(shown) == ["question.article.send", "question.back"]
    # Nothing is sent unseen.
    assert await office.told(ANN) == []
    assert (await office.question(which)).state is State.CLAIMED
    await office.press(press_of(shown, "question.article.send"), AD)
    (answer,) = await office.told(ANN)
    assert words(answer)[1] == as_read
    await office.say("taal nederlands", ANN)
    again = await office.press(line, AD)
    await office.press(press_of(again, "question.article.send"), AD)
    assert "Bel de servicedesk op 088 1." in (await office.question(which)).answer


async def test_a_coach_who_only_looks_finds_the_answer_as_it_was_being_typed(
    office: Office,
) -> None:
    which = await office.claimed(text="wachtwoord vergeten")
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    shown = await office.press(articles(card)[0], AD, text="Ga naar s1234567")
    assert "s1234567" not in await office.stored()
    (typed,) = [block for block in shown.blocks if isinstance(block, Field)]
    assert typed.value == "Ga naar [studentnummer]"
    back = await office.press(press_of(shown, "question.back"), AD, text=typed.value)
    (field,) = [block for block in back.blocks if isinstance(block, Field)]
    assert (field.value, back.view) == (typed.value, "question.work")
    assert (articles(back), back.replaces) == (articles(card), True)


async def test_a_coach_who_sends_an_article_keeps_what_was_being_typed(office: Office) -> None:
    which = await office.claimed(text="wachtwoord vergeten")
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    shown = await office.press(articles(card)[0], AD, text="En bel me maar")
    send = press_of(shown, "question.article.send")
    sent = await office.press(send, AD, text="En bel me maar, s1234567")
    assert "s1234567" not in await office.stored()
    assert lines(office, sent)[0] == "Wat je typte, is niet meegestuurd. Het staat hier nog."
    assert (typed(sent), sent.view, sent.replaces) == (
        *("En bel me maar, [studentnummer]", "question.work", True),
    )
    assert "bel me maar" not in (await office.question(which)).answer
    # The asker says more, and the card changes.
    await office.press(buttons.AddLine(question=which), text="Dank je")
    (changed,) = [one for one in (await office.copies(which))["Ad"] if typed(one)]
    assert typed(changed) == typed(sent)
    assert "Dank je" in str(changed)
    done = await office.press(press_of(changed, "question.work.send"), AD, text=typed(changed))
    assert typed(done) == ""


async def test_who_sends_an_article_and_typed_nothing_reads_nothing_of_it(office: Office) -> None:
    which = await office.claimed(text="wachtwoord vergeten")
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    shown = await office.press(articles(card)[0], AD, text="")
    sent = await office.press(press_of(shown, "question.article.send"), AD)
    assert "question.work.unsent" not in keys(sent)
    assert typed(sent) == ""


async def test_a_coach_who_looks_what_else_there_is_keeps_what_was_being_typed(
    office: Office,
) -> None:
    which = await office.claimed()
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    more = await office.press(press_of(card, "question.work.more"), AD, text="Klik op s1234567")
    assert "s1234567" not in await office.stored()
    beside = {"note": "", "coach": "", "text": typed(more)}
    back = await office.press(press_of(more, "question.back"), AD, **beside)
    assert (typed(back), back.view) == ("Klik op [studentnummer]", "question.work")
    over = press_of(more, "question.more.hand_over")
    assert keys(await office.press(over, AD, **beside)) == ["refused.no_such_coach"]
    nothing = await office.press(press_of(back, "question.work.more"), AD, text="")
    assert typed(await office.press(press_of(nothing, "question.back"), AD)) == ""


async def test_a_coach_who_does_not_close_after_all_keeps_what_was_being_typed(
    office: Office,
) -> None:
    which = await office.claimed()
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    more = await office.press(press_of(card, "question.work.more"), AD, text="Klik op")
    beside = {"note": "Voor jou", "coach": "", "text": f"{typed(more)} s1234567"}
    how = await office.press(press_of(more, "question.work.close"), AD, **beside)
    assert "s1234567" not in await office.stored()
    assert (typed(how), how.view) == ("Klik op [studentnummer]", "question.close")
    back = await office.press(press_of(how, "question.back"), AD, text=typed(how))
    assert (typed(back), back.view) == ("Klik op [studentnummer]", "question.work")
    done = await office.press(press_of(how, "question.close.solved"), AD)
    assert (typed(done), (await office.question(which)).state) == ("", State.CLOSED)


async def test_who_closes_and_typed_nothing_sees_no_field(office: Office) -> None:
    which = await office.claimed()
    more = await office.press(buttons.MoreOn(question=which), AD)
    how = await office.press(press_of(more, "question.work.close"), AD)
    assert not [one for one in how.blocks if isinstance(one, Field)]
    back = await office.press(press_of(how, "question.back"), AD)
    assert (typed(back), back.view) == ("", "question.work")


async def test_an_article_that_did_not_solve_it_is_not_offered_again(office: Office) -> None:
    which = await office.claimed(text="wachtwoord vergeten")
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    first, *others = articles(card)
    shown = await office.press(first, AD)
    await office.press(press_of(shown, "question.article.send"), AD)
    await office.press(buttons.Solved(question=which, solved=False))
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    assert articles(card) == others


async def test_articles_stand_on_every_card_to_answer_on_and_go_once_there_is_an_answer(
    office: Office,
) -> None:
    which = await office.send(text="wachtwoord vergeten")
    (asked,) = await office.told(AD)
    assert articles(asked) == []
    claimed = await office.press(buttons.Claim(question=which), AD)
    assert articles(claimed)
    await give(office, which, CAS, AD)
    (given,) = [one for one in await office.told(CAS) if one.view == "question.work"]
    assert articles(given) == articles(claimed)
    await office.press(buttons.AddLine(question=which), ANN, text="Van de laptop.")
    assert articles((await office.copies(which))["Cas"][-1]) == articles(claimed)
    sent = await office.press(buttons.AnswerQuestion(question=which), CAS, text="Zo.")
    assert articles(sent) == []


async def test_an_article_that_has_nothing_to_do_with_it_is_not_offered(office: Office) -> None:
    which = await office.claimed(text="zeilboot overtuigen")
    card = await office.press(buttons.ShowQuestion(question=which), AD)
    assert articles(card) == []


async def test_an_article_that_did_not_help_the_asker_is_not_offered(office: Office) -> None:
    text = "hoe kan ik mijn scherm delen in de les"
    (answer,) = await office.say(text)
    await office.press(press_of(answer, "answer.helped_yes"))
    which = await office.claimed(AD, text=text)
    show = buttons.ShowQuestion(question=which)
    offered = {one.payload["entry"] for one in articles(await office.press(show, AD))}
    assert SCREEN.id in offered
    await office.press(press_of(answer, "answer.helped_no"))
    card = await office.press(show, AD)
    assert {one.payload["entry"] for one in articles(card)} == offered - {SCREEN.id}
    other = await office.send(BOB, text=text)
    await office.press(buttons.Claim(question=other), AD)
    card = await office.press(buttons.ShowQuestion(question=other), AD)
    assert {one.payload["entry"] for one in articles(card)} == offered


async def test_articles_of_which_the_asker_meant_none_are_not_offered(office: Office) -> None:
    text = "video presentatie les opnemen"
    (choices,) = await office.say(text)
    shown = {one.payload["entry"] for one in choices.buttons if "entry" in one.payload}
    assert len(shown) > 1
    none = await office.press(press_of(choices, "choices.none"))
    await office.press(press_of(none, "compose.send"), text="")
    which = (await office.newest()).id
    card = await office.press(buttons.Claim(question=which), AD)
    assert articles(card) == []
    # To whom nothing was shown, it may well be one of these.
    other = await office.send(BOB, text=text)
    card = await office.press(buttons.Claim(question=other), AD)
    assert {one.payload["entry"] for one in articles(card)} == shown


async def test_of_words_that_were_changed_since_other_articles_are_offered(office: Office) -> None:
    (choices,) = await office.say("video presentatie les opnemen")
    none = await office.press(press_of(choices, "choices.none"))
    await office.press(press_of(none, "compose.send"), text="wachtwoord vergeten")
    card = await office.press(buttons.Claim(question=(await office.newest()).id), AD)
    assert articles(card)


async def test_an_article_that_is_gone_answers_nothing(office: Office) -> None:
    which = await office.claimed()
    for button in (buttons.AnswerWith, buttons.ReadArticle):
        gone = button(question=which, entry=EntryId("weg"))
        assert keys(await office.press(gone, AD)) == ["error.entry_gone"]
    assert (await office.question(which)).state is State.CLAIMED


async def test_an_answer_can_be_followed_by_another(office: Office) -> None:
    which = await office.answered(text="Zo.")
    await office.all_read()
    await office.press(buttons.AnswerQuestion(question=which), AD, text="Of zo.")
    (answer,) = await office.told(ANN)
    assert words(answer)[-1] == "Of zo."


@pytest.mark.parametrize("text", ["", " \n", "a" * 20_000])
@pytest.mark.parametrize("button", [buttons.AnswerQuestion, buttons.AskBack])
async def test_an_empty_or_endless_answer_shows_the_form_again_with_what_was_typed(
    office: Office, button: Callable[..., Payload], text: str
) -> None:
    which = await office.claimed()
    await office.all_read()
    reply = await office.press(button(question=which), AD, text=text)
    assert keys(reply)[0] == ("refused.too_long" if text.strip() else "refused.empty")
    (field,) = [block for block in reply.blocks if isinstance(block, Field)]
    assert field.value == text[:3_000]
    assert await office.told(ANN) == []
    assert (await office.question(which)).state is State.CLAIMED


async def test_given_back_it_goes_to_another_and_never_back(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    reply = await office.press(buttons.Release(question=which), AD)
    assert keys(reply) == ["question.work.released"]
    assert await office.asked(which) == [("Bea", 1)]
    (told,) = await office.told(ANN)
    assert keys(told) == ["question.told.released"]
    await office.wait(days=3)
    assert {name for name, _ in await office.asked(which)} == {"Bea", "Cas", "Dee"}
    assert await office.told(AD) == []
    (mine,) = await office.say("mijn werk", AD)
    assert mine.blocks[1] == duty_counts(held=0, asked=0)


def duty_counts(*, held: int, asked: int) -> Say:
    return Say("duty.counts", {"held": held, "asked": asked})


async def test_handed_over_it_comes_with_its_note_and_the_asker_hears_it(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    reply = await give(office, which, CAS, AD, "Zij heeft haast.")
    assert lines(office, reply)[-1] == "Deze vraag ligt nu bij Cas."
    (given,) = await office.told(CAS)
    assert keys(given)[0] == "question.told.hand_over"
    assert words(given)[0] == "Zij heeft haast."
    assert "question.work.send" in labels(given)
    (told,) = await office.told(ANN)
    assert lines(office, told)[0] == "Je vraag gaat naar Cas"
    await office.press(buttons.AskBack(question=which), CAS, text="Waar?")
    await office.press(buttons.AddLine(question=which), ANN, text="Hier.")
    for card in (await office.copies(which))["Cas"]:
        assert "Zij heeft haast." in words(card)


@pytest.mark.parametrize(
    ("to", "why"),
    [(BOB, "no_such_coach"), (ANN, "no_such_coach"), (AD, "same"), (COORDINATOR, "no_such_coach")],
)
async def test_it_is_handed_over_to_another_coach_only(
    office: Office, to: Sender, why: str
) -> None:
    which = await office.claimed(AD)
    assert keys(await give(office, which, to, AD)) == [f"refused.{why}"]
    assert await office.holder(which) == "Ad"
    for chosen in ({}, {"coach": ""}):
        nobody = await office.press(buttons.HandOver(question=which), AD, **chosen)
        assert keys(nobody) == ["refused.no_such_coach"]


async def test_a_coachs_own_question_is_not_handed_to_them(office: Office) -> None:
    which = await office.send(BEA)
    await office.press(buttons.Claim(question=which), AD)
    assert keys(await give(office, which, BEA, AD)) == ["refused.no_such_coach"]
    more = await office.press(buttons.MoreOn(question=which), AD)
    (list_,) = [block for block in more.blocks if isinstance(block, Choose)]
    assert [getattr(one.label, "text", "") for one in list_.options] == ["Cas", "Dee"]


async def test_a_coordinator_assigns_and_who_had_it_hears_that(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    reply = await give(office, which, CAS, COORDINATOR)
    assert reply.view == "question.open"
    assert await office.holder(which) == "Cas"
    (given,) = await office.told(CAS)
    assert keys(given)[0] == "question.told.assign"
    (lost,) = await office.told(AD)
    assert lines(office, lost)[0] == "V-1001 is nu bij Cas. Je hoeft niets meer te doen."
    (told,) = await office.told(ANN)
    assert lines(office, told)[0] == "Je vraag gaat naar Cas"


async def test_a_coordinator_assigns_what_nobody_picked_up(office: Office) -> None:
    which = await office.send()
    await office.wait(hours=4)
    await office.all_read()
    await give(office, which, DEE, COORDINATOR)
    assert await office.holder(which) == "Dee"
    assert len(await office.told(DEE)) == 1
    assert await office.told(AD) == []


async def test_a_coach_or_a_coordinator_closes_and_the_asker_can_open_again(
    office: Office,
) -> None:
    for who in (AD, COORDINATOR):
        which = await office.claimed(AD)
        await office.all_read()
        await close(office, which, who)
        assert (await office.question(which)).state is State.CLOSED
        (told,) = await office.told(ANN)
        await office.press(press_of(told, "question.mine.reopen"))
        assert await office.holder(which) == "Ad"


async def test_who_left_gets_no_answer_and_their_question_can_be_closed(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    await office.change(ANN, active=False)
    for button in (buttons.AnswerQuestion, buttons.AskBack):
        reply = await office.press(button(question=which), AD, text="Zo.")
        assert keys(reply) == ["refused.left"]
    await close(office, which, AD)
    assert (await office.question(which)).state is State.CLOSED
    assert await office.told(ANN) == []


@pytest.mark.parametrize(
    ("ending", "coach", "asker"),
    [
        ("solved", "Afgerond: opgelost.", "Ad heeft je vraag V-1001 afgerond: opgelost."),
        (
            "elsewhere",
            "Afgerond: doorverwezen.",
            "Ad heeft je vraag V-1001 afgerond: iemand anders kan je hier beter mee helpen.",
        ),
        (
            "unsolved",
            "Afgerond: niet opgelost.",
            "Ad heeft je vraag V-1001 afgerond. Het is helaas niet gelukt om het op te lossen.",
        ),
        (
            "not_needed",
            "Afgerond: niet meer nodig.",
            "Ad heeft je vraag V-1001 afgerond: hij is niet meer nodig.",
        ),
    ],
)
async def test_how_it_ended_is_one_tap_and_each_reads_it_in_words_for_them(
    office: Office, ending: str, coach: str, asker: str
) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    how = await office.press(buttons.CloseQuestion(question=which), AD)
    assert lines(office, how)[0] == "Hoe liep V-1001 af?"
    assert (await office.question(which)).state is State.CLAIMED
    shown = await office.press(press_of(how, f"question.close.{ending}"), AD)
    assert lines(office, shown)[-1] == coach
    assert (await office.question(which)).ending == ending
    assert [one.ending for one in await office.events(which)][-1] == ending
    (told,) = await office.told(ANN)
    assert lines(office, told)[0] == asker
    assert "Bel de servicedesk op 088 1." in " ".join(lines(office, told)) or ending != "elsewhere"
    assert "binnen 7 dagen" in " ".join(lines(office, told))
    overview = await office.press(buttons.ShowQuestion(question=which), COORDINATOR)
    assert coach in lines(office, overview)
    mine = await office.press(buttons.ShowQuestion(question=which))
    assert keys(mine)[-2:] == [f"question.mine.ended.{ending}", "question.mine.reopen_within"]
    await office.press(press_of(told, "question.mine.reopen"))
    assert (await office.question(which)).ending is None


async def test_who_was_helped_in_person_is_asked_once_how_near_that_felt(office: Office) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    await close(office, which, AD)
    (told,) = await office.told(ANN)
    assert keys(told)[-1] == "question.felt.label"
    assert labels(told) == [f"question.felt.{near}" for near in (5, 4, 3, 2, 1)] + [
        "question.mine.reopen"
    ]
    mine = await office.press(buttons.ShowQuestion(question=which))
    assert labels(mine) == ["question.mine.reopen"]
    thanks = await office.press(press_of(told, "question.felt.4"))
    question = await office.question(which)
    assert (question.felt, question.proximity is not None) == (4, True)
    assert (thanks.replaces, keys(thanks)[-1]) == (True, "question.answered.thanks")
    assert labels(thanks) == ["question.mine.reopen"]


@pytest.mark.parametrize("ending", ["elsewhere", "unsolved", "not_needed"])
async def test_who_was_not_helped_is_not_asked_how_near_it_felt(
    office: Office, ending: str
) -> None:
    which = await office.claimed(AD)
    await office.all_read()
    await close(office, which, AD, ending)
    (told,) = await office.told(ANN)
    assert labels(told) == ["question.mine.reopen"]


async def test_of_what_a_coordinator_closes_nearness_to_a_coach_is_not_asked(
    office: Office,
) -> None:
    for which in (await office.send(), await office.claimed(AD)):
        await office.all_read()
        await close(office, which, COORDINATOR)
        (told,) = await office.told(ANN)
        assert labels(told) == ["question.mine.reopen"]


async def test_after_a_week_nobody_is_offered_what_cannot_be_done_any_more(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await close(office, which, AD, "unsolved")
    await office.wait(days=8)
    mine = await office.press(buttons.ShowQuestion(question=which))
    assert (keys(mine)[-1], labels(mine)) == ("question.mine.ended.unsolved", ["coach.ask"])


@pytest.mark.parametrize("ending", ["expired", "by_asker", "withdrawn"])
async def test_what_only_others_can_say_of_an_end_is_not_taken_from_a_coach(
    office: Office, ending: str
) -> None:
    which = await office.claimed(AD)
    forged = buttons.CloseQuestion(question=which, ending=ending)
    assert keys(await office.press(forged, AD)) == ["refused.no_ending"]
    unheard = buttons.CloseQuestion(question=which, ending="x")
    assert keys(await office.press(unheard, AD)) == ["question.close.title"]
    assert (await office.question(which)).state is State.CLAIMED


async def test_an_end_that_nobody_chose_is_kept_too(office: Office) -> None:
    solved, silent, back = [await office.answered(AD) for _ in range(3)]
    await office.press(buttons.Solved(question=solved, solved=True))
    withdrawn = await office.send()
    await office.press(buttons.Withdraw(question=withdrawn))
    await close(office, back, AD)
    await office.wait(days=12)
    endings = [(await office.question(one)).ending for one in (solved, silent, back, withdrawn)]
    assert endings == ["by_asker", "expired", "solved", "withdrawn"]
    work = await office.press(buttons.ShowQuestion(question=silent), AD)
    assert "question.work.ended.expired" in keys(work)


async def test_a_chat_with_the_asker_is_one_tap_away(office: Office) -> None:
    which = await office.send()
    held = await office.press(buttons.Claim(question=which), AD)
    (link,) = held.links
    assert link.url.endswith("?users=docent1%40kerncollege.example&message=zeilboot%20overtuigen")
    mine = await office.press(buttons.ShowQuestion(question=which), ANN)
    assert "users=coach1%40kerncollege.example" in mine.links[0].url


LOST = "lost"
"""A coach who holds the question and lost the role since."""
ON_QUESTION: Mapping[str, Callable[[QuestionId, PersonId], tuple[Payload, dict[str, Any]]]] = {
    "edit": lambda q, _: (buttons.EditQuestion(question=q), {"text": "anders"}),
    "edit_form": lambda q, _: (buttons.EditForm(question=q), {}),
    "withdraw": lambda q, _: (buttons.Withdraw(question=q), {}),
    "add": lambda q, _: (buttons.AddLine(question=q), {"text": "en dit"}),
    "solved": lambda q, _: (buttons.Solved(question=q, solved=True), {}),
    "not_solved": lambda q, _: (buttons.Solved(question=q, solved=False), {}),
    "felt": lambda q, _: (buttons.Felt(question=q), {"felt": "5"}),
    "reopen": lambda q, _: (buttons.Reopen(question=q), {}),
    "claim": lambda q, _: (buttons.Claim(question=q), {}),
    "more": lambda q, _: (buttons.MoreOn(question=q), {}),
    "release": lambda q, _: (buttons.Release(question=q), {}),
    "hand_over": lambda q, p: (buttons.HandOver(question=q, coach=p), {"note": "n"}),
    "hand_over_nobody": lambda q, _: (buttons.HandOver(question=q), {}),
    "assign": lambda q, p: (buttons.Assign(question=q, coach=p), {}),
    "assign_nobody": lambda q, _: (buttons.Assign(question=q), {}),
    "answer": lambda q, _: (buttons.AnswerQuestion(question=q), {"text": "zo"}),
    "answer_nothing": lambda q, _: (buttons.AnswerQuestion(question=q), {"text": ""}),
    "answer_with": lambda q, _: (
        buttons.AnswerWith(question=q, entry=EntryId("wachtwoord-vergeten")),
        {},
    ),
    "read_article": lambda q, _: (
        buttons.ReadArticle(question=q, entry=EntryId("wachtwoord-vergeten")),
        {},
    ),
    "write_on": lambda q, _: (buttons.WriteOn(question=q), {"text": "zo"}),
    "ask_back": lambda q, _: (buttons.AskBack(question=q), {"text": "wat?"}),
    "close": lambda q, _: (buttons.CloseQuestion(question=q), {}),
    "close_solved": lambda q, _: (buttons.CloseQuestion(question=q, ending="solved"), {}),
}
MINE = {"edit", "edit_form", "withdraw", "add", "solved", "not_solved", "felt", "reopen"}
COORDINATED = {"assign", "assign_nobody"}
"""Buttons of the asker and of a coordinator; the others are of coaches."""


def why_not(name: str, who: str) -> str:
    """Return why somebody may not press a button of a question that another coach holds."""
    if name in MINE:
        return "not_yours"
    if name in COORDINATED:
        return "not_coordinator"
    return "taken" if who == "coach" else "no_coach"


WRONG = [
    (name, who)
    for name in ON_QUESTION
    for who in ("asker", "teacher", "coach", "coordinator", LOST)
    if not (name in MINE and who == "asker")
    and not ((name in COORDINATED or name.startswith("close")) and who == "coordinator")
]


@pytest.mark.parametrize(("name", "who"), WRONG)
async def test_who_may_not_press_a_button_reads_why_and_nothing_changes(
    office: Office, name: str, who: str
) -> None:
    which = await office.claimed(AD)
    if who == LOST:
        await office.change(AD, roles=frozenset({Role.TEACHER}))
    senders = {"asker": ANN, "teacher": BOB, "coach": BEA, "coordinator": COORDINATOR, LOST: AD}
    await office.deliver()
    before, events = await office.question(which), await office.events(which)
    told = len(office.delivered)
    button, filled_in = ON_QUESTION[name](which, (await office.person(CAS)).id)
    reply = await office.press(button, senders[who], **filled_in)
    assert (reply.view, keys(reply)[0]) in {
        ("question.refused", f"refused.{why_not(name, who)}"),
        ("question.work", f"refused.{why_not(name, who)}"),
    }
    assert await office.question(which) == before
    assert await office.events(which) == events
    await office.deliver()
    assert len(office.delivered) == told


@pytest.mark.parametrize(
    ("button", "who", "why"),
    [
        (buttons.MyWork(), BOB, "no_coach"),
        (buttons.NotToday(), BOB, "no_coach"),
        (buttons.AwayForm(), COORDINATOR, "no_coach"),
        (buttons.GoAway(first="2026-03-02"), BOB, "no_coach"),
        (buttons.HandBack(), BOB, "no_coach"),
        (buttons.BackAgain(), COORDINATOR, "no_coach"),
        (buttons.Overview(), BOB, "not_coordinator"),
        (buttons.Overview(), AD, "not_coordinator"),
    ],
)
async def test_work_and_overview_are_for_whom_they_are_for(
    office: Office, button: Payload, who: Sender, why: str
) -> None:
    assert keys(await office.press(button, who)) == [f"refused.{why}"]
    async with office.chat.store.reading() as work:
        assert await work.questions.away(office.now) == []


@pytest.mark.parametrize("name", ON_QUESTION)
async def test_a_question_that_never_was_is_told_so(office: Office, name: str) -> None:
    button, filled_in = ON_QUESTION[name](QuestionId(4711), (await office.person(CAS)).id)
    for who in (ANN, AD, COORDINATOR):
        reply = await office.press(button, who, **filled_in)
        assert keys(reply) == ["refused.gone"]


async def test_nobody_picks_up_their_own_question(office: Office) -> None:
    which = await office.send(AD)
    assert keys(await office.press(buttons.Claim(question=which), AD)) == ["refused.own"]
    assert await office.asked(which) == [("Bea", 1)]


async def test_a_coach_who_lost_the_role_is_passed_over_and_a_coordinator_gives_it_away(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await office.change(AD, roles=frozenset({Role.TEACHER}))
    await office.all_read()
    await give(office, which, CAS, COORDINATOR)
    assert await office.holder(which) == "Cas"


async def test_who_reads_of_a_question_of_a_coach_who_left_reads_no_empty_name(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await office.change(AD, active=False)
    mine = await office.press(buttons.ShowQuestion(question=which), ANN)
    shown = lines(office, mine)
    assert not any(line.startswith(" heeft") for line in shown), shown


async def test_a_claim_in_the_night_took_no_working_time(office: Office) -> None:
    await office.wait(hours=9)
    which = await office.send()
    (work,) = await office.say("mijn werk", AD)
    card = await office.press(work.buttons[0], AD)
    await office.press(press_of(card, "question.work.claim"), AD)
    assert (await office.question(which)).claim_minutes == 0
    await office.wait(hours=20)
    assert not [one for one in await office.told(AD) if "question.work.claim" in labels(one)]


async def test_what_is_picked_up_stays_with_who_did(office: Office) -> None:
    which = await office.claimed()
    await office.wait(days=30)
    assert (await office.question(which)).state is State.CLAIMED
    assert await office.holder(which) == "Ad"
    assert TEXT in words((await office.copies(which))["Ad"][0])


async def test_who_gets_a_question_reads_what_an_earlier_coach_said_as_theirs(
    office: Office,
) -> None:
    which = await office.claimed(AD)
    await office.press(buttons.AskBack(question=which), AD, text="Waar?")
    await office.press(buttons.AddLine(question=which), ANN, text="Hier.")
    await give(office, which, CAS, AD)
    await office.press(buttons.AnswerQuestion(question=which), CAS, text="Zo.")
    (card,) = (await office.copies(which))["Cas"][-1:]
    shown = lines(office, card)
    assert shown[shown.index("Ad: Waar?") :][:3] == ["Ad: Waar?", "Docent Een: Hier.", "Jij: Zo."]


async def test_a_long_talk_fits_on_a_card(office: Office) -> None:
    which = await office.claimed(AD)
    for _ in range(3):
        await office.press(buttons.AnswerQuestion(question=which), AD, text="a" * 3_000)
    await office.press(buttons.AddLine(question=which), ANN, text="b" * 3_000)
    (card,) = (await office.copies(which))["Ad"][-1:]
    assert len(str(card)) < 10_000
    assert any("b" * 3_000 in line for line in lines(office, card))
