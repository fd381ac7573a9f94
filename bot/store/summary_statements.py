"""The statements that count a week, made once: to make them costs more than to run them.

`start` and `end` are those of the week. What can be added up, SQL adds up, by location of who
asked.
"""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from bot.core.turn import Kind
from bot.routing.model import Act, Source
from bot.store.tables import (
    AskedRow,
    BookingRow,
    EntryRow,
    HandledRow,
    MessageCountRow,
    OfferRow,
    PersonRow,
    QuestionEventRow,
    QuestionRow,
    QueueTicketRow,
    RatingRow,
    WalkInHourRow,
    table_of,
)
from bot.walkin.seats import State as Seat

_PERSON = table_of(PersonRow)
_HANDLED, _COUNT = table_of(HandledRow), table_of(MessageCountRow)
_ASKED, _RATING, _ENTRY = table_of(AskedRow), table_of(RatingRow), table_of(EntryRow)
_Q, _EVENT = table_of(QuestionRow), table_of(QuestionEventRow)
_OFFER = table_of(OfferRow)
_BOOKING, _TICKET = table_of(BookingRow), table_of(QueueTicketRow)
_HOUR = table_of(WalkInHourRow)
# A number that is bound would be another one in GROUP BY, as far as PostgreSQL can tell.
_PLACE = func.coalesce(_PERSON.c.location, literal_column("0")).label("place")
_MANY = func.count().label("many")
KINDS = {
    Kind.QUESTION.value: "heard",
    Kind.SMALL_TALK.value: "small_talk",
    Kind.COMMAND.value: "commands",
}
_CLOSING = (Act.CLOSE.value, Act.SOLVED.value, Act.EXPIRE.value)
_ENDING = (*_CLOSING, Act.WITHDRAW.value)
FLOWS = {
    **dict.fromkeys(_CLOSING, "closed"),
    Act.WITHDRAW.value: "withdrawn",
    Act.REOPEN.value: "reopened",
    Act.HAND_OVER.value: "hand_overs",
}
_GIVEN = (Act.HAND_OVER.value, Act.ASSIGN.value)
_TAKEN = (Act.CLAIM.value, Act.ASSIGN.value)
_RATED = _EVENT.c.act == Act.RATE.value
_UNANSWERED = (Source.REFUSED.value, Source.NONE_OF_THESE.value, Source.NOT_HELPED.value)
_CAME = (Seat.BOOKED.value, Seat.HELPED.value, Seat.NO_SHOW.value)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")


