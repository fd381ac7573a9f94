"""`/tijd` finds a whole week in which the college is open: a story can be told on any day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.i18n.text import catalogue
from bot.people.college_file import read_college
from bot.people.generate import KERN, generate
from tests.channels.stage import console_stage
from tests.clocks import ZONE


async def test_a_work_week_begins_on_a_monday_and_has_five_open_days(tmp_path: Path) -> None:
    file = tmp_path / "made.yaml"
    file.write_text(generate(KERN)["college.yaml"], "utf-8")
    college = read_college(file).worktime(ZONE)
    async with console_stage(tmp_path) as stage:
        seen = await stage.move("werkweek 10:00")
        monday = date.fromisoformat(seen.split()[0])
        assert (monday.weekday(), seen.split()[1]) == (0, "10:00")
        assert all(college.open_on(monday + timedelta(days=ahead)) for ahead in range(5))
        later = date.fromisoformat((await stage.move("werkweek 10:00")).split()[0])
        assert later >= monday + timedelta(weeks=1)


@pytest.mark.parametrize(
    "step",
    ["", "gisteren", "-2d", "24-12-2026 11:00", "werkdag", "werkdag 25:00", "werkweek 04:00"],
)
async def test_a_time_that_cannot_be_read_is_answered_with_how_it_is_written(
    tmp_path: Path, step: str
) -> None:
    async with console_stage(tmp_path) as stage:
        assert (await stage.move(step)).strip() == catalogue("nl")["cli.stage.time"]
