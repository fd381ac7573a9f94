"""The asker's side: send, follow, say more, take back, rate, open again."""

from datetime import timedelta

import pytest

from bot.core import buttons
from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Choose, Field, Reply, Say, Words
from bot.people.model import Role
from bot.routing.model import Act, Source, State
from tests.chat import ANN, COORDINATOR, keys, press_of
from tests.office import (
    AD,
    BEA,
    BOB,
    CAS,
    DEE,
    MONDAY,
    TEXT,
    Office,
    labels,
    lines,
    make_office,
    words,
)

SECRET = "van 123456782, NL91 ABNA 0417 1643 00, s1234567"
WEEK = timedelta(days=7)


def typed(reply: Reply) -> dict[str, str]:
    """Return what stands in the fields of a form."""
    return {block.name: block.value for block in reply.blocks if isinstance(block, Field)}


def to_whom(office: Office, form: Reply) -> list[str]:
    """Return whom a question can be sent to, as the list shows them."""
    choose = next(one for one in form.blocks if isinstance(one, Choose) and one.name == "coach")
    return [
        one.label.text
        if isinstance(one.label, Words)
        else office.chat.texts.write(form.language, one.label.key, one.label.data)
        for one in choose.options
    ]


async def test_from_no_answer_to_a_rating_it_is_one_story(office: Office) -> None:
    (refused,) = await office.say(TEXT)
    assert lines(office, refused)[1:4] == [
        "Ad ziet je vraag als eerste.",
        (
            "Ad hoort bij jouw team, zit op jouw locatie, werkt vandaag tot 17:00 "
            "en heeft geen open vragen."
        ),
        "Je hoort vandaag vóór 11:00 iets.",
    ]
    sent = await office.press(press_of(refused, "compose.send"), note="Het is voor vrijdag.")
    assert (sent.view, sent.replaces) == ("question.mine", True)
    assert lines(office, sent)[:4] == [
        "Je vraag V-1001",
        TEXT,
        "Het is voor vrijdag.",
        "Je vraag ligt nu bij Ad.",
    ]
    (offered,) = await office.told(AD)
    assert words(offered) == [TEXT, "Het is voor vrijdag."]

    await office.wait(minutes=4)
    held = await office.press(press_of(offered, "question.work.claim"), AD)
    assert labels(held)[:2] == ["question.work.send", "question.work.ask_back"]
    (told,) = await office.told(ANN)
    assert lines(office, told) == [
        "Ad pakt je vraag op",
        "Je vindt Ad in B2.04.",
        "Bellen: 088 555 01 01",
        "Het gaat om je vraag V-1001.",
    ]
    await office.press(press_of(held, "question.work.send"), AD, text="Zo doe je dat.")
    (answer,) = await office.told(ANN)
    assert words(answer) == [TEXT, "Zo doe je dat."]
    rate = await office.press(press_of(answer, "answer.helped_yes"))
    thanks = await office.press(press_of(rate, "question.felt.4"))
    assert "question.answered.thanks" in keys(thanks)

    question = await office.newest()
    assert (question.state, question.solved, question.felt) == (State.CLOSED, True, 4)
    assert question.claim_minutes == pytest.approx(4)
    assert question.proximity
    assert question.proximity > 0.5
    assert question.draft.source is Source.REFUSED
    assert [one.act for one in await office.events(question.id)] == [
        Act.SEND,
        Act.OFFER,
        Act.CLAIM,
        Act.ANSWER,
        Act.SOLVED,
        Act.RATE,
    ]


@pytest.mark.parametrize(
    ("text", "keys_to_press", "source"),
    [
        (TEXT, [], Source.REFUSED),
        ("wachtwoord vergeten", ["answer.helped_no"], Source.NOT_HELPED),
        ("scherm opnemen", ["choices.none"], Source.NONE_OF_THESE),
        ("wanneer krijg ik mijn loon", ["coach.ask"], Source.NOT_OURS),
        ("wachtwoord vergeten", ["coach.ask"], Source.DIRECT),
        ("wie is mijn mediacoach", ["coach.ask"], Source.DIRECT),
    ],
)
async def test_where_a_question_came_from_is_kept(
    office: Office, text: str, keys_to_press: list[str], source: Source
) -> None:
    (reply,) = await office.say(text)
    for key in keys_to_press:
        reply = await office.press(press_of(reply, key))
    await office.press(press_of(reply, "compose.send"), text="" if typed(reply) else TEXT)
    if not await office.questions():
        await office.press(press_of(reply, "compose.send"), text=TEXT)
    assert (await office.newest()).draft.source is source


