"""Where a person can be told something: found for a notice, lost when nobody is there, and back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import and_, bindparam, case, delete, exists, insert, literal, or_, select, update

from bot.core.ids import PersonId
from bot.core.reply import Channel, Place, read_place, write_place
from bot.outbox import rules
from bot.outbox.model import Reason, Result, State
from bot.people.model import GONE, REMOVED
from bot.store.db import Db
from bot.store.prepared import Prepared
from bot.store.tables import ChannelAddressRow, OutboxRow, PersonRow, table_of

_OUT, _ADDRESS, _PERSON = table_of(OutboxRow), table_of(ChannelAddressRow), table_of(PersonRow)
_KNOWN = Prepared(
    select(_ADDRESS.c.channel, _ADDRESS.c.place, _ADDRESS.c.lost)
    .where(_ADDRESS.c.person == bindparam("of"))
    .order_by(_ADDRESS.c.channel.desc(), _ADDRESS.c.address)
)
_ENTRA_ID = select(_PERSON.c.entra_id).where(_PERSON.c.id == bindparam("of"))
_MET_IN_TEAMS = (
    select(_ADDRESS.c.place)
    # Of a place whose every part is known, which is all that a chat is opened with.
    .where(_ADDRESS.c.channel == Channel.TEAMS.value, _ADDRESS.c.place != "")
    .where(~_ADDRESS.c.place.contains(':""'))
    .order_by(_ADDRESS.c.address)
    .limit(1)
)
_HERE = and_(_ADDRESS.c.person == _PERSON.c.id, _ADDRESS.c.place != "", _ADDRESS.c.lost == "")
UNOPENED = "to:"
"""Before an Entra id: the address of somebody with whom no chat could be opened."""
_NOT_OPENED = and_(_ADDRESS.c.person == _PERSON.c.id, _ADDRESS.c.address.startswith(UNOPENED))
_REMOVED = and_(
    _ADDRESS.c.person == _PERSON.c.id,
    _ADDRESS.c.channel == Channel.TEAMS.value,
    _ADDRESS.c.lost == REMOVED,
)


@lru_cache(maxsize=8)  # it is asked of all coaches but one, whose number hardly changes
def _can_be_told(count: int) -> Prepared:
    """Select those of so many people, by the names `of_0` and up, who can be told something."""
    names = [bindparam(f"of_{number}", type_=_PERSON.c.id.type) for number in range(count)]
    there = or_(
        exists().where(_HERE, _ADDRESS.c.channel != Channel.CONSOLE.value),
        # Where people are met in Teams, somebody at a terminal tries what it is like to be them.
        and_(exists().where(_HERE), ~_MET_IN_TEAMS.exists()),
        and_(
            *(_PERSON.c.entra_id != "", _MET_IN_TEAMS.exists()),
            *(~exists().where(_REMOVED), ~exists().where(_NOT_OPENED)),
        ),
    )
    return Prepared(select(_PERSON.c.id).where(_PERSON.c.id.in_(names), there))


UNTOLD = or_(
    _OUT.c.reason == Reason.NO_ADDRESS.value,
    # Nobody was there, or the app was not yet. A change of a card, or an answer to what was said
    # before they left, is nothing new to them.
    and_(
        _OUT.c.reason.startswith(Reason.GONE.value),
        *(_OUT.c.person.is_not(None), _OUT.c.answers.is_(None)),
        *(_OUT.c.remote == "", _OUT.c.changes == ""),
    ),
)
"""It comes to life once its reader can be reached, and has to be right then."""
_TOLD_THERE = (
    select(_ADDRESS.c.channel, _ADDRESS.c.address, _ADDRESS.c.place)
    .join(_OUT, _OUT.c.person == _ADDRESS.c.person)
    .where(_OUT.c.id == bindparam("of"), _ADDRESS.c.place != "", _ADDRESS.c.lost == "")
)
_LOSE = (
    update(_ADDRESS)
    .where(
        _ADDRESS.c.channel == bindparam("in_channel"), _ADDRESS.c.address == bindparam("at_address")
    )
    .values(lost=GONE)
)
_OF_MESSAGE = select(_OUT.c.person).where(_OUT.c.id == bindparam("of")).scalar_subquery()
_NO_CHAT = insert(_ADDRESS).from_select(
    ["channel", "address", "person", "place", "lost"],
    select(
        bindparam("in_channel", type_=_ADDRESS.c.channel.type),
        bindparam("at_address", type_=_ADDRESS.c.address.type),
        *(_OUT.c.person, literal(""), literal(GONE)),
    ).where(
        *(_OUT.c.id == bindparam("of"), _OUT.c.person.is_not(None)),
        ~exists().where(
            _ADDRESS.c.channel == bindparam("in_channel"),
            _ADDRESS.c.address == bindparam("at_address"),
        ),
    ),
)
_A_CHAT = delete(_ADDRESS).where(
    _ADDRESS.c.person == _OF_MESSAGE, _ADDRESS.c.address.startswith(UNOPENED)
)
_REVIVE = (
    update(_OUT)
    .where(
        _OUT.c.person == bindparam("of"),
        _OUT.c.state == State.DEAD.value,
        or_(_OUT.c.expires.is_(None), _OUT.c.expires > bindparam("now", type_=_OUT.c.at.type)),
        UNTOLD,
    )
    .values(
        state=State.WAITING.value,
        channel=bindparam("in_channel"),
        lane=bindparam("in_lane"),
        tenant=bindparam("in_tenant"),
        place=bindparam("now_at"),
        attempts=0,
        reason="",
        at=case(
            (_OUT.c.not_before > bindparam("now", type_=_OUT.c.at.type), _OUT.c.not_before),
            else_=bindparam("now", type_=_OUT.c.at.type),
        ),
    )
)


async def place_of(db: Db, person: PersonId | None) -> Place | None:
    """Return where someone can be told something on our own initiative, if anywhere.

    Best is where they were met. Else it is the 1:1 chat in Teams that is opened by Entra id: who
    has the app and never wrote gets it, and Teams refuses it for others. A terminal is the last,
    and only where nobody was met in Teams, as in the demo: nothing else sends to one.
    """
    known = await db.rows(_KNOWN, {"of": person})
    places = [read_place(row.place) for row in known if row.place and not row.lost]
    met = [place for place in places if place.channel is not Channel.CONSOLE]
    if met:
        return met[0]
    teams = (await db.run(_MET_IN_TEAMS)).scalar()
    if not teams:
        return next(iter(places), None)
    removed = any(row.lost == REMOVED for row in known if row.channel == Channel.TEAMS)
    entra_id = "" if removed else (await db.run(_ENTRA_ID, {"of": person})).scalar()
    return rules.unopened(read_place(teams), entra_id) if entra_id else None


async def can_be_told(db: Db, people: Collection[PersonId]) -> frozenset[PersonId]:
    """Return those for whom `place_of` finds a place, where a try did not show that it is none."""
    which = {f"of_{number}": person for number, person in enumerate(people)}
    found = await db.rows(_can_be_told(len(which)), which) if which else ()
    return frozenset(row.id for row in found)


async def lose(db: Db, results: Sequence[Result]) -> None:
    """Remember where nobody is any more, so that nothing more is sent there until they are back.

    And with whom no chat can be opened, until one can: they are not counted on.
    """
    for one in results:
        if rules.opened(one):
            await db.run(_A_CHAT, {"of": one.message.id})
        elif rules.not_opened(one):
            place = one.message.place
            address = {"in_channel": place.channel.value, "at_address": UNOPENED + place.person}
            await db.run(_NO_CHAT, {**address, "of": one.message.id})
    for one in filter(rules.nobody_there, results):
        for row in (await db.run(_TOLD_THERE, {"of": one.message.id})).all():
            place = read_place(row.place)
            if (place.channel, place.conversation) == (
                one.message.place.channel,
                one.message.place.conversation,
            ):
                await db.run(_LOSE, {"in_channel": row.channel, "at_address": row.address})


async def revive(db: Db, person: PersonId, place: Place, now: datetime) -> int:
    """Let what could not be told to someone be told where they are now; returns how many."""
    values = {
        "of": person,
        "now": now,
        "in_channel": place.channel.value,
        "in_lane": rules.lane(place),
        "in_tenant": place.tenant,
        "now_at": write_place(place),
    }
    return int((await db.run(_REVIVE, values)).rowcount)
