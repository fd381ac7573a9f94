"""The bot in Microsoft's own local Teams client, in a real browser: every story, and what is Teams' own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.playground import College, PlaygroundStage, User, playground
from tests.e2e.server import serving_bot
from tests.story import STORIES, play, read_story

pytestmark = pytest.mark.e2e

# An empty message cannot be sent in this client, and only loopback's own people are in the college.
NOT_HERE = {"odd_messages"}
PHONE = 390  # pixels wide


def people(story: Path) -> list[User]:
    """Return who speaks in a story; teachers are known by their address, others are new."""
    names = dict.fromkeys(step.who for step in read_story(story) if step.who)
    return [User(name, address(name)) for name in names]


def address(name: str) -> str:
    known = name.startswith("Docent ")
    return f"{name.lower().replace(' ', '')}@{'kerncollege' if known else 'elders'}.example"


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[str]:
    async with serving_bot(tmp_path) as address:
        yield address


@pytest.mark.parametrize(
    "story",
    [path for path in sorted(STORIES.glob("*.txt")) if path.stem not in NOT_HERE],
    ids=lambda path: path.stem,
)
async def test_the_story_goes_as_written_in_teams(story: Path, endpoint: str) -> None:
    async with playground(endpoint, people(story)) as college:
        assert await play(story, PlaygroundStage(college)) > 0


async def test_the_story_goes_as_written_on_a_phone(endpoint: str) -> None:
    story = STORIES / "answer.txt"
    async with playground(endpoint, people(story), PHONE) as college:
        assert await play(story, PlaygroundStage(college)) > 0


@pytest.fixture
async def college(endpoint: str) -> AsyncIterator[College]:
    ann = User("Docent 001", address("Docent 001"))
    async with playground(endpoint, [ann]) as opened:
        yield opened


async def test_who_installs_the_bot_is_welcomed_once(college: College) -> None:
    window = await college.open(college.users[0])
    await window.sees("Hoi Docent 001! Ik ben Vraagbaak.")
    assert await window.count_messages() == 1


async def test_a_press_changes_the_card_and_adds_no_message(college: College) -> None:
    window = await college.open(college.users[0])
    await window.answer_to(window.say("hoe deel ik mijn scherm in teams"))
    before = await window.count_messages()
    await window.answer_to(window.press("Ja, opgelost"))
    assert await window.count_messages() == before
    await window.sees("Fijn dat het is opgelost!")
    await window.answer_to(window.press("Toch niet opgelost"))
    assert await window.count_messages() == before
    await window.sees("Jouw i-coach is Coach 01.")


async def test_a_redelivered_message_shows_its_answer_once(college: College) -> None:
    window = await college.open(college.users[0])
    activity = {"type": "message", "id": "same", "text": "hoe deel ik mijn scherm in teams"}
    before = await window.count_messages()
    await window.answer_to(window.post(activity))
    await window.post(activity)
    await window.answer_to(window.say("bedankt"))
    assert await window.count_messages() == before + 3


async def test_an_old_button_gets_a_sentence(college: College) -> None:
    window = await college.open(college.users[0])
    action = {"type": "Action.Execute", "verb": "rate", "data": {"kind": "rate", "v": 99}}
    await window.answer_to(
        window.post({"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}})
    )
    await window.sees("Deze knop is te oud om nog te werken.")