async def test_pressing_send_twice_is_one_question(office: Office) -> None:
    (reply,) = await office.say(TEXT)
    send = press_of(reply, "compose.send")
    first, second = [await office.press(send) for _ in range(2)]
    urgent = await office.press(press_of(reply, "compose.urgent"))
    assert len(await office.questions()) == 1
    assert first.blocks == second.blocks
    assert urgent.subject == first.subject
    assert len(await office.told(AD)) == 1
    adjust = await office.press(press_of(reply, "compose.adjust"))
    again = await office.press(press_of(adjust, "compose.drop"))
    assert keys(again) == ["compose.dropped"]


async def test_who_asks_for_a_coach_after_sending_sees_the_question_that_was_sent(
    office: Office,
) -> None:
    (reply,) = await office.say("wachtwoord vergeten")
    compose = await office.press(press_of(reply, "coach.ask"))
    await office.press(press_of(compose, "compose.send"))
    again = await office.press(press_of(reply, "coach.ask"))
    assert again.view == "question.mine"


async def test_what_somebody_else_asked_cannot_be_sent_or_seen(office: Office) -> None:
    (reply,) = await office.say(TEXT)
    draft = buttons.SendQuestion.model_validate(
        buttons.decode(press_of(reply, "compose.send").payload).model_dump()
    )
    refused = await office.press(draft, BOB)
    assert keys(refused) == ["error.not_yours"]
    adjust = buttons.AdjustQuestion(asked=draft.asked, draft=draft.draft)
    assert typed(await office.press(adjust, BOB))["text"] == ""
    ask = await office.press(buttons.AskCoach(asked=draft.asked), BOB)
    assert TEXT not in words(ask)
    assert await office.questions() == []


async def test_a_key_of_somebody_else_leads_to_a_question_of_ones_own(office: Office) -> None:
    draft = buttons.SendQuestion(draft="card:1", text="zeilboot")
    for who in (ANN, BOB):
        await office.press(draft, who)
    assert len(await office.questions()) == 2


async def test_a_question_that_never_was_asked_needs_a_text(office: Office) -> None:
    reply = await office.press(buttons.SendQuestion(asked=AskedId(4711), draft="asked:4711"))
    assert keys(reply)[0] == "compose.empty"


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 20_000])
async def test_an_empty_or_endless_text_shows_the_form_again_with_what_was_typed(
    office: Office, text: str
) -> None:
    draft = buttons.SendQuestion(draft="card:1", coach=PersonId(3))
    reply = await office.press(draft, text=text, note="Voor vrijdag.")
    assert keys(reply)[0] == ("compose.too_long" if text.strip() else "compose.empty")
    assert typed(reply) == {"text": text[:3_000], "note": "Voor vrijdag."}
    assert len(str(reply.buttons)) < 500
    assert await office.questions() == []
    await office.press(press_of(reply, "compose.send_now"), text="zeilboot", note="")
    assert (await office.newest()).draft.text == "zeilboot"


async def test_a_note_of_twenty_thousand_signs_is_too_long(office: Office) -> None:
    draft = buttons.SendQuestion(draft="card:1")
    reply = await office.press(draft, text="zeilboot", note="b" * 20_000)
    assert keys(reply)[0] == "compose.too_long"
    assert typed(reply)["text"] == "zeilboot"


async def test_numbers_that_must_not_be_stored_are_stored_nowhere(office: Office) -> None:
    text, note = f"zeilboot {SECRET}", f"bel {SECRET}"
    await office.press(buttons.AdjustQuestion(draft="card:0"), text=text, note=note)
    for wrong in ("", "a" * 20_000):
        await office.press(buttons.SendQuestion(draft="card:1"), text=wrong, note=note)
    sent = await office.press(buttons.SendQuestion(draft="card:2"), text=text, note=note)
    assert "note.bsn" in keys(sent)
    which = (await office.newest()).id
    await office.press(buttons.EditQuestion(question=which), text=f"zeilboot {SECRET}")
    await office.press(buttons.Claim(question=which), AD)
    await office.press(buttons.AskBack(question=which), AD, text=f"Klopt {SECRET}?")
    await office.press(buttons.AddLine(question=which), text=f"Ja, {SECRET}")
    await office.press(buttons.AnswerQuestion(question=which), AD, text=f"Zo: {SECRET}")
    bea = (await office.person(BEA)).id
    await office.press(buttons.HandOver(question=which), AD, coach=str(bea), note=SECRET)
    stored = await office.stored()
    for number in ("123456782", "0417 1643", "s1234567"):
        assert number not in stored
    assert "[bsn]" in stored