def _within(column: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= _START, column < _END


def _by_asker(found: Select[Any]) -> Select[Any]:
    return found.join(_PERSON, _PERSON.c.id == _Q.c.asker)


def _on_events(found: Select[Any]) -> Select[Any]:
    return found.select_from(_EVENT).join(_Q, _Q.c.id == _EVENT.c.question)


def _known() -> Select[Any]:
    many = func.sum(_HANDLED.c.many).label("many")
    found = select(_PLACE, _HANDLED.c.kind.label("name"), many).select_from(_HANDLED)
    found = found.join(_PERSON, _PERSON.c.id == _HANDLED.c.person)
    found = found.where(*_within(_HANDLED.c.at), _HANDLED.c.kind.in_(KINDS))
    return found.group_by(_PERSON.c.location, _HANDLED.c.kind)


def _kept() -> Select[Any]:
    place, name = _COUNT.c.location.label("place"), _COUNT.c.kind.label("name")
    found = select(place, name, func.sum(_COUNT.c.many).label("many"))
    found = found.where(*_within(_COUNT.c.hour), _COUNT.c.kind.in_(KINDS))
    return found.group_by(_COUNT.c.location, _COUNT.c.kind)


def _asked() -> Select[Any]:
    chosen = case((_ASKED.c.choice != "", 1), else_=0)
    found = select(_PLACE, _ASKED.c.outcome, _MANY, func.sum(chosen).label("picked"))
    found = found.select_from(_ASKED).join(_PERSON, _PERSON.c.id == _ASKED.c.person)
    found = found.where(*_within(_ASKED.c.at))
    return found.group_by(_PERSON.c.location, _ASKED.c.outcome)


def _helped() -> Select[Any]:
    found = select(_PLACE, _RATING.c.helped, _MANY).select_from(_RATING)
    found = found.join(_PERSON, _PERSON.c.id == _RATING.c.person)
    found = found.where(*_within(_RATING.c.at))
    return found.group_by(_PERSON.c.location, _RATING.c.helped)


def _sent() -> Select[Any]:
    kinds = (_Q.c.source, _Q.c.level, _Q.c.role, _Q.c.urgent)
    # A question that comes back starts again: how far it came, is what was offered of it.
    offers = select(_OFFER.c.question, func.max(_OFFER.c.ring).label("ring"))
    offers = offers.join(_Q, _Q.c.id == _OFFER.c.question)
    came = offers.where(*_within(_Q.c.created)).group_by(_OFFER.c.question).subquery()
    ring = case((came.c.ring > _Q.c.ring, came.c.ring), else_=_Q.c.ring).label("ring")
    found = _by_asker(select(_PLACE, *kinds, ring, _MANY).select_from(_Q))
    found = found.join(came, came.c.question == _Q.c.id, isouter=True)
    return found.where(*_within(_Q.c.created)).group_by(
        _PERSON.c.location, *kinds, came.c.ring, _Q.c.ring
    )


def _flows() -> Select[Any]:
    found = _by_asker(_on_events(select(_PLACE, _EVENT.c.act, _MANY)))
    found = found.where(*_within(_EVENT.c.at), _EVENT.c.act.in_(FLOWS))
    return found.group_by(_PERSON.c.location, _EVENT.c.act)


def _open() -> Select[Any]:
    """Return what was open at `moment`: one that ended later may have ended before as well."""
    moment: BindParameter[Any] = bindparam("moment")
    reopened = _EVENT.c.act == Act.REOPEN.value
    ends = func.sum(case((reopened, -1), (_EVENT.c.act.is_(None), 0), else_=1))
    before = and_(
        _EVENT.c.question == _Q.c.id,
        _EVENT.c.at < moment,
        _EVENT.c.act.in_((*_ENDING, Act.REOPEN.value)),
    )
    again = func.max(case((reopened, _EVENT.c.at))).label("again")
    found = _by_asker(select(_PLACE, _Q.c.created, again).select_from(_Q))
    found = found.join(_EVENT, before, isouter=True)
    found = found.where(_Q.c.created < moment, or_(_Q.c.closed.is_(None), _Q.c.closed >= moment))
    return found.group_by(_Q.c.id, _Q.c.created, _PERSON.c.location).having(ends == 0)


def _first(*acts: str) -> Select[Any]:
    """Return how long who asked waited until the first of these acts, if that was then.

    Who walked in stood there: those questions were not waited for.
    """
    lately = select(_EVENT.c.question).where(*_within(_EVENT.c.at), _EVENT.c.act.in_(acts))
    first = func.min(_EVENT.c.at)
    found = _by_asker(_on_events(select(_PLACE, _Q.c.created, first.label("first"))))
    found = found.where(
        _Q.c.id.in_(lately.scalar_subquery()),
        _EVENT.c.act.in_(acts),
        _Q.c.source != Source.WALK_IN.value,
    )
    found = found.group_by(_Q.c.id, _Q.c.created, _PERSON.c.location)
    return found.having(first >= _START)


def _got(who: Any, *acts: str) -> Select[Any]:
    found = select(who.label("coach"), _MANY).where(*_within(_EVENT.c.at))
    return found.where(_EVENT.c.act.in_(acts), who.is_not(None)).group_by(who)


def _topics() -> Select[Any]:
    found = _by_asker(select(_PLACE, _Q.c.topic.label("name"), _MANY).select_from(_Q))
    unanswered = (_Q.c.source.in_(_UNANSWERED), _Q.c.topic != "")
    found = found.where(*_within(_Q.c.created), *unanswered)
    return found.group_by(_PERSON.c.location, _Q.c.topic)


def _booked() -> Select[Any]:
    found = select(_HOUR.c.coach, _BOOKING.c.state, _MANY).select_from(_BOOKING)
    found = found.join(_HOUR, _HOUR.c.id == _BOOKING.c.hour)
    found = found.where(*_within(_BOOKING.c.starts), _BOOKING.c.state.in_(_CAME))
    return found.group_by(_HOUR.c.coach, _BOOKING.c.state)


def _came() -> Select[Any]:
    found = select(_HOUR.c.coach, _TICKET.c.state, _TICKET.c.taken, _TICKET.c.called)
    found = found.select_from(_TICKET).join(_HOUR, _HOUR.c.id == _TICKET.c.hour)
    return found.where(*_within(_TICKET.c.taken))


def _levels() -> Select[Any]:
    found = _by_asker(select(_PLACE, _Q.c.level.label("name"), _MANY).select_from(_Q))
    found = found.where(*_within(_Q.c.created), _Q.c.level != "")
    return found.group_by(_PERSON.c.location, _Q.c.level)


def _last_rated() -> Select[Any]:
    """Return the questions that are rated, and were not rated again from the end on."""
    later = select(_EVENT.c.question).where(_RATED, _EVENT.c.at >= _END)
    found = _by_asker(select(_Q.c.asker, _PLACE, _Q.c.felt, _Q.c.proximity).select_from(_Q))
    found = found.where(_Q.c.felt.is_not(None), _Q.c.id.not_in(later.scalar_subquery()))
    return found.order_by(_Q.c.id)


def _ratings() -> Select[Any]:
    then = select(_EVENT.c.question).where(_RATED, *_within(_EVENT.c.at))
    return _last_rated().where(_Q.c.id.in_(then.scalar_subquery()))


def _said() -> Select[Any]:
    found = _on_events(select(_Q.c.asker, _EVENT.c.team, _EVENT.c.coach, _EVENT.c.felt))
    found = found.where(_EVENT.c.felt.is_not(None), _EVENT.c.at < _END)
    return found.order_by(_EVENT.c.at, _EVENT.c.id)


def _stale() -> Select[Any]:
    after = _ENTRY.c.body["review_after"].as_string()
    found = select(_ENTRY.c.body["title"].as_string(), after, _ENTRY.c.id)
    return found.where(_ENTRY.c.retired.is_(False), after < bindparam("day"))


def _firsts() -> Select[Any]:
    """Return when the first message was counted, in each table that can say so."""
    firsts = (_HANDLED.c.at, _COUNT.c.hour, _ASKED.c.at, _Q.c.created)
    each = (select(func.min(one)).scalar_subquery() for one in firsts)
    return select(*(one.label(f"first_{number}") for number, one in enumerate(each)))


MESSAGES = (_known(), _kept())
ASKED, HELPED = _asked(), _helped()
SENT, FLOWED, TOPICS, LEVELS = _sent(), _flows(), _topics(), _levels()
OPEN, CLAIMED, ANSWERED = _open(), _first(*_TAKEN), _first(Act.ANSWER.value)
GOT = (_got(_EVENT.c.who, Act.CLAIM.value), _got(_EVENT.c.other, *_GIVEN))
BOOKED, CAME = _booked(), _came()
RATINGS, SAID = _ratings(), _said()
COMPARED = _last_rated().where(_Q.c.proximity.is_not(None))
STALE, FIRSTS = _stale(), _firsts()
