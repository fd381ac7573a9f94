"""The tables. A row is how something is kept; what the features see are their own frozen values."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Index,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The order of code points: without it PostgreSQL sorts as its locale does, and skips hyphens.
Sortable = String().with_variant(String(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment: stored in UTC, aware when read; raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


class Row(SQLModel):
    """Base of all rows."""

    metadata = metadata


class LocationRow(Row, table=True):
    """A place where people work."""

    __tablename__ = "location"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class SectorRow(Row, table=True):
    """A part of the college."""

    __tablename__ = "sector"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class TeamRow(Row, table=True):
    """A group of teachers."""

    __tablename__ = "team"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    sector: int = Field(foreign_key="sector.id")
    location: int = Field(foreign_key="location.id")


class PersonRow(Row, table=True):
    """A person. Who has no e-mail address or Entra id has NULL there, so that many can have none.

    `findable` holds name, address and roles, case-folded: SQLite folds ASCII letters only.
    """

    __tablename__ = "person"
    id: int = Field(default=None, primary_key=True)
    name: str
    email: str | None = Field(default=None, unique=True, sa_type=Sortable)
    entra_id: str | None = Field(default=None, unique=True)
    slack_user_id: str | None = Field(default=None, unique=True)
    roles: list[str] = Field(sa_type=JSON)
    language: str
    source: str
    active: bool = True
    settled: bool = False
    location: int | None = Field(default=None, foreign_key="location.id")
    findable: str = Field(sa_type=Sortable)


class MembershipRow(Row, table=True):
    """A person in a team. Place 0 is the primary one; no two have the same place."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person", "place"),)
    person: int = Field(primary_key=True, foreign_key="person.id")
    team: int = Field(primary_key=True, foreign_key="team.id", index=True)
    place: int


class CoachProfileRow(Row, table=True):
    """What a coach can do and when."""

    __tablename__ = "coach_profile"
    person: int = Field(primary_key=True, foreign_key="person.id")
    fte: float
    scope: str
    room: str
    phone: str
    topics: list[str] = Field(sa_type=JSON)
    strengths: dict[str, int] = Field(sa_type=JSON)
    pattern: dict[str, str] = Field(sa_type=JSON)
    max_open: int


class ChannelAddressRow(Row, table=True):
    """Where a person can be reached; an address belongs to one person.

    `place` is JSON, or empty when nothing was said there yet; `lost` says why it is no use now.
    With whom no chat could be opened has `to:` and an Entra id for an address, until one can be.
    """

    __tablename__ = "channel_address"
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    place: str = ""
    lost: str = ""


class NamedChannelRow(Row, table=True):
    """A channel that a coordinator pointed out; `place` is JSON, without a thread."""

    __tablename__ = "named_channel"
    name: str = Field(primary_key=True)
    place: str
    who: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Moment)


class EntryRow(Row, table=True):
    """An entry as it is now; `body` is what stands in a FAQ file."""

    __tablename__ = "faq_entry"
    id: str = Field(primary_key=True, sa_type=Sortable)
    domain: str
    body: dict[str, Any] = Field(sa_type=JSON)
    origin: str = ""
    edited: bool = False
    retired: bool = False
    proposed: str = ""