async def test_the_form_to_adjust_shows_all_that_can_be_changed(office: Office) -> None:
    (reply,) = await office.say(TEXT)
    form = await office.press(press_of(reply, "compose.adjust"), note="Voor vrijdag.")
    assert form.replaces
    assert typed(form) == {"text": TEXT, "note": "Voor vrijdag."}
    bea = (await office.person(BEA)).id
    await office.press(
        press_of(form, "compose.send_now"),
        text="zeilboot overhalen",
        note="",
        coach=str(bea),
        topic="lms",
        level="tactisch",
    )
    draft = (await office.newest()).draft
    assert (draft.text, draft.note, draft.wanted) == ("zeilboot overhalen", "", bea)
    assert (draft.topic, draft.level, draft.role) == ("lms", "tactisch", "onderwijskundige")
    assert len(await office.told(BEA)) == 1
    assert await office.told(AD) == []


async def test_a_level_that_there_is_not_changes_nothing(office: Office) -> None:
    draft = buttons.SendQuestion(draft="card:1")
    await office.press(draft, text="wachtwoord vergeten", level="moeilijk")
    sent = (await office.newest()).draft
    assert (sent.level, sent.role) == ("operationeel", "technovator")


async def test_who_asks_for_somebody_who_is_no_coach_gets_the_nearest(office: Office) -> None:
    for number, coach in enumerate((4711, (await office.person(BOB)).id)):
        draft = buttons.SendQuestion(draft=f"card:{number}", coach=PersonId(coach))
        await office.press(draft, text=f"zeilboot {number}")
        assert (await office.newest()).draft.wanted is None
    assert len(await office.told(AD)) == 2


async def test_a_coach_who_is_away_can_be_asked_by_name(office: Office) -> None:
    await office.press(buttons.GoAway(first="2026-03-02", last="2026-03-06"), BEA)
    (reply,) = await office.say(TEXT)
    form = await office.press(press_of(reply, "compose.adjust"))
    assert to_whom(office, form) == [
        "Wie het dichtstbij is",
        "Ad",
        "Cas",
        "Dee",
        "Bea is afwezig tot en met 6 maart 2026",
    ]
    await office.press(
        press_of(form, "compose.send_now"), text=TEXT, coach=str((await office.person(BEA)).id)
    )
    assert await office.asked((await office.newest()).id) == [("Bea", 1)]
    assert len(await office.told(BEA)) == 1


async def test_who_is_no_coach_any_more_is_not_in_the_list(office: Office) -> None:
    await office.change(BEA, active=False)
    (reply,) = await office.say(TEXT)
    form = await office.press(press_of(reply, "compose.adjust"))
    assert to_whom(office, form)[1:] == ["Ad", "Cas", "Dee"]


async def test_a_coach_does_not_find_themself_in_the_list(office: Office) -> None:
    (reply,) = await office.say(TEXT, AD)
    form = await office.press(press_of(reply, "compose.adjust"), AD)
    assert to_whom(office, form)[1:] == ["Bea", "Cas", "Dee"]


async def test_when_everybody_is_away_the_question_can_still_be_sent(office: Office) -> None:
    for who in (AD, BEA, CAS, DEE):
        await office.press(buttons.NotToday(), who)
    (reply,) = await office.say(TEXT)
    assert "coach.none" not in keys(reply)
    assert "compose.nobody" in keys(reply)
    sent = await office.press(press_of(reply, "compose.send_now"))
    assert sent.view == "question.mine"


async def test_a_class_that_waits_gets_phone_numbers_and_three_coaches_at_once(
    office: Office,
) -> None:
    (reply,) = await office.say(TEXT)
    sent = await office.press(press_of(reply, "compose.urgent"))
    assert lines(office, sent)[:4] == [
        "Bel nu Ad: 088 555 01 01",
        "Bel nu Bea: 088 555 01 01",
        "Bel nu Cas: 088 555 01 01",
        "Haast? Bel de servicedesk op 088 1.",
    ]
    which = (await office.newest()).id
    assert await office.asked(which) == [("Ad", 2), ("Bea", 2), ("Cas", 2)]
    (card,) = await office.told(BEA)
    assert keys(card)[0] == "question.work.urgent"
    await office.wait(minutes=3)
    assert len(await office.asked(which)) == 4


