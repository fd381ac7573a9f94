"""What the bot says to somebody of its own accord."""

from dataclasses import replace
from datetime import datetime

from bot.core.reply import Reply
from bot.dialogs.ports import TurnWork
from bot.outbox.model import Notice
from bot.people.model import Person


async def tell(  # noqa: PLR0913 (the plain values of one notice)
    work: TurnWork,
    key: str,
    person: Person,
    reply: Reply,
    at: datetime,
    *,
    now: datetime,
    expires: datetime | None = None,
) -> None:
    """Say something to somebody in their own language, once, from `at` until it `expires`."""
    said = replace(reply, language=person.language)
    await work.outbox.add(Notice(key, said, at, person=person.id, expires=expires), now)
