"""Every view of a question on its way, as the conversations make them, for the gallery."""

from dataclasses import replace

from bot.core import buttons
from bot.core.ids import QuestionId
from bot.core.reply import Language, Reply
from bot.routing.rules import LONGEST_NOTE
from tests.chat import ANN, COORDINATOR, press_of
from tests.office import AD, BEA, BOB, CAS, DEE, ROOM, TEXT, Office, make_office

LONG = "Hoe overtuig ik een zeilboot? " * 98
"""Nearly as long as a question or an answer may be."""


async def question_views(language: Language, long: str = LONG) -> dict[str, Reply]:
    """Return all views in a language, of people who all speak it and write a `long` text."""
    office = await make_office(language=language)
    shown: dict[str, Reply] = {}
    await _sent(office, shown, long)
    await _offered(office, shown)
    await _held(office, shown, long)
    await _answered(office, shown, long)
    await _refused(office, shown)
    await _duty(office, shown, long)
    await _reminded(await make_office(language=language), shown, long)
    await _coordinators_channel(await make_office(language=language), shown, long)
    await _again(await make_office(language=language), shown, long)
    await _nobody(await make_office(language=language), shown)
    # A channel has no language of its own.
    return {name: replace(reply, language=language) for name, reply in shown.items()}


async def _sent(office: Office, shown: dict[str, Reply], long: str) -> None:
    shown["my questions: none"] = (await office.say("mijn vragen"))[0]
    (reply,) = await office.say("wachtwoord vergeten")
    shown["compose"] = compose = await office.press(press_of(reply, "coach.ask"))
    shown["compose: type"] = typed = await office.press(buttons.AskCoach())
    shown["compose: named"] = (await office.say("vraag het aan Cas"))[0]
    for who in (BEA, CAS):
        await office.change(who, name=f"{who.name} Smit")
    shown["compose: which"] = (await office.say("vraag het aan Smit"))[0]
    for who in (BEA, CAS):
        await office.change(who, name=who.name)
    shown["compose: adjust"] = await office.press(
        press_of(compose, "compose.adjust"), text=long, note=long[:LONGEST_NOTE]
    )
    shown["compose: dropped"] = await office.press(press_of(compose, "compose.drop"))
    send = press_of(typed, "compose.send")
    shown["compose: empty"] = await office.press(send, text="", note=long[:LONGEST_NOTE])
    shown["compose: too long"] = await office.press(send, text="a" * 20_000, note="b" * 20_000)
    shown["sent"] = await office.press(send, text=long, note=long[:LONGEST_NOTE])
    shown["sent: secrets"] = await office.press(
        buttons.SendQuestion(draft="s"), text="zeilboot van 123456782", note="s1234567"
    )
    for number in range(4):
        urgent = buttons.SendQuestion(draft=f"u{number}", urgent=True)
        shown[f"urgent {number}"] = await office.press(urgent, text=f"{TEXT} {number}")
    shown["my questions"] = (await office.say("mijn vragen"))[0]
    shown["file"] = (await office.say("", files=1))[0]
    shown["edit"] = form = await office.press(buttons.EditForm(question=QuestionId(1)))
    shown["edited"] = await office.press(press_of(form, "question.mine.save"), text=long)


async def _coordinators_channel(office: Office, shown: dict[str, Reply], long: str) -> None:
    staff = replace(ROOM, conversation="19:coordinators")
    named = await office.say("kanaal coördinatoren", COORDINATOR, place=staff, room=staff)
    shown["channel of the coordinators"] = named[0]
    await office.send(text=long)
    await office.wait(hours=4)
    shown["coordinators' channel"] = post = (await office.told(staff))[-1]
    give = press_of(post, "question.open.give")
    cas = str((await office.person(CAS)).id)
    (given,) = await office.press_all(give, COORDINATOR, place=staff, coach=cas)
    shown["coordinators' channel: given"] = given


async def _again(office: Office, shown: dict[str, Reply], long: str) -> None:
    await office.press(buttons.SendQuestion(draft="one"), text=long)
    send = buttons.SendQuestion(draft="two", urgent=True)
    shown["again: a class waits"] = await office.press(send, text=long, note=long[:LONGEST_NOTE])
    cas = (await office.person(CAS)).id
    by_name = buttons.SendQuestion(draft="three", coach=cas)
    shown["again: another coach"] = await office.press(by_name, text=long)
    await office.send(text=TEXT)
    shown["again: typed"] = (await office.say(TEXT))[0]
    await office.press(buttons.Claim(question=QuestionId(1)), AD)
    shown["again: claimed"] = await office.press(by_name, text=long, note=long[:LONGEST_NOTE])
    await office.press(buttons.AnswerQuestion(question=QuestionId(1)), AD, text=long)
    shown["again: answered"] = await office.press(by_name, text=long)


