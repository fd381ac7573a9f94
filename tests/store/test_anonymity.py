"""Attacks on anonymous rounds by somebody with the whole database. See ADR 20.

Each attack first succeeds on a round with one protection left out, and then fails on a round with
all of them: else it would only prove that the attacker is clumsy.
"""

import hmac
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.core.ids import PersonId
from bot.store.backup import LEFT_OUT, backup, restore
from bot.store.sealing import RoundKey, Seal
from bot.store.work import Store, database_url, postgresql_engine
from tests.attacker import Attacker, Disk, PostgresDisk, SqliteDisk, found, in_order, opened
from tests.ballots import SEAL, Booth, without
from tests.conftest import Postgres

GROUPS = ("Breda",) * 12 + ("Tilburg",) * 12
FULL_VACUUM = "VACUUM FULL poll_key; VACUUM FULL poll_ballot;"
Attack = Callable[[Attacker, Booth[Store]], Awaitable[bool]]


@pytest.fixture
def play(database_url: str, disk: Disk) -> "Play":
    return Play(database_url, disk)


class Play:
    """Rounds in one database, each with a store that has its own protections."""

    def __init__(self, url: str, disk: Disk) -> None:
        self.url, self.disk = url, disk

    @asynccontextmanager
    async def voted(self, seal: Seal, *groups: str) -> AsyncIterator[tuple[Attacker, Booth[Store]]]:
        """Let everybody vote, in an order of their own: a number, and a remark nobody else made."""
        async with Store.open(self.url, seal) as store:
            booth = Booth(store)
            people = await booth.open(*(groups or GROUPS))
            secrets.SystemRandom().shuffle(people)
            for number, person in enumerate(people, 100):
                await booth.vote(person, {0: str(number), 1: remark()})
            yield Attacker(store, self.disk), booth

    async def open(self, attack: Attack, seal: Seal) -> bool:
        """Attack a round that is open."""
        async with self.voted(seal) as (attacker, booth):
            return await attack(attacker, booth)

    async def closed(self, attack: Attack, seal: Seal) -> bool:
        """Attack a round that is closed."""
        async with self.voted(seal) as (attacker, booth):
            await booth.close()
            return await attack(attacker, booth)


def remark() -> str:
    return f"opmerking {secrets.token_hex(24)}"


def remarks(booth: Booth[Store]) -> dict[PersonId, str]:
    """Return the truth."""
    return {person: vote[1] for person, vote in booth.votes.items()}


async def stored(attacker: Attacker, booth: Booth[Store]) -> tuple[list[str], list[str]]:
    """Return the keys and the ballots of a round, as they stand in the rows."""
    keys = await attacker.rows("SELECT key FROM poll_key WHERE round = :r", r=booth.round)
    ballots = await attacker.rows("SELECT sealed FROM poll_ballot WHERE round = :r", r=booth.round)
    return [one for (one,) in keys], [one for (one,) in ballots]


# While the round is open.


async def reads_everything(attacker: Attacker, booth: Booth[Store]) -> bool:
    return found(remarks(booth).values(), attacker.everything) == {*remarks(booth).values()}


async def test_no_answer_stands_in_the_files_or_the_log_of_an_open_round(play: Play) -> None:
    assert await play.open(reads_everything, without(sealed=False))

    async with play.voted(SEAL) as (attacker, booth):
        everything = attacker.everything
        assert found(remarks(booth).values(), everything) == set()
        _, ballots = await stored(attacker, booth)
        assert found(ballots, everything) == {*ballots}  # it did look where they are


