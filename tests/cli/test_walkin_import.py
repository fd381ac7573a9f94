"""The walk-in hours of a college file, as an administrator brings them in."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.cli.start import prepare
from bot.core.clock import SystemClock
from bot.core.ids import HourId
from bot.people.college_file import read_college
from bot.settings import read_settings
from bot.store.work import Store
from bot.walkin.model import Hour, SlotKey
from tests.clocks import ZONE, today
from tests.factories import booking


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_DATABASE_URL", f"sqlite:///{tmp_path / 'v.db'}")
    monkeypatch.setenv("VRAAGBAAK_LANGUAGE", "en")
    for words in (("org", "generate", "kerncollege", "college"), ("db", "upgrade")):
        assert vraagbaak(*words).exit_code == 0
    return tmp_path


def vraagbaak(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "college" / "college.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


async def _hours(folder: Path, more: Hour | None) -> list[Hour]:
    store = Store.open(f"sqlite:///{folder / 'v.db'}")
    async with store.begin() as work:
        if more:
            await work.walkin.add_hour(more)
        found = await work.walkin.hours(date.min)
    await store.close()
    return list(found)


def hours(folder: Path, more: Hour | None = None) -> list[Hour]:
    return asyncio.run(_hours(folder, more))


def test_hours_come_change_and_end_with_the_file(folder: Path) -> None:
    assert vraagbaak("org", "import", "college", "--dry-run").exit_code == 0
    assert hours(folder) == []
    first = vraagbaak("org", "import", "college")
    assert "Walk-in hours: 3 new, 0 changed, 0 ended" in first.stdout
    before = hours(folder)
    assert [one.place for one in before] == ["de mediatheek", "B2.02", "C3.03"]
    again = vraagbaak("org", "import", "college")
    assert "Walk-in hours" not in again.stdout
    assert hours(folder) == before
    change(folder, "place: de mediatheek", "place: de aula")
    change(folder, "  - day: wo", "  - day: vr")
    told = vraagbaak("org", "import", "college")
    assert "Walk-in hours: 1 new, 1 changed, 1 ended" in told.stdout
    after = hours(folder)
    assert [one.id for one in after[:3]] == [one.id for one in before]
    # Whether it is the same hour or another goes by whether it was held before: today it can be.
    go_on = {one.weekday: one.place for one in after if one.last is None}
    assert go_on == {1: "de aula", 3: "C3.03", 4: "B2.02"}


def test_an_hour_that_clashes_with_one_from_chat_is_left_out_and_told(folder: Path) -> None:
    vraagbaak("org", "import", "college")
    (ad, *_) = hours(folder)
    in_chat = Hour(
        HourId(0), ad.coach, 3, time(12, 30), time(14), 15, 1, first=date(2026, 1, 1), place="X"
    )
    hours(folder, in_chat)
    change(folder, "  - day: di", "  - day: do")
    told = vraagbaak("org", "import", "college")
    assert told.exit_code == 0
    assert "A walk-in hour was left out: Thursday 12:00 is at the same time" in told.stderr


async def _book(folder: Path, hour: Hour) -> None:
    """Give somebody a seat at the next date of an hour."""
    college = read_college(folder / "college" / "college.yaml").worktime(ZONE)
    async with Store.open(f"sqlite:///{folder / 'v.db'}") as store, store.begin() as work:
        coaches = {one.person.id: one for one in await work.people.coaches()}
        guest = next(one for one in coaches if one != hour.coach)
        open_on = college.of({}, coaches[hour.coach].location).open_on
        ahead = (today() + timedelta(days=one) for one in range(1, 100))
        day = next(one for one in ahead if one.weekday() == hour.weekday and open_on(one))
        starts = datetime.combine(day, hour.start, ZONE).astimezone(UTC)
        await work.walkin.book(booking(guest, SlotKey(hour.id, day, 0), starts=starts))


def test_who_comes_hears_of_another_room_when_the_demo_opens_a_folder_that_changed(
    folder: Path,
) -> None:
    settings, now = read_settings(), SystemClock().now()
    asyncio.run(prepare(settings, folder / "college", now))
    asyncio.run(_book(folder, hours(folder)[0]))
    asyncio.run(prepare(settings, folder / "college", now))
    assert asyncio.run(_told(folder)) == []
    change(folder, "place: de mediatheek", "place: de aula")
    asyncio.run(prepare(settings, folder / "college", now))
    assert len(asyncio.run(_told(folder))) == 1


async def _told(folder: Path) -> list[str]:
    async with Store.open(f"sqlite:///{folder / 'v.db'}") as store, store.reading() as work:
        found = await work.outbox.lines(10)
    return [one.key for one in found]


def test_who_comes_hears_of_another_room(folder: Path) -> None:
    vraagbaak("org", "import", "college")
    asyncio.run(_book(folder, hours(folder)[0]))
    change(folder, "place: de mediatheek", "place: de aula")
    told = vraagbaak("org", "import", "college")
    assert "Bookings in another place, which people hear of: 1" in told.stdout
    (key,) = asyncio.run(_told(folder))
    assert key.startswith("walkin|elsewhere|1|")
    assert "another place" not in vraagbaak("org", "import", "college").stdout
