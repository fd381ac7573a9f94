"""'agenda': the address under which somebody's own calendar reads along, made and taken back."""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from bot.core import walkin_buttons as buttons
from bot.core.reply import Block, Button, Reply, Say, Words
from bot.dialogs.turn import Turn
from bot.walkin.links import Links

VIEW = "calendar"
RANDOM = 24
"""Bytes of chance in an address."""


@dataclass(frozen=True)
class CalendarDesk:
    """The conversations about one's own calendar. Without `links` there is none to be had."""

    links: Links | None

    async def show(self, turn: Turn) -> Reply:
        """Show the address, or how to get one."""
        if self.links is None:
            return Reply(VIEW, (Say("calendar.off"),), personal=True)
        key = await turn.work.feeds.key_of(turn.me)
        return _address(self.links.feed(key)) if key else _nothing()

    async def renew(self, turn: Turn) -> Reply:
        """Make an address, in the place of the one there was."""
        if self.links is None:
            return await self.show(turn)
        had = await turn.work.feeds.key_of(turn.me)
        key = token_urlsafe(RANDOM)
        await turn.work.feeds.keep(turn.me, key, turn.now)
        notes = (Say("calendar.renewed"),) if had else ()
        return replace(_address(self.links.feed(key), *notes), replaces=True)

    async def stop(self, turn: Turn) -> Reply:
        """Take the address back."""
        if self.links is None:
            return await self.show(turn)
        had = await turn.work.feeds.drop(turn.me)
        notes = (Say("calendar.stopped"),) if had else ()
        return replace(_nothing(*notes), replaces=True)


def _address(url: str, *notes: Say) -> Reply:
    blocks: tuple[Block, ...] = (
        Say("calendar.title", style="title"),
        *notes,
        Say("calendar.copy"),
        Words(url),
        Say("calendar.secret", style="subtle"),
    )
    pressed = (
        Button(Say("calendar.renew"), buttons.NewCalendar().encode()),
        Button(Say("calendar.stop"), buttons.StopCalendar().encode()),
    )
    return Reply(VIEW, blocks, pressed, personal=True)


def _nothing(*notes: Say) -> Reply:
    blocks = (Say("calendar.title", style="title"), *notes, Say("calendar.none"))
    make = Button(Say("calendar.make"), buttons.NewCalendar().encode())
    return Reply(VIEW, blocks, (make,), personal=True)