async def _offered(office: Office, shown: dict[str, Reply]) -> None:
    cards = await office.told(AD)
    shown["offered"] = cards[0]
    shown["offered: urgent"] = cards[-1]
    await office.wait(hours=4)
    shown["channel"] = (await office.told(ROOM))[0]
    shown["coordinator"] = (await office.told(COORDINATOR))[0]
    shown["sent: to many"] = await office.press(buttons.ShowQuestion(question=QuestionId(1)))
    claim = press_of(shown["channel"], "question.work.claim")
    (posted,) = await office.press_all(claim, CAS, place=ROOM)
    own = (await office.told(CAS))[-1]
    shown |= {"channel: claimed": posted, "claimed from the channel": own}
    shown["told: claimed"] = (await office.told(ANN))[-1]
    shown["work: taken"] = await office.press(claim, BEA)
    show = buttons.ShowQuestion(question=claim.payload["question"])
    shown["sent: claimed"] = await office.press(show)
    shown["coordinator: claimed"] = await office.press(show, COORDINATOR)


async def _held(office: Office, shown: dict[str, Reply], long: str) -> None:
    which = await office.claimed(AD, text=long, note=long[:LONGEST_NOTE])
    shown["claimed"] = await office.press(buttons.ShowQuestion(question=which), AD)
    shown["claimed: more"] = await office.press(buttons.MoreOn(question=which), AD)
    begun = buttons.MoreOn(question=which, text=long)
    shown["claimed: more, typing"] = more = await office.press(begun, AD)
    close = press_of(more, "question.work.close")
    shown["claimed: how it ended, typing"] = await office.press(close, AD, text=long)
    await _articles(office, shown, long)
    send = buttons.AnswerQuestion(question=which)
    shown["answer: empty"] = await office.press(send, AD, text="")
    shown["answer: too long"] = await office.press(send, AD, text="c" * 20_000)
    await office.all_read()
    shown["asked back"] = await office.press(buttons.AskBack(question=which), AD, text=long)
    (told,) = await office.told(ANN)
    shown["told: asked back"] = told
    shown["added"] = await office.press(press_of(told, "question.send"), text=long)
    (shown["told: added"],) = await office.told(AD)
    cas = str((await office.person(CAS)).id)
    hand_over = buttons.HandOver(question=which)
    shown["handed over"] = await office.press(hand_over, AD, coach=cas, note=long[:LONGEST_NOTE])
    (shown["told: handed over"],) = await office.told(CAS)
    (shown["told: now with"],) = await office.told(ANN)
    await office.press(send, CAS, text=long)
    shown["all that a card can hold"] = await office.press(send, CAS, text="d" * 20_000)
    await office.all_read()
    assign = buttons.Assign(question=which)
    dee = str((await office.person(DEE)).id)
    shown["assigned"] = await office.press(assign, COORDINATOR, coach=dee)
    (shown["told: assigned"],) = await office.told(DEE)
    (shown["told: taken away"],) = await office.told(CAS)
    await office.all_read()
    shown["released"] = await office.press(buttons.Release(question=which), DEE)
    (shown["told: released"],) = await office.told(ANN)
    await office.press(buttons.Claim(question=which), BEA)
    await office.all_read()
    shown["withdrawn"] = await office.press(buttons.Withdraw(question=which))
    (shown["told: withdrawn"],) = await office.told(BEA)
    shown["work: withdrawn"] = await office.press(buttons.ShowQuestion(question=which), BEA)


async def _articles(office: Office, shown: dict[str, Reply], long: str) -> None:
    which = await office.claimed(AD, text="scherm delen in een les, les opnemen")
    shown["claimed: articles"] = card = await office.press(buttons.ShowQuestion(question=which), AD)
    shown["article"] = read = await office.press(card.buttons[-1], AD, text=long)
    shown["article: not sent"] = await office.press(press_of(read, "question.back"), AD, text=long)
    shown["article: sent"] = await office.press(
        press_of(read, "question.article.send"), AD, text=long
    )


