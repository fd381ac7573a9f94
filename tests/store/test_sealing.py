"""A ballot is read with both halves of its key alone, and at its own place."""

import ast
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import text

import bot
from bot.core.ids import PersonId, RoundId
from bot.polls.model import Key
from bot.settings import Settings
from bot.store.sealing import BLOCK, PollSecretError, Protection, Seal
from bot.store.work import Store
from tests.ballots import SEAL, SECRET, Booth, spread
from tests.said import refused

ANN = PersonId(7)
ROUND = RoundId(3)
OTHER = Seal("een ander geheim dat ook heel erg lang is")


@pytest.fixture
async def booth(database_url: str) -> AsyncIterator[Booth[Store]]:
    store = Store.open(database_url, SEAL)
    yield Booth(store)
    await store.close()


def test_what_is_sealed_comes_back_and_is_never_the_same_twice() -> None:
    key = SEAL.key(ROUND, SEAL.new_half(ROUND))
    voter = key.voter(ANN)
    vote = {0: "5", 2: "een 🙂 opmerking", 3: ""}
    first, second = (key.seal(voter, "Breda", vote) for _ in range(2))
    assert key.open(voter, first) == key.open(voter, second) == ("Breda", vote)
    assert first != second


def test_a_vote_that_is_very_long_comes_back_as_well() -> None:
    key = SEAL.key(ROUND, SEAL.new_half(ROUND))
    vote = {number: "".join(map(chr, range(500, 500 + BLOCK))) for number in range(9)}
    assert key.open("v", key.seal("v", "", vote)) == ("", vote)


def test_every_half_makes_another_key() -> None:
    voters = {SEAL.key(ROUND, SEAL.new_half(ROUND)).voter(ANN) for _ in range(3)}
    assert len(voters) == 3


def test_a_ballot_cannot_be_moved_or_changed() -> None:
    key = SEAL.key(ROUND, SEAL.new_half(ROUND))
    sealed = key.seal("v", "", {0: "5"})
    changed = sealed[:100] + ("B" if sealed[100] == "A" else "A") + sealed[101:]
    for voter, found in (("w", sealed), ("v", changed)):
        with pytest.raises(ValueError, match="not what was stored"):
            key.open(voter, found)


def test_a_half_fits_its_own_round_and_secret_alone() -> None:
    half = SEAL.new_half(ROUND)
    for seal, which in ((OTHER, ROUND), (SEAL, RoundId(4))):
        with refused(PollSecretError, "put the earlier VRAAGBAAK_POLL_SECRET back"):
            seal.key(which, half)


def test_nothing_that_is_printed_holds_a_secret() -> None:
    half = SEAL.new_half(ROUND)
    key = SEAL.key(ROUND, half)
    assert SECRET not in repr(SEAL)
    assert repr(key.ballot_key) not in repr(key)
    assert repr(key.voter_key) not in repr(key)


@pytest.mark.parametrize(
    ("seal", "said"),
    [(None, "the server lacks a secret"), (OTHER, "begun with another secret")],
)
async def test_without_the_secret_nobody_votes_and_nothing_counts_as_lost(
    booth: Booth[Store], database_url: str, seal: Seal | None, said: str
) -> None:
    (ann,) = await booth.open("")
    other = Store.open(database_url, seal)
    async with other.reading() as work:
        with refused(PollSecretError, said):
            await work.ballots.vote(booth.round, ann)
        assert await work.ballots.key(booth.round) is Key.OTHER
        assert await work.ballots.unreadable() == 1
    await other.close()
    async with booth.store.reading() as work:
        assert await work.ballots.unreadable() == 0


async def test_a_ballot_that_was_tampered_with_does_not_keep_a_round_open(
    booth: Booth[Store],
) -> None:
    people = await booth.open(*[""] * 6)
    for person in people:
        await booth.vote(person, {0: "4"})
    async with booth.store.begin() as work:
        spoil = "UPDATE poll_ballot SET sealed = 'QUFBQQ==' WHERE voter = (SELECT max(voter) FROM "
        await work.ballots._db.run(text(f"{spoil} poll_ballot)"))
    await booth.close()
    assert spread(await booth.answers())[0] == [("", "4")] * 5


def test_the_program_leaves_no_protection_out_and_no_setting_does() -> None:
    assert all(getattr(Protection(), one.name) for one in fields(Protection))
    named = [
        file.name
        for file in Path(bot.__file__).parent.rglob("*.py")
        if any(
            isinstance(node, ast.Name | ast.ImportFrom) and "Protection" in ast.unparse(node)
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
        )
    ]
    assert named == ["sealing.py"]
    assert [name for name in Settings.model_fields if "poll" in name] == ["poll_secret"]
