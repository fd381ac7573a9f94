"""The driver of Microsoft's local Teams client, against a bot too small to be at fault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.channels.cards import adaptive
from bot.i18n.text import Texts
from tests.e2e.playground import HERE, College, PlaygroundStage, User, find_tools, playground
from tests.forms import FORM
from tests.story import play

pytestmark = pytest.mark.e2e
CARD = "application/vnd.microsoft.card.adaptive"
TEXTS = Texts("i-coach")
TEACHER = User("Docent 001", "docent001@kern.example")
STORY = """
Docent 001 says: hoe deel ik mijn scherm
  sees: Je zei: hoe deel ik mijn scherm
  sees not: welkom
Docent 001 presses: Ja
  sees: Fijn
  sees not: Je zei
Docent 001 says:
  sees: Je zei:
Docent 001 says: lijst
  sees: Waar werk je?
Docent 001 presses: Kerngebouw
  sees: Gekozen: kern
time: +2d
  sees: Je zei: /tijd +2d
"""

NAMES = ("text", "team", "place")
COACH = User("Coach 01", "coach01@kern.example")
TOGETHER = """
Coach 01 looks
  sees: welkom
Docent 001 says: vraag
  sees: Doorgestuurd
  sees not: welkom
Coach 01 looks
  sees: Hoe deel ik mijn scherm?
  sees not: welkom
Docent 001 says: hoi
  sees: Je zei: hoi
Coach 01 looks
  sees not: Hoe deel ik mijn scherm?
Coach 01 fills: Bij welk team hoor je?: Techniek
Coach 01 fills: Op welke locatie werk je meestal?: Kern & <b>kade</b>
Coach 01 presses: Verder
  sees: Ontvangen: Klik op Delen. Techniek 1
Docent 001 looks
  sees: Beantwoord
  sees not: Doorgestuurd
