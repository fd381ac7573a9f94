"""Who sent an activity: it bears no e-mail address, by which the college's files know people."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.teams import activities
from bot.channels.teams.adapter import conversation, service_url
from bot.channels.teams.connector import Connector
from bot.channels.teams.errors import ConnectorError
from bot.core.delivery import Outcome
from bot.core.reply import Sender
from bot.core.turn import Known

log = logging.getLogger(__name__)

REMEMBERED = 20_000
"""People of whom is remembered who they are."""
_NO_MEMBER = (Outcome.GONE, Outcome.INVALID)
"""Teams says that it knows no more of them than the activity does: a guest, for one."""


@dataclass(frozen=True)
class Patience:
    """Seconds that a look-up may take, and after which it is tried again for who says nothing."""

    look_up: float = 2.0
    again: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0)


class Acquainted(Protocol):
    """Knows people already."""

    async def known(self, sender: Sender) -> Known: ...


class Callers:
    """Looks up whom we do not know yet, once a process."""

    def __init__(self, connector: Connector, bot: Acquainted, patience: Patience) -> None:
        self.connector, self.bot, self.patience = connector, bot, patience
        self._found: dict[str, Sender] = {}

    async def sender(self, came: Mapping[str, Any]) -> Sender | None:
        """Return who sent it; None for a stranger of whom Teams cannot say now who it is.

        Taken for somebody new, they would be there twice once we know.
        """
        address = activities.text_at(came, "from", "id")
        if found := self._found.get(address):
            return found
        sender = activities.sender_of(came, {})
        known = await self.bot.known(sender)
        if known is not Known.WELL:
            try:
                sender = activities.sender_of(came, await self._member(came, address))
            except (ConnectorError, TimeoutError) as error:
                log.warning("a sender could not be looked up: %s", error or "it took too long")
                final = isinstance(error, ConnectorError) and error.outcome in _NO_MEMBER
                return sender if final or known is Known.PARTLY else None
        if len(self._found) >= REMEMBERED:
            self._found.clear()
        self._found[address] = sender
        return sender

    async def _member(self, came: Mapping[str, Any], address: str) -> Mapping[str, Any]:
        async with asyncio.timeout(self.patience.look_up):
            return await self.connector.member(service_url(came), conversation(came), address)
