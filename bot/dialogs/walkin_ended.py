"""What is told when it is over: a seat that never came free, and a number that was not called."""

from datetime import datetime

from bot.core.buttons import AskCoach
from bot.core.ids import TicketId
from bot.core.reply import Button, Say
from bot.core.walkin_buttons import ShowWalkIns
from bot.dialogs import walkin_parts as parts
from bot.dialogs.notices import tell
from bot.dialogs.ports import TurnWork
from bot.dialogs.walkin_news import News
from bot.dialogs.walkin_tickets import Tickets
from bot.walkin import queue, rules
from bot.walkin import service as walkin
from bot.walkin.frame import Frame, session
from bot.walkin.model import Session
from bot.walkin.seats import Ticket, Waiting


async def first_end(work: TurnWork, frame: Frame) -> datetime | None:
    """Return when the next session ends for which somebody has a number."""
    held = [await _session(work, one, frame) for one in await work.walkin.queued()]
    return min((one.ends for one in held if one and one.ends > frame.now), default=None)


async def over(work: TurnWork, frame: Frame) -> list[TicketId]:
    """Return the numbers that still wait although the hour is over."""
    return [
        one.id
        for one in await work.walkin.queued()
        if queue.is_over(await _session(work, one, frame), frame.now)
    ]


async def close_number(work: TurnWork, news: News, which: TicketId, frame: Frame) -> None:
    """Tell who was not called that the hour is over, and what they can do now."""
    ticket = await queue.close(work, which, frame)
    guest = await work.people.by_id(ticket.person) if ticket else None
    hour = await work.walkin.hour(ticket.hour) if ticket else None
    if ticket is None or guest is None or hour is None or not guest.active:
        return
    await Tickets(news.agenda).follow(work, ticket, frame)
    view = await news.agenda.view(work, guest, frame.now)
    said = Say("walkin.ticket.closed", {"name": parts.name_of(view, hour.coach)}, "title")
    pressed = (
        Button(Say("walkin.waiting.other"), ShowWalkIns().encode()),
        Button(Say("coach.ask"), AskCoach().encode()),
    )
    card = parts.told([said, Say("walkin.ticket.instead")], pressed)
    until = rules.news_until(ticket.taken, view.zone)
    key = f"walkin|over|{ticket.id}"
    await tell(work, key, guest, card, frame.now, now=frame.now, expires=until)


async def close_line(work: TurnWork, news: News, waits: Waiting, frame: Frame) -> None:
    """Tell who waited until the start that no seat came free, with other moments to tap."""
    if await walkin.give_up(work, waits, frame):
        await news.no_seat(work, waits, frame.now)


async def _session(work: TurnWork, ticket: Ticket, frame: Frame) -> Session | None:
    return await session(work, ticket.hour, ticket.day, frame)
