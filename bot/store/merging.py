"""Makes two rows of one person into one: who was taken for somebody new, and is in the files."""

from sqlalchemy import Delete, Table, Update, bindparam, delete, exists, update

from bot.core.ids import PersonId
from bot.store.db import Db
from bot.store.poll_merging import PollMerging
from bot.store.sealing import Seal
from bot.store.tables import (
    AskedRow,
    BookingRow,
    CalendarFeedRow,
    ChannelAddressRow,
    OutboxRow,
    PendingRow,
    PersonRow,
    QuestionEventRow,
    QuestionRow,
    QueueTicketRow,
    RatingRow,
    WaitlistRow,
    table_of,
)

_PERSON, _QUESTION = table_of(PersonRow), table_of(QuestionRow)
_EVENT, _RATING = table_of(QuestionEventRow), table_of(RatingRow)


def _moved(table: Table, *once: str, column: str = "person", one: bool = False) -> Update:
    """Give over what bears the first person, save where the second has one with the same `once`.

    `one`: a person has one of them at most.
    """
    mine = update(table).where(table.c[column] == bindparam("who"))
    if once or one:
        other = table.alias()
        same = [other.c[name] == table.c[name] for name in once]
        mine = mine.where(~exists().where(other.c[column] == bindparam("is_now"), *same))
    return mine.values({column: bindparam("is_now")})


def _outdated() -> Delete:
    """Forget what the second said of an entry of which the first said something later."""
    later = _RATING.alias()
    return delete(_RATING).where(
        _RATING.c.person == bindparam("is_now"),
        exists().where(
            later.c.person == bindparam("who"),
            later.c.entry == _RATING.c.entry,
            later.c.at > _RATING.c.at,
        ),
    )


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
    _moved(table_of(CalendarFeedRow), one=True),
    _outdated(),
    _moved(_RATING, "entry"),
    delete(_RATING).where(_RATING.c.person == bindparam("who")),
)
_RETIRE = (
    update(_PERSON)
    .where(_PERSON.c.id == bindparam("who"))
    .values(active=False, email=None, entra_id=None)
)


async def merge(db: Db, who: PersonId, is_now: PersonId, seal: Seal | None) -> None:
    """Give what is somebody's to who they are; the first row is nobody's any more.

    What came in stays where it was counted (`handled_message`). Where both have what a person has
    once, the second keeps theirs: a waiting conversation, a place in a line, a calendar's address.
    Of two ratings of an entry the last word counts.
    """
    for statement in _ALL:
        await db.run(statement, {"who": who, "is_now": is_now})
    await PollMerging.of(db, who, is_now, seal).merge()
    await db.run(_RETIRE, {"who": who})
