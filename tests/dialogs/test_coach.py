"""Who is nearest, why, and whether they work now."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.channels.cards.plain import render
from bot.core.moments import WEEK
from bot.people.model import Scope
from tests import factories
from tests.chat import ANN, Chat, keys, make_chat, press_of
from tests.clocks import ZONE

DAILY = dict.fromkeys(("ma", "di", "wo", "do", "vr"), "09:00-16:00")
BEA = factories.listed_coach(
    "coach2@kerncollege.example",
    name="Coach Twee",
    teams=("Handel 2",),
    coach=factories.profile(pattern=DAILY),
)
AWAY = factories.listed_coach(
    "coach3@kerncollege.example",
    name="Coach Drie",
    teams=("Techniek 1",),
    location="Havenkade",
    coach=factories.profile(pattern=DAILY, scope=Scope.SECTOR),
)
TECHNICIAN = factories.sender("29:tec", email="docent9@kerncollege.example")
LISTED_TECHNICIAN = factories.listed(
    TECHNICIAN.email, name="Docent Negen", teams=("Techniek 1",), location=""
)


@pytest.fixture
async def chat() -> Chat:
    return await make_chat(BEA, AWAY, LISTED_TECHNICIAN)


def move_to(chat: Chat, day: str, hour: int) -> None:
    """Move the clock to that hour of the next such day."""
    today = chat.today
    ahead = (WEEK.index(day) - today.weekday() - 1) % 7 + 1
    chat.clock.move_to(datetime.combine(today + timedelta(days=ahead), time(hour), ZONE))


async def card(chat: Chat, who: object = ANN) -> list[str]:
    """Return the lines of the coach's card, without its button."""
    (reply,) = await chat.say("wie is mijn mediacoach", who)
    assert press_of(reply, "coach.ask")
    return [line.text for line in render(chat.texts, replace(reply, buttons=())).lines]


async def test_the_nearest_coach_stands_there_with_at_most_three_reasons(chat: Chat) -> None:
    move_to(chat, "wo", 10)
    assert await card(chat) == [
        "Jouw mediacoach is Coach Een.",
        "Coach Een hoort bij jouw team, zit op jouw locatie en werkt vandaag tot 16:00.",
        "Je vindt Coach Een in B2.04.",
        "Werkt op maandag, woensdag.",
        "Bellen: 088 555 01 01",
        "Mailen: coach1@kerncollege.example",
        "Haast? Bel de servicedesk op 088 1.",
    ]


async def test_who_is_off_is_back_on_a_day_and_others_work_now(chat: Chat) -> None:
    move_to(chat, "do", 10)
    lines = await card(chat)
    assert lines[:2] == [
        "Jouw mediacoach is Coach Een.",
        "Coach Een hoort bij jouw team, zit op jouw locatie en heeft geen open vragen.",
    ]
    assert lines[3:5] == [
        "Coach Een werkt weer maandag vanaf 09:00.",
        "Nu aan het werk: Coach Twee, Coach Drie.",
    ]


async def test_on_a_sunday_nobody_works(chat: Chat) -> None:
    move_to(chat, "zo", 12)
    lines = await card(chat)
    assert "Coach Een werkt weer morgen vanaf 09:00." in lines
    assert not any(line.startswith("Nu aan het werk") for line in lines)


async def test_before_work_the_same_day_is_named(chat: Chat) -> None:
    move_to(chat, "wo", 7)
    assert "Coach Een werkt vandaag weer vanaf 09:00." in await card(chat)


async def test_who_works_now_needs_no_others(chat: Chat) -> None:
    move_to(chat, "wo", 10)
    (reply,) = await chat.say("wie is mijn mediacoach")
    assert keys(reply).count("coach.near") == 1
    assert "coach.working_now" not in keys(reply)


async def test_a_team_has_a_place_for_who_gave_none(chat: Chat) -> None:
    move_to(chat, "di", 10)
    assert (await card(chat, TECHNICIAN))[:2] == [
        "Jouw mediacoach is Coach Drie.",
        "Coach Drie hoort bij jouw team, zit op jouw locatie en werkt vandaag tot 16:00.",
    ]


async def test_a_coach_elsewhere_says_where(chat: Chat) -> None:
    async with chat.store.begin() as work:
        (ann,) = await work.people.find("docent1@", 1)
        await work.people.settle(ann.id, None, None)
    move_to(chat, "di", 10)
    lines = await card(chat)
    assert lines[0] == "Jouw mediacoach is Coach Twee."
    assert lines[1:3] == [
        "Coach Twee werkt vandaag tot 16:00 en heeft geen open vragen.",
        "Coach Twee werkt op een andere locatie: Kerngebouw.",
    ]


async def test_an_english_speaker_reads_it_in_english(chat: Chat) -> None:
    await chat.say("taal english")
    move_to(chat, "do", 10)
    assert {
        "Coach Een is in your team, is at your location, and has no open questions.",
        "Coach Een is not at work now, but is back on Monday from 09:00.",
        "At work now: Coach Twee, Coach Drie.",
    } <= set(await card(chat))


async def test_of_four_reasons_the_strongest_three_are_said() -> None:
    english = factories.listed_coach(
        "coach4@kerncollege.example",
        name="Coach Four",
        coach=factories.profile(pattern=DAILY),
        language="en",
    )
    chat = await make_chat(english)
    await chat.say("taal english")
    move_to(chat, "do", 10)
    assert (await card(chat))[1] == (
        "Coach Four is in your team, is at your location, and works until 16:00 today."
    )


async def test_a_coach_who_asks_reads_who_else_there_is(chat: Chat) -> None:
    bea = factories.sender("29:bea", email=BEA.email)
    move_to(chat, "wo", 10)
    assert (await card(chat, bea))[0] == "Jouw mediacoach is Coach Een."


async def test_when_all_are_away_it_is_still_said_who_they_are(chat: Chat) -> None:
    move_to(chat, "wo", 10)
    for coach in ("coach1", "coach2", "coach3"):
        one = factories.sender(f"29:{coach}", email=f"{coach}@kerncollege.example")
        await chat.say("nu even niet", one)
    lines = await card(chat)
    first = next(line for line in lines if "afwezig" in line)
    assert first.startswith("Coach Een is afwezig")
    assert not any("nog geen" in line for line in lines)
