"""A picture of a chart is handed to whoever has its address, for a while, and to nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.charts import ChartPages, Pictured
from bot.channels.picture import draw
from bot.channels.web import make_web
from bot.cli.serve import pictures_of
from bot.core.clock import MovableClock
from bot.core.reply import Amount, Bar, Chart, Say, Words
from bot.dialogs.summary_pictures import Pictured as Found
from bot.i18n.text import Texts
from bot.summary.links import LASTS, ChartKey
from tests.channels.stage import example_app
from tests.channels.test_calendar_pages import ask
from tests.loopback import serving
from tests.summary_examples import WEEK, sent

TEXTS = Texts("mediacoach")
FEW = Bar(Words("Noord"), None, Say("summary.too_few"))
SHOWN = Chart(Words("Vragen"), (Bar(Words("Kosten in $ en $"), Amount(3, "count")), FEW))


@dataclass
class One:
    """Knows one address."""

    async def chart(self, token: str) -> Pictured | None:
        return Found(SHOWN, "nl") if token == "right" else None


PAGES = ChartPages(One(), TEXTS).handlers()


async def test_who_has_the_address_gets_the_picture() -> None:
    async with serving(make_web({}, gets=PAGES)) as url:
        status, body, headers = await ask(f"{url}/summary/chart/right.png")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert headers["Cache-Control"].startswith("private")
    assert Image.open(BytesIO(body)).format == "PNG"


@pytest.mark.parametrize("path", ["wrong.png", "right", "right.png/", ".png", "right%00.png"])
async def test_every_other_address_is_answered_as_one_that_never_was(path: str) -> None:
    async with serving(make_web({}, gets=PAGES)) as url:
        assert await ask(f"{url}/summary/chart/{path}") == await ask(f"{url}/nothing/here")


def test_a_picture_is_wide_enough_for_a_phone_and_tells_dark_from_light() -> None:
    picture = Image.open(BytesIO(draw(TEXTS, "nl", SHOWN))).convert("L")
    assert picture.width >= 2 * 390 - 1
    bright = picture.getextrema()
    assert isinstance(bright[0], int)
    assert bright[0] < 40
    assert bright[1] == 255
    blue = Image.new("RGB", (1, 1), "#0072B2").convert("L").getpixel((0, 0))
    assert picture.getcolors(10_000)
    assert blue in {shade for _, shade in picture.getcolors(10_000) or []}


async def test_the_whole_program_hands_out_the_charts_of_what_was_sent(tmp_path: Path) -> None:
    clock = MovableClock()
    public = {"public_url": "https://bot.example", "link_secret": "x" * 32}
    async with example_app(tmp_path, clock, **public) as app:
        assert app.pictures is not None
        async with app.store.begin() as work:
            await work.summaries.add(sent())
        links = app.pictures.links
        known, unsent, no_chart = (
            links.chart(key, clock.now()).removeprefix("https://bot.example")
            for key in (
                ChartKey(WEEK, "all", "outcomes", "nl"),
                ChartKey(WEEK.back(), "all", "outcomes", "nl"),
                ChartKey(WEEK, "all", "nothing", "nl"),
            )
        )
        async with serving(make_web({}, gets=pictures_of(app))) as url:
            assert (await ask(f"{url}{known}"))[0] == 200
            nothing = await ask(f"{url}/nothing")
            other = f"{known[:-5]}{'A' if known[-5] != 'A' else 'B'}.png"
            for path in (unsent, no_chart, other):
                assert await ask(f"{url}{path}") == nothing
            clock.move_to(clock.now() + LASTS + timedelta(seconds=2))
            assert await ask(f"{url}{known}") == nothing


async def test_without_a_secret_there_are_no_pictures(tmp_path: Path) -> None:
    async with example_app(tmp_path, MovableClock(), public_url="https://bot.example") as app:
        assert app.pictures is None
        assert pictures_of(app) == {}
