"""An anonymous round through the whole program, watched by somebody who reads all it writes."""

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from string import ascii_lowercase

import pytest
from sqlalchemy import text

from bot.app import App, build
from bot.cli.start import prepare
from bot.core.clock import MovableClock
from bot.core.ids import RoundId
from bot.core.poll_buttons import AnswerPoll
from bot.core.reply import Channel, Incoming, Reply, Say, Sender
from bot.dialogs.poll_cards import thing_of
from bot.people.generate import KERN, generate
from bot.people.model import Role
from bot.polls.model import Asks, Kind, Round, RoundState
from bot.settings import Settings
from bot.store.backup import LEFT_OUT, backup, restore
from bot.store.work import Store
from tests.attacker import Disk, found
from tests.ballots import SECRET
from tests.factories import poll, poll_form

QUESTIONS = (Asks(Kind.SCALE, "Hoe dichtbij was hulp?"), Asks(Kind.OPEN, "Wat kan beter?"))
MINUTE, DAYS = timedelta(minutes=1), timedelta(days=5)


@dataclass
class College:
    """The program on a database, and seven teachers with what they wrote."""

    app: App
    clock: MovableClock
    people: Sequence[Sender]
    remarks: dict[Sender, str] = field(default_factory=dict)

    async def hold(self, *, anonymous: bool) -> RoundId:
        """Let a round of a poll begin on the next day that the college is open, at eleven."""
        zone = self.app.settings.zone
        day = self.clock.now().astimezone(zone).date() + timedelta(days=1)
        while not self.app.college.open_on(day):
            day += timedelta(days=1)
        opens = datetime(day.year, day.month, day.day, 11, tzinfo=zone)
        self.clock.move_to(opens - MINUTE)
        async with self.app.store.begin() as work:
            (owner, *_) = await work.people.with_role(Role.COORDINATOR)
            form = poll_form(questions=QUESTIONS, anonymous=anonymous)
            said = poll(owner=owner.id, form=form)
            once = replace(said.schedule, first=day, at=opens.time(), every=0)
            made = await work.polls.add(replace(said, schedule=once))
            await work.occasions.start(thing_of(made.id), self.clock.now())
        await self.pass_time(MINUTE)
        async with self.app.store.reading() as work:
            return (await work.polls.open_rounds())[-1].id

    async def pass_time(self, step: timedelta) -> None:
        self.clock.move_to(self.clock.now() + step)
        await self.app.jobs.polls.run(self.clock.now())

    async def round(self, which: RoundId) -> Round:
        async with self.app.store.reading() as work:
            known = await work.polls.round(which)
        assert known
        return known

    async def all_answer(self, which: RoundId) -> None:
        # Letters alone: what looks like a number of a person is not stored.
        self.remarks = {
            who: "".join(secrets.choice(ascii_lowercase) for _ in range(50)) for who in self.people
        }
        for number, (who, remark) in enumerate(self.remarks.items()):
            first = await self.press(who, which, 0, str(number % 5 + 1))
            assert first.view == "poll.question"
            assert (await self.press(who, which, 1, remark)).view == "poll.thanks"

    async def press(self, who: Sender, which: RoundId, question: int, value: str) -> Reply:
        button = AnswerPoll(round=which, question=question, value=value).encode()
        name = f"{which}-{who.address}-{question}"
        turned = await self.app.bot.on_turn(Incoming(who, name, button=button))
        return turned.replies[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "college"
    made.mkdir()
    for name, content in generate(KERN).items():
        (made / name).write_text(content, "utf-8")
    return made


@asynccontextmanager
async def opened(url: str, folder: Path, clock: MovableClock) -> AsyncIterator[College]:
    settings = Settings(
        _env_file=None,
        database_url=url,
        college_file=folder / "college.yaml",
        poll_secret=SECRET,
        semantic=False,
    )
    await prepare(settings, folder, clock.now())
    async with build(settings, clock) as app:
        async with app.store.reading() as work:
            teachers = await work.people.with_role(Role.TEACHER)
        people = [
            Sender(Channel.TEAMS, f"29:{one.id}", one.name, one.email) for one in teachers[:7]
        ]
        yield College(app, clock, people)


async def test_nothing_that_is_written_while_a_round_is_open_says_what_anybody_answered(
    database_url: str, disk: Disk, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("sqlalchemy.engine", "aiosqlite", "asyncio", "bot"):
        caplog.set_level(logging.DEBUG, name)
    async with opened(database_url, folder, MovableClock()) as college:
        for anonymous in (False, True):
            caplog.clear()
            which = await college.hold(anonymous=anonymous)
            await college.all_answer(which)
            remarks = {*college.remarks.values()}
            everything = disk.files() + disk.log()
            assert found(remarks, everything) == (set() if anonymous else remarks)
            assert not found(remarks, caplog.text.encode())
            assert "poll_ballot" in caplog.text or not anonymous  # the log was on


async def test_who_presses_again_after_closing_reads_that_it_is_over_and_nothing_is_lost(
    database_url: str, folder: Path
) -> None:
    async with opened(database_url, folder, MovableClock()) as college:
        which = await college.hold(anonymous=True)
        await college.all_answer(which)
        await college.pass_time(DAYS)
        closed = await college.round(which)
        assert (closed.state, closed.answered) == (RoundState.CLOSED, 7)
        who = college.people[0]
        again = await college.press(who, which, 1, college.remarks[who])
        assert again.view == "poll.over"
        async with college.app.store.reading() as work:
            kept = await work.polls.answers(which)
        said = {one.value for one in kept if one.question == 1}
        assert said == {*college.remarks.values()}
        assert {one.person for one in kept} == {None}


async def test_what_could_not_be_erased_at_closing_is_erased_by_whoever_looks_next(
    database_url: str, folder: Path
) -> None:
    async with opened(database_url, folder, MovableClock()) as college:
        which = await college.hold(anonymous=True)
        await college.all_answer(which)
        report = Store.open(database_url)
        async with report._reader.connect() as reading:
            await reading.execute(text("SELECT count(*) FROM poll_ballot"))
            await college.pass_time(DAYS)
            assert (await college.round(which)).state is RoundState.COUNTED
        await report.close()
    # As after a crash: another process goes on.
    async with opened(database_url, folder, college.clock) as later:
        await later.pass_time(MINUTE)
        assert (await later.round(which)).state is RoundState.CLOSED


async def test_after_a_backup_was_put_back_all_are_asked_again_and_told_why(
    database_url: str, empty_database_url: str, disk: Disk, folder: Path
) -> None:
    file = folder / "vraagbaak.backup"
    async with opened(database_url, folder, MovableClock()) as college:
        which = await college.hold(anonymous=True)
        await college.all_answer(which)
        await backup(database_url, file, LEFT_OUT, pg_bin=disk.tools)
    await restore(empty_database_url, file, pg_bin=disk.tools)
    async with opened(empty_database_url, folder, college.clock) as restored:
        await restored.pass_time(MINUTE)
        assert (await restored.round(which)).lost
        async with restored.app.store.reading() as work:
            assert not any(one.answered for one in await work.polls.invitations(which))
            asked = await work.outbox.copies(f"round:{which}")
        why = [copy for copy in asked if Say("poll.card.lost") in copy.reply.blocks]
        assert len(why) == len({copy.person for copy in why}) > 100
        await restored.all_answer(which)
        await restored.pass_time(DAYS)
        assert (await restored.round(which)).answered == 7
