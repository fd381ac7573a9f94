"""Who sent an activity: it bears no e-mail address, by which the college's files know people."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.channels.teams import activities
from bot.channels.teams.errors import ConnectorError
from bot.channels.teams.sender import TeamsSender
from bot.core.delivery import Outcome
from bot.core.delivery import Sender as Out
from bot.core.reply import Incoming, Place, Sender
from bot.core.turn import Known

log = logging.getLogger(__name__)

REMEMBERED = 20_000
"""People of whom is remembered who they are."""
LOOK_UP = 2.0
"""Seconds that a look-up may take."""
_NO_MEMBER = (Outcome.GONE, Outcome.INVALID)
"""Teams says that it knows no more of them than the activity does: a guest, for one."""


class Acquainted(Protocol):
    """Knows people already."""

    async def known(self, sender: Sender) -> Known: ...

    async def meet(self, sender: Sender, channel: Out) -> bool:
        """Answer what they said before it was known who they are; raises nothing.

        False when some of it still waits.
        """
        ...


class Callers:
    """Looks up whom we do not know yet, once a process. Fulfils `bot.dialogs.meeting.Finder`."""

    def __init__(self, out: TeamsSender, bot: Acquainted, look_up: float = LOOK_UP) -> None:
        self.out, self.bot, self.look_up = out, bot, look_up
        self._found: dict[str, Sender] = {}

    async def known(self, incoming: Incoming) -> Incoming | None:
        """Return it with who sent it; None for a stranger of whom Teams cannot say now who it is.

        Taken for somebody new, they would be there twice once we know. What they said before is
        answered first.
        """
        sender = incoming.sender
        if found := self._found.get(sender.address):
            return replace(incoming, sender=found)
        found, sure = await self._identified(sender, incoming.where)
        if found is None:
            # Perhaps it was found out meanwhile, for another message of theirs.
            found = self._found.get(sender.address)
            return replace(incoming, sender=found) if found else None
        # Who is remembered is met no more.
        if await self.bot.meet(found, self.out) and sure:
            self._remember(found)
        return replace(incoming, sender=found)

    async def find(self, sender: Sender, place: Place) -> Sender | None:
        return (await self._identified(sender, place))[0]

    async def _identified(self, sender: Sender, place: Place) -> tuple[Sender | None, bool]:
        """Return who it is, and whether no later look-up would say more."""
        known = await self.bot.known(sender)
        if known is Known.WELL:
            return sender, True
        try:
            return activities.known_as(sender, await self._member(sender, place)), True
        except (ConnectorError, TimeoutError) as error:
            log.warning("a sender could not be looked up: %s", error or "it took too long")
            final = isinstance(error, ConnectorError) and error.outcome in _NO_MEMBER
            return sender if final or known is Known.PARTLY else None, False

    async def _member(self, sender: Sender, place: Place) -> Mapping[str, Any]:
        async with asyncio.timeout(self.look_up):
            found = await self.out.connector.member(
                place.service, place.conversation, sender.address
            )
        if not activities.text_at(found, "id"):
            # A gateway's page, say: it tells nothing of them.
            raise ConnectorError(Outcome.UNKNOWN, code="NoMember")
        return found

    def _remember(self, sender: Sender) -> None:
        if len(self._found) >= REMEMBERED:
            self._found.clear()
        self._found[sender.address] = sender
