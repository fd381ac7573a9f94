"""Rows: what came in, what goes out, and what a conversation waits for."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from bot.store.tables.base import Moment, Row


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


class StrangerRow(Row, table=True):
    """What somebody said who could not be looked up; it is there until it is answered, or given up.

    `incoming` is JSON. Ids only grow: they are the order.
    """

    __tablename__ = "stranger_message"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("ix_stranger_message_address", "channel", "address", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    channel: str
    message_id: str
    address: str
    incoming: str
    at: datetime = Field(sa_type=Moment)
    due: datetime = Field(sa_type=Moment)
    tries: int


class PendingRow(Row, table=True):
    """What a conversation waits for."""

    __tablename__ = "pending"
    person: int = Field(primary_key=True, foreign_key="person.id")
    channel: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    object: str
    version: int
    expires: datetime = Field(sa_type=Moment, index=True)