async def test_a_class_that_waits_when_nobody_works_gets_the_service_desk(office: Office) -> None:
    await office.move_to(MONDAY + timedelta(hours=10))
    (reply,) = await office.say(TEXT)
    sent = await office.press(press_of(reply, "compose.urgent"))
    assert keys(sent)[:2] == ["compose.nobody_now", "coach.servicedesk"]
    # Who is there first tomorrow is asked then, as with any other question.
    assert "question.mine.later" in keys(sent)


async def test_the_fourth_hurry_in_a_week_goes_as_any_other(office: Office) -> None:
    async def hurry() -> Reply:
        (reply,) = await office.say(f"{TEXT} {next(office.numbers)}")
        return await office.press(press_of(reply, "compose.urgent"))

    for _ in range(3):
        assert "compose.call" in keys(await hurry())
        assert (await office.newest()).draft.urgent
    fourth = await hurry()
    assert keys(fourth)[0] == "compose.urgent_too_often"
    assert "compose.call" not in keys(fourth)
    assert not (await office.newest()).draft.urgent
    await office.wait(days=8)
    await hurry()
    assert (await office.newest()).draft.urgent


async def test_a_third_hurry_that_is_pressed_twice_is_no_fourth(office: Office) -> None:
    for number in range(3):
        (reply,) = await office.say(f"{TEXT} {number}")
        for _ in range(2):
            sent = await office.press(press_of(reply, "compose.urgent"))
            assert "compose.call" in keys(sent)
    assert len(await office.questions()) == 3


async def test_a_question_can_be_changed_until_it_is_picked_up(office: Office) -> None:
    which = await office.send()
    await office.told(AD)
    form = await office.press(buttons.EditForm(question=which))
    assert typed(form) == {"text": TEXT}
    await office.press(press_of(form, "question.mine.save"), text="zeilboot overhalen")
    for cards in (await office.copies(which)).values():
        assert all("zeilboot overhalen" in words(one) for one in cards)
    for empty in ("", " "):
        reply = await office.press(press_of(form, "question.mine.save"), text=empty)
        assert keys(reply) == ["refused.empty"]
    await office.press(buttons.Claim(question=which), AD)
    late = await office.press(press_of(form, "question.mine.save"), text="te laat")
    assert keys(late) == ["refused.taken_asker"]
    assert (await office.question(which)).draft.text == "zeilboot overhalen"


async def test_who_takes_a_question_back_tells_the_coach_who_had_it(office: Office) -> None:
    which = await office.claimed()
    await office.all_read()
    reply = await office.press(buttons.Withdraw(question=which))
    assert "question.mine.withdrawn" in keys(reply)
    (told,) = await office.told(AD)
    assert keys(told) == ["question.told.withdrawn"]
    again = await office.press(buttons.Withdraw(question=which))
    assert keys(again) == ["refused.withdrawn"]


async def test_what_the_coach_asks_back_is_answered_to_the_coach(office: Office) -> None:
    which = await office.claimed()
    await office.all_read()
    reply = await office.press(buttons.AskBack(question=which), AD, text="Welke groep?")
    assert "question.work.you_said" in keys(reply)
    (asked,) = await office.told(ANN)
    assert words(asked) == [TEXT, "Welke groep?"]
    said = await office.press(press_of(asked, "question.send"), text="2B")
    assert keys(said) == ["question.added"]
    (told,) = await office.told(AD)
    assert (keys(told)[0], words(told)) == ("question.told.added", ["2B"])
    card = await office.press(press_of(told, "question.open_it"), AD)
    assert "question.work.they_said" in keys(card)
    nothing = await office.press(press_of(asked, "question.send"), text=" ")
    assert keys(nothing) == ["refused.empty"]


async def test_what_is_not_solved_stays_with_the_coach(office: Office) -> None:
    which = await office.answered()
    await office.all_read()
    reply = await office.press(buttons.Solved(question=which, solved=False))
    assert keys(reply)[0] == "question.answered.goes_on"
    (told,) = await office.told(AD)
    assert keys(told) == ["question.told.not_solved"]
    assert (await office.question(which)).state is State.CLAIMED
    await office.wait(days=10)
    assert (await office.question(which)).state is State.CLAIMED