async def hashes_everybody(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Try every person, in every way that needs no secret, as the voter of a ballot."""
    found_voters = await attacker.rows(
        "SELECT voter FROM poll_ballot WHERE round = :r", r=booth.round
    )
    (kept,), _ = await stored(attacker, booth)
    half = b64decode(kept.split(".")[0])
    ways: list[Callable[[PersonId], str]] = [
        str,
        lambda person: sha256(str(person).encode()).hexdigest(),
        lambda person: b64encode(hmac.digest(half, str(person).encode(), "sha256")).decode(),
        RoundKey(booth.round, Seal("")._derived(booth.round, half, "voter"), b"").voter,
    ]
    voters = {voter for (voter,) in found_voters}
    return any(voters == {way(person) for person in booth.votes} for way in ways)


async def test_a_ballot_says_of_nobody_that_it_is_theirs(play: Play) -> None:
    assert await play.open(hashes_everybody, without(sealed=False))
    assert not await play.open(hashes_everybody, SEAL)


async def weighs_ballots(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Find who wrote the long remark: ballots and messages stand in the order of their coming."""
    place = "rowid" if isinstance(attacker.disk, SqliteDisk) else "ctid"
    sizes = await attacker.rows(
        f"SELECT length(sealed) FROM poll_ballot WHERE round = :r ORDER BY {place}",  # noqa: S608 (one of two names above)
        r=booth.round,
    )
    came = await attacker.rows(
        "SELECT person FROM handled_message WHERE message_id LIKE :m ORDER BY at",
        m=f"press-{booth.round}-%",
    )
    longest = max(sizes)
    whose = [person for (person,), size in zip(came, sizes, strict=True) if size == longest]
    truth = remarks(booth)
    return whose == [max(truth, key=lambda one: len(truth[one]))]


async def test_who_wrote_a_long_remark_cannot_be_seen_from_its_length(play: Play) -> None:
    for seal, succeeds in ((without(padded=False), True), (SEAL, False)):
        store = Store.open(play.url, seal)
        booth = Booth(store)
        people = await booth.open(*GROUPS)
        for person in people:
            text_ = secrets.token_urlsafe(750) if person == people[7] else remark()
            await booth.vote(person, {1: text_})
        assert await weighs_ballots(Attacker(store, play.disk), booth) is succeeds
        await store.close()


# When it is closed.


async def goes_by_order(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Say that answers stand in the order of something that is known of who gave them."""
    answers = await attacker.rows(
        "SELECT value FROM poll_answer WHERE round = :r AND question = 1 ORDER BY number",
        r=booth.round,
    )
    texts = [value for (value,) in answers]
    invited = await attacker.rows(
        "SELECT person FROM poll_invitation WHERE round = :r AND answered", r=booth.round
    )
    people = [PersonId(person) for (person,) in invited]
    orders = (people, sorted(people), sorted(people, key=str), [*booth.times])
    return any(in_order(order, texts) == remarks(booth) for order in orders)


async def test_answers_stand_in_no_order_of_people(play: Play) -> None:
    assert await play.closed(goes_by_order, without(sealed=False, shuffled=False))
    assert not await play.closed(goes_by_order, without(sealed=False))
    assert not await play.closed(goes_by_order, SEAL)


async def joins_answers(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Say that answers to two questions with the same number are of the same person."""
    joined = await attacker.rows(
        "SELECT a.value, b.value FROM poll_answer a JOIN poll_answer b ON a.round = b.round "
        "AND a.number = b.number WHERE a.round = :r AND a.question = 0 AND b.question = 1",
        r=booth.round,
    )
    return {*joined} == {(vote[0], vote[1]) for vote in booth.votes.values()}


async def test_nothing_says_which_answers_belong_together(play: Play) -> None:
    assert await play.closed(joins_answers, without(shuffled=False))
    assert not await play.closed(joins_answers, SEAL)


def _left(attacker: Attacker) -> bytes:
    """Return what is left but for PostgreSQL's log, which nobody can cut: there it is sealed."""
    disk = attacker.disk
    return disk.files() + (disk.log() if isinstance(disk, SqliteDisk) else b"")


async def test_no_ballot_and_no_key_is_left_in_the_space_of_rows_that_are_gone(play: Play) -> None:
    for seal, succeeds in ((without(erased=False), True), (SEAL, False)):
        async with play.voted(seal) as (attacker, booth):
            keys, ballots = await stored(attacker, booth)
            assert found([*keys, *ballots], attacker.everything) == {*keys, *ballots}
            await booth.close()
            assert bool(found([*keys, *ballots], _left(attacker))) is succeeds


async def test_an_old_transaction_of_somebody_else_keeps_no_ballot(
    postgres: Postgres, postgres_url: str
) -> None:
    play = Play(postgres_url, PostgresDisk(postgres.server, postgres_url))
    other = postgresql_engine(database_url(postgres_url))
    vacuum = f"\\c {make_url(postgres_url).database}\n{FULL_VACUUM}"  # what seems to be enough
    for vacuumed, reported, succeeds in (
        (True, False, False),
        (True, True, True),
        (False, True, False),
    ):
        async with other.connect() as report, play.voted(SEAL) as (attacker, booth):
            if reported:
                await report.execution_options(isolation_level="REPEATABLE READ")
                await report.execute(text("SELECT count(*) FROM person"))
            keys, ballots = await stored(attacker, booth)
            await booth.count()
            if vacuumed:
                postgres.server.psql(vacuum)
            else:
                await booth.store.erase()
            assert bool(found([*keys, *ballots], _left(attacker))) is succeeds
    await other.dispose()


async def knows_who_answered_when(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Look in what came in and in what was said, of this round, for people and moments."""
    said = await attacker.rows(
        "SELECT person FROM outbox WHERE subject = :s ORDER BY at", s=f"round:{booth.round}"
    )
    came = await attacker.rows(
        "SELECT person FROM handled_message WHERE message_id LIKE :m ORDER BY at",
        m=f"press-{booth.round}-%",
    )
    return [*booth.times] in ([one for (one,) in said], [one for (one,) in came])


async def test_what_was_said_in_a_round_tells_nobody_who_answered_when(play: Play) -> None:
    assert await play.closed(knows_who_answered_when, without(messages_cut=False))
    assert not await play.closed(knows_who_answered_when, SEAL)


async def knows_the_order_of_answering(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Read from PostgreSQL which transaction wrote each invitation, and where it stands."""
    orders = [
        await attacker.rows(
            f"SELECT person FROM poll_invitation WHERE round = :r ORDER BY {by}",  # noqa: S608 (names below)
            r=booth.round,
        )
        for by in ("xmin::text::bigint, person", "ctid")
    ]
    return [*booth.times] in [[person for (person,) in order] for order in orders]


async def test_an_invitation_does_not_tell_when_it_was_answered(
    postgres: Postgres, postgres_url: str
) -> None:
    play = Play(postgres_url, PostgresDisk(postgres.server, postgres_url))
    assert await play.closed(knows_the_order_of_answering, without(rewritten=False))
    assert not await play.closed(knows_the_order_of_answering, SEAL)


async def finds_who_is_alone(attacker: Attacker, booth: Booth[Store]) -> bool:
    """Of a group in which one person answered, that answer is theirs."""
    guess = {
        PersonId(person): value
        for person, value in await attacker.rows(
            "SELECT i.person, a.value FROM poll_invitation i JOIN poll_answer a "
            "ON a.round = i.round AND a.grp = i.grp WHERE i.round = :r AND i.answered "
            "AND a.question = 1 AND 1 = (SELECT count(*) FROM poll_invitation o "
            "WHERE o.round = i.round AND o.grp = i.grp AND o.answered)",
            r=booth.round,
        )
    }
    return bool(guess) and guess.items() <= remarks(booth).items()


async def test_who_answered_alone_of_a_group_is_not_found_by_it(play: Play) -> None:
    for seal, succeeds in ((without(few_merged=False), True), (SEAL, False)):
        store = Store.open(play.url, seal)
        booth = Booth(store)
        for person in (await booth.open(*GROUPS))[:13]:
            await booth.vote(person, {1: remark()})
        await booth.close()
        assert await finds_who_is_alone(Attacker(store, play.disk), booth) is succeeds
        await store.close()


# With the server's secret as well.


async def test_who_copied_the_ballots_finds_no_key_when_the_round_is_closed(play: Play) -> None:
    for seal, succeeds in ((without(key_destroyed=False), True), (SEAL, False)):
        async with play.voted(seal) as (attacker, booth):
            copied = await attacker.rows(
                "SELECT voter, sealed FROM poll_ballot WHERE round = :r", r=booth.round
            )
            await booth.close()
            keys = await attacker.rows("SELECT key FROM poll_key WHERE round = :r", r=booth.round)
            assert (opened(SEAL, booth, keys, copied) == booth.votes) is succeeds


async def test_a_backup_of_an_open_round_holds_no_ballot_and_no_key(
    database_kind: str, play: Play, tmp_path: Path, empty_database_url: str
) -> None:
    tools, empty = play.disk.tools, empty_database_url
    async with play.voted(SEAL) as (attacker, booth):
        keys, ballots = await stored(attacker, booth)
        for left_out, succeeds in (((), True), (LEFT_OUT, False)):
            file = tmp_path / f"{succeeds}.backup"
            await backup(play.url, file, left_out, pg_bin=tools)
            await restore(empty, file, force=True, pg_bin=tools)
            old = Store.open(empty)
            spy = Attacker(old, play.disk)
            kept = await spy.rows("SELECT key FROM poll_key")
            copied = await spy.rows("SELECT voter, sealed FROM poll_ballot")
            assert (opened(SEAL, booth, kept, copied) == booth.votes) is succeeds
            if database_kind == "sqlite":  # the other is packed, and made of rows
                assert bool(found([*keys, *ballots], file.read_bytes())) is succeeds
            await old.close()


# Beside the rows.


async def test_the_most_talkative_log_holds_no_answers(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("sqlalchemy.engine", "aiosqlite", "asyncio", "bot"):
        caplog.set_level(logging.DEBUG, name)
    for seal, succeeds in ((without(sealed=False), True), (SEAL, False)):
        caplog.clear()
        async with play.voted(seal) as (_, booth):
            async with booth.store.reading() as work:
                for person, vote in booth.votes.items():
                    assert await work.ballots.vote(booth.round, person) == vote
            await booth.close()
        assert bool(found(remarks(booth).values(), caplog.text.encode())) is succeeds


async def test_statistics_keep_nothing_of_a_ballot(postgres: Postgres, postgres_url: str) -> None:
    play = Play(postgres_url, PostgresDisk(postgres.server, postgres_url))
    as_migrated, as_usual = "SELECT 1", "ALTER TABLE poll_ballot ALTER voter SET STATISTICS -1"
    for first, succeeds in ((as_migrated, False), (as_usual, True)):
        async with play.voted(SEAL) as (attacker, booth):
            voters = await attacker.rows("SELECT voter FROM poll_ballot")
            async with booth.store.begin() as work:
                await work.ballots._db.run(text(first))
                await work.ballots._db.run(text("ANALYZE poll_ballot, poll_key"))
            await booth.close()
            known = await attacker.rows(
                "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats "
                "WHERE tablename IN ('poll_ballot', 'poll_key')"
            )
            assert bool(found([one for (one,) in voters], repr(known).encode())) is succeeds
