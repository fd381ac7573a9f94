"""Over HTTP a calendar is handed to whoever has its address; nobody else learns anything."""

from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.channels.calendar import CalendarPages, Shown
from bot.channels.web import make_web
from bot.cli.serve import calendars_of
from bot.core.clock import MovableClock
from bot.core.reply import Language, Say
from bot.dialogs.walkin_feed import Shown as Found
from bot.i18n.text import Texts
from bot.walkin.calendar import Calendar, Event
from tests.calendars import read
from tests.channels.stage import example_app
from tests.factories import NOW, sender
from tests.loopback import serving
from tests.rules.test_walkin_ics import ZONE, event

TEXTS = Texts("mediacoach")
RIGHT = "right"


def said(language: Language) -> Shown:
    title = Say("calendar.confirmed", {"name": "Ad"})
    one = Event(event(NOW).when, title)
    return Found(Calendar(ZONE, NOW, (one,), Say("calendar.name")), language)


@dataclass
class OneOfEach:
    """Knows one address of each kind."""

    async def booking(self, token: str) -> Shown | None:
        return said("nl") if token == RIGHT else None

    async def feed(self, token: str) -> Shown | None:
        return said("en") if token == RIGHT else None


PAGES = CalendarPages(OneOfEach(), TEXTS).handlers()


async def ask(url: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    """Return the status, the body, and the headers, the date left out."""
    async with aiohttp.ClientSession() as session, session.request(method, url) as response:
        headers = {name: value for name, value in response.headers.items() if name != "Date"}
        return response.status, await response.read(), headers


@pytest.mark.parametrize(("kind", "title"), [("booking", "Inloopuur"), ("feed", "Walk-in hour")])
async def test_who_has_the_address_gets_the_calendar(kind: str, title: str) -> None:
    async with serving(make_web({}, gets=PAGES)) as url:
        status, body, headers = await ask(f"{url}/calendar/{kind}/{RIGHT}.ics")
    assert status == 200
    assert read(body)[0].title.startswith(title)
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/booking/wrong.ics",
        "/calendar/feed/wrong.ics",
        f"/calendar/feed/{RIGHT}",
        f"/calendar/feed/{RIGHT}.ics/",
        f"/calendar/feed/{RIGHT}%00.ics",
        "/calendar/feed/.ics",
        "/calendar/feed/%F0%9F%99%82.ics",
        "/calendar/",
    ],
)
async def test_every_other_address_is_answered_as_one_that_never_was(path: str) -> None:
    async with serving(make_web({}, gets=PAGES)) as url:
        assert await ask(f"{url}{path}") == await ask(f"{url}/nothing/here")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
async def test_calendars_are_only_read(method: str) -> None:
    async with serving(make_web({}, gets=PAGES)) as url:
        right, wrong = [
            await ask(f"{url}/calendar/feed/{token}.ics", method) for token in (RIGHT, "wrong")
        ]
    assert right == wrong
    assert right[0] == 405


async def test_the_whole_program_hands_out_what_was_booked_where_it_is_set_up(
    tmp_path: Path,
) -> None:
    clock = MovableClock()
    public = {"public_url": "https://bot.example", "link_secret": "x" * 32}
    async with example_app(tmp_path, clock, **public) as app:
        assert app.calendars is not None
        async with app.store.begin() as work:
            person = await work.people.register(sender(), "nl")
            await work.feeds.keep(person.id, "word", clock.now())
        known = app.calendars.links.feed("word").removeprefix("https://bot.example")
        other = app.calendars.links.feed("other").removeprefix("https://bot.example")
        async with serving(make_web({}, gets=calendars_of(app))) as url:
            status, body, _ = await ask(f"{url}{known}")
            assert (status, read(body)) == (200, [])
            changed = f"{known[:-5]}{'A' if known[-5] != 'A' else 'B'}.ics"
            nothing = await ask(f"{url}/nothing")
            for path in (other, changed, known.upper()):
                assert await ask(f"{url}{path}") == nothing


async def test_without_a_secret_there_are_no_pages(tmp_path: Path) -> None:
    async with example_app(tmp_path, MovableClock(), public_url="https://bot.example") as app:
        assert app.calendars is None
        assert calendars_of(app) == {}