async def test_an_answer_nobody_speaks_of_closes_after_the_quiet_days_with_a_notice(
    office: Office,
) -> None:
    which = await office.answered()
    await office.all_read()
    seven_open_days = MONDAY + timedelta(days=9)
    await office.move_to(seven_open_days - timedelta(minutes=1))
    assert (await office.question(which)).state is State.ANSWERED
    await office.move_to(seven_open_days)
    question = await office.question(which)
    assert (question.state, question.solved) == (State.CLOSED, None)
    (told,) = await office.told(ANN)
    assert keys(told) == ["question.expired"]
    assert await office.told(AD) == []


async def test_within_a_week_a_closed_question_goes_back_to_the_same_coach(office: Office) -> None:
    which = await office.answered()
    await office.press(buttons.Solved(question=which, solved=True))
    await office.all_read()
    await office.wait(days=7)
    reply = await office.press(buttons.Reopen(question=which))
    assert "question.mine.claimed" in keys(reply)
    assert await office.holder(which) == "Ad"
    (told,) = await office.told(AD)
    assert keys(told) == ["question.told.reopened"]


async def test_the_asker_reads_what_they_said_along(office: Office) -> None:
    which = await office.send(note="Het is een kleine boot.")
    reply = await office.press(buttons.ShowQuestion(question=which))
    assert words(reply)[1] == "Het is een kleine boot."


async def test_what_closed_by_itself_long_ago_leaves_a_coach_to_ask(office: Office) -> None:
    which = await office.answered()
    await office.wait(days=40)
    reply = await office.press(buttons.ShowQuestion(question=which))
    assert "question.mine.ended.expired" in keys(reply)
    assert labels(reply) == ["coach.ask"]


async def test_after_a_week_a_closed_question_stays_closed(office: Office) -> None:
    which = await office.answered()
    await office.press(buttons.Solved(question=which, solved=True))
    await office.wait(days=8)
    reply = await office.press(buttons.Reopen(question=which))
    assert keys(reply) == ["refused.too_late"]
    assert (await office.question(which)).state is State.CLOSED


@pytest.mark.parametrize("why", ["away", "no coach any more", "left"])
async def test_a_question_whose_coach_cannot_take_it_back_is_offered_anew(
    office: Office, why: str
) -> None:
    which = await office.answered()
    await office.press(buttons.Solved(question=which, solved=True))
    if why == "away":
        await office.press(buttons.GoAway(first="2026-03-02", last="2026-03-06"), AD)
    elif why == "left":
        await office.change(AD, active=False)
    else:
        await office.change(AD, roles=frozenset({Role.TEACHER}))
    await office.all_read()
    await office.press(buttons.Reopen(question=which))
    question = await office.question(which)
    assert (question.state, question.holder, question.round) == (State.OFFERED, None, 2)
    assert await office.asked(which) == [("Bea", 1)]
    assert len(await office.told(BEA)) == 1


async def test_how_near_the_help_felt_can_be_said_again_and_is_between_1_and_5(
    office: Office,
) -> None:
    which = await office.answered()
    await office.press(buttons.Solved(question=which, solved=True))
    for felt in (2, 5, 9, 0, -1):
        await office.press(buttons.Felt(question=which), felt=str(felt))
    assert (await office.question(which)).felt == 5


async def test_a_card_shows_how_the_question_is_now_to_its_asker_alone(office: Office) -> None:
    which = await office.answered()
    show = buttons.ShowQuestion(question=which)
    assert (await office.press(show)).view == "question.answered"
    assert keys(await office.press(show, BOB)) == ["refused.no_coach"]
    assert (await office.press(show, AD)).view == "question.work"
    assert (await office.press(show, COORDINATOR)).view == "question.open"
    gone = buttons.ShowQuestion(question=QuestionId(4711))
    assert keys(await office.press(gone)) == ["refused.gone"]


async def test_my_questions_are_lines_to_tap(office: Office) -> None:
    (nothing,) = await office.say("mijn vragen")
    assert (keys(nothing), labels(nothing)) == (["question.none"], ["coach.ask"])
    for number in range(12):
        await office.send(text=f"zeilboot {number}")
    (reply,) = await office.say("mijn vragen")
    assert len(reply.buttons) == 10
    assert (await office.press(reply.buttons[0])).view == "question.mine"


