"""Writes to who is asked in a round that is open: invitations, reminders, and both anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Reply
from bot.dialogs import poll_cards as cards
from bot.dialogs.poll_news import PollNews
from bot.dialogs.ports import Begin
from bot.outbox.model import Notice
from bot.polls import planning
from bot.polls import service as polls
from bot.polls.frame import Frame, OtherSecret, Secrecy
from bot.polls.model import Round
from bot.worktime.worktime import WorkTime

AT_ONCE = 50
"""Messages that are written in one transaction: on SQLite others wait for it."""


@dataclass(frozen=True)
class PollTelling:
    """Tells people of a round; what was broken off goes on where it was."""

    begin: Begin
    college: WorkTime
    secrecy: Secrecy | None
    news: PollNews

    async def follow(self, one: Round, now: datetime) -> None:
        """Write what is to be written to who is asked: invitations, then at its time reminders."""
        renewed = await self._renewed(one, now)
        if isinstance(renewed, OtherSecret):
            async with self.begin() as work:
                await self.news.stuck(work, one, now)
            return
        one = renewed
        if one.closes <= now:
            return
        if not one.told:
            await self._invite(one, now)
        elif one.reminds and one.reminds <= now:
            await self._tell(one, "remind:", cards.reminder(one, self.college.zone), now)
            async with self.begin() as work:
                await polls.reminded(work, one.id)

    async def _invite(self, one: Round, now: datetime) -> None:
        await self._tell(one, "", cards.invitation(one, self.college.zone), now)
        async with self.begin() as work:
            await polls.told(work, one.id, self._from(one, "", now))

    def _from(self, one: Round, kind: str, now: datetime) -> datetime:
        """Return when people may be told: no reminder and nothing that is late comes at night."""
        if kind or one.lost:
            return self.college.next_open(now) or now
        return planning.may_tell(planning.planned_at(one, self.college), now, self.college)

    async def _renewed(self, one: Round, now: datetime) -> Round | OtherSecret:
        """Return a round, begun anew if its votes were lost: then all are told again.

        With another secret than it was begun with nobody is told anything: nobody could answer.
        """
        if not one.form.anonymous or self.secrecy is None:
            return one
        async with self.begin() as work:
            return await polls.renew(work, one.id, Frame(self.college, self.secrecy, now)) or one

    async def _tell(self, one: Round, kind: str, card: Reply, now: datetime) -> None:
        """Write to people, in several transactions: a notice with a known key is written once."""
        people = await self._reminded(one) if kind else await self._invited(one)
        since = self._from(one, kind, now)
        for first in range(0, len(people), AT_ONCE):
            async with self.begin() as work:
                found = await work.people.languages(people[first : first + AT_ONCE])
                for person, language in found.items():
                    key = f"{cards.subject_of(one.id)}:{kind}person:{person}"
                    said = replace(card, language=language)
                    notice = Notice(key, said, since, person=person, expires=one.closes)
                    await work.outbox.add(notice, now)

    async def _invited(self, one: Round) -> Sequence[PersonId]:
        """Return who is asked, and did not say since that they want no polls."""
        async with self.begin() as work:
            declined = await work.polls.declined()
            invited = await work.polls.invitations(one.id)
        return [asked.person for asked in invited if asked.person not in declined]

    async def _reminded(self, one: Round) -> Sequence[PersonId]:
        """Return who answered nothing and was reached, and still wants to be asked."""
        async with self.begin() as work:
            invited = await work.polls.invitations(one.id)
            spared: set[PersonId] = {*await work.polls.declined()}
            spared |= {*await work.outbox.missed(cards.subject_of(one.id))}
        return [
            asked.person for asked in invited if not asked.answered and asked.person not in spared
        ]
