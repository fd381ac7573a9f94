"""Makes two rows of one person into one: who was taken for somebody new, and is in the files."""

from sqlalchemy import Table, Update, and_, bindparam, exists, update

from bot.core.ids import PersonId
from bot.store.db import Db
from bot.store.tables import (
    AskedRow,
    BookingRow,
    ChannelAddressRow,
    OutboxRow,
    PendingRow,
    PersonRow,
    QuestionEventRow,
    QuestionRow,
    QueueTicketRow,
    WaitlistRow,
    table_of,
)

_PERSON, _QUESTION = table_of(PersonRow), table_of(QuestionRow)
_EVENT = table_of(QuestionEventRow)


def _moved(table: Table, *once: str, column: str = "person") -> Update:
    """Give over what bears the first person, save where the second has one with the same `once`."""
    mine = update(table).where(table.c[column] == bindparam("who"))
    if once:
        other = table.alias()
        same = and_(*(other.c[name] == table.c[name] for name in once))
        mine = mine.where(~exists().where(other.c[column] == bindparam("is_now"), same))
    return mine.values({column: bindparam("is_now")})


_ALL = (
    _moved(table_of(ChannelAddressRow)),
    _moved(table_of(PendingRow), "channel", "kind"),
    _moved(table_of(AskedRow)),
    _moved(_QUESTION, column="asker"),
    _moved(_EVENT, column="who"),
    _moved(table_of(BookingRow), "hour", "day", "slot"),
    _moved(table_of(WaitlistRow), "hour", "day", "slot"),
    _moved(table_of(QueueTicketRow), "hour", "day"),
    _moved(table_of(OutboxRow)),
)
_RETIRE = (
    update(_PERSON)
    .where(_PERSON.c.id == bindparam("who"))
    .values(active=False, email=None, entra_id=None)
)


async def merge(db: Db, who: PersonId, is_now: PersonId) -> None:
    """Give what is somebody's to who they are; the first row is nobody's any more.

    Answers to polls stay: moved, somebody could have two in one round.
    """
    for statement in _ALL:
        await db.run(statement, {"who": who, "is_now": is_now})
    await db.run(_RETIRE, {"who": who})
