"""Keeps what is answered in anonymous rounds, and at closing turns it into answers of nobody."""

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import PersonId, RoundId
from bot.polls import disclosure
from bot.polls.model import Invitation, Key, Vote
from bot.store import traces
from bot.store.db import Db, Repository
from bot.store.prepared import Prepared
from bot.store.sealing import LostKeyError, NoPollSecretError, PollSecretError, RoundKey, Seal
from bot.store.tables import (
    PollAnswerRow,
    PollBallotRow,
    PollInvitationRow,
    PollKeyRow,
    table_of,
)

log = logging.getLogger(__name__)

_KEY, _BALLOT = table_of(PollKeyRow), table_of(PollBallotRow)
_INVITED, _ANSWER = table_of(PollInvitationRow), table_of(PollAnswerRow)
_KEPT = Prepared(select(_KEY.c.key).where(_KEY.c.round == bindparam("of_round")))
_SEALED = Prepared(
    select(_BALLOT.c.sealed).where(
        _BALLOT.c.round == bindparam("of_round"), _BALLOT.c.voter == bindparam("of_voter")
    )
)
Given = tuple[str, str]
"""A group, and what somebody in it answered."""


class SqlBallots(Repository):
    """Fulfils `bot.polls.ports.Ballots`; raises PollSecretError without a seal, or with another."""

    def __init__(self, db: Db, seal: Seal | None = None) -> None:
        super().__init__(db, seal)
        self._keys: dict[RoundId, RoundKey] = {}

    @property
    def _seal(self) -> Seal:
        if self._given_seal is None:
            raise NoPollSecretError("there is no VRAAGBAAK_POLL_SECRET")
        return self._given_seal

    async def key(self, which: RoundId) -> Key:
        try:
            return Key.READY if await self._found(which) else Key.LOST
        except PollSecretError:
            return Key.OTHER

    async def prepare(self, which: RoundId) -> None:
        self._keys.pop(which, None)
        # What was answered under a key that is lost cannot be read any more.
        await self._db.run(delete(_BALLOT).where(_BALLOT.c.round == which))
        await self._db.run(delete(_KEY).where(_KEY.c.round == which))
        await traces.cut(self._db, which)
        await self._db.run(insert(_KEY).values(round=which, key=self._seal.new_half(which)))

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        key = await self._key(which)
        voter = key.voter(person)
        theirs = await self._db.rows(_SEALED, {"of_round": which, "of_voter": voter})
        return key.open(voter, theirs[0].sealed)[1] if theirs else {}

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        key = await self._key(which)
        voter = key.voter(invited.person)
        sealed = key.seal(voter, invited.group, vote)
        row = {"round": which, "voter": voter, "sealed": sealed}
        await self._db.change(_put(self._db.dialect), row)

    async def drop(self, which: RoundId, person: PersonId) -> None:
        """Take away what somebody answered."""
        voter = (await self._key(which)).voter(person)
        theirs = delete(_BALLOT).where(_BALLOT.c.round == which, _BALLOT.c.voter == voter)
        await self._db.run(theirs)

    async def count(self, which: RoundId) -> None:
        invited = await self._invited(which)
        answers = self._answers(await self._votes(which), invited)
        await self._store(which, answers)
        protection = self._seal.protection
        if protection.rewritten:
            await self._db.run(delete(_INVITED).where(_INVITED.c.round == which))
            await self._insert(_INVITED, invited)
        await self._db.run(delete(_BALLOT).where(_BALLOT.c.round == which))
        self._keys.pop(which, None)
        if protection.key_destroyed:
            await self._db.run(delete(_KEY).where(_KEY.c.round == which))
        if protection.messages_cut:
            await traces.cut(self._db, which)

    async def unreadable(self) -> int:
        """Return how many open rounds were begun with another secret than this server has."""
        found = await self._db.run(select(_KEY))
        return sum(not self._fits(RoundId(row.round), row.key) for row in found)

    def _fits(self, which: RoundId, kept: str) -> bool:
        try:
            return bool(self._seal.key(which, kept))
        except PollSecretError:
            return False

    async def _found(self, which: RoundId) -> RoundKey | None:
        """Return a round's key, which stays the same in one unit of work."""
        if which not in self._keys:
            kept = await self._db.rows(_KEPT, {"of_round": which})
            if not kept:
                return None
            self._keys[which] = self._seal.key(which, kept[0].key)
        return self._keys[which]

    async def _key(self, which: RoundId) -> RoundKey:
        found = await self._found(which)
        if found is None:
            raise LostKeyError(which)
        return found

    async def _votes(self, which: RoundId) -> list[tuple[str, Vote]]:
        key = await self._key(which)
        # In the order of a keyed hash, which is none.
        sealed = select(_BALLOT.c.voter, _BALLOT.c.sealed).where(_BALLOT.c.round == which)
        opened = []
        for row in await self._db.run(sealed.order_by(_BALLOT.c.voter)):
            try:
                opened.append(key.open(row.voter, row.sealed))
            except ValueError:
                # A round must close; who writes in the database can take votes away, not read them.
                log.warning("a ballot of round %s cannot be opened, and does not count", which)
        return opened

    def _answers(
        self, votes: Iterable[tuple[str, Vote]], invited: Iterable[Mapping[str, Any]]
    ) -> list[tuple[int, Sequence[Given]]]:
        asked = Counter(row["grp"] for row in invited)
        given: dict[int, list[Given]] = defaultdict(list)
        for group, vote in votes:
            for question, value in vote.items():
                given[question].append((group, value))
        return [
            (question, self._mixed(asked, answers)) for question, answers in sorted(given.items())
        ]

    def _mixed(self, asked: Mapping[str, int], answers: Sequence[Given]) -> Sequence[Given]:
        """Return the answers to a question that may be kept, in a random order."""
        merged = self._seal.protection.few_merged
        kept = [*(disclosure.kept(asked, answers) if merged else answers)]
        if self._seal.protection.shuffled:
            secrets.SystemRandom().shuffle(kept)
        return kept

    async def _store(self, which: RoundId, answers: Iterable[tuple[int, Sequence[Given]]]) -> None:
        rows = [
            {
                "round": which,
                "question": question,
                "number": number,
                "grp": group,
                "value": value,
                "person": None,
            }
            for question, given in answers
            for number, (group, value) in enumerate(given, 1)
        ]
        await self._insert(_ANSWER, rows)

    async def _invited(self, which: RoundId) -> Sequence[Mapping[str, Any]]:
        theirs = select(_INVITED).where(_INVITED.c.round == which).order_by(_INVITED.c.person)
        return [dict(row) for row in (await self._db.run(theirs)).mappings()]

    async def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._db.run(insert(table), rows)


@cache
def _put(dialect: str) -> Prepared:
    """Return an insert of a ballot that takes the place of an earlier one."""
    new = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = new(_BALLOT).values({one.name: bindparam(one.name) for one in _BALLOT.c})
    instead = {"sealed": row.excluded.sealed}
    return Prepared(row.on_conflict_do_update(index_elements=["round", "voter"], set_=instead))
