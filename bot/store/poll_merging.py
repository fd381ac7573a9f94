"""Makes of two who are one person one who is asked in polls, with one vote (ADR 20)."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select, update

from bot.core.ids import PersonId, RoundId
from bot.polls.model import Invitation, Key, Round, RoundState
from bot.store.ballots import SqlBallots
from bot.store.db import Db
from bot.store.polls import SqlPolls
from bot.store.sealing import Seal
from bot.store.tables import PollAnswerRow, PollDeclinedRow, PollInvitationRow, table_of

_INVITED, _ANSWER = table_of(PollInvitationRow), table_of(PollAnswerRow)
_DECLINED = table_of(PollDeclinedRow)


@dataclass(frozen=True)
class PollMerging:
    """Gives what somebody was asked and answered to who they are.

    A round that is over keeps its figures: of two invitations there both stay. In one that is open
    what they answered as who they are stands, and else what they answered as the other.
    """

    db: Db
    polls: SqlPolls
    ballots: SqlBallots
    who: PersonId
    is_now: PersonId

    @classmethod
    def of(cls, db: Db, who: PersonId, is_now: PersonId, seal: Seal | None) -> "PollMerging":
        return cls(db, SqlPolls(db), SqlBallots(db, seal), who, is_now)

    async def merge(self) -> None:
        await self._decline()
        asked = select(_INVITED.c.round).where(_INVITED.c.person == self.who)
        for which in (await self.db.run(asked.order_by(_INVITED.c.round))).scalars().all():
            await self._round(RoundId(which))

    async def _decline(self) -> None:
        declined = delete(_DECLINED).where(_DECLINED.c.person == self.who)
        if (await self.db.run(declined)).rowcount:
            await self.polls.decline(self.is_now, asked=False)

    async def _round(self, which: RoundId) -> None:
        # As who votes does it: nobody closes it meanwhile, and of two votes one waits.
        known = await self.polls.share_round(which)
        theirs = await self.polls.lock_invitation(which, self.who)
        own = await self.polls.lock_invitation(which, self.is_now)
        if known is None or theirs is None:
            return
        if known.state is RoundState.OPEN and known.form.anonymous:
            await self._secret(known, theirs, own)
        elif known.state is RoundState.OPEN or not (known.form.anonymous or own):
            await self._named(theirs, own)

    async def _named(self, theirs: Invitation, own: Invitation | None) -> None:
        mine = (_ANSWER.c.round == theirs.round, _ANSWER.c.person == self.who)
        if own and own.answered:
            await self.db.run(delete(_ANSWER).where(*mine))
        else:
            group = (own or theirs).group
            now = {"person": self.is_now, "number": self.is_now, "grp": group}
            await self.db.run(update(_ANSWER).where(*mine).values(now))
        await self._invite(theirs, own)

    async def _secret(self, known: Round, theirs: Invitation, own: Invitation | None) -> None:
        """Move a ballot by opening it and sealing it anew: as each change of a vote does.

        Under another secret it cannot be moved: it counts, and they cannot cast a second.
        """
        key = await self.ballots.key(known.id)
        if theirs.answered and key is Key.OTHER:
            if own and not own.answered:
                await self._withdraw(own)
            return
        if theirs.answered and key is Key.READY:
            vote = await self.ballots.vote(known.id, self.who)
            await self.ballots.drop(known.id, self.who)
            if not (own and own.answered):
                seat = replace(own or theirs, person=self.is_now)
                await self.ballots.answer(known.id, seat, vote)
        await self._invite(theirs, own)

    async def _invite(self, theirs: Invitation, own: Invitation | None) -> None:
        """Leave one invitation of the two: their own, if there is one."""
        if own is None:
            await self.db.run(_this(theirs, update).values(person=self.is_now))
            return
        await self._withdraw(theirs)
        if theirs.answered:
            await self.polls.mark_answered(own.round, self.is_now)

    async def _withdraw(self, one: Invitation) -> None:
        await self.db.run(_this(one, delete))


def _this(one: Invitation, change: Any) -> Any:
    return change(_INVITED).where(_INVITED.c.round == one.round, _INVITED.c.person == one.person)