async def _answered(office: Office, shown: dict[str, Reply], long: str) -> None:
    which = await office.claimed(AD, text=long)
    await office.all_read()
    answer = buttons.AnswerQuestion(question=which)
    shown["answer sent"] = await office.press(answer, AD, text=long)
    (shown["told: answer"],) = await office.told(ANN)
    shown["not solved"] = await office.press(buttons.Solved(question=which, solved=False))
    (shown["told: not solved"],) = await office.told(AD)
    await office.press(answer, AD, text=long)
    shown["solved"] = await office.press(buttons.Solved(question=which, solved=True))
    (shown["told: solved"],) = await office.told(AD)
    shown["felt"] = await office.press(buttons.Felt(question=which), felt="4")
    shown["work: solved"] = await office.press(buttons.ShowQuestion(question=which), AD)
    shown["reopened"] = await office.press(buttons.Reopen(question=which))
    (shown["told: reopened"],) = await office.told(AD)
    await office.all_read()
    close = buttons.CloseQuestion(question=which)
    shown["closed: how it ended"] = how = await office.press(close, AD)
    for one in ("not_needed", "unsolved", "elsewhere", "solved"):
        shown[f"closed: {one}"] = await office.press(press_of(how, f"question.close.{one}"), AD)
        (shown[f"told: closed, {one}"],) = await office.told(ANN)
        shown[f"sent: closed, {one}"] = await office.press(buttons.ShowQuestion(question=which))
        if one != "solved":
            await office.press(buttons.Reopen(question=which))
            await office.all_read()
    other = await office.answered(AD)
    await office.all_read()
    await office.wait(days=12)
    shown["told: expired"] = (await office.told(ANN))[-1]
    shown["refused: too late"] = await office.press(buttons.Reopen(question=which))
    shown["coordinator: closed"] = await office.press(
        buttons.ShowQuestion(question=other), COORDINATOR
    )


async def _reminded(office: Office, shown: dict[str, Reply], long: str) -> None:
    which = await office.claimed(AD, text=long)
    await office.all_read()
    await office.wait(days=4)
    shown["told: remind"] = (await office.told(AD))[0]
    shown["coordinator: late"] = (await office.told(COORDINATOR))[0]
    await office.press(buttons.AskBack(question=which), AD, text=long)
    await office.all_read()
    await office.wait(days=4)
    (shown["told: wait for you"],) = await office.told(ANN)


async def _refused(office: Office, shown: dict[str, Reply]) -> None:
    which = await office.claimed(AD)
    for name, button, who in (
        ("have it", buttons.Claim(question=which), AD),
        ("no coach", buttons.Claim(question=which), BOB),
        ("not yours", buttons.Withdraw(question=which), BOB),
        ("not answered", buttons.Solved(question=which, solved=True), ANN),
        ("taken", buttons.EditQuestion(question=which, text=TEXT), ANN),
        ("no such coach", buttons.HandOver(question=which), AD),
        ("not coordinator", buttons.Overview(), BOB),
        ("gone", buttons.Claim(question=QuestionId(4711)), AD),
    ):
        shown[f"refused: {name}"] = await office.press(button, who)


async def _duty(office: Office, shown: dict[str, Reply], long: str) -> None:
    for number in range(12):
        await office.send(text=f"{number} {long}")
    shown["overview"] = (await office.say("overzicht", COORDINATOR))[0]
    shown["my work"] = (await office.say("mijn werk", AD))[0]
    shown["away form"] = form = (await office.say("afwezig", AD))[0]
    send = press_of(form, "duty.away_send")
    shown["away: wrong days"] = await office.press(send, AD, first="x", last="y")
    today = office.now.date().isoformat()
    shown["away"] = away = await office.press(send, AD, first=today, last=today)
    shown["away: handed back"] = await office.press(press_of(away, "duty.hand_back"), AD)
    shown["my work: away"] = (await office.say("mijn werk", AD))[0]
    shown["back"] = (await office.say("ik ben er weer", AD))[0]
    shown["was there"] = (await office.say("ik ben er weer", AD))[0]
    shown["away: no end"] = await office.press(send, AD, first=today, last="open")
    shown["not today"] = (await office.say("nu even niet", BEA))[0]


async def _nobody(office: Office, shown: dict[str, Reply]) -> None:
    shown["overview: nothing"] = (await office.say("overzicht", COORDINATOR))[0]
    for who in (AD, BEA, CAS, DEE):
        await office.press(buttons.NotToday(), who)
    (reply,) = await office.say(TEXT)
    shown["no answer: nobody"] = reply
    shown["compose: adjust, nobody"] = await office.press(press_of(reply, "compose.adjust"))
    shown["urgent: nobody"] = await office.press(press_of(reply, "compose.urgent"))
    shown["sent: nobody"] = await office.press(buttons.ShowQuestion(question=QuestionId(1)))
    await office.wait(days=5)
    shown["sent: later"] = await office.press(buttons.SendQuestion(draft="late"), text=TEXT)