async def test_a_file_that_came_with_a_question_goes_by_chat(office: Office) -> None:
    (first,) = await office.say("zeilboot", files=1)
    assert keys(first)[0] == "note.files"
    which = await office.claimed()
    (reply,) = await office.say("", files=1)
    assert keys(reply) == ["question.file"]
    assert reply.links[0].url.startswith("https://teams.microsoft.com/l/chat/0/0?users=coach1%40")
    await office.wait(minutes=11)
    (later,) = await office.say("", files=1)
    assert keys(later) == ["error.only_files"]
    assert which


async def test_a_file_from_before_the_question_was_sent_goes_by_chat_as_well(
    office: Office,
) -> None:
    (reply,) = await office.say(TEXT, files=1)
    await office.wait(minutes=9)
    sent = await office.press(press_of(reply, "compose.send"))
    assert keys(sent)[-1] == "question.file"
    assert sent.links[0].url.startswith("https://teams.microsoft.com/l/chat/0/0?users=coach1%40")
    await office.wait(minutes=11)
    (other,) = await office.say("zeilboot", files=1)
    await office.wait(minutes=11)
    late = await office.press(press_of(other, "compose.send"))
    assert not late.links


async def test_notices_are_in_their_readers_language() -> None:
    office = await make_office()
    await office.say("taal english", ANN)
    await office.say("taal english", BEA)
    which = await office.answered()
    assert {one.language for one in await office.told(ANN)} == {"en"}
    assert {one.language for one in await office.told(AD)} == {"nl"}
    await office.say("taal nederlands", ANN)
    await office.press(buttons.Solved(question=which, solved=True))
    assert {one.language for one in (await office.copies(which))["Docent Een"]} == {"nl"}
    assert {one.language for one in (await office.copies(which))["Ad"]} == {"nl"}


async def test_a_button_says_who_gets_the_question(office: Office) -> None:
    (reply,) = await office.say(TEXT)
    label = press_of(reply, "compose.send").label
    assert isinstance(label, Say)
    assert label.data == {"name": "Ad"}


async def test_what_is_typed_may_be_meant_for_the_coach(office: Office) -> None:
    which = await office.claimed()
    await office.press(buttons.AskBack(question=which), AD, text="Welk merk?")
    await office.all_read()
    (reply,) = await office.say("zeilboot logitech")
    assert keys(reply)[0] == "question.is_this"
    assert labels(reply)[:2] == ["question.is_this_yes", "question.is_this_no"]
    assert "compose.send" not in labels(reply)
    assert len([one for one in reply.buttons if not one.line]) <= 4
    said = await office.press(press_of(reply, "question.is_this_yes"))
    assert keys(said) == ["question.added"]
    (told,) = await office.told(AD)
    assert words(told) == ["zeilboot logitech"]
    assert keys(await office.press(press_of(reply, "question.is_this_yes"), BOB)) == [
        "error.not_yours"
    ]


async def test_thanks_while_an_answer_waits_asks_whether_it_is_solved(office: Office) -> None:
    await office.answered()
    (reply,) = await office.say("bedankt")
    assert "question.answered.solved" in keys(reply)
    await office.press(press_of(reply, "answer.helped_yes"))
    (after,) = await office.say("bedankt")
    assert keys(after) == ["small_talk.thanks"]


async def test_what_is_added_after_the_coach_gave_it_back_is_kept(office: Office) -> None:
    which = await office.claimed(AD)
    await office.press(buttons.Release(question=which), AD)
    said = await office.press(buttons.AddLine(question=which), text="Klas 2B")
    assert keys(said) == ["question.added_open"]
    (card, *_) = (await office.copies(which))["Bea"]
    assert any("Klas 2B" in line for line in lines(office, card))


async def test_a_coach_who_is_none_any_more_leaves_nobody_waiting(office: Office) -> None:
    which = await office.answered()
    await office.change(AD, roles=frozenset({Role.TEACHER}))
    reply = await office.press(buttons.Solved(question=which, solved=False))
    assert keys(reply) == ["question.looking"]
    question = await office.question(which)
    assert question.unclaimed
    assert await office.asked(which)


async def test_half_an_emoji_in_a_form_fails_no_turn(office: Office) -> None:
    which = await office.claimed()
    said = await office.press(buttons.AddLine(question=which), text="zo \ud83d \0 dan")
    assert keys(said) == ["question.added"]
    assert words(said) == ["zo ?  dan"]
