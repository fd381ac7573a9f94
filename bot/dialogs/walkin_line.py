"""What who waits for a seat is told while they wait."""

from collections.abc import Iterable
from datetime import datetime

from bot.dialogs import walkin_cards as cards
from bot.dialogs.notices import tell
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_agenda import Agenda
from bot.walkin.frame import session
from bot.walkin.rules import place_of
from bot.walkin.seats import Waiting


async def line_moved(
    work: TurnWork, agenda: Agenda, waiting: Iterable[Waiting], now: datetime
) -> None:
    """Tell who waits that it is another moment that they wait for; their place stays."""
    for one in waiting:
        person = await work.people.by_id(one.person)
        if person is None or not person.active:
            continue
        view = await agenda.view(work, person, now)
        there = await session(work, one.key.hour, one.key.day, view.frame)
        number = place_of(one, await work.walkin.line(one.key))
        card = cards.waits(view, one, there, number, "walkin.waiting.moved")
        key = f"walkin|line_moved|{one.id}|{now.isoformat()}"
        await tell(work, key, person, card, now, now=now, expires=one.starts)