class RevisionRow(Row, table=True):
    """An entry as it became at some moment. Ids only grow: they are the version of the FAQ."""

    __tablename__ = "faq_revision"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    entry: str = Field(foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    body: dict[str, Any] = Field(sa_type=JSON)
    who: int | None = Field(default=None, foreign_key="person.id")
    why: str
    at: datetime = Field(sa_type=Moment)


class ProposalRow(Row, table=True):
    """What a newer shipped FAQ would make of an entry that the college edited."""

    __tablename__ = "faq_proposal"
    id: int = Field(default=None, primary_key=True)
    entry: str = Field(foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    body: dict[str, Any] = Field(sa_type=JSON)
    digest: str
    at: datetime = Field(sa_type=Moment)
    state: str = "open"


class SuggestionRow(Row, table=True):
    """What a coach would add to the FAQ. Texts are NULL once forgotten.

    Of its own, beside `faq_proposal`: that holds a version of an entry that the program ships, this
    what people wrote, who decides on it, and why. `entry` NULL is a new entry.
    """

    __tablename__ = "faq_suggestion"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    proposer: int = Field(foreign_key="person.id", index=True)
    question: int | None = Field(default=None, foreign_key="question.id", index=True)
    entry: str | None = Field(
        default=None, foreign_key="faq_entry.id", index=True, sa_type=Sortable
    )
    title: str | None
    answer: str | None
    wording: str | None
    domain: str
    level: str
    role: str
    state: str
    reason: str | None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=Moment, index=True)
    decided: datetime | None = Field(default=None, sa_type=Moment)


class AskedRow(Row, table=True):
    """A question. `text` is NULL once forgotten; `choice` is '' for none of the choices.

    `conversation` is where it was asked, so that the next one there can go on about it.
    """

    __tablename__ = "asked_question"
    id: int = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    text: str | None
    outcome: str
    entry: str | None = Field(
        default=None, foreign_key="faq_entry.id", index=True, sa_type=Sortable
    )
    choice: str | None = None
    score: float
    at: datetime = Field(sa_type=Moment, index=True)
    conversation: str | None = None


class RatingRow(Row, table=True):
    """Whether an entry helped a person; their last word counts."""

    __tablename__ = "rating"
    person: int = Field(primary_key=True, foreign_key="person.id")
    entry: str = Field(primary_key=True, foreign_key="faq_entry.id", index=True, sa_type=Sortable)
    asked: int | None = Field(default=None, foreign_key="asked_question.id", index=True)
    helped: bool
    at: datetime = Field(sa_type=Moment, index=True)


class HandledRow(Row, table=True):
    """A message that was answered; `kind` is what it was, `many` as how many it counts."""

    __tablename__ = "handled_message"
    channel: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    person: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Moment, index=True)
    kind: str | None = None
    many: int | None = None


class MessageCountRow(Row, table=True):
    """How many messages of a kind came in an hour: what is left of those that are forgotten.

    `location` is 0 where it is not known, so that it can be in the key.
    """

    __tablename__ = "message_count"
    hour: datetime = Field(primary_key=True, sa_type=Moment)
    location: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    many: int


