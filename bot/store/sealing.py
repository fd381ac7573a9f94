"""Seals what is answered in an anonymous round, so that the database alone cannot read it (ADR 20).

A round's keys need two halves: one stands in the database until the round closes, the other is the
server's secret, which is in no database and no backup.
"""

import hmac
import json
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import BotError
from bot.core.ids import PersonId, RoundId
from bot.polls.model import Vote

BLOCK = 4096
"""Bytes of a sealed ballot, whatever is in it: some eight answers of 1,000 signs fit."""
_HALF, _NONCE, _LENGTH = 32, 12, 4


class PollSecretError(BotError):
    """The server has not the secret for anonymous polls that a round was begun with."""

    text_key = "error.other_poll_secret"


class NoPollSecretError(PollSecretError):
    """The server has no secret for anonymous polls."""

    text_key = "error.no_poll_secret"


class LostKeyError(BotError):
    """A round has no key: the database is a backup that was put back."""

    text_key = "error.lost_key"

    def __init__(self, which: RoundId) -> None:
        super().__init__(f"round {which} has no key")
        self.round = which

    @property
    def data(self) -> Mapping[str, str]:
        return {"round": str(self.round)}


@dataclass(frozen=True)
class Protection:
    """What keeps answers apart from people. Only a test leaves one out, to see that it is needed.

    No setting reaches it.
    """

    sealed: bool = True
    """Ballots are encrypted, and name nobody."""
    padded: bool = True
    """All ballots are of one length."""
    shuffled: bool = True
    """Answers are counted in a random order, another one for each question."""
    few_merged: bool = True
    """Answers of a group that is too small are stored without it, or not at all."""
    key_destroyed: bool = True
    """The round's half of the key goes at closing."""
    rewritten: bool = True
    """Invitations are written anew at closing."""
    messages_cut: bool = True
    """What was said in the round, and what came in, goes at closing."""
    erased: bool = True
    """Space of rows that are gone is given back."""


@dataclass(frozen=True)
class Seal:
    """The server's secret for anonymous polls, at least 32 signs."""

    secret: str = field(repr=False)
    protection: Protection = Protection()

    def new_half(self, which: RoundId) -> str:
        """Make what `poll_key` holds: the half, and by what its other half is known again."""
        half = secrets.token_bytes(_HALF)
        return f"{_written(half)}.{_written(self._derived(which, half, 'check'))}"

    def key(self, which: RoundId, kept: str) -> "RoundKey":
        """Return a round's keys; raises PollSecretError when it was begun with another secret."""
        half, check = (b64decode(part) for part in kept.split("."))
        if not hmac.compare_digest(check, self._derived(which, half, "check")):
            raise PollSecretError("a round was begun with another VRAAGBAAK_POLL_SECRET")
        voter, ballot = (self._derived(which, half, purpose) for purpose in ("voter", "ballot"))
        return RoundKey(which, voter, ballot, self.protection)

    def _derived(self, which: RoundId, half: bytes, purpose: str) -> bytes:
        use = f"vraagbaak poll round {which} {purpose}".encode()
        return HKDF(SHA256(), length=32, salt=half, info=use).derive(self.secret.encode())


@dataclass(frozen=True)
class RoundKey:
    """Seals and opens the ballots of one round."""

    round: RoundId
    voter_key: bytes = field(repr=False)
    ballot_key: bytes = field(repr=False)
    protection: Protection = Protection()

    def voter(self, person: PersonId) -> str:
        """Return under what somebody's ballot is kept: without the keys it is of nobody."""
        if not self.protection.sealed:
            return str(person)
        return _written(hmac.digest(self.voter_key, str(person).encode(), "sha256"))

    def seal(self, voter: str, group: str, vote: Vote) -> str:
        written = json.dumps([group, sorted(vote.items())], ensure_ascii=False)
        if not self.protection.sealed:
            return written
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.ballot_key).encrypt(nonce, self._padded(written), self._place(voter))
        return _written(nonce + sealed)

    def open(self, voter: str, sealed: str) -> tuple[str, Vote]:
        """Return the group and what was answered; raises ValueError when it was tampered with."""
        group, vote = json.loads(self._opened(voter, sealed))
        return group, dict(vote)

    def _opened(self, voter: str, sealed: str) -> str:
        if not self.protection.sealed:
            return sealed
        whole = b64decode(sealed)
        nonce, rest = whole[:_NONCE], whole[_NONCE:]
        try:
            padded = AESGCM(self.ballot_key).decrypt(nonce, rest, self._place(voter))
        except InvalidTag:
            raise ValueError("a ballot is not what was stored") from None
        length = int.from_bytes(padded[:_LENGTH], "big")
        return zlib.decompress(padded[_LENGTH : _LENGTH + length]).decode()

    def _padded(self, written: str) -> bytes:
        packed = zlib.compress(written.encode())
        told = len(packed).to_bytes(_LENGTH, "big") + packed
        return told + b"\0" * (-len(told) % BLOCK if self.protection.padded else 0)

    def _place(self, voter: str) -> bytes:
        # A ballot that is moved to another voter or another round cannot be opened.
        return f"{self.round}|{voter}".encode()


def _written(some: bytes) -> str:
    return b64encode(some).decode()
