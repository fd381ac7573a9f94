"""The bot in Microsoft's own local Teams client: every story, and what is Teams' own.

One server and one browser serve them all: starting them takes longer than a story.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.playground import College, PlaygroundStage, User, playground
from tests.e2e.server import serving_bot
from tests.e2e.window import Window
from tests.story import STORIES, play, read_story

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PHONE = 390  # pixels wide
SHOTS = os.environ.get("SHOTS", "")
"""A folder that screenshots go to, when someone wants to look at them."""
ALL = sorted(STORIES.glob("*.txt"))


def people() -> list[User]:
    """Return who speaks in the stories and tests; colleagues are known by their address."""
    spoken = [step.who for story in ALL for step in read_story(story) if step.who]
    names = dict.fromkeys([*spoken, *(f"Docent {number:03}" for number in range(10, 15)), "Fatima"])
    return [User(name, address(name)) for name in names]


def address(name: str) -> str:
    domain = "kerncollege" if name.startswith(("Docent ", "Coach ", "Coördinator ")) else "elders"
    return f"{name.lower().replace(' ', '').replace('ö', 'o')}@{domain}.example"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def endpoint(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with serving_bot(tmp_path_factory.mktemp("bot")) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def college(endpoint: str) -> AsyncIterator[College]:
    async with playground(endpoint, people()) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phones(endpoint: str) -> AsyncIterator[College]:
    async with playground(endpoint, people(), PHONE) as opened:
        yield opened


async def shot(window: Window, name: str) -> None:
    if SHOTS:
        await window.shot(Path(SHOTS) / f"{name}.png")


async def narrow_enough(window: Window) -> None:
    """Check that every card that shows is no wider than there is room for."""
    widths = await window.page.eval_on_selector_all(
        ".ac-adaptiveCard", "cards => cards.map(card => [card.scrollWidth, card.clientWidth])"
    )
    assert widths
    assert all(needed <= there for needed, there in widths)


@pytest.mark.parametrize("story", ALL, ids=lambda path: path.stem)
async def test_the_story_goes_as_written_in_teams(story: Path, college: College) -> None:
    assert await play(story, PlaygroundStage(college)) > 0


async def test_who_installs_the_bot_is_welcomed_once(college: College) -> None:
    window = await college.open(college.user("Docent 010"))
    await window.sees("Hoi Docent 010! Ik ben Vraagbaak.")
    await shot(window, "welcome")
    assert await window.count_messages() == 1


async def test_a_press_changes_the_card_and_adds_no_message(college: College) -> None:
    window = await college.open(college.user("Docent 011"))
    await window.answer_to(window.say("hoe deel ik mijn scherm in teams"))
    await shot(window, "answer")
    before = await window.count_messages()
    await window.answer_to(window.press("Ja, opgelost"))
    assert await window.count_messages() == before
    await window.sees("Fijn dat het is opgelost!")
    await window.answer_to(window.press("Toch niet opgelost"))
    assert await window.count_messages() == before
    await window.sees("ziet je vraag als eerste.")
    await shot(window, "not-solved")


async def test_a_redelivered_message_shows_its_answer_once(college: College) -> None:
    window = await college.open(college.user("Docent 012"))
    activity = {"type": "message", "id": "same", "text": "hoe deel ik mijn scherm in teams"}
    await window.answer_to(window.post(activity))
    before = await window.count_messages()
    await window.post(activity)
    thanks = await window.answer_to(window.say("bedankt"))
    assert "Graag gedaan!" in thanks
    assert await window.count_messages() == before + 2


async def test_an_old_button_gets_a_sentence(college: College) -> None:
    window = await college.open(college.user("Docent 013"))
    action = {"type": "Action.Execute", "verb": "rate", "data": {"kind": "rate", "v": 99}}
    await window.answer_to(
        window.post({"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}})
    )
    await window.sees("Deze knop is te oud om nog te werken.")


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("answer", "hoe deel ik mijn scherm in teams", "Hielp dit?"),
        ("choices", "opname teams", "Geen van deze"),
        ("no-answer", "kun je mijn oldtimer reviseren", "dus ik gok niet"),
        ("not-ours", "wanneer krijg ik mijn salaris", "Daar ga ik niet over"),
    ],
)
async def test_a_card_can_be_read_on_a_phone(
    phones: College, name: str, text: str, seen: str
) -> None:
    window = await phones.open(phones.user("Docent 014"))
    assert seen in await window.answer_to(window.say(text))
    await shot(window, f"phone-{name}")
    await narrow_enough(window)


async def test_a_coach_ends_a_question_with_a_phone(phones: College) -> None:
    stage = PlaygroundStage(phones)
    await stage.look("Coach 01")
    await stage.move("werkdag 11:25")
    await stage.say("Docent 010", "geluid teams")
    await stage.press("Docent 010", "Nee")
    await stage.press("Docent 010", "Stuur naar Coach 01")
    await stage.look("Coach 01")
    coach = await phones.open(phones.user("Coach 01"))
    teacher = await phones.open(phones.user("Docent 010"))
    assert "Artikel:" in await stage.press("Coach 01", "Ik pak hem op")
    await shot(coach, "phone-articles")
    await narrow_enough(coach)
    assert "Zo leest Docent 010 het" in await stage.press("Coach 01", "Artikel:")
    await shot(coach, "phone-article")
    await narrow_enough(coach)
    await stage.press("Coach 01", "Terug")
    await stage.press("Coach 01", "Meer")
    assert "Hoe liep V-" in await stage.press("Coach 01", "Afronden")
    await shot(coach, "phone-how-it-ended")
    await narrow_enough(coach)
    await stage.press("Coach 01", "Opgelost")
    assert "Hoe dichtbij voelde de hulp?" in await stage.look("Docent 010")
    await shot(teacher, "phone-ended")
    await narrow_enough(teacher)


async def test_a_newcomer_gets_on_with_a_phone(phones: College) -> None:
    stage, window = PlaygroundStage(phones), await phones.open(phones.user("Fatima"))
    await stage.say("Fatima", "hoe deel ik mijn scherm in teams")
    await shot(window, "phone-newcomer")
    answer = await stage.press("Fatima", "Handel 2")
    assert "Hoe deel ik mijn scherm in een online les?" in answer


async def test_a_walk_in_hour_is_booked_and_held_with_phones(phones: College) -> None:
    stage = PlaygroundStage(phones)
    await stage.look("Coach 02")
    await stage.move("werkweek 10:00")
    coach = await phones.open(phones.user("Coach 02"))
    teacher = await phones.open(phones.user("Docent 010"))
    walker = await phones.open(phones.user("Docent 014"))
    await stage.say("Coach 02", "nieuw inloopuur")
    await shot(coach, "phone-walkin-form")
    await narrow_enough(coach)
    await stage.fill("Coach 02", "Op welke dag?", "donderdag")
    await stage.fill("Coach 02", "Van hoe laat?", "9")
    await stage.fill("Coach 02", "Tot hoe laat?", "10")
    await stage.press("Coach 02", "Maak het inloopuur")
    await stage.say("Docent 010", "inloopuur")
    await shot(teacher, "phone-walkin-list")
    await narrow_enough(teacher)
    await stage.press("Docent 010", "donderdag om 09:00 · Coach 02")
    await shot(teacher, "phone-walkin-booked")
    await narrow_enough(teacher)
    await stage.move("do 09:05")
    await stage.say("Docent 014", "loop nu binnen")
    await stage.press("Docent 014", "Pak een nummer bij Coach 02")
    await stage.look("Coach 02")
    await stage.press("Coach 02", "Bekijk het inloopuur")
    assert "Is aan de beurt." in await stage.press("Coach 02", "Roep de volgende")
    await shot(coach, "phone-walkin-visit")
    await narrow_enough(coach)
    assert "Je bent aan de beurt bij Coach 02!" in await stage.look("Docent 014")
    await shot(walker, "phone-walkin-called")
    await narrow_enough(walker)


async def test_a_poll_and_the_weekly_summary_fit_a_phone(phones: College) -> None:
    stage, name = PlaygroundStage(phones), "Coördinator 01"
    window = await phones.open(phones.user(name))
    await stage.say(name, "hoi")
    await stage.look(name)
    await stage.move("werkweek 09:00")
    await stage.say("Docent 010", "hoe deel ik mijn scherm in teams")
    await stage.move("+7d")
    await stage.look(name)

    async def shows(said: str, seen: str) -> None:
        assert seen in said
        await shot(window, f"phone-{seen.split(maxsplit=1)[0].strip('.:').lower()}-{len(seen)}")
        await narrow_enough(window)

    await shows(await stage.say(name, "weekoverzicht"), "Weekoverzicht van week")
    await shows(await stage.press(name, "Antwoorden"), "Wat kregen docenten te zien?")
    await shows(await stage.say(name, "nieuwe peiling"), "Waarmee begin je?")
    await shows(await stage.press(name, "Weekpeiling"), "mensen krijgen dit.")
    await shows(await stage.press(name, "Test naar mezelf"), "Vraag 1 van 2")
    await stage.press(name, "4")
    await stage.press(name, "Terug")
    await shows(await stage.press(name, "Aanpassen"), "Titel")
    await stage.press(name, "Bekijk")
    assert "De peiling staat klaar." in await stage.press(name, "Start")
    await stage.move("di 10:00")
    window = await phones.open(phones.user("Docent 010"))
    await shows(await stage.look("Docent 010"), "Liever geen peilingen?")
    await stage.press("Docent 010", "4")
    await shows(await stage.press("Docent 010", "5 · heel zeker"), "Dank je wel!")
    # So that nobody is asked in what is played after this.
    await stage.say(name, "peilingen")
    await stage.press(name, "Weekpeiling")
    await stage.press(name, "Stop")
    assert "De peiling is gestopt." in await stage.press(name, "Ja, stop")