class QuestionRow(Row, table=True):
    """A question on its way. `text`, `note` and `answer` are NULL once forgotten.

    `version` is the condition of every write; `due` is when time does something to it.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index(
            "ix_question_due",
            "due",
            sqlite_where=text("due IS NOT NULL"),
            postgresql_where=text("due IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    asker: int = Field(foreign_key="person.id", index=True)
    asked: int | None = Field(default=None, foreign_key="asked_question.id", index=True)
    text: str | None
    note: str | None
    source: str
    language: str
    topic: str
    level: str
    role: str
    wanted: int | None = Field(default=None, foreign_key="person.id")
    urgent: bool
    state: str = Field(index=True)
    version: int
    ring: int
    round: int
    holder: int | None = Field(default=None, foreign_key="person.id", index=True)
    due: datetime | None = Field(default=None, sa_type=Moment)
    created: datetime = Field(sa_type=Moment, index=True)
    claimed: datetime | None = Field(default=None, sa_type=Moment)
    answered: datetime | None = Field(default=None, sa_type=Moment)
    closed: datetime | None = Field(default=None, sa_type=Moment)
    answer: str | None
    solved: bool | None = None
    felt: int | None = None
    proximity: float | None = None
    claim_minutes: float | None = None
    ending: str | None = None


class QuestionEventRow(Row, table=True):
    """What happened to a question; rows are only added. `text` is NULL once forgotten."""

    __tablename__ = "question_event"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    question: int = Field(foreign_key="question.id", index=True)
    act: str
    at: datetime = Field(sa_type=Moment, index=True)
    who: int | None = Field(default=None, foreign_key="person.id")
    other: int | None = Field(default=None, foreign_key="person.id")
    text: str | None
    ending: str | None = None
    felt: int | None = None
    # Of whose help, and of which team the asker was: as it was then, also when either moves.
    coach: int | None = None
    team: int | None = None


class OfferRow(Row, table=True):
    """A coach was asked, once a round."""

    __tablename__ = "offer"
    question: int = Field(primary_key=True, foreign_key="question.id")
    coach: int = Field(primary_key=True, foreign_key="person.id", index=True)
    round: int = Field(primary_key=True)
    ring: int
    at: datetime = Field(sa_type=Moment, index=True)
    near: float


class AwayRow(Row, table=True):
    """Somebody cannot be asked from `start` until `until`; NULL: until further notice."""

    __tablename__ = "away"
    id: int = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="person.id", index=True)
    start: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    for_today: bool


class WalkInHourRow(Row, table=True):
    """A weekly hour of a coach, in local time; `last` NULL: without an end."""

    __tablename__ = "walkin_hour"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    coach: int = Field(foreign_key="person.id", index=True)
    weekday: int
    start: str
    end: str
    minutes: int
    seats: int
    first: date
    last: date | None = None
    place: str
    link: str
    open_to: str
    origin: str


class WalkInExceptionRow(Row, table=True):
    """What becomes of one date of an hour; `moved_to` NULL: it is off."""

    __tablename__ = "walkin_exception"
    hour: int = Field(primary_key=True, foreign_key="walkin_hour.id")
    day: date = Field(primary_key=True)
    moved_to: date | None = None
    start: str | None = None
    place: str


_WAITING = text("state = 'waiting'")
_SEATED = text("state != 'cancelled'")


class BookingRow(Row, table=True):
    """Somebody's seat in a slot. The unique seat makes overbooking impossible in any database.

    `version` is the condition of every write, and what a calendar counts changes by; `due` is when
    time does something to it. `topic` is NULL once forgotten.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index(
            "uq_booking_seat",
            *("hour", "day", "slot", "seat"),
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index(
            "uq_booking_guest",
            *("hour", "day", "slot", "person"),
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index(
            "ix_booking_due",
            "due",
            sqlite_where=text("due IS NOT NULL"),
            postgresql_where=text("due IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    slot: int
    seat: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    starts: datetime = Field(sa_type=Moment, index=True)
    ends: datetime = Field(sa_type=Moment)
    made: datetime = Field(sa_type=Moment)
    topic: str | None
    version: int
    due: datetime | None = Field(default=None, sa_type=Moment)
    why: str


class WaitlistRow(Row, table=True):
    """Somebody in the line for a slot; a number is given once."""

    __tablename__ = "waitlist"
    __table_args__ = (
        UniqueConstraint("hour", "day", "slot", "number"),
        Index("ix_waitlist_waiting", "starts", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    slot: int
    number: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    starts: datetime = Field(sa_type=Moment, index=True)
    at: datetime = Field(sa_type=Moment)
    topic: str | None


class QueueTicketRow(Row, table=True):
    """A number of who walks in, once a session."""

    __tablename__ = "queue_ticket"
    __table_args__ = (
        UniqueConstraint("hour", "day", "number"),
        Index("ix_queue_ticket_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    hour: int = Field(foreign_key="walkin_hour.id")
    day: date
    number: int
    person: int = Field(foreign_key="person.id", index=True)
    state: str
    taken: datetime = Field(sa_type=Moment, index=True)
    called: datetime | None = Field(default=None, sa_type=Moment)
    ended: datetime | None = Field(default=None, sa_type=Moment)


class CalendarFeedRow(Row, table=True):
    """Under which random word someone's calendar can be read. Its address is not stored."""

    __tablename__ = "calendar_feed"
    person: int = Field(primary_key=True, foreign_key="person.id")
    key: str = Field(unique=True)
    made: datetime = Field(sa_type=Moment)


class PollRow(Row, table=True):
    """A poll with its rounds to come. `form`, `audience` and `schedule` are JSON."""

    __tablename__ = "poll"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(default=None, primary_key=True)
    owner: int = Field(foreign_key="person.id")
    form: str
    audience: str
    schedule: str
    state: str
    version: int


_OPEN = text("state = 'open'")


class PollRoundRow(Row, table=True):
    """One time that a poll is asked, `local` without a zone and to the minute; `form` is JSON.

    `asked`, `unreachable` and `answered` are what is kept of a closed round's messages.
    """

    __tablename__ = "poll_round"
    __table_args__ = (
        UniqueConstraint("poll", "local"),
        Index("ix_poll_round_open", "closes", sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    poll: int = Field(foreign_key="poll.id")
    local: str
    form: str
    opened: datetime = Field(sa_type=Moment)
    closes: datetime = Field(sa_type=Moment, index=True)
    reminds: datetime | None = Field(default=None, sa_type=Moment)
    state: str
    asked: int = 0
    unreachable: int = 0
    answered: int = 0
    lost: bool = False
    told: bool = False


class PollDeclinedRow(Row, table=True):
    """Somebody who does not want to be asked in polls."""

    __tablename__ = "poll_declined"
    person: int = Field(primary_key=True, foreign_key="person.id")


class PollInvitationRow(Row, table=True):
    """Somebody who was asked in a round, and whether they answered; never when."""

    __tablename__ = "poll_invitation"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    person: int = Field(primary_key=True, foreign_key="person.id", index=True)
    grp: str
    answered: bool


class PollKeyRow(Row, table=True):
    """The half of an anonymous round's key that the database holds, until the round closes.

    The other half is the server's secret. No backup holds this table.
    """

    __tablename__ = "poll_key"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    key: str


class PollBallotRow(Row, table=True):
    """What somebody answers in an anonymous round that is open, under the round's key.

    `voter` is a keyed hash of the person, `sealed` their answers, encrypted. At closing these rows
    go, and `poll_answer` rows in random order are what is left. No backup holds this table.
    """

    __tablename__ = "poll_ballot"
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    voter: str = Field(primary_key=True)
    sealed: str


class PollAnswerRow(Row, table=True):
    """One answer to one question: with a person in a named round, as soon as they give it.

    Of an anonymous round it is written at closing: `number` is its place in a random order, and
    nothing says which answers to different questions belong together.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("round", "person", "question"),)
    round: int = Field(primary_key=True, foreign_key="poll_round.id")
    question: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    grp: str
    value: str
    person: int | None = Field(default=None, foreign_key="person.id", index=True)


class OutboxRow(Row, table=True):
    """Something that is said. `place` and `reply` are JSON, `lane` is what orders a conversation.

    `remote` is the channel's id of what shows there, `changes` of what it takes the place of;
    `answers` is the message that it replies to, `subject` what it is about (`question:12`). Ids
    only grow: they are the order.
    Every turn adds a row, so what is sent is in no index but that of its key.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_lane_waiting",
            *("channel", "lane", "id"),
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_due",
            "not_before",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_dead",
            "person",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index(
            "ix_outbox_subject",
            "subject",
            sqlite_where=text("subject != ''"),
            postgresql_where=text("subject != ''"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    channel: str
    lane: str
    tenant: str
    person: int | None = Field(default=None, foreign_key="person.id")
    place: str
    reply: str
    state: str
    not_before: datetime = Field(sa_type=Moment)
    expires: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    version: int = 1
    doubtful: int = 0
    remote: str = ""
    changes: str = ""
    answers: str | None = None
    subject: str = ""
    reason: str = ""
    at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)


class LaneRow(Row, table=True):
    """A conversation that a worker sends to, or did; `sent` is JSON: moments of the last hour."""

    __tablename__ = "lane"
    channel: str = Field(primary_key=True)
    lane: str = Field(primary_key=True)
    holder: str = Field(index=True)
    until: datetime | None = Field(default=None, sa_type=Moment)
    sent: str


class PaceRow(Row, table=True):
    """How fast a tenant is spoken to, by all workers together."""

    __tablename__ = "pace"
    channel: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    free_at: datetime | None = Field(default=None, sa_type=Moment)
    paused_until: datetime | None = Field(default=None, sa_type=Moment)


class OccasionRow(Row, table=True):
    """What became of one time that a thing happens, `local` without a zone and to the minute.

    Under an empty `local` stands since when it happens. `at` is when that was recorded.
    """

    __tablename__ = "occasion"
    thing: str = Field(primary_key=True)
    local: str = Field(primary_key=True)
    state: str
    due: datetime = Field(sa_type=Moment)
    at: datetime = Field(sa_type=Moment)


class SummaryRow(Row, table=True):
    """The summary of a week as it was sent to an audience: `all`, or `coach:12`.

    `corrected` is how it is since figures of the week changed after that; NULL when none did.
    """

    __tablename__ = "weekly_summary"
    week: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    figures: dict[str, Any] = Field(sa_type=JSON)
    corrected: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    corrected_at: datetime | None = Field(default=None, sa_type=Moment)


class PendingRow(Row, table=True):
    """What a conversation waits for."""

    __tablename__ = "pending"
    person: int = Field(primary_key=True, foreign_key="person.id")
    channel: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    object: str
    version: int
    expires: datetime = Field(sa_type=Moment, index=True)


async def replace_row(
    session: AsyncSession, table: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Write a row in the place of the one with the same primary key, if any, in one statement."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(table).values(**key, **values)
    await session.exec(row.on_conflict_do_update(index_elements=list(key), set_=values))


def table_of(row: type[Row]) -> Table:
    """Return the table of rows, for statements of the core."""
    return metadata.tables[str(row.__tablename__)]
