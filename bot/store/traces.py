"""Takes away what is left of a round's messages: who was told what, and who said something when."""

from sqlalchemy import bindparam, delete, select

from bot.core.ids import RoundId
from bot.core.reply import Channel
from bot.store.db import Db
from bot.store.message_counts import one_counted
from bot.store.outbox.adding import answer_keys
from bot.store.prepared import Prepared
from bot.store.tables import HandledRow, OutboxRow, table_of

_OUT, _HANDLED = table_of(OutboxRow), table_of(HandledRow)
_CAME_IN = (
    select(_OUT.c.channel, _OUT.c.answers)
    .where(_OUT.c.subject == bindparam("of_subject"), _OUT.c.subject != "")
    .where(_OUT.c.answers.is_not(None))
    .distinct()
)
_FORGET = Prepared(
    delete(_HANDLED).where(
        _HANDLED.c.channel == bindparam("in_channel"), _HANDLED.c.message_id == bindparam("named")
    )
)
_UNSAY = Prepared(delete(_OUT).where(_OUT.c.key == bindparam("of_key")))
_UNSAY_ALL = delete(_OUT).where(_OUT.c.subject == bindparam("of_subject"), _OUT.c.subject != "")


def subject(which: RoundId) -> str:
    """Return what all messages of a round are about."""
    return f"round:{which}"


async def cut(db: Db, which: RoundId) -> None:
    """Forget the messages of a round, those that came in among them, and all replies to those.

    One that is delivered again is new, and is told that the round is closed.
    """
    about = {"of_subject": subject(which)}
    came = [(row.channel, row.answers) for row in await db.run(_CAME_IN, about)]
    messages = [{"in_channel": channel, "named": message} for channel, message in came]
    await db.change_each(one_counted(db.dialect), messages)
    await db.change_each(_FORGET, messages)
    keys = (key for channel, message in came for key in answer_keys(Channel(channel), message))
    await db.change_each(_UNSAY, [{"of_key": key} for key in keys])
    await db.run(_UNSAY_ALL, about)
