"""Every view of polls, as the conversations make them, for the gallery."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId
from bot.core.reply import Choose, Field, Language, Reply
from bot.polls.model import Goal, Kind
from bot.worktime.closures import Closed, Closures
from tests.chat import ANN, COORDINATOR, OPEN_ON_WEEKDAYS, press_of
from tests.factories import asks, poll_form
from tests.office import BOB, local
from tests.polls import TEACHERS, PollOffice, make_poll_office, soon

LONG = "Wat helpt jou om ict in je les te gebruiken, en waarom? {veld} *dik* " * 4
QUESTIONS = (
    asks(text=LONG, goal=Goal(0, 4)),
    asks(Kind.CHOICE, text=LONG, options=tuple(f"{n} {'x' * 78}" for n in range(9))),
    asks(Kind.CHOICES, text=LONG, options=tuple("abcdefghij"), goal=Goal(0.8, 3)),
    asks(Kind.NUMBER, text=LONG, goal=Goal(0.6, 4)),
    asks(Kind.OPEN, text=LONG),
)
ALL = tuple(replace(one, text=f"{one.text} {number}") for number in (1, 2) for one in QUESTIONS)
"""Ten questions: as many and as long as there can be."""
WORDS = "Meer tijd, minder systemen. {veld} *dik* " * 24


async def poll_views(language: Language) -> dict[str, Reply]:
    """Return all views in a language, of people who all speak it."""
    shown: dict[str, Reply] = {}
    await _made(await make_poll_office(language), shown)
    await _answered(await make_poll_office(language), shown)
    await _told(await make_poll_office(language), shown)
    # What is typed may be anything: it is never an error of ours.
    assert not [name for name, one in shown.items() if one.view == "error"]
    return {f"poll: {name}": replace(one, language=language) for name, one in shown.items()}


async def _made(office: PollOffice, shown: dict[str, Reply]) -> None:
    async def press(button: Any, **filled: Any) -> Reply:
        return await office.press(button, COORDINATOR, **filled)

    shown["for a teacher"] = (await office.say("peilingen"))[0]
    shown["none"] = (await office.say("peilingen", COORDINATOR))[0]
    shown["templates"] = (await office.say("nieuwe peiling", COORDINATOR))[0]
    for row in shown["templates"].buttons[:-1]:
        shown[f"template {row.payload['template']}"] = await press(row)
    shown["own"] = form = await press(buttons.AdjustPoll(poll=PollId(0)))
    stands = {one.name: one.value for one in form.blocks if isinstance(one, Field | Choose)}
    wrong = {**stands, "questions": "keuze: x\n" * 12, "days": "x", "every": "x", "at": "x"}
    wrong |= {"first": "1-1-2020", "part": "t:4711"}
    shown["wrong"] = await press(press_of(form, "poll.form.save"), **wrong)
    monday = local("ma", 0).date()
    closures = Closures(frozenset(), (Closed(monday + timedelta(7), monday + timedelta(8)),))
    office.college = replace(OPEN_ON_WEEKDAYS, closures=closures)
    office.with_secret(office.secret)
    full = {**stands, "questions": "\n".join(["x" * 300] * 10), "title": "x" * 80, "every": "1"}
    shown["made"] = made = await press(press_of(form, "poll.form.save"), **full)
    shown["form, full"] = await press(press_of(made, "poll.act.adjust"))
    shown["trial"] = await press(press_of(made, "poll.act.try"))
    shown["tried"] = await press(buttons.TryPoll(poll=made.buttons[0].payload["poll"], question=10))
    shown["started"] = started = await press(press_of(made, "poll.act.start"))
    shown["overtaken"] = await press(press_of(shown["form, full"], "poll.form.save"), **full)
    shown["paused"] = await press(press_of(started, "poll.act.pause"))
    shown["listed"] = (await office.say("peilingen", COORDINATOR))[0]
    shown["no results yet"] = await press(press_of(started, "poll.act.results"))
    shown["stop"] = await press(press_of(started, "poll.act.stop"))
    shown["stopped"] = await press(press_of(shown["stop"], "poll.stop.sure"))
    shown["gone"] = await press(buttons.ShowPoll(poll=PollId(4711)))


async def _answered(office: PollOffice, shown: dict[str, Reply]) -> None:
    form = poll_form(questions=ALL, anonymous=True)
    made = await office.started(schedule=soon(office), form=form)
    await office.told(ANN)
    await office.move_to(local("ma", 10, 5))
    one = office.rounds[0].id
    shown["invitation"] = await office.card(ANN)
    for number in range(5):
        shown[f"question {number}"] = await office.press(
            buttons.ShowPollQuestion(round=one, question=number)
        )
        shown[f"wrong answer {number}"] = await office.press(
            buttons.AnswerPoll(round=one, question=number, value="-")
        )
    shown["not asked"] = await office.press(buttons.ChangeAnswers(round=one), COORDINATOR)
    shown["open"] = await office.press(buttons.ShowPoll(poll=made.id), COORDINATOR)
    shown["listed, open"] = (await office.say("peilingen", COORDINATOR))[0]
    for who in TEACHERS:
        await office.answer(who, *("4", "0", "0,1,2", "40", WORDS) * 2)
        if who == ANN:
            shown["change"] = await office.press(buttons.ChangeAnswers(round=one))
    shown["thanks"] = await office.press(buttons.AnswerPoll(round=one, value="5"))
    shown["declined"] = (await office.say("geen peilingen", BOB))[0]
    shown["wanted"] = (await office.say("wel peilingen", BOB))[0]
    await office.told(COORDINATOR)
    await office.move_to(local("vr", 10, 5))
    (shown["results"],) = await office.told(COORDINATOR)
    shown["over"] = await office.press(buttons.ChangeAnswers(round=one))
    await office.press(buttons.StopPoll(poll=made.id, sure=True), COORDINATOR)
    shown["listed, stopped"] = (await office.say("peilingen", COORDINATOR))[0]


async def _told(office: PollOffice, shown: dict[str, Reply]) -> None:
    await office.started(schedule=soon(office), form=poll_form(anonymous=True))
    await office.told(ANN)
    await office.move_to(local("ma", 10, 5))
    await office.told(ANN)
    await office.move_to(local("wo", 10, 5))
    shown["reminder"] = await office.card(ANN)
    which = office.rounds[0].id
    await office.told(COORDINATOR)
    office.foreign.add(which)
    shown["other secret"] = await office.press(buttons.AnswerPoll(round=which, value="4"))
    await office.look()
    (shown["stuck"],) = await office.told(COORDINATOR)
    office.foreign.clear()
    office.with_secret(None)
    shown["not now"] = await office.press(buttons.AnswerPoll(round=which, value="4"))
    shown["no secret"] = await office.press(buttons.AdjustPoll(poll=PollId(0)), COORDINATOR)
    await office.told(COORDINATOR)
    await office.move_to(local("ma", 10, 5) + timedelta(7))
    (shown["skipped"],) = await office.told(COORDINATOR)
    await office.started(schedule=soon(office, every=0))
    office.chat.clock.move_to(office.now + timedelta(7))
    await office.look()
    shown["skipped, once"] = (await office.told(COORDINATOR))[-1]