"""


def card(text: str, *more: dict[str, Any], button: str = "") -> dict[str, Any]:
    """A card of one text, and perhaps inputs and a button."""
    block = {"type": "TextBlock", "text": text, "wrap": True}
    action = {"type": "Action.Execute", "title": button, "verb": "press"}
    actions = [action] if button else []
    return {"type": "AdaptiveCard", "version": "1.5", "body": [block, *more], "actions": actions}


def location_card() -> dict[str, Any]:
    choices = [{"title": "Kerngebouw", "value": "kern"}, {"title": "Dependance", "value": "dep"}]
    box = {"type": "Input.ChoiceSet", "id": "place", "label": "Locatie", "choices": choices}
    return card("Waar werk je?", box, button="OK")


class TinyBot:
    """Greets, echoes in a card, and replaces that card when its button is pressed."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session
        self.got: list[dict[str, Any]] = []
        self.met: dict[str, dict[str, Any]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        activity = await request.json()
        self.got.append(activity)
        self.met[activity["from"]["id"]] = activity
        match activity:
            case {"type": "invoke", "value": {"action": {"data": {"kind": "form", **filled}}}}:
                await self.send(self.met[TEACHER.id], attached(card("Beantwoord")))
                given = [str(filled[name]) for name in NAMES if name in filled]
                return replaced(f"Ontvangen: {' '.join(given)}")
            case {"type": "invoke", "value": {"action": {"data": {"place": place}}}}:
                return replaced(f"Gekozen: {place}")
            case {"type": "invoke"}:
                return replaced("Fijn")
            case {"type": "installationUpdate"}:
                await self.send(activity, {"text": "welkom"})
            case {"type": "message", "text": "lijst"}:
                await self.send(activity, attached(location_card()))
            case {"type": "message", "text": "vraag"}:
                await self.send(self.met[COACH.id], attached(adaptive.render(TEXTS, FORM)))
                await self.send(activity, attached(card("Doorgestuurd")))
            case {"type": "message", "text": "wijzig"}:
                await self.edit(activity, await self.send(activity, {"text": "eerst"}))
            case {"type": "message", "text": text} if text != "stil":
                await self.send(activity, attached(card(f"Je zei: {text}", button="Ja, opgelost")))
        return web.Response()

    async def send(self, to: dict[str, Any], what: dict[str, Any]) -> str:
        async with self.session.post(address(to), json=message(to, what)) as answer:
            return str((await answer.json())["id"])

    async def edit(self, to: dict[str, Any], which: str) -> None:
        changed = message(to, {"id": which, "text": "daarna"})
        async with self.session.put(f"{address(to)}/{which}", json=changed) as answer:
            assert answer.ok


def address(activity: dict[str, Any]) -> str:
    return f"{activity['serviceUrl']}/v3/conversations/{activity['conversation']['id']}/activities"


def message(to: dict[str, Any], what: dict[str, Any]) -> dict[str, Any]:
    ends = {"from": to["recipient"], "recipient": to["from"], "conversation": to["conversation"]}
    return {"type": "message", "channelId": "msteams", **ends, **what}


def attached(content: dict[str, Any]) -> dict[str, Any]:
    return {"attachments": [{"contentType": CARD, "content": content}]}


def replaced(text: str) -> web.Response:
    return web.json_response({"statusCode": 200, "type": CARD, "value": card(text)})


@asynccontextmanager
async def opened(width: int = 1400, patience: float = 15) -> AsyncIterator[tuple[TinyBot, College]]:
    async with ClientSession() as session:
        bot, app = TinyBot(session), web.Application()
        app.router.add_post("/api/messages", bot.answer)
        async with TestServer(app, host="127.0.0.1") as server:
            endpoint = str(server.make_url("/api/messages"))
            async with playground(endpoint, [TEACHER, COACH], width, patience=patience) as college:
                yield bot, college


@pytest.mark.parametrize("width", [1400, 390])
async def test_a_press_changes_the_same_message_and_adds_none(width: int, tmp_path: Path) -> None:
    async with opened(width) as (_, college):
        window = await college.open(TEACHER)
        await window.sees("welkom")
        assert "Ja, opgelost" in await window.answer_to(window.say("hoi\ndaar"))
        count = await window.count_messages()
        assert await window.answer_to(window.press("Ja, opgelost")) == "Fijn"
        assert await window.count_messages() == count
        assert await window.text_of_last() == "Fijn"
        await window.not_sees("Je zei")
        await window.shot(tmp_path / "fijn.png")
        assert (tmp_path / "fijn.png").stat().st_size > 0
    assert all(process.returncode is not None for process in college.processes)


@pytest.mark.parametrize("width", [1400, 390])
async def test_a_story_is_played(width: int, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    async with opened(width) as (_, college):
        assert await play(tmp_path / "story.txt", PlaygroundStage(college)) == 8


@pytest.mark.parametrize("width", [1400, 390])
async def test_a_story_of_two_people_is_played_with_a_form(width: int, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(TOGETHER, "utf-8")
    async with opened(width, patience=5) as (bot, college):
        assert await play(tmp_path / "story.txt", PlaygroundStage(college)) == 10
        pressed = [one["value"]["action"]["data"] for one in bot.got if one["type"] == "invoke"]
        filled = {"text": "Klik op Delen.", "team": "Techniek", "place": "1"}
        assert pressed == [{"kind": "form", "v": 1, **filled}]


async def test_what_an_earlier_story_left_is_no_news() -> None:
    async with opened(patience=3) as (_, college):
        window = await college.open(TEACHER)
        await window.answer_to(window.say("wijzig"))
        assert await PlaygroundStage(college).look("Docent 001") == ""


async def test_a_needed_field_is_filled_in_before_the_form_is_sent() -> None:
    async with opened(patience=3) as (bot, college):
        window, _ = await college.open(COACH), await college.open(TEACHER)
        await college.windows[TEACHER].say("vraag")
        await window.sees("Hoe deel ik mijn scherm?")
        await window.fill("Hielp dit?", "")
        await window.press("Verder")
        await window.sees("Vul hier nog iets in.")
        assert not [one for one in bot.got if one["type"] == "invoke"]
        await window.fill("Hielp dit?", "Regel een.\nRegel twee.")
        await window.answer_to(window.press("Verder"))
        # What is left empty does not come along.
        sent = {"kind": "form", "v": 1, "text": "Regel een.\nRegel twee.", "place": "0"}
        assert bot.got[-1]["value"]["action"]["data"] == sent


async def test_an_edit_shows_in_place() -> None:
    async with opened() as (_, college):
        window = await college.open(TEACHER)
        assert await window.answer_to(window.say("wijzig")) == "daarna"


async def test_a_choice_is_made_apart_from_sending_it() -> None:
    async with opened() as (bot, college):
        window = await college.open(TEACHER)
        await window.answer_to(window.say("lijst"))
        await window.choose("Locatie", "Dependance")
        assert bot.got[-1]["type"] == "message"
        assert await window.answer_to(window.press("OK")) == "Gekozen: dep"


async def test_any_activity_can_be_posted_twice_as_a_redelivery() -> None:
    async with opened() as (bot, college):
        window = await college.open(TEACHER)
        for _ in range(2):
            await window.answer_to(window.post({"type": "message", "id": "een", "text": "hoi"}))
        assert [got["id"] for got in bot.got[-2:]] == ["een", "een"]


async def test_a_silent_bot_is_told_with_what_is_shown() -> None:
    async with opened(patience=3) as (_, college):
        window = await college.open(TEACHER)
        with pytest.raises(TimeoutError, match="welkom"):
            await window.answer_to(window.say("stil"))
        with pytest.raises(AssertionError, match="no button or option 'Nee'"):
            await window.press("Nee")


def test_what_is_missing_on_the_machine_is_said_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"run `npm ci` in .*"):
        find_tools(tmp_path)
    with pytest.raises(FileNotFoundError, match="apt-get install -y chromium"):
        find_tools(HERE, {"PATH": str(Path(find_tools().node).parent), "CHROMIUM": "/nowhere"})
    with pytest.raises(FileNotFoundError, match=r"node is not installed"):
        find_tools(HERE, {"PATH": str(tmp_path)})
